//! The catalogue's files as they are written.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::entry::{Category, Confidence, RecordKind};
use super::needs::Task;
use crate::types::{Grade, Level};

/// The files that hold record types, in the order of the catalogue.
pub(super) const RECORDS: [&str; 6] = [
    "records/entities.toml",
    "records/transactions.toml",
    "records/items.toml",
    "records/lists.toml",
    "records/setup.toml",
    "records/custom.toml",
];

pub(super) type RecordFile = BTreeMap<String, RawRecord>;
pub(super) type PermissionFile = BTreeMap<String, RawPermission>;
pub(super) type NeedFile = BTreeMap<String, RawNeed>;
pub(super) type SourceFile = BTreeMap<String, RawSource>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRecord {
    pub kind: RecordKind,
    pub permission: Option<String>,
    pub own: Option<Category>,
    pub feature: Option<RawFeature>,
    pub suiteql: Option<RawSuiteQl>,
    pub confidence: Confidence,
    pub sources: Vec<String>,
    #[serde(default)]
    pub alternatives: Vec<RawAlternative>,
    #[serde(default)]
    pub aliases: Vec<String>,
    pub notes: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFeature {
    pub name: String,
    pub source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSuiteQl {
    pub table: String,
    pub permission: String,
    pub source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAlternative {
    pub permission: Option<String>,
    pub own: Option<Category>,
    pub source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPermission {
    pub category: Category,
    pub name: String,
    #[serde(default = "view")]
    pub lowest: Level,
    #[serde(default)]
    pub aliases: Vec<String>,
}

fn view() -> Level {
    Level::View
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSource {
    #[serde(rename = "is")]
    pub _is: String,
    pub grade: Grade,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawNeed {
    pub task: Task,
    pub permissions: Vec<String>,
    pub level: Level,
    pub when: String,
    pub record: Option<String>,
    pub target: Option<String>,
    pub feature: Option<String>,
    pub confidence: Confidence,
    pub sources: Vec<String>,
    pub note: Option<String>,
}
