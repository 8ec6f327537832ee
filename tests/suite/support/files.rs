//! Who may read and run files, where a system has modes; Windows has none.

use std::path::Path;

/// Whether a file is its owner's alone. On Windows nothing is asked.
#[cfg(unix)]
pub fn is_private(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777 == 0o600
}

#[cfg(not(unix))]
pub fn is_private(path: &Path) -> bool {
    path.is_file()
}

/// Makes a file its owner's alone.
#[cfg(unix)]
pub fn make_private(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[cfg(not(unix))]
pub fn make_private(_path: &Path) {}
