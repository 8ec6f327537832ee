//! Many targets as people read them: one line on each, then what did not pass.

use std::io;
use std::io::Write;

use crate::report::set::{Listed, Many, SetSummary, SetVerdict};
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
    let summary = many.summary();
    let targets = many.targets().to_vec();
    let widest = targets.iter().map(|target| name(&target.name, style).chars().count()).max();
    let width = widest.unwrap_or_default().min(32);
    let (mut rows, mut any_ran) = (Vec::new(), false);
    for (index, target) in targets.iter().enumerate() {
        let report = many.report(index)?;
        any_ran |= report.as_ref().map_or(target.error.is_some(), words::ran);
        rows.push(row(target, report.as_ref(), width, style));
    }
    writeln!(out, "{}", head(&summary, any_ran, style))?;
    if !margin.is_empty() {
        writeln!(out)?;
    }
    for row in rows {
        writeln!(out, "{margin}{row}")?;
    }
    for (index, target) in targets.iter().enumerate() {
        let Some(report) = many.report(index)? else { continue };
        // People are spared those that passed.
        if report.summary.verdict == Overall::Pass {
            continue;
        }
        writeln!(out, "\n{}\n", rule(&target.name, style))?;
        let again = of_target(reader, Some(&target.name));
        let reader = Reader { again: again.as_deref(), ..*reader };
        out.write_all(render(&report, &reader).as_bytes())?;
    }
    writeln!(out, "\n{}", exit(&summary))
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

fn marked(verdict: SetVerdict, style: Style) -> String {
    let status = status(verdict);
    style.paint(tone(status), &format!("{} {}", style.mark(status), word(verdict)))
}

/// The result of all targets. Where no check ran in any of them, nothing passed.
pub(super) fn head(summary: &SetSummary, any_ran: bool, style: Style) -> String {
    let counts = &summary.counts;
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
    let targets = if counts.targets == 1 { "target" } else { "targets" };
    let all = format!("{} {targets}", counts.targets);
    let told = if parts.is_empty() || !any_ran {
        all
    } else {
        format!("{all}: {}", parts.join(style.dot()))
    };
    if !any_ran {
        let nothing = format!("{} {}", style.mark(Status::Skipped), words::NOTHING);
        return format!("{}  {told}", style.paint(tone(Status::Skipped), &nothing));
    }
    format!("{}  {told}", marked(summary.verdict, style))
}

/// A name as it is shown.
pub(super) fn name(name: &str, style: Style) -> String {
    style.show(name, NAME)
}

/// One line on a target.
pub(super) fn row(target: &Listed, report: Option<&Report>, width: usize, style: Style) -> String {
    let status = report.map_or(status(target.verdict), words::head);
    let mark = style.paint(tone(status), style.mark(status));
    let name = format!("{:<width$}", name(&target.name, style));
    let mut told = report.map_or(word(target.verdict), words::verdict).to_owned();
    if let Some(report) = report {
        told = format!("{told}: {}", line(report, style));
    }
    if let Some(error) = &target.error {
        told = format!("{told}: {}", style.show(error, LINE * 4));
    }
    format!("{mark} {name}  {told}")
}

/// What the line on a target says of its report: the first problem, or the counts.
fn line(report: &Report, style: Style) -> String {
    let mut account = words::target(report);
    if let Some(address) = &report.environment.connect_to {
        account = format!("{account}{}dialled at {address}", style.dot());
    }
    if report.environment.replay == Some(true) {
        account = format!("{account}{}replay", style.dot());
    }
    let problems = words::problems(&report.checks);
    let rest = match problems.first().and_then(|group| group.first()) {
        Some(check) => check.name(),
        None => words::short_counts(report, style),
    };
    style.show(&format!("{account}{}{rest}", style.dot()), LINE)
}

/// What stands above the report of a target.
pub(super) fn rule(target: &str, style: Style) -> String {
    let dash = if style.unicode { "─" } else { "-" };
    let target = name(target, style);
    let rest = style.columns().saturating_sub(target.chars().count() + 4);
    style.paint(Tone::Strong, &format!("{0}{0} {target} {1}", dash, dash.repeat(rest)))
}

/// The last line.
pub(super) fn exit(summary: &SetSummary) -> String {
    let means = match summary.exit_code {
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
    use crate::types::ExitCode;

    use super::*;

    #[test]
    fn the_gravest_comes_first_and_zeros_are_left_out() {
        let style = Style::default();
        let mut summary = SetSummary::empty();
        assert_eq!(head(&summary, false, style), "– NOTHING CHECKED  0 targets");
        summary.add(SetVerdict::Pass, ExitCode::Ok);
        assert_eq!(head(&summary, false, style), "– NOTHING CHECKED  1 target");
        let head = |summary: &SetSummary, style| head(summary, true, style);
        assert_eq!(head(&summary, style), "✓ PASSED  1 target: 1 passed");
        summary.add(SetVerdict::Error, ExitCode::Usage);
        assert_eq!(head(&summary, style), "✗ NOT CHECKED  2 targets: 1 not checked · 1 passed");
        assert!(exit(&summary).starts_with("Exit code 2: "));
        summary.add(SetVerdict::Fail, ExitCode::Failed);
        assert_eq!(
            head(&summary, style),
            "✗ FAILED  3 targets: 1 failed · 1 not checked · 1 passed"
        );
    }

    #[test]
    fn the_rule_fills_the_width() {
        for style in [Style::default(), Style { unicode: false, ..Style::default() }] {
            assert_eq!(rule("sandbox", style).chars().count(), style.width);
        }
    }
}
