//! The keys that a target may have. A further key is one further line here; it takes effect where
//! `check` has an option of that name.

/// What a key holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A word or identifier.
    Text,
    /// The path of a file, relative to the folder of the configuration file.
    Path,
    /// Several words.
    List,
    /// A whole number.
    Number,
}

impl Kind {
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
pub const KEYS: &[(&str, Kind)] = &[
    ("account_id", Kind::Text),
    ("client_id", Kind::Text),
    ("certificate_id", Kind::Text),
    ("private_key", Kind::Path),
    ("passphrase_file", Kind::Path),
    ("certificate", Kind::Path),
    ("client_secret_file", Kind::Path),
    ("records", Kind::List),
    ("scopes", Kind::List),
    ("profile", Kind::Text),
    ("role_file", Kind::Path),
    ("connect_to", Kind::Text),
    ("ca_file", Kind::Path),
    ("timeout", Kind::Number),
    ("concurrency", Kind::Number),
];

/// The key of that name.
#[must_use]
pub fn find(name: &str) -> Option<(&'static str, Kind)> {
    KEYS.iter().copied().find(|(key, _)| *key == name)
}
