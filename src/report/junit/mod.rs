//! `--format junit`: the report as JUnit XML, as CI systems read it.
//!
//! One test suite per phase, one test case per entry. A `fail` is a failure, `inconclusive` an
//! error, `skipped` skipped. A warning is a passing test case with its text as output, except
//! where warnings decide the exit code (`--fail-on warn`, code 4): there it is a failure. So a run
//! has failures or errors exactly where its exit code is not 0.

mod set;
#[cfg(test)]
mod tests;

pub use set::write;

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use crate::report::builder::counts;
use crate::report::details::entry;
use crate::report::set::Shown;
use crate::report::set::text::of_target;
use crate::report::text::neutral;
use crate::report::v1::{CheckEntry, Counts, Report, Status};
use crate::report::words::{decimal_seconds, phases, why_not};
use crate::report::{Handbook, Reader, Style, words};

/// How the text of a test case is laid out.
const STYLE: Style = Style { width: 100, ..Style::PLAIN };
/// The exit code where only warnings stand and they were to count.
const WARNED: u8 = 4;

/// What a CI system makes of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CaseResult {
    Passed,
    Failed,
    Errored,
    Skipped,
}

/// A report as one XML document.
///
/// # Errors
/// Never into memory; the signature is that of the writer.
pub fn render(report: &Report, handbook: &Handbook, reader: &Reader<'_>) -> io::Result<String> {
    let mut text = Vec::new();
    let mut writer = begin(&mut text, &Totals::of(&counts(&report.checks), report))?;
    target(&mut writer, &Shown::alone(report), handbook, reader)?;
    end(writer)?;
    String::from_utf8(text).map_err(io::Error::other)
}

/// The counts of the whole document.
#[derive(Debug, Default)]
struct Totals {
    tests: u64,
    failures: u64,
    errors: u64,
    millis: u64,
}

impl Totals {
    fn of(counts: &Counts, report: &Report) -> Self {
        let mut totals = Self::default();
        totals.add(counts, report.summary.exit_code, report.run.duration_ms);
        totals
    }

    fn add(&mut self, counts: &Counts, exit_code: u8, millis: u64) {
        let Counts { pass, warn, fail, inconclusive, skipped } = *counts;
        self.tests += pass + warn + fail + inconclusive + skipped;
        self.failures += fail + if exit_code == WARNED { warn } else { 0 };
        self.errors += inconclusive;
        self.millis = self.millis.saturating_add(millis);
    }
}

