//! Pages on this machine: the walk through a set-up, and stored reports, in the browser.
//!
//! Whoever can make a browser send requests here is not trusted: other sites, other programs of
//! this machine, another browser. [`guard`] refuses them before any page looks at a request. The
//! walk itself stays [`crate::setup`]'s; [`desk`] stands between it and the pages.

mod answered;
pub mod desk;
mod dropped;
mod form;
mod gate;
mod guard;
mod live;
mod pages;
pub mod server;
pub mod session;
#[cfg(test)]
pub(crate) mod tests;
pub mod viewer;
pub mod walked;

pub use desk::{Clerk, Heard, desk};
pub use live::Live;
pub use server::{Ended, Server};
pub use session::Session;
