//! Cargo watches `checks/`, so that a new file there is built in. A release built from a checkout
//! names its commit in the reports that it writes.

use std::path::{Path, PathBuf};
use std::process::Command;

const COMMIT: &str = "NETSUITE_PREFLIGHT_GIT_COMMIT";

fn main() {
    println!("cargo::rerun-if-changed=checks");
    println!("cargo::rerun-if-env-changed={COMMIT}");
    // A build for development is not made anew for every commit.
    let release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    if std::env::var_os(COMMIT).is_some() || !release {
        return;
    }
    let Some(root) = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from) else { return };
    let mut watched: Vec<PathBuf> = MADE_OF.iter().map(|name| root.join(name)).collect();
    if is_own(&root) {
        let kept = |name| git(&root, &["rev-parse", "--git-path", name]);
        watched.extend(KEPT.into_iter().filter_map(kept).map(|path| root.join(path)));
        if let Some(commit) = commit(&root) {
            println!("cargo::rustc-env={COMMIT}={commit}");
        }
    }
    // Cargo takes a file that is missing for a changed one.
    for path in watched.iter().filter(|path| path.exists()) {
        println!("cargo::rerun-if-changed={}", path.display());
    }
}

/// What the program is made of.
const MADE_OF: [&str; 6] = ["src", "checks", "fixtures", "Cargo.toml", "Cargo.lock", "build.rs"];

/// What git writes at every commit and checkout, and at nothing else. It knows the place: unpacked
/// sources have no repository, and in a further work tree `.git` is a file that leads elsewhere.
const KEPT: [&str; 2] = ["HEAD", "logs/HEAD"];

/// What git says about the checkout at `root`; nothing where it fails.
fn git(root: &Path, arguments: &[&str]) -> Option<String> {
    // Without locks it writes no index, whose new time would make Cargo run this again.
    let output =
        Command::new("git").arg("--no-optional-locks").arg("-C").arg(root).args(arguments).output();
    let output = output.ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok().map(|text| text.trim().to_owned())
}

/// Whether the checkout is of this project: the sources may lie unpacked in one of something else.
fn is_own(root: &Path) -> bool {
    let top = git(root, &["rev-parse", "--show-toplevel"]);
    let top = top.and_then(|top| Path::new(&top).canonicalize().ok());
    top.is_some() && top == root.canonicalize().ok()
}

/// The commit of a checkout in which nothing was changed that the program is made of: of any other
/// the program is not.
fn commit(root: &Path) -> Option<String> {
    let status = ["status", "--porcelain", "--untracked-files=no", "--"];
    let clean = git(root, &[&status[..], &MADE_OF[..]].concat())?.is_empty();
    clean.then(|| git(root, &["rev-parse", "HEAD"])).flatten()
}
