//! Reading what a person gave, bounded before anything parses it, and where a key file lies and who may
//! read it.

use std::fmt;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

#[cfg(unix)]
use super::git_ignore;
use crate::types::regular_file::{self, OpenError};
#[cfg(unix)]
use crate::types::regular_file::{OTHERS_WRITE, is_open_to_all, permission_bits};
use crate::types::shown::{NOT_SHOWN, shown_path};
use crate::types::{Secret, SecretKind};

/// The most that is read of any input. A key or certificate is a few kilobytes; a PEM reader can
/// be busy for seconds over a megabyte of something else.
pub const LIMIT: usize = 1024 * 1024;

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A command line flag, such as `--account-id`.
    Flag(&'static str),
    /// An environment variable.
    Environment(&'static str),
    /// A file.
    File(PathBuf),
    /// Standard input.
    Stdin,
    /// Made in this run.
    Generated,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) => f.write_str(name),
            Self::Environment(name) => write!(f, "environment variable {name}"),
            Self::File(path) => f.write_str(&shown_path(path)),
            Self::Stdin => f.write_str("standard input"),
            Self::Generated => f.write_str("made in this run"),
        }
    }
}

/// A value with where it came from.
#[derive(Debug, Clone)]
pub struct Given<T> {
    /// The value, as given.
    pub value: T,
    /// Where it came from.
    pub origin: Origin,
}

/// The bytes of a key, certificate or passphrase as given. Kept as a secret whatever they should
/// have been: people do hand over a key where a certificate belongs.
#[derive(Debug, Clone)]
pub struct Material {
    /// At most [`LIMIT`] bytes.
    pub bytes: Secret,
    /// Where they came from.
    pub origin: Origin,
    /// Whether there was more than [`LIMIT`].
    pub too_large: bool,
}

/// The input cannot be read at all. Nothing was checked.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// The path does not lead to a file.
    #[error("{}: no such file; check the path given with {flag}", shown_given(path, flag))]
    NotFound {
        /// As given.
        path: PathBuf,
        /// The option that named it.
        flag: &'static str,
    },
    /// A directory, device, socket or pipe.
    #[error("{} is a {what}, not a file; {flag} takes the path of a file", shown_given(path, flag))]
    NotAFile {
        /// As given.
        path: PathBuf,
        /// What it is instead.
        what: &'static str,
        /// The option that named it.
        flag: &'static str,
    },
    /// The operating system refuses.
    #[error(
        "{} cannot be read: {source}; {flag} takes a file that this user may read",
        shown_given(path, flag)
    )]
    Unreadable {
        /// As given.
        path: PathBuf,
        /// Why.
        source: io::Error,
        /// The option that named it.
        flag: &'static str,
    },
}

/// A path fit for a message.
fn shown_given(path: &Path, flag: &str) -> String {
    // What stands after these flags may be the secret itself, whatever it looks like.
    if matches!(flag, "--passphrase-file" | "--client-secret-file" | "--new-passphrase-file") {
        return NOT_SHOWN.to_owned();
    }
    shown_path(path)
}

/// Whether a path stands for standard input, where that is taken.
#[must_use]
pub fn is_stdin(path: &Path) -> bool {
    path == Path::new("-") || path == Path::new("/dev/stdin")
}

/// Reads a file, at most [`LIMIT`] bytes of it.
///
/// # Errors
/// When the path is missing, no regular file, or not readable.
pub fn read_file(
    path: &Path,
    flag: &'static str,
    kind: SecretKind,
) -> Result<Material, InputError> {
    let refused = |error: OpenError| {
        let path = path.to_owned();
        match error {
            error if error.is_missing() => InputError::NotFound { path, flag },
            OpenError::NotRegular(what) => InputError::NotAFile { path, what, flag },
            OpenError::Io(source) => InputError::Unreadable { path, source, flag },
        }
    };
    let file = regular_file::open(path).map_err(refused)?;
    read_bounded(file, Origin::File(path.to_owned()), kind).map_err(|error| refused(error.into()))
}

/// Reads a stream to its end, at most [`LIMIT`] bytes of it.
///
/// # Errors
/// When reading fails.
pub fn read_bounded(source: impl Read, origin: Origin, kind: SecretKind) -> io::Result<Material> {
    let mut bytes = regular_file::read_bounded(source, LIMIT)?;
    let too_large = bytes.len() > LIMIT;
    bytes.truncate(LIMIT);
    Ok(Material { bytes: Secret::new(kind, bytes), origin, too_large })
}

/// One thing about the place of a key file that somebody should look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concern {
    /// Others than the owner may read it.
    Readable {
        /// The group may.
        group: bool,
        /// Everybody may.
        others: bool,
    },
    /// Others than the owner may change it.
    Writable,
    /// Everybody may replace files in its folder.
    FolderWritable,
    /// It belongs to another user than the one who runs this program.
    OtherOwner,
    /// The path is a symbolic link.
    Link,
    /// It lies inside a Git work tree.
    Repository {
        /// The `.gitignore` beside it leaves it out.
        ignored: bool,
    },
    /// It lies in the folder of a service that copies files to other machines.
    Synced(&'static str),
    /// It lies in the folder for downloads.
    Downloads,
    /// It lies in a folder for temporary files.
    Temporary,
}

