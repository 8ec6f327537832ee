//! `--output-dir`: one report file per target.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::config::replace::Staged;

/// A folder that takes report files.
#[derive(Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    /// The folder, made where it is not there yet, and tried out.
    pub fn new(path: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(path)?;
        tempfile::tempfile_in(path)?;
        Ok(Self(path.to_owned()))
    }

    fn place(&self, name: &str) -> PathBuf {
        self.0.join(format!("{name}.json"))
    }

    /// Writes the report of a target in one step, unless an input of the run lies there.
    pub fn write(&self, name: &str, report: &str, inputs: &[&Path]) -> io::Result<()> {
        let place = self.place(name);
        let there = std::fs::canonicalize(&place).ok();
        if there.is_some() && inputs.iter().any(|input| std::fs::canonicalize(input).ok() == there)
        {
            return Err(io::Error::other("an input of this run lies there"));
        }
        let mut staged = Staged::new(&place)?;
        staged.write_all(report.as_bytes())?;
        staged.commit()
    }
}
