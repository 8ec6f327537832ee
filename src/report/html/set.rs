//! Many targets on one page: a table of all, then the details of those that did not pass.

use std::io::{self, Write};

use maud::{Markup, html};

use super::parts::{STYLE, show};
use super::{body, foot, head, origin, verdict};
use crate::report::set::text::{counted, exit, of_target, result, targets};
use crate::report::set::{Listed, Many};
use crate::report::v1::Status;
use crate::report::{Handbook, Reader, words};

/// Writes the targets as one page.
///
/// # Errors
/// When a report cannot be fetched, or the page cannot be written.
pub(in crate::report) fn write(
    out: &mut dyn Write,
    many: &mut dyn Many,
    handbook: &Handbook,
    reader: &Reader<'_>,
) -> io::Result<()> {
    let (status, word) = result(many);
    let summary = many.summary();
    let title = format!("netsuite-preflight: {}", targets(summary.counts.targets));
    // What is open here is closed at the end; between them stands one target after the other.
    let begin = html! {
        (head(&format!("{word}: {title}")))
    };
    put(out, &begin)?;
    out.write_all(b"<body>")?;
    let begin = html! {
        a.skip href="#result" { "Skip to the result" }
        header { h1 { (verdict(status, word)) ": " (title) } }
    };
    put(out, &begin)?;
    out.write_all(b"<main id=\"result\">")?;
    let told = html! {
        div class={ "banner " (status.as_str()) } {
            @if status != Status::Skipped { p { (counted(&summary.counts, STYLE)) } }
            p { (exit(many)) }
        }
    };
    put(out, &told)?;
    overview(out, many)?;
    for index in 0..many.targets().len() {
        if many.targets().get(index).is_none_or(|target| !has_section(target)) {
            continue;
        }
        let report = many.report(index)?;
        let Some(target) = many.targets().get(index) else { continue };
        let again = of_target(reader, Some(&target.name));
        let reader = Reader { again: again.as_deref().or(reader.again), ..*reader };
        let section = html! {
            section id={ "report-" (index) } aria-labelledby={ "name-" (index) } {
                h2 id={ "name-" (index) } { (told_of(target)) ": " (show(&target.title())) }
                @if let Some(error) = &target.error {
                    div.banner.fail { p { (show(error)) } }
                }
                @if let Some(report) = &report {
                    (origin(report))
                    (body(report, handbook, &reader))
                }
            }
        };
        put(out, &section)?;
    }
    out.write_all(b"</main>")?;
    put(out, &foot())?;
    out.write_all(b"</body></html>\n")
}

/// Each piece is a line of its own, so that no line has to be held that is as long as the page.
fn put(out: &mut dyn Write, markup: &Markup) -> io::Result<()> {
    out.write_all(markup.0.as_bytes())?;
    out.write_all(b"\n")
}

/// Whether more is said of it than its line.
fn has_section(target: &Listed) -> bool {
    !target.passed()
}

fn told_of(target: &Listed) -> Markup {
    verdict(target.head(), target.word())
}

/// The table of all targets.
fn overview(out: &mut dyn Write, many: &dyn Many) -> io::Result<()> {
    if many.targets().is_empty() {
        return Ok(());
    }
    out.write_all(b"<table class=\"checks\">")?;
    let heads = html! {
        caption { "All targets" }
        thead { tr {
            th scope="col" { "Target" } th scope="col" { "Result" }
            th scope="col" { "First problem" } th scope="col" { "Checks" }
        } }
    };
    put(out, &heads)?;
    out.write_all(b"<tbody>")?;
    for (at, target) in many.targets().iter().enumerate() {
        put(out, &row(at, target))?;
    }
    out.write_all(b"</tbody></table>")
}

fn row(at: usize, target: &Listed) -> Markup {
    let digest = target.digest.as_ref();
    html! {
        tr {
            th scope="row" {
                @if has_section(target) {
                    a href={ "#report-" (at) } { (show(&target.title())) }
                } @else {
                    (show(&target.title()))
                }
                @if let Some(address) = digest.and_then(|digest| digest.connect_to.as_ref()) {
                    ", " (show(address)) " in place of NetSuite"
                }
                @if digest.is_some_and(|digest| digest.replay) { ", replay" }
            }
            td { (told_of(target)) }
            td {
                @if let Some(problem) = digest.and_then(|digest| digest.problem.as_ref()) {
                    (show(&problem.name)) ": " (show(&problem.seen))
                }
            }
            td {
                @if let Some(digest) = digest { (words::few(&digest.told, STYLE)) }
            }
        }
    }
}
