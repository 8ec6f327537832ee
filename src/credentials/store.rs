//! Writing a key pair: both files whole, or none.

use std::fs::{DirBuilder, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};
use zeroize::Zeroizing;

use super::input::LIMIT;
use super::replace::{PASSING, file_holds_private_key};
use crate::types::Secret;
use crate::types::regular_file::{self, OTHERS_WRITE, permission_bits};
use crate::types::shown::shown_path;

/// Mode of the private key.
pub const KEY_MODE: u32 = 0o600;
/// Mode of the certificate, which is no secret.
pub const CERTIFICATE_MODE: u32 = 0o644;
/// Mode of a directory that is made here.
#[cfg(unix)]
pub const DIRECTORY_MODE: u32 = 0o700;

/// The names of both files inside their directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileNames {
    /// The private key.
    pub key: String,
    /// The certificate.
    pub certificate: String,
}

impl Default for FileNames {
    fn default() -> Self {
        Self { key: "private-key.pem".to_owned(), certificate: "certificate.pem".to_owned() }
    }
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPair {
    /// Path of the private key.
    pub key_path: PathBuf,
    /// Its mode; `None` where the system has none.
    pub key_mode: Option<u32>,
    /// Path of the certificate.
    pub certificate_path: PathBuf,
    /// Its mode.
    pub certificate_mode: Option<u32>,
    /// Whether the directory was made.
    pub directory_made: bool,
    /// The mode of a directory in which others may replace the files.
    pub directory_open: Option<u32>,
}

/// Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Something has that name already.
    #[error(
        "{} exists already ({what}) and nothing is ever overwritten; move it away or give another name",
        shown_path(path)
    )]
    Exists {
        /// The name.
        path: PathBuf,
        /// What is there.
        what: &'static str,
    },
    /// The path of the directory leads to something else.
    #[error(
        "{} is no directory; name a directory, which is made where it is missing",
        shown_path(path)
    )]
    NotADirectory {
        /// As given.
        path: PathBuf,
    },
    /// The directory cannot be made.
    #[error("the directory {} cannot be made: {source}", shown_path(path))]
    Directory {
        /// As given.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file cannot be written.
    #[error("{} cannot be written: {source}; no file was left behind", shown_path(path))]
    Write {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Points between the steps, for tests that stop the writing there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WritePoint {
    FilesPrepared,
    CertificateNamed,
    BothNamed,
}

/// Whether both files could be written, as far as that can be seen without writing.
///
/// # Errors
/// When one of the names is taken, or the directory is none.
pub fn check(directory: &Path, names: &FileNames) -> Result<(), StoreError> {
    match std::fs::metadata(directory) {
        Ok(metadata) if !metadata.is_dir() => {
            return Err(StoreError::NotADirectory { path: directory.to_owned() });
        }
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // A symbolic link to nowhere is there and leads to no directory.
            return match std::fs::symlink_metadata(directory) {
                Ok(_) => Err(StoreError::NotADirectory { path: directory.to_owned() }),
                Err(_) => Ok(()),
            };
        }
        Err(source) => {
            return Err(StoreError::Directory { path: directory.to_owned(), source });
        }
    }
    for name in [&names.key, &names.certificate] {
        let path = directory.join(name);
        if let Ok(metadata) = std::fs::symlink_metadata(&path) {
            let kind = metadata.file_type();
            let what = match (kind.is_symlink(), kind.is_dir()) {
                (true, _) => "a symbolic link",
                (_, true) => "a directory",
                _ => "a file",
            };
            return Err(StoreError::Exists { path, what });
        }
    }
    Ok(())
}

/// Writes both files into `directory`, which is made where it is missing.
///
/// Each file is written and flushed to disk under a name of its own first, readable by nobody
/// else, and then given its name in one step that fails where the name is taken. Should the second
/// fail, the first is removed again. The key is named last: where there is a `private-key.pem`, its
/// certificate is there as well, and what a kill in between leaves is no secret under its own name.
///
/// # Errors
/// When a name is taken or the system refuses. Then no file is left behind.
pub fn write(
    directory: &Path,
    names: &FileNames,
    key_pem: &Secret,
    certificate_pem: &[u8],
) -> Result<StoredPair, StoreError> {
    write_with(directory, names, key_pem, certificate_pem, |_| Ok(()))
}

fn write_with(
    directory: &Path,
    names: &FileNames,
    key_pem: &Secret,
    certificate_pem: &[u8],
    at: impl Fn(WritePoint) -> io::Result<()>,
) -> Result<StoredPair, StoreError> {
    check(directory, names)?;
    let made = MadeDirectory::ensure(directory)?;
    let key_path = directory.join(&names.key);
    let certificate_path = directory.join(&names.certificate);

    let certificate = prepare(directory, &certificate_path, certificate_pem, CERTIFICATE_MODE)?;
    // The key comes second, so that its bytes are under a passing name for the shorter time.
    let key = prepare(directory, &key_path, key_pem.expose(), KEY_MODE)?;
    at(WritePoint::FilesPrepared).map_err(|source| failed(&key_path, source))?;

    let certificate = name(certificate, &certificate_path)?;
    let written = at(WritePoint::CertificateNamed)
        .map_err(|source| failed(&key_path, source))
        .and_then(|()| name(key, &key_path))
        .and_then(|file| {
            let flushed = at(WritePoint::BothNamed).and_then(|()| flush(directory));
            flushed.map(|()| file).map_err(|source| {
                // Its own error leaves nothing more to do: the first one is the one to tell.
                let _ = std::fs::remove_file(&key_path);
                failed(&key_path, source)
            })
        });
    let key = match written {
        Ok(file) => file,
        Err(error) => {
            let _ = std::fs::remove_file(&certificate_path);
            return Err(error);
        }
    };
    let directory_made = made.keep();
    Ok(StoredPair {
        key_mode: mode_of(&key),
        certificate_mode: mode_of(&certificate),
        key_path,
        certificate_path,
        directory_made,
        directory_open: open_to_others(directory),
    })
}

/// Writes one new file, whole or not at all.
///
/// # Errors
/// When the name is taken or the system refuses. Then no file is left behind.
pub fn write_new(path: &Path, bytes: &[u8], mode: u32) -> Result<Option<u32>, StoreError> {
    let directory = directory_of(path);
    let file = prepare(directory, path, bytes, mode)?;
    let file = name(file, path)?;
    flush(directory).map_err(|source| {
        // Its own error leaves nothing more to do: the first one is the one to tell.
        let _ = std::fs::remove_file(path);
        failed(path, source)
    })?;
    Ok(mode_of(&file))
}

/// What a file holds now, to compare it with what was written; nothing where it cannot be read.
#[must_use]
pub fn read_back(path: &Path) -> Zeroizing<Vec<u8>> {
    let file = regular_file::open(path).ok();
    let bytes = file.and_then(|file| regular_file::read_bounded(file, LIMIT).ok());
    Zeroizing::new(bytes.unwrap_or_default())
}

fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// The most names that are tried beside one file.
const MOST_NAMES: usize = 1000;

/// A path beside `path` at which nothing lies: `key.repaired.pem` beside `key.txt`, and
/// `key.repaired-2.pem` where that is taken. Never `path` itself.
#[must_use]
pub fn free_name(path: &Path, extension: &str) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let stem = stem.trim_start_matches('.');
    // What was repaired once is not repaired twice by name.
    let stem = stem.split_once(".repaired").map_or(stem, |(before, _)| before);
    let stem = if stem.is_empty() { "private-key" } else { stem };
    let named = |number: usize| match number {
        1 => path.with_file_name(format!("{stem}.repaired.{extension}")),
        _ => path.with_file_name(format!("{stem}.repaired-{number}.{extension}")),
    };
    let free = |path: &PathBuf| path.symlink_metadata().is_err();
    (1..=MOST_NAMES).map(named).find(free).unwrap_or_else(|| named(1))
}

