//! All that the document holds besides what to do: every check, and each problem with its causes.

use super::STYLE;
use super::escape::{code, text};
use super::guide::steps;
use crate::report::v1::{Cause, CheckEntry, Report, Status};
use crate::report::words::{
    exchange, facts, group_name, open_and_excluded, phases, problems, reasons, why_not,
};
use crate::report::{Handbook, Reader, words};

/// The section `Details`.
pub(super) fn details(out: &mut String, report: &Report, handbook: &Handbook, reader: &Reader<'_>) {
    out.push_str("## Details\n\n");
    out.push_str(&format!("{}\n\n", text(&format!("Exit {}", words::exit(&report.summary)))));
    out.push_str("| Check | Result | What was seen |\n|---|---|---|\n");
    for (phase, checks) in phases(&report.checks) {
        out.push_str(&format!("| **{}** | | |\n", text(&words::phase(phase))));
        for check in checks {
            out.push_str(&row(check));
            out.push('\n');
        }
    }
    out.push('\n');
    for group in problems(&report.checks) {
        problem(out, &group, handbook, reader);
    }
}

fn row(check: &CheckEntry) -> String {
    let name = text(&check.name());
    let result = format!("{} {}", STYLE.mark(check.status), words::status(check.status));
    let result = if check.status == Status::Fail { format!("**{result}**") } else { result };
    format!("| {name} | {result} | {} |", text(&check.summary))
}

fn problem(out: &mut String, group: &[&CheckEntry], handbook: &Handbook, reader: &Reader<'_>) {
    let Some(first) = group.first() else { return };
    let name = text(&group_name(group, first));
    let (mark, word) = (STYLE.mark(first.status), words::status(first.status));
    out.push_str(&format!("### {mark} {name}: {word}\n\n"));
    out.push_str(&format!("Goal: {}\n\n", text(&first.title)));
    seen(out, group);
    for reason in reasons(first, handbook) {
        out.push_str(&format!("{}\n\n", text(reason)));
    }
    causes(out, &first.causes, reader);
    if !first.fix.is_empty() {
        out.push_str("**How to fix it**\n\n");
        steps(out, &first.fix, 0, reader);
        out.push('\n');
    }
}

fn seen(out: &mut String, group: &[&CheckEntry]) {
    out.push_str("**What was seen**\n\n");
    for check in group {
        let about = check.subject.as_deref().filter(|_| group.len() > 1);
        let about = about.map(|subject| format!("{}: ", text(subject))).unwrap_or_default();
        out.push_str(&format!("- {about}{}", text(&check.summary)));
        if let Some(reason) = &check.reason {
            let detail = reason.detail.as_deref().map(|detail| format!("; {detail}"));
            let told = format!("{}{}", why_not(reason), detail.unwrap_or_default());
            out.push_str(&format!(" \\({}\\)", text(&told)));
        }
        out.push('\n');
        if group.len() > 1 {
            continue;
        }
        for fact in facts(check) {
            out.push_str(&format!(
                "- {}: {}",
                text(&fact.key.replace('_', " ")),
                code(&fact.value)
            ));
            if let Some(expected) = &fact.expected {
                out.push_str(&format!(", expected {}", code(expected)));
            }
            if let Some(source) = &fact.source {
                out.push_str(&format!(" \\({}\\)", text(source)));
            }
            out.push('\n');
        }
        for http in &check.http {
            out.push_str(&format!("- {}\n", code(&exchange(http))));
        }
    }
    out.push('\n');
}

fn causes(out: &mut String, causes: &[Cause], reader: &Reader<'_>) {
    if causes.is_empty() {
        return;
    }
    out.push_str("**Causes**\n\n");
    let (open, excluded) = open_and_excluded(causes);
    for cause in open {
        let rank = words::rank(cause.rank);
        out.push_str(&format!("- {rank}: **{}**", text(&cause.title)));
        if !cause.because.is_empty() {
            let because: Vec<String> = cause.because.iter().map(|why| text(why)).collect();
            out.push_str(&format!(". {}", because.join(" ")));
        }
        out.push('\n');
        if !cause.fix.is_empty() {
            out.push('\n');
            steps(out, &cause.fix, 2, reader);
        }
    }
    for cause in excluded {
        let because = cause.because.first().map(|why| format!(". {}", text(why)));
        let (rank, title) = (words::rank(cause.rank), text(&cause.title));
        out.push_str(&format!("- {rank}: {title}{}\n", because.unwrap_or_default()));
    }
    out.push('\n');
}
