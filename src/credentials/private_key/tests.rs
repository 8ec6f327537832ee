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
    let opened = (0..10_000).map(|_| open_bundle(&p12, Some(b"no"), &mut budget));
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

/// Keys whose encoding takes liberties.
mod encodings {
    use super::*;
    use crate::credentials::der::{
        DerElement, INTEGER, OCTET_STRING, SEQUENCE, element, first, has_exact_lengths,
    };

    fn rsa() -> PKey<Private> {
        PKey::private_key_from_pem(&fixture("rsa-3072.pem")).unwrap()
    }

    fn ec(name: &str) -> PKey<Private> {
        PKey::private_key_from_pem(&fixture(name)).unwrap()
    }

    /// The contents of the numbers of the RSA key, version first.
    fn numbers() -> Vec<Vec<u8>> {
        let der = rsa().rsa().unwrap().private_key_to_der().unwrap();
        first(&der).unwrap().children().map(|number| number.content.to_vec()).collect()
    }

    fn of_numbers(numbers: &[Vec<u8>]) -> Vec<u8> {
        let numbers: Vec<u8> = numbers.iter().flat_map(|number| element(INTEGER, number)).collect();
        element(SEQUENCE, &numbers)
    }

    fn changed(change: impl FnOnce(&mut Vec<Vec<u8>>)) -> Vec<u8> {
        let mut numbers = numbers();
        change(&mut numbers);
        of_numbers(&numbers)
    }

    fn in_pkcs8(version: u8, key: &PKey<Private>, inner: &[u8], after: &[u8]) -> Vec<u8> {
        let der = key.private_key_to_pkcs8().unwrap();
        let algorithm = first(&der).unwrap().child(1).unwrap().content;
        let parts = [
            element(INTEGER, &[version]),
            element(SEQUENCE, algorithm),
            element(OCTET_STRING, inner),
            after.to_vec(),
        ];
        element(SEQUENCE, &parts.concat())
    }

    fn sec1(key: &PKey<Private>) -> Vec<u8> {
        key.ec_key().unwrap().private_key_to_der().unwrap()
    }

