//! The command that mends a certificate's file, run as it is shown.

use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::pkcs12::Pkcs12;
use openssl::pkey::PKey;
use openssl::x509::X509;
use serde_json::Value;

use crate::support::Program;

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/keys");

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{FIXTURES}/{name}")).unwrap()
}

/// What `check` says of the certificate in these bytes.
fn check(folder: &Path, bytes: &[u8], format: &str) -> String {
    std::fs::write(folder.join("given.crt"), bytes).unwrap();
    let args = ["check", "--offline", "--certificate", "given.crt", "--format", format];
    let (code, run) = Program::new(args).in_dir(folder).ends();
    assert!(matches!(code, Some(0 | 1)), "{code:?}\n{}", run.stderr);
    run.stdout
}

fn entry(report: &str) -> Value {
    let report: Value = serde_json::from_str(report).unwrap();
    let checks = report["checks"].as_array().unwrap();
    checks.iter().find(|check| check["id"] == "certificate").unwrap().clone()
}

/// The command that writes `certificate-fixed.pem`.
fn mending(entry: &Value) -> String {
    let steps = entry["fix"].as_array().unwrap();
    let commands = steps.iter().filter_map(|step| step["command"].as_str());
    let mut mending = commands.filter(|command| command.contains("> certificate-fixed.pem"));
    mending.next().unwrap_or_else(|| panic!("no command that mends\n{entry:#}")).to_owned()
}

fn sh(folder: &Path, command: &str) {
    let run = Command::new("sh").args(["-c", command]).current_dir(folder).status().unwrap();
    assert!(run.success(), "{command}");
}

/// The command gives a file that OpenSSL reads, with the certificate unchanged.
fn mends(bytes: &[u8], original: &X509, what: &str) {
    let folder = tempfile::tempdir().unwrap();
    let command = mending(&entry(&check(folder.path(), bytes, "json")));
    assert!(!command.contains('\n'), "{what}: more than one line\n{command}");
    sh(folder.path(), &command);
    let fixed = std::fs::read(folder.path().join("certificate-fixed.pem")).unwrap();
    assert_eq!(fixed, original.to_pem().unwrap(), "{what}");
    // As people see it in the terminal, the command is whole as well.
    let human = check(folder.path(), bytes, "human");
    assert!(human.contains(&command), "{what}: the command is cut off\n{human}");
    let again = entry(&check(folder.path(), &fixed, "json"));
    assert_eq!(again["status"], "pass", "{what}\n{again:#}");
}

fn damaged(pem: &str) -> Vec<(&'static str, Vec<u8>)> {
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let utf16 = std::iter::once(0xfeff).chain(pem.encode_utf16());
    vec![
        ("literal \\n", pem.replace('\n', "\\n").into()),
        ("literal \\\\n", pem.replace('\n', "\\\\n").into()),
        ("spaces", pem.replace('\n', " ").into()),
        ("bare n", pem.trim_end().replace('\n', "n").into()),
        ("one line", pem.replace('\n', "").into()),
        ("byte order mark", format!("\u{feff}{pem}").into()),
        ("UTF-16", utf16.flat_map(u16::to_le_bytes).collect()),
        ("smart dashes", pem.replace("-----", "–––––").into()),
        ("zero-width characters", pem.replacen('\n', "\n\u{200b}", 3).into()),
        ("quotes", format!("\"{}\"", pem.trim_end()).into()),
        ("mail quotes", pem.lines().map(|line| format!("> {line}\n")).collect::<String>().into()),
        ("base64 of the PEM", STANDARD.encode(pem).into()),
        ("no armour", body.into()),
        ("percent-encoded", pem.replace('+', "%2B").replace('\n', "%0A").into()),
    ]
}

#[test]
fn the_command_mends_every_readable_damage() {
    let pem = String::from_utf8(fixture("ec-p256.certificate.pem")).unwrap();
    let original = X509::from_pem(pem.as_bytes()).unwrap();
    for (what, bytes) in damaged(&pem) {
        mends(&bytes, &original, what);
    }
    let longer = [original.to_der().unwrap(), b"tail".to_vec()].concat();
    let block = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        STANDARD.encode(longer)
    );
    mends(block.as_bytes(), &original, "trailing data");
}

#[test]
fn the_command_takes_the_certificate_out_of_a_bundle() {
    let original = X509::from_pem(&fixture("ec-p256.certificate.pem")).unwrap();
    mends(&fixture("ec-p256.p7b"), &original, "PKCS#7");
    let key = PKey::private_key_from_pem(&fixture("ec-p256.pem")).unwrap();
    let bundle = Pkcs12::builder().pkey(&key).cert(&original).build2("").unwrap();
    mends(&bundle.to_der().unwrap(), &original, "PKCS#12");
}

#[test]
fn a_certificate_with_a_long_name_is_not_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    let unit = "Department of Very Long Names and Addresses 0123456789";
    let subject = format!("CN=Long,O={unit},{}", vec![format!("OU={unit}"); 20].join(","));
    let args = ["generate", "--key-type=rsa-4096", "--out=.", "--subject", &subject];
    Program::new(args).in_dir(folder.path()).exits(0);
    let pem = std::fs::read_to_string(folder.path().join("certificate.pem")).unwrap();
    assert!(pem.len() > 3_000, "the sample is not long enough: {}", pem.len());
    let original = X509::from_pem(pem.as_bytes()).unwrap();
    mends(pem.replace('\n', "\\n").as_bytes(), &original, "a long name");
}

#[test]
fn the_command_opens_a_protected_bundle_with_its_password() {
    let Some(openssl) = super::generate::openssl() else { return };
    let folder = tempfile::tempdir().unwrap();
    let protected = fixture("ec-p256.p12");
    let entry = entry(&check(folder.path(), &protected, "json"));
    assert_eq!(entry["status"], "fail");
    let command = entry["fix"][0]["command"].as_str().unwrap();
    assert!(command.starts_with("openssl pkcs12 -in given.crt "), "{command}");
    // The test cannot type the password.
    let told = command.replacen("-nokeys", "-nokeys -passin pass:fixture", 1);
    sh(folder.path(), &told.replace("openssl ", &format!("{} ", openssl.display())));
    let written = X509::from_pem(&std::fs::read(folder.path().join("certificate.pem")).unwrap());
    let original = X509::from_pem(&fixture("ec-p256.certificate.pem")).unwrap();
    assert_eq!(written.unwrap().to_der().unwrap(), original.to_der().unwrap());
}
