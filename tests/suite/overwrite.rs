//! No output replaces a private key or an input of the run, in any command and under any name.

#![cfg(unix)]

use std::path::Path;

use openssl::pkey::PKey;
use serde_json::json;

use crate::support::Program;
use crate::support::formats::extensions;

const KEYS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/keys");

/// A private key in the forms in which people keep one.
fn forms() -> Vec<(&'static str, Vec<u8>)> {
    let read = |name: &str| std::fs::read(format!("{KEYS}/{name}")).unwrap();
    let pem = read("ec-p256.pem");
    let text = String::from_utf8(pem.clone()).unwrap();
    let der = PKey::private_key_from_pem(&pem).unwrap().private_key_to_der().unwrap();
    let base64 = openssl::base64::encode_block(&pem);
    vec![
        ("PEM", pem),
        ("encrypted PEM", read("ec-p256-encrypted.pem")),
        ("old encrypted PEM", read("ec-p256-legacy-encrypted.pem")),
        ("PKCS#12", read("ec-p256.p12")),
        ("OpenSSH", read("openssh.pem")),
        ("DER", der),
        ("base64 of PEM", base64.clone().into_bytes()),
        ("JSON", json!({"installed": {"private_key": text}}).to_string().into_bytes()),
        (".env", format!("A=1\nPRIVATE_KEY=\"{}\"\n", text.replace('\n', "\\n")).into_bytes()),
        ("YAML", format!("data:\n  tls.key: {base64}\n").into_bytes()),
        ("JWK", b"{\"kty\": \"EC\", \"crv\": \"P-256\", \"d\": \"c2VjcmV0\"}".to_vec()),
        ("PuTTY", b"PuTTY-User-Key-File-3: ssh-rsa\nPrivate-Lines: 1\nAAAA\n".to_vec()),
    ]
}

/// Every way in which a command writes to a place; `OUT` stands for it.
const WRITERS: &[&[&str]] = &[
    &["check", "--offline", "--account-id=1234567", "--output", "OUT"],
    &["check", "--offline", "--account-id=1234567", "--save", "OUT"],
    &["check", "--offline", "--account-id=1234567", "--save-exchanges", "OUT"],
    &["check", "--offline", "--all", "--config=c.toml", "--output", "OUT"],
    &["check", "--offline", "--all", "--config=c.toml", "--save", "OUT"],
    &["check", "--offline", "--all", "--config=c.toml", "--output-dir=."],
    &["demo", "--output", "OUT"],
    &["demo", "--save", "OUT"],
    &["role", "xml", "--record=customer", "--output", "OUT"],
    &["report", "show", "report.json", "--output", "OUT"],
    &["report", "show", "report.json", "--save", "OUT"],
];

/// A folder with a report, and a configuration of a target whose report file would be `a.json`.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let args = ["check", "--offline", "--account-id=1234567", "--save=report.json"];
    Program::new(args).in_dir(folder.path()).exits(0);
    let config = "[targets.a]\naccount_id = '1234567'\n";
    std::fs::write(folder.path().join("c.toml"), config).unwrap();
    folder
}

fn refused(folder: &Path, args: &[&str], out: &str, says: &str) {
    let args: Vec<&str> = args.iter().map(|arg| if *arg == "OUT" { out } else { arg }).collect();
    let run = Program::new(&args).in_dir(folder).exits(2);
    assert!(run.stderr.contains(says), "{args:?}: {}", run.stderr);
}

#[test]
fn a_private_key_survives_every_writer_in_every_form_under_every_name() {
    let folder = folder();
    let path = |name: &str| folder.path().join(name);
    let forms = forms();
    for (number, writer) in WRITERS.iter().enumerate() {
        // Every form meets several writers and every kind of name.
        for (at, link) in ["itself", "hard link", "symbolic link"].iter().enumerate() {
            let (form, bytes) = &forms[(number * 3 + at) % forms.len()];
            let _ = std::fs::remove_file(path("a.json"));
            std::fs::write(path("kept"), bytes).unwrap();
            match *link {
                "itself" => std::fs::rename(path("kept"), path("a.json")).unwrap(),
                "hard link" => std::fs::hard_link(path("kept"), path("a.json")).unwrap(),
                _ => std::os::unix::fs::symlink("kept", path("a.json")).unwrap(),
            }
            refused(folder.path(), writer, "a.json", "private key");
            assert_eq!(&std::fs::read(path("a.json")).unwrap(), bytes, "{form} as {link}");
        }
    }
}

