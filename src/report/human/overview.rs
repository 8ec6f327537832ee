//! One line per check, phase by phase.

use super::page::Page;
use super::{VALUE, words};
use crate::report::style::{Tone, tone};
use crate::report::v1::{CheckEntry, ReasonCode, Status};
use crate::report::wrap::{columns, fit, pad, wrap};

/// Columns before the name of an entry: margin, mark and a space.
const BEFORE: usize = 4;
/// A summary in fewer columns than this is not worth reading.
const LEAST: usize = 12;

pub(super) fn write(page: &mut Page, checks: &[CheckEntry]) {
    let most = page.style.columns().saturating_sub(BEFORE) * 2 / 5;
    let widest = checks.iter().map(|check| columns(label(check))).max().unwrap_or(0);
    let names = widest.min(most.max(23));
    let mut rest = checks;
    while let Some(first) = rest.first() {
        let same = rest.iter().take_while(|check| check.phase == first.phase).count();
        let (phase, after) = rest.split_at_checked(same).unwrap_or((rest, &[]));
        rest = after;
        let heading = page.style.show(&words::phase(&first.phase), VALUE);
        page.heading(&heading);
        write_phase(page, phase, names);
    }
}

fn write_phase(page: &mut Page, checks: &[CheckEntry], names: usize) {
    let mut told: Vec<(ReasonCode, &[String])> = Vec::new();
    for check in checks {
        let group = group_of(check);
        let members: Vec<&CheckEntry> =
            checks.iter().filter(|other| group.is_some() && group_of(other) == group).collect();
        match group {
            Some(group) if members.len() > 1 => {
                if !told.contains(&group) {
                    told.push(group);
                    write_group(page, group, &members);
                }
            }
            _ => write_row(page, check, names),
        }
    }
}

/// Skipped entries with the same reason are told together.
fn group_of(check: &CheckEntry) -> Option<(ReasonCode, &[String])> {
    let reason = check.reason.as_ref()?;
    (check.status == Status::Skipped).then_some((reason.code, reason.blocked_by.as_slice()))
}

fn write_row(page: &mut Page, check: &CheckEntry, names: usize) {
    let style = page.style;
    let summary = match check.status {
        // What was skipped says so in its own words.
        Status::Pass | Status::Skipped => check.summary.clone(),
        status => format!("{}: {}", words::status(status), check.summary),
    };
    let summary = style.show(&summary, VALUE);
    let name = fit(&style.show(label(check), VALUE), names, style.ellipsis());
    let room = style.columns().saturating_sub(BEFORE + names + 2);
    let mark = style.paint(tone(check.status), style.mark(check.status));
    if room < LEAST {
        page.raw(&format!("  {mark} {name}"));
        return;
    }
    // The full stop of a single sentence is noise in a table.
    let single = summary.trim_end_matches('.');
    let summary = if single.contains(". ") { summary.as_str() } else { single };
    let summary = fit(summary, room, style.ellipsis());
    let summary = match check.status {
        Status::Pass => summary,
        Status::Skipped => style.paint(Tone::Faint, &summary),
        status => style.paint(tone(status), &summary),
    };
    page.raw(&format!("  {mark} {}  {summary}", pad(&name, names)));
}

fn write_group(page: &mut Page, group: (ReasonCode, &[String]), members: &[&CheckEntry]) {
    let style = page.style;
    let why = match group {
        (ReasonCode::Blocked, by) if !by.is_empty() => format!("blocked by {}", by.join(", ")),
        (code, _) => words::reason(code).to_owned(),
    };
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
