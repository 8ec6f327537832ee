//! Many targets as people read them: one line on each, then what did not pass.

use std::io::{self, Write};

use super::listed::Many;
use super::words;
use crate::report::format::Format;
use crate::report::v1::Overall;
use crate::report::{Style, handbook, human, short};

/// Writes the forms `human` and `short`.
///
/// # Errors
/// When a report cannot be fetched, or the text cannot be written.
pub fn write(
    out: &mut dyn Write,
    format: Format,
    style: Style,
    many: &mut dyn Many,
) -> io::Result<()> {
    let summary = many.summary();
    writeln!(out, "{}", words::head(&summary, style))?;
    let indented = format == Format::Human;
    if indented {
        writeln!(out)?;
    }
    let targets = many.targets().to_vec();
    let widest =
        targets.iter().map(|target| words::name(&target.name, style).chars().count()).max();
    let width = widest.unwrap_or_default().min(32);
    for (index, target) in targets.iter().enumerate() {
        let report = many.report(index)?;
        let row = words::row(target, report.as_ref(), width, style);
        writeln!(out, "{}{row}", if indented { "  " } else { "" })?;
    }
    for (index, target) in targets.iter().enumerate() {
        let Some(report) = many.report(index)? else { continue };
        // People are spared those that passed.
        if report.summary.verdict == Overall::Pass {
            continue;
        }
        writeln!(out, "\n{}\n", words::rule(&target.name, style))?;
        let text = match format {
            Format::Short => short::render(&report, style),
            _ => human::render(&report, handbook(), style),
        };
        out.write_all(text.as_bytes())?;
    }
    writeln!(out, "\n{}", words::exit(&summary))
}
