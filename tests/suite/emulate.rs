//! `emulate`: its key, a certificate of one's own, and the same folder twice.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::{Program, Running, Signal};

/// Starts the emulator in a folder, lets something happen, and ends it. Gives what it printed.
fn emulate(home: &Path, args: &[&str], meanwhile: impl FnOnce(&Value)) -> Value {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("netsuite-preflight"));
    command.args(["emulate", "--format=json"]).args(args).current_dir(home).env_clear();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut server = Running::start(&mut command);
    let mut printed = String::new();
    for line in BufReader::new(server.stdout.take().unwrap()).lines() {
        printed += &line.unwrap();
        if printed.ends_with('}') {
            break;
        }
    }
    let printed: Value = serde_json::from_str(&printed).unwrap();
    meanwhile(&printed);
    server.signal(Signal::TERM).unwrap();
    assert_eq!(server.output().status.code(), Some(0));
    printed
}

/// `check` with what was printed, and with this private key.
fn passes(home: &Path, printed: &Value, private_key: &str, certificate: &str) {
    let value = |name: &str| printed[name].as_str().unwrap().to_owned();
    let run = Program::new(["check", "--format=json", "--only=token-exchange,rest-service"])
        .arg("--connect-to", value("address"))
        .arg("--ca-file", value("ca_file"))
        .arg("--account-id", value("account_id"))
        .arg("--client-id", value("client_id"))
        .arg("--certificate-id", value("certificate_id"))
        .arg("--private-key", private_key)
        .arg("--certificate", certificate)
        .in_dir(home)
        .exits(0);
    assert_eq!(run.json()["summary"]["verdict"], "pass");
}

#[test]
fn the_same_folder_keeps_its_pair_and_a_foreign_file() {
    let home = tempfile::tempdir().unwrap();
    let path = |name: &str| home.path().join("kept").join(name);
    let check = |printed: &Value| {
        passes(home.path(), printed, "kept/private-key.pem", "kept/certificate.pem");
    };
    let first = emulate(home.path(), &["--dir=kept"], check);
    let key = std::fs::read(path("private-key.pem")).unwrap();
    let ca = std::fs::read(path("ca.pem")).unwrap();
    let second = emulate(home.path(), &["--dir=kept"], check);
    assert_eq!(first["certificate_id"], second["certificate_id"]);
    assert_eq!(std::fs::read(path("private-key.pem")).unwrap(), key);
    assert_ne!(std::fs::read(path("ca.pem")).unwrap(), ca, "the CA is made anew");
    // Another kind of key is another pair, in the place of the emulator's own.
    let third = emulate(home.path(), &["--dir=kept", "--key-type=ec-p384"], check);
    assert_ne!(first["certificate_id"], third["certificate_id"]);
    let public = std::fs::read_to_string(path("private-key.pem")).unwrap();
    assert!(public.contains("PRIVATE KEY") && public.as_bytes() != key);
    // What somebody else wrote stays.
    std::fs::write(path("private-key.pem"), "mine").unwrap();
    let run = Program::new(["emulate", "--dir=kept"]).in_dir(home.path()).exits(2);
    assert!(run.stderr.contains("private-key.pem is there already"), "{}", run.stderr);
    assert_eq!(std::fs::read(path("private-key.pem")).unwrap(), b"mine");
}

#[test]
fn a_certificate_of_ones_own_is_registered() {
    let home = tempfile::tempdir().unwrap();
    let made = ["generate", "--out=mine", "--key-type=ec-p384", "--account-id=1234567"];
    Program::new(made).in_dir(home.path()).exits(0);
    let args = ["--certificate=mine/certificate.pem", "--dir=kept"];
    let printed = emulate(home.path(), &args, |printed| {
        passes(home.path(), printed, "mine/private-key.pem", "mine/certificate.pem");
    });
    assert_eq!(printed["private_key_file"], Value::Null);
    assert!(!home.path().join("kept/private-key.pem").exists());
    // What is no certificate that NetSuite takes is said before anything is served.
    std::fs::write(home.path().join("public.pem"), "-----BEGIN PUBLIC KEY-----\nMA==\n").unwrap();
    for (file, words) in [
        ("public.pem", "a bare public key"),
        ("mine/private-key.pem", "no X.509 certificate"),
        ("nothing.pem", "nothing.pem"),
    ] {
        let run = Program::new(["emulate", "--certificate", file]).in_dir(home.path()).exits(2);
        assert!(run.stderr.contains(words), "{}", run.stderr);
    }
    for both in ["--key-type=rsa-4096", "--replay=x"] {
        Program::new(["emulate", "--certificate=mine/certificate.pem", both])
            .in_dir(home.path())
            .exits(2);
    }
    Program::new(["emulate", "--key-type=rsa-2048"]).exits(2);
}

