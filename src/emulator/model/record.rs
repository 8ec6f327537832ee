//! Record types, their rows, and the ways in which a type is special.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::types::Level;

/// Why one row is refused although the permission is there. The texts are in
/// `record-api.md` 2.4 and 2.5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Guard {
    /// "This record has been locked by a user defined workflow."
    WorkflowLock,
    /// "only an administrator is allowed to edit an administrator record."
    AdministratorRecord,
    /// "The subsidiary restrictions on your role prevent you from seeing this record."
    SubsidiaryRestriction,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableRow {
    /// Internal ID.
    pub id: u64,
    /// Its name, or the number of a transaction.
    pub name: String,
    /// The subsidiary it belongs to, where it belongs to one.
    #[serde(default)]
    pub subsidiary: Option<u32>,
    /// Why this row alone is refused.
    #[serde(default)]
    pub guard: Option<Guard>,
    /// Further columns in queries.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
}

/// What a list request gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListBehaviour {
    /// A list.
    #[default]
    Ordinary,
    /// 405 with the operations that are allowed (observed for campaign and check).
    MethodNotAllowed,
    /// A text that tells to enable the beta feature (observed on old releases).
    Beta,
}

/// What a script of the account throws when a record is loaded.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoadError {
    /// Where the script lies in the File Cabinet.
    pub script: String,
    /// The name of the error.
    pub name: String,
    /// Its message.
    pub message: String,
}

/// A record type.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The permission it needs.
    pub permission: String,
    /// The lowest level that gives anything at all; some permissions exist at Full only.
    #[serde(default = "view")]
    pub least: Level,
    /// The feature without which the type does not exist.
    #[serde(default)]
    pub feature: Option<String>,
    /// Its table in queries: the type's own name unless stated, none where empty.
    #[serde(default)]
    pub table: Option<String>,
    /// The permission that shows the table, where it is another.
    #[serde(default)]
    pub table_permission: Option<String>,
    /// Whether rows are transactions, whose missing ids are answered with 400.
    #[serde(default)]
    pub transaction: bool,
    /// Whether a refusal uses the words for custom record types.
    #[serde(default)]
    pub custom_record: bool,
    /// Whether the record service knows the type at all.
    #[serde(default = "yes")]
    pub rest: bool,
    /// What a list request gets.
    #[serde(default)]
    pub list: ListBehaviour,
    /// Another permission that a refusal quotes (seen for Accounts and Customers under SOAP).
    #[serde(default)]
    pub quoted_permission: Option<String>,
    /// Fields without which no record is made.
    #[serde(default = "name_only")]
    pub mandatory: Vec<String>,
    /// Whether the type has forms, in a release that has them at all.
    #[serde(default = "yes")]
    pub forms: bool,
    /// A second permission that creating and editing take.
    #[serde(default)]
    pub write_permission: Option<String>,
    /// A script that fails whenever one is loaded; lists do not load.
    #[serde(default)]
    pub load_error: Option<LoadError>,
    /// Its rows.
    pub rows: Vec<TableRow>,
}

impl Record {
    /// The table that queries use for this type, in lower case.
    #[must_use]
    pub fn table_name(&self, type_name: &str) -> Option<String> {
        let name = self.table.as_deref().unwrap_or(type_name).to_ascii_lowercase();
        (!name.is_empty()).then_some(name)
    }

    /// The permission that shows the table.
    #[must_use]
    pub fn table_permission(&self) -> &str {
        self.table_permission.as_deref().unwrap_or(&self.permission)
    }

    /// The level that an operation takes: never below the lowest that the permission has.
    #[must_use]
    pub fn needed(&self, level: Level) -> Level {
        level.max(self.least)
    }
}

/// A table that can be queried and is no record type.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherTable {
    /// The permission that shows it.
    pub permission: String,
    /// Its rows.
    pub rows: Vec<TableRow>,
}

fn view() -> Level {
    Level::View
}

fn name_only() -> Vec<String> {
    vec!["name".to_owned()]
}

fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_named_like_the_type_unless_stated() {
        let record = |extra: &str| {
            toml::from_str::<Record>(&format!("permission = 'P'\nrows = []\n{extra}")).unwrap()
        };
        assert_eq!(record("").table_name("supportCase").as_deref(), Some("supportcase"));
        assert_eq!(record("table = 'item'").table_name("kitItem").as_deref(), Some("item"));
        assert_eq!(record("table = ''").table_name("campaign"), None);
        assert_eq!(record("least = 'full'").needed(Level::View), Level::Full);
    }

    #[test]
    fn misspelt_fields_are_refused() {
        assert!(toml::from_str::<Record>("permission = 'P'\nrows = []\nfeatures = 'x'").is_err());
    }
}
