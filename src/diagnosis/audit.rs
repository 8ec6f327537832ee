//! What the Login Audit Trail showed, as the administrator typed or pasted it.

use std::fmt;
use std::str::FromStr;

use crate::netsuite::patterns::guidance;
use crate::types::near::{bare, near_names};
use crate::types::shown::shown;

/// A documented value of the column Detail, in NetSuite's spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditDetail {
    name: String,
    machine_to_machine: bool,
}

/// The text is none of the documented values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnknownDetail {
    /// The blank of a printed command was not filled in.
    #[error(
        "`{BLANK}` stands for what the column Detail of the Login Audit Trail shows; type that value \
         in its place, such as MissingKey"
    )]
    Blank,
    /// Something else.
    #[error(
        "`{}` is none of the values that the column Detail of the Login Audit Trail is documented \
         to show{hint}; they are: {known}",
        shown(given)
    )]
    Other {
        /// What was given.
        given: String,
        /// The values that may have been meant.
        hint: String,
        /// All of them.
        known: String,
    },
}

/// What stands for the value in a printed command.
const BLANK: &str = "DETAIL";

/// How many values are named that may have been meant.
const NEAR: usize = 3;

impl AuditDetail {
    /// Every value that the column is documented to show.
    #[must_use]
    pub fn known() -> Vec<Self> {
        let known = guidance().audit_details();
        let value =
            |name: &str, machine_to_machine| Self { name: name.to_owned(), machine_to_machine };
        known.map(|(name, detail)| value(name, detail.machine_to_machine)).collect()
    }

    /// The value, in NetSuite's spelling.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// Whether the client credentials grant, or a call with its token, can leave it.
    #[must_use]
    pub fn is_machine_to_machine(&self) -> bool {
        self.machine_to_machine
    }
}

impl fmt::Display for AuditDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl UnknownDetail {
    /// The same without the list of all values, where a screen has no room for it.
    #[must_use]
    pub fn in_short(&self) -> String {
        match self {
            Self::Blank => self.to_string(),
            Self::Other { given, hint, .. } => format!(
                "`{}` is none of the values of the column Detail{hint}. Copy the value as the row \
                 shows it",
                shown(given)
            ),
        }
    }
}

impl FromStr for AuditDetail {
    type Err = UnknownDetail;

    /// Case, blanks, quotes and the white space around it do not count, nor does what else of the
    /// row was copied along, such as the column's name, as long as only one value stands in it.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Self::known();
        let called = |text: &str| {
            let wanted = bare(text);
            known.iter().find(|detail| bare(&detail.name) == wanted)
        };
        let value = without_label(text);
        if let Some(detail) = called(text).or_else(|| called(value)).or_else(|| only(text, called))
        {
            return Ok(detail.clone());
        }
        if text.trim() == BLANK {
            return Err(UnknownDetail::Blank);
        }
        let names = || known.iter().map(|detail| detail.name.as_str());
        Err(UnknownDetail::Other {
            given: text.to_owned(),
            hint: is_it(&near_names(value, names(), NEAR)),
            known: names().collect::<Vec<_>>().join(", "),
        })
    }
}

/// What stands behind the name of a column: `Detail: MissingKey`.
fn without_label(text: &str) -> &str {
    text.rsplit([':', '=', '\t']).map(str::trim).find(|part| !part.is_empty()).unwrap_or(text)
}

/// The one value among the words of a row; of two, neither.
fn only<'a>(
    text: &str,
    called: impl Fn(&str) -> Option<&'a AuditDetail>,
) -> Option<&'a AuditDetail> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-')));
    let mut found: Vec<&AuditDetail> = words.filter_map(called).collect();
    found.dedup();
    match found.as_slice() {
        [one] => Some(one),
        _ => None,
    }
}

fn is_it(near: &[&str]) -> String {
    let Some((last, before)) = near.split_last() else { return String::new() };
    let before: String = before.iter().map(|name| format!("`{name}` or ")).collect();
    format!("; is it {before}`{last}`?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_spelling_of_a_documented_value_is_read() {
        for text in [
            "MissingKey",
            "missingkey",
            " MISSINGKEY\n",
            "Missing Key",
            "missing_key",
            "Detail: MissingKey",
            "detail:missing key",
            "Detail\tMissingKey",
            "DETAIL = 'missingkey'",
            "Login Audit Trail: Detail: MissingKey",
            "\"MissingKey\"",
            "`MissingKey`.",
            "11/28/2026 2:46 pm\tFailure\tMissingKey\t203.0.113.7",
        ] {
            assert_eq!(text.parse::<AuditDetail>().unwrap().as_str(), "MissingKey", "{text}");
        }
        assert!(!"InvalidState".parse::<AuditDetail>().unwrap().is_machine_to_machine());
    }

    #[test]
    fn two_values_are_not_guessed_between() {
        for text in ["MissingKey MissingKeyId", "Detail: MissingKey, TokenExpired", "Failure"] {
            assert!(text.parse::<AuditDetail>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_blank_of_a_printed_command_is_told_in_a_line() {
        let error = "DETAIL".parse::<AuditDetail>().unwrap_err();
        assert_eq!(error, UnknownDetail::Blank);
        assert!(error.to_string().len() < 140, "{error}");
    }

    #[test]
    fn others_are_refused_with_the_nearest_ones() {
        let refused = |text: &str| text.parse::<AuditDetail>().unwrap_err().to_string();
        assert!(refused("MisingKey").contains("is it `MissingKey`"), "{}", refused("MisingKey"));
        let error = refused("Detail: Missing");
        assert!(error.contains("is it `MissingKey` or `MissingKeyId`?"), "{error}");
        let error = refused("\u{1b}[31mno");
        assert!(!error.contains('\u{1b}') && error.contains("SignatureValidation"), "{error}");
        assert!(!error.contains("is it"), "{error}");
        assert!("".parse::<AuditDetail>().is_err());
    }
}
