//! The files of a stage. In a folder that stays, what an earlier `emulate` wrote is used again or
//! replaced, and what anybody else put there is left as it is.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::StageError;
use crate::credentials::store::{KEY_MODE, StoreError, write_new};
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
    /// What is about to be written: the list is right before the file is there and after.
    #[serde(default)]
    coming: BTreeMap<String, String>,
}

/// The folder of a stage.
pub(super) struct Files {
    folder: PathBuf,
    list: List,
    /// What an earlier stage wrote and nobody changed since.
    earlier: BTreeMap<String, Zeroizing<Vec<u8>>>,
    /// Whether the list that lies there is one of ours.
    listed: bool,
}

impl Files {
    /// The folder, with what an earlier stage wrote into it and nobody changed since.
    pub fn of(folder: PathBuf) -> Self {
        let found = content(&folder.join(LIST));
        let found = found.and_then(|bytes| serde_json::from_slice::<List>(&bytes).ok());
        let found = found.filter(|list| list.made_by == MAKER);
        let listed = found.is_some();
        let List { files, coming, .. } = found.unwrap_or_default();
        let mut list = List { made_by: MAKER.to_owned(), ..List::default() };
        let mut earlier = BTreeMap::new();
        for (name, sum) in files.into_iter().chain(coming) {
            let plain = Path::new(&name).file_name().is_some_and(|own| own == name.as_str());
            let bytes = plain.then(|| content(&folder.join(&name))).flatten();
            if let Some(bytes) = bytes.filter(|bytes| checksum(bytes) == sum) {
                earlier.insert(name.clone(), bytes);
                list.files.insert(name, sum);
            }
        }
        Self { folder, list, earlier, listed }
    }

    /// A file that an earlier stage wrote.
    pub fn earlier(&self, name: &str) -> Option<&[u8]> {
        self.earlier.get(name).map(|bytes| bytes.as_slice())
    }

    /// Writes a file for this user alone: a new one, or in the place of an earlier stage's. The list
    /// says so before the file is there, so that one that was stopped here can be run again.
    pub fn write(&mut self, name: &str, bytes: &[u8]) -> Result<PathBuf, StageError> {
        let path = self.folder.join(name);
        let ours = self.earlier.remove(name).is_some();
        if !ours && path.symlink_metadata().is_ok() {
            return Err(StageError::NotOurs { path });
        }
        let sum = checksum(bytes);
        self.list.coming.insert(name.to_owned(), sum.clone());
        self.note()?;
        if ours {
            replace(&self.folder, &path, bytes)?;
        } else {
            create(&path, bytes)?;
        }
        self.list.coming.remove(name);
        self.list.files.insert(name.to_owned(), sum);
        Ok(path)
    }

    /// Writes the list, for the stage after this one.
    pub fn note(&mut self) -> Result<(), StageError> {
        let path = self.folder.join(LIST);
        let text = serde_json::to_vec_pretty(&self.list)
            .map_err(|error| StageError::File { path: path.clone(), source: error.into() })?;
        if self.listed {
            return replace(&self.folder, &path, &text);
        }
        create(&path, &text)?;
        self.listed = true;
        Ok(())
    }
}

/// The bytes of a regular file that is no link; nothing where it is anything else, or large.
fn content(path: &Path) -> Option<Zeroizing<Vec<u8>>> {
    path.symlink_metadata().ok().filter(std::fs::Metadata::is_file)?;
    let bytes = regular_file::read(path, LARGEST).ok().map(Zeroizing::new);
    bytes.filter(|bytes| bytes.len() <= LARGEST)
}

fn checksum(bytes: &[u8]) -> String {
    hex(&openssl::sha::sha256(bytes))
}

/// A file that must not be there yet.
fn create(path: &Path, bytes: &[u8]) -> Result<(), StageError> {
    let path = path.to_owned();
    write_new(&path, bytes, KEY_MODE).map(|_| ()).map_err(|error| match error {
        StoreError::Exists { .. } => StageError::NotOurs { path },
        StoreError::Write { source, .. } | StoreError::Directory { source, .. } => {
            StageError::File { path, source }
        }
        error @ StoreError::NotADirectory { .. } => {
            StageError::File { path, source: io::Error::other(error) }
        }
    })
}

/// Puts a new file in the place of an old one, whole or not at all.
fn replace(folder: &Path, path: &Path, bytes: &[u8]) -> Result<(), StageError> {
    let written = || {
        let mut file = tempfile::Builder::new().prefix(".emulated-").tempfile_in(folder)?;
        file.write_all(bytes)?;
        file.persist(path).map(|_| ()).map_err(|error| error.error)
    };
    written().map_err(|source| StageError::File { path: path.to_owned(), source })
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

    /// Whatever the moment at which an earlier stage was stopped, its files are known as its own.
    #[test]
    fn the_list_is_in_step_with_each_file() {
        let folder = tempfile::tempdir().unwrap();
        let open = || Files::of(folder.path().to_owned());
        let mut files = open();
        files.write("ca.pem", b"first").unwrap();
        // Stopped before the list was written for the last time.
        drop(files);
        assert_eq!(open().earlier("ca.pem").unwrap(), b"first");
        let mut files = open();
        files.write("ca.pem", b"second").unwrap();
        drop(files);
        assert_eq!(open().earlier("ca.pem").unwrap(), b"second");
        // Stopped between the list and the file.
        let mut files = open();
        files.list.coming.insert("ca.pem".to_owned(), checksum(b"third"));
        files.note().unwrap();
        drop(files);
        assert_eq!(open().earlier("ca.pem").unwrap(), b"second");
        open().write("ca.pem", b"third").unwrap();
        // What is not ours is refused before anything is noted.
        let other = tempfile::tempdir().unwrap();
        std::fs::write(other.path().join("ca.pem"), "theirs").unwrap();
        let refused = Files::of(other.path().to_owned()).write("ca.pem", b"x");
        assert!(matches!(refused, Err(StageError::NotOurs { .. })));
        assert!(!other.path().join(LIST).exists());
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
        assert!(Files::of(folder.path().to_owned()).earlier.is_empty());
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
