//! The features of the account that record types need and that are off, as one list for one page.

use super::permissions::{RECORD_ACCESS, record, types};
use super::{Action, likely};
use crate::checks::looks;
use crate::report::page::PROSE;
use crate::report::v1::{Cause, CheckEntry, Fix, Rank, Report};
use crate::report::values::{Form, Values};
use crate::report::words::findings;

/// The most characters of one step; a page shows no more of it.
const STEP: usize = PROSE - 100;
/// Of more features than these each has its name alone, without what stands in brackets after it.
const WHOLE: usize = 8;

/// Whether an entry asks for a feature on the page of the account's features.
pub(super) fn asked_by(entry: &CheckEntry) -> bool {
    let cause = &looks::features().cause;
    entry.id == RECORD_ACCESS && likely(entry).next().is_some_and(|likely| likely.id == *cause)
}

/// Whether the account does not offer a record type, and no feature is known that it belongs to.
pub(super) fn may_belong(entry: &CheckEntry) -> bool {
    let cause = &looks::features().cause;
    let left = |one: &Cause| one.id == *cause && one.rank != Rank::RuledOut;
    entry.id == RECORD_ACCESS
        && likely(entry).next().is_none()
        && findings(entry).eq([NOT_OFFERED])
        && entry.causes.iter().any(left)
}

/// The finding of a record type that the account does not offer.
const NOT_OFFERED: &str = "type-not-found";

/// Whether two entries are told in one list.
pub(super) fn one_list(one: &CheckEntry, other: &CheckEntry) -> bool {
    let listed = |entry| asked_by(entry) || may_belong(entry);
    one.status == other.status && (asked_by(one) || asked_by(other)) && listed(one) && listed(other)
}

/// What is said of several entries, and the list.
pub(super) fn advice(report: &Report, entries: &[&CheckEntry]) -> (String, Action) {
    let texts = looks::features();
    let mut rows = listed(entries, &texts.unknown, true);
    if rows.len() > WHOLE {
        rows = listed(entries, &texts.unknown, false);
    }
    let told =
        |(feature, records): &(&str, Vec<&str>)| format!("{feature}: {}", records.join(", "));
    let mut lists: Vec<String> = Vec::new();
    for row in rows.iter().map(told) {
        match lists.last_mut().filter(|list| list.len() + row.len() < STEP) {
            Some(list) => list.extend(["; ", &row]),
            None => lists.push(row),
        }
    }
    let step = |list| Fix { text: format!("{list}."), place: None, url: None, command: None };
    let all = report.checks.iter().filter(|check| check.id == RECORD_ACCESS);
    let values = Values::default()
        .with("refused", types(entries.iter().copied()).to_string())
        .with("all", types(all).to_string());
    let fixes = entries.iter().flat_map(|entry| likely(entry)).flat_map(|cause| &cause.fix);
    let page = fixes.filter_map(|fix| Some((fix.place.clone()?, fix.url.clone()))).next();
    let action = Action {
        aim: Some(texts.aim.clone()),
        page,
        steps: lists.into_iter().map(step).collect(),
        ..Action::default()
    };
    (values.fill(texts.said.trim(), Form::Prose), action)
}

/// The features, each with the record types that need it. What has a name is looked for first.
fn listed<'a>(
    entries: &[&'a CheckEntry],
    unknown: &'a str,
    whole: bool,
) -> Vec<(&'a str, Vec<&'a str>)> {
    let mut rows: Vec<(&str, Vec<&str>)> = Vec::new();
    for entry in entries {
        let Some(record) = record(entry) else { continue };
        let feature = entry.evidence.iter().find(|fact| fact.key == "feature");
        let feature = feature.map_or(unknown, |fact| &fact.value);
        let feature = match feature.split_once(" (") {
            Some((name, _)) if !whole => name,
            _ => feature,
        };
        match rows.iter_mut().find(|(known, _)| *known == feature) {
            Some((_, records)) if records.contains(&record) => {}
            Some((_, records)) => records.push(record),
            None => rows.push((feature, vec![record])),
        }
    }
    rows.sort_by_key(|(feature, _)| (*feature == unknown, *feature));
    rows
}
