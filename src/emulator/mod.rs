//! A model of a NetSuite account behind real TLS.
//!
//! It shares value types with the product, and none of its decoders, signers or checks, so that a
//! mistake on one side does not hide behind the same mistake on the other.

pub mod audit;
pub mod credentials;
pub mod description;
pub mod faults;
pub mod log;
pub mod model;
pub mod replay;
pub mod scenario;
pub mod server;
pub mod signin;
pub mod switches;
pub mod tls;
pub mod verify;

pub use server::{Emulator, StartError, ThreadedEmulator};
pub use switches::SWITCHES;

#[cfg(test)]
mod tests;
