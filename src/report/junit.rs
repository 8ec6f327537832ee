//! `--format junit`: the report as JUnit XML, as CI systems read it.
//!
//! One test suite per phase, one test case per entry. A `fail` is a failure, `inconclusive` an
//! error, `skipped` skipped. A warning is a passing test case with its text as output, except
//! where warnings decide the exit code (`--fail-on warn`, code 4): there it is a failure. So a run
//! has failures or errors exactly where its exit code is not 0.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use crate::report::builder::counts;
use crate::report::details::entry;
use crate::report::set::listed::nothing_checked;
use crate::report::set::text::{exit, head, of_target, result, row};
use crate::report::set::{Many, Shown};
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

/// The targets as one XML document: first an overview, then those that have a report. A target that
/// could not be checked is a test suite of its own with an error in it.
///
/// # Errors
/// When a report cannot be fetched, or the document cannot be written.
pub fn write(
    mut out: &mut dyn Write,
    many: &mut dyn Many,
    handbook: &Handbook,
    reader: &Reader<'_>,
) -> io::Result<()> {
    let mut totals = Totals::default();
    for target in many.targets() {
        if let Some(digest) = &target.digest {
            totals.add(&digest.counts, digest.exit_code, digest.duration_ms);
        }
        if target.error.is_some() {
            (totals.tests, totals.errors) = (totals.tests + 1, totals.errors + 1);
        }
    }
    totals.tests += u64::from(nothing_checked(many));
    let mut writer = begin(&mut out, &totals)?;
    overview(&mut writer, many)?;
    for index in 0..many.targets().len() {
        let report = many.report(index)?;
        if let Some(listed) = many.targets().get(index) {
            target(&mut writer, &listed.shown(report.as_ref()), handbook, reader)?;
        }
    }
    end(writer)
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

/// All targets in the output of a test suite of its own. Where nothing was checked, its one test
/// case is skipped, so that no view shows a run that passed.
fn overview<W: Write>(writer: &mut Writer<W>, many: &dyn Many) -> io::Result<()> {
    let summary = many.summary();
    let (status, word) = result(many);
    let nothing = status == Status::Skipped;
    let count = if nothing { "1" } else { "0" };
    let suite = [
        ("name", "netsuite-preflight: all targets"),
        ("tests", count),
        ("failures", "0"),
        ("errors", "0"),
        ("skipped", count),
    ];
    writer.write_event(Event::Start(tag("testsuite", &suite)))?;
    writer.write_event(Event::Start(BytesStart::new("properties")))?;
    for (name, value) in [
        ("verdict", word.to_owned()),
        ("exit_code", summary.exit_code.to_string()),
        ("targets", summary.counts.targets.to_string()),
    ] {
        writer.write_event(Event::Empty(tag("property", &[("name", name), ("value", &value)])))?;
    }
    writer.write_event(Event::End(BytesEnd::new("properties")))?;
    if nothing {
        let case = [("name", "overview"), ("classname", "netsuite-preflight.all-targets.overview")];
        writer.write_event(Event::Start(tag("testcase", &case)))?;
        writer.write_event(Event::Empty(tag("skipped", &[("message", words::NOTHING)])))?;
        writer.write_event(Event::End(BytesEnd::new("testcase")))?;
    }
    writer.write_event(Event::Start(BytesStart::new("system-out")))?;
    let mut line = |text: &str| {
        let text = allowed(text) + "\n";
        writer.write_event(Event::Text(BytesText::new(&text)))
    };
    line(&head(many, STYLE))?;
    for target in many.targets() {
        line(&row(target, 0, STYLE))?;
    }
    line(&exit(many))?;
    writer.write_event(Event::End(BytesEnd::new("system-out")))?;
    writer.write_event(Event::End(BytesEnd::new("testsuite")))
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
        Some(error) => not_checked(writer, target, error),
        None => Ok(()),
    }
}

