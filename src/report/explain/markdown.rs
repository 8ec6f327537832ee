//! Cards and topics in Markdown.

use std::fmt::Write as _;

use super::{ExplainedFinding, Explanation, Topic};
use crate::report::v1::Fix;
use crate::report::words;

const INTRODUCTION: &str = "\
# Checks

`netsuite-preflight explain ID` shows the same in a terminal, and `check` shows the part that matters
for what it found.

Facts about NetSuite are graded: *documented* by Oracle, *observed* by somebody, or *inferred* from
other facts.
";

/// The page on all checks.
#[must_use]
pub fn checks(all: &[Explanation]) -> String {
    let mut page = INTRODUCTION.to_owned();
    contents(&mut page, all);
    for check in all {
        section(&mut page, check);
    }
    page.push_str("\n## any-check\n\n**What can happen to any check**\n");
    if let Some(any) = all.first() {
        findings(&mut page, &any.any_check);
    }
    page
}

/// One check.
#[must_use]
pub fn card(check: &Explanation) -> String {
    let mut page = String::new();
    section(&mut page, check);
    page.trim_start().to_owned()
}

/// A topic: what it means, what to do, and then the rest.
#[must_use]
pub fn topic(topic: &Topic) -> String {
    let mut page = format!("## {}\n", prose(topic.id.as_ref().unwrap_or(&topic.title)));
    if topic.id.is_some() {
        let _ = write!(page, "\n**{}**\n", prose(&topic.title));
    }
    let _ = write!(page, "\n({})\n", topic.kind.words());
    for said in &topic.says {
        let _ = write!(page, "\n{}: {}\n", said.label, prose(&said.text));
    }
    if !topic.fix.is_empty() {
        page.push('\n');
    }
    for (number, fix) in (1..).zip(&topic.fix) {
        step(&mut page, number, fix);
    }
    if !topic.causes.is_empty() {
        page.push_str("\nWhat may be behind it, the most frequent first:\n\n");
        for cause in &topic.causes {
            let look = cause.look.as_ref().map(|look| format!(" {}", prose(look)));
            let look = look.unwrap_or_default();
            let _ = writeln!(page, "- {} (`{}`).{look}", prose(&cause.title), cause.id);
        }
    }
    if let Some(source) = &topic.source {
        let grade = topic.grade.map(|grade| format!("; {}", words::grade(grade)));
        let _ = write!(page, "\nFrom {}{}\n", prose(source), grade.unwrap_or_default());
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
    page.push_str("\n[What can happen to any check](#any-check)\n");
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
    if !check.prepare.is_empty() {
        page.push_str("\nHow to prepare it:\n\n");
        for (number, fix) in (1..).zip(&check.prepare) {
            step(page, number, fix);
        }
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

fn findings(page: &mut String, findings: &[ExplainedFinding]) {
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
        for (at, word) in part.split(' ').enumerate() {
            if at > 0 {
                shown.push(' ');
            }
            if !address(word, &mut shown) {
                escaped(word, &mut shown);
            }
        }
    }
    shown
}

/// An address as a link, whose signs are its own; what stands behind it is no part of it.
fn address(word: &str, shown: &mut String) -> bool {
    let plain = word.trim_end_matches(['.', ',', ';', ':', ')']);
    let open = plain.starts_with('(');
    let link = plain.trim_start_matches('(');
    let safe = |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"' | '`' | '\\');
    if !link.starts_with("https://") || !link.chars().all(safe) {
        return false;
    }
    if open {
        shown.push('(');
    }
    let _ = write!(shown, "<{link}>");
    shown.push_str(word.get(plain.len()..).unwrap_or_default());
    true
}

fn escaped(word: &str, shown: &mut String) {
    for c in word.chars() {
        if matches!(c, '\\' | '*' | '_' | '<' | '[' | ']' | '#' | '|') {
            shown.push('\\');
        }
        shown.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks;
    use crate::report::explain::{Known, all, explain, look_up};
    use crate::report::{handbook, samples};

    #[test]
    fn every_link_of_a_report_leads_to_a_heading() {
        let page = checks(&all(handbook()));
        for spec in checks::ALL {
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
    fn a_topic() {
        let Ok(Known::Topic(topic)) = look_up("MissingKey", handbook()) else { panic!() };
        let page = super::topic(&topic);
        assert!(page.starts_with("## MissingKey\n\n**"), "{page}");
        let link = "\nFrom <https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/subsect_";
        assert!(page.contains("\n1. ") && page.contains(link), "{page}");
    }

    #[test]
    fn signs_of_markdown_are_shown_as_they_are() {
        assert_eq!(prose("a_b <x> `c_d` *"), "a\\_b \\<x> `c_d` \\*");
        assert_eq!(prose("one ` alone_"), "one \\` alone\\_");
        let link = "see https://a.example/b_c, (https://d.example/e_f) and x_y";
        let shown = "see <https://a.example/b_c>, (<https://d.example/e_f>) and x\\_y";
        assert_eq!(prose(link), shown);
        assert_eq!(prose("https://a.example/<b>"), "https://a.example/\\<b>");
    }
}
