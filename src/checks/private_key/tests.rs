//! Every kind of damage and every wrong thing, with its verdict.

mod foreign;

use openssl::pkey::PKey;

use super::*;
use crate::checks::testing::{context, decide, findings as found, fixture, key_of, material};
use crate::credentials::certificate::samples::Sample;
use crate::credentials::input::{Given, Origin};
use crate::engine::Status;

fn judged(key: impl Into<Vec<u8>>, passphrase: Option<&str>) -> (Context, Verdict) {
    let context = context(|inputs| {
        inputs.private_key = Some(key_of(key));
        inputs.passphrase = passphrase.map(|text| material(text, SecretKind::Passphrase));
    });
    let verdict = decide(&SPEC, &context);
    (context, verdict)
}

fn outcome(key: impl Into<Vec<u8>>, passphrase: Option<&str>) -> (Status, Vec<&'static str>) {
    let (context, verdict) = judged(key, passphrase);
    let usable = verdict.status() != Status::Fail;
    assert_eq!(context.facts.private_key.get().is_some(), usable);
    (verdict.status(), found(&verdict))
}

fn text(name: &str) -> String {
    String::from_utf8(fixture(name)).unwrap()
}

#[test]
fn forms_of_a_key() {
    for (name, passphrase, status, findings) in [
        ("ec-p256.pem", None, Status::Pass, &[][..]),
        ("rsa-3072.pem", None, Status::Pass, &[]),
        ("rsa-pss-3072.pem", None, Status::Pass, &[]),
        ("ec-p256.pem", Some("x"), Status::Pass, &["passphrase-not-needed"]),
        ("ec-p256-encrypted.pem", Some("fixture\n"), Status::Pass, &["encrypted"]),
        ("ec-p256-encrypted.pem", Some("fixture\n\n"), Status::Fail, &["passphrase-altered"]),
        ("ec-p256-encrypted.pem", Some("wrong"), Status::Fail, &["passphrase-wrong"]),
        ("ec-p256-encrypted.pem", Some("\n"), Status::Fail, &["passphrase-empty"]),
        (
            "ec-p256-encrypted.pem",
            Some("f\0i\0x\0t\0u\0r\0e\0"),
            Status::Fail,
            &["passphrase-altered"],
        ),
        (
            "ec-p256-legacy-encrypted.pem",
            Some("\"wrong\""),
            Status::Fail,
            &["passphrase-wrong", "passphrase-altered"],
        ),
        (
            "ec-p256-legacy-encrypted.pem",
            Some("pass:fixture"),
            Status::Fail,
            &["passphrase-altered"],
        ),
        ("ec-p256-encrypted.pem", None, Status::Fail, &["passphrase-missing"]),
        ("ec-p256-legacy-encrypted.pem", Some("fixture"), Status::Pass, &["encrypted"]),
        ("ec-p256-legacy-encrypted.pem", None, Status::Fail, &["passphrase-missing"]),
        ("ec-p256-des.pem", Some("fixture"), Status::Fail, &["cipher-unsupported"]),
        ("ec-p256.p12", Some("fixture"), Status::Warn, &["bundle"]),
        ("ec-p256.p12", Some("wrong"), Status::Fail, &["bundle-passphrase-wrong"]),
        ("ec-p256.p12", None, Status::Fail, &["bundle-passphrase-missing"]),
        ("ec-p256-no-passphrase.p12", None, Status::Warn, &["bundle"]),
        ("certificate-only.p12", Some("fixture"), Status::Fail, &["bundle-without-key"]),
        ("ec-p256.certificate.pem", None, Status::Fail, &["certificate-given"]),
        ("ec-p256.request.pem", None, Status::Fail, &["request-given"]),
        ("ec-p256.p7b", None, Status::Fail, &["pkcs7-given"]),
        ("openssh.pem", None, Status::Fail, &["openssh-key-given"]),
    ] {
        let wanted = (status, findings.to_vec());
        assert_eq!(outcome(fixture(name), passphrase), wanted, "{name} {passphrase:?}");
    }
}

