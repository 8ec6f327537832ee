//! Every secret gets a value of its own, and everything the program prints or writes is searched
//! for it, in every command, format and failure.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use openssl::pkey::PKey;
use openssl::symm::Cipher;

use crate::support::pieces::hex;
use crate::support::{Emulated, Program, extensions, formats};

pub const PASSPHRASE: &str = "canary passphrase \"7f3a\" \\ é+/=";
pub const CLIENT_SECRET: &str = "5ec2e75ec2e75ec2e75ec2e7c0ffee11c0ffee115ec2e75ec2e75ec2e75ec2e7";

/// What must never come out.
pub struct Canary {
    needles: Vec<(String, String)>,
}

impl Canary {
    pub fn new(key_pem: &[u8]) -> Self {
        let mut needles = Vec::new();
        let mut add = |what: &str, form: String| {
            if form.len() >= 12 {
                needles.push((what.to_owned(), form));
            }
        };
        for (what, secret) in [("passphrase", PASSPHRASE), ("client secret", CLIENT_SECRET)] {
            let bytes = secret.as_bytes();
            add(what, secret.to_owned());
            add(what, STANDARD.encode(bytes));
            add(what, URL_SAFE_NO_PAD.encode(bytes));
            add(what, serde_json::to_string(secret).unwrap().trim_matches('"').to_owned());
            add(what, hex(bytes));
            let percent = percent_encoding::NON_ALPHANUMERIC;
            add(what, percent_encoding::utf8_percent_encode(secret, percent).to_string());
        }
        // The BEGIN line is everybody's; what follows it is not.
        let encoded = STANDARD.encode(key_pem);
        for part in encoded.as_bytes().chunks(24).skip(2).filter(|part| part.len() == 24) {
            add("key in base64", String::from_utf8_lossy(part).into_owned());
        }
        let key = PKey::private_key_from_pem(key_pem).unwrap();
        add("key in hexadecimal", hex(&key.private_key_to_pkcs8().unwrap()));
        let scalar = key.ec_key().unwrap().private_key().to_vec();
        add("private scalar", hex(&scalar));
        add("private scalar", STANDARD.encode(&scalar));
        add("private scalar", URL_SAFE_NO_PAD.encode(&scalar));
        for line in String::from_utf8(key_pem.to_vec()).unwrap().lines() {
            if !line.starts_with("-----") {
                // Half a line is a leak as well.
                add("key line", line.chars().take(24).collect());
                add(
                    "key line",
                    line.chars().rev().take(24).collect::<Vec<_>>().into_iter().rev().collect(),
                );
            }
        }
        Self { needles }
    }

    pub fn search(&self, place: &str, text: &str) {
        for (what, needle) in &self.needles {
            assert!(!text.contains(needle.as_str()), "{place} shows the {what}: {needle}\n{text}");
        }
        // Assertion and access token are JWTs: `{"` in base64url.
        for (at, _) in text.match_indices("eyJ") {
            let word =
                text[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c));
            assert!(word.count() < 20, "{place} shows a token: {}", &text[at..]);
        }
    }

    pub fn search_files(&self, folder: &Path) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
                self.search(&path.display().to_string(), &text);
            }
        }
    }
}

/// Runs the program in each format and searches all that comes out.
fn try_all(canary: &Canary, args: &[String]) {
    // The forms on standard output by turns, and all of them as files.
    for format in formats() {
        let mut all = args.to_vec();
        if format == "human" && args[0] == "check" {
            all.extend(extensions().map(|extension| format!("--save=saved.{extension}")));
            all.push("--save-exchanges=exchanges.json".to_owned());
        }
        all.push(format!("--format={format}"));
        let (_, run) = Program::new(&all)
            .env("NETSUITE_CLIENT_SECRET", CLIENT_SECRET)
            .env("NETSUITE_PRIVATE_KEY_PASSPHRASE", PASSPHRASE)
            .ends();
        let elsewhere = all.iter().any(|arg| arg == "--output");
        let said = !run.stdout.is_empty() || !run.stderr.is_empty();
        assert!(said || elsewhere, "{all:?} said nothing");
        canary.search(&format!("stdout of {all:?}"), &run.stdout);
        canary.search(&format!("stderr of {all:?}"), &run.stderr);
        canary.search_files(run.home());
    }
}

