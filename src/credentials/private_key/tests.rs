//! Loading the fixture keys and damaged forms of them.

use super::*;
use crate::credentials::pem;

fn fixture(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/keys");
    std::fs::read(format!("{folder}/{name}")).unwrap()
}

fn load_fixture(name: &str, passphrase: Option<&str>) -> Result<Loaded, LoadError> {
    load_bytes(&fixture(name), passphrase)
}

fn load_bytes(bytes: &[u8], passphrase: Option<&str>) -> Result<Loaded, LoadError> {
    load(&pem::read(bytes), passphrase.map(str::as_bytes), |_| true)
}

fn same_as_clean(loaded: &Loaded) {
    let clean = load_fixture("ec-p256.pem", None).unwrap();
    assert!(loaded.key.pkey().public_eq(clean.key.pkey()));
}

#[test]
fn every_form_of_one_key_loads() {
    let clean = PKey::private_key_from_pem(&fixture("ec-p256.pem")).unwrap();
    let sec1 = clean.ec_key().unwrap();
    for (bytes, passphrase, form) in [
        (fixture("ec-p256.pem"), None, GivenThing::Pkcs8),
        (clean.private_key_to_pkcs8().unwrap(), None, GivenThing::Pkcs8),
        (sec1.private_key_to_pem().unwrap(), None, GivenThing::Sec1),
        (sec1.private_key_to_der().unwrap(), None, GivenThing::Sec1),
        (fixture("ec-p256-encrypted.pem"), Some("fixture"), GivenThing::EncryptedPkcs8),
        (fixture("ec-p256-legacy-encrypted.pem"), Some("fixture"), GivenThing::LegacyEncrypted),
        (fixture("ec-p256.p12"), Some("fixture"), GivenThing::Pkcs12),
        (fixture("ec-p256-no-passphrase.p12"), None, GivenThing::Pkcs12),
    ] {
        let loaded = load_bytes(&bytes, passphrase).unwrap();
        assert_eq!(loaded.form, form);
        let used = if passphrase.is_some() { PassphraseUse::Used } else { PassphraseUse::None };
        assert_eq!(loaded.passphrase, used);
        same_as_clean(&loaded);
    }
    let rsa = PKey::private_key_from_pem(&fixture("rsa-3072.pem")).unwrap().rsa().unwrap();
    let pkcs1 = load_bytes(&rsa.private_key_to_pem().unwrap(), None).unwrap();
    assert_eq!(pkcs1.form, GivenThing::Pkcs1);
}

#[test]
fn passphrases_are_told_apart() {
    for (name, form) in [
        ("ec-p256-encrypted.pem", GivenThing::EncryptedPkcs8),
        ("ec-p256-legacy-encrypted.pem", GivenThing::LegacyEncrypted),
        ("ec-p256.p12", GivenThing::Pkcs12),
    ] {
        assert_eq!(load_fixture(name, None).unwrap_err(), LoadError::PassphraseMissing(form));
        let wrong = load_fixture(name, Some("no")).unwrap_err();
        assert!(
            matches!(wrong, LoadError::PassphraseWrong(f) if f == form)
                || wrong == LoadError::DecryptedNonsense,
            "{name}: {wrong:?}"
        );
    }
    let unneeded = load_fixture("ec-p256.pem", Some("fixture")).unwrap();
    assert_eq!(unneeded.passphrase, PassphraseUse::NotNeeded);
    let unneeded = load_fixture("ec-p256-no-passphrase.p12", Some("other")).unwrap();
    assert_eq!(unneeded.passphrase, PassphraseUse::NotNeeded);
    // What a NUL byte would do to a C string must not matter.
    assert!(load_fixture("ec-p256.p12", Some("a\0b")).is_err());
}

#[test]
fn old_ciphers_and_empty_bundles_are_named() {
    assert!(matches!(
        load_fixture("ec-p256-des.pem", Some("fixture")),
        Err(LoadError::CipherUnsupported(name)) if name.to_lowercase().contains("des")
    ));
    assert!(matches!(
        load_fixture("ec-p256-rc2.p12", Some("fixture")),
        Err(LoadError::CipherUnsupported(_))
    ));
    assert_eq!(
        load_fixture("certificate-only.p12", Some("fixture")).unwrap_err(),
        LoadError::BundleWithoutKey
    );
}

#[test]
fn damage_inside_the_ciphertext_is_not_blamed_on_the_passphrase() {
    let text = String::from_utf8(fixture("ec-p256-encrypted.pem")).unwrap();
    let mut der = pem::read(text.as_bytes()).blocks[0].der.to_vec();
    // The first block of the ciphertext: the padding at its end stays right.
    let at = der.len() - 140;
    der[at] ^= 0xff;
    assert_eq!(load_bytes(&der, Some("fixture")).unwrap_err(), LoadError::DecryptedNonsense);
}

