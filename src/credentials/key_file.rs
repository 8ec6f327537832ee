//! Where the file of a private key is, and who may read it.

use std::fs::Metadata;
use std::io;
use std::path::Path;

use super::access_list::{self, Crowd};
use super::git_ignore;
use crate::types::regular_file::{is_open_to_all, permission_bits};

/// One thing about a key file that somebody should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Concern {
    /// Others than the owner may read it.
    Readable(Others),
    /// Others than the owner may change it.
    Writable(Others),
    /// Others may replace files in its folder.
    FolderWritable(Others),
    /// Who may read it is not told.
    Unseen(io::ErrorKind),
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

/// Others than the owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Others {
    /// The group of the file.
    Group,
    /// Every user of this machine.
    All,
    /// Such groups as Windows has.
    Crowds(Vec<Crowd>),
}

/// What was seen of a key file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFileReport {
    /// The permission bits; Windows has none.
    pub mode: Option<u32>,
    /// What somebody should look at.
    pub concerns: Vec<Concern>,
}

/// Looks at a file and the folders above it.
///
/// # Errors
/// When the file cannot be examined.
pub fn inspect(path: &Path) -> io::Result<KeyFileReport> {
    let link = path.symlink_metadata()?.is_symlink();
    let real = path.canonicalize()?;
    let (mode, mut concerns) = guarded(&real)?;
    if link {
        concerns.push(Concern::Link);
    }
    if let Some(folder) = real.parent() {
        if git_ignore::in_work_tree(folder) {
            let name = real.file_name().and_then(|name| name.to_str());
            let ignored = name.is_some_and(|name| git_ignore::covers(folder, name));
            concerns.push(Concern::Repository { ignored });
        }
        concerns.extend(folder.to_str().and_then(place));
    }
    Ok(KeyFileReport { mode, concerns })
}

/// Who may read and change it: by its mode, and where the system has none by its access list. The
/// path has no links.
fn guarded(path: &Path) -> io::Result<(Option<u32>, Vec<Concern>)> {
    let metadata = path.metadata()?;
    let mode = permission_bits(&metadata);
    let concerns = match mode {
        Some(mode) => by_mode(path, &metadata, mode),
        None => by_list(path),
    };
    Ok((mode, concerns))
}

fn by_mode(path: &Path, metadata: &Metadata, mode: u32) -> Vec<Concern> {
    let others = |group, all| match (mode & group != 0, mode & all != 0) {
        (_, true) => Some(Others::All),
        (true, false) => Some(Others::Group),
        (false, false) => None,
    };
    let mut concerns = Vec::new();
    concerns.extend(others(0o040, 0o004).map(Concern::Readable));
    concerns.extend(others(0o020, 0o002).map(Concern::Writable));
    let folder = path.parent().and_then(|folder| folder.metadata().ok());
    if folder.is_some_and(|folder| is_open_to_all(&folder)) {
        concerns.push(Concern::FolderWritable(Others::All));
    }
    if is_of_another(metadata) {
        concerns.push(Concern::OtherOwner);
    }
    concerns
}

/// The owner of the process is only to be had through unsafe calls; that of its home folder serves.
#[cfg(unix)]
fn is_of_another(file: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let home = std::env::home_dir().and_then(|home| home.metadata().ok());
    home.is_some_and(|home| home.uid() != file.uid())
}

#[cfg(not(unix))]
fn is_of_another(_file: &Metadata) -> bool {
    false
}

fn by_list(path: &Path) -> Vec<Concern> {
    let access = match access_list::of(path) {
        Ok(access) => access,
        Err(error) => return vec![Concern::Unseen(error.kind())],
    };
    let some = |crowds: Vec<Crowd>| (!crowds.is_empty()).then_some(Others::Crowds(crowds));
    let mut concerns = Vec::new();
    concerns.extend(some(access.read).map(Concern::Readable));
    concerns.extend(some(access.write).map(Concern::Writable));
    let folder = path.parent().and_then(|folder| access_list::of(folder).ok());
    let replace = folder.and_then(|folder| some(folder.replace));
    concerns.extend(replace.map(Concern::FolderWritable));
    concerns
}

/// Folder names of the common services; each begins the name of one part of the path.
const SYNCED: &[&str] = &[
    "Dropbox",
    "OneDrive",
    "Google Drive",
    "GoogleDrive",
    "My Drive",
    "iCloudDrive",
    "iCloud",
    "Box",
    "Nextcloud",
    "pCloud",
];

/// Folders for temporary files, as they begin on Unix, and as they stand somewhere in a path on
/// Windows.
const TEMPORARY: &[&str] = &["/tmp", "/var/tmp", "/dev/shm", "/private/tmp"];
const TEMPORARY_ON_WINDOWS: &[&[&str]] = &[&["AppData", "Local", "Temp"], &["Windows", "Temp"]];

/// What the folder is known for, in a path of any system.
fn place(folder: &str) -> Option<Concern> {
    let parts: Vec<&str> = folder.split(['/', '\\']).collect();
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
    let stands = |names: &&&[&str]| {
        let same = |(part, name): (&&str, &&str)| part.eq_ignore_ascii_case(name);
        parts.windows(names.len()).any(|parts| parts.iter().zip(names.iter()).all(same))
    };
    let temporary = TEMPORARY.iter().any(|name| Path::new(folder).starts_with(name))
        || TEMPORARY_ON_WINDOWS.iter().any(|names| stands(&names));
    temporary.then_some(Concern::Temporary)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_known_by_its_name_on_every_system() {
        let user = r"\\?\C:\Users\Anna Smith";
        for (folder, concern) in [
            (format!(r"{user}\OneDrive - Contoso GmbH\keys"), Some(Concern::Synced("OneDrive"))),
            (format!(r"{user}\OneDrive"), Some(Concern::Synced("OneDrive"))),
            (format!(r"{user}\iCloudDrive\keys"), Some(Concern::Synced("iCloudDrive"))),
            (r"\\?\G:\My Drive\keys".to_owned(), Some(Concern::Synced("My Drive"))),
            (format!(r"{user}\Downloads"), Some(Concern::Downloads)),
            (format!(r"{user}\AppData\Local\Temp\x"), Some(Concern::Temporary)),
            (r"\\?\C:\WINDOWS\Temp".to_owned(), Some(Concern::Temporary)),
            (format!(r"{user}\AppData\Local\Contoso"), None),
            (format!(r"{user}\Boxes\keys"), None),
            ("/home/ada/Dropbox (Contoso)/keys".to_owned(), Some(Concern::Synced("Dropbox"))),
            ("/home/ada/downloads/x".to_owned(), Some(Concern::Downloads)),
            ("/var/tmp/x".to_owned(), Some(Concern::Temporary)),
            ("/tmpfiles/x".to_owned(), None),
            ("/home/ada/keys".to_owned(), None),
        ] {
            assert_eq!(place(&folder), concern, "{folder}");
        }
    }
}
