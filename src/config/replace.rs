//! A file that takes the place of another in one step, mode 0600.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// What is going to be a file. Dropped before [`Staged::commit`], it never was.
#[derive(Debug)]
pub struct Staged {
    file: NamedTempFile,
    place: PathBuf,
}

impl Staged {
    /// Begins the file beside the place it is to take, so that the last step is a rename. A
    /// symbolic link keeps its place; what it leads to is replaced.
    ///
    /// # Errors
    /// When the folder takes no file, or the place is taken by something that is no regular file.
    pub fn new(path: &Path) -> io::Result<Self> {
        if std::fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
            return Err(io::Error::other("it is no regular file"));
        }
        let place = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty());
        let file = tempfile::Builder::new()
            .prefix(".netsuite-preflight-")
            .tempfile_in(folder.unwrap_or(Path::new(".")))
            .map_err(|error| io::Error::from(error.kind()))?;
        Ok(Self { file, place })
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn commit(self) -> io::Result<()> {
        self.file.as_file().sync_all()?;
        self.file.persist(self.place).map(drop).map_err(|error| error.error)
    }
}

impl Write for Staged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
