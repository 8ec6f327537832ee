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