/// A key where `role compare` expects a role.
fn try_role(canary: &Canary, key: &Path) {
    for format in ["human", "json"] {
        let run = Program::new(["role", "compare", "--format", format]).arg("--", key).exits(1);
        canary.search("stdout of role compare", &run.stdout);
        canary.search("stderr of role compare", &run.stderr);
    }
}

fn with_key(account: &Emulated, key: &Path) -> Vec<String> {
    let mut args = vec!["check".to_owned()];
    args.extend(account.account_args());
    args.push(format!("--private-key={}", key.display()));
    args.push(format!("--certificate={}", account.path("certificate.pem").display()));
    args.push("--record=customer".to_owned());
    args
}

#[test]
fn no_secret_comes_out_whatever_goes_wrong() {
    let healthy = Emulated::scenario("healthy");
    let pem = healthy.client.private_key.expose().to_vec();
    let canary = Canary::new(&pem);
    let key = PKey::private_key_from_pem(&pem).unwrap();
    let encrypted = key
        .private_key_to_pem_pkcs8_passphrase(Cipher::aes_256_cbc(), PASSPHRASE.as_bytes())
        .unwrap();
    let text = String::from_utf8(pem.clone()).unwrap();
    let certificate = healthy.client.certificate.clone().unwrap();

    let plain = healthy.path("private-key.pem");
    let keys = [
        plain.clone(),
        healthy.write("encrypted.pem", &encrypted),
        healthy.write("one-line.pem", text.replace('\n', "\\n").as_bytes()),
        healthy.write("spaces.pem", text.replace('\n', " ").as_bytes()),
        healthy.write("base64.pem", STANDARD.encode(&pem).as_bytes()),
        healthy.write("cut.pem", &pem[..pem.len() / 2]),
        healthy.write("damaged.pem", text.replacen('M', "!", 1).as_bytes()),
        healthy.write("bundle.pem", &[pem.as_slice(), &certificate].concat()),
        healthy.write("key.der", &key.private_key_to_der().unwrap()),
    ];
    for path in &keys {
        try_all(&canary, &with_key(&healthy, path));
    }

    // The key in places where it does not belong.
    let offline = |args: &[String]| {
        let mut all = vec!["check".to_owned(), "--offline".to_owned()];
        all.extend(args.iter().cloned());
        try_all(&canary, &all);
    };
    offline(&[format!("--certificate={}", plain.display())]);
    offline(&[format!("--certificate={}", healthy.path("bundle.pem").display())]);
    offline(&[format!("--client-secret-file={}", plain.display())]);
    offline(&[format!("--role-file={}", plain.display())]);
    try_role(&canary, &plain);
    for flag in ["--account-id", "--client-id", "--certificate-id"] {
        offline(&[format!("{flag}={text}"), format!("--private-key={}", plain.display())]);
        offline(&[format!("{flag}={CLIENT_SECRET}")]);
    }
    offline(&[
        format!("--passphrase-file={}", plain.display()),
        format!("--private-key={}", healthy.path("encrypted.pem").display()),
    ]);

    // Secrets where a path belongs, and a key where nothing belongs.
    for flag in ["--private-key", "--certificate", "--ca-file", "--role-file"] {
        offline(&["--account-id=1".to_owned(), flag.to_owned(), text.clone()]);
    }
    for flag in ["--passphrase-file", "--client-secret-file"] {
        offline(&[format!("{flag}={CLIENT_SECRET}"), "--account-id=1".to_owned()]);
        offline(&[format!("{flag}={PASSPHRASE}"), "--account-id=1".to_owned()]);
    }
    offline(std::slice::from_ref(&text));
    for flag in ["--record", "--only", "--output", "--save", "--connect-to"] {
        offline(&["--account-id=1".to_owned(), format!("{flag}={text}")]);
    }

    // Written to a file instead of shown.
    let report = healthy.path("report.json");
    let mut args = with_key(&healthy, &healthy.path("encrypted.pem"));
    args.extend(["--output".to_owned(), report.display().to_string()]);
    try_all(&canary, &args);
    canary.search("the report file", &std::fs::read_to_string(&report).unwrap());
}