/// `emulate -- COMMAND` in a folder for temporary files that is empty afterwards.
fn guest(args: &[&str], code: i32) -> (String, String) {
    let home = tempfile::tempdir().unwrap();
    let run = Program::new(["emulate"].iter().chain(args)).env("TMPDIR", home.path());
    let run = run.env("NETSUITE_CLIENT_SECRET", "a real one").ends();
    assert_eq!(run.0, Some(code), "{args:?}\n{}{}", run.1.stdout, run.1.stderr);
    let left: Vec<_> = std::fs::read_dir(home.path()).unwrap().collect();
    assert!(left.is_empty(), "{args:?}: {left:?}");
    (run.1.stdout, run.1.stderr)
}

#[test]
fn a_command_runs_against_the_account_and_its_code_is_the_end() {
    let program = assert_cmd::cargo::cargo_bin!("netsuite-preflight").to_str().unwrap();
    let check = ["--", program, "check", "--record", "customer", "--format=short"];
    let (stdout, stderr) = guest(&check, 0);
    assert!(stdout.starts_with("\u{2713} PASSED: account 1234567"), "{stdout}");
    assert!(stderr.contains("requests served") && stderr.contains("Success"), "{stderr}");
    let failing = [["--scenario", "certificate-revoked"].as_slice(), &check].concat();
    guest(&failing, 1);
    let shown = "echo \"$NETSUITE_ACCOUNT_ID ${NETSUITE_CLIENT_SECRET-none}\"; exit 42";
    assert_eq!(guest(&["--", "sh", "-c", shown], 42).0, "1234567 none\n");
    guest(&["--", "sh", "-c", "kill -9 $$"], 137);
    // What cannot be started, whatever its name holds.
    for (name, code, words) in [
        ("no-such-program", 127, "there is no program no-such-program"),
        ("", 127, "there is no program"),
        ("\u{1b}[31mred\nline", 127, "there is no program"),
        ("/", 126, "cannot be started"),
    ] {
        let (stdout, stderr) = guest(&["--", name], code);
        assert_eq!(stdout, "", "{name:?}");
        assert!(stderr.contains(words) && !stderr.contains('\u{1b}'), "{name:?}: {stderr}");
    }
    for wrong in [["--format=json", "--", "true"], ["--list-switches", "--", "true"]] {
        Program::new(["emulate"].iter().chain(&wrong)).exits(2);
    }
}

/// Where a signal reaches the emulator alone, it reaches the command by it.
#[test]
fn a_signal_is_handed_on_to_the_command() {
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("netsuite-preflight"));
    let line = "trap 'exit 7' INT; trap 'exit 8' TERM; echo up; while :; do read -r _ || :; done";
    command.args(["emulate", "--", "sh", "-c", line]).env_clear().env("PATH", "/usr/bin:/bin");
    command.env("TMPDIR", home.path()).stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    for (signal, code) in [(Signal::INT, 7), (Signal::TERM, 8)] {
        let mut server = Running::start(&mut command);
        let mut first = String::new();
        BufReader::new(server.stdout.as_mut().unwrap()).read_line(&mut first).unwrap();
        assert_eq!(first, "up\n");
        server.signal(signal).unwrap();
        assert_eq!(server.output().status.code(), Some(code), "{signal:?}");
        assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0);
    }
}