#[test]
fn bundles_say_what_is_odd_about_them() {
    assert_eq!(
        outcome(fixture("two-keys.p12"), Some("fixture")),
        (Status::Warn, vec!["bundle", "several-keys"])
    );
    assert_eq!(
        outcome(fixture("other-certificate.p12"), Some("fixture")),
        (Status::Warn, vec!["bundle", "bundle-other-certificate"])
    );
    // The certificate of the second key, or its ID, says which is meant.
    let second = PKey::private_key_from_pem(&fixture("ec-p384.pem")).unwrap();
    let sample = Sample { key: second.clone(), ..Sample::default() }.certificate();
    let with_certificate = context(|inputs| {
        inputs.private_key = Some(key_of(fixture("two-keys.p12")));
        inputs.passphrase = Some(material("fixture", SecretKind::Passphrase));
        inputs.certificate = Some(key_of(sample.to_pem().unwrap()));
    });
    let reading = pem::read_material(&key_of(fixture("two-keys.p12")));
    let beside = all_in(&reading, Some(b"fixture"));
    let key = PrivateKey::new(second.clone());
    let id = beside.iter().find(|one| one.belongs_to(&key)).unwrap().certificate_id();
    let with_id = context(|inputs| {
        inputs.private_key = Some(key_of(fixture("two-keys.p12")));
        inputs.passphrase = Some(material("fixture", SecretKind::Passphrase));
        let origin = Origin::Flag("--certificate-id");
        inputs.certificate_id = Some(Given { value: id.as_str().to_owned(), origin });
    });
    for context in [with_certificate, with_id] {
        let verdict = decide(&SPEC, &context);
        assert!(verdict.summary().contains("number 2 belongs"), "{}", verdict.summary());
        assert!(context.facts.private_key.get().unwrap().pkey().public_eq(&second));
    }
}

#[test]
fn older_and_binary_forms() {
    let key = PKey::private_key_from_pem(&fixture("ec-p256.pem")).unwrap();
    let sec1 = key.ec_key().unwrap();
    let rsa = PKey::private_key_from_pem(&fixture("rsa-3072.pem")).unwrap();
    let pkcs1 = rsa.rsa().unwrap().private_key_to_pem().unwrap();
    let parameters =
        "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
    let sec1_pem = String::from_utf8(sec1.private_key_to_pem().unwrap()).unwrap();
    assert_eq!(outcome(pkcs1, None), (Status::Pass, vec!["pkcs1"]));
    assert_eq!(outcome(sec1_pem.clone(), None), (Status::Pass, vec!["sec1"]));
    assert_eq!(
        outcome(format!("{parameters}{sec1_pem}"), None),
        (Status::Warn, vec!["curve-parameters", "sec1"])
    );
    assert_eq!(outcome(parameters, None), (Status::Fail, vec!["parameters-given"]));
    let der = key.private_key_to_pkcs8().unwrap();
    assert_eq!(outcome(der.clone(), None), (Status::Warn, vec!["binary-form"]));
    assert_eq!(outcome(&der[..70], None).0, Status::Fail);
    let public = key.public_key_to_pem().unwrap();
    assert_eq!(outcome(public, None), (Status::Fail, vec!["public-key-given"]));
}

#[test]
fn damage_is_mended_and_told() {
    let clean = text("ec-p256.pem");
    let one_line: String = clean.lines().collect();
    let utf16: Vec<u8> = clean.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (given, finding) in [
        (clean.replace('\n', "\r\n").into_bytes(), "windows-line-breaks"),
        (clean.replace('\n', "\\n").into_bytes(), "escaped-line-breaks"),
        (clean.replace('\n', "\\\\n").into_bytes(), "double-escaped-line-breaks"),
        (clean.trim_end().replace('\n', "n").into_bytes(), "bare-n-line-breaks"),
        (clean.replace('\n', " ").into_bytes(), "spaces-for-line-breaks"),
        (one_line.into_bytes(), "one-line"),
        (format!("\u{feff}{clean}").into_bytes(), "byte-order-mark"),
        (utf16, "utf-16"),
        (format!("\"{clean}\"").into_bytes(), "quotes"),
        (STANDARD.encode(&clean).into_bytes(), "base64-again"),
        (clean.replace("-----", "–––––").into_bytes(), "smart-dashes"),
        (clean.replacen("M", "M\u{200b}", 1).into_bytes(), "invisible-characters"),
    ] {
        assert_eq!(outcome(given, None), (Status::Warn, vec![finding]), "{finding}");
    }
    assert_eq!(
        outcome(format!("Bag Attributes\n{clean}"), None),
        (Status::Pass, vec!["text-around"])
    );
    let cut = clean.replacen(clean.lines().nth(2).unwrap(), "", 1);
    assert_eq!(outcome(cut, None).1.first(), Some(&"damaged"));
}

