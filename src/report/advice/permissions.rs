//! The permissions that record types ask for, as one table for one page: that of the role.

use std::collections::BTreeSet;

use super::{Action, likely};
use crate::checks::{ids, looks};
use crate::report::v1::{CheckEntry, EvidenceEntry, Report, Status};
use crate::report::values::{Form, Values};
use crate::report::words::{FINDING, findings};
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
    /// The record types that need it, where one does.
    pub(crate) records: Vec<String>,
}

impl Permission {
    /// What needs it, for a column of its own.
    pub(crate) fn used_by(&self) -> String {
        match self.records.as_slice() {
            [] => "the integration".to_owned(),
            records => records.join(", "),
        }
    }

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

/// What the account itself says of the role it lacks, where that is all that was found.
const LISTED: [&str; 3] = ["missing", "too-low", "no-login-permission"];

/// Whether an entry has, from the account itself, the permissions that the role lacks.
pub(super) fn listed_by(entry: &CheckEntry) -> bool {
    entry.id == ids::ROLE_PERMISSIONS.as_str()
        && entry.status == Status::Fail
        && findings(entry).all(|finding| LISTED.contains(&finding))
        && lacking(entry).next().is_some()
}

/// A permission of the plan that the account's own list of the role does not have.
pub(super) struct Lacking<'a> {
    /// Its ID, such as `LIST_CUSTJOB`.
    pub(super) id: &'a str,
    /// Subtab and name.
    label: &'a str,
    level: Level,
    /// Whether the role has it, at a lower level.
    too_low: bool,
}

/// `Lists > Customers (LIST_CUSTJOB): missing`, where `View or above` is expected.
pub(super) fn lacking(entry: &CheckEntry) -> impl Iterator<Item = Lacking<'_>> {
    let lines = entry.evidence.iter().filter(|fact| fact.key == "permission");
    lines.filter_map(|fact| {
        let level = |word: &str| word.parse::<Level>().ok();
        let wanted = level(fact.expected.as_deref()?.strip_suffix(" or above")?)?;
        let (permission, held) = fact.value.rsplit_once("): ")?;
        let (label, id) = permission.rsplit_once(" (")?;
        let too_low = level(held).is_some_and(|held| held < wanted);
        let lacks = too_low || held.starts_with("missing");
        lacks.then_some(Lacking { id, label, level: wanted, too_low })
    })
}

/// The ID of the permission that an entry is about.
pub(super) fn permission_id(entry: &CheckEntry) -> Option<&str> {
    let fact = entry.evidence.iter().find(|fact| fact.key == "permission")?;
    fact.value.rsplit_once(" (")?.1.strip_suffix(')')
}

/// More permissions than these are counted, not named, before the table.
const NAMED: usize = 2;

/// What is said, and the table.
pub(super) fn advice(report: &Report, entries: &[&CheckEntry], first: bool) -> (String, Action) {
    let listed = entries.iter().copied().find(|entry| listed_by(entry));
    let asked: Vec<&CheckEntry> = entries.iter().copied().filter(|entry| asked_by(entry)).collect();
    let rows = table(report, &asked, listed);
    let texts = looks::permissions();
    let role_id = role(report);
    let mut role = Values::default();
    if let Some(id) = role_id {
        role.set("role", format!(" (ID {id})"));
        role.set("role_id", id);
    }
    let reads = |entry: &&CheckEntry| {
        entry.subject.as_deref().is_some_and(|subject| subject.ends_with(":view"))
    };
    let all = report.checks.iter().filter(|check| check.id == RECORD_ACCESS);
    let mut said = match (asked.as_slice(), listed) {
        ([], Some(listed)) if lacking(listed).count() <= NAMED => listed.summary.clone(),
        ([], _) => {
            let values = role.with("count", rows.len().to_string());
            values.fill(texts.lacks.trim(), Form::Prose)
        }
        ([only], _) if !first => only.summary.clone(),
        ([only], _) => {
            let text = if role_id.is_some() { &texts.one } else { &texts.one_unnamed };
            format!("{} {}", role.fill(text.trim(), Form::Prose), only.summary)
        }
        _ => {
            let values = role
                .with("refused", types(asked.iter().copied()).to_string())
                .with("all", types(all).to_string());
            let text = if asked.iter().all(reads) { &texts.read } else { &texts.write };
            values.fill(text.trim(), Form::Prose)
        }
    };
    // What the table tells needs no second word.
    let told = |entry: &&&CheckEntry| !asked_by(entry) && !listed_by(entry);
    let rest: Vec<&CheckEntry> = entries.iter().filter(told).copied().collect();
    let others = super::named(&rest);
    if !others.is_empty() {
        said = format!("{said} {}", super::that_is_why(&others));
    }
    let steps = || entries.iter().flat_map(|entry| &entry.fix);
    let page = steps().find(|fix| fix.url.is_some()).or_else(|| steps().next());
    let low = |entry: &&CheckEntry| likely(entry).any(|cause| cause.id == texts.too_low);
    let raised = listed.is_some_and(|entry| lacking(entry).any(|line| line.too_low))
        || asked.iter().any(low);
    let action = Action {
        aim: Some(if raised { &texts.raise } else { &texts.aim }.clone()),
        page: page.and_then(|fix| Some((fix.place.clone()?, fix.url.clone()))),
        permissions: rows,
        unless: Some(texts.unless.clone()),
        ..Action::default()
    };
    (said, action)
}

fn table(report: &Report, asked: &[&CheckEntry], listed: Option<&CheckEntry>) -> Vec<Permission> {
    let mut rows: Vec<Permission> = Vec::new();
    let inside = listed.into_iter().flat_map(|entry| lacking(entry).filter_map(Lacking::row));
    let asked = asked.iter().filter_map(|entry| {
        let mut row = row(entry)?;
        // Who asks for more than can be tried sets the permission once.
        if Some(row.level) == level(entry) {
            row.level = report
                .checks
                .iter()
                .filter(|other| untried(other, entry))
                .filter_map(level)
                .fold(row.level, Level::max);
        }
        Some(row)
    });
    for row in asked.chain(inside) {
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
    rows
}

impl Lacking<'_> {
    fn row(self) -> Option<Permission> {
        let (subtab, name) = self.label.split_once(" > ")?;
        let (subtab, name) = (subtab.to_owned(), name.to_owned());
        Some(Permission { subtab, name, level: self.level, records: Vec::new() })
    }
}

/// The level that an entry is about.
fn level(entry: &CheckEntry) -> Option<Level> {
    entry.subject.as_deref()?.split_once(':')?.1.parse().ok()
}

/// Whether an entry is about a level of the same record type that was not tried.
fn untried(entry: &CheckEntry, other: &CheckEntry) -> bool {
    entry.id == RECORD_ACCESS && entry.status == Status::Skipped && record(entry) == record(other)
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
