//! Cargo watches `checks/`, so that a new file there is built in. A release built from a checkout
//! names its commit in the reports that it writes.

use std::path::Path;
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
    let Some(root) = std::env::var_os("CARGO_MANIFEST_DIR") else { return };
    println!("cargo::rerun-if-changed=.git/HEAD");
    println!("cargo::rerun-if-changed=.git/index");
    println!("cargo::rerun-if-changed=src");
    if let Some(commit) = commit(Path::new(&root)) {
        println!("cargo::rustc-env={COMMIT}={commit}");
    }
}

/// The commit of a checkout in which no tracked file was changed: of any other the program is not.
fn commit(root: &Path) -> Option<String> {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").arg("-C").arg(root).args(arguments).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| text.trim().to_owned())
    };
    // The sources may lie unpacked in a checkout of something else.
    let top = git(&["rev-parse", "--show-toplevel"])?;
    let same = Path::new(&top).canonicalize().ok()? == root.canonicalize().ok()?;
    let clean = git(&["status", "--porcelain", "--untracked-files=no"])?.is_empty();
    (same && clean).then(|| git(&["rev-parse", "HEAD"])).flatten()
}