#[test]
fn every_form_of_a_key_is_known_to_check() {
    let folder = folder();
    for (form, bytes) in forms() {
        let place = folder.path().join("old.txt");
        std::fs::write(&place, &bytes).unwrap();
        refused(folder.path(), WRITERS[0], "old.txt", "holds a private key");
        assert_eq!(std::fs::read(&place).unwrap(), bytes, "{form}");
    }
}

#[test]
fn an_input_of_any_target_survives() {
    let folder = folder();
    let path = |name: &str| folder.path().join(name);
    let keys = ["private_key", "certificate", "passphrase_file", "client_secret_file", "role_file"];
    let keys = keys.iter().chain(&["ca_file"]);
    let mut config =
        "[targets.a]\naccount_id = '1234567'\n[targets.b]\naccount_id = '1'\n".to_owned();
    for key in keys.clone() {
        config.push_str(&format!("{key} = 'input-{key}'\n"));
        std::fs::write(path(&format!("input-{key}")), "an input").unwrap();
        std::fs::hard_link(path(&format!("input-{key}")), path(&format!("{key}.json"))).unwrap();
    }
    config.push_str("profile = './own.toml'\n");
    std::fs::write(path("own.toml"), "an input").unwrap();
    std::fs::write(path("c.toml"), &config).unwrap();
    std::fs::hard_link(path("c.toml"), path("config.json")).unwrap();
    let all = ["check", "--offline", "--all", "--config=c.toml", "--output", "OUT"];
    for key in keys {
        for name in [format!("input-{key}"), format!("{key}.json")] {
            refused(folder.path(), &all, &name, "an input of this run");
        }
        assert_eq!(std::fs::read_to_string(path(&format!("input-{key}"))).unwrap(), "an input");
    }
    for name in ["own.toml", "c.toml", "config.json"] {
        refused(folder.path(), &all, name, "an input of this run");
    }
    // A member of the folder of reports as well.
    std::fs::hard_link(path("input-role_file"), path("b.json")).unwrap();
    let dir = ["check", "--offline", "--all", "--config=c.toml", "--output-dir=."];
    refused(folder.path(), &dir, "", "an input of this run");
    assert!(!path("a.json").exists(), "nothing was checked");
    std::fs::hard_link(path("report.json"), path("same.json")).unwrap();
    for args in [&WRITERS[9], &WRITERS[10]] {
        refused(folder.path(), args, "same.json", "an input of this run");
    }
    let role = ["role", "xml", "--record=customer", "--profile=./own.toml", "--output", "OUT"];
    let profile = concat!(env!("CARGO_MANIFEST_DIR"), "/checks/profiles/alchemer.toml");
    std::fs::copy(profile, path("own.toml")).unwrap();
    refused(folder.path(), &role, "own.toml", "an input of this run");
}

#[test]
fn a_link_of_somebody_else_is_not_followed() {
    let folder = folder();
    let (link, target) = (folder.path().join("link.json"), folder.path().join("target.json"));
    std::fs::write(&target, "old").unwrap();
    std::os::unix::fs::symlink("target.json", &link).unwrap();
    let check = |link: &str| {
        ["check", "--offline", "--account-id=1234567", "--save", link].map(str::to_owned)
    };
    // The user's own in the user's own folder is.
    Program::new(check("link.json")).in_dir(folder.path()).exits(0);
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    let written = std::fs::read_to_string(&target).unwrap();
    assert!(written.contains("netsuite-preflight/report"), "{written}");
    // Only root can make a link of another user.
    if std::os::unix::fs::lchown(&link, Some(65_534), None).is_ok() {
        refused(folder.path(), WRITERS[1], "link.json", "symbolic link");
        assert_eq!(std::fs::read_to_string(&target).unwrap(), written);
    }
}

#[test]
fn reports_in_every_form_can_be_replaced_by_the_next_run() {
    let folder = tempfile::tempdir().unwrap();
    let saves: Vec<String> = extensions().map(|extension| format!("a.{extension}")).collect();
    let args = |key: &str| {
        let mut args = vec!["check".to_owned(), "--offline".to_owned()];
        args.push(format!("--private-key={KEYS}/{key}"));
        args.push(format!("--certificate={KEYS}/ec-p256.certificate.pem"));
        args.extend(saves.iter().map(|save| format!("--save={save}")));
        args
    };
    // Guidance about keys names their form; none of these runs passes.
    for key in ["openssh.pem", "ec-p256-encrypted.pem", "rsa-2048.pem", "README.md", "ec-p256.p12"]
    {
        for _ in 0..2 {
            let (code, run) = Program::new(args(key)).in_dir(folder.path()).ends();
            assert_eq!(code, Some(1), "{key}: {}", run.stderr);
        }
    }
}
