//! Record types, permission levels, and what is asked of a type.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::shown::shown;

/// A record type name that is safe in a URL path. Whether NetSuite has such a type is for the
/// record catalogue to say; it also gives NetSuite's own spelling.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordType(String);

impl RecordType {
    /// The name as it goes into the path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the name is that of an account's own type: `customrecord…`, `customlist…`,
    /// `customtransaction…`. Source: OH/section_158100110171.
    #[must_use]
    pub fn is_custom(&self) -> bool {
        let lower = self.0.to_ascii_lowercase();
        ["customrecord", "customlist", "customtransaction"]
            .iter()
            .any(|prefix| lower.len() > prefix.len() && lower.starts_with(prefix))
    }
}

impl fmt::Display for RecordType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text cannot be a record type name.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "`{}` cannot be a record type: letters, digits and underscores only, starting with a letter",
    shown(.0)
)]
pub struct InvalidRecordType(String);

impl FromStr for RecordType {
    type Err = InvalidRecordType;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let starts_with_letter = text.starts_with(|c: char| c.is_ascii_alphabetic());
        let clean = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if starts_with_letter && clean && text.len() <= 100 {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidRecordType(text.to_owned()))
        }
    }
}

/// A record type at the level an integration needs: `customer`, `salesOrder:edit`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordRequest {
    /// The type.
    pub record: RecordType,
    /// The level; View unless stated.
    pub level: Level,
}

impl fmt::Display for RecordRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.record, self.level)
    }
}

/// The text is no `TYPE[:LEVEL]`.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum InvalidRecordRequest {
    /// The part before the colon.
    #[error(transparent)]
    Type(#[from] InvalidRecordType),
    /// The part after the colon.
    #[error(transparent)]
    Level(#[from] UnknownLevel),
}

impl FromStr for RecordRequest {
    type Err = InvalidRecordRequest;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (record, level) = match text.split_once(':') {
            Some((record, level)) => (record, level.parse()?),
            None => (text, Level::View),
        };
        Ok(Self { record: record.parse()?, level })
    }
}

/// A permission level that can be asked of a role. Source: OH/section_N326341
/// (View reads; Create also creates but does not edit; Edit also edits; Full also deletes).
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::VariantArray,
    strum::IntoStaticStr,
    strum::Display,
    strum::EnumString,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
#[strum(ascii_case_insensitive, parse_err_ty = UnknownLevel, parse_err_fn = unknown)]
pub enum Level {
    /// Read only.
    View,
    /// View and create, not edit.
    Create,
    /// View, create and edit.
    Edit,
    /// Edit and delete.
    Full,
}

impl Level {
    /// The lower-case form used on the command line and in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The word on NetSuite's role page.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::View => "View",
            Self::Create => "Create",
            Self::Edit => "Edit",
            Self::Full => "Full",
        }
    }
}

/// The text is none of the four levels.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{}` is not a permission level; use view, create, edit or full", shown(.0))]
pub struct UnknownLevel(String);

fn unknown(text: &str) -> UnknownLevel {
    UnknownLevel(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_type_and_level() {
        let request: RecordRequest = "salesOrder:edit".parse().unwrap();
        assert_eq!(request.to_string(), "salesOrder:edit");
        assert_eq!("customer".parse::<RecordRequest>().unwrap().level, Level::View);
    }

    #[test]
    fn nothing_that_could_leave_the_path_segment() {
        for hostile in ["", "../x", "a/b", "a?b", "a b", "1a", "a%2f", "é", &"a".repeat(101)] {
            assert!(hostile.parse::<RecordType>().is_err(), "{hostile:?}");
        }
    }

    #[test]
    fn knows_custom_types() {
        assert!("customrecord_event".parse::<RecordType>().unwrap().is_custom());
        assert!(!"customer".parse::<RecordType>().unwrap().is_custom());
        assert!(!"customrecord".parse::<RecordType>().unwrap().is_custom());
    }

    #[test]
    fn reads_any_case_and_orders_by_power() {
        assert_eq!("Edit".parse(), Ok(Level::Edit));
        assert!(Level::Create < Level::Edit);
        assert_eq!("delete".parse::<Level>(), Err(UnknownLevel("delete".into())));
    }
}
