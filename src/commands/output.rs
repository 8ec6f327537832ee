//! Where documents and notes go: stdout carries the document alone, stderr everything else.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use crate::types::ExitCode;

/// Says something to the person at the terminal.
pub fn note(text: &str) {
    let _ = writeln!(anstream::stderr(), "netsuite-preflight: {text}");
}

/// Says what kept a command from starting, and gives the exit code for it.
#[must_use]
pub fn usage_error(text: &str) -> ExitCode {
    note(text);
    ExitCode::Usage
}

/// Where a document is to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// Standard output.
    Stdout,
    /// A file, replaced as a whole.
    File(PathBuf),
}

/// A document could not be written.
#[derive(Debug, thiserror::Error)]
#[error("{path} cannot be written: {source}; choose another place with --output")]
pub struct WriteError {
    path: PathBuf,
    source: io::Error,
}

impl Destination {
    /// Standard output unless a file was named.
    #[must_use]
    pub fn new(file: Option<&Path>) -> Self {
        file.map_or(Self::Stdout, |path| Self::File(path.to_owned()))
    }

    /// Whether the document is shown on a terminal.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        *self == Self::Stdout && io::stdout().is_terminal()
    }

    /// Finds out before any work is done whether the document can be written at all.
    ///
    /// # Errors
    /// When the folder of the file cannot take one.
    pub fn probe(&self) -> Result<(), WriteError> {
        match self {
            Self::Stdout => Ok(()),
            Self::File(path) => staged(path).map(drop),
        }
    }

    /// Writes the whole document.
    ///
    /// # Errors
    /// When the file cannot be written. A reader of standard output that went away is no error.
    pub fn write(&self, document: &str) -> Result<(), WriteError> {
        match self {
            Self::Stdout => {
                let mut stdout = anstream::stdout().lock();
                let result = stdout.write_all(document.as_bytes()).and_then(|()| stdout.flush());
                match result {
                    Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                        Err(WriteError { path: "standard output".into(), source: error })
                    }
                    _ => Ok(()),
                }
            }
            Self::File(path) => {
                let fail = |source| WriteError { path: path.clone(), source };
                let mut file = staged(path)?;
                file.write_all(document.as_bytes()).map_err(fail)?;
                file.as_file().sync_all().map_err(fail)?;
                file.persist(path).map_err(|error| fail(error.error))?;
                Ok(())
            }
        }
    }
}

/// A file beside the wanted one, so that the last step is a rename; `tempfile` makes it 0600.
fn staged(path: &Path) -> Result<tempfile::NamedTempFile, WriteError> {
    let fail = |source| WriteError { path: path.to_owned(), source };
    if path.is_dir() {
        return Err(fail(io::Error::from(io::ErrorKind::IsADirectory)));
    }
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    tempfile::Builder::new().prefix(".netsuite-preflight-").tempfile_in(folder).map_err(fail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_replaced_whole_and_private() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("report.json");
        std::fs::write(&path, "old, and longer than the new one").unwrap();
        let destination = Destination::new(Some(&path));
        destination.probe().unwrap();
        destination.write("new").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_place_that_takes_no_file_is_found_before_the_work() {
        let dir = tempfile::tempdir().unwrap();
        assert!(Destination::new(Some(dir.path())).probe().is_err());
        assert!(Destination::new(Some(&dir.path().join("no/such/dir"))).probe().is_err());
    }
}
