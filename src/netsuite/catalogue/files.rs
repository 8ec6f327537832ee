//! The catalogue's files as they are written.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::{
    Alternative, Catalogue, Category, Caution, Confidence, Feature, Permission, RecordEntry,
    RecordKind,
};
use crate::data;
use crate::types::source::readable;
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
    pub caution: Option<Caution>,
}

fn view() -> Level {
    Level::View
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSource {
    pub is: String,
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

// From the catalogue's files to the catalogue.

/// What entries refer to by short names.
pub(super) struct References {
    pub permissions: BTreeMap<String, Permission>,
    sources: SourceFile,
}

impl References {
    pub fn permission(&self, id: &str) -> Result<Permission, String> {
        self.permissions.get(id).cloned().ok_or_else(|| format!("no permission `{id}`"))
    }

    /// The grade of a source: `OH/…`, or a short name with or without `:row`.
    pub fn grade(&self, source: &str) -> Result<Grade, String> {
        if source.starts_with("OH/") {
            return Ok(Grade::Documented);
        }
        let name = source.split_once(':').map_or(source, |(name, _row)| name);
        let known = self.sources.get(name).ok_or_else(|| format!("no source `{name}`"))?;
        Ok(known.grade)
    }

    fn named_or_own(
        &self,
        id: Option<&str>,
        own: Option<Category>,
        record: &str,
    ) -> Result<Permission, String> {
        match (id, own) {
            (Some(id), None) => self.permission(id),
            (None, Some(category)) => {
                let stem = record.split_whitespace().next().unwrap_or(record);
                Ok(Permission {
                    id: stem.to_owned(),
                    category,
                    name: stem.to_owned(),
                    lowest: Level::View,
                    aliases: Vec::new(),
                    caution: None,
                })
            }
            _ => Err("either `permission` or `own`".to_owned()),
        }
    }

    fn entry(&self, name: String, raw: RawRecord) -> Result<RecordEntry, String> {
        for source in &raw.sources {
            self.grade(source)?;
        }
        let permission = self.named_or_own(raw.permission.as_deref(), raw.own, &name)?;
        let alternatives = raw
            .alternatives
            .into_iter()
            .map(|other| {
                Ok(Alternative {
                    permission: self.named_or_own(other.permission.as_deref(), other.own, &name)?,
                    grade: self.grade(&other.source)?,
                    source: other.source,
                })
            })
            .collect::<Result<Vec<_>, String>>()?;
        let feature = raw
            .feature
            .map(|feature| {
                let grade = self.grade(&feature.source)?;
                Ok::<_, String>(Feature { name: feature.name, source: feature.source, grade })
            })
            .transpose()?;
        let (suiteql_table, suiteql_permission, suiteql_grade) = match raw.suiteql {
            Some(query) => (
                Some(query.table),
                Some(self.permission(&query.permission)?),
                Some(self.grade(&query.source)?),
            ),
            None => (None, None, None),
        };
        Ok(RecordEntry {
            kind: raw.kind,
            min_level: permission.lowest,
            levels: permission.levels(),
            permission,
            feature,
            suiteql_table,
            suiteql_permission,
            suiteql_grade,
            grade: raw.confidence.grade(),
            confidence: raw.confidence,
            sources: raw.sources,
            alternatives,
            aliases: raw.aliases,
            notes: raw.notes,
            name,
        })
    }
}

pub(super) fn lookup() -> References {
    let permissions = data::read::<PermissionFile>("records/permissions.toml")
        .into_iter()
        .map(|(id, raw)| {
            let permission = Permission {
                id: id.clone(),
                category: raw.category,
                name: raw.name,
                lowest: raw.lowest,
                aliases: raw.aliases,
                caution: raw.caution,
            };
            (id, permission)
        })
        .collect();
    References { permissions, sources: data::read("records/sources.toml") }
}

pub(super) fn catalogue() -> Catalogue {
    let lookup = lookup();
    let mut entries = Vec::with_capacity(210);
    let mut by_name = HashMap::with_capacity(210);
    for file in RECORDS {
        data::read_as(file, |rows: RecordFile| {
            for (name, raw) in rows {
                let entry = lookup.entry(name.clone(), raw);
                let entry = entry.map_err(|what| format!("{name}: {what}"))?;
                if by_name.insert(name.to_ascii_lowercase(), entries.len()).is_some() {
                    return Err(format!("{name} stands twice"));
                }
                entries.push(entry);
            }
            Ok(())
        });
    }
    Catalogue { entries, by_name, permissions: lookup.permissions }
}

static SOURCES: LazyLock<SourceFile> = LazyLock::new(|| data::read("records/sources.toml"));

/// What a source of the catalogue stands for, in words or as a link.
#[must_use]
pub fn said_by(source: &str) -> String {
    let name = source.split_once(':').map_or(source, |(name, _row)| name);
    SOURCES.get(name).map_or_else(|| readable(source), |known| known.is.clone())
}

// Permissions that a task needs besides the record's own.

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
    let lookup = lookup();
    data::read_as("records/needs.toml", |rows: NeedFile| {
        let row = |(id, raw): (String, RawNeed)| {
            need(&lookup, id.clone(), raw).map_err(|what| format!("{id}: {what}"))
        };
        rows.into_iter().map(row).collect()
    })
}

fn need(lookup: &References, id: String, raw: RawNeed) -> Result<Need, String> {
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
