//! Many targets: an overview as a test suite of its own, then those of each target.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};

use super::{STYLE, Totals, allowed, begin, class, end, tag, target};
use crate::report::set::listed::nothing_checked;
use crate::report::set::text::{exit, head, result, row};
use crate::report::set::{Many, Shown};
use crate::report::v1::Status;
use crate::report::{Handbook, Reader, words};

/// Of what took no time of its own.
const NO_TIME: &str = "0.000";

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
        ("time", NO_TIME),
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
        let class = "netsuite-preflight.all-targets.overview";
        let case = [("name", "overview"), ("classname", class), ("time", NO_TIME)];
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

/// A target without a report, or one whose report could not be saved.
pub(super) fn not_checked<W: Write>(
    writer: &mut Writer<W>,
    target: &Shown<'_>,
    error: &str,
) -> io::Result<()> {
    let title = target.title();
    let suite = [
        ("name", title.as_str()),
        ("tests", "1"),
        ("failures", "0"),
        ("errors", "1"),
        ("skipped", "0"),
        ("time", NO_TIME),
    ];
    writer.write_event(Event::Start(tag("testsuite", &suite)))?;
    let class = class(target.name.unwrap_or_default(), "target");
    let case = [("name", "target"), ("classname", class.as_str()), ("time", NO_TIME)];
    writer.write_event(Event::Start(tag("testcase", &case)))?;
    let told = [("type", "not-checked"), ("message", error)];
    writer.write_event(Event::Empty(tag("error", &told)))?;
    writer.write_event(Event::End(BytesEnd::new("testcase")))?;
    writer.write_event(Event::End(BytesEnd::new("testsuite")))
}
