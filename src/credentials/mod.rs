//! Private keys and certificates: reading, repairing, judging, making.

pub mod access_list;
pub mod certificate;
pub mod clean;
pub mod der;
pub mod generate;
pub mod git_ignore;
pub mod identifiers;
pub mod input;
pub mod key_file;
pub mod passphrase;
pub mod pem;
pub mod private_key;
pub mod replace;
pub mod store;
pub mod strength;

pub use certificate::Certificate;
pub use private_key::PrivateKey;