/// The key inside files of other programs, given as the key and as the certificate.
#[test]
fn no_secret_comes_out_of_files_of_other_programs() {
    let healthy = Emulated::scenario("healthy");
    let pem = healthy.client.private_key.expose().to_vec();
    let canary = Canary::new(&pem);
    let text = String::from_utf8(pem.clone()).unwrap();
    let key = PKey::private_key_from_pem(&pem).unwrap();
    let der = key.private_key_to_pkcs8().unwrap();
    let encoded = STANDARD.encode(&pem);
    let scalar = URL_SAFE_NO_PAD.encode(key.ec_key().unwrap().private_key().to_vec());
    let jwk = format!("{{\"kty\":\"EC\",\"crv\":\"P-256\",\"d\":\"{scalar}\"}}");
    let secret = format!("apiVersion: v1\nkind: Secret\ndata:\n  tls.key: {encoded}\n");
    let sealed = secret.replace("tls.key: ", "tls.key: AAAA");
    let files: [(&str, Vec<u8>); 11] = [
        ("secret.yaml", secret.into_bytes()),
        ("sealed.yaml", sealed.into_bytes()),
        (".env", format!("NETSUITE_PRIVATE_KEY={encoded}\n").into_bytes()),
        ("answer.json", format!("{{\"value\": \"{encoded}\"}}").into_bytes()),
        ("hexadecimal.txt", hex(&der).into_bytes()),
        ("key.rtf", format!("{{\\rtf1 {}}}", text.replace('\n', "\\par\n")).into_bytes()),
        ("key.html", format!("<!DOCTYPE html><p>{}", text.replace("KEY", "K E Y")).into_bytes()),
        ("jwk.json", jwk.clone().into_bytes()),
        ("jwk.txt", STANDARD.encode(jwk).into_bytes()),
        ("store.jks", [b"\xfe\xed\xfe\xed", pem.as_slice()].concat()),
        ("key.pdf", [b"%PDF-1.7\n", pem.as_slice()].concat()),
    ];
    for (name, bytes) in &files {
        let path = healthy.write(name, bytes);
        for flag in ["--private-key", "--certificate"] {
            let args = ["check".to_owned(), "--offline".to_owned()];
            let mut args = args.to_vec();
            args.push(format!("{flag}={}", path.display()));
            args.extend(extensions().map(|extension| format!("--save=saved.{extension}")));
            let (_, run) = Program::new(&args).ends();
            canary.search(&format!("stdout of {args:?}"), &run.stdout);
            canary.search(&format!("stderr of {args:?}"), &run.stderr);
            canary.search_files(run.home());
        }
    }
    // Nothing was sent to the emulator.
    std::mem::forget(healthy);
}

#[test]
fn no_secret_comes_out_of_failing_accounts() {
    for name in [
        "certificate-revoked",
        "token-garbage",
        "token-redirected",
        "token-oversized",
        "token-half-json",
        "connection-refused",
        "record-permission-absent",
        "rest-permission-missing-401",
        "record-unexpected-error",
    ] {
        let account = Emulated::scenario(name);
        let canary = Canary::new(account.client.private_key.expose());
        let mut args = with_key(&account, &account.path("private-key.pem"));
        args.extend(account.client.args.iter().cloned());
        try_all(&canary, &args);
        if name == "connection-refused" {
            // Nobody listens there, so no call can have come in.
            std::mem::forget(account);
        }
    }
}

/// A report that somebody spoiled by hand: `verify` and `diff` must not spread what is in it.
#[test]
fn verify_and_diff_do_not_quote_a_secret() {
    let account = Emulated::scenario("healthy");
    let pem = account.client.private_key.expose().to_vec();
    let canary = Canary::new(&pem);
    let mut args = with_key(&account, &account.path("private-key.pem"));
    let path = account.path("report.json");
    args.push(format!("--save={}", path.display()));
    Program::new(&args).exits(0);
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let text = String::from_utf8(pem).unwrap();
    let spoiled = |key: String| {
        let mut report = report.clone();
        report["later"] = key.into();
        report["more"] = CLIENT_SECRET.into();
        report.to_string()
    };
    let (one_line, lines) = (spoiled(text.replace('\n', " ")), spoiled(text));
    for (command, document, code) in [
        (vec!["report", "verify", "-"], &one_line, 1),
        (vec!["report", "diff", "-"], &one_line, 0),
        // No report holds a line break, so these are refused where they are read.
        (vec!["report", "verify", "-"], &lines, 1),
        (vec!["report", "diff", "-"], &lines, 2),
    ] {
        let mut program = Program::new(&command).stdin(document.as_str());
        if command[1] == "diff" {
            program = program.arg(&path.display().to_string(), "--format=human");
        }
        let run = program.exits(code);
        canary.search(&format!("stdout of {command:?}"), &run.stdout);
        canary.search(&format!("stderr of {command:?}"), &run.stderr);
    }
}

