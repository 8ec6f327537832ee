//! `--output-dir`: one report file per target.

use std::io;
use std::path::{Path, PathBuf};

use crate::config::TargetName;
use crate::credentials::replace::ReadFiles;
use crate::credentials::replace::file_holds_private_key;
use crate::report::v1::SCHEMA_NAME;
use crate::terminal::output::{Destination, WriteError};
use crate::types::regular_file;

/// The option that names the folder.
pub(super) const FLAG: &str = "--output-dir";

/// A folder that takes report files, in the place of none of the files that the run reads.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    files: ReadFiles,
}

impl Folder {
    /// The folder, made where it is not there yet, and tried out.
    pub fn new(path: &Path, files: &ReadFiles) -> io::Result<Self> {
        std::fs::create_dir_all(path)?;
        tempfile::tempfile_in(path)?;
        Ok(Self { path: path.to_owned(), files: files.clone() })
    }

    fn place(&self, name: &str) -> PathBuf {
        self.path.join(format!("{name}.json"))
    }

    fn destination(&self, name: &str) -> Destination {
        Destination::file(FLAG, &self.place(name), &self.files)
    }

    /// Finds out before any target is checked whether the reports of these can be written.
    pub fn probe(&self, names: &[String]) -> Result<(), WriteError> {
        // What is no name is an entry of its own, and no file is written for it.
        let names = names.iter().filter(|name| TargetName::new(name).is_some());
        names.map(|name| self.destination(name)).try_for_each(|place| place.probe())
    }

    /// Writes the report of a target in one step.
    pub fn write(&self, name: &str, report: &str) -> Result<(), WriteError> {
        self.destination(name).write(report)
    }

    /// Removes the report of an earlier run, which would seem to be the present one. Nothing else
    /// that may lie there is touched.
    pub fn forget(&self, name: &str) -> io::Result<()> {
        let Some(name) = TargetName::new(name) else { return Ok(()) };
        let place = self.place(name.as_str());
        if !std::fs::symlink_metadata(&place).is_ok_and(|found| found.is_file()) {
            return Ok(());
        }
        let beginning = regular_file::read(&place, 200)?;
        let ours = String::from_utf8_lossy(&beginning).contains(&format!("\"{SCHEMA_NAME}\""));
        if ours && !file_holds_private_key(&place)? {
            return std::fs::remove_file(place);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_earlier_reports_are_removed() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::new(&dir.path().join("reports"), &ReadFiles::default()).unwrap();
        let report = format!("{{\n  \"schema\": {{\n    \"name\": \"{SCHEMA_NAME}\",");
        folder.write("a", &report).unwrap();
        folder.write("b", "{}").unwrap();
        std::fs::write(dir.path().join("c.json"), &report).unwrap();
        for name in ["a", "b", "../c", "none"] {
            folder.forget(name).unwrap();
        }
        let there = |path: &str| dir.path().join(path).exists();
        assert!(!there("reports/a.json"));
        assert!(there("reports/b.json") && there("c.json"));
    }

    #[test]
    fn an_input_is_never_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let input = dir.path().join("a.json");
        std::fs::write(&input, "input").unwrap();
        let folder = Folder::new(dir.path(), &ReadFiles::new([&input])).unwrap();
        let names = ["b".to_owned(), "a".to_owned()];
        assert!(folder.probe(&names).is_err());
        assert!(folder.write("a", "report").is_err());
        assert_eq!(std::fs::read_to_string(&input).unwrap(), "input");
        Folder::new(dir.path(), &ReadFiles::default()).unwrap().write("a", "report").unwrap();
    }
}
