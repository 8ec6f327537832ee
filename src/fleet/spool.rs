//! What was found, put away in a temporary file until the document is written.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write};
use std::path::Path;

use serde_json::{Map, Value};

use crate::config::TargetName;
use crate::config::keys::shown_name;
use crate::fleet::worker::TargetOutcome;
use crate::report::Report;
use crate::report::set::{Listed, Many, SetSummary, SetVerdict, seal};

/// Where a report lies in the file; of no length where there is none.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    offset: u64,
    length: u64,
}

/// The targets in the order of their names, and their reports in a file without a name. What stays
/// in memory of a target is a few hundred bytes.
#[derive(Debug)]
pub(super) struct Spool {
    file: File,
    end: u64,
    targets: Vec<Listed>,
    places: Vec<Place>,
    complete: bool,
}

impl Spool {
    /// One for these targets, in a folder that takes files.
    pub fn new(folder: &Path, names: &[String]) -> io::Result<Self> {
        let file = tempfile::tempfile_in(folder)?;
        let mut targets: Vec<Listed> = Vec::new();
        let mut hidden = 0_usize;
        for name in names {
            // What is no name may be anything that was pasted there.
            let mut shown = shown_name(name);
            if TargetName::new(name).is_none() && targets.iter().any(|one| one.name == shown) {
                hidden += 1;
                shown = format!("{shown} {}", hidden + 1);
            }
            targets.push(Listed {
                name: shown,
                verdict: SetVerdict::Error,
                exit_code: 2,
                run_id: None,
                error: Some("it was not reached".to_owned()),
                digest: None,
            });
        }
        let places = vec![Place::default(); targets.len()];
        Ok(Self { file, end: 0, targets, places, complete: true })
    }

    /// Puts away what was found of the target at this place. Where that is not possible, such as on
    /// a full disk, its entry says what it came to.
    pub fn put(&mut self, index: usize, outcome: TargetOutcome) {
        let outcome = match self.keep(&outcome.document) {
            Ok(()) => outcome,
            Err(error) => {
                self.complete = false;
                outcome.without_report(&error)
            }
        };
        let TargetOutcome { verdict, exit, run_id, error, digest, document } = outcome;
        let length = document.len() as u64;
        if let (Some(target), Some(place)) =
            (self.targets.get_mut(index), self.places.get_mut(index))
        {
            *target = Listed {
                name: std::mem::take(&mut target.name),
                verdict,
                exit_code: exit.code(),
                run_id,
                error,
                digest,
            };
            *place = Place { offset: self.end, length };
        }
        self.end += length;
    }

    /// Behind what was kept before; what a failed attempt left there is written over.
    fn keep(&mut self, document: &str) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(self.end))?;
        self.file.write_all(document.as_bytes())
    }

    /// Whether every report was put away.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// Whether the target at this place gave a report.
    fn has_report(&self, index: usize) -> bool {
        self.places.get(index).is_some_and(|place| place.length > 0)
    }

    /// Copies the report of the target at a place as it was put away.
    fn copy(&mut self, index: usize, out: &mut dyn Write) -> io::Result<()> {
        let Some(place) = self.places.get(index) else { return Ok(()) };
        self.file.seek(SeekFrom::Start(place.offset))?;
        io::copy(&mut (&self.file).take(place.length), out).map(drop)
    }
}

impl Many for Spool {
    fn summary(&self) -> SetSummary {
        SetSummary::of(self.targets.iter().map(|target| (target.verdict, target.exit_code)))
    }

    fn targets(&self) -> &[Listed] {
        &self.targets
    }

    fn report(&mut self, index: usize) -> io::Result<Option<Report>> {
        if !self.has_report(index) {
            return Ok(None);
        }
        let mut document = Vec::new();
        self.copy(index, &mut document)?;
        Ok(Some(serde_json::from_slice(&document)?))
    }

    fn frame(&mut self) -> io::Result<Map<String, Value>> {
        seal::frame(self.summary(), &self.targets).map_err(io::Error::other)
    }

    fn copy_reports(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let mut before: &[u8] = b"";
        for index in 0..self.targets.len() {
            if self.has_report(index) {
                out.write_all(before)?;
                self.copy(index, out)?;
                before = b",\n";
            }
        }
        Ok(())
    }
}
