//! What the Login Audit Trail showed, as the administrator typed it.

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
#[error(
    "`{}` is none of the values that the column Detail of the Login Audit Trail is documented \
     to show{hint}; they are: {known}",
    shown(given)
)]
pub struct UnknownDetail {
    given: String,
    hint: String,
    known: String,
}

impl AuditDetail {
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

impl FromStr for AuditDetail {
    type Err = UnknownDetail;

    /// Case, blanks and the white space around it do not count.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wanted = bare(text);
        let known = guidance().audit_details().map(|(name, d)| (name, d.machine_to_machine));
        let known: Vec<(&str, bool)> = known.collect();
        if let Some((name, own)) = known.iter().find(|(name, _)| bare(name) == wanted) {
            return Ok(Self { name: (*name).to_owned(), machine_to_machine: *own });
        }
        let near = near_names(text, known.iter().map(|(name, _)| *name), 1);
        Err(UnknownDetail {
            given: text.to_owned(),
            hint: near.first().map(|name| format!("; is it `{name}`?")).unwrap_or_default(),
            known: known.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", "),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_spelling_of_a_documented_value_is_read() {
        for text in ["MissingKey", "missingkey", " MISSINGKEY\n", "Missing Key", "missing_key"] {
            assert_eq!(text.parse::<AuditDetail>().unwrap().as_str(), "MissingKey", "{text}");
        }
        assert!(!"InvalidState".parse::<AuditDetail>().unwrap().is_machine_to_machine());
    }

    #[test]
    fn others_are_refused_with_the_nearest_one() {
        let error = "MisingKey".parse::<AuditDetail>().unwrap_err().to_string();
        assert!(error.contains("is it `MissingKey`?"), "{error}");
        let error = "\u{1b}[31mno".parse::<AuditDetail>().unwrap_err().to_string();
        assert!(!error.contains('\u{1b}') && error.contains("SignatureValidation"), "{error}");
        assert!("".parse::<AuditDetail>().is_err());
    }
}