#[test]
fn wrong_things_are_named() {
    let hex = "0123456789abcdef".repeat(4);
    for (given, finding) in [
        ("", "empty"),
        ("\n \n", "empty"),
        ("just words", "other-text-given"),
        ("{\"kty\":\"EC\",\"d\":\"x\"}", "jwk-given"),
        ("<html><body>Sign in", "web-page-given"),
        ("./private.pem", "path-given"),
        (&hex, "hex-token-given"),
        ("ssh-ed25519 AAAAC3Nz me", "ssh-public-key-given"),
        ("PuTTY-User-Key-File-2: ssh-rsa", "putty-key-given"),
        ("eyJhbGciOiJQUzI1NiJ9.eyJpc3MiOiJ4In0.c2ln", "jwt-given"),
        ("<RSAKeyValue><D></D></RSAKeyValue>", "xml-key-given"),
        ("-----BEGIN PGP PRIVATE KEY BLOCK-----\n", "pgp-given"),
    ] {
        let (status, findings) = outcome(given, None);
        assert_eq!((status, findings.first()), (Status::Fail, Some(&finding)), "{given}");
    }
    assert_eq!(outcome(vec![b'A'; 2 * 1024 * 1024], None), (Status::Fail, vec!["too-large"]));
}

#[test]
fn company_is_told() {
    let (key, certificate) = (text("ec-p256.pem"), text("ec-p256.certificate.pem"));
    assert_eq!(
        outcome(format!("{certificate}{key}"), None),
        (Status::Warn, vec!["with-certificate"])
    );
    let other = text("ec-p384.pem");
    let both = context(|inputs| {
        inputs.private_key = Some(key_of(format!("{other}{key}")));
        inputs.certificate = Some(key_of(certificate.clone()));
    });
    assert_eq!(decide(&SPEC, &both).status(), Status::Warn);
    let kind = both.facts.private_key.get().unwrap().kind();
    assert_eq!(kind.unwrap().to_string(), "EC P-256");
    let swapped = context(|inputs| {
        inputs.private_key = Some(key_of(certificate));
        inputs.certificate = Some(key_of(key));
    });
    let verdict = decide(&SPEC, &swapped);
    assert!(verdict.notes_by_gravity().iter().any(|note| note.finding == findings::SWAPPED));
}

#[test]
fn nothing_secret_is_said_and_the_scrubber_knows_the_key() {
    let clean = text("ec-p256.pem");
    for (given, passphrase) in [
        (clean.clone(), Some("fixture")),
        (clean.replace('\n', "\\n"), None),
        (clean.replacen('M', "*", 3), None),
        (text("ec-p256-encrypted.pem"), Some("canary-passphrase")),
    ] {
        let (_, verdict) = judged(given, passphrase);
        let said = format!("{verdict:?}");
        for line in clean.lines().filter(|line| !line.starts_with('-')) {
            assert!(!said.contains(&line[..16]), "{said}");
        }
        assert!(!said.contains("canary-passphrase") && !said.contains("\"fixture\""), "{said}");
    }
    let (context, _) = judged(clean.replace('\n', "\\n"), None);
    let line = clean.lines().nth(1).unwrap();
    assert_eq!(context.scrubber.scrub(line).1, 1);
}

#[test]
fn what_openssl_refuses_is_no_pass() {
    let clean = text("ec-p256.pem");
    let legacy = text("ec-p256-legacy-encrypted.pem");
    for (given, finding) in [
        (clean.replace("-----END", "\n-----END"), "blank-before-end"),
        (clean.replace("-----END", "\t-----END"), "indented"),
        (clean.replace("-----BEGIN", " -----BEGIN"), "indented"),
        (format!("KEY={clean}"), "text-on-armour-line"),
        (format!("{} end", clean.trim_end()), "text-on-armour-line"),
        (format!("{}]]></key>", clean.trim_end()), "text-on-armour-line"),
        (legacy.replacen("\n\n", "\n", 1), "header-blank-line"),
        (legacy.replace("-----END", "\n-----END"), "blank-before-end"),
    ] {
        let (status, found) = outcome(given.clone(), Some("fixture"));
        assert!(status == Status::Warn && found.contains(&finding), "{found:?}\n{given}");
    }
}

#[test]
fn what_was_changed_on_its_way_is_named_where_no_key_comes_out_of_it() {
    let clean = text("ec-p256.pem");
    let second = clean.lines().nth(2).unwrap();
    for (given, words) in [
        (clean.replace(second, "[the rest was cut]"), "Other text stands inside the block"),
        (clean.replace('\n', "/n").replace(second, &second[..20]), "one line"),
        (clean.replace(second, &second.replace(['A', 'B'], "*")), "Other text stands inside"),
    ] {
        let (_, verdict) = judged(given.clone(), None);
        assert_eq!(found(&verdict), ["altered"], "{given}");
        assert!(verdict.summary().contains(words), "{}", verdict.summary());
    }
}

