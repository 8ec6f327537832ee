//! What was found, put away in a temporary file until the document is written.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write};
use std::path::Path;

use super::worker::Outcome;
use crate::report::set::{SetSummary, SetVerdict};
use crate::types::ExitCode;

/// What stays in memory of a target: a few hundred bytes.
#[derive(Debug)]
pub(super) struct Row {
    pub verdict: SetVerdict,
    pub exit: ExitCode,
    pub run_id: Option<String>,
    pub error: Option<String>,
    /// What the overview says besides the name.
    pub line: String,
    offset: u64,
    length: u64,
}

impl Row {
    /// Whether a text of the target was put away.
    pub fn has_text(&self) -> bool {
        self.length > 0
    }
}

/// Rows by place in the order of names, and their texts in a file without a name.
#[derive(Debug)]
pub(super) struct Spool {
    file: File,
    end: u64,
    rows: BTreeMap<usize, Row>,
    summary: SetSummary,
}

impl Spool {
    /// An empty one in a folder that takes files.
    pub fn new(folder: &Path) -> io::Result<Self> {
        let file = tempfile::tempfile_in(folder)?;
        Ok(Self { file, end: 0, rows: BTreeMap::new(), summary: SetSummary::empty() })
    }

    /// Puts away what was found of the target at this place.
    pub fn put(&mut self, index: usize, outcome: Outcome) -> io::Result<()> {
        let Outcome { verdict, exit, run_id, error, line, text } = outcome;
        self.file.write_all(text.as_bytes())?;
        let (offset, length) = (self.end, text.len() as u64);
        self.end += length;
        self.summary.add(verdict, exit);
        self.rows.insert(index, Row { verdict, exit, run_id, error, line, offset, length });
        Ok(())
    }

    /// The result in short.
    pub fn summary(&self) -> SetSummary {
        self.summary
    }

    /// The row at a place.
    pub fn row(&self, index: usize) -> Option<&Row> {
        self.rows.get(&index)
    }

    /// Copies the text of the target at a place.
    pub fn copy(&mut self, index: usize, out: &mut dyn Write) -> io::Result<()> {
        let Some(row) = self.rows.get(&index) else { return Ok(()) };
        self.file.seek(SeekFrom::Start(row.offset))?;
        io::copy(&mut (&self.file).take(row.length), out).map(drop)
    }
}
