use super::super::identifier_testing::*;
use super::*;
use crate::checklist::context::Inputs;
use crate::checklist::engine::Status::{self, Fail, Pass, Warn};
use crate::credentials::certificate::colon_hex;
use crate::credentials::certificate::samples::Sample;

fn with(text: &str) -> Inputs {
    Inputs { certificate_id: given(text, "--certificate-id"), ..Inputs::default() }
}

fn checked(inputs: Inputs) -> (Status, Vec<&'static str>) {
    let context = context(inputs);
    let judged = judged(&SPEC, &context);
    assert_eq!(context.facts.certificate_id.get().is_some(), judged.0 != Fail);
    judged
}

#[test]
fn every_kind_of_value_has_its_finding() {
    let leading = CertificateId::of_bytes(&[0xf8; 32]);
    let underscore = CertificateId::of_bytes(&[0xff; 32]);
    assert!(leading.as_str().starts_with('-') && underscore.as_str().starts_with('_'));
    for (text, status, findings) in [
        (PUBLISHED_ID, Pass, &[][..]),
        (leading.as_str(), Pass, &["begins-with-punctuation"]),
        (underscore.as_str(), Pass, &["begins-with-punctuation"]),
        (&format!(" {PUBLISHED_ID}\n"), Warn, &["cleaned"]),
        (&format!("\"{PUBLISHED_ID}\""), Warn, &["cleaned"]),
        (&PUBLISHED_ID.replacen("Pg", "P\ng", 1), Warn, &["cleaned"]),
        (&PUBLISHED_ID.replace('-', "+"), Warn, &["other-base64"]),
        (&format!("{PUBLISHED_ID}="), Warn, &["other-base64"]),
        ("", Fail, &["empty"]),
        (CLIENT, Fail, &["hexadecimal"]),
        (&["AB"; 32].join(":"), Fail, &["fingerprint-given"]),
        (&["AB"; 20].join(":"), Fail, &["sha1-given"]),
        (&"ab".repeat(20), Fail, &["sha1-given"]),
        (&["AB"; 16].join(":"), Fail, &["serial-given"]),
        ("123456789012345678901234567", Fail, &["serial-given"]),
        ("1C61CD58-044D-497A-AA29-7A3E9A9BB924", Fail, &["application-id-given"]),
        ("custcertificate3", Fail, &["other-store"]),
        ("c.1234567.2026-01-30_10-00-00", Fail, &["netsuite-key-given"]),
        ("s.SYSTEM.2026-01-30", Fail, &["netsuite-key-given"]),
        ("Survey sync certificate", Fail, &["name-given"]),
        ("1234567_SB1", Fail, &["other-value"]),
        ("-----BEGIN CERTIFICATE-----\nMIIB", Fail, &["other-value"]),
        (&PUBLISHED_ID[1..], Fail, &["wrong-length"]),
        (&format!("{PUBLISHED_ID}A"), Fail, &["wrong-length"]),
        (&format!("{}b", &PUBLISHED_ID[..42]), Fail, &["wrong-ending"]),
        ("CN=survey-sync", Fail, &["wrong-characters"]),
    ] {
        assert_eq!(checked(with(text)), (status, findings.to_vec()), "{text:?}");
    }
}

#[test]
fn hexadecimal_values_are_told_apart_by_what_else_was_given() {
    let client = |id: &str| Inputs { client_id: given(id, "--client-id"), ..with(CLIENT) };
    assert_eq!(checked(client(PUBLISHED_ID)), (Fail, vec!["swapped"]));
    assert_eq!(checked(client(CLIENT)), (Fail, vec!["same-as-client-id"]));
    assert_eq!(checked(client(SECRET)), (Fail, vec!["hexadecimal"]));
    let both = Inputs { client_secret: secret(SECRET.as_bytes()), ..with(SECRET) };
    assert_eq!(checked(both), (Fail, vec!["same-as-secret"]));
}

#[test]
fn a_fingerprint_gives_its_id_only_where_it_cannot_be_a_secret() {
    let certificate = Sample::default().certificate();
    let id = certificate.certificate_id();
    let shows = |text: &str, at_hand: bool| {
        let context = context(with(text));
        if at_hand {
            let _ = context.facts.certificate.set(certificate.clone());
        }
        let verdict = held(&SPEC, &context);
        assert_eq!(verdict.status(), Fail);
        format!("{verdict:?}").contains(id.as_str())
    };
    assert!(shows(&colon_hex(&certificate.sha256()), false));
    assert!(shows(&hex(&certificate.sha256()), true));
    assert!(!shows(&hex(&certificate.sha256()), false));
}

#[test]
fn a_secret_in_its_place_is_not_shown() {
    let decoded = CertificateId::of_bytes(&[0xa9; 32]);
    for text in [SECRET.to_owned(), "a9".repeat(32), "hunter2 is my password".to_owned()] {
        let shown = format!("{:?}", held(&SPEC, &context(with(&text))));
        assert!(!shown.contains(&text[..6]) && !shown.contains(decoded.as_str()), "{shown}");
    }
}

#[test]
fn nothing_given_is_nothing_checked() {
    let verdict = held(&SPEC, &context(Inputs::default()));
    assert_eq!(verdict.reason().map(|reason| reason.code), Some(ReasonCode::NotProvided));
}

#[test]
fn hostile_text_ends_in_a_short_clean_message() {
    for text in hostile() {
        assert_eq!(checked(with(&text)).0, Fail, "{text:.40}");
    }
}
