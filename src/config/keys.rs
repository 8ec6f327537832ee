//! The keys that a target may have, what may stand behind them, and what must not: secrets, which are
//! named and never quoted. A further key is one further line here; it takes effect where `check` has an
//! option of that name.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use toml::Table;
use toml_edit::{DocumentMut, Item};

use super::error::Problem;
use crate::types::key_text::holds_key;
use crate::types::near::near_names;
use crate::types::plain::{is_plain, obeyed};
use crate::types::shown::may_be_secret;

/// What a key holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueType {
    /// A word or identifier.
    Text,
    /// The path of a file, relative to the folder of the configuration file.
    Path,
    /// Several words.
    List,
    /// A whole number.
    Number,
}

impl ValueType {
    /// What belongs there, for messages.
    #[must_use]
    pub fn expected(self) -> &'static str {
        match self {
            Self::Text => "text in quotes",
            Self::Path => "the path of a file, in quotes",
            Self::List => "a list of texts, such as [\"one\", \"two\"]",
            Self::Number => "a whole number",
        }
    }
}

/// Every key and what it holds. The names are those of the options of `check`, in snake case;
/// `records` and `scopes` stand for the repeatable `--record` and `--scope`.
pub const KEYS: &[(&str, ValueType)] = &[
    ("account_id", ValueType::Text),
    ("client_id", ValueType::Text),
    ("certificate_id", ValueType::Text),
    ("private_key", ValueType::Path),
    ("passphrase_file", ValueType::Path),
    ("certificate", ValueType::Path),
    ("client_secret_file", ValueType::Path),
    ("records", ValueType::List),
    ("scopes", ValueType::List),
    ("profile", ValueType::Text),
    ("role_file", ValueType::Path),
    ("connect_to", ValueType::Text),
    ("ca_file", ValueType::Path),
    ("expires_in", ValueType::Number),
    ("sign_in_client_id", ValueType::Text),
    ("sign_in_client_secret_file", ValueType::Path),
    ("sign_in_redirect", ValueType::Text),
    ("sign_in_port", ValueType::Number),
    ("timeout", ValueType::Number),
    ("concurrency", ValueType::Number),
];

/// The key of that name.
#[must_use]
pub fn find(name: &str) -> Option<(&'static str, ValueType)> {
    KEYS.iter().copied().find(|(key, _)| *key == name)
}

/// What stands behind a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigValue {
    /// A word or identifier.
    Text(String),
    /// The path of a file. Read from a target it is complete; written, it is put as given.
    Path(PathBuf),
    /// Several words.
    List(Vec<String>),
    /// A whole number.
    Number(u64),
}

impl ConfigValue {
    /// The value as it stands in the file.
    pub(super) fn to_toml(&self) -> toml_edit::Value {
        match self {
            Self::Text(text) => text.as_str().into(),
            Self::Path(path) => path.to_string_lossy().as_ref().into(),
            Self::List(items) => items.iter().collect::<toml_edit::Array>().into(),
            Self::Number(number) => i64::try_from(*number).unwrap_or(i64::MAX).into(),
        }
    }

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

impl From<&str> for ConfigValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for ConfigValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&Path> for ConfigValue {
    fn from(path: &Path) -> Self {
        Self::Path(path.to_owned())
    }
}

impl From<PathBuf> for ConfigValue {
    fn from(path: PathBuf) -> Self {
        Self::Path(path)
    }
}

impl From<Vec<String>> for ConfigValue {
    fn from(items: Vec<String>) -> Self {
        Self::List(items)
    }
}

impl From<u64> for ConfigValue {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

/// No path and no identifier is longer.
const LONGEST: usize = 4096;

/// The settings of one table, by key. Paths are as written.
pub(super) type Settings = BTreeMap<&'static str, ConfigValue>;

/// What one table says, or the first thing that is wrong with it.
pub(super) fn settings(table: &Table) -> Result<Settings, Problem> {
    table.iter().map(|(key, value)| setting(key, value)).collect()
}

fn setting(key: &str, value: &toml::Value) -> Result<(&'static str, ConfigValue), Problem> {
    if let Some(what) = by_name(key) {
        return Err(Problem::Secret { key: shown_name(key), what });
    }
    let Some((key, kind)) = find(key) else {
        let near = near_list(key, KEYS.iter().map(|(name, _)| *name));
        return Err(Problem::UnknownKey { key: shown_name(key), near });
    };
    let wrong = || Problem::WrongType { key: key.to_owned(), expected: kind.expected() };
    let text = |value: &toml::Value| -> Result<String, Problem> {
        let text = value.as_str().ok_or_else(wrong)?;
        // Templates leave such values.
        if text.trim().is_empty() {
            return Err(Problem::Empty { key: key.to_owned() });
        }
        clean(key, text)
    };
    let value = match kind {
        ValueType::Text => ConfigValue::Text(text(value)?),
        ValueType::Path => ConfigValue::Path(text(value)?.into()),
        ValueType::List => {
            let items = value.as_array().ok_or_else(wrong)?;
            ConfigValue::List(items.iter().map(text).collect::<Result<_, _>>()?)
        }
        ValueType::Number => {
            let number = value.as_integer().and_then(|number| u64::try_from(number).ok());
            ConfigValue::Number(number.ok_or_else(wrong)?)
        }
    };
    Ok((key, value))
}

fn clean(key: &str, text: &str) -> Result<String, Problem> {
    match by_value(text) {
        Some(what) => Err(Problem::Secret { key: key.to_owned(), what }),
        None if !is_plain(text) => Err(Problem::Control { key: key.to_owned() }),
        None if text.len() > LONGEST => {
            Err(Problem::WrongType { key: key.to_owned(), expected: "at most 4,096 bytes long" })
        }
        None => Ok(text.to_owned()),
    }
}

/// The names that may have been meant, at most three.
pub(super) fn near_list<'a>(asked: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    near_names(asked, known, 3).into_iter().map(str::to_owned).collect()
}

/// Whether a value may be written behind a key.
pub(super) fn check(key: &str, value: &ConfigValue) -> Result<(), Problem> {
    let mut document = DocumentMut::new();
    document.insert(key, Item::Value(value.to_toml()));
    let table: Table = toml::from_str(&document.to_string())
        .map_err(|_| Problem::Control { key: shown_name(key) })?;
    settings(&table).map(drop)
}

/// Why a value must not stand in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretHere {
    /// The key names a secret.
    Named {
        /// The key that belongs there instead, where there is one.
        instead: Option<&'static str>,
    },
    /// The value is the text of a key or certificate.
    KeyText,
}

