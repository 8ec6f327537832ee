//! Many targets as people read them: one line on each, then what did not pass.

use std::io;
use std::io::Write;

use crate::report::set::listed::{Digest, nothing_checked};
use crate::report::set::{Listed, Many, SetCounts, SetVerdict};
use crate::report::text::{Tone, tone};
use crate::report::v1::{Overall, Report, Status};
use crate::report::{Reader, Style, words};
use crate::types::shell;

/// Writes a form that shows each report for itself.
///
/// # Errors
/// When a report cannot be fetched, or the text cannot be written.
pub fn write(
    out: &mut dyn Write,
    render: fn(&Report, &Reader<'_>) -> String,
    margin: &str,
    reader: &Reader<'_>,
    many: &mut dyn Many,
) -> io::Result<()> {
    let style = reader.style;
    writeln!(out, "{}", head(many, style))?;
    if !margin.is_empty() {
        writeln!(out)?;
    }
    let names = many.targets().iter().map(|target| name(&target.name, style).chars().count());
    let width = names.max().unwrap_or_default().min(32);
    for target in many.targets() {
        writeln!(out, "{margin}{}", row(target, width, style))?;
    }
    for index in 0..many.targets().len() {
        // People are spared those that passed.
        let Some(target) = many.targets().get(index).filter(|target| !target.passed()) else {
            continue;
        };
        let again = of_target(reader, Some(&target.name));
        let rule = rule(&target.name, style);
        let Some(report) = many.report(index)? else { continue };
        writeln!(out, "\n{rule}\n")?;
        let reader = Reader { again: again.as_deref(), ..*reader };
        out.write_all(render(&report, &reader).as_bytes())?;
    }
    writeln!(out, "\n{}", exit(many))
}

/// The command that checks one of the targets again.
pub(in crate::report) fn of_target(reader: &Reader<'_>, name: Option<&str>) -> Option<String> {
    Some(format!("{} --target {}", reader.again?, shell::word(name?)?))
}

/// The most characters of a name, and of what else a line says.
const NAME: usize = 100;
const LINE: usize = 300;

pub(in crate::report) fn status(verdict: SetVerdict) -> Status {
    match verdict {
        SetVerdict::Pass => Status::Pass,
        SetVerdict::Warn => Status::Warn,
        SetVerdict::Fail | SetVerdict::Error => Status::Fail,
        SetVerdict::Inconclusive => Status::Inconclusive,
    }
}

pub(in crate::report) fn word(verdict: SetVerdict) -> &'static str {
    match verdict {
        SetVerdict::Pass => words::overall(Overall::Pass),
        SetVerdict::Warn => words::overall(Overall::Warn),
        SetVerdict::Fail => words::overall(Overall::Fail),
        SetVerdict::Inconclusive => words::overall(Overall::Inconclusive),
        SetVerdict::Error => "NOT CHECKED",
    }
}

/// How many targets had which outcome, the gravest first, without the zeros.
pub(in crate::report) fn counted(counts: &SetCounts, style: Style) -> String {
    let parts: Vec<String> = [
        (counts.fail, "failed"),
        (counts.error, "not checked"),
        (counts.inconclusive, "inconclusive"),
        (counts.warn, "with warnings"),
        (counts.pass, "passed"),
    ]
    .iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, word)| format!("{count} {word}"))
    .collect();
    let all = targets(counts.targets);
    if parts.is_empty() { all } else { format!("{all}: {}", parts.join(style.dot())) }
}

/// So many targets, in words.
pub(in crate::report) fn targets(count: u64) -> String {
    if count == 1 { "1 target".to_owned() } else { format!("{count} targets") }
}

/// The status whose mark the result of all has, and its words.
pub(in crate::report) fn result(many: &dyn Many) -> (Status, &'static str) {
    if nothing_checked(many) {
        return (Status::Skipped, words::NOTHING);
    }
    let verdict = many.summary().verdict;
    (status(verdict), word(verdict))
}

/// The result of all targets.
pub(in crate::report) fn head(many: &dyn Many, style: Style) -> String {
    let (status, word) = result(many);
    let counts = many.summary().counts;
    // Where nothing was checked, none of them is inconclusive.
    let told =
        if status == Status::Skipped { targets(counts.targets) } else { counted(&counts, style) };
    let marked = style.paint(tone(status), &format!("{} {word}", style.mark(status)));
    format!("{marked}  {told}")
}

/// A name as it is shown.
fn name(name: &str, style: Style) -> String {
    style.show(name, NAME)
}

/// One line on a target.
pub(in crate::report) fn row(target: &Listed, width: usize, style: Style) -> String {
    let status = target.head();
    let mark = style.paint(tone(status), style.mark(status));
    let name = format!("{:<width$}", name(&target.name, style));
    let mut told = target.word().to_owned();
    if let Some(digest) = &target.digest {
        told = format!("{told}: {}", line(digest, style));
    }
    if let Some(error) = &target.error {
        told = format!("{told}: {}", style.show(error, LINE * 4));
    }
    format!("{mark} {name}  {told}")
}

