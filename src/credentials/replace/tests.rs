use std::os::unix::fs::{PermissionsExt as _, symlink};

use super::*;

const KEY: &[u8] = include_bytes!("../../../fixtures/keys/ec-p256.pem");

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap()
}

#[test]
fn a_file_is_replaced_whole_and_private() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.json");
    std::fs::write(&path, "old, and longer than the new one").unwrap();
    replace(&path, &ReadFiles::default(), b"new").unwrap();
    assert_eq!(read(&path), b"new");
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn inputs_and_keys_survive_under_every_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("input"), "role").unwrap();
    std::fs::write(path("key"), KEY).unwrap();
    for file in ["input", "key"] {
        symlink(path(file), path(&format!("{file}-link"))).unwrap();
        symlink(format!("{file}-link"), path(&format!("{file}-link-link"))).unwrap();
        std::fs::hard_link(path(file), path(&format!("{file}-hard"))).unwrap();
    }
    let inputs = ReadFiles::new([path("input")]);
    for end in ["", "-link", "-link-link", "-hard"] {
        let refused = |file: &str| replace(&path(&format!("{file}{end}")), &inputs, b"new");
        assert!(matches!(refused("input"), Err(Refused::Input)), "{end}");
        assert!(matches!(refused("key"), Err(Refused::HoldsKey)), "{end}");
    }
    assert_eq!(read(&path("input")), b"role");
    assert_eq!(read(&path("key")), KEY);
}

#[test]
fn the_place_is_looked_at_again_before_it_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report");
    let staged = |path: &Path| Staged::new(path, &ReadFiles::default()).unwrap();
    let begun = staged(&path);
    std::fs::write(&path, KEY).unwrap();
    assert!(matches!(begun.commit(), Err(Refused::HoldsKey)));
    std::fs::remove_file(&path).unwrap();
    let begun = staged(&path);
    std::fs::write(folder.path().join("other"), "other").unwrap();
    symlink("other", &path).unwrap();
    assert!(matches!(begun.commit(), Err(Refused::Changed)));
    assert_eq!(read(&folder.path().join("other")), b"other");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left over");
}

#[test]
fn an_own_link_stays_and_what_it_leads_to_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::create_dir(path("reports")).unwrap();
    for (link, target) in [("latest", "reports/1"), ("dangling", "reports/2")] {
        symlink(target, path(link)).unwrap();
    }
    std::fs::write(path("reports/1"), "old").unwrap();
    for (link, target) in [("latest", "reports/1"), ("dangling", "reports/2")] {
        replace(&path(link), &ReadFiles::default(), b"new").unwrap();
        assert!(std::fs::symlink_metadata(path(link)).unwrap().is_symlink());
        assert_eq!(read(&path(target)), b"new");
    }
    symlink("circle", path("circle")).unwrap();
    assert!(matches!(replace(&path("circle"), &ReadFiles::default(), b""), Err(Refused::Circle)));
}

#[test]
fn a_link_in_a_folder_that_is_open_to_others_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let open = folder.path().join("open");
    std::fs::create_dir(&open).unwrap();
    let target = folder.path().join("target");
    std::fs::write(&target, "old").unwrap();
    let link = open.join("link");
    symlink(&target, &link).unwrap();
    for (mode, refused) in [(0o777, true), (0o1777, false), (0o700, false)] {
        std::fs::set_permissions(&open, std::fs::Permissions::from_mode(mode)).unwrap();
        let result = Staged::new(&link, &ReadFiles::default());
        assert_eq!(matches!(result, Err(Refused::Link)), refused, "{mode:o}");
    }
}

#[test]
fn what_is_no_file_is_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let device = folder.path().join("device");
    symlink("/dev/null", &device).unwrap();
    for path in [folder.path(), &socket, &device, Path::new("/dev/null")] {
        let result = Staged::new(path, &ReadFiles::default());
        assert!(matches!(result, Err(Refused::NotRegular(_))), "{}", path.display());
    }
    let missing = folder.path().join("no/such/folder");
    assert!(matches!(Staged::new(&missing, &ReadFiles::default()), Err(Refused::Io(_))));
}