/// A directory made here is removed again unless it is kept.
struct MadeDirectory(Option<PathBuf>);

impl MadeDirectory {
    fn ensure(directory: &Path) -> Result<Self, StoreError> {
        if directory.is_dir() {
            return Ok(Self(None));
        }
        let refused = |source| StoreError::Directory { path: directory.to_owned(), source };
        make_directory(directory).map_err(refused)?;
        Ok(Self(Some(directory.to_owned())))
    }

    fn keep(mut self) -> bool {
        self.0.take().is_some()
    }
}

impl Drop for MadeDirectory {
    fn drop(&mut self) {
        if let Some(directory) = &self.0 {
            // Only goes when it is empty, and an empty directory left behind does no harm.
            let _ = std::fs::remove_dir(directory);
        }
    }
}

/// Makes a directory, and what is missing above it, for this user alone. One that is there stays as
/// it is.
///
/// # Errors
/// When the system refuses, or something else lies there.
pub fn make_directory(directory: &Path) -> io::Result<()> {
    builder().recursive(true).create(directory)
}

/// A file that a run began and did not finish, because it was killed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOver {
    /// Where it is.
    pub path: PathBuf,
    /// Whether it holds a private key, or a part of one.
    pub holds_key: bool,
}

/// What earlier runs left half made in a directory.
#[must_use]
pub fn left_over(directory: &Path) -> Vec<LeftOver> {
    let Ok(entries) = std::fs::read_dir(directory) else { return Vec::new() };
    let passing = entries.filter_map(Result::ok).filter(|entry| {
        entry.file_name().to_string_lossy().starts_with(PASSING)
            && entry.file_type().is_ok_and(|kind| kind.is_file())
    });
    let mut found: Vec<_> = passing
        .map(|entry| entry.path())
        .map(|path| LeftOver { holds_key: file_holds_private_key(&path).unwrap_or(true), path })
        .collect();
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

#[cfg(unix)]
fn builder() -> DirBuilder {
    let mut builder = DirBuilder::new();
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, DIRECTORY_MODE);
    builder
}