/// A target without a report, or one whose report could not be saved.
fn not_checked<W: Write>(
    writer: &mut Writer<W>,
    target: &Shown<'_>,
    error: &str,
) -> io::Result<()> {
    let title = target.title();
    let suite = [("name", title.as_str()), ("tests", "1"), ("failures", "0"), ("errors", "1")];
    writer.write_event(Event::Start(tag("testsuite", &suite)))?;
    let class = class(target.name.unwrap_or_default(), "target");
    let case = [("name", "target"), ("classname", class.as_str()), ("time", "0.000")];
    writer.write_event(Event::Start(tag("testcase", &case)))?;
    let told = [("type", "not-checked"), ("message", error)];
    writer.write_event(Event::Empty(tag("error", &told)))?;
    writer.write_event(Event::End(BytesEnd::new("testcase")))?;
    writer.write_event(Event::End(BytesEnd::new("testsuite")))
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

#[cfg(test)]
mod tests {
    use quick_xml::Reader;

    use crate::report::samples;
    use crate::report::samples::handbook;

    use super::*;

    /// An element: its name, attributes, children and text.
    #[derive(Debug, Default)]
    struct Element {
        name: String,
        attributes: Vec<(String, String)>,
        children: Vec<Element>,
        text: String,
    }

    impl Element {
        fn get(&self, name: &str) -> &str {
            let found = self.attributes.iter().find(|(known, _)| known == name);
            found.map_or_else(|| panic!("{} lacks {name}", self.name), |(_, value)| value)
        }

        fn number(&self, name: &str) -> usize {
            self.get(name).parse().unwrap()
        }

        fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
            self.children.iter().filter(move |child| child.name == name)
        }

        /// How many of its own or its children's test cases hold such an element.
        fn cases_with(&self, name: &str) -> usize {
            let below: usize = self.named("testsuite").map(|suite| suite.cases_with(name)).sum();
            below + self.named("testcase").filter(|case| case.named(name).next().is_some()).count()
        }
    }

    fn parse(text: &str) -> Element {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        let mut open = vec![Element::default()];
        loop {
            match reader.read_event().unwrap() {
                Event::Start(tag) => open.push(Element {
                    name: tag.name().as_ref().to_owned(),
                    attributes: tag
                        .attributes()
                        .map(|pair| pair.unwrap())
                        .map(|pair| {
                            let raw = &pair.value;
                            let value = quick_xml::escape::unescape(raw).unwrap().into_owned();
                            (pair.key.as_ref().to_owned(), value)
                        })
                        .collect(),
                    ..Element::default()
                }),
                Event::End(_) => {
                    let closed = open.pop().unwrap();
                    open.last_mut().unwrap().children.push(closed);
                }
                Event::Text(text) => {
                    open.last_mut().unwrap().text.push_str(&text);
                }
                Event::GeneralRef(_) | Event::Decl(_) => {}
                Event::Eof => break,
                other => panic!("{other:?}"),
            }
        }
        open.pop().unwrap().children.pop().unwrap()
    }

    /// The rules that the JUnit schemas of CI systems share.
    fn assert_sound(root: &Element) {
        assert_eq!(root.name, "testsuites");
        let all =
            |name: &str| root.named("testsuite").map(|suite| suite.number(name)).sum::<usize>();
        for name in ["tests", "failures", "errors"] {
            assert_eq!(root.number(name), all(name), "{name}");
        }
        for suite in &root.children {
            assert_eq!(suite.name, "testsuite");
            assert_eq!(suite.children[0].name, "properties", "properties come first");
            assert_eq!(suite.number("tests"), suite.named("testcase").count());
            assert_eq!(suite.number("failures"), suite.cases_with("failure"));
            assert_eq!(suite.number("errors"), suite.cases_with("error"));
            assert_eq!(suite.number("skipped"), suite.cases_with("skipped"));
            assert!(!suite.get("timestamp").contains('Z'), "a local form, without a zone");
            for property in &suite.children[0].children {
                assert!(!property.get("name").is_empty() && !property.get("value").is_empty());
            }
            for case in suite.named("testcase") {
                assert!(!case.get("name").is_empty() && case.get("classname").contains('.'));
                case.get("time").parse::<f64>().unwrap();
                let known = ["failure", "error", "skipped", "system-out"];
                assert!(case.children.len() <= 1, "{case:?}");
                assert!(case.children.iter().all(|child| known.contains(&child.name.as_str())));
            }
        }
    }

    #[test]
    fn the_sample_as_junit() {
        let text = render(&samples::fixed_report(), &handbook(), &crate::report::Reader::default())
            .unwrap();
        assert_sound(&parse(&text));
        insta::assert_snapshot!(text);
    }

    #[test]
    fn the_output_of_each_suite_names_the_address_that_stood_in() {
        let mut report = samples::fixed_report();
        report.environment.connect_to = Some("127.0.0.1:8443".to_owned());
        let root = parse(&render(&report, &handbook(), &crate::report::Reader::default()).unwrap());
        assert_sound(&root);
        for suite in root.named("testsuite") {
            let told: Vec<&str> = suite.named("system-out").map(|out| out.text.as_str()).collect();
            assert_eq!(told.len(), 1, "{suite:?}");
            assert!(told[0].contains("dialled at 127.0.0.1:8443"), "{told:?}");
        }
    }

    #[test]
    fn each_status_becomes_what_ci_systems_expect() {
        let report = samples::fixed_report();
        let root = parse(&render(&report, &handbook(), &crate::report::Reader::default()).unwrap());
        let of = |status| report.checks.iter().filter(|check| check.status == status).count();
        assert_eq!(root.cases_with("failure"), of(Status::Fail));
        assert_eq!(root.cases_with("error"), of(Status::Inconclusive));
        assert_eq!(root.cases_with("skipped"), of(Status::Skipped));
        assert_eq!(root.cases_with("system-out"), of(Status::Pass) + of(Status::Warn));
    }

    /// Red in the CI system exactly where the exit code is not 0.
    #[test]
    fn the_result_agrees_with_the_exit_code() {
        let mut report = samples::fixed_report();
        for (keep, code) in [
            (vec![Status::Pass, Status::Skipped, Status::Warn], 0),
            (vec![Status::Pass, Status::Skipped, Status::Warn], 4),
            (vec![Status::Warn, Status::Inconclusive], 3),
            (vec![Status::Warn, Status::Fail], 1),
        ] {
            report.checks = samples::fixed_report().checks;
            report.checks.retain(|check| keep.contains(&check.status));
            report.summary.exit_code = code;
            let root =
                parse(&render(&report, &handbook(), &crate::report::Reader::default()).unwrap());
            assert_sound(&root);
            let red = root.number("failures") + root.number("errors") > 0;
            assert_eq!(red, code != 0, "exit code {code}");
        }
    }

    #[test]
    fn hostile_values_are_text() {
        let text =
            render(&samples::hostile_report(), &handbook(), &crate::report::Reader::default())
                .unwrap();
        let root = parse(&text);
        assert_sound(&root);
        let forbidden =
            |c: char| (c.is_control() && c != '\n') || "\u{fffe}\u{ffff}\u{202e}".contains(c);
        assert!(!text.contains(forbidden));
        assert!(text.contains("&lt;script&gt;alert"), "nothing visible is lost");
    }
}
