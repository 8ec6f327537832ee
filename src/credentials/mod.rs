//! Private keys and certificates: reading, repairing, judging, making.

pub mod der;
pub mod input;
pub mod key;
pub mod pem;

pub use key::{Curve, KeyKind, PrivateKey};