/// The certificate commands with an encrypted key, over what they do and what goes wrong. Their own
/// `--format` is human or json.
#[test]
fn no_secret_comes_out_of_the_certificate_commands() {
    for name in ["certificate-list-readable", "healthy", "scope-not-ticked", "token-garbage"] {
        let account = Emulated::scenario(name);
        let pem = account.client.private_key.expose().to_vec();
        let canary = Canary::new(&pem);
        let key = PKey::private_key_from_pem(&pem).unwrap();
        let cipher = Cipher::aes_256_cbc();
        let encrypted =
            key.private_key_to_pem_pkcs8_passphrase(cipher, PASSPHRASE.as_bytes()).unwrap();
        let key_file = account.write("encrypted.pem", &encrypted).display().to_string();
        let bundle = account.path("bundle.pem");
        let certificate = account.client.certificate.clone().unwrap();
        account.write("bundle.pem", &[pem.as_slice(), &certificate].concat());
        let passphrase = account.write("new-passphrase", PASSPHRASE.as_bytes());
        let out = account.path("new");
        let other = "NPMnRyPg-WDWhPiAbisjKiH0fqnBpjOZ367wDTe0pqA";
        let upload = format!("--certificate={}", bundle.display());
        let place = format!("--out={}", out.display());
        let new_passphrase = format!("--new-passphrase-file={}", passphrase.display());
        let text = String::from_utf8(pem.clone()).unwrap();
        let commands: [&[&str]; 7] = [
            &["list"],
            &["upload", &upload],
            &["upload", &upload, "--new-key", &key_file],
            &["revoke", other, "--yes"],
            &["revoke", &text, "--yes"],
            &["rotate", &place, "--key-type=ec-p256", &new_passphrase],
            &["rotate", "--out", &text],
        ];
        for command in commands {
            for format in ["human", "json"] {
                let mut args = vec!["certificates".to_owned()];
                args.extend(command.iter().map(|arg| (*arg).to_owned()));
                args.extend(account.account_args());
                args.push(format!("--private-key={key_file}"));
                args.push(format!("--format={format}"));
                let (_, run) = Program::new(&args)
                    .env("NETSUITE_CLIENT_SECRET", CLIENT_SECRET)
                    .env("NETSUITE_PRIVATE_KEY_PASSPHRASE", PASSPHRASE)
                    .ends();
                assert!(!run.stdout.is_empty() || !run.stderr.is_empty(), "{args:?}");
                canary.search(&format!("stdout of {command:?}"), &run.stdout);
                canary.search(&format!("stderr of {command:?}"), &run.stderr);
                canary.search_files(run.home());
            }
        }
        // The new key is a secret of its own, and nothing but its own file holds it.
        let journal = out.join("rotation.json");
        assert_eq!(journal.exists(), name == "certificate-list-readable");
        if journal.exists() {
            let new = std::fs::read(out.join("private-key.pem")).unwrap();
            let key = PKey::private_key_from_pem_passphrase(&new, PASSPHRASE.as_bytes()).unwrap();
            let text = std::fs::read_to_string(&journal).unwrap();
            canary.search("the journal", &text);
            Canary::new(&key.private_key_to_pem_pkcs8().unwrap()).search("the journal", &text);
        }
    }
}

#[test]
fn generate_shows_neither_key_nor_passphrase() {
    let folder = tempfile::tempdir().unwrap();
    let passphrase = folder.path().join("passphrase.txt");
    std::fs::write(&passphrase, format!("{PASSPHRASE}\n")).unwrap();
    for format in ["human", "json"] {
        let out = folder.path().join(format);
        let run = Program::new(["generate", "--key-type=ec-p256", "--format", format])
            .arg("--out", &out)
            .arg("--passphrase-file", &passphrase)
            .exits(0);
        let encrypted = std::fs::read(out.join("private-key.pem")).unwrap();
        let key = PKey::private_key_from_pem_passphrase(&encrypted, PASSPHRASE.as_bytes()).unwrap();
        let canary = Canary::new(&key.private_key_to_pem_pkcs8().unwrap());
        canary.search("stdout", &run.stdout);
        canary.search("stderr", &run.stderr);
        canary.search_files(&out);
        let listed = String::from_utf8(encrypted).unwrap();
        for line in listed.lines().filter(|line| !line.starts_with("-----")) {
            assert!(!run.stdout.contains(line), "not even the encrypted key is shown");
        }
    }
}
