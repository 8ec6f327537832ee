use super::super::identifier_testing::*;
use super::*;
use crate::checklist::context::Inputs;
use crate::checklist::engine::Status::{self, Fail, Pass, Warn};
use crate::credentials::certificate::samples::Sample;

fn with(text: &str) -> Inputs {
    Inputs { client_id: given(text, "--client-id"), ..Inputs::default() }
}

fn checked(inputs: Inputs) -> (Status, Vec<&'static str>) {
    let context = context(inputs);
    let judged = judged(&SPEC, &context);
    assert_eq!(context.facts.client_id.get().is_some(), judged.0 != Fail);
    judged
}

#[test]
fn every_kind_of_value_has_its_finding() {
    for (text, status, findings) in [
        (CLIENT, Pass, &[][..]),
        (&format!(" {CLIENT}"), Warn, &["cleaned"]),
        (&format!("\u{200b}{CLIENT}"), Warn, &["cleaned"]),
        (&CLIENT.to_uppercase(), Warn, &["upper-case"]),
        ("", Fail, &["empty"]),
        (PUBLISHED_ID, Fail, &["certificate-id-given"]),
        ("1C61CD58-044D-497A-AA29-7A3E9A9BB924", Fail, &["application-id-given"]),
        ("1234567_SB1", Fail, &["account-id-given"]),
        ("custcertificate3", Fail, &["other-value"]),
        ("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----", Fail, &["other-value"]),
        ("anna@example.com", Fail, &["other-value"]),
        (&CLIENT[1..], Fail, &["wrong-length"]),
        (&format!("{CLIENT}0"), Fail, &["wrong-length"]),
        (&CLIENT.replace('0', "O"), Fail, &["wrong-characters"]),
        ("hunter2", Fail, &["wrong-characters"]),
    ] {
        assert_eq!(checked(with(text)), (status, findings.to_vec()), "{text:?}");
    }
}

#[test]
fn the_secret_in_its_place_is_a_failure_and_is_masked() {
    for bytes in [SECRET.to_owned(), format!("{SECRET}\r\n"), format!("\"{SECRET}\"")] {
        for text in [SECRET.to_owned(), SECRET.to_uppercase(), format!(" {SECRET}")] {
            let inputs = Inputs { client_secret: secret(bytes.as_bytes()), ..with(&text) };
            let context = context(inputs);
            assert_eq!(judged(&SPEC, &context), (Fail, vec!["same-as-secret"]));
            assert!(context.facts.client_id.get().is_none(), "it must not be sent");
            let shown = format!("{:?}", held(&SPEC, &context)).to_lowercase();
            assert!(!shown.contains(&SECRET[..4]) && !shown.contains(&SECRET[60..]), "{shown}");
        }
    }
    let both = Inputs { client_secret: secret(SECRET.as_bytes()), ..with(CLIENT) };
    assert_eq!(checked(both), (Pass, vec![]));
    let empty = Inputs { client_secret: secret(b""), ..with("") };
    assert_eq!(checked(empty), (Fail, vec!["empty"]));
}

#[test]
fn mix_ups_with_the_certificate_id_are_told_apart() {
    let with_id = |client: &str, certificate: &str| Inputs {
        certificate_id: given(certificate, "--certificate-id"),
        ..with(client)
    };
    for (client, certificate, status, findings) in [
        (PUBLISHED_ID, CLIENT, Fail, &["swapped"][..]),
        (PUBLISHED_ID, "custcertificate3", Fail, &["certificate-id-given"]),
        (PUBLISHED_ID, PUBLISHED_ID, Fail, &["certificate-id-given"]),
        (CLIENT, CLIENT, Warn, &["same-as-certificate-id"]),
        (CLIENT, PUBLISHED_ID, Pass, &[]),
    ] {
        assert_eq!(checked(with_id(client, certificate)), (status, findings.to_vec()));
    }
}

#[test]
fn the_fingerprint_of_the_certificate_is_recognised() {
    let certificate = Sample::default().certificate();
    let context = context(with(&hex(&certificate.sha256()).to_uppercase()));
    let _ = context.facts.certificate.set(certificate);
    assert_eq!(judged(&SPEC, &context), (Fail, vec!["fingerprint-given"]));
}

#[test]
fn the_value_is_shown_shortened_only() {
    let shown = format!("{:?}", held(&SPEC, &context(with(CLIENT))));
    assert!(shown.contains("3f1c…0246") && !shown.contains(&CLIENT[..5]), "{shown}");
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
