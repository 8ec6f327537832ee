//! The files of a stage. In a folder that stays, what an earlier `emulate` wrote is used again or
//! replaced, and what anybody else put there is left as it is.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::StageError;
use crate::types::{hex, regular_file};

/// The list of what was written, beside it.
const LIST: &str = "emulated.json";
/// Who wrote the list.
const MAKER: &str = "netsuite-preflight emulate";
/// The most that is read of a file of this folder, in bytes.
const LARGEST: usize = 64 * 1024;

/// What was written into a folder: the name of each file with its SHA-256.
#[derive(Debug, Default, Serialize, Deserialize)]
struct List {
    made_by: String,
    files: BTreeMap<String, String>,
}

/// The folder of a stage.
pub(super) struct Files {
    folder: PathBuf,
    list: List,
}

impl Files {
    /// The folder, with what an earlier stage wrote into it and nobody changed since.
    pub fn of(folder: PathBuf) -> Self {
        let earlier = content(&folder.join(LIST));
        let earlier = earlier.and_then(|bytes| serde_json::from_slice::<List>(&bytes).ok());
        let mut list = earlier.filter(|list| list.made_by == MAKER).unwrap_or_default();
        list.files.retain(|name, sum| {
            let plain = Path::new(name).file_name().is_some_and(|own| own == name.as_str());
            plain && content(&folder.join(name)).is_some_and(|bytes| checksum(&bytes) == *sum)
        });
        Self { folder, list }
    }

    /// A file that an earlier stage wrote.
    pub fn earlier(&self, name: &str) -> Option<Vec<u8>> {
        let sum = self.list.files.get(name)?;
        content(&self.folder.join(name)).filter(|bytes| checksum(bytes) == *sum)
    }

    /// Writes a file for this user alone: a new one, or in the place of an earlier stage's.
    pub fn write(&mut self, name: &str, bytes: &[u8]) -> Result<PathBuf, StageError> {
        let path = self.folder.join(name);
        let fail = |source: io::Error| StageError::File { path: path.clone(), source };
        if self.earlier(name).is_some() {
            replace(&self.folder, &path, bytes).map_err(fail)?;
        } else {
            create(&path, bytes).map_err(|source| match source.kind() {
                io::ErrorKind::AlreadyExists => StageError::NotOurs { path: path.clone() },
                _ => fail(source),
            })?;
        }
        self.list.files.insert(name.to_owned(), checksum(bytes));
        Ok(path)
    }

    /// Notes what was written, for the stage after this one.
    pub fn note(self) -> Result<(), StageError> {
        let path = self.folder.join(LIST);
        let fail = |source: io::Error| StageError::File { path: path.clone(), source };
        let ours = content(&path).and_then(|bytes| serde_json::from_slice::<List>(&bytes).ok());
        let list = List { made_by: MAKER.to_owned(), files: self.list.files };
        let text = serde_json::to_vec_pretty(&list).map_err(|error| fail(error.into()))?;
        match ours.filter(|list| list.made_by == MAKER) {
            Some(_) => replace(&self.folder, &path, &text).map_err(fail),
            None => create(&path, &text).map_err(|source| match source.kind() {
                io::ErrorKind::AlreadyExists => StageError::NotOurs { path: path.clone() },
                _ => fail(source),
            }),
        }
    }
}

/// The bytes of a regular file that is no link; nothing where it is anything else, or large.
fn content(path: &Path) -> Option<Vec<u8>> {
    path.symlink_metadata().ok().filter(std::fs::Metadata::is_file)?;
    regular_file::read(path, LARGEST).ok().filter(|bytes| bytes.len() <= LARGEST)
}

fn checksum(bytes: &[u8]) -> String {
    hex(&openssl::sha::sha256(bytes))
}

/// A file that must not be there yet.
fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(bytes)
}

/// Puts a new file in the place of an old one, whole or not at all.
fn replace(folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = tempfile::Builder::new().prefix(".emulated-").tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.persist(path).map(|_| ()).map_err(|error| error.error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_written_again_and_nothing_else_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let open = || Files::of(folder.path().to_owned());
        std::fs::write(path("theirs"), "theirs").unwrap();
        let mut files = open();
        assert!(matches!(files.write("theirs", b"x"), Err(StageError::NotOurs { .. })));
        files.write("ours", b"first").unwrap();
        files.note().unwrap();
        let mut files = open();
        assert_eq!(files.earlier("ours").unwrap(), b"first");
        files.write("ours", b"second").unwrap();
        assert_eq!(files.earlier("theirs"), None);
        files.note().unwrap();
        assert_eq!(std::fs::read(path("ours")).unwrap(), b"second");
        // Changed by somebody: theirs from now on.
        std::fs::write(path("ours"), "changed").unwrap();
        let mut files = open();
        assert_eq!(files.earlier("ours"), None);
        assert!(matches!(files.write("ours", b"x"), Err(StageError::NotOurs { .. })));
        assert_eq!(std::fs::read(path("ours")).unwrap(), b"changed");
        assert_eq!(std::fs::read(path("theirs")).unwrap(), b"theirs");
    }

    #[test]
    fn a_list_of_somebody_else_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        for list in ["", "{}", r#"{"made_by":"x","files":{}}"#] {
            std::fs::write(folder.path().join(LIST), list).unwrap();
            let noted = Files::of(folder.path().to_owned()).note();
            assert!(matches!(noted, Err(StageError::NotOurs { .. })), "{list}");
            assert_eq!(std::fs::read_to_string(folder.path().join(LIST)).unwrap(), list);
        }
        // Names that lead out of the folder count for nothing.
        let outside = format!(r#"{{"made_by":"{MAKER}","files":{{"../x":"00"}}}}"#);
        std::fs::write(folder.path().join(LIST), outside).unwrap();
        assert!(Files::of(folder.path().to_owned()).list.files.is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_never_followed() {
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        let target = elsewhere.path().join("target");
        let mut files = Files::of(folder.path().to_owned());
        files.write("ca.pem", b"first").unwrap();
        files.note().unwrap();
        std::fs::write(&target, "first").unwrap();
        std::fs::remove_file(folder.path().join("ca.pem")).unwrap();
        std::os::unix::fs::symlink(&target, folder.path().join("ca.pem")).unwrap();
        let mut files = Files::of(folder.path().to_owned());
        assert!(matches!(files.write("ca.pem", b"x"), Err(StageError::NotOurs { .. })));
        assert_eq!(std::fs::read(target).unwrap(), b"first");
    }
}
