//! `--format markdown`: the report for a ticket or the summary of a CI job. It is CommonMark with
//! the tables of GitHub and GitLab, and holds no HTML.

use crate::report::set::{SetVerdict, Shown};
use crate::report::text::status_of;
use crate::report::text::{bounded, neutral};
use crate::report::v1::{Cause, CheckEntry, Fix, Report, Status};
use crate::report::words::{
    exchange, facts, group_name, linkable, open_and_excluded, phases, problems, reasons, why_not,
};
use crate::report::{Handbook, Style, set, words};

/// The marks; they never stand without their word.
const STYLE: Style = Style::PLAIN;

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
    let word = set::text::word(SetVerdict::Error);
    let error = target.error.unwrap_or_default();
    format!("# {mark} {word}: {}\n\n- {}\n", text(&target.title()), text(error))
}

fn one(report: &Report, title: &str, error: Option<&str>, handbook: &Handbook) -> String {
    let mut out = String::new();
    let mut line = |text: &str| {
        out.push_str(text);
        out.push('\n');
    };
    let status = status_of(report.summary.verdict);
    line(&format!("# {} {}: {}", STYLE.mark(status), words::verdict(report), text(title)));
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
            problem(&mut out, &group, handbook);
        }
    }
    out.push_str(&foot(report));
    out
}

fn lead(report: &Report) -> Vec<String> {
    let summary = &report.summary;
    let mut told = Vec::new();
    if let Some(blocker) = &summary.first_blocker {
        let name = blocker.name();
        told.push(format!("First problem: **{}**", text(&name)));
        if let Some(cause) = report.first_blocker().and_then(CheckEntry::leading_cause) {
            let rank = words::rank(cause.rank);
            told.push(format!("Cause, {rank}: **{}**", text(&cause.title)));
        }
    }
    told.push(format!("Checks: {}", words::counts(&summary.counts, STYLE)));
    told.push(text(&format!("Exit {}", words::exit(summary))));
    told.extend(words::redirection(report).as_deref().map(text));
    told.extend(words::note(report).map(text));
    told
}

fn row(check: &CheckEntry) -> String {
    let name = text(&check.name());
    let result = format!("{} {}", STYLE.mark(check.status), words::status(check.status));
    let result = if check.status == Status::Fail { format!("**{result}**") } else { result };
    format!("| {name} | {result} | {} |", text(&check.summary))
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

fn problem(out: &mut String, group: &[&CheckEntry], handbook: &Handbook) {
    let Some(first) = group.first() else { return };
    let name = text(&group_name(group, first));
    let (mark, word) = (STYLE.mark(first.status), words::status(first.status));
    out.push_str(&format!("### {mark} {name}: {word}\n\n"));
    out.push_str(&format!("Goal: {}\n\n", text(&first.title)));
    seen(out, group);
    for reason in reasons(first, handbook) {
        out.push_str(&format!("{}\n\n", text(reason)));
    }
    causes(out, &first.causes);
    if !first.fix.is_empty() {
        out.push_str("**How to fix it**\n\n");
        steps(out, &first.fix, 0);
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

fn causes(out: &mut String, causes: &[Cause]) {
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
            steps(out, &cause.fix, 2);
        }
    }
    for cause in excluded {
        let because = cause.because.first().map(|why| format!(". {}", text(why)));
        let (rank, title) = (words::rank(cause.rank), text(&cause.title));
        out.push_str(&format!("- {rank}: {title}{}\n", because.unwrap_or_default()));
    }
    out.push('\n');
}

fn steps(out: &mut String, fixes: &[Fix], indent: usize) {
    let margin = " ".repeat(indent);
    for (number, fix) in (1..).zip(fixes) {
        let lead = format!("{number}. ");
        let inner = indent + lead.len();
        let hang = " ".repeat(inner);
        out.push_str(&format!("{margin}{lead}{}\n", text(&fix.text)));
        if let Some(place) = &fix.place {
            out.push_str(&format!("\n{hang}{}\n", text(place)));
        }
        match &fix.url {
            Some(url) if linkable(url) => out.push_str(&format!("\n{hang}<{url}>\n")),
            Some(url) => out.push_str(&format!("\n{hang}{}\n", code(url))),
            None => {}
        }
        if let Some(command) = &fix.command {
            out.push('\n');
            out.push_str(&block(command, inner));
        }
    }
}

/// The most characters of one value; a ticket has little room.
const MOST: usize = 1_200;
/// Between `@` and a name, so that nobody is called by a value: it has no width.
const APART: char = '\u{2060}';

/// A value between words.
fn text(value: &str) -> String {
    let shown = neutral(value);
    let shown = bounded(shown.trim(), MOST);
    let mut out = String::with_capacity(shown.len());
    for (at, c) in shown.char_indices() {
        let rest = shown.get(at..).unwrap_or_default();
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.extend(['@', APART]),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => out.extend(['\\', c]),
            // At the beginning of a line these make lists and headings.
            '-' | '+' | '#' | '=' if at == 0 => out.extend(['\\', c]),
            // GitHub makes links of bare addresses.
            ':' if rest.starts_with("://") => out.push_str("\\:"),
            '.' if out.to_ascii_lowercase().ends_with("www") => out.push_str("\\."),
            c => out.push(c),
        }
    }
    // A number and a dot at the beginning of a line would begin a list.
    match out.split_once('.') {
        Some((number, rest))
            if !number.is_empty()
                && rest.starts_with(' ')
                && number.bytes().all(|b| b.is_ascii_digit()) =>
        {
            format!("{number}\\.{rest}")
        }
        _ => out,
    }
}

