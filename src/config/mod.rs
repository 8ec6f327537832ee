//! The configuration file: many targets in one `netsuite-preflight.toml`.
//!
//! It holds identifiers and the paths of files, never a secret. A table that belongs to somebody
//! else, such as `[setup.NAME]`, is kept as it is and otherwise left alone.

mod accepted;
mod edit;
pub mod error;
mod file;
pub mod keys;
pub mod name;
mod parse;
mod secrets;
#[cfg(test)]
mod tests;
pub mod value;

pub use error::{ConfigError, NotAccepted};
pub use file::{ConfigFile, Target};
pub use name::TargetName;
pub use value::Value;

/// The file that is read when none is named.
pub const DEFAULT_FILE: &str = "netsuite-preflight.toml";
