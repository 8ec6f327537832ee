//! Permission levels of a NetSuite role.

use super::shown::shown;
use serde::{Deserialize, Serialize};

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
    fn reads_any_case_and_orders_by_power() {
        assert_eq!("Edit".parse(), Ok(Level::Edit));
        assert!(Level::Create < Level::Edit);
        assert_eq!("delete".parse::<Level>(), Err(UnknownLevel("delete".into())));
    }
}
