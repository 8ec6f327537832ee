//! At the end of a failing run on a terminal: the whole report as a page for the browser.

use std::path::{Path, PathBuf};

use crate::cli::error::CommandError;
use crate::cli::target::ProcessEnvironment;
use crate::credentials::replace::ReadFiles;
use crate::preflight::render::Outputs;
use crate::report::v1::Overall;
use crate::report::{Format, Report};
use crate::terminal::ask::yes;
use crate::terminal::browser;
use crate::terminal::output::{Destination, note, tell};
use crate::terminal::sink::is_ci;
use crate::types::shown::shown_path;

/// What the file is called, where nothing has that name.
const STEM: &str = "netsuite-preflight-report";

/// Asks whether to write the report as HTML, and whether to open it.
///
/// # Errors
/// Only on a bug.
pub fn html(report: &Report, outputs: &Outputs) -> Result<(), CommandError> {
    let failed = matches!(report.summary.verdict, Overall::Fail | Overall::Inconclusive);
    let wanted = failed && !outputs.quiet() && !outputs.has(Format::Html);
    if !wanted || is_ci(&ProcessEnvironment) {
        return Ok(());
    }
    if !yes("\n  Write the full report as HTML? [y/N] ") {
        return Ok(());
    }
    let path = free_name(Path::new("."));
    let document = outputs.whole(report, Format::Html)?;
    let file = Destination::file("--save", &path, &ReadFiles::default());
    if let Err(error) = file.write(&document) {
        note(&error.to_string());
        return Ok(());
    }
    tell(&format!("  Written to {}. It holds no secret.\n", shown_path(&path)));
    if yes("  Open it in the browser? [y/N] ")
        && let Err(error) = open(&path)
    {
        note(&format!("no browser could be started ({error}); open the file yourself"));
    }
    Ok(())
}

fn open(path: &Path) -> Result<(), String> {
    let whole = path.canonicalize().map_err(|error| error.to_string())?;
    browser::open(&whole.to_string_lossy())
}

/// The most names that are tried.
const MOST_NAMES: usize = 1000;

/// A path in this folder at which nothing lies.
fn free_name(folder: &Path) -> PathBuf {
    let named = |number: usize| match number {
        1 => folder.join(format!("{STEM}.html")),
        _ => folder.join(format!("{STEM}-{number}.html")),
    };
    let free = |path: &PathBuf| path.symlink_metadata().is_err();
    (1..=MOST_NAMES).map(named).find(free).unwrap_or_else(|| named(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_lies_there_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
        for expected in ["", "-2", "-3"] {
            let path = free_name(folder.path());
            assert_eq!(name(&path), format!("{STEM}{expected}.html"));
            std::fs::write(&path, "").unwrap();
        }
    }
}
