//! `--output-dir`: one report file per target.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::config::TargetName;
use crate::config::replace::Staged;
use crate::report::v1::SCHEMA_NAME;

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

    /// Removes the report of an earlier run, which would seem to be the present one. Nothing else
    /// that may lie there is touched.
    pub fn forget(&self, name: &str) -> io::Result<()> {
        let Some(name) = TargetName::new(name) else { return Ok(()) };
        let place = self.place(name.as_str());
        if !std::fs::symlink_metadata(&place).is_ok_and(|found| found.is_file()) {
            return Ok(());
        }
        let mut beginning = Vec::new();
        File::open(&place)?.take(200).read_to_end(&mut beginning)?;
        let ours = String::from_utf8_lossy(&beginning).contains(&format!("\"{SCHEMA_NAME}\""));
        if ours { std::fs::remove_file(place) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_earlier_reports_are_removed() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::new(&dir.path().join("reports")).unwrap();
        let report = format!("{{\n  \"schema\": {{\n    \"name\": \"{SCHEMA_NAME}\",");
        folder.write("a", &report, &[]).unwrap();
        folder.write("b", "{}", &[]).unwrap();
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
        let folder = Folder::new(dir.path()).unwrap();
        let input = dir.path().join("a.json");
        std::fs::write(&input, "input").unwrap();
        assert!(folder.write("a", "report", &[&input]).is_err());
        assert_eq!(std::fs::read_to_string(&input).unwrap(), "input");
        folder.write("a", "report", &[]).unwrap();
    }
}
