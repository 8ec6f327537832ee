//! What can be wrong with the file. No value of it is ever quoted.

use std::io;
use std::path::PathBuf;

use super::keys::{SecretHere, shown_name};
use crate::credentials::replace::ReplaceError;
use crate::types::shown::{message as told, shown_path};

/// The file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// There is none.
    #[error("{}: no such configuration file; name another with --config", shown_path(.0))]
    Missing(PathBuf),
    /// The operating system refuses, or it is no file.
    #[error("the configuration file {} cannot be read: {source}", shown_path(path))]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is no TOML.
    #[error("{}, line {line}: {}{}", shown_path(path), told(message), at(.place))]
    Syntax {
        /// Which.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// The key or table that stands there, where the line begins with one.
        place: Option<String>,
        /// What the TOML reader says.
        message: String,
    },
    /// One place of it is wrong.
    #[error("{}, {place}: {problem}", shown_path(path))]
    Wrong {
        /// Which.
        path: PathBuf,
        /// The table, such as `[targets.sandbox]`.
        place: String,
        /// What is wrong.
        problem: Problem,
    },
    /// No target of that name.
    #[error("{} has no target {name}; {}", shown_path(path), known(.names, .near))]
    NoSuchTarget {
        /// Which file.
        path: PathBuf,
        /// What was asked for.
        name: String,
        /// All names, sorted.
        names: Vec<String>,
        /// Names that may have been meant.
        near: Vec<String>,
    },
    /// It cannot be written.
    #[error("the configuration file {} cannot be written: {source}", shown_path(path))]
    Unwritable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: ReplaceError,
    },
}

/// Keys that say where secrets go, in a file that nobody named.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{keys} of {place} in {path} {} not taken: the file was merely found in this folder, and {} \
     where the sign-in goes. Read it, and name it with --config {word} to accept it",
    if *.several { "are" } else { "is" }, if *.several { "they say" } else { "this says" }
)]
pub struct NotAccepted {
    pub(super) path: String,
    pub(super) word: String,
    pub(super) place: String,
    pub(super) keys: String,
    pub(super) several: bool,
}

/// What is wrong with one table of the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// A key that is not known.
    #[error("unknown key `{key}`{}", meant(.near))]
    UnknownKey {
        /// The key.
        key: String,
        /// Keys that may have been meant.
        near: Vec<String>,
    },
    /// A secret.
    #[error("{}", secret(.key, .what))]
    Secret {
        /// The key.
        key: String,
        /// How it was noticed.
        what: SecretHere,
    },
    /// A value of another type.
    #[error("`{key}` has to be {expected}")]
    WrongType {
        /// The key.
        key: String,
        /// What belongs there.
        expected: &'static str,
    },
    /// A key without a value.
    #[error("`{key}` is empty; write its value between the quotes, or remove the line")]
    Empty {
        /// The key.
        key: String,
    },
    /// A text that is more than it shows.
    #[error("`{key}` holds a control character, such as an escape sequence; write it without")]
    Control {
        /// The key.
        key: String,
    },
    /// A name that cannot be used.
    #[error(
        "the name of a target consists of letters, digits, - and _, and serves as the name of \
         its report file; rename the table"
    )]
    WrongName,
}

fn meant(near: &[String]) -> String {
    if near.is_empty() { String::new() } else { format!("; is {} meant?", any_of(near)) }
}

fn any_of(names: &[String]) -> String {
    names.iter().map(|name| shown_name(name)).collect::<Vec<_>>().join(" or ")
}

/// Lists stay readable where there are a thousand targets.
fn known(names: &[String], near: &[String]) -> String {
    match (names, near) {
        ([], _) => "it has no targets at all; a target is a table such as [targets.sandbox]".into(),
        (_, [_, ..]) => format!("is {} meant?", any_of(near)),
        (names, []) => format!("it has {}", listed(names)),
    }
}

fn at(place: &Option<String>) -> String {
    place.as_ref().map(|place| format!(" `{place}`")).unwrap_or_default()
}

/// At most ten names, and how many more there are.
#[must_use]
pub fn listed(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(10).map(|name| shown_name(name)).collect();
    match names.len().saturating_sub(shown.len()) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn secret(key: &str, what: &SecretHere) -> String {
    match what {
        SecretHere::Named { instead: Some(instead) } => format!(
            "`{key}` would be a secret, and this file holds none (its value is not shown). Put the \
             secret into a file that only you may read, and give its path as `{instead}`"
        ),
        SecretHere::Named { instead: None } => format!(
            "`{key}` would be a secret, and this file holds none (its value is not shown); remove it"
        ),
        SecretHere::KeyText => format!(
            "`{key}` holds several lines or the text of a key, and this file holds no secret (the \
             value is not shown). Put the text into a file that only you may read, and give its path"
        ),
    }
}
