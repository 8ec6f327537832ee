//! Opening regular files, and nothing else that may lie at a path: a named pipe would wait for its
//! writer, and a device may never end. And the one way in which a source is read up to a bound, and
//! in which permissions are judged.

use std::fs::{File, FileType, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use zeroize::Zeroize as _;

/// A file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Something else lies there.
    #[error("it is a {0}, not a regular file")]
    NotRegular(&'static str),
    /// The operating system refuses.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl OpenError {
    /// Whether nothing lies at the path.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        let missing = |kind| matches!(kind, io::ErrorKind::NotFound | io::ErrorKind::NotADirectory);
        matches!(self, Self::Io(error) if missing(error.kind()))
    }
}

impl From<OpenError> for io::Error {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Io(error) => error,
            error @ OpenError::NotRegular(_) => Self::other(error),
        }
    }
}

/// Opens a regular file for reading. What is anything else is refused at once.
///
/// # Errors
/// When it is something else, or the operating system refuses.
pub fn open(path: &Path) -> Result<File, OpenError> {
    // Asked before opening, because opening some devices has an effect, and again afterwards,
    // because something else may have been put there in between.
    regular(std::fs::metadata(path)?.file_type())?;
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt as _;
        let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits();
        options.custom_flags(i32::try_from(flags).unwrap_or_default());
    }
    let file = options.open(path)?;
    regular(file.metadata()?.file_type())?;
    Ok(file)
}

/// Reads a regular file, at most `most` bytes of it and one more, which tells that it is larger.
///
/// # Errors
/// As [`open`], or when reading fails.
pub fn read(path: &Path, most: usize) -> Result<Vec<u8>, OpenError> {
    Ok(read_bounded(open(path)?, most)?)
}

/// Reads a source to its end, at most `most` bytes of it and one more, which tells that there is
/// more. What may be a key does not stay in memory where reading fails.
///
/// # Errors
/// When reading fails.
pub fn read_bounded(source: impl Read, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(most.saturating_add(1).min(16 * 1024));
    match source.take((most as u64).saturating_add(1)).read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        Err(error) => {
            bytes.zeroize();
            Err(error)
        }
    }
}

/// Refuses what is no regular file.
///
/// # Errors
/// Names what it is.
pub fn regular(kind: FileType) -> Result<(), OpenError> {
    if kind.is_file() { Ok(()) } else { Err(OpenError::NotRegular(name(kind))) }
}

fn name(kind: FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        for (is, name) in [
            (kind.is_fifo(), "named pipe"),
            (kind.is_socket(), "socket"),
            (kind.is_char_device() || kind.is_block_device(), "device"),
        ] {
            if is {
                return name;
            }
        }
    }
    if kind.is_dir() { "directory" } else { "special file" }
}

/// The permission bits; `None` on systems that have none.
#[must_use]
pub fn permission_bits(metadata: &Metadata) -> Option<u32> {
    #[cfg(unix)]
    let mode = Some(std::os::unix::fs::MetadataExt::mode(metadata) & 0o7777);
    #[cfg(not(unix))]
    let mode = {
        let _ = metadata;
        None
    };
    mode
}

/// Group or everybody may write.
pub const OTHERS_WRITE: u32 = 0o022;

/// Whether everybody may replace the files of a folder. With the sticky bit, as in /tmp, only the
/// owner may.
#[must_use]
pub fn is_open_to_all(folder: &Metadata) -> bool {
    permission_bits(folder).is_some_and(|mode| mode & 0o002 != 0 && mode & 0o1000 == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_the_bound() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, "12345").unwrap();
        assert_eq!(read(&path, 5).unwrap(), b"12345");
        assert_eq!(read(&path, 3).unwrap(), b"1234");
        assert!(read(&folder.path().join("none"), 5).unwrap_err().is_missing());
        assert!(read(&path.join("none"), 5).unwrap_err().is_missing());
    }

    #[test]
    #[cfg(unix)]
    fn what_is_no_file_is_refused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &pipe,
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::RUSR,
            0,
        )
        .unwrap();
        let socket = folder.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        for (path, what) in [
            (folder.path(), "directory"),
            (&pipe, "named pipe"),
            (&socket, "socket"),
            (Path::new("/dev/zero"), "device"),
        ] {
            let error = read(path, 5).unwrap_err();
            assert!(matches!(error, OpenError::NotRegular(name) if name == what), "{error}");
        }
    }
}
