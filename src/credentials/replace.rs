//! The one way in which a file takes the place of another: in one step, mode 0600, and never in the
//! place of a private key, of an input of the run, or behind somebody else's symbolic link.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::holds_key::file_holds_private_key;
use super::store::PASSING;
use crate::types::regular_file::{self, OpenError};

/// More links than this lead in a circle.
const MOST_LINKS: usize = 40;

/// The files that a run reads, none of which it may replace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadFiles(Vec<PathBuf>);

impl ReadFiles {
    /// These files.
    pub fn new(files: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        Self(files.into_iter().map(Into::into).collect())
    }

    /// Whether the file at a path is one of them, by whatever name.
    fn hold(&self, path: &Path) -> bool {
        let Some(there) = identity(path) else { return false };
        self.0.iter().any(|input| identity(input).as_ref() == Some(&there))
    }
}

/// What makes two names lead to the same file.
#[cfg(unix)]
fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(path).ok().map(|metadata| (metadata.dev(), metadata.ino()))
}

/// What makes two names lead to the same file.
#[cfg(not(unix))]
fn identity(path: &Path) -> Option<PathBuf> {
    std::fs::canonicalize(path).ok()
}

/// Why a file must not or cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The run reads it.
    #[error("it is an input of this run, which would be lost")]
    Input,
    /// It holds a private key.
    #[error("it holds a private key, which would be lost")]
    HoldsKey,
    /// What it holds cannot be looked at.
    #[error("it cannot be read, so it may hold a private key: {0}")]
    Unreadable(OpenError),
    /// Something other than a file lies there.
    #[error(transparent)]
    NotRegular(OpenError),
    /// A link that somebody else can change.
    #[error(
        "it is a symbolic link, and link or folder belong to another user or are open to others; \
         name the file that it leads to"
    )]
    Link,
    /// Links in a circle.
    #[error("its symbolic links lead in a circle")]
    Circle,
    /// It is not the file any more that it was before the work.
    #[error("something else was put there while this run was at work")]
    Changed,
    /// The operating system refuses.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// What is going to be a file. Dropped before [`Staged::commit`], it never was.
#[derive(Debug)]
pub struct Staged {
    file: NamedTempFile,
    path: PathBuf,
    place: PathBuf,
    inputs: ReadFiles,
}

impl Staged {
    /// Begins the file beside the place it is to take, so that the last step is a rename. The
    /// user's own symbolic link keeps its place; what it leads to is replaced.
    ///
    /// # Errors
    /// When the place must not be taken, or its folder takes no file.
    pub fn new(path: &Path, inputs: &ReadFiles) -> Result<Self, Refused> {
        let place = place(path)?;
        free(&place, inputs)?;
        let file = tempfile::Builder::new()
            .prefix(PASSING)
            .tempfile_in(folder(&place))
            .map_err(|error| io::Error::from(error.kind()))?;
        Ok(Self { file, path: path.to_owned(), place, inputs: inputs.clone() })
    }

    /// Puts the file in its place, which is looked at once more: the work may have taken long.
    ///
    /// # Errors
    /// When the place must not be taken any more, or the file system refuses.
    pub fn commit(self) -> Result<(), Refused> {
        self.file.as_file().sync_all()?;
        if place(&self.path)? != self.place {
            return Err(Refused::Changed);
        }
        free(&self.place, &self.inputs)?;
        self.file.persist(self.place).map(drop).map_err(|error| error.error.into())
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

/// Replaces a file as a whole.
///
/// # Errors
/// When its place must not be taken, or the file system refuses.
pub fn replace(path: &Path, inputs: &ReadFiles, contents: &[u8]) -> Result<(), Refused> {
    let mut staged = Staged::new(path, inputs)?;
    staged.write_all(contents)?;
    staged.commit()
}

/// Whether a file may be put here.
fn free(place: &Path, inputs: &ReadFiles) -> Result<(), Refused> {
    let kind = match std::fs::symlink_metadata(place) {
        Ok(metadata) => metadata.file_type(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    regular_file::regular(kind).map_err(Refused::NotRegular)?;
    if inputs.hold(place) {
        return Err(Refused::Input);
    }
    match file_holds_private_key(place) {
        Ok(false) => Ok(()),
        Ok(true) => Err(Refused::HoldsKey),
        Err(error) => Err(Refused::Unreadable(error)),
    }
}

/// The file that a path leads to, over links that are the user's own.
fn place(path: &Path) -> Result<PathBuf, Refused> {
    let mut place = path.to_owned();
    for _ in 0..MOST_LINKS {
        match std::fs::symlink_metadata(&place) {
            Ok(metadata) if metadata.is_symlink() => {
                // A device or a pipe is named as such, whoever owns the link to it.
                if let Ok(there) = std::fs::metadata(&place) {
                    regular_file::regular(there.file_type()).map_err(Refused::NotRegular)?;
                }
                if !is_own(&place, &metadata) {
                    return Err(Refused::Link);
                }
                place = folder(&place).join(std::fs::read_link(&place)?);
            }
            _ => return Ok(place),
        }
    }
    Err(Refused::Circle)
}

fn folder(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Whether nobody but the user can have made or changed a link.
#[cfg(unix)]
fn is_own(link: &Path, metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    const OTHERS_WRITE: u32 = 0o002;
    const STICKY: u32 = 0o1000;
    let user = rustix::process::geteuid().as_raw();
    std::fs::metadata(folder(link)).is_ok_and(|folder| {
        let open = folder.mode() & OTHERS_WRITE != 0 && folder.mode() & STICKY == 0;
        metadata.uid() == user && folder.uid() == user && !open
    })
}

/// Making a symbolic link takes a privilege here.
#[cfg(not(unix))]
fn is_own(_link: &Path, _metadata: &std::fs::Metadata) -> bool {
    true
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
