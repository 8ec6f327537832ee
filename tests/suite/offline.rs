//! `check --offline` over single files: every kind of damage and every wrong thing gets the right
//! verdict, exit code and one sound JSON document.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::hash::MessageDigest;
use openssl::pkcs12::Pkcs12;
use openssl::pkey::{PKey, Private};
use openssl::symm::Cipher;
use openssl::x509::{X509, X509Req};
use serde_json::Value;

use crate::scenarios::find;
use crate::support::files::make_private;
use crate::support::{Program, schema};

struct Pair {
    folder: tempfile::TempDir,
    key_pem: String,
    key: PKey<Private>,
    certificate_pem: String,
    certificate: X509,
}

impl Pair {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("keys");
        Program::new(["generate", "--key-type=ec-p256"]).arg("--out", &out).exits(0);
        let key_pem = std::fs::read_to_string(out.join("private-key.pem")).unwrap();
        let certificate_pem = std::fs::read_to_string(out.join("certificate.pem")).unwrap();
        let key = PKey::private_key_from_pem(key_pem.as_bytes()).unwrap();
        let certificate = X509::from_pem(certificate_pem.as_bytes()).unwrap();
        Self { folder, key_pem, key, certificate_pem, certificate }
    }

    /// Checks these bytes under a flag and gives status, exit code and the whole report.
    fn check(&self, flag: &str, id: &str, bytes: &[u8]) -> (String, i32, Value) {
        let path = self.folder.path().join("input");
        std::fs::write(&path, bytes).unwrap();
        make_private(&path);
        let args = ["check", "--offline", "--format=json"];
        let (code, run) = Program::new(args).arg(flag, &path).ends();
        let report = run.json();
        assert_eq!(schema::violations(&report), [""; 0], "{flag} {}", run.stdout);
        let code = code.unwrap();
        assert_eq!(report["summary"]["exit_code"], code);
        let entry = find(&report, id).unwrap();
        let status = entry["status"].as_str().unwrap().to_owned();
        if status == "fail" || status == "warn" {
            let fixes = entry["fix"].as_array().unwrap();
            assert!(!fixes.is_empty(), "no fix for {}", entry["summary"]);
        }
        (status, code, report)
    }
}

