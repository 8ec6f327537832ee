//! Reading a stored report from a file or standard input.

use std::io;
use std::path::{Path, PathBuf};

use crate::credentials::input::is_stdin;
use crate::report::stored::{MOST_BYTES, Stored, StoredError};
use crate::report::verify::faults;
use crate::terminal::output::note;
use crate::types::regular_file;
use crate::types::shell;
use crate::types::shown::{message, shown_path};

/// A stored report cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// The file cannot be read.
    #[error("{} cannot be read: {source}; name a report that `check` wrote", shown_path(path))]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is no report.
    #[error("{}: {}", name(path), message(&source.to_string()))]
    Content {
        /// Which.
        path: PathBuf,
        /// Why.
        source: StoredError,
    },
}

/// How a place is called.
pub(super) fn name(path: &Path) -> String {
    if is_stdin(path) { "standard input".to_owned() } else { shown_path(path) }
}

/// Reads a file, or standard input for `-`; at most 64 MiB.
pub(super) fn read(path: &Path) -> Result<Stored, InputError> {
    let fail = |source| InputError::File { path: path.to_owned(), source };
    let most = usize::try_from(MOST_BYTES).unwrap_or(usize::MAX);
    let bytes = if is_stdin(path) {
        regular_file::read_bounded(io::stdin().lock(), most).map_err(fail)?
    } else {
        regular_file::read(path, most).map_err(|error| fail(error.into()))?
    };
    Stored::read(&bytes).map_err(|source| InputError::Content { path: path.to_owned(), source })
}

/// Reads a file that is shown or compared, and says so when it is not as it was written: whoever
/// reads on has to know.
pub(super) fn read_and_judge(path: &Path) -> Result<Stored, InputError> {
    let stored = read(path)?;
    let faults = faults(&stored);
    if let Some(first) = faults.first() {
        let name = name(path);
        let more = match faults.len().saturating_sub(1) {
            0 => String::new(),
            more => format!(" (and {more} more)"),
        };
        let word = if is_stdin(path) { None } else { Some(shell::argument(path)) };
        let named = word.as_deref().and_then(shell::word).unwrap_or("FILE".into());
        note(&format!(
            "do not rely on {name}: {}{more}; `netsuite-preflight report verify {named}` tells all",
            first.trim_end_matches('.')
        ));
    }
    Ok(stored)
}
