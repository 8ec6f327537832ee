//! `--format short`: the report in a chat message.

use super::v1::{CheckEntry, Rank, Report};
use crate::report::text::fit;
use crate::report::text::{Tone, status_of, tone};
use crate::report::words;
use crate::report::{Reader, Style};

/// Problems that are named; the others are counted.
const MOST: usize = 6;
/// Characters of a line that names a problem.
const LINE: usize = 80;
/// Characters of what was seen of the first problem, and of the first step.
const LEAD: usize = 160;

/// The report in at most twelve lines and about 1,000 characters. The width of the style does not
/// matter: a chat breaks lines by itself.
#[must_use]
pub fn render(report: &Report, reader: &Reader<'_>) -> String {
    let style = reader.style;
    let summary = &report.summary;
    let status = status_of(summary.verdict);
    let verdict = format!("{} {}", style.mark(status), words::verdict(report));
    let target = style.show(&words::target(report), LINE);
    let mut lines = vec![format!("{}: {target}", style.paint(tone(status), &verdict))];

    lines.extend(words::redirection(report).map(|note| line(style, &note, LEAD)));
    let mut problems = problems(report);
    let first = problems.first().copied();
    if let Some(first) = first {
        problems.remove(0);
        let told = format!("{}: {}", first.name(), first.summary);
        let label = style.paint(Tone::Strong, "First problem");
        lines.push(format!("{label}: {}", line(style, &told, LEAD)));
        let cause = first.leading_cause();
        if let Some(cause) = cause {
            let told = format!("Cause, {}: {}", words::rank(cause.rank), cause.title);
            lines.push(line(style, &told, LEAD));
        }
        // A likely cause is fixed itself; a merely possible one has to be found first.
        let likely = cause.filter(|cause| cause.rank == Rank::Likely);
        if let Some(fix) = likely.and_then(|cause| cause.fix.first()).or(first.fix.first()) {
            lines.push(format!("Fix: {}", line(style, &fix.text, LEAD)));
        }
    }
    for problem in problems.iter().take(MOST) {
        let mark = style.paint(tone(problem.status), style.mark(problem.status));
        let told = format!("{}: {}", problem.name(), problem.summary);
        lines.push(format!("{mark} {}", line(style, &told, LINE)));
    }
    if problems.len() > MOST {
        lines.push(format!("{} and {} more", style.ellipsis(), problems.len() - MOST));
    }
    let counts = words::counts(&summary.counts, style);
    lines.push(format!("{counts}{}exit code {}", style.dot(), summary.exit_code));
    lines.join("\n") + "\n"
}

/// What failed, what is open, what warned; each in the order of the catalogue.
fn problems(report: &Report) -> Vec<&CheckEntry> {
    words::ORDER
        .into_iter()
        .flat_map(|status| report.checks.iter().filter(move |check| check.status == status))
        .collect()
}

fn line(style: Style, text: &str, most: usize) -> String {
    fit(&style.show(text, LEAD * 2), most, style.ellipsis())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples::{self, handbook, meta};
    use crate::report::{build, text};

    #[test]
    fn the_sample_in_short() {
        insta::assert_snapshot!(render(&samples::report(), &Reader::default()));
    }

    #[test]
    fn it_fits_a_chat_whatever_was_seen() {
        for seen in ["x".repeat(100_000), "\u{1b}[2Jline\n".repeat(900), "名前 ".repeat(900)] {
            let results = samples::results_with_text(&seen);
            let report = build(&results, &meta(), &handbook()).unwrap();
            for unicode in [true, false] {
                let short = render(&report, &Reader::from(Style { unicode, ..Style::default() }));
                assert!(short.chars().count() <= 1_000, "{}", short.chars().count());
                assert!(short.lines().count() <= 12, "{short}");
                assert_eq!(text::neutral(&short.replace('\n', "")), short.replace('\n', ""));
            }
        }
    }

    #[test]
    fn a_run_without_problems_is_two_lines() {
        let passed: Vec<_> = samples::results()
            .into_iter()
            .filter(|result| result.key.check.as_str() == "account-id")
            .collect();
        let report = build(&passed, &meta(), &handbook()).unwrap();
        assert_eq!(
            render(&report, &Reader::default()),
            "✓ PASSED: account 1234567_SB1 (sandbox)\n1 passed · exit code 0\n"
        );
    }
}
