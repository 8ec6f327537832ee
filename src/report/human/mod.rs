//! `--format human`: the report for a person at a terminal.
//!
//! The result stands on top, then one line per check, then what to do about each problem.

pub(crate) mod details;
pub(crate) mod head;
mod overview;
mod page;
mod steps;
pub(crate) mod words;

use super::handbook::Handbook;
use super::style::Style;
use super::v1::{Fix, Report};
pub(crate) use page::{Line, Page};
pub(crate) use steps::steps;

/// The most characters that are shown of what was seen and of guidance.
pub(crate) const PROSE: usize = 1_200;
/// The most characters that are shown of one fact.
pub(crate) const VALUE: usize = 300;
/// The most characters of a command or an address, which are never cut in two lines.
pub(crate) const UNBROKEN: usize = 9_000;

/// The report as text. The handbook gives the reasons why a check matters; what the report itself
/// says is never replaced by it.
#[must_use]
pub fn render(report: &Report, handbook: &Handbook, style: Style) -> String {
    let mut page = Page::new(style);
    head::write(&mut page, report);
    overview::write(&mut page, &report.checks);
    details::write(&mut page, &report.checks, handbook);
    head::close(&mut page, &report.summary);
    page.finish()
}

/// Prose in lines of at most so many columns.
pub(crate) use super::wrap::wrap as lines;

/// Steps as a numbered list beside a label.
#[must_use]
pub fn labelled_steps(label: &str, fixes: &[Fix], style: Style) -> String {
    let mut page = Page::new(style);
    let lines = steps(&page, fixes, 0);
    page.labelled(label, &lines);
    page.finish()
}

/// The name of an entry, as `--only` takes it.
pub(crate) fn joined(id: &str, subject: Option<&str>) -> String {
    match subject {
        Some(subject) => format!("{id}:{subject}"),
        None => id.to_owned(),
    }
}

#[cfg(test)]
mod tests;
