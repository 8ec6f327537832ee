use std::fs::Permissions;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::{Command, Stdio};

use super::*;
use crate::types::SecretKind;

const KEY: &str = "the key\n";
const CERTIFICATE: &str = "the certificate\n";

/// Names the directory for a child process, see [`in_a_child`].
const CHILD: &str = "STORE_TEST_DIRECTORY";

fn store(directory: &Path) -> Result<StoredPair, StoreError> {
    store_with(directory, |_| Ok(()))
}

fn store_with(
    directory: &Path,
    at: impl Fn(WritePoint) -> io::Result<()>,
) -> Result<StoredPair, StoreError> {
    let key = Secret::new(SecretKind::PrivateKey, KEY);
    write_with(directory, &FileNames::default(), &key, CERTIFICATE.as_bytes(), at)
}

fn content(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn both_files_and_the_directory_get_their_modes() {
    let root = tempfile::tempdir().unwrap();
    let directory = root.path().join("a/b");
    let stored = store(&directory).unwrap();
    assert_eq!(std::fs::read_to_string(&stored.key_path).unwrap(), KEY);
    assert_eq!(std::fs::read_to_string(&stored.certificate_path).unwrap(), CERTIFICATE);
    assert_eq!(mode(&stored.key_path), KEY_MODE);
    assert_eq!(mode(&stored.certificate_path), CERTIFICATE_MODE);
    assert_eq!(mode(&directory), DIRECTORY_MODE);
    assert_eq!(mode(directory.parent().unwrap()), DIRECTORY_MODE);
    assert_eq!((stored.key_mode, stored.certificate_mode), (Some(0o600), Some(0o644)));
    assert!(stored.directory_made);
    assert_eq!(content(&directory), ["certificate.pem", "private-key.pem"]);
}

#[test]
fn a_directory_that_exists_keeps_its_mode_and_is_told_when_open() {
    let root = tempfile::tempdir().unwrap();
    for (given, told) in [(0o755, None), (0o775, Some(0o775)), (0o1777, Some(0o1777))] {
        let directory = root.path().join(format!("{given:o}"));
        std::fs::create_dir(&directory).unwrap();
        std::fs::set_permissions(&directory, Permissions::from_mode(given)).unwrap();
        let stored = store(&directory).unwrap();
        assert_eq!(stored.directory_open, told);
        assert_eq!(mode(&directory), given);
        assert!(!stored.directory_made);
    }
}

#[test]
fn nothing_is_overwritten_whatever_has_the_name() {
    let root = tempfile::tempdir().unwrap();
    let elsewhere = root.path().join("elsewhere");
    std::fs::write(&elsewhere, "precious").unwrap();
    for taken in ["private-key.pem", "certificate.pem"] {
        for kind in ["file", "link", "dangling", "directory"] {
            let directory = root.path().join(format!("{taken}-{kind}"));
            std::fs::create_dir(&directory).unwrap();
            let path = directory.join(taken);
            match kind {
                "file" => std::fs::write(&path, "precious").unwrap(),
                "link" => symlink(&elsewhere, &path).unwrap(),
                "dangling" => symlink(root.path().join("nowhere"), &path).unwrap(),
                _ => std::fs::create_dir(&path).unwrap(),
            }
            let error = store(&directory).unwrap_err();
            assert!(matches!(&error, StoreError::Exists { path: p, .. } if *p == path), "{error}");
            assert_eq!(content(&directory), [taken], "{kind}");
        }
    }
    assert_eq!(std::fs::read_to_string(&elsewhere).unwrap(), "precious");
    assert!(!root.path().join("nowhere").exists());
}

#[test]
fn a_name_taken_at_the_last_moment_is_not_overwritten() {
    let root = tempfile::tempdir().unwrap();
    for (step, taken) in [
        (WritePoint::FilesPrepared, "certificate.pem"),
        (WritePoint::CertificateNamed, "private-key.pem"),
    ] {
        let directory = root.path().join(taken);
        let path = directory.join(taken);
        let result = store_with(&directory, |at| {
            if at == step { std::fs::write(&path, "precious") } else { Ok(()) }
        });
        assert!(matches!(result, Err(StoreError::Exists { .. })), "{result:?}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "precious");
        assert_eq!(content(&directory), [taken], "nothing else stays");
    }
}

#[test]
fn a_fault_at_any_step_leaves_nothing() {
    let root = tempfile::tempdir().unwrap();
    for step in [WritePoint::FilesPrepared, WritePoint::CertificateNamed, WritePoint::BothNamed] {
        let new = root.path().join("new");
        let fault = |at| if at == step { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) };
        let error = store_with(&new, fault).unwrap_err();
        assert!(error.to_string().contains("no file was left behind"), "{error}");
        assert!(!new.exists(), "{step:?}");
    }
}

#[test]
fn a_path_that_is_no_directory_is_named() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("file");
    std::fs::write(&file, "precious").unwrap();
    assert!(matches!(store(&file), Err(StoreError::NotADirectory { .. })));
    let below = store(&file.join("below"));
    assert!(matches!(below, Err(StoreError::Directory { .. })), "{below:?}");
    let dangling = root.path().join("dangling");
    symlink(root.path().join("nowhere"), &dangling).unwrap();
    assert!(matches!(store(&dangling), Err(StoreError::NotADirectory { .. })));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "precious");
}

