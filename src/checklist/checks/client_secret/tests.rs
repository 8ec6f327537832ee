use super::super::identifier_testing::*;
use super::*;
use crate::checklist::context::Inputs;
use crate::checklist::engine::Status::{Fail, Pass, Warn};

fn with(bytes: &[u8]) -> Inputs {
    Inputs { client_secret: secret(bytes), ..Inputs::default() }
}

#[test]
fn every_kind_of_value_has_its_finding() {
    for (text, status, findings) in [
        (SECRET, Pass, &[][..]),
        (&format!("{SECRET}\n"), Pass, &[]),
        (&format!("{SECRET}\r\n"), Pass, &[]),
        (&format!("{SECRET}\n\n"), Warn, &["cleaned"]),
        (&format!(" {SECRET}"), Warn, &["cleaned"]),
        (&SECRET.to_uppercase(), Warn, &["upper-case"]),
        ("", Fail, &["empty"]),
        ("\n", Fail, &["empty"]),
        (PUBLISHED_ID, Fail, &["other-value"]),
        ("1C61CD58-044D-497A-AA29-7A3E9A9BB924", Fail, &["other-value"]),
        ("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----", Fail, &["key-given"]),
        (&SECRET[1..], Fail, &["wrong-length"]),
        ("correct-horse-battery", Fail, &["wrong-characters"]),
    ] {
        let verdict = judged(&SPEC, &context(with(text.as_bytes())));
        assert_eq!(verdict, (status, findings.to_vec()), "{text:?}");
    }
    assert_eq!(judged(&SPEC, &context(with(b"\xff\xfea\x00"))), (Fail, vec!["not-text"]));
}

#[test]
fn the_client_id_in_its_place_is_a_failure() {
    for id in [SECRET.to_owned(), SECRET.to_uppercase(), format!("\"{SECRET}\"")] {
        let inputs = Inputs { client_id: given(&id, "--client-id"), ..with(SECRET.as_bytes()) };
        assert_eq!(judged(&SPEC, &context(inputs)), (Fail, vec!["same-as-client-id"]));
    }
    let inputs = Inputs { client_id: given(CLIENT, "--client-id"), ..with(SECRET.as_bytes()) };
    assert_eq!(judged(&SPEC, &context(inputs)), (Pass, vec![]));
}

#[test]
fn no_part_of_it_is_ever_shown() {
    for text in [
        SECRET.to_owned(),
        format!("  {SECRET}"),
        SECRET.to_uppercase(),
        SECRET[..63].to_owned(),
        format!("{SECRET}!"),
        "zyxw-vuts-hunter-2-secret".to_owned(),
    ] {
        let shown = format!("{:?}", held(&SPEC, &context(with(text.as_bytes()))));
        let text = text.trim();
        for start in 0..text.len() - 6 {
            assert!(!shown.contains(&text[start..start + 6]), "{shown}");
        }
    }
}

#[test]
fn none_given_is_nothing_checked() {
    let verdict = held(&SPEC, &context(Inputs::default()));
    assert_eq!(verdict.reason().map(|reason| reason.code), Some(ReasonCode::NotProvided));
}

#[test]
fn hostile_text_ends_in_a_short_clean_message() {
    for text in hostile() {
        assert_eq!(judged(&SPEC, &context(with(text.as_bytes()))).0, Fail, "{text:.40}");
    }
}
