//! The one document over all targets.

use std::io::{self, Write};

use serde::Serialize;

use crate::fleet::spool::Spool;
use crate::report::format::Writer;
use crate::report::set::shown;
use crate::report::set::{self, Many as _, SCHEMA_NAME, SCHEMA_VERSION};
use crate::report::v1::SchemaRef;
use crate::report::{Format, Reader};

/// Writes the document. The forms `json`, `human` and `short` are written piece by piece; the
/// others are put together in memory.
pub(super) fn write(
    out: &mut dyn Write,
    format: Format,
    reader: &Reader<'_>,
    spool: &mut Spool,
) -> io::Result<()> {
    match format.writer() {
        Writer::Json => as_json(out, spool),
        Writer::Alone(render, margin) => set::text::write(out, render, margin, reader, spool),
        Writer::Beside(render) => {
            let count = spool.targets().len();
            let reports = (0..count).map(|at| spool.report(at)).collect::<io::Result<Vec<_>>>()?;
            let targets = shown(spool.targets(), reports.iter().map(Option::as_ref));
            let text = render(&targets, reader).map_err(io::Error::other)?;
            out.write_all(text.as_bytes())
        }
    }
}

fn as_json(out: &mut dyn Write, spool: &mut Spool) -> io::Result<()> {
    let schema = SchemaRef { name: SCHEMA_NAME.to_owned(), version: SCHEMA_VERSION };
    write!(out, "{{\n\"schema\": {},\n", compact(&schema)?)?;
    write!(out, "\"summary\": {},\n\"targets\": [", compact(&spool.summary())?)?;
    let mut before = "\n";
    for target in spool.targets() {
        write!(out, "{before}{}", compact(&target.entry())?)?;
        before = ",\n";
    }
    write!(out, "\n],\n\"reports\": [")?;
    let mut before = "\n";
    for index in 0..spool.targets().len() {
        if spool.has_report(index) {
            out.write_all(before.as_bytes())?;
            spool.copy(index, out)?;
            before = ",\n";
        }
    }
    out.write_all(b"\n]\n}\n")
}

fn compact(value: &impl Serialize) -> io::Result<String> {
    serde_json::to_string(value).map_err(io::Error::other)
}
