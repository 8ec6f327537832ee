//! Whether Git would take a private key, and the `.gitignore` that keeps it out.
//!
//! Only what can be read without Git is judged: a `.gitignore` in the folder of the key itself, and
//! the three forms of a line that surely cover it. Source: <https://git-scm.com/docs/gitignore>.

use std::path::{Path, PathBuf};

use super::store::{CERTIFICATE_MODE, StoreError, write_new};
use crate::types::regular_file;

/// The file that tells Git what it leaves out.
pub const NAME: &str = ".gitignore";
/// The most that is read of one, in bytes.
const LARGEST: usize = 64 * 1024;

/// What became of the `.gitignore` beside a new key.
#[derive(Debug, PartialEq, Eq)]
pub enum Guard {
    /// It was written.
    Written(PathBuf),
    /// There was one, which leaves the key out and stays as it is.
    Covered(PathBuf),
    /// There was one, which does not clearly leave the key out and stays as it is.
    Uncovered(PathBuf),
}

/// Whether a folder lies inside a Git work tree. The path has no links.
#[must_use]
pub fn in_work_tree(folder: &Path) -> bool {
    folder.ancestors().any(|folder| folder.join(".git").exists())
}

/// Whether the `.gitignore` of this folder leaves the file of this name out, as far as is clear.
#[must_use]
pub fn covers(folder: &Path, name: &str) -> bool {
    let path = folder.join(NAME);
    // Git follows no link here either.
    let regular = path.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
    let bytes = regular.then(|| regular_file::read(&path, LARGEST).ok()).flatten();
    let bytes = bytes.filter(|bytes| bytes.len() <= LARGEST).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let lines = || text.lines().map(str::trim_end);
    // A line that takes something in again may mean this file.
    !lines().any(|line| line.starts_with('!'))
        && lines().any(|line| line == "*" || line.strip_prefix('/').unwrap_or(line) == name)
}

/// Writes a `.gitignore` beside a new key where there is none: for everything in a folder that was
/// made for it, else for the key alone. One that is there is never touched.
///
/// # Errors
/// When the system does not allow it.
pub fn guard(folder: &Path, key: &str, made: bool) -> Result<Guard, StoreError> {
    let path = folder.join(NAME);
    if path.symlink_metadata().is_ok() {
        let covered = covers(folder, key);
        return Ok(if covered { Guard::Covered(path) } else { Guard::Uncovered(path) });
    }
    let rule = if made { "*".to_owned() } else { format!("/{key}") };
    let text = format!("# The private key must never get into a repository.\n{rule}\n");
    write_new(&path, text.as_bytes(), CERTIFICATE_MODE)?;
    Ok(Guard::Written(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_surely_covers_the_key_counts() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!covers(folder.path(), "key.pem"), "there is none");
        for (text, covered) in [
            ("", false),
            ("*\n", true),
            ("key.pem", true),
            ("/key.pem\r\n", true),
            ("# key.pem\n", false),
            ("other.pem\n", false),
            ("*\n!key.pem\n", false),
            ("*.pem\n", false),
        ] {
            std::fs::write(folder.path().join(NAME), text).unwrap();
            assert_eq!(covers(folder.path(), "key.pem"), covered, "{text:?}");
        }
    }

    #[test]
    fn one_that_is_there_is_never_touched() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NAME);
        let guarded = |made| guard(folder.path(), "key.pem", made).unwrap();
        assert_eq!(guarded(false), Guard::Written(path.clone()));
        assert!(std::fs::read_to_string(&path).unwrap().ends_with("\n/key.pem\n"));
        assert_eq!(guarded(true), Guard::Covered(path.clone()));
        std::fs::write(&path, "mine").unwrap();
        assert_eq!(guarded(true), Guard::Uncovered(path.clone()));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine");
        std::fs::remove_file(&path).unwrap();
        assert_eq!(guarded(true), Guard::Written(path.clone()));
        assert!(std::fs::read_to_string(&path).unwrap().ends_with("\n*\n"));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_neither_followed_nor_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = folder.path().join("elsewhere");
        std::fs::write(&elsewhere, "*").unwrap();
        let path = folder.path().join(NAME);
        std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
        assert_eq!(guard(folder.path(), "key.pem", true).unwrap(), Guard::Uncovered(path));
        assert_eq!(std::fs::read_to_string(elsewhere).unwrap(), "*");
    }
}
