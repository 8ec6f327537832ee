//! The result on top, and once more at the end.

use super::page::{Line, Page};
use super::{PROSE, VALUE, joined, words};
use crate::report::style::{Tone, status_of};
use crate::report::v1::{CheckEntry, Mode, Rank, Report, Status, Summary};

pub(super) fn write(page: &mut Page, report: &Report) {
    let style = page.style;
    let about = [
        format!("{} {}", report.tool.name, report.tool.version),
        mode(report.run.mode).to_owned(),
        report.run.started_at.timestamp().strftime("%Y-%m-%d %H:%M UTC").to_string(),
        seconds(report.run.duration_ms),
    ];
    let about = style.show(&about.join(style.dot()), VALUE);
    for line in crate::report::wrap::wrap(&about, style.columns()) {
        page.raw(&style.paint(Tone::Faint, &line));
    }
    page.gap();
    verdict(page, report);
    page.gap();
    problem(page, report);
    let counts = words::counts(&report.summary.counts, style);
    page.labelled("Checks", &page.wrapped(&counts, 0));
    let exit = exit(&report.summary);
    page.labelled("Exit", &page.wrapped(&exit, 0));
    let notes = redirection(report).into_iter().chain(note(report).map(ToOwned::to_owned));
    let notes: Vec<Line> =
        notes.flat_map(|note| page.wrapped(&style.show(&note, VALUE), 0)).collect();
    page.labelled("Note", &notes);
}

/// The first failure, or the first open question where nothing failed.
fn problem(page: &mut Page, report: &Report) {
    let style = page.style;
    let (label, entry) = match &report.summary.first_blocker {
        Some(blocker) => {
            let named =
                |check: &&CheckEntry| check.id == blocker.id && check.subject == blocker.subject;
            ("Problem", report.checks.iter().find(named))
        }
        None => {
            let open = |check: &&CheckEntry| check.status == Status::Inconclusive;
            ("Open", report.checks.iter().find(open))
        }
    };
    let Some(entry) = entry else { return };
    let name = joined(&entry.id, entry.subject.as_deref());
    let name = page.wrapped(&style.show(&name, VALUE), 0).into_iter();
    let mut lines: Vec<Line> = name.map(|line| line.tone(Tone::Strong)).collect();
    lines.extend(page.wrapped(&style.show(&entry.summary, PROSE), 0));
    if let Some(cause) = entry.causes.iter().find(|cause| cause.rank != Rank::RuledOut) {
        let told = format!("{} cause: {}", words::rank(cause.rank), cause.title);
        lines.extend(page.wrapped(&style.show(&told, VALUE), 0));
    }
    page.labelled(label, &lines);
}

/// Repeats the result where a terminal stands after a long report.
pub(super) fn close(page: &mut Page, summary: &Summary) {
    let counts = &summary.counts;
    if counts.fail + counts.inconclusive + counts.warn == 0 {
        return;
    }
    page.gap();
    let mut told =
        format!("{}: {}.", words::overall(summary.verdict), words::counts(counts, page.style));
    if let Some(blocker) = &summary.first_blocker {
        let name = joined(&blocker.id, blocker.subject.as_deref());
        let name = page.style.show(&name, VALUE);
        told.push_str(&format!(" Mend {name} first, then check again."));
    }
    page.prose(&told, 0);
}

fn verdict(page: &mut Page, report: &Report) {
    let status = status_of(report.summary.verdict);
    let target = page.style.show(&target(report), VALUE);
    page.title(status, words::overall(report.summary.verdict), &target);
}

/// What was checked, in a few words.
pub(crate) fn target(report: &Report) -> String {
    match (&report.target.account_id, &report.target.account_kind) {
        (Some(id), Some(kind)) => format!("account {id} ({kind})"),
        (Some(id), None) => format!("account {id}"),
        (None, _) => "no account ID read".to_owned(),
    }
}

pub(crate) fn exit(summary: &Summary) -> String {
    format!("code {}: {}", summary.exit_code, words::exit_code(summary.exit_code))
}

/// That another address stood in for NetSuite, which makes a verdict mean less than it says.
pub(crate) fn redirection(report: &Report) -> Option<String> {
    let address = report.environment.connect_to.as_ref()?;
    Some(format!("Every NetSuite host was dialled at {address} (connect-to)."))
}

/// What a good result does not say.
pub(crate) fn note(report: &Report) -> Option<&'static str> {
    let ran = report.checks.iter().any(|check| check.status != Status::Skipped);
    match report.run.mode {
        _ if !ran => Some("No check ran, so nothing is proved."),
        Mode::Offline => Some("Only what can be proved without a network was checked."),
        Mode::Demo => Some("This was a demonstration against the built-in emulator, not NetSuite."),
        Mode::Online => None,
    }
}

pub(crate) fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Offline => "offline",
        Mode::Online => "online",
        Mode::Demo => "demo",
    }
}

pub(crate) fn seconds(millis: u64) -> String {
    if millis < 1_000 {
        return format!("{millis} ms");
    }
    let tenths = millis.saturating_add(50) / 100;
    format!("{}.{} s", tenths / 10, tenths % 10)
}