    /// The SEC 1 form with another private number, and only those further parts.
    fn with_scalar(
        key: &PKey<Private>,
        change: impl FnOnce(&[u8]) -> Vec<u8>,
        keep: impl Fn(&DerElement<'_>) -> bool,
    ) -> Vec<u8> {
        let der = sec1(key);
        let parts: Vec<DerElement<'_>> = first(&der).unwrap().children().collect();
        let mut contents = element(INTEGER, &[1]);
        contents.extend(element(OCTET_STRING, &change(parts[1].content)));
        for part in parts[2..].iter().filter(|part| keep(part)) {
            contents.extend(element(part.tag, part.content));
        }
        element(SEQUENCE, &contents)
    }

    /// A key on P-256 whose private number begins with two zero bytes.
    fn short() -> PKey<Private> {
        let group = openssl::ec::EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
        let number = openssl::bn::BigNum::from_slice(&[0x5a; 30]).unwrap();
        let mut point = openssl::ec::EcPoint::new(&group).unwrap();
        let mut context = openssl::bn::BigNumContext::new().unwrap();
        point.mul_generator2(&group, &number, &mut context).unwrap();
        let key = openssl::ec::EcKey::from_private_components(&group, &number, &point).unwrap();
        PKey::from_ec_key(key).unwrap()
    }

    fn negative(number: &[u8]) -> Vec<u8> {
        assert_eq!(number[0], 0);
        number[1..].to_vec()
    }

    #[test]
    fn each_liberty_is_read_and_named() {
        let (p256, p521) = (ec("ec-p256.pem"), ec("ec-p521.pem"));
        let exact = of_numbers(&numbers());
        let ber = [&[0x30, 0x83, 0x00][..], &exact[2..]].concat();
        let all = |_: &DerElement<'_>| true;
        let longer = |number: &[u8]| [&[0][..], number].concat();
        let v2 = |key: &PKey<Private>| {
            let public = key.public_key_to_der().unwrap();
            let bits = first(&public).unwrap().child(1).unwrap().content.to_vec();
            in_pkcs8(1, key, &sec1(key), &element(0x81, &bits))
        };
        let zero = vec![0];
        for (der, key, liberties) in [
            (exact.clone(), rsa(), &[][..]),
            (ber.clone(), rsa(), &[Liberty::BerLengths]),
            (in_pkcs8(0, &rsa(), &ber, &[]), rsa(), &[Liberty::BerLengths]),
            (changed(|n| n[1] = negative(&n[1])), rsa(), &[Liberty::NegativeNumber]),
            (changed(|n| n[4] = negative(&n[4])), rsa(), &[Liberty::NegativeNumber]),
            (changed(|n| n[3].insert(0, 0)), rsa(), &[Liberty::PaddedNumber]),
            (changed(|n| n[0].clear()), rsa(), &[Liberty::EmptyVersion]),
            (changed(|n| n[4..].fill(zero.clone())), rsa(), &[Liberty::NoPrimes]),
            (changed(|n| n[6..].fill(zero.clone())), rsa(), &[Liberty::NoCrtNumbers]),
            (with_scalar(&short(), |n| n[2..].to_vec(), all), short(), &[Liberty::ShortNumber]),
            (with_scalar(&p256, longer, all), p256.clone(), &[Liberty::LongNumber]),
            (with_scalar(&p521, longer, all), p521.clone(), &[Liberty::LongNumber]),
            (
                in_pkcs8(0, &p256, &with_scalar(&p256, longer, all), &[]),
                p256.clone(),
                &[Liberty::LongNumber],
            ),
            (v2(&p256), p256.clone(), &[Liberty::Pkcs8Version2]),
        ] {
            let loaded = load_bytes(&der, None).unwrap();
            assert_eq!(loaded.liberties, liberties);
            assert!(loaded.key.pkey().public_eq(&key), "{liberties:?}");
            assert!(is_sound(&loaded.key), "{liberties:?}");
            // What is written from it is exact.
            let again = loaded.key.pkey().private_key_to_pkcs8().unwrap();
            assert!(has_exact_lengths(&again));
            assert_eq!(load_bytes(&again, None).unwrap().liberties, []);
        }
        assert_eq!(short().ec_key().unwrap().private_key().num_bytes(), 30);
    }

    #[test]
    fn an_edwards_key_of_version_2_is_read() {
        let key = ec("ed25519.pem");
        let der = key.private_key_to_pkcs8().unwrap();
        let inner = first(&der).unwrap().child(2).unwrap().content.to_vec();
        let public = key.raw_public_key().unwrap();
        let after = element(0x81, &[&[0][..], &public].concat());
        let loaded = load_bytes(&in_pkcs8(1, &key, &inner, &after), None).unwrap();
        assert_eq!(loaded.liberties, [Liberty::Pkcs8Version2]);
        assert!(loaded.key.pkey().public_eq(&key));
    }

    #[test]
    fn what_lacks_a_part_is_named_by_it() {
        let without_crt = of_numbers(&numbers()[..6]);
        let without_primes = of_numbers(&numbers()[..4]);
        for der in [without_crt.clone(), without_primes, in_pkcs8(0, &rsa(), &without_crt, &[])] {
            let error = load_bytes(&der, None).unwrap_err();
            assert!(matches!(error, LoadError::RsaIncomplete(_)), "{error:?}");
        }
        assert!(load_bytes(&without_crt, None).unwrap_err().to_string().contains("CRT"));
        let key = ec("ec-p256.pem");
        let bare = with_scalar(&key, <[u8]>::to_vec, |part| part.tag == 0xa1);
        assert_eq!(load_bytes(&bare, None).unwrap_err(), LoadError::CurveMissing);
        // PKCS#8 names the curve outside.
        let loaded = load_bytes(&in_pkcs8(0, &key, &bare, &[]), None).unwrap();
        assert_eq!((loaded.liberties, loaded.key.pkey().public_eq(&key)), (vec![], true));
        // A DSA key has six numbers too.
        let dsa = ec("dsa-2048.pem").dsa().unwrap();
        let dsa = PKey::from_dsa(dsa).unwrap();
        assert!(load_bytes(&dsa.private_key_to_pem_pkcs8().unwrap(), None).is_ok());
    }

    #[test]
    fn numbers_that_do_not_belong_together_stay_so() {
        let zero = vec![0];
        let loaded = load_bytes(
            &changed(|n| {
                n[4..].fill(zero.clone());
                let last = n[3].len() - 1;
                n[3][last] ^= 2;
            }),
            None,
        );
        assert!(loaded.is_err() || !is_sound(&loaded.unwrap().key));
        let more = with_scalar(&ec("ec-p256.pem"), |n| [&[1][..], n].concat(), |_| true);
        let loaded = load_bytes(&more, None);
        assert!(loaded.is_err() || !is_sound(&loaded.unwrap().key));
    }
}

/// PKCS#12 bundles.
mod bundles {
    use super::*;
    use crate::credentials::certificate::samples::Sample;
    use crate::credentials::der::{element, first};
    use openssl::pkcs12::Pkcs12;