/// Who may enter a folder follows from the one that it is in.
#[cfg(not(unix))]
fn builder() -> DirBuilder {
    DirBuilder::new()
}

/// Writes a file under a passing name in the directory where it will stay.
fn prepare(
    directory: &Path,
    target: &Path,
    bytes: &[u8],
    mode: u32,
) -> Result<NamedTempFile, StoreError> {
    let write = || -> io::Result<NamedTempFile> {
        // Made with mode 0600, whatever it gets in the end.
        let mut file = Builder::new().prefix(PASSING).tempfile_in(directory)?;
        set_mode(&file, mode)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        Ok(file)
    };
    write().map_err(|source| failed(target, source))
}

/// Gives a file its name, unless that is taken.
fn name(file: NamedTempFile, path: &Path) -> Result<File, StoreError> {
    file.persist_noclobber(path).map_err(|error| match error.error.kind() {
        io::ErrorKind::AlreadyExists => {
            StoreError::Exists { path: path.to_owned(), what: "it appeared just now" }
        }
        _ => failed(path, error.error),
    })
}

fn failed(path: &Path, source: io::Error) -> StoreError {
    StoreError::Write { path: path.to_owned(), source }
}

/// Makes sure that the names survive a power failure.
#[cfg(unix)]
fn flush(directory: &Path) -> io::Result<()> {
    match File::open(directory)?.sync_all() {
        // Some network file systems cannot flush a directory.
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
        other => other,
    }
}

#[cfg(not(unix))]
fn flush(_directory: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn set_mode(file: &NamedTempFile, mode: u32) -> io::Result<()> {
    file.as_file().set_permissions(std::os::unix::fs::PermissionsExt::from_mode(mode))
}

/// A key gets an access list of its own. A file system without such lists, as on most USB sticks,
/// takes the key all the same; the check `private-key-file` says so.
#[cfg(windows)]
fn set_mode(file: &NamedTempFile, mode: u32) -> io::Result<()> {
    if mode == KEY_MODE {
        let _ = super::access_list::make_private(file.path());
    }
    Ok(())
}

#[cfg(not(any(unix, windows)))]
fn set_mode(_file: &NamedTempFile, _mode: u32) -> io::Result<()> {
    Ok(())
}

fn mode_of(file: &File) -> Option<u32> {
    permission_bits(&file.metadata().ok()?)
}

/// The mode of a directory in which group or others may write.
#[must_use]
pub fn open_to_others(directory: &Path) -> Option<u32> {
    let mode = permission_bits(&std::fs::metadata(directory).ok()?)?;
    (mode & OTHERS_WRITE != 0).then_some(mode)
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
