//! `--format markdown`: the report for a ticket or the summary of a CI job. It is CommonMark with
//! the tables of GitHub and GitLab, and holds no HTML.

mod details;
mod escape;
mod guide;

use details::details;
use escape::text;
use guide::guide;

use crate::report::advice::Sheet;
use crate::report::set::text::of_target;
use crate::report::set::{SetVerdict, Shown};
use crate::report::v1::{Report, Status};
use crate::report::{Handbook, Reader, Style, set, words};

/// The marks; they never stand without their word.
const STYLE: Style = Style::PLAIN;

/// The targets as one document.
#[must_use]
pub fn render(targets: &[Shown<'_>], handbook: &Handbook, reader: &Reader<'_>) -> String {
    let one = |target: &Shown<'_>| match target.report {
        Some(report) => {
            let again = of_target(reader, target.name);
            let again = again.as_deref().or(reader.again);
            one(report, target, handbook, &Reader { again, ..*reader })
        }
        None => not_checked(target),
    };
    if targets.is_empty() {
        return format!("# {} {}: 0 targets\n", STYLE.mark(Status::Skipped), words::NOTHING);
    }
    targets.iter().map(one).collect::<Vec<_>>().join("\n---\n\n")
}

fn not_checked(target: &Shown<'_>) -> String {
    let mark = STYLE.mark(Status::Fail);
    let word = set::text::word(SetVerdict::Error);
    let error = target.error.unwrap_or_default();
    format!("# {mark} {word}: {}\n\n- {}\n", text(&target.title()), text(error))
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
