//! The server as an attacker meets it: over the network, byte by byte.

mod attacks;
mod site;
mod validated;
mod walking;
