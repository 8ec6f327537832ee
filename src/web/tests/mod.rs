//! The server as an attacker meets it: over the network, byte by byte.

mod attacks;
pub(crate) mod shown;
mod site;
mod walking;
