//! Private keys and certificates: reading, repairing, judging, making.

pub mod key;

pub use key::{Curve, KeyKind, PrivateKey};