/// Words in the name of a key that holds a secret.
const WORDS: &[&str] = &["secret", "passphrase", "password", "passwd", "token", "pem"];

/// Whether a key by its name holds a secret.
pub(super) fn by_name(key: &str) -> Option<SecretHere> {
    if find(key).is_some() {
        return None;
    }
    let plain = key.to_lowercase().replace('-', "_");
    WORDS.iter().any(|word| plain.contains(word)).then(|| {
        let instead = match plain.as_str() {
            _ if plain.contains("pem") || plain.contains("key_text") => Some("private_key"),
            _ if plain.contains("secret") => Some("client_secret_file"),
            _ if plain.contains("token") => None,
            _ => Some("passphrase_file"),
        };
        SecretHere::Named { instead }
    })
}

/// Whether a value is the text of a key, in any form, or has several lines.
pub(super) fn by_value(text: &str) -> Option<SecretHere> {
    let one_line = !text.trim_end().contains(['\n', '\r']);
    (text.contains("-----") || !one_line || holds_key(text)).then_some(SecretHere::KeyText)
}

/// The most characters of a name.
const MOST: usize = 100;

/// A name that serves as a table of the file and as the name of a report file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TargetName(String);

impl TargetName {
    /// Takes letters, digits, `-`, `_` and, not first, `.`.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let fine = !text.is_empty()
            && text.len() <= MOST
            && !text.starts_with(['.', '-'])
            && text.chars().all(fits);
        fine.then(|| Self(text.to_owned()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TargetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Any name, as every message and every report shows it, whatever somebody wrote where a name
/// belongs: one that serves as it is, any other in quotes and with escapes, as it can stand in the
/// file. What may be a secret is not shown at all.
#[must_use]
pub fn shown_name(text: &str) -> String {
    // Quotes and line breaks are told from a secret by the rest of the text.
    let judged: String = text.chars().map(|c| if "\"\r\n".contains(c) { ' ' } else { c }).collect();
    if holds_key(text) || may_be_secret(&judged) {
        return "(a name that is not shown)".to_owned();
    }
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if TargetName::new(text).is_some() || (!text.is_empty() && text.chars().all(bare)) {
        return text.to_owned();
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if obeyed(c) && u32::from(c) > 0xffff => {
                out.push_str(&format!("\\U{:08x}", u32::from(c)));
            }
            c if obeyed(c) => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets() {
        for (key, instead) in [
            ("client_secret", Some("client_secret_file")),
            ("Client-Secret", Some("client_secret_file")),
            ("passphrase", Some("passphrase_file")),
            ("private_key_passphrase", Some("passphrase_file")),
            ("password", Some("passphrase_file")),
            ("private_key_pem", Some("private_key")),
            ("access_token", None),
        ] {
            assert_eq!(by_name(key), Some(SecretHere::Named { instead }), "{key}");
        }
        for key in KEYS {
            assert_eq!(by_name(key.0), None, "{}", key.0);
        }
        assert_eq!(by_name("acount_id"), None);
    }

    #[test]
    fn texts_of_keys() {
        let bare = format!("MIGHAgEAMBMG{}", "A+/z".repeat(30));
        for text in ["-----BEGIN PRIVATE KEY-----", "one\ntwo", &bare] {
            assert_eq!(by_value(text), Some(SecretHere::KeyText), "{text}");
        }
        for text in ["keys/private-key.pem", "C:\\keys\\private.pem", "MINE.pem", "customer:edit"] {
            assert_eq!(by_value(text), None, "{text}");
        }
    }

    #[test]
    fn a_name_is_a_file_name_everywhere() {
        for right in ["a", "sandbox-1", "1234567_SB1", "eu.production"] {
            assert_eq!(TargetName::new(right).unwrap().as_str(), right);
        }
        for wrong in ["", ".", "..", ".hidden", "-a", "a/b", "a\\b", "a b", "ü", "a\n"] {
            assert_eq!(TargetName::new(wrong), None, "{wrong:?}");
        }
        assert_eq!(TargetName::new(&"a".repeat(101)), None);
    }

    #[test]
    fn what_is_no_name_is_not_quoted() {
        assert_eq!(shown_name("acount_id"), "acount_id");
        for wrong in ["-----BEGIN PRIVATE KEY-----", "\u{1b}[2J", &"a".repeat(61)] {
            assert!(!shown_name(wrong).contains(wrong));
        }
    }
}