#[test]
fn a_directory_that_may_not_be_written_is_reported() {
    let root = tempfile::tempdir().unwrap();
    std::fs::set_permissions(root.path(), Permissions::from_mode(0o500)).unwrap();
    // The superuser may write there all the same; the process table takes files from nobody.
    let directory = match File::create(root.path().join("probe")) {
        Ok(_) => Path::new("/proc/self").to_owned(),
        Err(_) => root.path().to_owned(),
    };
    if !directory.is_dir() {
        eprintln!("skipped: no read-only directory here");
        return;
    }
    assert!(matches!(store(&directory), Err(StoreError::Write { .. })));
    std::fs::set_permissions(root.path(), Permissions::from_mode(0o700)).unwrap();
}

/// Runs one ignored test of this file in a child process, through a shell command that ends in
/// `"$0" "$@"`.
fn in_a_child(test: &str, directory: &Path, shell: &str) -> std::process::ExitStatus {
    Command::new("sh")
        .args(["-c", shell])
        .arg(std::env::current_exe().unwrap())
        .args([&format!("credentials::store::tests::{test}"), "--exact", "--ignored"])
        .env(CHILD, directory)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap()
}

#[test]
#[ignore = "the child of a_full_disk_leaves_nothing"]
fn child_that_runs_out_of_space() {
    let directory = PathBuf::from(std::env::var_os(CHILD).unwrap());
    let key = Secret::new(SecretKind::PrivateKey, vec![b'k'; 100_000]);
    let error = write(&directory, &FileNames::default(), &key, CERTIFICATE.as_bytes()).unwrap_err();
    assert!(matches!(error, StoreError::Write { .. }), "{error}");
}

#[test]
fn a_full_disk_leaves_nothing() {
    let root = tempfile::tempdir().unwrap();
    let directory = root.path().join("new");
    // A limit of the file size makes the write stop in the middle like a full disk does.
    let shell = "trap '' XFSZ; ulimit -f 16 && exec \"$0\" \"$@\"";
    let status = in_a_child("child_that_runs_out_of_space", &directory, shell);
    assert!(status.success(), "{status}");
    assert!(!directory.exists());
}

#[test]
#[ignore = "the child of a_kill_in_the_middle_leaves_no_half_file"]
fn child_that_dies_between_the_files() {
    let directory = PathBuf::from(std::env::var_os(CHILD).unwrap());
    let _ = store_with(&directory, |at| {
        if at == WritePoint::CertificateNamed { std::process::abort() } else { Ok(()) }
    });
}

#[test]
fn a_kill_in_the_middle_leaves_no_half_file() {
    let root = tempfile::tempdir().unwrap();
    let shell = "ulimit -c 0; exec \"$0\" \"$@\"";
    let status = in_a_child("child_that_dies_between_the_files", root.path(), shell);
    assert!(!status.success());
    let certificate = root.path().join("certificate.pem");
    assert_eq!(std::fs::read_to_string(&certificate).unwrap(), CERTIFICATE);
    assert_eq!(mode(&certificate), CERTIFICATE_MODE);
    // No key without its certificate; what is left of it is readable by its owner alone.
    let left = content(root.path());
    assert_eq!(left.len(), 2, "{left:?}");
    assert!(left[0].starts_with(".netsuite-preflight-"), "{left:?}");
    assert_eq!(mode(&root.path().join(&left[0])), KEY_MODE);
    // The next run says so instead of mixing an old certificate with a new key.
    assert!(matches!(store(root.path()), Err(StoreError::Exists { .. })));
}

#[test]
fn a_free_name_is_never_the_one_it_stands_beside() {
    let root = tempfile::tempdir().unwrap();
    let path = |name: &str| root.path().join(name);
    for (given, free) in
        [("key.pem", "key"), ("key", "key"), (".env", "env"), ("key.repaired-7.pem", "key")]
    {
        assert_eq!(free_name(&path(given), "pem"), path(&format!("{free}.repaired.pem")));
    }
    std::fs::write(path("key.repaired.pem"), "").unwrap();
    for given in ["key.pem", "key.repaired.pem"] {
        assert_eq!(free_name(&path(given), "pem"), path("key.repaired-2.pem"));
    }
    assert_eq!(free_name(Path::new("key.crt"), "crt"), Path::new("key.repaired.crt"));
}

#[test]
fn one_new_file_is_whole_and_replaces_nothing() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("key.pem");
    assert_eq!(write_new(&path, b"whole", KEY_MODE).unwrap(), Some(KEY_MODE));
    assert!(matches!(write_new(&path, b"other", KEY_MODE), Err(StoreError::Exists { .. })));
    assert_eq!(*read_back(&path), b"whole");
    assert_eq!(std::fs::read_dir(root.path()).unwrap().count(), 1);
}