/// What is missing in the key itself does not come from its way here.
#[test]
fn an_incomplete_key_is_named_whatever_happened_to_its_text() {
    use crate::credentials::der::{INTEGER, SEQUENCE, element, first};
    let rsa = PKey::private_key_from_pem(&fixture("rsa-3072.pem")).unwrap().rsa().unwrap();
    let der = rsa.private_key_to_der().unwrap();
    let parts: Vec<u8> = first(&der)
        .unwrap()
        .children()
        .take(4)
        .flat_map(|number| element(INTEGER, number.content))
        .collect();
    let ec = PKey::private_key_from_pem(&fixture("ec-p256.pem")).unwrap().ec_key().unwrap();
    let number = ec.private_key().to_vec();
    let inner = [element(INTEGER, &[1]), element(crate::credentials::der::OCTET_STRING, &number)];
    for (label, der, finding) in [
        ("RSA PRIVATE KEY", element(SEQUENCE, &parts), "rsa-incomplete"),
        ("EC PRIVATE KEY", element(SEQUENCE, &inner.concat()), "curve-missing"),
    ] {
        let text = STANDARD.encode(der);
        let lines: Vec<&str> =
            text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
        let pem = format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"));
        for given in [pem.clone(), pem.replace('\n', "\\n")] {
            assert_eq!(outcome(given, None), (Status::Fail, vec![finding]));
        }
    }
}

/// What OpenSSL was not asked is not said of it.
#[test]
fn nothing_is_said_of_openssl_where_it_was_not_asked() {
    let around = "x\n".repeat(40 * 1024);
    let (status, found) = outcome(format!("{around}{}", text("ec-p256.pem")), None);
    assert_eq!((status, found), (Status::Pass, vec!["text-around"]));
}

/// `repair` is told of a certificate only where one was read.
#[test]
fn a_certificate_that_was_not_read_is_not_advised() {
    let advised = |certificate: Option<&[u8]>, id: Option<&str>| {
        let context = context(|inputs| {
            inputs.private_key = Some(key_of(fixture("two-keys.p12")));
            inputs.passphrase = Some(material("fixture", SecretKind::Passphrase));
            inputs.certificate = certificate.map(key_of);
            inputs.certificate_id = id
                .map(|id| Given { value: id.to_owned(), origin: Origin::Flag("--certificate-id") });
        });
        let verdict = decide(&SPEC, &context);
        let options = verdict.params().iter().find(|(name, _)| *name == "repair_key_options");
        options.unwrap().1.clone()
    };
    let same_file = " --certificate {private_key_file}";
    assert_eq!(advised(None, None), same_file);
    assert_eq!(advised(Some(b"no certificate"), None), same_file);
    let all = all_in(&pem::read_material(&key_of(fixture("two-keys.p12"))), Some(b"fixture"));
    let second = &all[1];
    let pem = second.to_pem().unwrap();
    assert_eq!(advised(Some(pem.as_bytes()), None), " --certificate {certificate_file}");
    let id = second.certificate_id();
    assert_eq!(advised(None, Some(id.as_str())), format!("{same_file} --certificate-id={id}"));
    let other = Sample::default().certificate().to_pem().unwrap();
    let unknown = " --certificate CERTIFICATE-FILE";
    assert_eq!(advised(Some(other.as_bytes()), None), unknown);
}

/// The other way round: what passes without a warning, OpenSSL reads from the same bytes.
#[test]
fn whatever_passes_openssl_reads() {
    const PIECES: [&str; 22] = [
        "\n",
        "\n\n",
        " ",
        "\t\n",
        "x",
        "x\n",
        "-",
        "=",
        "#",
        "\"",
        "' ",
        ">",
        "\\n",
        "\r",
        "\r\n",
        "/n",
        "A: b\n",
        "A: b\n\n",
        "Bag Attributes\n",
        "\u{a0}",
        "-----",
        "\nx y\n",
    ];
    let key = PKey::private_key_from_pem(&fixture("ec-p256.pem")).unwrap();
    let clean = text("ec-p256.pem");
    let ends: Vec<usize> = clean.match_indices('\n').map(|(at, _)| at).collect();
    let mut places: Vec<usize> = vec![0, 5, 10, 22, 40];
    places.extend(ends.iter().flat_map(|at| [*at, at + 1]));
    let end = clean.rfind("-----END").unwrap();
    places.extend([end, end + 5, end + 8]);
    let (mut passed, mut warned) = (0, 0);
    for piece in PIECES {
        for at in &places {
            let mut given = clean.clone();
            given.insert_str(*at, piece);
            let (status, found) = outcome(given.clone(), None);
            warned += usize::from(status == Status::Warn);
            if status == Status::Pass {
                passed += 1;
                let read = PKey::private_key_from_pem(given.as_bytes());
                assert!(read.is_ok_and(|read| read.public_eq(&key)), "{found:?}\n{given:?}");
            }
        }
    }
    assert!(passed > 20 && warned > 100, "{passed} passed, {warned} warned");
}
