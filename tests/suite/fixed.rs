//! The advice about a certificate's file, followed as it is shown.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::pkcs12::Pkcs12;
use openssl::pkey::PKey;
use openssl::x509::X509;

use super::repair::{entry, follow};
use crate::support::Program;

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/keys");

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{FIXTURES}/{name}")).unwrap()
}

/// The advice, followed, gives a file that OpenSSL reads, with the certificate unchanged.
fn fixes(bytes: &[u8], original: &X509, what: &str) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("given.crt"), bytes).unwrap();
    let before = entry(folder.path(), &["--certificate", "given.crt"], "certificate");
    let out = follow(folder.path(), &before);
    let fixed = std::fs::read(&out).unwrap();
    assert_eq!(fixed, original.to_pem().unwrap(), "{what}");
    let name = out.file_name().unwrap().to_str().unwrap();
    let again = entry(folder.path(), &["--certificate", name], "certificate");
    assert_eq!(again["status"], "pass", "{what}\n{again:#}");
    assert_eq!(again["fix"], serde_json::json!([]), "{what}\n{again:#}");
}

fn damaged(pem: &str) -> Vec<(&'static str, Vec<u8>)> {
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let numbered: String =
        pem.lines().enumerate().map(|(at, line)| format!("{:4} {line}\n", at + 1)).collect();
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
        ("text before BEGIN", format!("CERTIFICATE={pem}").into()),
        ("a blank line before END", pem.replace("-----END", "\n-----END").into()),
        ("line numbers", numbered.into()),
        ("percent-encoded", pem.replace('+', "%2B").replace('\n', "%0A").into()),
    ]
}

#[test]
fn the_command_mends_every_readable_damage() {
    let pem = String::from_utf8(fixture("ec-p256.certificate.pem")).unwrap();
    let original = X509::from_pem(pem.as_bytes()).unwrap();
    for (what, bytes) in damaged(&pem) {
        fixes(&bytes, &original, what);
    }
    let longer = [original.to_der().unwrap(), b"tail".to_vec()].concat();
    let block = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        STANDARD.encode(longer)
    );
    fixes(block.as_bytes(), &original, "trailing data");
}

#[test]
fn the_command_takes_the_certificate_out_of_a_bundle() {
    let original = X509::from_pem(&fixture("ec-p256.certificate.pem")).unwrap();
    fixes(&fixture("ec-p256.p7b"), &original, "PKCS#7");
    let key = PKey::private_key_from_pem(&fixture("ec-p256.pem")).unwrap();
    let bundle = Pkcs12::builder().pkey(&key).cert(&original).build2("").unwrap();
    fixes(&bundle.to_der().unwrap(), &original, "PKCS#12");
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
    fixes(pem.replace('\n', "\\n").as_bytes(), &original, "a long name");
}

#[test]
fn a_protected_bundle_is_opened_with_its_password() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("given.p12"), fixture("ec-p256.p12")).unwrap();
    std::fs::write(folder.path().join("word"), "fixture").unwrap();
    let entry = entry(folder.path(), &["--certificate", "given.p12"], "certificate");
    assert_eq!(entry["status"], "fail");
    let command = entry["fix"][0]["command"].as_str().unwrap();
    // The test cannot type the password.
    let words = shlex::split(&format!("{command} --passphrase-file word")).unwrap();
    Program::new(&words[1..]).in_dir(folder.path()).exits(0);
    let written = std::fs::read(folder.path().join("given.repaired.crt")).unwrap();
    let original = X509::from_pem(&fixture("ec-p256.certificate.pem")).unwrap();
    assert_eq!(written, original.to_pem().unwrap());
}