fn begin<W: Write>(out: W, totals: &Totals) -> io::Result<Writer<W>> {
    let mut writer = Writer::new_with_indent(out, b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let root = tag(
        "testsuites",
        &[
            ("name", "netsuite-preflight"),
            ("tests", &totals.tests.to_string()),
            ("failures", &totals.failures.to_string()),
            ("errors", &totals.errors.to_string()),
            ("time", &decimal_seconds(totals.millis)),
        ],
    );
    writer.write_event(Event::Start(root))?;
    Ok(writer)
}

fn end<W: Write>(mut writer: Writer<W>) -> io::Result<()> {
    writer.write_event(Event::End(BytesEnd::new("testsuites")))?;
    writer.into_inner().write_all(b"\n")
}

fn target<W: Write>(
    writer: &mut Writer<W>,
    target: &Shown<'_>,
    handbook: &Handbook,
    reader: &Reader<'_>,
) -> io::Result<()> {
    if let Some(report) = target.report {
        let again = of_target(reader, target.name);
        let again = again.as_deref().or(reader.again);
        let reader = Reader { style: STYLE, again, ..*reader };
        for (phase, checks) in phases(&report.checks) {
            let name = format!("{}: {}", target.title(), words::phase(phase));
            suite(writer, report, (&name, target.name), checks, handbook, &reader)?;
        }
    }
    match target.error {
        Some(error) => set::not_checked(writer, target, error),
        None => Ok(()),
    }
}

/// Dots part the levels of a tree in the views of most CI systems.
fn class(target: &str, phase: &str) -> String {
    format!("netsuite-preflight.{}.{phase}", target.replace('.', "-"))
}

fn suite<W: Write>(
    writer: &mut Writer<W>,
    report: &Report,
    (name, target): (&str, Option<&str>),
    checks: &[CheckEntry],
    handbook: &Handbook,
    reader: &Reader<'_>,
) -> io::Result<()> {
    let outcomes = || checks.iter().map(|check| outcome(check, report));
    let millis: u64 = checks.iter().map(|check| check.duration_ms).sum();
    let started = report.run.started_at.timestamp().strftime("%Y-%m-%dT%H:%M:%S");
    let start = tag(
        "testsuite",
        &[
            ("name", name),
            ("tests", &checks.len().to_string()),
            ("failures", &count(outcomes(), CaseResult::Failed)),
            ("errors", &count(outcomes(), CaseResult::Errored)),
            ("skipped", &count(outcomes(), CaseResult::Skipped)),
            ("time", &decimal_seconds(millis)),
            ("timestamp", &started.to_string()),
        ],
    );
    writer.write_event(Event::Start(start))?;
    writer.write_event(Event::Start(BytesStart::new("properties")))?;
    for (name, value) in properties(report) {
        let property = tag("property", &[("name", name), ("value", &value)]);
        writer.write_event(Event::Empty(property))?;
    }
    writer.write_event(Event::End(BytesEnd::new("properties")))?;
    for check in checks {
        case(writer, report, (target, check), handbook, reader)?;
    }
    if let Some(told) = words::redirection(report) {
        detail(writer, "system-out", None, &told)?;
    }
    writer.write_event(Event::End(BytesEnd::new("testsuite")))
}

fn case<W: Write>(
    writer: &mut Writer<W>,
    report: &Report,
    (target, check): (Option<&str>, &CheckEntry),
    handbook: &Handbook,
    reader: &Reader<'_>,
) -> io::Result<()> {
    let account = report.target.account_id.as_deref().unwrap_or("no-account");
    let start = tag(
        "testcase",
        &[
            ("name", &check.name()),
            ("classname", &class(target.unwrap_or(account), &check.phase)),
            ("time", &decimal_seconds(check.duration_ms)),
        ],
    );
    writer.write_event(Event::Start(start))?;
    let told = || entry(check, handbook, reader);
    match outcome(check, report) {
        CaseResult::Failed => {
            detail(writer, "failure", Some((check.status, &check.summary)), &told())?;
        }
        CaseResult::Errored => {
            detail(writer, "error", Some((check.status, &check.summary)), &told())?;
        }
        CaseResult::Skipped => {
            let why = check.reason.as_ref().map(why_not).unwrap_or_default();
            let message = format!("{} ({why})", check.summary);
            writer.write_event(Event::Empty(tag("skipped", &[("message", &message)])))?;
        }
        CaseResult::Passed if check.status == Status::Warn => {
            detail(writer, "system-out", None, &told())?;
        }
        CaseResult::Passed => detail(writer, "system-out", None, &check.summary)?,
    }
    writer.write_event(Event::End(BytesEnd::new("testcase")))
}

/// An element with text; a message and a type where it has those.
fn detail<W: Write>(
    writer: &mut Writer<W>,
    name: &str,
    head: Option<(Status, &str)>,
    body: &str,
) -> io::Result<()> {
    let start = match head {
        Some((status, message)) => tag(name, &[("type", status.as_str()), ("message", message)]),
        None => BytesStart::new(name),
    };
    writer.write_event(Event::Start(start))?;
    let body: Vec<String> = body.lines().map(allowed).collect();
    writer.write_event(Event::Text(BytesText::new(&body.join("\n"))))?;
    writer.write_event(Event::End(BytesEnd::new(name)))
}

fn outcome(check: &CheckEntry, report: &Report) -> CaseResult {
    match check.status {
        Status::Pass => CaseResult::Passed,
        Status::Warn if report.summary.exit_code == WARNED => CaseResult::Failed,
        Status::Warn => CaseResult::Passed,
        Status::Fail => CaseResult::Failed,
        Status::Inconclusive => CaseResult::Errored,
        Status::Skipped => CaseResult::Skipped,
    }
}

fn count(outcomes: impl Iterator<Item = CaseResult>, which: CaseResult) -> String {
    outcomes.filter(|outcome| *outcome == which).count().to_string()
}

fn properties(report: &Report) -> Vec<(&'static str, String)> {
    let mut all = vec![
        ("tool", format!("{} {}", report.tool.name, report.tool.version)),
        ("run.id", report.run.id.clone()),
        ("run.started_at", report.run.started_at.to_string()),
        ("run.mode", report.run.mode.as_str().to_owned()),
        ("verdict", report.summary.verdict.as_str().to_owned()),
        ("exit_code", report.summary.exit_code.to_string()),
    ];
    let target = &report.target;
    let known = [
        ("environment.connect_to", &report.environment.connect_to),
        ("target.name", &target.name),
        ("target.account_id", &target.account_id),
        ("target.client_id", &target.client_id),
        ("target.certificate_id", &target.certificate_id),
        ("target.profile", &target.profile),
    ];
    all.extend(known.into_iter().filter_map(|(name, value)| Some((name, value.clone()?))));
    if report.environment.replay == Some(true) {
        all.push(("environment.replay", "true".to_owned()));
    }
    if let Some(blocker) = &report.summary.first_blocker {
        all.push(("first_blocker", blocker.name()));
    }
    if let Some(cause) = &report.summary.cause {
        all.push(("cause", format!("{} ({})", cause.id, words::rank(cause.rank))));
    }
    all
}

/// A tag whose attributes hold nothing that XML 1.0 does not allow.
fn tag<'a>(name: &'a str, attributes: &[(&str, &str)]) -> BytesStart<'a> {
    let mut tag = BytesStart::new(name);
    for (name, value) in attributes {
        tag.push_attribute((*name, allowed(value).as_str()));
    }
    tag
}

/// The text without the characters that XML 1.0 (section 2.2) excludes even as references.
fn allowed(text: &str) -> String {
    let shown = neutral(text);
    shown
        .chars()
        .map(|c| if matches!(c, '\u{fffe}' | '\u{ffff}') { '\u{fffd}' } else { c })
        .collect()
}
