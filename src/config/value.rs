//! What stands behind a key.

use std::path::{Path, PathBuf};

/// What stands behind a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A word or identifier.
    Text(String),
    /// The path of a file. Read from a target it is complete; written, it is put as given.
    Path(PathBuf),
    /// Several words.
    List(Vec<String>),
    /// A whole number.
    Number(u64),
}

impl Value {
    /// The value as option values of a command line, one after the other.
    #[must_use]
    pub fn as_arguments(&self) -> Vec<std::ffi::OsString> {
        match self {
            Self::Text(text) => vec![text.into()],
            Self::Path(path) => vec![path.into()],
            Self::List(items) => items.iter().map(Into::into).collect(),
            Self::Number(number) => vec![number.to_string().into()],
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&Path> for Value {
    fn from(path: &Path) -> Self {
        Self::Path(path.to_owned())
    }
}

impl From<PathBuf> for Value {
    fn from(path: PathBuf) -> Self {
        Self::Path(path)
    }
}

impl From<Vec<String>> for Value {
    fn from(items: Vec<String>) -> Self {
        Self::List(items)
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}
