//! What to do about each problem.

use super::page::{Line, Page};
use super::steps::steps;
use super::{PROSE, VALUE, joined, words};
use crate::report::builder::{FINDING, MEANING};
use crate::report::handbook::Handbook;
use crate::report::style::Tone;
use crate::report::v1::{Cause, CheckEntry, EvidenceEntry, HttpEntry, Rank, Status};

/// Problems in the order in which to look at them.
const ORDER: [Status; 3] = [Status::Fail, Status::Inconclusive, Status::Warn];

pub(super) fn write(page: &mut Page, checks: &[CheckEntry], handbook: &Handbook) {
    let mut groups: Vec<Vec<&CheckEntry>> = Vec::new();
    for status in ORDER {
        for check in checks.iter().filter(|check| check.status == status) {
            match groups.iter_mut().find(|group| group.iter().any(|one| alike(one, check))) {
                Some(group) => group.push(check),
                None => groups.push(vec![check]),
            }
        }
    }
    if groups.is_empty() {
        return;
    }
    page.heading("What to do");
    // What was just said of the same check is not said again.
    let mut told: Option<(&str, Vec<&str>)> = None;
    for group in groups {
        let Some(first) = group.first() else { continue };
        page.gap();
        let reasons = reasons(first, handbook);
        let again = told.as_ref().is_some_and(|told| *told == (first.id.as_str(), reasons.clone()));
        write_group(page, &group, first, if again { None } else { Some(&reasons) });
        told = Some((first.id.as_str(), reasons));
    }
}

/// Entries of one check with the same findings and the same way out are told together.
fn alike(one: &CheckEntry, other: &CheckEntry) -> bool {
    one.id == other.id
        && one.status == other.status
        && one.causes == other.causes
        && one.fix == other.fix
        && values_of(one, FINDING).eq(values_of(other, FINDING))
}

fn values_of<'a>(check: &'a CheckEntry, key: &'static str) -> impl Iterator<Item = &'a str> {
    check.evidence.iter().filter(move |fact| fact.key == key).map(|fact| fact.value.as_str())
}

fn write_group(
    page: &mut Page,
    group: &[&CheckEntry],
    first: &CheckEntry,
    reasons: Option<&[&str]>,
) {
    let style = page.style;
    let subject = if group.len() == 1 { first.subject.as_deref() } else { None };
    let name = style.show(&joined(&first.id, subject), VALUE);
    page.title(first.status, words::status(first.status), &name);
    if reasons.is_some() {
        page.labelled("Goal", &page.wrapped(&style.show(&first.title, VALUE), 0));
    }
    let seen = seen(page, group);
    page.labelled("Seen", &seen);
    if let Some(reasons) = reasons {
        let why = why(page, reasons);
        page.labelled("Why", &why);
    }
    // What finds out the cause comes first, unless the cause is known.
    let known = first.causes.iter().any(|cause| cause.rank == Rank::Likely);
    let causes = causes(page, &first.causes);
    let mend = steps(page, &first.fix, 0);
    if known {
        page.labelled("Causes", &causes);
        page.labelled("Mend", &mend);
    } else {
        page.labelled("Mend", &mend);
        page.labelled("Causes", &causes);
    }
    let more = format!("netsuite-preflight explain {}", style.show(&first.id, VALUE));
    page.labelled("More", &[Line::new(more).tone(Tone::Faint)]);
}

fn seen(page: &Page, group: &[&CheckEntry]) -> Vec<Line> {
    let style = page.style;
    let mut lines = Vec::new();
    for check in group {
        let summary = style.show(&check.summary, PROSE);
        match check.subject.as_deref().filter(|_| group.len() > 1) {
            Some(subject) => {
                let told = format!("{}: {summary}", style.show(subject, VALUE));
                lines.extend(page.wrapped(&told, 0));
            }
            None => lines.extend(page.wrapped(&summary, 0)),
        }
        if let Some(reason) = &check.reason {
            let detail = reason.detail.as_deref().map(|detail| style.show(detail, VALUE));
            lines.extend(detail.iter().flat_map(|detail| page.wrapped(detail, 0)));
        }
        // Facts of many entries would bury what they have in common.
        if group.len() == 1 {
            for fact in check.evidence.iter().filter(|fact| !named(fact)) {
                lines.extend(fact_lines(page, fact));
            }
            lines.extend(check.http.iter().flat_map(|http| http_lines(page, http)));
        }
    }
    lines
}

