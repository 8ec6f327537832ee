//! Each problem with what was seen, why it matters, every cause and what to do.

use crate::report::page::{Line, PROSE, Page, VALUE, steps};
use crate::report::reader::carrying;
use crate::report::text::Tone;
use crate::report::v1::{Cause, CheckEntry, EvidenceEntry, HttpEntry, Rank};
use crate::report::words::{self, exchange, facts, group_name, problems, reasons};
use crate::report::{Handbook, Reader};

/// What to do about each problem, with all that was seen and every cause.
pub(super) fn write_problems(
    page: &mut Page,
    checks: &[CheckEntry],
    handbook: &Handbook,
    reader: &Reader<'_>,
) {
    let groups = problems(checks);
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
        write_group(page, &group, first, if again { None } else { Some(&reasons) }, reader);
        told = Some((first.id.as_str(), reasons));
    }
}

/// One entry by itself, for forms that have a place for plain text.
pub(crate) fn entry(check: &CheckEntry, handbook: &Handbook, reader: &Reader<'_>) -> String {
    let mut page = Page::new(reader.style);
    write_group(&mut page, &[check], check, Some(&reasons(check, handbook)), reader);
    page.finish()
}

fn write_group(
    page: &mut Page,
    group: &[&CheckEntry],
    first: &CheckEntry,
    reasons: Option<&[&str]>,
    reader: &Reader<'_>,
) {
    let style = page.style;
    let name = style.show(&group_name(group, first), VALUE);
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
    let causes = causes(page, &first.causes, reader);
    let fix = steps(page, &carrying(&first.fix, reader), 0);
    if known {
        page.labelled("Causes", &causes);
        page.labelled("Fix", &fix);
    } else {
        page.labelled("Fix", &fix);
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
            for fact in facts(check).filter(|fact| !told_by_a_cause(check, fact)) {
                lines.extend(fact_lines(page, fact));
            }
            lines.extend(check.http.iter().flat_map(|http| http_lines(page, http)));
        }
    }
    lines
}

/// What a cause gives as its reason is not told twice.
fn told_by_a_cause(check: &CheckEntry, fact: &EvidenceEntry) -> bool {
    let reasons = || check.causes.iter().flat_map(|cause| &cause.because);
    fact.key == "audit_detail"
        && fact.source.is_none()
        && reasons().any(|why| why.contains(&fact.value))
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
    let told = exchange(http);
    let mut lines = page.wrapped(&page.style.show(&told, VALUE), 2);
    if let Some(first) = lines.first_mut() {
        *first = first.clone().lead("- ");
    }
    lines
}

fn why(page: &Page, reasons: &[&str]) -> Vec<Line> {
    reasons.iter().flat_map(|text| page.wrapped(&page.style.show(text, PROSE), 0)).collect()
}

/// How many of the merely possible causes are told with the way out.
const TOLD_WHOLE: usize = 3;

/// The causes, best first: the likely ones with the way out, where there are none the first of the
/// possible ones; the rest by name, and what is ruled out with the reason.
fn causes(page: &Page, causes: &[Cause], reader: &Reader<'_>) -> Vec<Line> {
    let style = page.style;
    let likely = causes.iter().filter(|cause| cause.rank == Rank::Likely).count();
    let whole = if likely > 0 { likely } else { TOLD_WHOLE };
    let (open, excluded) = words::open_and_excluded(causes);
    let mut lines = Vec::new();
    for (at, cause) in open.into_iter().enumerate() {
        let rank = words::rank(cause.rank);
        let told = format!("{rank}: {} ({})", style.show(&cause.title, VALUE), cause.id);
        let first = listed(page, &told);
        lines.extend(first);
        if at >= whole {
            continue;
        }
        for because in &cause.because {
            lines.extend(page.wrapped(&style.show(because, VALUE), 2));
        }
        lines.extend(steps(page, &carrying(&cause.fix, reader), 2));
    }
    lines.extend(ruled_out(page, &excluded));
    lines
}

/// What is ruled out, and by what: causes that one reason excludes are told together.
fn ruled_out(page: &Page, causes: &[&Cause]) -> Vec<Line> {
    let style = page.style;
    let mut reasons: Vec<Option<&String>> = Vec::new();
    for cause in causes {
        if !reasons.contains(&cause.because.first()) {
            reasons.push(cause.because.first());
        }
    }
    let mut lines = Vec::new();
    for reason in reasons {
        let same = causes.iter().filter(|cause| cause.because.first() == reason);
        let named = |cause: &&Cause| format!("{} ({})", style.show(&cause.title, VALUE), cause.id);
        let titles: Vec<String> = same.map(named).collect();
        lines.extend(listed(page, &format!("ruled out: {}", titles.join("; "))));
        let why = reason.map(|why| page.wrapped(&style.show(why, VALUE), 2));
        lines.extend(why.into_iter().flatten());
    }
    lines.into_iter().map(|line| line.tone(Tone::Faint)).collect()
}

/// A line of a list, with its mark.
fn listed(page: &Page, text: &str) -> Vec<Line> {
    let mut lines = page.wrapped(text, 2);
    if let Some(first) = lines.first_mut() {
        *first = first.clone().lead("- ");
    }
    lines
}
