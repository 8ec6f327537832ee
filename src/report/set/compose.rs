//! The one document over many targets, written piece by piece.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

use crate::report::format::Writer;
use crate::report::set::{Many, text};
use crate::report::{Format, Reader};

/// Writes the document. No more than one report stands in memory.
///
/// # Errors
/// When a report cannot be fetched, or the document cannot be written.
pub fn write(
    out: &mut dyn Write,
    format: Format,
    reader: &Reader<'_>,
    many: &mut dyn Many,
) -> io::Result<()> {
    match format.writer() {
        Writer::Json => as_json(out, many),
        Writer::Alone(render, margin) => text::write(out, render, margin, reader, many),
        Writer::Beside(_, write) => write(out, many, reader),
    }
}

/// The members that stand before the reports, in this order, and the one behind them.
const BEFORE: [&str; 3] = ["schema", "summary", "targets"];
const BEHIND: &str = "integrity";

fn as_json(out: &mut dyn Write, many: &mut dyn Many) -> io::Result<()> {
    let frame = many.frame()?;
    out.write_all(b"{\n")?;
    for name in BEFORE {
        if let Some(value) = frame.get(name) {
            member(out, name, value)?;
            out.write_all(b",\n")?;
        }
    }
    for (name, value) in &frame {
        // What this program does not know stays.
        if !BEFORE.contains(&name.as_str()) && name != BEHIND {
            member(out, name, value)?;
            out.write_all(b",\n")?;
        }
    }
    out.write_all(b"\"reports\": [\n")?;
    many.copy_reports(out)?;
    out.write_all(b"\n]")?;
    if let Some(value) = frame.get(BEHIND) {
        out.write_all(b",\n")?;
        member(out, BEHIND, value)?;
    }
    out.write_all(b"\n}\n")
}

/// One line, or for a list one line for each item.
fn member(out: &mut dyn Write, name: &str, value: &Value) -> io::Result<()> {
    write!(out, "{}: ", compact(&name)?)?;
    let Value::Array(items) = value else { return out.write_all(compact(value)?.as_bytes()) };
    let mut before = "[\n";
    for item in items {
        write!(out, "{before}{}", compact(item)?)?;
        before = ",\n";
    }
    out.write_all(if items.is_empty() { b"[]" } else { b"\n]" })
}

fn compact(value: &impl Serialize) -> io::Result<String> {
    serde_json::to_string(value).map_err(io::Error::other)
}
