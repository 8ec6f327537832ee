//! Whoever is asked to end leaves no key behind.

#![cfg(unix)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use assert_cmd::cargo::cargo_bin;

use crate::support::{Running, Signal};

const SIGNALS: [Signal; 4] = [Signal::INT, Signal::TERM, Signal::HUP, Signal::QUIT];

fn start(folder: &Path, args: &[&str]) -> Running {
    let mut command = Command::new(cargo_bin!("netsuite-preflight"));
    command
        .args(args)
        .current_dir(folder)
        .env_clear()
        .env("TMPDIR", folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    Running::start(&mut command)
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

fn nothing_left(args: &[&str], code: i32) {
    for signal in SIGNALS {
        let folder = tempfile::tempdir().unwrap();
        let mut child = start(folder.path(), args);
        let deadline = Instant::now() + Duration::from_secs(60);
        // The certificate is the last file of the stage.
        while !files(folder.path()).iter().any(|path| path.ends_with("certificate.pem")) {
            assert!(Instant::now() < deadline, "{args:?} made no key");
            assert!(child.try_wait().unwrap().is_none(), "{args:?} ended by itself");
            std::thread::yield_now();
        }
        child.signal(signal).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(code), "{args:?} {signal:?}");
        let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
        assert!(left.is_empty(), "{args:?} {signal:?}: {left:?}");
    }
}

#[test]
fn a_demo_leaves_no_key_behind() {
    nothing_left(&["demo", "--scenario=token-never-answered"], 1);
}

#[test]
fn an_emulator_leaves_no_key_behind() {
    nothing_left(&["emulate"], 0);
}
