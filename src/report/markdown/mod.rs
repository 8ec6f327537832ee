//! `--format markdown`: the report for a ticket or the summary of a CI job. It is CommonMark with
//! the tables of GitHub and GitLab, and holds no HTML.

mod details;
mod escape;

use escape::text;

use super::handbook::Handbook;
use super::human::{head, joined, words};
use super::set::{self, SetVerdict, Shown};
use super::story::{phases, problems};
use super::style::Style;
use super::v1::{CheckEntry, Rank, Report, Status};

/// The marks; they never stand without their word.
const STYLE: Style = Style { colour: false, unicode: true, width: 80 };

/// The targets as one document.
#[must_use]
pub fn render(targets: &[Shown<'_>], handbook: &Handbook) -> String {
    let one = |target: &Shown<'_>| match target.report {
        Some(report) => one(report, &target.title(), target.error, handbook),
        None => not_checked(target),
    };
    targets.iter().map(one).collect::<Vec<_>>().join("\n---\n\n")
}

fn not_checked(target: &Shown<'_>) -> String {
    let mark = STYLE.mark(Status::Fail);
    let word = set::words::word(SetVerdict::Error);
    let error = target.error.unwrap_or_default();
    format!("# {mark} {word}: {}\n\n- {}\n", text(&target.title()), text(error))
}

fn one(report: &Report, title: &str, error: Option<&str>, handbook: &Handbook) -> String {
    let mut out = String::new();
    let mut line = |text: &str| {
        out.push_str(text);
        out.push('\n');
    };
    let status = super::style::status_of(report.summary.verdict);
    line(&format!(
        "# {} {}: {}",
        STYLE.mark(status),
        words::overall(report.summary.verdict),
        text(title)
    ));
    line("");
    if let Some(error) = error {
        line(&format!("- {}", text(error)));
    }
    for told in lead(report) {
        line(&format!("- {told}"));
    }
    line("");
    line("| Check | Result | What was seen |");
    line("|---|---|---|");
    for (phase, checks) in phases(&report.checks) {
        line(&format!("| **{}** | | |", text(&words::phase(phase))));
        for check in checks {
            line(&row(check));
        }
    }
    line("");
    let problems = problems(&report.checks);
    if !problems.is_empty() {
        line("## What to do");
        line("");
        for group in problems {
            details::write(&mut out, &group, handbook);
        }
    }
    out.push_str(&foot(report));
    out
}

fn lead(report: &Report) -> Vec<String> {
    let summary = &report.summary;
    let mut told = Vec::new();
    if let Some(blocker) = &summary.first_blocker {
        let name = joined(&blocker.id, blocker.subject.as_deref());
        told.push(format!("First problem: **{}**", text(&name)));
        let named =
            |check: &&CheckEntry| check.id == blocker.id && check.subject == blocker.subject;
        let entry = report.checks.iter().find(named);
        let cause = entry.and_then(|e| e.causes.iter().find(|cause| cause.rank != Rank::RuledOut));
        if let Some(cause) = cause {
            let rank = words::rank(cause.rank);
            told.push(format!("Cause, {rank}: **{}**", text(&cause.title)));
        }
    }
    told.push(format!("Checks: {}", words::counts(&summary.counts, STYLE)));
    told.push(text(&format!(
        "Exit code {}: {}",
        summary.exit_code,
        words::exit_code(summary.exit_code)
    )));
    told.extend(head::redirection(report).as_deref().map(text));
    told.extend(head::note(report).map(text));
    told
}

fn row(check: &CheckEntry) -> String {
    let name = text(&joined(&check.id, check.subject.as_deref()));
    let result = format!("{} {}", STYLE.mark(check.status), words::status(check.status));
    let result = if check.status == Status::Fail { format!("**{result}**") } else { result };
    format!("| {name} | {result} | {} |", text(&check.summary))
}

fn foot(report: &Report) -> String {
    let told = format!(
        "{} {}, {} run {} at {}. Checksum {}.",
        report.tool.name,
        report.tool.version,
        head::mode(report.run.mode),
        report.run.id,
        report.run.started_at,
        report.integrity.sha256
    );
    format!("---\n\n{}\n", text(&told))
}

#[cfg(test)]
mod tests;