/// What was seen of a key file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFileReport {
    /// The permission bits.
    pub mode: u32,
    /// What somebody should look at.
    pub concerns: Vec<Concern>,
}

/// Folder names of the common services; each begins the name of one part of the path.
#[cfg(unix)]
const SYNCED: &[&str] =
    &["Dropbox", "OneDrive", "Google Drive", "GoogleDrive", "iCloud", "Box", "Nextcloud", "pCloud"];

/// Looks at a file and the folders above it. Nothing on systems without file modes.
///
/// # Errors
/// When the file cannot be examined.
#[cfg(unix)]
pub fn inspect_key_file(path: &Path) -> io::Result<Option<KeyFileReport>> {
    use std::os::unix::fs::MetadataExt as _;

    let link = path.symlink_metadata()?.is_symlink();
    let real = path.canonicalize()?;
    let metadata = real.metadata()?;
    let mode = permission_bits(&metadata).unwrap_or_default();
    let mut concerns = Vec::new();
    if mode & 0o044 != 0 {
        concerns.push(Concern::Readable { group: mode & 0o040 != 0, others: mode & 0o004 != 0 });
    }
    if mode & OTHERS_WRITE != 0 {
        concerns.push(Concern::Writable);
    }
    let folder = real.parent().and_then(|folder| folder.metadata().ok());
    if folder.is_some_and(|folder| is_open_to_all(&folder)) {
        concerns.push(Concern::FolderWritable);
    }
    // The owner of the process is only to be had through unsafe calls; its home folder serves.
    let home = std::env::home_dir().and_then(|home| home.metadata().ok());
    if home.is_some_and(|home| home.uid() != metadata.uid()) {
        concerns.push(Concern::OtherOwner);
    }
    if link {
        concerns.push(Concern::Link);
    }
    if let Some(folder) = real.parent().filter(|folder| git_ignore::in_work_tree(folder)) {
        let name = real.file_name().and_then(|name| name.to_str());
        let ignored = name.is_some_and(|name| git_ignore::covers(folder, name));
        concerns.push(Concern::Repository { ignored });
    }
    concerns.extend(named_folder(&real));
    Ok(Some(KeyFileReport { mode, concerns }))
}

/// Looks at a file and the folders above it. Nothing on systems without file modes.
///
/// # Errors
/// None here.
#[cfg(not(unix))]
pub fn inspect_key_file(_path: &Path) -> io::Result<Option<KeyFileReport>> {
    Ok(None)
}

#[cfg(unix)]
fn named_folder(path: &Path) -> Option<Concern> {
    let parts: Vec<&str> =
        path.parent()?.components().filter_map(|part| part.as_os_str().to_str()).collect();
    let synced = parts.iter().find_map(|part| {
        let named = |name: &&&str| {
            let rest = part.strip_prefix(**name);
            rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
        };
        SYNCED.iter().find(named)
    });
    if let Some(name) = synced {
        return Some(Concern::Synced(name));
    }
    if parts.iter().any(|part| part.eq_ignore_ascii_case("downloads")) {
        return Some(Concern::Downloads);
    }
    let temporary = ["/tmp", "/var/tmp", "/dev/shm", "/private/tmp"];
    temporary.iter().any(|folder| path.starts_with(folder)).then_some(Concern::Temporary)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &Path) -> Result<Material, InputError> {
        read_file(path, "--private-key", SecretKind::PrivateKey)
    }

    #[test]
    fn a_huge_input_is_cut_and_says_so() {
        let endless = io::repeat(b'A');
        let material = read_bounded(endless, Origin::Stdin, SecretKind::PrivateKey).unwrap();
        assert!(material.too_large);
        assert_eq!(material.bytes.len(), LIMIT);
    }

    #[test]
    fn a_secret_in_the_place_of_a_path_is_not_shown() {
        let key = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEG\n";
        for (flag, given) in [
            ("--private-key", key),
            ("--private-key", "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg"),
            ("--passphrase-file", "hunter2"),
            ("--client-secret-file", "5ec2e75ec2e75ec2e75ec2e7"),
        ] {
            let error = read_file(Path::new(given), flag, SecretKind::PrivateKey).unwrap_err();
            let text = error.to_string();
            assert!(text.contains(flag) && !text.contains(given.trim()), "{text}");
            assert!(!text.contains("MIGHAg"), "{text}");
        }
    }

    #[test]
    fn what_is_no_file_is_named() {
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(read(dir.path()), Err(InputError::NotAFile { what: "directory", .. })));
        let missing = dir.path().join("missing.pem");
        assert!(matches!(read(&missing), Err(InputError::NotFound { .. })));
        assert!(read(&missing).unwrap_err().to_string().contains("--private-key"));
    }
}
