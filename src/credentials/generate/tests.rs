use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::*;
use crate::credentials::certificate::{SelfSignature, colon_hex};
use crate::types::Clock;

fn clock() -> Clock {
    Clock::fixed("2026-11-01T12:00:00Z".parse().unwrap())
}

fn run(options: &GenerateOptions, clock: &Clock) -> Result<GeneratedPair, GenerateError> {
    options.check(clock.now())?;
    finish(options, &generate_key(options.key_type)?, clock.now())
}

fn options(directory: &Path, key_type: KeyType, passphrase: Option<&str>) -> GenerateOptions {
    GenerateOptions {
        key_type,
        days: DEFAULT_DAYS,
        subject: "CN=Test integration,O=Example".parse().unwrap(),
        directory: directory.to_owned(),
        names: store::FileNames::default(),
        passphrase: passphrase.map(|text| Secret::new(SecretKind::Passphrase, text)),
    }
}

/// What the openssl command says; `None` where there is no such command.
fn openssl(arguments: &[&str], input: &[u8]) -> Option<String> {
    let mut child = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    // A command that does not read its input closes it early, which is no fault here.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "openssl {arguments:?}");
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Holds everything that was told about a pair against what the openssl command says of the files.
fn agrees_with_openssl(key_type: KeyType, passphrase: Option<&str>) {
    let root = tempfile::tempdir().unwrap();
    let made = run(&options(&root.path().join("out"), key_type, passphrase), &clock()).unwrap();
    let certificate = std::fs::read(&made.stored.certificate_path).unwrap();
    let Some(told) = openssl(
        &["x509", "-noout", "-fingerprint", "-sha256", "-serial", "-startdate", "-enddate"],
        &certificate,
    ) else {
        eprintln!("skipped: no openssl command here");
        return;
    };
    let has = |text: &str, part: &str| assert!(text.contains(part), "{part} is not in {text}");
    has(&told.to_uppercase(), &format!("FINGERPRINT={}", colon_hex(&made.sha256)));
    has(&told, &format!("serial={}\n", made.serial));
    has(&told, "notBefore=Nov  1 11:55:00 2026 GMT");
    has(&told, "notAfter=Oct 31 11:55:00 2028 GMT");

    let text = openssl(&["x509", "-noout", "-text"], &certificate).unwrap();
    has(&text, "Version: 3 (0x2)");
    has(&text, "CA:TRUE");
    for extension in ["Basic Constraints: critical", "Subject Key Id", "Authority Key Id"] {
        has(&text, extension);
    }
    assert_eq!(text.matches("X509v3 ").count(), 4, "the heading and three extensions: {text}");
    let algorithm = match key_type {
        KeyType::Rsa3072 | KeyType::Rsa4096 => "sha256WithRSAEncryption",
        _ => "ecdsa-with-SHA256",
    };
    has(&text, &format!("Signature Algorithm: {algorithm}"));

    // The way in which anybody can work out the Certificate ID.
    let shell = "openssl x509 -outform DER | openssl dgst -sha256 -binary | base64 | tr '+/' '-_' | tr -d '=\n'";
    let mut child = Command::new("sh")
        .args(["-c", shell])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&certificate).unwrap();
    let id = child.wait_with_output().unwrap().stdout;
    assert_eq!(String::from_utf8_lossy(&id), made.certificate_id.as_str());

    let mut arguments = vec!["pkey", "-noout", "-text", "-check"];
    let wanted = passphrase.map(|text| format!("pass:{text}"));
    if let Some(wanted) = &wanted {
        arguments.extend(["-passin", wanted]);
    }
    let key = std::fs::read(&made.stored.key_path).unwrap();
    let told = openssl(&arguments, &key).unwrap();
    has(&told, "Key is valid");
    has(
        &told,
        match key_type {
            KeyType::Rsa3072 => "(3072 bit",
            KeyType::Rsa4096 => "(4096 bit",
            KeyType::EcP256 => "ASN1 OID: prime256v1",
            KeyType::EcP384 => "ASN1 OID: secp384r1",
            KeyType::EcP521 => "ASN1 OID: secp521r1",
        },
    );
    let public = |told: Option<String>| told.unwrap();
    arguments
        .retain(|argument| *argument != "-text" && *argument != "-check" && *argument != "-noout");
    arguments.push("-pubout");
    assert_eq!(
        public(openssl(&arguments, &key)),
        public(openssl(&["x509", "-noout", "-pubkey"], &certificate)),
    );
}

#[test]
fn elliptic_curve_pairs_agree_with_openssl() {
    for key_type in [KeyType::EcP256, KeyType::EcP384, KeyType::EcP521] {
        agrees_with_openssl(key_type, None);
    }
}

#[test]
fn an_encrypted_pair_agrees_with_openssl() {
    agrees_with_openssl(KeyType::EcP256, Some("correct horse"));
}

#[test]
fn rsa_3072_agrees_with_openssl() {
    agrees_with_openssl(KeyType::Rsa3072, None);
}

#[test]
fn rsa_4096_agrees_with_openssl() {
    agrees_with_openssl(KeyType::Rsa4096, None);
}

