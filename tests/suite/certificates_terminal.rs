//! The certificate commands on a real terminal: they ask, and anything but yes is no.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::certificates::{READABLE, args, generate};
use crate::support::{Emulated, Program, Running};

/// Runs the program on a pseudo-terminal and types a line. Nothing where there is no program for it.
fn typed(args: &[String], line: &str) -> Option<(Option<i32>, String)> {
    if !Path::new("/usr/bin/script").exists() {
        eprintln!("skipped: there is no /usr/bin/script here");
        return None;
    }
    let mut words = vec![env!("CARGO_BIN_EXE_netsuite-preflight").to_owned()];
    words.extend(args.iter().cloned());
    let command = shlex::try_join(words.iter().map(String::as_str)).unwrap();
    let mut script = Command::new("/usr/bin/script");
    script
        .args(["--quiet", "--return", "--command", &command, "/dev/null"])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("TERM", "dumb")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = Running::start(&mut script);
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(line.as_bytes()).unwrap();
    let output = child.output();
    drop(stdin);
    Some((output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned()))
}

#[test]
fn revoking_is_asked_about() {
    let account = Emulated::scenario(READABLE);
    let (id, file) = generate(&account, "new");
    Program::new(args(&account, &["upload", "--certificate", &file])).exits(0);
    let revoked = || {
        let now = account.emulator.account();
        now.certificates.iter().any(|mapping| mapping.revoked)
    };
    let revoke = args(&account, &["revoke", &id]);
    for (line, exit, done) in [("n\n", 1, false), ("\n", 1, false), ("y\n", 0, true)] {
        let Some((code, text)) = typed(&revoke, line) else { return };
        assert!(text.contains(&format!("Revoke {id} for good?")), "{text}");
        assert_eq!((code, revoked()), (Some(exit), done), "{line:?}: {text}");
    }
}

#[test]
fn a_rotation_asks_only_once_the_new_key_is_proved() {
    for (line, active) in [("n\n", 2), ("yes\n", 1)] {
        let account = Emulated::scenario(READABLE);
        let out = account.path("new").display().to_string();
        let rotate = args(&account, &["rotate", "--out", &out, "--key-type=ec-p256"]);
        let Some((code, text)) = typed(&rotate, line) else {
            Program::new(args(&account, &["list"])).exits(0);
            return;
        };
        assert!(text.contains("A token was issued with the new key. Revoke the old"), "{text}");
        let now = account.emulator.account();
        let left = now.certificates.iter().filter(|mapping| !mapping.revoked).count();
        assert_eq!((code, left), (Some(0), active), "{text}");
    }
}
