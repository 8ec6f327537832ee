//! `docs/checks.md`, made from the cards.

use std::fmt::Write as _;

use super::explain::{Explanation, Finding, explain};
use super::handbook::Handbook;
use super::human::words;
use super::v1::Fix;
use crate::checklist::catalogue;

const INTRODUCTION: &str = "\
# Checks

This page is made from the cards in `checks/`; edit those. `netsuite-preflight explain ID` shows the
same in a terminal, and `check` shows the part that matters for what it found.

Facts about NetSuite are graded: *documented* by Oracle, *observed* by somebody, or *inferred* from
other facts.
";

/// The page on all checks, in Markdown.
#[must_use]
pub fn checks(handbook: &Handbook) -> String {
    let all: Vec<Explanation> =
        catalogue::ALL.iter().filter_map(|spec| explain(spec.id.as_str(), handbook)).collect();
    let mut page = INTRODUCTION.to_owned();
    contents(&mut page, &all);
    for check in &all {
        section(&mut page, check);
    }
    page.push_str("\n## any-check\n\n**What can befall any check**\n");
    if let Some(any) = all.first() {
        findings(&mut page, &any.any_check);
    }
    page
}

fn contents(page: &mut String, all: &[Explanation]) {
    let mut phase = "";
    for check in all {
        if check.phase != phase {
            phase = &check.phase;
            let _ = write!(page, "\n{}\n\n", words::phase(phase));
        }
        let _ = writeln!(page, "- [`{0}`](#{0}): {1}", check.id, prose(&check.title));
    }
    page.push_str("\n[What can befall any check](#any-check)\n");
}

fn section(page: &mut String, check: &Explanation) {
    let _ = write!(page, "\n## {}\n\n**{}**\n", check.id, prose(&check.title));
    for (label, text) in [("What it proves", &check.proves), ("Why it matters", &check.why)] {
        if !text.is_empty() {
            let _ = write!(page, "\n{label}: {}\n", prose(text));
        }
    }
    if !check.needs.is_empty() {
        let needs: Vec<String> =
            check.needs.iter().map(|need| format!("[`{need}`](#{need})")).collect();
        let _ = write!(page, "\nIt needs {}.\n", needs.join(", "));
    }
    findings(page, &check.findings);
    if !check.sources.is_empty() {
        page.push_str("\nSources:\n\n");
        for source in &check.sources {
            let grade = words::grade(source.grade);
            let _ = writeln!(page, "- {} ({}; {grade})", prose(&source.says), prose(&source.at));
        }
    }
}

fn findings(page: &mut String, findings: &[Finding]) {
    for finding in findings {
        let _ = write!(page, "\n### Finding `{}`\n", finding.id);
        if let Some(means) = &finding.means {
            let _ = write!(page, "\n{}\n", prose(means));
        }
        page.push('\n');
        for (number, fix) in (1..).zip(&finding.fix) {
            step(page, number, fix);
        }
    }
}

fn step(page: &mut String, number: usize, fix: &Fix) {
    let lead = format!("{number}. ");
    let hang = " ".repeat(lead.len());
    let _ = writeln!(page, "{lead}{}", prose(&fix.text));
    if let Some(place) = &fix.place {
        let _ = write!(page, "\n{hang}{}\n", prose(place));
    }
    if let Some(command) = &fix.command {
        let _ = write!(page, "\n{hang}```sh\n");
        for line in command.lines() {
            let _ = writeln!(page, "{hang}{line}");
        }
        let _ = writeln!(page, "{hang}```");
    }
}

/// Prose whose signs mean nothing to Markdown, on one line; what stands between backticks is code.
fn prose(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let parts: Vec<&str> = line.split('`').collect();
    // Without a partner a backtick is no quotation mark.
    let paired = parts.len() % 2 == 1;
    let mut shown = String::with_capacity(line.len());
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            shown.push_str(if paired { "`" } else { "\\`" });
        }
        if paired && at % 2 == 1 {
            shown.push_str(part);
            continue;
        }
        for c in part.chars() {
            if matches!(c, '\\' | '*' | '_' | '<' | '[' | ']' | '#' | '|') {
                shown.push('\\');
            }
            shown.push(c);
        }
    }
    shown
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::report::{handbook, samples};

    /// A file of `docs/` must be what the program says it is. With `UPDATE_DOCS=1` it is written.
    pub(crate) fn compare_or_update(path: &str, text: &str) {
        let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("UPDATE_DOCS").is_some_and(|value| value == "1") {
            std::fs::write(&path, text).unwrap();
        }
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            found == text,
            "{path} is not up to date; UPDATE_DOCS=1 cargo test --lib report:: writes it"
        );
    }

    #[test]
    fn the_page_is_that_of_the_cards() {
        compare_or_update("docs/checks.md", &checks(handbook()));
    }

    #[test]
    fn every_link_of_a_report_leads_to_a_heading() {
        let page = checks(handbook());
        for spec in catalogue::ALL {
            assert!(page.contains(&format!("\n## {}\n", spec.id)), "{}", spec.id);
        }
    }

    #[test]
    fn a_section() {
        let mut explanation = explain("certificate-id-matches", &samples::handbook()).unwrap();
        // These come from the real checklist, which may change without this test.
        explanation.needs = vec!["certificate".to_owned()];
        let mut page = String::new();
        section(&mut page, &explanation);
        insta::assert_snapshot!(page);
    }

    #[test]
    fn signs_of_markdown_are_shown_as_they_are() {
        assert_eq!(prose("a_b <x> `c_d` *"), "a\\_b \\<x> `c_d` \\*");
        assert_eq!(prose("one ` alone_"), "one \\` alone\\_");
    }
}
