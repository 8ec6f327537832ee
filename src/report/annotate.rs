//! `--annotate github`: what did not pass, as annotations of a run of GitHub Actions.
//!
//! A line `::error title=TITLE::MESSAGE` that a step prints becomes an annotation
//! (docs.github.com, "Workflow commands for GitHub Actions"). A percent sign and line breaks are
//! escaped everywhere, colon and comma in the title too, as GitHub's own `@actions/core` does it.
//! Ten errors and ten warnings of a step are shown.

use crate::report::set::{Listed, Many, SetVerdict};
use crate::report::text::{bounded, neutral};
use crate::report::v1::{CheckEntry, Report, Status};
use crate::report::words::{self, gravity};

/// How many of a kind GitHub shows of a step.
const SHOWN: usize = 10;
/// The most characters of a title, and of a message.
const TITLE: usize = 200;
const MESSAGE: usize = 1_000;

/// How grave an annotation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Error,
    Warning,
}

struct Annotation {
    kind: Kind,
    title: String,
    message: String,
}

/// The lines for a report: one for each entry that did not pass.
#[must_use]
pub fn of_report(report: &Report) -> Vec<String> {
    let target = words::target(report);
    let one = |check: &CheckEntry| {
        let kind = kind(check.status)?;
        let title = format!("{} {}, {target}", check.name(), words::status(check.status));
        let next = check.fix.first().map(|fix| format!("\n{}", fix.text)).unwrap_or_default();
        Some(Annotation { kind, title, message: format!("{}{next}", check.summary) })
    };
    let mut checks: Vec<&CheckEntry> = report.checks.iter().collect();
    checks.sort_by_key(|check| std::cmp::Reverse(gravity(check.status)));
    lines(checks.into_iter().filter_map(one).collect())
}

/// The lines for many targets: one for each that did not pass.
#[must_use]
pub fn of_targets(many: &dyn Many) -> Vec<String> {
    let one = |target: &Listed| {
        let kind = match target.verdict {
            SetVerdict::Fail | SetVerdict::Error | SetVerdict::Inconclusive => Kind::Error,
            SetVerdict::Pass if target.error.is_some() => Kind::Error,
            SetVerdict::Warn => Kind::Warning,
            SetVerdict::Pass => return None,
        };
        // Nothing was checked, and nothing is wrong.
        let kind = if target.head() == Status::Skipped { Kind::Warning } else { kind };
        let problem = target.digest.as_ref().and_then(|digest| digest.problem.as_ref());
        let problem = problem.map(|problem| format!("{}: {}", problem.name, problem.seen));
        let parts: Vec<String> = target.error.clone().into_iter().chain(problem).collect();
        let message = if parts.is_empty() { target.word().to_owned() } else { parts.join("\n") };
        Some(Annotation { kind, title: format!("{}: {}", target.name, target.word()), message })
    };
    lines(many.targets().iter().filter_map(one).collect())
}

fn kind(status: Status) -> Option<Kind> {
    match status {
        Status::Fail | Status::Inconclusive => Some(Kind::Error),
        Status::Warn => Some(Kind::Warning),
        Status::Pass | Status::Skipped => None,
    }
}

/// The first of each kind; the last that is shown says how many there are besides.
fn lines(all: Vec<Annotation>) -> Vec<String> {
    let mut lines = Vec::new();
    for (kind, word) in [(Kind::Error, "error"), (Kind::Warning, "warning")] {
        let of_kind: Vec<&Annotation> = all.iter().filter(|one| one.kind == kind).collect();
        let shown = if of_kind.len() > SHOWN { SHOWN - 1 } else { SHOWN };
        for one in of_kind.iter().take(shown) {
            let title = property(&bounded(&one.title, TITLE));
            lines
                .push(format!("::{word} title={title}::{}", data(&bounded(&one.message, MESSAGE))));
        }
        let more = of_kind.len().saturating_sub(shown);
        if more > 0 {
            lines.push(format!("::{word} title={more} more::The report names them."));
        }
    }
    lines
}

fn data(text: &str) -> String {
    let parts: Vec<String> =
        text.split('\n').map(|line| neutral(line).replace('%', "%25")).collect();
    parts.join("%0A")
}

fn property(text: &str) -> String {
    neutral(text).replace('%', "%25").replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    #[test]
    fn what_did_not_pass_is_annotated_and_the_gravest_first() {
        let report = samples::fixed_report();
        let lines = of_report(&report);
        let of = |status| report.checks.iter().filter(|check| check.status == status).count();
        let count = |word: &str| lines.iter().filter(|line| line.starts_with(word)).count();
        assert_eq!(count("::error "), of(Status::Fail) + of(Status::Inconclusive));
        assert_eq!(count("::warning "), of(Status::Warn));
        assert_eq!(of_report(&samples::passed()), [""; 0]);
    }

    #[test]
    fn no_value_begins_a_command_of_its_own() {
        let mut report = samples::report();
        let check = report.checks.iter_mut().find(|check| check.status == Status::Fail).unwrap();
        check.summary = "100%\r\n::set-output name=a::b\n::add-mask::c\u{1b}[2J".to_owned();
        check.subject = Some("a,b::c\nd".to_owned());
        for line in of_report(&report) {
            assert!(!line.contains(['\n', '\r', '\u{1b}']), "{line:?}");
            let (head, _) = line.split_once("::").unwrap().1.split_once("::").unwrap();
            assert_eq!(head.matches(['=', ':', ',']).count(), 1, "{head}");
        }
        let lines = of_report(&report);
        assert!(lines.iter().any(|line| line.contains("100%25 %0A::set-output")), "{lines:?}");
    }

    #[test]
    fn ten_of_a_kind_are_shown_and_the_last_counts_the_rest() {
        let all: Vec<String> = (0..40).map(|number| format!("target-{number}")).collect();
        let all: Vec<_> = all.iter().map(|name| (name.as_str(), samples::report())).collect();
        let lines = of_targets(&samples::set(&all));
        assert_eq!(lines.len(), 10);
        assert!(lines[0].starts_with("::error title=target-0%3A FAILED::"), "{}", lines[0]);
        assert_eq!(lines[9], "::error title=31 more::The report names them.");
    }
}