/// What the line on a target says of its report: the first problem, or the counts.
fn line(digest: &Digest, style: Style) -> String {
    let mut account = digest.account.clone();
    if let Some(address) = &digest.connect_to {
        account = format!("{account}{}{address} in place of NetSuite", style.dot());
    }
    if digest.replay {
        account = format!("{account}{}replay", style.dot());
    }
    let rest = match &digest.problem {
        Some(problem) => problem.name.clone(),
        None => words::few(&digest.told, style),
    };
    style.show(&format!("{account}{}{rest}", style.dot()), LINE)
}

/// What stands above the report of a target.
fn rule(target: &str, style: Style) -> String {
    let dash = if style.unicode { "─" } else { "-" };
    let target = name(target, style);
    let rest = style.columns().saturating_sub(target.chars().count() + 4);
    style.paint(Tone::Strong, &format!("{0}{0} {target} {1}", dash, dash.repeat(rest)))
}

/// The last line.
pub(in crate::report) fn exit(many: &dyn Many) -> String {
    let summary = many.summary();
    let means = match summary.exit_code {
        0 if nothing_checked(many) => "nothing was checked, so nothing failed and nothing passed",
        0 => "in no target anything failed or is inconclusive",
        1 => "in at least one target a check failed",
        2 => "at least one target could not be checked, and no other failed",
        3 => "nothing failed, something is inconclusive",
        _ => "only warnings, and they were to count",
    };
    format!("Exit code {}: {means}", summary.exit_code)
}

#[cfg(test)]
mod tests {
    use crate::report::set::SetSummary;
    use crate::types::ExitCode;

    use super::*;

    /// The targets of these outcomes, and nothing else of them.
    struct Outcomes(Vec<Listed>);

    impl Many for Outcomes {
        fn summary(&self) -> SetSummary {
            SetSummary::of(self.0.iter().map(|target| (target.verdict, target.exit_code)))
        }
        fn targets(&self) -> &[Listed] {
            &self.0
        }
        fn report(&mut self, _: usize) -> io::Result<Option<Report>> {
            Ok(None)
        }
        fn frame(&mut self) -> io::Result<serde_json::Map<String, serde_json::Value>> {
            Ok(Default::default())
        }
        fn copy_reports(&mut self, _: &mut dyn Write) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn the_gravest_comes_first_and_zeros_are_left_out() {
        let style = Style::default();
        let mut all = Outcomes(Vec::new());
        assert_eq!(head(&all, style), "– NOTHING CHECKED  0 targets");
        let mut add = |verdict, code: ExitCode| {
            all.0.push(Listed {
                name: "a".to_owned(),
                verdict,
                exit_code: code.code(),
                run_id: None,
                error: None,
                digest: None,
            });
            (head(&all, style), exit(&all))
        };
        let exit_first = add(SetVerdict::Pass, ExitCode::Ok);
        assert_eq!(exit_first.0, "✓ PASSED  1 target: 1 passed");
        let (told, code) = add(SetVerdict::Error, ExitCode::Usage);
        assert_eq!(told, "✗ NOT CHECKED  2 targets: 1 not checked · 1 passed");
        assert!(code.starts_with("Exit code 2: "));
        let (told, _) = add(SetVerdict::Fail, ExitCode::Failed);
        assert_eq!(told, "✗ FAILED  3 targets: 1 failed · 1 not checked · 1 passed");
    }

    #[test]
    fn a_target_without_any_check_that_ran_passed_nothing() {
        let mut report = crate::report::samples::report();
        report.checks.retain(|check| check.status == Status::Skipped);
        report.summary.verdict = Overall::Pass;
        report.summary.exit_code = 0;
        assert_eq!(SetVerdict::of(&report), SetVerdict::Inconclusive);
        let listed = Listed {
            name: "a".to_owned(),
            verdict: SetVerdict::of(&report),
            exit_code: 0,
            run_id: None,
            error: None,
            digest: Some(Digest::of(&report)),
        };
        let all = Outcomes(vec![listed]);
        let summary = all.summary();
        assert_eq!((summary.verdict, summary.exit_code), (SetVerdict::Inconclusive, 0));
        assert_eq!(head(&all, Style::default()), "– NOTHING CHECKED  1 target");
        assert_eq!(
            exit(&all),
            "Exit code 0: nothing was checked, so nothing failed and nothing passed"
        );
    }

    #[test]
    fn the_rule_fills_the_width() {
        for style in [Style::default(), Style { unicode: false, ..Style::default() }] {
            assert_eq!(rule("sandbox", style).chars().count(), style.width);
        }
    }
}