    /// The same bundle without the MAC at its end.
    fn without_mac(der: &[u8]) -> Vec<u8> {
        let whole = first(der).unwrap();
        let parts: Vec<u8> =
            whole.children().take(2).flat_map(|part| element(part.tag, part.content)).collect();
        element(der::SEQUENCE, &parts)
    }

    #[test]
    fn without_a_mac_the_passphrase_still_opens_it() {
        let der = without_mac(&fixture("ec-p256.p12"));
        let loaded = load_bytes(&der, Some("fixture")).unwrap();
        same_as_clean(&loaded);
        assert_eq!(loaded.passphrase, PassphraseUse::Used);
        assert!(!loaded.bundle.unwrap().has_mac);
        assert_eq!(
            load_bytes(&der, Some("wrong")).unwrap_err(),
            LoadError::PassphraseWrong(GivenThing::Pkcs12)
        );
        assert_eq!(
            load_bytes(&der, None).unwrap_err(),
            LoadError::PassphraseMissing(GivenThing::Pkcs12)
        );
        let open = without_mac(&fixture("ec-p256-no-passphrase.p12"));
        same_as_clean(&load_bytes(&open, None).unwrap());
        let sealed = load_fixture("ec-p256.p12", Some("fixture")).unwrap();
        assert!(sealed.bundle.unwrap().has_mac);
    }

    #[test]
    fn a_passphrase_beyond_ascii_opens_it() {
        let sample = Sample::default();
        let bundle = Pkcs12::builder()
            .pkey(&sample.key)
            .cert(sample.certificate().x509())
            .build2("Zoë-\u{1f511}")
            .unwrap();
        let der = without_mac(&bundle.to_der().unwrap());
        let loaded = load_bytes(&der, Some("Zoë-\u{1f511}")).unwrap();
        assert!(loaded.key.pkey().public_eq(&sample.key));
    }

    #[test]
    fn the_old_cipher_is_named() {
        let error = load_fixture("ec-p256-rc2.p12", Some("fixture")).unwrap_err();
        assert!(matches!(&error, LoadError::CipherUnsupported(name) if name.contains("RC2")));
    }

    #[test]
    fn of_two_keys_the_one_that_fits_is_taken() {
        let two = fixture("two-keys.p12");
        let first = load_bytes(&two, Some("fixture")).unwrap();
        assert_eq!((first.keys, first.number), (2, 1));
        let reading = pem::read(&two);
        let fits = |key: &PrivateKey| !key.pkey().public_eq(first.key.pkey());
        let second = load(&reading, Some(b"fixture"), fits).unwrap();
        assert_eq!((second.keys, second.number), (2, 2));
        assert!(!second.key.pkey().public_eq(first.key.pkey()));
        assert!(!second.bundle.unwrap().only_other_certificates);
    }

    #[test]
    fn a_certificate_of_another_key_is_seen() {
        let loaded = load_bytes(&fixture("other-certificate.p12"), Some("fixture")).unwrap();
        same_as_clean(&loaded);
        assert!(loaded.bundle.unwrap().only_other_certificates);
        let own = load_fixture("ec-p256.p12", Some("fixture")).unwrap();
        assert!(!own.bundle.unwrap().only_other_certificates);
    }
}
