//! Names of targets.

use std::fmt;

use crate::types::shown::may_be_secret;

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

/// Any name, made fit for a message: whatever somebody wrote where a name belongs.
#[must_use]
pub fn shown(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ');
    if text.len() <= 60 && text.chars().all(plain) && !may_be_secret(text) {
        return text.to_owned();
    }
    "(a name that is not shown)".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(shown("acount_id"), "acount_id");
        for wrong in ["-----BEGIN PRIVATE KEY-----", "\u{1b}[2J", &"a".repeat(61)] {
            assert!(!shown(wrong).contains(wrong));
        }
    }
}
