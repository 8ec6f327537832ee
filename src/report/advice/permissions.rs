//! The permissions that record types ask for, as one table for one page: that of the role.

use std::collections::BTreeSet;

use super::Action;
use crate::checks::{ids, looks};
use crate::report::guidance::{Form, Values};
use crate::report::v1::{CheckEntry, EvidenceEntry, Report, Status};
use crate::report::words::FINDING;
use crate::types::Level;

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Permission {
    /// Subtab of the role's page.
    pub(crate) subtab: String,
    /// Name, as the page shows it.
    pub(crate) name: String,
    /// The lowest level that serves.
    pub(crate) level: Level,
    /// The record types that need it.
    pub(crate) records: Vec<String>,
}

impl Permission {
    /// On one line.
    pub(super) fn brief(&self) -> String {
        format!("{} > {} {}", self.subtab, self.name, self.level.label())
    }
}

pub(super) const RECORD_ACCESS: &str = ids::RECORD_ACCESS.as_str();

/// The findings that one more permission, or a higher level, puts right.
const FINDINGS: [&str; 3] = ["permission-absent", "level-too-low", "type-not-readable"];

/// Whether an entry asks for a permission on the role's page.
pub(super) fn asked_by(entry: &CheckEntry) -> bool {
    let found = |fact: &&EvidenceEntry| fact.key == FINDING;
    entry.id == RECORD_ACCESS
        && entry.status == Status::Fail
        && entry.evidence.iter().filter(found).any(|fact| FINDINGS.contains(&fact.value.as_str()))
        && row(entry).is_some()
}

/// What is said, and the table.
pub(super) fn advice(report: &Report, entries: &[&CheckEntry]) -> (String, Action) {
    let mut rows: Vec<Permission> = Vec::new();
    for row in entries.iter().filter_map(|entry| row(entry)) {
        let same = |known: &&mut Permission| known.name == row.name && known.subtab == row.subtab;
        match rows.iter_mut().find(same) {
            Some(known) => {
                known.level = known.level.max(row.level);
                for record in row.records {
                    if !known.records.contains(&record) {
                        known.records.push(record);
                    }
                }
            }
            None => rows.push(row),
        }
    }
    rows.sort_by(|one, other| one.subtab.cmp(&other.subtab));
    let texts = looks::permissions();
    let role_id = role(report);
    let mut role = Values::default();
    if let Some(id) = role_id {
        role.set("role", format!(" (ID {id})"));
        role.set("role_id", id);
    }
    let said = match entries {
        [only] => {
            let text = if role_id.is_some() { &texts.one } else { &texts.one_unnamed };
            format!("{} {}", role.fill(text.trim(), Form::Prose), only.summary)
        }
        _ => {
            let all = report.checks.iter().filter(|check| check.id == RECORD_ACCESS);
            let values = role
                .with("refused", types(entries.iter().copied()).to_string())
                .with("all", types(all).to_string());
            let reads = |entry: &&CheckEntry| {
                entry.subject.as_deref().is_some_and(|subject| subject.ends_with(":view"))
            };
            let text = if entries.iter().all(reads) { &texts.read } else { &texts.write };
            values.fill(text.trim(), Form::Prose)
        }
    };
    let page = entries.iter().flat_map(|entry| &entry.fix).find(|fix| fix.url.is_some());
    let page = page.or_else(|| entries.iter().flat_map(|entry| &entry.fix).next());
    let action = Action {
        aim: Some(texts.aim.clone()),
        page: page.and_then(|fix| Some((fix.place.clone()?, fix.url.clone()))),
        permissions: rows,
        unless: Some(texts.unless.clone()),
        ..Action::default()
    };
    (said, action)
}

/// How many record types entries are about.
pub(super) fn types<'a>(entries: impl Iterator<Item = &'a CheckEntry>) -> usize {
    entries.filter_map(record).collect::<BTreeSet<_>>().len()
}

pub(super) fn record(entry: &CheckEntry) -> Option<&str> {
    let subject = entry.subject.as_deref()?;
    Some(subject.split_once(':').map_or(subject, |(record, _)| record))
}

/// `Lists > Customers (LIST_CUSTJOB)` of an entry, at its level.
fn row(entry: &CheckEntry) -> Option<Permission> {
    let value = |key: &str| {
        entry.evidence.iter().find(|fact| fact.key == key).map(|fact| fact.value.as_str())
    };
    let permission = value("permission")?;
    let (subtab, name) = permission.split_once(" > ")?;
    let name = name.rsplit_once(" (").map_or(name, |(name, _)| name);
    let record = record(entry)?;
    Some(Permission {
        subtab: subtab.to_owned(),
        name: name.to_owned(),
        level: value("permission_level")
            .and_then(|level| level.parse().ok())
            .unwrap_or(Level::View),
        records: vec![record.to_owned()],
    })
}

/// The role that signed in.
fn role(report: &Report) -> Option<&str> {
    let identity = ids::TOKEN_IDENTITY.as_str();
    let entry = report.checks.iter().find(|check| check.id == identity)?;
    let fact = entry.evidence.iter().find(|fact| fact.key == "role_id")?;
    Some(&fact.value)
}