/// A value as code between words.
fn code(value: &str) -> String {
    let shown = neutral(value);
    let shown = bounded(&shown, MOST);
    let fence = "`".repeat(longest_run(&shown) + 1);
    // Spaces part the fence from a value that begins or ends with one; a reader takes them off.
    let pad = if shown.starts_with(['`', ' ']) || shown.ends_with(['`', ' ']) { " " } else { "" };
    match shown.trim() {
        "" => "(empty)".to_owned(),
        _ => format!("{fence}{pad}{shown}{pad}{fence}"),
    }
}

/// A command as a block of its own, `indent` columns to the right. It is never cut.
fn block(command: &str, indent: usize) -> String {
    let shown = neutral(command);
    let fence = "`".repeat((longest_run(&shown) + 1).max(3));
    let margin = " ".repeat(indent);
    format!("{margin}{fence}sh\n{margin}{shown}\n{margin}{fence}\n")
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

    use crate::report::samples;
    use crate::report::samples::handbook;

    use super::*;

    fn events(text: &str) -> Vec<Event<'_>> {
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_MATH;
        Parser::new_ext(text, options).collect()
    }

    /// What a reader sees in the rows of the table, cell by cell.
    fn cells(events: &[Event<'_>]) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        let mut inside = false;
        for event in events {
            match event {
                Event::Start(Tag::TableRow | Tag::TableHead) => rows.push(Vec::new()),
                Event::Start(Tag::TableCell) => {
                    inside = true;
                    rows.last_mut().unwrap().push(String::new());
                }
                Event::End(TagEnd::TableCell) => inside = false,
                Event::Text(text) | Event::Code(text) if inside => {
                    rows.last_mut().unwrap().last_mut().unwrap().push_str(text);
                }
                _ => {}
            }
        }
        rows
    }

    /// No HTML, no picture, no formula; links only to pages over HTTPS that stand as such.
    fn assert_harmless(events: &[Event<'_>]) {
        for event in events {
            match event {
                Event::Html(_)
                | Event::InlineHtml(_)
                | Event::InlineMath(_)
                | Event::DisplayMath(_)
                | Event::Start(Tag::Image { .. } | Tag::HtmlBlock | Tag::Strikethrough) => {
                    panic!("{event:?}")
                }
                Event::Start(Tag::Link { dest_url, .. }) => {
                    assert!(dest_url.starts_with("https://"), "{dest_url}");
                    assert!(!dest_url.contains("intruder"), "{dest_url}");
                }
                _ => {}
            }
        }
    }

    #[test]
    fn the_sample_as_markdown() {
        let text = render(&[Shown::alone(&samples::fixed_report())], &handbook());
        assert_harmless(&events(&text));
        insta::assert_snapshot!(text);
    }

    #[test]
    fn the_table_shows_every_entry_to_the_letter() {
        let report = samples::report();
        let text = render(&[Shown::alone(&report)], &handbook());
        let rows = cells(&events(&text));
        assert!(rows.iter().all(|row| row.len() == 3), "{rows:?}");
        for check in &report.checks {
            let name = check.name();
            let row = rows.iter().find(|row| row[0] == name).unwrap_or_else(|| panic!("no {name}"));
            assert!(row[1].ends_with(words::status(check.status)));
            assert_eq!(row[2], check.summary);
        }
    }

    #[test]
    fn hostile_values_are_text() {
        let report = samples::hostile_report();
        let text = render(&[Shown::alone(&report)], &handbook());
        let events = events(&text);
        assert_harmless(&events);
        let rows = cells(&events);
        assert!(rows.iter().all(|row| row.len() == 3), "{rows:?}");
        let entries = rows.iter().filter(|row| row[1].contains(' ')).count();
        assert_eq!(entries, report.checks.len());
        for row in rows.iter().filter(|row| row[1].contains(' ')) {
            assert!(row[2].contains("intruder<script>alert('intruder')</script>"), "{row:?}");
            assert!(row[2].contains("| a ``` b ` c"), "{row:?}");
            assert!(!row[2].contains("@intruder"), "nobody is called");
        }
        let headings = |events: &[Event<'_>]| {
            events.iter().filter(|event| matches!(event, Event::Start(Tag::Heading { .. }))).count()
        };
        // The same findings in every entry join entries, so there are fewer, never more.
        let harmless = render(&[Shown::alone(&samples::report())], &handbook());
        let options = Options::ENABLE_TABLES;
        let usual: Vec<_> = Parser::new_ext(&harmless, options).collect();
        assert!(headings(&events) <= headings(&usual));
    }

    #[test]
    fn commands_come_out_as_they_are() {
        let command = "printf '```' | tr '`' x # <b> & |";
        let mut report = samples::report();
        let fix = report.checks.iter_mut().find_map(|check| check.fix.first_mut()).unwrap();
        fix.command = Some(command.to_owned());
        let text = render(&[Shown::alone(&report)], &handbook());
        let shown = events(&text)
            .into_iter()
            .any(|event| matches!(event, Event::Text(text) if text.trim_end() == command));
        assert!(shown, "{text}");
    }

    #[test]
    fn causes_stand_with_rank_and_reason() {
        let text = render(&[Shown::alone(&samples::report())], &handbook());
        for told in [
            "Cause, likely: **The Certificate ID is not the one of this certificate**",
            "- likely: **The Certificate ID is not the one of this certificate**. NetSuite answered 500",
            "- possible: **The certificate is revoked**",
            "- ruled out: The private key does not belong to the registered certificate",
            "1. Copy the first column of the row of your certificate",
        ] {
            // The first blocker of the sample has no cause of its own.
            if !told.starts_with("Cause") {
                assert!(text.contains(told), "{told}\n{text}");
            }
        }
    }
}
