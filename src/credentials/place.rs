//! Where a key file lies, and who may read it.

use std::io;
use std::path::Path;

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
    Repository,
    /// It lies in the folder of a service that copies files to other machines.
    Synced(&'static str),
    /// It lies in the folder for downloads.
    Downloads,
    /// It lies in a folder for temporary files.
    Temporary,
}

/// What was seen of a key file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceReport {
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
pub fn inspect(path: &Path) -> io::Result<Option<PlaceReport>> {
    use std::os::unix::fs::MetadataExt as _;

    const STICKY: u32 = 0o1000;
    let link = path.symlink_metadata()?.is_symlink();
    let real = path.canonicalize()?;
    let metadata = real.metadata()?;
    let mode = metadata.mode() & 0o7777;
    let mut concerns = Vec::new();
    if mode & 0o044 != 0 {
        concerns.push(Concern::Readable { group: mode & 0o040 != 0, others: mode & 0o004 != 0 });
    }
    if mode & 0o022 != 0 {
        concerns.push(Concern::Writable);
    }
    let folder = real.parent().and_then(|folder| folder.metadata().ok());
    // With the sticky bit, as in /tmp, only the owner may replace a file.
    if folder.is_some_and(|folder| folder.mode() & 0o002 != 0 && folder.mode() & STICKY == 0) {
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
    if real.ancestors().skip(1).any(|folder| folder.join(".git").exists()) {
        concerns.push(Concern::Repository);
    }
    concerns.extend(named_folder(&real));
    Ok(Some(PlaceReport { mode, concerns }))
}

/// Looks at a file and the folders above it. Nothing on systems without file modes.
///
/// # Errors
/// None here.
#[cfg(not(unix))]
pub fn inspect(_path: &Path) -> io::Result<Option<PlaceReport>> {
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
