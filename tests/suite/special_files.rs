//! Named pipes, sockets, devices and folders in the place of a file: refused at once.

#![cfg(unix)]

use std::path::Path;
use std::process::{Command, Stdio};

use assert_cmd::cargo::cargo_bin;

use crate::support::Program;

/// What is no regular file, by its name in the folder and in messages.
const SPECIAL: [(&str, &str); 4] = [
    ("./pipe", "named pipe"),
    ("./socket", "socket"),
    ("/dev/zero", "device"),
    ("./folder", "directory"),
];

fn folder() -> (tempfile::TempDir, std::os::unix::net::UnixListener) {
    let folder = tempfile::tempdir().unwrap();
    make_pipe(&folder.path().join("pipe"));
    std::fs::create_dir(folder.path().join("folder")).unwrap();
    let socket = std::os::unix::net::UnixListener::bind(folder.path().join("socket")).unwrap();
    (folder, socket)
}

fn make_pipe(path: &Path) {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    mknodat(CWD, path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
}

#[test]
fn every_input_has_to_be_a_file() {
    let (folder, _socket) = folder();
    let check: &[&str] = &["check", "--offline", "--account-id=1"];
    let inputs: &[(&[&str], &str)] = &[
        (check, "--private-key"),
        (check, "--certificate"),
        (check, "--passphrase-file"),
        (check, "--client-secret-file"),
        (check, "--role-file"),
        (check, "--ca-file"),
        (check, "--config"),
        (check, "--profile"),
        (&["generate"], "--passphrase-file"),
        (&["role", "plan"], "--profile"),
        (&["role", "compare"], ""),
        (&["report", "show"], ""),
        (&["report", "verify"], ""),
        (&["report", "diff", "./pipe"], ""),
        (&["emulate"], "--replay"),
        (&["emulate"], "--certificate"),
        (&["certificates", "list"], "--private-key"),
        (&["certificates", "upload", "--certificate=file"], "--new-key"),
        (&["certificates", "rotate", "--out=new"], "--new-passphrase-file"),
    ];
    std::fs::write(folder.path().join("file"), "nothing").unwrap();
    for (command, flag) in inputs {
        for (name, what) in SPECIAL {
            let flag = (!flag.is_empty()).then_some(*flag);
            let args = command.iter().copied().chain(flag).chain([name]);
            let args: Vec<&str> = args.collect();
            let run = Program::new(&args).in_dir(folder.path()).exits(2);
            // The one of two reports that is read first is the pipe.
            let what = if args.contains(&"diff") { "named pipe" } else { what };
            assert!(run.stderr.contains(what), "{args:?}: {}", run.stderr);
        }
    }
}

#[test]
fn a_pipe_in_the_place_of_a_known_name_is_refused() {
    let (folder, _socket) = folder();
    let path = |name: &str| folder.path().join(name);
    make_pipe(&path("netsuite-preflight.toml"));
    let run = Program::new(["check", "--offline", "--account-id=1"]).in_dir(folder.path()).exits(2);
    assert!(run.stderr.contains("named pipe"), "{}", run.stderr);
    std::fs::remove_file(path("netsuite-preflight.toml")).unwrap();
    make_pipe(&path("folder/rotation.json"));
    let args = ["certificates", "rotate", "--resume=folder"];
    let run = Program::new(args).in_dir(folder.path()).exits(2);
    assert!(run.stderr.contains("named pipe"), "{}", run.stderr);
    // As an output as well.
    for output in ["--output=pipe", "--save-exchanges=pipe", "--output=/dev/null"] {
        let args = ["check", "--offline", "--account-id=1", output];
        let run = Program::new(args).in_dir(folder.path()).exits(2);
        assert!(run.stderr.contains("not a regular file"), "{}", run.stderr);
    }
}

#[test]
fn standard_input_is_read_under_both_its_names() {
    let key = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/keys/ec-p256.pem");
    let pem = std::fs::read(key).unwrap();
    for name in ["-", "/dev/stdin"] {
        let args = ["check", "--offline", "--only=private-key", "--private-key", name];
        Program::new(args).stdin(pem.clone()).exits(0);
        let args = ["report", "verify", name];
        let run = Program::new(args).stdin("{}").exits(1);
        assert!(run.stdout.contains("standard input"), "{}", run.stdout);
    }
}

#[test]
fn a_process_substitution_is_a_pipe() {
    let (reader, _writer) = std::io::pipe().unwrap();
    let output = Command::new(cargo_bin!("netsuite-preflight"))
        .args(["report", "verify", "/dev/fd/0"])
        .env_clear()
        .stdin(Stdio::from(reader))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(stderr.contains("named pipe"), "{stderr}");
}