#[test]
fn old_encryption_survives_lost_line_breaks() {
    let clean = String::from_utf8(fixture("ec-p256-legacy-encrypted.pem")).unwrap();
    for damaged in [clean.replace('\n', " "), clean.replace('\n', "\\n"), clean.replace('\n', "")] {
        same_as_clean(&load_bytes(damaged.as_bytes(), Some("fixture")).unwrap());
    }
    let headless = clean.replace("DEK-Info", "Dek");
    assert_eq!(
        load_bytes(headless.as_bytes(), Some("fixture")).unwrap_err(),
        LoadError::BadEncryptionHeader
    );
}

#[test]
fn of_several_keys_the_one_that_fits_is_taken() {
    let both = [fixture("ec-p384.pem"), fixture("ec-p256.pem")].concat();
    let clean = load_fixture("ec-p256.pem", None).unwrap();
    let fits = |key: &PrivateKey| key.pkey().public_eq(clean.key.pkey());
    let loaded = load(&pem::read(&both), None, fits).unwrap();
    assert_eq!(loaded.keys, 2);
    same_as_clean(&loaded);
}

#[test]
fn other_things_are_no_key() {
    for (name, thing) in [
        ("ec-p256.certificate.pem", GivenThing::Certificate),
        ("ec-p256.request.pem", GivenThing::CertificateRequest),
        ("ec-p256.p7b", GivenThing::Pkcs7),
        ("openssh.pem", GivenThing::OpenSshPrivateKey),
    ] {
        assert_eq!(load_fixture(name, None).unwrap_err(), LoadError::NotAKey(thing), "{name}");
    }
}

#[test]
fn a_huge_key_is_refused_before_it_is_computed_with() {
    let huge = [&[0x30, 0x82, 0x60, 0x00][..], &[0; 0x6000]].concat();
    assert_eq!(parse(&huge).unwrap_err(), LoadError::TooLarge);
}

#[test]
fn a_passphrase_loses_one_line_break() {
    assert_eq!(trim_passphrase(b"secret\n"), b"secret");
    assert_eq!(trim_passphrase(b"secret\r\n"), b"secret");
    assert_eq!(trim_passphrase(b"secret\n\n"), b"secret\n");
    assert_eq!(trim_passphrase(b"secret\r\n\r\n"), b"secret\r\n");
    assert_eq!(trim_passphrase(b"secret\r"), b"secret\r");
    assert_eq!(trim_passphrase(b" secret "), b" secret ");
}

#[test]
fn several_bundles_share_one_budget() {
    let p12 = fixture("ec-p256.p12");
    let mut budget = Budget::default();
    let opened = (0..10_000).map(|_| bundle_certificates(&p12, Some(b"no"), &mut budget));
    let refused = opened
        .filter_map(Result::err)
        .find(|e| *e != LoadError::PassphraseWrong(GivenThing::Pkcs12));
    assert!(matches!(refused, Some(LoadError::TooMuchWork(_))), "{refused:?}");
}

/// A key whose plus signs became spaces.
fn guessed(name: &str) -> Reading {
    let clean = String::from_utf8(fixture(name)).unwrap();
    let (head, body) = clean.split_once("-----\n").unwrap();
    let reading = pem::read(format!("{head}-----\n{}", body.replace('+', " ")).as_bytes());
    assert!(reading.blocks[0].guessed);
    reading
}

#[test]
fn a_guess_that_gives_no_sound_key_is_refused() {
    let mut reading = guessed("rsa-2048.pem");
    assert!(load(&reading, None, |_| true).is_ok());
    let block = &mut reading.blocks[0];
    let right = block.der.clone();
    // A digit of the modulus: the structure stays whole, the key does not.
    block.der[80] ^= 0x10;
    assert!(matches!(load(&reading, None, |_| true), Err(LoadError::Damaged { .. })));
    // Another guess is right.
    reading.blocks[0].others.push(right);
    assert!(load(&reading, None, |_| true).is_ok());
    // Nothing was guessed: what is given is judged as it stands, elsewhere.
    reading.blocks[0].guessed = false;
    let loaded = load(&reading, None, |_| true).unwrap();
    assert!(!is_sound(&loaded.key));
}

#[test]
fn of_several_guesses_the_one_that_fits_is_taken() {
    let mut reading = guessed("rsa-2048.pem");
    let clean = load_fixture("rsa-3072.pem", None).unwrap();
    let other = pem::read(&fixture("rsa-3072.pem")).blocks[0].der.clone();
    reading.blocks[0].others.push(other);
    let fits = |key: &PrivateKey| key.pkey().public_eq(clean.key.pkey());
    assert!(fits(&load(&reading, None, fits).unwrap().key));
}