#[test]
fn encryption_is_what_the_text_says() {
    let key = generate_key(KeyType::EcP256).unwrap();
    let passphrase = Secret::new(SecretKind::Passphrase, "correct horse");
    let pem = key_pem(&key, Some(&passphrase)).unwrap();
    assert!(pem.expose().starts_with(b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
    let Some(told) = openssl(&["asn1parse"], pem.expose()) else {
        eprintln!("skipped: no openssl command here");
        return;
    };
    for part in ["PBES2", "PBKDF2", "hmacWithSHA256", "aes-256-cbc"] {
        assert!(told.contains(part), "{part} is not in {told}");
    }
    let rounds = format!("INTEGER           :{:04X}", 2048);
    assert!(told.contains(&rounds) && ENCRYPTION.contains("2048"), "{told}");
}

#[test]
fn passphrases_that_openssl_cannot_read_back_are_refused() {
    let root = tempfile::tempdir().unwrap();
    let directory = root.path().join("out");
    for (length, fine) in [(0, false), (3, false), (4, true), (1023, true), (1024, false)] {
        let text = "p".repeat(length);
        let checked = options(&directory, KeyType::EcP256, Some(&text)).check(clock().now());
        assert_eq!(checked.is_ok(), fine, "{length}");
    }
    // OpenSSL would take the part before the zero byte, or all of it, as the program likes.
    let result = run(&options(&directory, KeyType::EcP256, Some("W\0i\0n\0t\0")), &clock());
    assert!(matches!(result, Err(GenerateError::ZeroByte)));
    let result = run(&options(&directory, KeyType::EcP256, Some("")), &clock());
    assert!(matches!(result, Err(GenerateError::EmptyPassphrase)));
    assert!(!directory.exists());
}

#[test]
fn too_many_days_write_nothing() {
    let root = tempfile::tempdir().unwrap();
    let directory = root.path().join("out");
    let mut options = options(&directory, KeyType::EcP256, None);
    options.days = 732;
    let error = run(&options, &clock()).unwrap_err();
    assert!(error.to_string().contains("give 1 to 731 days"), "{error}");
    assert!(!directory.exists());
}

#[test]
fn nothing_shown_holds_the_key_or_the_passphrase() {
    let root = tempfile::tempdir().unwrap();
    let options = options(root.path(), KeyType::EcP256, Some("correct horse"));
    let made = run(&options, &clock()).unwrap();
    let shown = format!("{options:?} {made:?}");
    let key = std::fs::read_to_string(&made.stored.key_path).unwrap();
    assert!(!shown.contains("correct horse"));
    assert!(key.lines().all(|line| !shown.contains(line)));
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn the_certificate_has_the_form_of_the_recipe() {
    let key = generate_key(KeyType::EcP256).unwrap();
    let period = validity_from(at("2026-03-01T12:00:00.9Z"), 730).unwrap();
    let certificate = issue(&key, &SubjectName::default(), period).unwrap();
    let validity = certificate.validity().unwrap();
    assert_eq!(validity.not_before, at("2026-03-01T11:55:00Z"));
    assert_eq!(validity.not_after, at("2028-02-29T11:55:00Z"));
    assert_eq!(certificate.oddities(), []);
    assert_eq!(certificate.version(), 3);
    assert_eq!(certificate.subject(), "CN=NetSuite M2M");
    assert_eq!(certificate.issuer(), certificate.subject());
    assert_eq!(certificate.self_signature(), SelfSignature::Holds);
    assert_eq!(certificate.signature_algorithm().to_string(), "ECDSA with SHA-256");
    assert_eq!(certificate.key_kind(), key.kind());
}

#[test]
fn two_years_are_the_most_and_the_error_says_how_many_days() {
    let error = |now: &str, days| match validity_from(at(now), days) {
        Err(GenerateError::Days { most, .. }) => Some(most),
        _ => None,
    };
    // 29 February 2028 lies in the second window, not in the first.
    assert_eq!(error("2025-03-01T12:00:00Z", 730), None);
    assert_eq!(error("2025-03-01T12:00:00Z", 731), Some(730));
    assert_eq!(error("2026-03-01T12:00:00Z", 731), None);
    assert_eq!(error("2026-03-01T12:00:00Z", 732), Some(731));
    assert_eq!(error("2028-02-29T00:02:00Z", 732), Some(731), "begins on 28 February");
    assert_eq!(error("2028-02-29T12:00:00Z", 731), Some(730));
    assert_eq!(error("2025-03-01T12:00:00Z", 0), Some(730));
    assert_eq!(error("2025-03-01T12:00:00Z", u32::MAX), Some(730));
}

#[test]
fn ids_begin_with_a_letter_or_digit_and_serials_are_positive_and_differ() {
    let key = generate_key(KeyType::EcP256).unwrap();
    let period = validity_from(at("2026-01-01T00:00:00Z"), 30).unwrap();
    let mut serials = std::collections::BTreeSet::new();
    // Without the drawing anew, some of 200 would begin with `-` or `_` but for one time in
    // five hundred.
    for _ in 0..200 {
        let certificate = issue(&key, &SubjectName::default(), period).unwrap();
        assert!(!certificate.certificate_id().starts_with_punctuation());
        assert!(!certificate.serial().starts_with('-'));
        assert_eq!(certificate.oddities(), []);
        serials.insert(certificate.serial());
    }
    assert_eq!(serials.len(), 200);
}

#[test]
fn keys_are_of_the_kind_asked_for() {
    for key_type in [KeyType::EcP256, KeyType::EcP384, KeyType::EcP521] {
        assert_eq!(generate_key(key_type).unwrap().kind(), Some(key_type.kind()));
    }
}
