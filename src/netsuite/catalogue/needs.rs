//! Permissions that a task needs besides the record's own.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::build::{self, Lookup};
use super::entry::{Confidence, Permission};
use super::files::{NeedFile, RawNeed};
use crate::data;
use crate::types::{Grade, Level};

static ALL: LazyLock<Vec<Need>> = LazyLock::new(read);

/// All needs, in the order of their ids.
pub fn needs() -> &'static [Need] {
    &ALL
}

/// What a permission is needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    /// Every run.
    Login,
    /// Logging in by other means; never needed for the client credentials grant.
    OtherLogin,
    /// Lists of records and SuiteQL.
    List,
    /// Certain SuiteQL tables.
    Query,
    /// A part of a record.
    Sublist,
    /// Choosing a value from another list.
    Reference,
    /// The account's own types.
    Custom,
    /// One record type.
    Record,
    /// Reading roles and audit trails.
    SelfInspection,
    /// Approving.
    Approve,
    /// Making one record from another.
    Transform,
    /// Setting a field.
    Field,
    /// A whole piece of work, as Oracle's table of use cases has it.
    UseCase,
}

/// A permission and the lowest level on offer that serves the need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeededPermission {
    /// The permission.
    pub permission: Permission,
    /// The level to choose on the role page.
    pub level: Level,
}

/// A need. All of its permissions are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// Its id in the data file.
    pub id: String,
    /// What for.
    pub task: Task,
    /// The permissions.
    pub permissions: Vec<NeededPermission>,
    /// When it arises, in plain words.
    pub when: String,
    /// The record type it is about, in NetSuite's spelling.
    pub record: Option<String>,
    /// The record type that is made, for a transform.
    pub target: Option<String>,
    /// The feature it also takes.
    pub feature: Option<String>,
    /// How well it is known.
    pub grade: Grade,
    /// The same in the word of the data file.
    pub confidence: Confidence,
    /// Who says so.
    pub sources: Vec<String>,
    /// What else is known.
    pub note: Option<String>,
}

fn read() -> Vec<Need> {
    let lookup = build::lookup();
    data::read_as("records/needs.toml", |rows: NeedFile| {
        let row = |(id, raw): (String, RawNeed)| {
            need(&lookup, id.clone(), raw).map_err(|what| format!("{id}: {what}"))
        };
        rows.into_iter().map(row).collect()
    })
}

fn need(lookup: &Lookup, id: String, raw: RawNeed) -> Result<Need, String> {
    for source in &raw.sources {
        lookup.grade(source)?;
    }
    let permissions = raw
        .permissions
        .iter()
        .map(|id| {
            let permission = lookup.permission(id)?;
            Ok(NeededPermission { level: permission.serving(raw.level), permission })
        })
        .collect::<Result<_, String>>()?;
    Ok(Need {
        id,
        task: raw.task,
        permissions,
        when: raw.when,
        record: raw.record,
        target: raw.target,
        feature: raw.feature,
        grade: raw.confidence.grade(),
        confidence: raw.confidence,
        sources: raw.sources,
        note: raw.note,
    })
}
