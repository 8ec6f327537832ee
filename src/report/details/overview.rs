//! Each check with what was seen of it, phase by phase.

use crate::report::page::{PROSE, Page, VALUE};
use crate::report::text::{Tone, columns, fit, pad, tone, wrap};
use crate::report::v1::{CheckEntry, ReasonEntry, Status};
use crate::report::words::{self, phases};

/// Columns before the name of an entry: margin, mark and a space.
const BEFORE: usize = 4;
/// A summary in fewer columns than this is not worth reading.
const LEAST: usize = 12;

pub(super) fn write_overview(page: &mut Page, checks: &[CheckEntry]) {
    let most = page.style.columns().saturating_sub(BEFORE) * 2 / 5;
    let widest = checks.iter().map(|check| columns(label(check))).max().unwrap_or(0);
    let names = widest.min(most.max(23));
    for (phase, checks) in phases(checks) {
        let heading = page.style.show(&words::phase(phase), VALUE);
        page.heading(&heading);
        write_phase(page, checks, names);
    }
}

fn write_phase(page: &mut Page, checks: &[CheckEntry], names: usize) {
    let mut told: Vec<&ReasonEntry> = Vec::new();
    for check in checks {
        let reason = skipped(check);
        let same = |other: &&CheckEntry| {
            reason.zip(skipped(other)).is_some_and(|(one, other)| alike(one, other))
        };
        let members: Vec<&CheckEntry> = checks.iter().filter(same).collect();
        match reason {
            Some(reason) if members.len() > 1 => {
                if !told.iter().any(|one| alike(one, reason)) {
                    told.push(reason);
                    write_skipped(page, reason, &members);
                }
            }
            _ => write_row(page, check, names),
        }
    }
}

/// Why an entry was skipped. Those with the same reason are told together.
fn skipped(check: &CheckEntry) -> Option<&ReasonEntry> {
    check.reason.as_ref().filter(|_| check.status == Status::Skipped)
}

fn alike(one: &ReasonEntry, other: &ReasonEntry) -> bool {
    one.code == other.code && one.blocked_by == other.blocked_by
}

fn write_row(page: &mut Page, check: &CheckEntry, names: usize) {
    let style = page.style;
    let summary = match check.status {
        // What was skipped says so in its own words.
        Status::Pass | Status::Skipped => check.summary.clone(),
        status => format!("{}: {}", words::status(status), check.summary),
    };
    let summary = style.show(&summary, PROSE);
    // A name is worth more than what was seen of it.
    let whole = style.columns().saturating_sub(BEFORE);
    let name = fit(&style.show(label(check), VALUE), whole, style.ellipsis());
    let room = whole.saturating_sub(names.max(columns(&name)) + 2);
    let mark = style.paint(tone(check.status), style.mark(check.status));
    if room < LEAST {
        page.raw(&format!("  {mark} {name}"));
        return;
    }
    // The full stop of a single sentence is noise in a table.
    let single = summary.trim_end_matches('.');
    let summary = if single.contains(". ") { summary.as_str() } else { single };
    for (at, line) in wrap(summary, room).iter().enumerate() {
        let line = match check.status {
            Status::Pass => line.clone(),
            Status::Skipped => style.paint(Tone::Faint, line),
            status => style.paint(tone(status), line),
        };
        let (mark, name) = if at == 0 { (mark.as_str(), name.as_str()) } else { (" ", "") };
        page.raw(&format!("  {mark} {}  {line}", pad(name, names)));
    }
}

fn write_skipped(page: &mut Page, reason: &ReasonEntry, members: &[&CheckEntry]) {
    let style = page.style;
    let why = words::why_not(reason);
    let names: Vec<&str> = members.iter().map(|check| label(check)).collect();
    let told = format!("{} skipped ({why}): {}", members.len(), names.join(", "));
    let told = style.show(&told, usize::MAX);
    for (at, line) in wrap(&told, style.columns().saturating_sub(BEFORE)).iter().enumerate() {
        let mark = if at == 0 { style.mark(Status::Skipped) } else { " " };
        let text = style.paint(Tone::Faint, &format!("{mark} {line}"));
        page.raw(&format!("  {text}"));
    }
}

/// An entry's name inside its phase: records go by their type and level.
fn label(check: &CheckEntry) -> &str {
    check.subject.as_deref().unwrap_or(&check.id)
}
