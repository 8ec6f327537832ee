//! Where documents and notes go: stdout carries the document alone, stderr everything else.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use super::sink::Filter;
use super::target::ProcessEnvironment;
use crate::types::ExitCode;
use crate::types::key_text::holds_key;
use crate::types::shown::shown_path;

/// Says something to the person at the terminal. Values that somebody gave come shown by
/// [`crate::types::shown`]; should a key have found another way into a message, none of it is said.
pub fn note(text: &str) {
    let text = if holds_key(text) {
        "one of the values holds a key or a certificate; flags take the path of a file, and the \
         value is not shown here"
    } else {
        text
    };
    let text = Filter::new(&ProcessEnvironment, false).text(text);
    let _ = writeln!(anstream::stderr(), "netsuite-preflight: {text}");
}

/// Writes text in this program's colours to standard error, where a person reads it.
pub fn tell(text: &str) {
    let text = Filter::new(&ProcessEnvironment, true).text(text);
    let mut stderr = anstream::stderr().lock();
    let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
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
    File {
        /// The option that named it.
        flag: &'static str,
        /// Where it is.
        path: PathBuf,
    },
}

/// A document could not be written.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be written: {source}; choose another place with {flag}", shown_path(path))]
pub struct WriteError {
    path: PathBuf,
    source: io::Error,
    flag: &'static str,
}

impl WriteError {
    /// What stands in the way of a file that `flag` named.
    #[must_use]
    pub fn new(path: &Path, source: io::Error, flag: &'static str) -> Self {
        Self { path: path.to_owned(), source, flag }
    }
}

impl Destination {
    /// Standard output unless a file was named; `-` names it too.
    #[must_use]
    pub fn new(flag: &'static str, file: Option<&Path>) -> Self {
        match file {
            Some(path) if path != Path::new("-") => Self::File { flag, path: path.to_owned() },
            _ => Self::Stdout,
        }
    }

    /// Whether the document is shown on a terminal.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        *self == Self::Stdout && io::stdout().is_terminal()
    }

    /// What may get into the document.
    #[must_use]
    pub fn filter(&self) -> Filter {
        Filter::new(&ProcessEnvironment, self.is_terminal())
    }

    /// Finds out before any work is done whether the document can be written at all, and that it
    /// replaces none of `inputs`.
    ///
    /// # Errors
    /// When the folder of the file cannot take one, or the file is an input of this run.
    pub fn probe(&self, inputs: &[&Path]) -> Result<(), WriteError> {
        let Self::File { flag, path } = self else { return Ok(()) };
        let resolved = std::fs::canonicalize(path).ok();
        let same =
            |input: &&Path| resolved.is_some() && std::fs::canonicalize(input).ok() == resolved;
        if inputs.iter().any(same) {
            let source = io::Error::other("it is an input of this run, which would be lost");
            return Err(WriteError { path: path.clone(), source, flag });
        }
        staged(path, flag).map(drop)
    }

    /// Writes the whole document.
    ///
    /// # Errors
    /// When the file cannot be written. A reader of standard output that went away is no error.
    pub fn write(&self, document: &str) -> Result<(), WriteError> {
        let document = self.filter().document(document);
        match self {
            Self::Stdout => {
                let mut stdout = anstream::stdout().lock();
                let result = stdout.write_all(document.as_bytes()).and_then(|()| stdout.flush());
                match result {
                    Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(WriteError {
                        path: "standard output".into(),
                        source: error,
                        flag: "--output",
                    }),
                    _ => Ok(()),
                }
            }
            Self::File { flag, path } => {
                let fail = |source| WriteError { path: path.clone(), source, flag };
                let mut file = staged(path, flag)?;
                file.write_all(document.as_bytes()).map_err(fail)?;
                file.as_file().sync_all().map_err(fail)?;
                // A symbolic link keeps its place; what it leads to is replaced.
                let place = std::fs::canonicalize(path).unwrap_or_else(|_| path.clone());
                file.persist(place).map_err(|error| fail(error.error))?;
                Ok(())
            }
        }
    }
}

/// Refuses two documents for one file.
///
/// # Errors
/// Names the file.
pub fn distinct<'a>(destinations: impl Iterator<Item = &'a Destination>) -> Result<(), WriteError> {
    let mut taken = Vec::new();
    for destination in destinations {
        let Destination::File { flag, path } = destination else { continue };
        let place = place(path);
        if taken.contains(&place) {
            let source = io::Error::other("another option of this run names the same file");
            return Err(WriteError { path: path.clone(), source, flag });
        }
        taken.push(place);
    }
    Ok(())
}

/// Where a file lies or is going to lie, whatever way leads there.
fn place(path: &Path) -> PathBuf {
    if let Ok(place) = std::fs::canonicalize(path) {
        return place;
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = std::fs::canonicalize(folder.unwrap_or(Path::new("."))).ok();
    match (folder, path.file_name()) {
        (Some(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}

/// A file beside the wanted one, so that the last step is a rename; `tempfile` makes it 0600.
fn staged(path: &Path, flag: &'static str) -> Result<tempfile::NamedTempFile, WriteError> {
    let fail = |source| WriteError { path: path.to_owned(), source, flag };
    // Devices, pipes and folders are no files to be replaced; a rename would destroy them.
    if std::fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        return Err(fail(io::Error::other("it is no regular file")));
    }
    let place = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = match place.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    tempfile::Builder::new()
        .prefix(".netsuite-preflight-")
        .tempfile_in(folder)
        .map_err(|error| fail(io::Error::from(error.kind())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_replaced_whole_and_private() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("report.json");
        std::fs::write(&path, "old, and longer than the new one").unwrap();
        let destination = Destination::new("--output", Some(&path));
        destination.probe(&[]).unwrap();
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
        assert!(Destination::new("--output", Some(dir.path())).probe(&[]).is_err());
        assert!(
            Destination::new("--output", Some(&dir.path().join("no/such/dir"))).probe(&[]).is_err()
        );
    }

    #[test]
    #[cfg(unix)]
    fn inputs_devices_and_links_survive() {
        let dir = tempfile::tempdir().unwrap();
        let key = dir.path().join("key.pem");
        std::fs::write(&key, "key").unwrap();
        let link = dir.path().join("link");
        std::os::unix::fs::symlink(&key, &link).unwrap();
        for path in [&key, &link] {
            assert!(Destination::new("--output", Some(path)).probe(&[&key]).is_err());
        }
        let socket = dir.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        assert!(Destination::new("--output", Some(&socket)).probe(&[]).is_err());
        assert!(Destination::new("--output", Some(&socket)).write("text").is_err());
        Destination::new("--output", Some(&link)).write("new").unwrap();
        assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(std::fs::read_to_string(&key).unwrap(), "new");
        assert_eq!(Destination::new("--output", Some(Path::new("-"))), Destination::Stdout);
    }
}
