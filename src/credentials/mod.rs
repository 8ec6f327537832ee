//! Private keys and certificates: reading, repairing, judging, making.

pub mod input;
pub mod key;

pub use key::{Curve, KeyKind, PrivateKey};
