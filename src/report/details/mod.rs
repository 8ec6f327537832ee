//! `--details`: every check of a report, with its evidence, every cause and its reasons.
//!
//! The result stands on top, then one line per check, then what to do about each problem.

mod overview;
mod problems;

pub(crate) use problems::entry;

use overview::write_overview;
use problems::write_problems;

use crate::report::page::{Line, PROSE, Page, VALUE};
use crate::report::text::{Tone, wrap};
use crate::report::v1::{CheckEntry, Report, Status};
use crate::report::words::{exit, note, problems, redirection, seconds, target};
use crate::report::{Handbook, Reader, words};

/// The report as text. The handbook gives the reasons why a check matters; what the report itself
/// says is never replaced by it.
#[must_use]
pub fn render(report: &Report, handbook: &Handbook, reader: &Reader<'_>) -> String {
    let mut page = Page::new(reader.style);
    write_head(&mut page, report);
    write_overview(&mut page, &report.checks);
    write_problems(&mut page, &report.checks, handbook, reader);
    close(&mut page, report);
    page.finish()
}

fn write_head(page: &mut Page, report: &Report) {
    let style = page.style;
    let about = [
        format!("{} {}", report.tool.name, report.tool.version),
        report.run.mode.as_str().to_owned(),
        words::started(report),
        seconds(report.run.duration_ms),
    ];
    let about = style.show(&about.join(style.dot()), VALUE);
    for line in wrap(&about, style.columns()) {
        page.raw(&style.paint(Tone::Faint, &line));
    }
    page.gap();
    write_verdict(page, report);
    page.gap();
    write_problem(page, report);
    let counts = words::short_counts(report, style);
    page.labelled("Checks", &page.wrapped(&counts, 0));
    let exit = exit(&report.summary);
    page.labelled("Exit", &page.wrapped(&exit, 0));
    let notes = redirection(report).into_iter().chain(note(report).map(ToOwned::to_owned));
    let notes: Vec<Line> =
        notes.flat_map(|note| page.wrapped(&style.show(&note, VALUE), 0)).collect();
    page.labelled("Note", &notes);
}

/// The first failure, or the first open question where nothing failed.
fn write_problem(page: &mut Page, report: &Report) {
    let style = page.style;
    let Some(entry) = first(&report.checks) else { return };
    let label = match entry.status {
        Status::Fail => "Problem",
        Status::Inconclusive => "Open",
        _ => return,
    };
    let name = entry.name();
    let name = page.wrapped(&style.show(&name, VALUE), 0).into_iter();
    let mut lines: Vec<Line> = name.map(|line| line.tone(Tone::Strong)).collect();
    lines.extend(page.wrapped(&style.show(&entry.summary, PROSE), 0));
    if let Some(cause) = entry.leading_cause() {
        let told = format!("{} cause: {}", words::rank(cause.rank), cause.title);
        lines.extend(page.wrapped(&style.show(&told, VALUE), 0));
    }
    page.labelled(label, &lines);
}

/// The entry to look at first.
fn first(checks: &[CheckEntry]) -> Option<&CheckEntry> {
    problems(checks).first().and_then(|group| group.first()).copied()
}

/// Repeats the result where a terminal stands after a long report.
fn close(page: &mut Page, report: &Report) {
    let summary = &report.summary;
    let counts = &summary.counts;
    if counts.fail + counts.inconclusive + counts.warn == 0 {
        return;
    }
    page.gap();
    let mut told = format!(
        "{}: {}.",
        words::overall(summary.verdict),
        words::short_counts(report, page.style)
    );
    if let Some(first) = first(&report.checks).filter(|first| first.status == Status::Fail) {
        let name = first.name();
        let name = page.style.show(&name, VALUE);
        told.push_str(&format!(" Fix {name} first, then check again."));
    }
    page.prose(&told, 0);
}

fn write_verdict(page: &mut Page, report: &Report) {
    let status = words::head(report);
    let target = page.style.show(&target(report), VALUE);
    page.title(status, words::verdict(report), &target);
}

#[cfg(test)]
mod tests;
