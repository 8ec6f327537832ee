//! `--format human`: what a person reads at a terminal. Is it right, what is wrong, what to do now.
//!
//! One fault and one place to go come first; `--details` has everything else.

mod action;
mod command;
mod local;

use action::write_action;
use command::write_command;
use local::with_local_times;

use crate::report::advice::{Fault, faults};
use crate::report::page::{PROSE, Page, VALUE};
use crate::report::reader::{CHECK, Extent, Reader, again};
use crate::report::text::{Tone, columns, status_of, tone, wrap};
use crate::report::v1::{Mode, Report, Status};
use crate::report::words::{self, phases, redirection};
use crate::report::{Handbook, Style};

/// The report as text.
#[must_use]
pub fn render(report: &Report, handbook: &Handbook, reader: &Reader<'_>) -> String {
    if reader.extent == Extent::Details {
        return super::details::render(report, handbook, reader.style);
    }
    let faults = faults(report, handbook);
    let mut page = Page::new(reader.style);
    write_head(&mut page, report, &faults);
    for at in 0..faults.len() {
        write_fault(&mut page, &faults, at, reader);
    }
    write_end(&mut page, report, &faults, reader);
    page.finish()
}

/// Columns before the text below the title.
const MARGIN: usize = 2;
/// Columns before what belongs to a label.
const INDENT: usize = 5;
fn write_head(page: &mut Page, report: &Report, faults: &[Fault<'_>]) {
    let style = page.style;
    let unproved = unproved(report, style);
    // What was not looked at stands before a verdict that nobody should take for more.
    if report.run.mode == Mode::Offline && faults.is_empty() {
        for line in &unproved {
            page.prose(line, 0);
        }
        page.gap();
    }
    let status = status_of(report.summary.verdict);
    let word = format!("{} {}", style.mark(status), words::verdict(report));
    let target = style.show(&words::target(report), VALUE);
    let counts = words::short_counts(&report.summary.counts, style);
    let left = format!("{word}  {target}");
    let gap = style.columns().saturating_sub(columns(&left) + columns(&counts));
    let shown =
        format!("{}  {}", style.paint(tone(status), &word), style.paint(Tone::Strong, &target));
    if gap >= 2 {
        page.raw(&format!("{shown}{}{counts}", " ".repeat(gap)));
    } else {
        page.title(status, words::verdict(report), &target);
        page.prose(&counts, MARGIN);
    }
    let demo = words::note(report).filter(|_| report.run.mode != Mode::Offline);
    for note in redirection(report).into_iter().chain(demo.map(str::to_owned)) {
        page.prose(&style.show(&note, VALUE), MARGIN);
    }
    if faults.is_empty() {
        page.gap();
        write_passes(page, report);
        if report.run.mode != Mode::Offline {
            for line in &unproved {
                page.prose(line, MARGIN);
            }
        }
    }
}

/// What passed, as a count per phase.
fn write_passes(page: &mut Page, report: &Report) {
    let mut told = Vec::new();
    for (phase, checks) in phases(&report.checks) {
        let passed = checks.iter().filter(|check| check.status == Status::Pass).count();
        if passed > 0 {
            told.push(format!("{} {passed}", words::phase(phase)));
        }
    }
    if !told.is_empty() {
        let line = format!("Passed: {}.", told.join(", "));
        page.prose(&page.style.show(&line, PROSE), MARGIN);
    }
}

/// What was not checked, by the reason.
fn unproved(report: &Report, style: Style) -> Vec<String> {
    let mut reasons: Vec<(String, Vec<String>)> = Vec::new();
    for check in &report.checks {
        let Some(reason) = check.reason.as_ref().filter(|_| check.status == Status::Skipped) else {
            continue;
        };
        let why = words::why_not(reason);
        match reasons.iter_mut().find(|(known, _)| *known == why) {
            Some((_, names)) => names.push(check.name()),
            None => reasons.push((why, vec![check.name()])),
        }
    }
    let told = |(why, names): &(String, Vec<String>)| {
        style.show(&format!("Not checked ({why}): {}.", names.join(", ")), usize::MAX)
    };
    reasons.iter().map(told).collect()
}

/// Lines that what to do about a further fault may take.
const SHORT: usize = 6;

fn write_fault(page: &mut Page, faults: &[Fault<'_>], at: usize, reader: &Reader<'_>) {
    let style = page.style;
    let Some(fault) = faults.get(at) else { return };
    let (of, gravest) = (faults.len(), faults.first().map_or(Status::Skipped, Fault::status));
    if reader.extent == Extent::Quiet && at > 0 {
        return;
    }
    page.gap();
    let said = with_local_times(&style.show(&fault.said, PROSE), reader.zone);
    let said = match fault.lead().filter(|_| of > 1) {
        Some(lead) => {
            let alone = fault.entries.iter().filter(|entry| entry.id == lead.id).count() == 1;
            let name = if alone { lead.name() } else { lead.id.clone() };
            format!("{} {}: {said}", style.mark(lead.status), style.show(&name, VALUE))
        }
        None => said,
    };
    if reader.extent != Extent::Quiet {
        for (number, line) in wrap(&said, style.columns().saturating_sub(MARGIN)).iter().enumerate()
        {
            let line = match number {
                0 if of > 1 => style.paint(tone(fault.status()), line),
                _ => line.clone(),
            };
            page.raw(&format!("{}{line}", " ".repeat(MARGIN)));
        }
        page.gap();
    }
    // A warning beside a failure can wait.
    if at > 0 && fault.status() == Status::Warn && gravest != Status::Warn {
        return;
    }
    if at == 0 {
        write_action(page, &fault.action, "Do this", reader);
        return;
    }
    // The first fault has the page; the others have what fits into a few lines.
    let mut own = Page::new(style);
    write_action(&mut own, &fault.action, "Next", reader);
    let text = own.finish();
    let check = fault.lead().map_or("", |lead| lead.id.as_str());
    if text.lines().count() <= SHORT {
        text.lines().for_each(|line| page.raw(line));
    } else {
        write_command(page, "Next", &format!("netsuite-preflight explain {check}"));
    }
}

fn write_end(page: &mut Page, report: &Report, faults: &[Fault<'_>], reader: &Reader<'_>) {
    let base = reader.again.unwrap_or(CHECK);
    let demo = report.run.mode == Mode::Demo;
    if faults.is_empty() && !demo {
        return;
    }
    page.gap();
    let records = |fault: &Fault<'_>| fault.lead().is_some_and(|lead| lead.subject.is_some());
    if demo {
        write_command(page, "Next", SETUP);
    } else if faults.iter().all(records) && !base.contains("--only") {
        write_command(page, "Then", &format!("{base} --only record-access"));
    } else {
        write_command(page, "Then", base);
    }
    if reader.extent != Extent::Quiet && !faults.is_empty() {
        let details = format!("{CHECK} --details");
        let details = again(&details, reader);
        write_command(page, "Details", &details);
    }
}

/// What comes after a demonstration.
const SETUP: &str = "netsuite-preflight setup";

#[cfg(test)]
mod tests;
