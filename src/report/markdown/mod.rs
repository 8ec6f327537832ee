//! `--format markdown`: the report for a ticket or the summary of a CI job. It is CommonMark with
//! the tables of GitHub and GitLab, and holds no HTML.

mod details;
mod escape;
mod guide;
pub(in crate::report) mod set;

use details::details;
use escape::text;
use guide::guide;

use crate::report::advice::Sheet;
use crate::report::set::Shown;
use crate::report::v1::Report;
use crate::report::{Handbook, Reader, Style, words};

/// The marks; they never stand without their word.
const STYLE: Style = Style::PLAIN;

/// A report as one document.
#[must_use]
pub fn render(report: &Report, handbook: &Handbook, reader: &Reader<'_>) -> String {
    one(report, &Shown::alone(report), handbook, reader)
}

fn one(report: &Report, target: &Shown<'_>, handbook: &Handbook, reader: &Reader<'_>) -> String {
    let sheet = Sheet::of(report, handbook, reader);
    let mark = STYLE.mark(words::head(report));
    let mut out = format!("# {mark} {}: {}\n\n", sheet.verdict, text(&target.title()));
    if let Some(error) = target.error {
        out.push_str(&format!("{}\n\n", text(error)));
    }
    out.push_str(&format!("{}\n\n", words::short_counts(report, STYLE)));
    for told in sheet.beside() {
        out.push_str(&format!("{}\n\n", text(told)));
    }
    guide(&mut out, &sheet, reader);
    details(&mut out, report, handbook, reader);
    out.push_str(&foot(report));
    out
}

fn foot(report: &Report) -> String {
    let told = format!(
        "{} {}, {} run {} at {}. Checksum {}.",
        report.tool.name,
        report.tool.version,
        report.run.mode.as_str(),
        report.run.id,
        report.run.started_at,
        report.integrity.sha256
    );
    format!("---\n\n{}\n", text(&told))
}

#[cfg(test)]
mod tests;
