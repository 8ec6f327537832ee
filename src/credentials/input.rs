//! Reading what a person gave, bounded before anything parses it.

use std::fmt;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::types::regular_file::{self, OpenError};
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