fn utf16(text: &str, big: bool) -> Vec<u8> {
    let units = text.encode_utf16();
    units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

/// Ways in which the text of a good file gets hurt, each with what it is called.
fn damages(pem: &str) -> Vec<(&'static str, Vec<u8>)> {
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let lines: Vec<&str> = pem.lines().collect();
    let (first, last) = (lines[0], lines[lines.len() - 1]);
    let with = |from: &str, to: &str| pem.replace(from, to).into_bytes();
    vec![
        ("byte order mark", [b"\xef\xbb\xbf", pem.as_bytes()].concat()),
        ("UTF-16 with mark", [b"\xff\xfe".to_vec(), utf16(pem, false)].concat()),
        ("UTF-16 big-endian", utf16(pem, true)),
        ("literal \\n", with("\n", "\\n")),
        ("literal \\\\n", with("\n", "\\\\n")),
        ("newlines became spaces", with("\n", " ")),
        ("newlines became n", with("\n", "n")),
        ("one line", format!("{first}{body}{last}").into_bytes()),
        ("quotes", format!("\"{}\"", pem.trim_end()).into_bytes()),
        ("base64 of PEM", STANDARD.encode(pem).into_bytes()),
        ("smart dashes", with("-----", "–––––")),
        (
            "zero-width characters",
            format!("\u{200b}{}", pem.replace('\n', "\u{200b}\n")).into_bytes(),
        ),
    ]
}

#[test]
fn damaged_keys_are_read_and_the_damage_is_named() {
    let pair = Pair::new();
    for (what, bytes) in damages(&pair.key_pem) {
        let (status, code, report) = pair.check("--private-key", "private-key", &bytes);
        assert_eq!((status.as_str(), code), ("warn", 0), "{what}: {report:#}");
        let strength = find(&report, "key-strength").unwrap();
        assert_eq!(strength["status"], "pass", "{what}: the repaired key is the key");
    }
}

#[test]
fn damaged_certificates_are_never_mended_in_silence() {
    let pair = Pair::new();
    for (what, bytes) in damages(&pair.certificate_pem) {
        let (status, _, report) = pair.check("--certificate", "certificate", &bytes);
        assert!(["warn", "fail"].contains(&status.as_str()), "{what}: {report:#}");
        let summary = find(&report, "certificate").unwrap()["summary"].as_str().unwrap();
        assert!(summary.len() > 30, "{what}: {summary}");
    }
}

#[test]
fn every_usual_form_of_a_key_is_read() {
    let pair = Pair::new();
    let ec = pair.key.ec_key().unwrap();
    let sec1 = String::from_utf8(ec.private_key_to_pem().unwrap()).unwrap();
    let parameters =
        "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
    for (what, bytes) in [
        ("PKCS#8", pair.key_pem.clone().into_bytes()),
        ("SEC1", sec1.clone().into_bytes()),
        ("EC PARAMETERS first", format!("{parameters}{sec1}").into_bytes()),
        ("CRLF", pair.key_pem.replace('\n', "\r\n").into_bytes()),
        (
            "leading text",
            format!("Bag Attributes\n  friendlyName: x\n{}", pair.key_pem).into_bytes(),
        ),
        ("DER", pair.key.private_key_to_der().unwrap()),
        ("PKCS#8 DER", pair.key.private_key_to_pkcs8().unwrap()),
    ] {
        let (status, code, report) = pair.check("--private-key", "private-key", &bytes);
        assert!(["pass", "warn"].contains(&status.as_str()) && code == 0, "{what}: {report:#}");
        assert_eq!(find(&report, "key-strength").unwrap()["status"], "pass", "{what}");
    }
}

#[test]
fn what_is_no_private_key_is_named() {
    let pair = Pair::new();
    let mut request = X509Req::builder().unwrap();
    request.set_pubkey(&pair.key).unwrap();
    request.sign(&pair.key, MessageDigest::sha256()).unwrap();
    let mut bundle = Pkcs12::builder();
    bundle.pkey(&pair.key).cert(&pair.certificate);
    let encrypted = pair.key.private_key_to_pem_pkcs8_passphrase(Cipher::aes_256_cbc(), b"secret");
    let jwk = r#"{"kty":"EC","crv":"P-256","x":"AA","y":"AA","d":"AA"}"#;
    for (what, says, bytes) in [
        ("certificate", "certificate", pair.certificate_pem.clone().into_bytes()),
        ("public key", "public key", pair.key.public_key_to_pem().unwrap()),
        ("request", "request", request.build().to_pem().unwrap()),
        ("protected bundle", "passphrase", bundle.build2("secret").unwrap().to_der().unwrap()),
        ("encrypted key", "passphrase", encrypted.unwrap()),
        ("OpenSSH key", "OpenSSH", b"-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU=\n-----END OPENSSH PRIVATE KEY-----\n".to_vec()),
        ("JWK", "JSON Web Key", jwk.as_bytes().to_vec()),
        ("PKCS#7", "PKCS#7", b"-----BEGIN PKCS7-----\nMAsGCSqGSIb3DQEHAg==\n-----END PKCS7-----\n".to_vec()),
        ("empty file", "empty", Vec::new()),
        ("noise", "", vec![0x9d; 4_000]),
        ("half a key", "", pair.key_pem.as_bytes()[..120].to_vec()),
        ("two megabytes", "", vec![b'A'; 2 * 1024 * 1024]),
    ] {
        let (status, code, report) = pair.check("--private-key", "private-key", &bytes);
        assert_eq!((status.as_str(), code), ("fail", 1), "{what}: {report:#}");
        let summary = find(&report, "private-key").unwrap()["summary"].as_str().unwrap();
        let lower = summary.to_lowercase();
        assert!(lower.contains(&says.to_lowercase()), "{what}: {summary}");
    }
}

#[test]
fn what_is_no_certificate_is_named() {
    let pair = Pair::new();
    let both = format!("{}{}", pair.certificate_pem, pair.key_pem);
    for (what, says, status, bytes) in [
        ("private key", "private key", "fail", pair.key_pem.clone().into_bytes()),
        ("public key", "public key", "fail", pair.key.public_key_to_pem().unwrap()),
        ("bundle", "private key", "fail", both.into_bytes()),
        ("DER", "DER", "warn", pair.certificate.to_der().unwrap()),
        ("empty file", "empty", "fail", Vec::new()),
        ("noise", "", "fail", vec![0x9d; 4_000]),
    ] {
        let (seen, _, report) = pair.check("--certificate", "certificate", &bytes);
        assert_eq!(seen, status, "{what}: {report:#}");
        let summary = find(&report, "certificate").unwrap()["summary"].as_str().unwrap();
        assert!(summary.to_lowercase().contains(&says.to_lowercase()), "{what}: {summary}");
    }
}

#[test]
fn a_pair_is_proved_to_be_a_pair_and_a_wrong_one_not() {
    let (one, other) = (Pair::new(), Pair::new());
    let own = other.folder.path().join("keys/certificate.pem");
    let check = |key: &str, code| {
        Program::new(["check", "--offline", "--format=json", "--private-key=-"])
            .arg("--certificate", &own)
            .stdin(key.to_owned())
            .exits(code)
            .json()
    };
    let status =
        |report: &Value| find(report, "key-matches-certificate").unwrap()["status"].clone();
    assert_eq!(status(&check(&other.key_pem, 0)), "pass");
    assert_eq!(status(&check(&one.key_pem, 1)), "fail");
}
