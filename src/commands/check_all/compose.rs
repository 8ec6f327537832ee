//! The one document over all targets.

use std::io::{self, Write};

use serde::Serialize;

use super::spool::Spool;
use super::words;
use crate::report::set::{SCHEMA_NAME, SCHEMA_VERSION, SetTarget};
use crate::report::v1::{Overall, Report, SchemaRef};
use crate::report::{Handbook, Style, human, short};

/// Forms that can show many targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Human,
    Short,
    Json,
}

impl Form {
    /// The text of one target. People are spared those that passed.
    pub fn of_one(
        self,
        report: &Report,
        style: Style,
    ) -> Result<String, Box<dyn std::error::Error>> {
        let passed = report.summary.verdict == Overall::Pass;
        Ok(match self {
            // One line per report, for programs that read line by line.
            Self::Json => serde_json::to_string(report)?,
            _ if passed => String::new(),
            Self::Short => short::render(report, style),
            Self::Human => human::render(report, &Handbook::load()?, style),
        })
    }
}

/// Writes the document; `names` are those of all targets, sorted.
pub(super) fn write(
    out: &mut dyn Write,
    form: Form,
    style: Style,
    names: &[String],
    spool: &mut Spool,
) -> io::Result<()> {
    match form {
        Form::Json => as_json(out, names, spool),
        Form::Human | Form::Short => as_text(out, form, style, names, spool),
    }
}

fn as_json(out: &mut dyn Write, names: &[String], spool: &mut Spool) -> io::Result<()> {
    let schema = SchemaRef { name: SCHEMA_NAME.to_owned(), version: SCHEMA_VERSION };
    write!(out, "{{\n\"schema\": {},\n", compact(&schema)?)?;
    write!(out, "\"summary\": {},\n\"targets\": [", compact(&spool.summary())?)?;
    let mut before = "\n";
    for (index, name) in names.iter().enumerate() {
        let Some(row) = spool.row(index) else { continue };
        let target = SetTarget {
            name: name.clone(),
            exit_code: row.exit.code(),
            run_id: row.run_id.clone(),
            error: row.error.clone(),
        };
        write!(out, "{before}{}", compact(&target)?)?;
        before = ",\n";
    }
    write!(out, "\n],\n\"reports\": [")?;
    let mut before = "\n";
    for index in 0..names.len() {
        if spool.row(index).is_some_and(|row| row.has_text()) {
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

fn as_text(
    out: &mut dyn Write,
    form: Form,
    style: Style,
    names: &[String],
    spool: &mut Spool,
) -> io::Result<()> {
    let summary = spool.summary();
    writeln!(out, "{}", words::head(&summary, style))?;
    if form == Form::Human {
        writeln!(out)?;
    }
    let widest = names.iter().map(|name| words::name(name, style).chars().count()).max();
    for (index, name) in names.iter().enumerate() {
        if let Some(row) = spool.row(index) {
            let width = widest.unwrap_or_default().min(32);
            writeln!(out, "{}", words::row(name, row, width, form, style))?;
        }
    }
    for (index, name) in names.iter().enumerate() {
        if spool.row(index).is_some_and(|row| row.has_text()) {
            writeln!(out, "\n{}\n", words::rule(name, style))?;
            spool.copy(index, out)?;
        }
    }
    writeln!(out, "\n{}", words::exit(&summary))
}
