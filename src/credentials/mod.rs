//! Private keys and certificates: reading, repairing, judging, making.

pub mod certificate;
pub mod der;
pub mod generate;
pub mod holds_key;
pub mod identifiers;
pub mod input;
pub mod key;
pub mod pem;
pub mod place;
pub mod private_key;
pub mod replace;
pub mod store;
pub mod strength;

pub use certificate::Certificate;
pub use key::{Curve, KeyKind, PrivateKey};
