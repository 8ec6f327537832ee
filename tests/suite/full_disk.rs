//! A full disk, a reader that went away, a folder that vanished: no bug, and no verdict is lost.

#![cfg(unix)]

use std::fs::File;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use assert_cmd::cargo::cargo_bin;

use crate::certificates::{TOKEN, fault};
use crate::support::{Emulated, Program, Running};

/// Every command that prints, each in a form that needs no account.
const COMMANDS: &[&[&str]] = &[
    &["--help"],
    &["--version"],
    &["check", "--help"],
    &["check", "--offline", "--account-id=1234567"],
    &["check", "--offline", "--account-id=1234567", "--format=json"],
    &["check", "--offline", "--all", "--config=c.toml"],
    &["demo", "--scenario=certificate-revoked"],
    &["list", "checks"],
    &["list", "records", "--format=json"],
    &["explain", "server_error"],
    &["role", "plan", "--record=customer"],
    &["role", "xml", "--record=customer"],
    &["role", "compare", "role.xml"],
    &["report", "show", "report.json"],
    &["report", "verify", "report.json"],
    &["report", "diff", "report.json", "report.json"],
    &["report", "schema"],
    &["completions", "bash"],
    &["man"],
    &["emulate", "--list-switches"],
    &["emulate"],
    &["certificates", "list", "--account-id=1234567"],
];

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| Program::new(args).in_dir(folder.path()).exits(0);
    run(&["check", "--offline", "--account-id=1234567", "--quiet", "--save=report.json"][..3]);
    run(&["check", "--offline", "--account-id=1234567", "--save=report.json"]);
    run(&["role", "xml", "--record=customer", "--output=role.xml"]);
    let config = "[targets.a]\naccount_id = '1234567'\n[targets.b]\naccount_id = '7654321'\n";
    std::fs::write(folder.path().join("c.toml"), config).unwrap();
    folder
}

fn run(folder: &Path, args: &[&str], stdout: Stdio) -> Output {
    let mut command = Command::new(cargo_bin!("netsuite-preflight"));
    command.args(args).current_dir(folder).env_clear();
    command.stdin(Stdio::null()).stdout(stdout).stderr(Stdio::piped());
    Running::start(&mut command).output()
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_standard_output_is_a_failure_in_plain_words() {
    let folder = folder();
    let generate: &[&str] = &["generate", "--key-type=ec-p256", "--out=new"];
    for args in COMMANDS.iter().copied().chain([generate]) {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output = run(folder.path(), args, full.into());
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        if args.first() == Some(&"certificates") {
            // It says what is missing, and prints nothing.
            assert_eq!(output.status.code(), Some(2), "{args:?}: {stderr}");
            continue;
        }
        assert_eq!(output.status.code(), Some(1), "{args:?}: {stderr}");
        assert!(stderr.contains("standard output cannot be written"), "{args:?}: {stderr}");
        assert!(!stderr.contains("internal error") && !stderr.contains("--out"), "{stderr}");
        let made = stderr.contains("The pair is made all the same: ");
        assert_eq!(made, args.first() == Some(&"generate"), "{args:?}: {stderr}");
    }
    assert!(folder.path().join("new/private-key.pem").exists());
}

#[test]
fn a_reader_that_went_away_ends_every_command_quietly() {
    let folder = folder();
    for args in COMMANDS.iter().filter(|args| args.first() != Some(&"certificates")) {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = run(folder.path(), args, writer.into());
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        let expected = i32::from(args.first() == Some(&"demo"));
        assert_eq!(output.status.code(), Some(expected), "{args:?}: {stderr}");
        assert!(!stderr.contains("cannot be written"), "{args:?}: {stderr}");
    }
}

/// Runs `check` against an account that never answers the sign-in, and does something meanwhile.
fn meanwhile(args: &[&str], does: impl FnOnce(&Path)) -> (Option<i32>, String, String) {
    let account = Emulated::changed("healthy", |prepared| {
        prepared.options.faults = vec![fault(TOKEN, 1, "never-answer")];
    });
    let folder = account.path("reports");
    std::fs::create_dir(&folder).unwrap();
    let mut all = account.check_args();
    all.extend(args.iter().map(|arg| (*arg).to_owned()));
    all.push("--timeout=2".to_owned());
    let home = account.path("");
    let (ended, finished) = thread::scope(|scope| {
        let run = scope.spawn(|| Program::new(&all).in_dir(&home).ends());
        let deadline = Instant::now() + Duration::from_secs(60);
        let asked = || {
            let entries = account.emulator.log().entries();
            entries.iter().any(|entry| entry.path.ends_with("/token"))
        };
        while !asked() {
            assert!(Instant::now() < deadline && !run.is_finished(), "the token was not asked for");
            thread::yield_now();
        }
        does(&folder);
        run.join().unwrap()
    });
    (ended, finished.stdout, finished.stderr)
}

#[test]
fn a_verdict_that_cannot_be_saved_is_printed_all_the_same() {
    let gone = |folder: &Path| std::fs::remove_dir_all(folder).unwrap();
    let saves = ["--save=reports/a.html", "--save-exchanges=reports/e.json"];
    let (code, stdout, stderr) = meanwhile(&saves, gone);
    assert_eq!(code, Some(1), "{stderr}");
    assert!(stdout.contains("INCONCLUSIVE") && stdout.contains("token endpoint"), "{stdout}");
    for words in ["reports/a.html cannot be written", "--save\n", "--save-exchanges"] {
        assert!(stderr.contains(words), "{words}: {stderr}");
    }
    // The report itself, where its file cannot be had.
    let (code, stdout, stderr) = meanwhile(&["--output=reports/a.json", "--format=json"], gone);
    assert_eq!(code, Some(1), "{stderr}");
    let report: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(report["summary"]["verdict"], "inconclusive");
    assert!(stderr.contains("--output"), "{stderr}");
}

#[test]
fn a_key_that_comes_to_lie_there_during_the_run_is_kept() {
    let key = include_bytes!("../../fixtures/keys/ec-p256.pem");
    let (code, stdout, stderr) = meanwhile(&["--output=reports/a.txt"], |folder| {
        std::fs::write(folder.join("a.txt"), key).unwrap();
        std::fs::rename(folder.join("a.txt"), folder.join("../kept")).unwrap();
        std::fs::hard_link(folder.join("../kept"), folder.join("a.txt")).unwrap();
    });
    assert_eq!(code, Some(1), "{stderr}");
    assert!(stderr.contains("holds a private key"), "{stderr}");
    assert!(stdout.contains("INCONCLUSIVE") && stdout.contains("token endpoint"), "{stdout}");
}