/// Names and meanings of findings are told elsewhere.
fn named(fact: &EvidenceEntry) -> bool {
    fact.key == FINDING || fact.key == MEANING
}

fn fact_lines(page: &Page, fact: &EvidenceEntry) -> Vec<Line> {
    let show = |text: &str| page.style.show(text, VALUE);
    let told = format!("{}: {}", show(&fact.key).replace('_', " "), show(&fact.value));
    let mut lines = page.wrapped(&told, 2);
    if let Some(first) = lines.first_mut() {
        *first = first.clone().lead("- ");
    }
    if let Some(expected) = &fact.expected {
        lines.extend(page.wrapped(&format!("expected: {}", show(expected)), 2));
    }
    if let Some(source) = &fact.source {
        lines.extend(page.wrapped(&format!("from: {}", show(source)), 2));
    }
    lines
}

fn http_lines(page: &Page, http: &HttpEntry) -> Vec<Line> {
    let answer = match (http.status, &http.error_code) {
        (Some(status), Some(code)) => format!("{status} {code}"),
        (Some(status), None) => status.to_string(),
        (None, _) => "no answer".to_owned(),
    };
    // The host is the account's own; the path tells what was asked.
    let path = http.url.split_once("://").and_then(|(_, rest)| rest.split_once('/'));
    let path = path.map_or_else(|| http.url.clone(), |(_, path)| format!("/{path}"));
    let told = format!("{} {}: {answer}", http.method, path);
    let mut lines = page.wrapped(&page.style.show(&told, VALUE), 2);
    if let Some(first) = lines.first_mut() {
        *first = first.clone().lead("- ");
    }
    lines
}

/// What the findings mean, then why the check matters.
fn reasons<'a>(check: &'a CheckEntry, handbook: &'a Handbook) -> Vec<&'a str> {
    let meanings = values_of(check, MEANING);
    let why = handbook.card(&check.id).map(|card| card.why.as_str());
    meanings.chain(why).map(str::trim).filter(|text| !text.is_empty()).collect()
}

fn why(page: &Page, reasons: &[&str]) -> Vec<Line> {
    reasons.iter().flat_map(|text| page.wrapped(&page.style.show(text, PROSE), 0)).collect()
}

/// How many of the merely possible causes are told with the way out.
const TOLD_WHOLE: usize = 3;

/// The causes, best first: the likely ones with the way out, where there are none the first of the
/// possible ones; the rest by name, and what is ruled out with the reason.
fn causes(page: &Page, causes: &[Cause]) -> Vec<Line> {
    let style = page.style;
    let likely = causes.iter().filter(|cause| cause.rank == Rank::Likely).count();
    let whole = if likely > 0 { likely } else { TOLD_WHOLE };
    let mut lines = Vec::new();
    for (at, cause) in causes.iter().enumerate() {
        let rank = words::rank(cause.rank);
        let told = format!("{rank}: {} ({})", style.show(&cause.title, VALUE), cause.id);
        let mut first = page.wrapped(&told, 2);
        if let Some(line) = first.first_mut() {
            *line = line.clone().lead("- ");
        }
        if cause.rank == Rank::RuledOut {
            let why = cause.because.first().map(|why| page.wrapped(&style.show(why, VALUE), 2));
            first.extend(why.into_iter().flatten());
            lines.extend(first.into_iter().map(|line| line.tone(Tone::Faint)));
            continue;
        }
        lines.extend(first);
        if at >= whole {
            continue;
        }
        for because in &cause.because {
            lines.extend(page.wrapped(&style.show(because, VALUE), 2));
        }
        lines.extend(steps(page, &cause.fix, 2));
    }
    lines
}
