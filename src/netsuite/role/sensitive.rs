//! Permissions that are too powerful for an integration.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::data;

/// How far a permission goes beyond what an integration should have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Danger {
    /// More than the plan asks for, and nothing worse.
    Note,
    /// Gives a hold on users, tokens, scripts or confidential data.
    High,
    /// An administrator's power.
    Critical,
}

impl Danger {
    /// The word in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    grade: Danger,
    name: String,
    #[serde(rename = "source")]
    _source: String,
}

static ROWS: LazyLock<BTreeMap<String, Row>> =
    LazyLock::new(|| data::read("records/sensitive.toml"));

/// How dangerous the permission with this id is.
#[must_use]
pub fn danger(id: &str) -> Danger {
    ROWS.get(id).map_or(Danger::Note, |row| row.grade)
}

/// The name of a dangerous permission, for those that the catalogue lacks.
pub(super) fn name(id: &str) -> Option<&'static str> {
    ROWS.get(id).map(|row| row.name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read_whole() {
        assert!(ROWS.len() >= 15);
        assert_eq!(danger("ADMI_KERNEL"), Danger::Critical);
        assert_eq!(danger("ADMI_MANAGEROLES"), Danger::High);
        assert_eq!(danger("LIST_CUSTJOB"), Danger::Note);
    }
}
