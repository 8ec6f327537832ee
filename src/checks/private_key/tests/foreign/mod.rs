//! Files of other programs, given as the private key and as the certificate: each has its name, its
//! findings, and a warning against uploading it where a private half is or may be inside. A case stands
//! in the file named after the one of `credentials::pem` that tells it.

mod labels;
mod magic;
mod unwrap;
mod words;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::pkey::PKey;

use crate::checks::testing::{context, decide, findings, fixture, key_of, material};
use crate::checks::{certificate, private_key};
use crate::engine::Status;
use crate::types::SecretKind;

/// A secret that no verdict may repeat.
const CANARY: &str = "C4naryC4naryC4naryC4naryC4naryC4naryC4naryC4nary";

/// What is given, and what is found: as the private key, as the certificate.
struct Case {
    name: &'static str,
    bytes: Vec<u8>,
    as_key: (Status, &'static str),
    as_certificate: (Status, &'static str),
    /// Whether its owner is told not to upload it.
    guarded: bool,
}

fn refused(
    name: &'static str,
    bytes: impl Into<Vec<u8>>,
    as_key: &'static str,
    as_certificate: &'static str,
    guarded: bool,
) -> Case {
    let (as_key, as_certificate) = ((Status::Fail, as_key), (Status::Fail, as_certificate));
    Case { name, bytes: bytes.into(), as_key, as_certificate, guarded }
}

fn text(name: &str) -> String {
    String::from_utf8(fixture(name)).unwrap()
}

#[test]
fn every_foreign_file_is_named_and_guarded() {
    let groups = [magic::cases(), words::cases(), labels::cases(), unwrap::cases()];
    for case in groups.into_iter().flatten() {
        let Case { name, bytes, as_key, as_certificate, guarded } = case;
        let key = context(|inputs| inputs.private_key = Some(key_of(bytes.clone())));
        let verdict = decide(&private_key::SPEC, &key);
        let found = findings(&verdict);
        let said = verdict.summary().to_owned();
        assert_eq!(verdict.status(), as_key.0, "{name}: {found:?} {said}");
        assert!(found.contains(&as_key.1), "{name}: {found:?} {said}");
        assert_eq!(key.facts.private_key.get().is_some(), as_key.0 == Status::Warn, "{name}");
        // A document with a key shown in it is guarded where it is about to be uploaded.
        if as_key.0 == Status::Fail && as_key.1 != "document-given" {
            assert_eq!(said.contains("must not be uploaded"), guarded, "{name}: {said}");
        }
        let given = context(|inputs| {
            inputs.certificate = Some(material(bytes.clone(), SecretKind::PrivateKey));
        });
        let verdict = decide(&certificate::SPEC, &given);
        let found = findings(&verdict);
        let all = format!("{said} {verdict:?}");
        assert_eq!(verdict.status(), as_certificate.0, "{name}: {found:?}");
        assert!(found.contains(&as_certificate.1), "{name}: {found:?}");
        let warned = verdict.summary().contains("must not be uploaded");
        assert_eq!(warned, guarded, "{name}: {}", verdict.summary());
        assert!(!all.contains(&CANARY[..16]), "{name}: {all}");
    }
}

#[test]
fn what_is_guarded_is_known_to_the_scrubber() {
    let groups = [magic::cases(), words::cases(), labels::cases()];
    // What is encrypted is no secret that could be shown.
    let plain = |case: &Case| case.guarded && case.as_key.1 != "encrypted-file-given";
    for case in groups.into_iter().flatten().filter(plain) {
        let given = context(|inputs| {
            inputs.certificate = Some(material(case.bytes.clone(), SecretKind::PrivateKey));
        });
        let text = String::from_utf8_lossy(&case.bytes).into_owned();
        if text.contains(CANARY) && std::str::from_utf8(&case.bytes).is_ok() {
            let (clean, count) = given.scrubber.scrub(&text);
            assert!(count > 0 && !clean.contains(CANARY), "{}: {clean}", case.name);
        }
    }
}

#[test]
fn ordinary_texts_are_no_stand_ins() {
    for text in ["just words", "price: $5 and more", "a: b", "see https://example.com/"] {
        let given = context(|inputs| inputs.private_key = Some(key_of(text)));
        let verdict = decide(&private_key::SPEC, &given);
        assert_eq!(findings(&verdict).first(), Some(&"other-text-given"), "{text}");
    }
}
