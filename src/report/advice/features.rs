//! The features of the account that record types need and that are off, as one list for one page.

use super::permissions::{RECORD_ACCESS, record, types};
use super::{Action, likely};
use crate::checks::looks;
use crate::report::guidance::{Form, Values};
use crate::report::v1::{CheckEntry, Fix, Report};

/// So many features stand in one step.
const STEP: usize = 15;

/// Whether an entry asks for a feature on the page of the account's features.
pub(super) fn asked_by(entry: &CheckEntry) -> bool {
    let cause = &looks::features().cause;
    entry.id == RECORD_ACCESS && likely(entry).next().is_some_and(|likely| likely.id == *cause)
}

/// What is said of several entries, and the list.
pub(super) fn advice(report: &Report, entries: &[&CheckEntry]) -> (String, Action) {
    let texts = looks::features();
    let mut rows: Vec<(&str, Vec<&str>)> = Vec::new();
    for entry in entries {
        let Some(record) = record(entry) else { continue };
        let feature = entry.evidence.iter().find(|fact| fact.key == "feature");
        let feature = feature.map_or(texts.unknown.as_str(), |fact| &fact.value);
        match rows.iter_mut().find(|(known, _)| *known == feature) {
            Some((_, records)) if records.contains(&record) => {}
            Some((_, records)) => records.push(record),
            None => rows.push((feature, vec![record])),
        }
    }
    // What has a name is looked for first.
    rows.sort_by_key(|(feature, _)| (*feature == texts.unknown, *feature));
    let told =
        |(feature, records): &(&str, Vec<&str>)| format!("{feature} for {}", records.join(", "));
    let step = |rows: &[(&str, Vec<&str>)]| Fix {
        text: rows.iter().map(told).collect::<Vec<_>>().join("; ") + ".",
        place: None,
        url: None,
        command: None,
    };
    let all = report.checks.iter().filter(|check| check.id == RECORD_ACCESS);
    let values = Values::default()
        .with("refused", types(entries.iter().copied()).to_string())
        .with("all", types(all).to_string());
    let fixes = entries.iter().flat_map(|entry| likely(entry)).flat_map(|cause| &cause.fix);
    let page = fixes.filter_map(|fix| Some((fix.place.clone()?, fix.url.clone()))).next();
    let action = Action {
        aim: Some(texts.aim.clone()),
        page,
        steps: rows.chunks(STEP).map(step).collect(),
        ..Action::default()
    };
    (values.fill(texts.said.trim(), Form::Prose), action)
}
