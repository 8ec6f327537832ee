//! `--format short`: the report in a chat message.

use super::v1::Report;
use crate::report::advice::{Fault, Sheet};
use crate::report::page::{PROSE, UNBROKEN};
use crate::report::text::{Tone, tone};
use crate::report::words;
use crate::report::{Handbook, Reader};

/// The verdict, a line for each fault with what to do first, and the command that goes on. The width
/// of the style does not matter: a chat breaks lines by itself.
#[must_use]
pub fn render(report: &Report, handbook: &Handbook, reader: &Reader<'_>) -> String {
    let style = reader.style;
    let sheet = Sheet::of(report, handbook, reader);
    let show = |text: &str| style.show(text, PROSE);
    let status = words::head(report);
    let verdict = style.paint(tone(status), &format!("{} {}", style.mark(status), sheet.verdict));
    let target = show(&words::target(report));
    let counts = words::short_counts(report, style);
    let mut lines = vec![format!("{verdict}: {target}{}{counts}", style.dot())];
    lines.extend(
        sheet.notes.iter().chain(&sheet.waited).chain(&sheet.unproved).map(|told| show(told)),
    );
    for (at, fault) in sheet.faults.iter().enumerate() {
        let mark = style.paint(tone(fault.status()), style.mark(fault.status()));
        let todo = fault.action.brief().filter(|_| !sheet.can_wait(at));
        let todo =
            todo.map(|todo| format!(" {} {}.", style.paint(Tone::Strong, "Do:"), show(&todo)));
        lines.push(format!("{mark} {}{}", show(&told(&sheet, fault)), todo.unwrap_or_default()));
    }
    if let Some(next) = &sheet.next {
        lines.push(format!("{}: {}", next.label, style.show(&next.command, UNBROKEN)));
    }
    lines.join("\n") + "\n"
}

fn told(sheet: &Sheet<'_>, fault: &Fault<'_>) -> String {
    match sheet.name(fault) {
        Some(name) => format!("{name}: {}", fault.said),
        None => fault.said.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples::{self, handbook, meta};
    use crate::report::{Style, build, text};

    fn shown(report: &Report, style: Style) -> String {
        render(report, &handbook(), &Reader::from(style))
    }

    #[test]
    fn the_sample_in_short() {
        insta::assert_snapshot!(shown(&samples::report(), Style::default()));
    }

    /// Whatever was seen, each fault has one line, and nothing that a terminal obeys.
    #[test]
    fn each_fault_is_one_line_whatever_was_seen() {
        let usual = shown(&samples::report(), Style::default()).lines().count();
        for seen in ["x".repeat(100_000), "\u{1b}[2Jline\n".repeat(900), "名前 ".repeat(900)] {
            let report = build(&samples::results_with_text(&seen), &meta(), &handbook()).unwrap();
            for unicode in [true, false] {
                let short = shown(&report, Style { unicode, ..Style::default() });
                assert!(short.chars().count() <= 12_000, "{}", short.chars().count());
                assert_eq!(short.lines().count(), usual, "{short}");
                assert_eq!(text::neutral(&short.replace('\n', "")), short.replace('\n', ""));
            }
        }
    }

    #[test]
    fn a_run_without_problems_is_one_line() {
        let passed: Vec<_> = samples::results()
            .into_iter()
            .filter(|result| result.key.check.as_str() == "account-id")
            .collect();
        let report = build(&passed, &meta(), &handbook()).unwrap();
        assert_eq!(
            shown(&report, Style::default()),
            "✓ PASSED: account 1234567_SB1 (sandbox) · 1 ok\n"
        );
    }
}
