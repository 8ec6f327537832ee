//! `--details`: every check of a report, with its evidence, every cause and its reasons.
//!
//! The result stands on top, then one line per check, then what to do about each problem.

use crate::report::page::{Line, PROSE, Page, VALUE, steps};
use crate::report::text::{Tone, columns, fit, pad, status_of, tone, wrap};
use crate::report::v1::{
    Cause, CheckEntry, EvidenceEntry, HttpEntry, Rank, ReasonEntry, Report, Status, Summary,
};
use crate::report::words::{
    exchange, exit, facts, group_name, note, phases, problems, reasons, redirection, seconds,
    target,
};
use crate::report::{Handbook, Style, words};

/// The report as text. The handbook gives the reasons why a check matters; what the report itself
/// says is never replaced by it.
#[must_use]
pub fn render(report: &Report, handbook: &Handbook, style: Style) -> String {
    let mut page = Page::new(style);
    write_head(&mut page, report);
    write_overview(&mut page, &report.checks);
    write_details(&mut page, &report.checks, handbook);
    close(&mut page, &report.summary);
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
fn write_problem(page: &mut Page, report: &Report) {
    let style = page.style;
    let (label, entry) = match &report.summary.first_blocker {
        Some(_) => ("Problem", report.first_blocker()),
        None => {
            let open = |check: &&CheckEntry| check.status == Status::Inconclusive;
            ("Open", report.checks.iter().find(open))
        }
    };
    let Some(entry) = entry else { return };
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

/// Repeats the result where a terminal stands after a long report.
fn close(page: &mut Page, summary: &Summary) {
    let counts = &summary.counts;
    if counts.fail + counts.inconclusive + counts.warn == 0 {
        return;
    }
    page.gap();
    let mut told =
        format!("{}: {}.", words::overall(summary.verdict), words::counts(counts, page.style));
    if let Some(blocker) = &summary.first_blocker {
        let name = blocker.name();
        let name = page.style.show(&name, VALUE);
        told.push_str(&format!(" Fix {name} first, then check again."));
    }
    page.prose(&told, 0);
}

fn write_verdict(page: &mut Page, report: &Report) {
    let status = status_of(report.summary.verdict);
    let target = page.style.show(&target(report), VALUE);
    page.title(status, words::verdict(report), &target);
}

/// Columns before the name of an entry: margin, mark and a space.
const BEFORE: usize = 4;
/// A summary in fewer columns than this is not worth reading.
const LEAST: usize = 12;

fn write_overview(page: &mut Page, checks: &[CheckEntry]) {
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

fn write_details(page: &mut Page, checks: &[CheckEntry], handbook: &Handbook) {
    let groups = problems(checks);
    if groups.is_empty() {
        return;
    }
    page.heading("What to do");
    // What was just said of the same check is not said again.
    let mut told: Option<(&str, Vec<&str>)> = None;
    for group in groups {
        let Some(first) = group.first() else { continue };
        page.gap();
        let reasons = reasons(first, handbook);
        let again = told.as_ref().is_some_and(|told| *told == (first.id.as_str(), reasons.clone()));
        write_group(page, &group, first, if again { None } else { Some(&reasons) });
        told = Some((first.id.as_str(), reasons));
    }
}

/// One entry by itself, for forms that have a place for plain text.
pub(crate) fn entry(check: &CheckEntry, handbook: &Handbook, style: Style) -> String {
    let mut page = Page::new(style);
    write_group(&mut page, &[check], check, Some(&reasons(check, handbook)));
    page.finish()
}

fn write_group(
    page: &mut Page,
    group: &[&CheckEntry],
    first: &CheckEntry,
    reasons: Option<&[&str]>,
) {
    let style = page.style;
    let name = style.show(&group_name(group, first), VALUE);
    page.title(first.status, words::status(first.status), &name);
    if reasons.is_some() {
        page.labelled("Goal", &page.wrapped(&style.show(&first.title, VALUE), 0));
    }
    let seen = seen(page, group);
    page.labelled("Seen", &seen);
    if let Some(reasons) = reasons {
        let why = why(page, reasons);
        page.labelled("Why", &why);
    }
    // What finds out the cause comes first, unless the cause is known.
    let known = first.causes.iter().any(|cause| cause.rank == Rank::Likely);
    let causes = causes(page, &first.causes);
    let fix = steps(page, &first.fix, 0);
    if known {
        page.labelled("Causes", &causes);
        page.labelled("Fix", &fix);
    } else {
        page.labelled("Fix", &fix);
        page.labelled("Causes", &causes);
    }
    let more = format!("netsuite-preflight explain {}", style.show(&first.id, VALUE));
    page.labelled("More", &[Line::new(more).tone(Tone::Faint)]);
}

fn seen(page: &Page, group: &[&CheckEntry]) -> Vec<Line> {
    let style = page.style;
    let mut lines = Vec::new();
    for check in group {
        let summary = style.show(&check.summary, PROSE);
        match check.subject.as_deref().filter(|_| group.len() > 1) {
            Some(subject) => {
                let told = format!("{}: {summary}", style.show(subject, VALUE));
                lines.extend(page.wrapped(&told, 0));
            }
            None => lines.extend(page.wrapped(&summary, 0)),
        }
        if let Some(reason) = &check.reason {
            let detail = reason.detail.as_deref().map(|detail| style.show(detail, VALUE));
            lines.extend(detail.iter().flat_map(|detail| page.wrapped(detail, 0)));
        }
        // Facts of many entries would bury what they have in common.
        if group.len() == 1 {
            for fact in facts(check).filter(|fact| !told_by_a_cause(check, fact)) {
                lines.extend(fact_lines(page, fact));
            }
            lines.extend(check.http.iter().flat_map(|http| http_lines(page, http)));
        }
    }
    lines
}

/// What a cause gives as its reason is not told twice.
fn told_by_a_cause(check: &CheckEntry, fact: &EvidenceEntry) -> bool {
    let reasons = || check.causes.iter().flat_map(|cause| &cause.because);
    fact.key == "audit_detail"
        && fact.source.is_none()
        && reasons().any(|why| why.contains(&fact.value))
}

fn fact_lines(page: &Page, fact: &EvidenceEntry) -> Vec<Line> {
    let show = |text: &str| page.style.show(text, VALUE);
    let told = format!("{}: {}", show(&fact.key).replace('_', " "), show(&fact.value));
    let mut lines = page.wrapped(&told, 2);
    if let Some(first) = lines.first_mut() {
        *first = first.clone().lead("- ");
    }
    if let Some(expected) = &fact.expected {
        lines.extend(page.wrapped(&format!("expected: {}", show(expected)), 2));
    }
    if let Some(source) = &fact.source {
        lines.extend(page.wrapped(&format!("from: {}", show(source)), 2));
    }
    lines
}

fn http_lines(page: &Page, http: &HttpEntry) -> Vec<Line> {
    let told = exchange(http);
    let mut lines = page.wrapped(&page.style.show(&told, VALUE), 2);
    if let Some(first) = lines.first_mut() {
        *first = first.clone().lead("- ");
    }
    lines
}

fn why(page: &Page, reasons: &[&str]) -> Vec<Line> {
    reasons.iter().flat_map(|text| page.wrapped(&page.style.show(text, PROSE), 0)).collect()
}

/// How many of the merely possible causes are told with the way out.
const TOLD_WHOLE: usize = 3;

/// The causes, best first: the likely ones with the way out, where there are none the first of the
/// possible ones; the rest by name, and what is ruled out with the reason.
fn causes(page: &Page, causes: &[Cause]) -> Vec<Line> {
    let style = page.style;
    let likely = causes.iter().filter(|cause| cause.rank == Rank::Likely).count();
    let whole = if likely > 0 { likely } else { TOLD_WHOLE };
    let (open, excluded) = words::open_and_excluded(causes);
    let mut lines = Vec::new();
    for (at, cause) in open.into_iter().enumerate() {
        let rank = words::rank(cause.rank);
        let told = format!("{rank}: {} ({})", style.show(&cause.title, VALUE), cause.id);
        let first = listed(page, &told);
        lines.extend(first);
        if at >= whole {
            continue;
        }
        for because in &cause.because {
            lines.extend(page.wrapped(&style.show(because, VALUE), 2));
        }
        lines.extend(steps(page, &cause.fix, 2));
    }
    lines.extend(ruled_out(page, &excluded));
    lines
}

/// What is ruled out, and by what: causes that one reason excludes are told together.
fn ruled_out(page: &Page, causes: &[&Cause]) -> Vec<Line> {
    let style = page.style;
    let mut reasons: Vec<Option<&String>> = Vec::new();
    for cause in causes {
        if !reasons.contains(&cause.because.first()) {
            reasons.push(cause.because.first());
        }
    }
    let mut lines = Vec::new();
    for reason in reasons {
        let same = causes.iter().filter(|cause| cause.because.first() == reason);
        let named = |cause: &&Cause| format!("{} ({})", style.show(&cause.title, VALUE), cause.id);
        let titles: Vec<String> = same.map(named).collect();
        lines.extend(listed(page, &format!("ruled out: {}", titles.join("; "))));
        let why = reason.map(|why| page.wrapped(&style.show(why, VALUE), 2));
        lines.extend(why.into_iter().flatten());
    }
    lines.into_iter().map(|line| line.tone(Tone::Faint)).collect()
}

/// A line of a list, with its mark.
fn listed(page: &Page, text: &str) -> Vec<Line> {
    let mut lines = page.wrapped(text, 2);
    if let Some(first) = lines.first_mut() {
        *first = first.clone().lead("- ");
    }
    lines
}

#[cfg(test)]
mod tests {
    use crate::engine::{CheckResult, ReasonCode, Verdict};
    use crate::report::json::tests::complaint;
    use crate::report::samples::{handbook, meta};
    use crate::report::{build, samples, text};

    use super::*;
    use crate::report::v1::Mode;

    fn plain(width: usize) -> Style {
        Style { width, ..Style::default() }
    }

    fn of(results: &[CheckResult], mode: Mode) -> Report {
        let mut meta = meta();
        meta.mode = mode;
        let mut report = build(results, &meta, &handbook()).unwrap();
        assert_eq!(complaint(&serde_json::to_value(&report).unwrap()), None);
        report.tool.version = "1.2.3".to_owned();
        report
    }

    #[test]
    fn the_sample_without_colour() {
        insta::assert_snapshot!(render(&samples::fixed_report(), &handbook(), plain(80)));
    }

    #[test]
    fn the_sample_with_colour() {
        let style = Style { colour: true, ..plain(80) };
        let shown = render(&samples::fixed_report(), &handbook(), style);
        insta::assert_snapshot!(shown.replace('\u{1b}', "ESC"));
    }

    #[test]
    fn colour_adds_nothing_but_colour() {
        let report = samples::fixed_report();
        let coloured = render(&report, &handbook(), Style { colour: true, ..plain(80) });
        let mut stripped = String::new();
        for (at, part) in coloured.split("\u{1b}[").enumerate() {
            stripped.push_str(if at == 0 { part } else { part.split_once('m').unwrap().1 });
        }
        // Colour may stand around trailing spaces, which only the plain form cuts off.
        let trimmed: Vec<&str> = stripped.lines().map(str::trim_end).collect();
        let expected = render(&report, &handbook(), plain(80));
        assert_eq!(trimmed, expected.lines().collect::<Vec<_>>());
    }

    #[test]
    fn only_ascii_where_nothing_else_can_be_shown() {
        let style = Style { unicode: false, ..plain(80) };
        let shown = render(&samples::fixed_report(), &handbook(), style);
        assert!(
            shown.is_ascii(),
            "{:?}",
            shown.chars().filter(|c| !c.is_ascii()).collect::<String>()
        );
    }

    #[test]
    fn a_good_run_offline_says_what_it_does_not_prove() {
        let results = vec![
            samples::result("account-id", Verdict::pass("1234567_SB1 (sandbox).")),
            samples::result(
                "token-exchange",
                Verdict::skipped(ReasonCode::Offline, "Not checked: this run uses no network."),
            ),
            samples::result(
                "token-identity",
                Verdict::skipped(ReasonCode::Offline, "Not checked: this run uses no network."),
            ),
        ];
        let mut report = of(&results, Mode::Offline);
        // Nobody read the Login Audit Trail for it.
        report.checks.iter_mut().for_each(|check| check.causes.clear());
        insta::assert_snapshot!(render(&report, &handbook(), plain(80)), @r"
        netsuite-preflight 1.2.3 · offline · 2026-03-02 09:30 UTC · 1.9 s

        ✓ PASSED  account 1234567_SB1 (sandbox)

          Checks  1 passed · 2 skipped
          Exit    code 0: nothing failed, nothing is inconclusive
          Note    Only what can be proved without a network was checked.

        Credentials (offline)
          ✓ account-id      1234567_SB1 (sandbox)

        Token
          – 2 skipped (needs the network): token-exchange, token-identity
        ");
    }

    #[test]
    fn nothing_run_is_nothing_proved() {
        let results = vec![samples::result(
            "account-id",
            Verdict::skipped(ReasonCode::NotProvided, "No account ID was given."),
        )];
        let shown = render(&of(&results, Mode::Offline), &handbook(), plain(80));
        assert!(shown.contains("nothing is proved"), "{shown}");
    }

    /// Records with the same finding and the same way out are one block, however many they are.
    #[test]
    fn problems_of_the_same_kind_are_told_together() {
        let empty = || {
            Verdict::inconclusive(
                ReasonCode::Empty,
                crate::engine::FindingId::new("empty"),
                "No row.",
            )
        };
        let results: Vec<CheckResult> = (0..30)
            .map(|n| samples::result(&format!("record-access/customrecord_{n}:view"), empty()))
            .collect();
        let shown = render(&of(&results, Mode::Online), &handbook(), plain(80));
        assert_eq!(shown.matches("Fix     1.").count(), 1, "{shown}");
        assert!(shown.contains("customrecord_29:view: No row."));
    }

    #[test]
    fn no_line_is_wider_than_asked_except_addresses_and_commands() {
        let hostile = [
            "NetSuite answered 500.".to_owned(),
            "x".repeat(100_000),
            "名前".repeat(50_000),
            "\u{1b}[31m\n\r\t\u{202e}\u{9b}2J\u{0}".repeat(500),
            format!("see https://example.invalid/{} now", "y".repeat(400)),
        ];
        for seen in hostile {
            let report = of(&samples::results_with_text(&seen), Mode::Online);
            for (width, unicode) in [(40, true), (40, false), (80, true), (80, false), (120, true)]
            {
                let shown = render(&report, &handbook(), Style { unicode, ..plain(width) });
                assert!(shown.len() < 60_000, "{}", shown.len());
                for line in shown.lines() {
                    assert_eq!(text::neutral(line), line);
                    let unbroken = line.contains("://")
                        || line.trim_start().starts_with("$ ")
                        || line.contains("netsuite-preflight explain");
                    assert!(unbroken || columns(line) <= width, "{width}: {line}");
                }
            }
        }
    }

    #[test]
    fn commands_and_addresses_are_never_broken() {
        let shown = render(&samples::fixed_report(), &handbook(), plain(40));
        for check in &samples::fixed_report().checks {
            for fix in &check.fix {
                for whole in fix.command.iter().chain(&fix.url) {
                    assert!(shown.contains(whole.as_str()), "{whole}");
                }
            }
        }
    }

    #[test]
    fn the_reports_own_words_are_shown_even_if_it_was_tampered_with() {
        let mut report = samples::fixed_report();
        report.checks[0].id = "\u{1b}[2Jevil".to_owned();
        report.checks[0].phase = "\u{202e}phase".to_owned();
        report.target.account_id = Some("\u{1b}]0;x\u{7}".to_owned());
        let shown = render(&report, &handbook(), plain(80));
        for line in shown.lines() {
            assert_eq!(text::neutral(line), line);
        }
    }
}
