use super::super::identifier_testing::*;
use super::*;
use crate::checklist::context::Inputs;
use crate::checklist::engine::Status::{self, Fail, Pass, Warn};

fn with(text: &str) -> Context {
    context(Inputs { account_id: given(text, "--account-id"), ..Inputs::default() })
}

#[test]
fn every_kind_of_value_has_its_finding() {
    let hex = "0123456789abcdef".repeat(4);
    for (text, status, findings) in [
        ("1234567", Pass, &[][..]),
        ("TSTDRV1234567", Pass, &[]),
        ("TD2950894", Pass, &[]),
        ("1234567_SB1", Pass, &["own-mappings"]),
        ("1234567_RP1", Pass, &["own-mappings"]),
        ("ACME", Pass, &["unusual-form"]),
        ("https://1234567.app.netsuite.com/app", Pass, &["read-from-address"]),
        ("1234567 ", Warn, &["cleaned"]),
        ("1234567 SB1", Warn, &["cleaned", "own-mappings"]),
        (
            "1234567_SB1.app.netsuite.com",
            Warn,
            &["underscore-in-host", "read-from-address", "own-mappings"],
        ),
        ("", Fail, &["empty"]),
        ("<account>", Fail, &["placeholder"]),
        (&hex, Fail, &["other-value"]),
        ("1C61CD58-044D-497A-AA29-7A3E9A9BB924", Fail, &["other-value"]),
        ("anna@example.com", Fail, &["other-value"]),
        ("Acme Trading Corp", Fail, &["company-name"]),
        ("1,234,567", Fail, &["number-format"]),
        ("rest.netsuite.com", Fail, &["generic-host"]),
        ("system.na1.netsuite.com", Fail, &["data-centre-host"]),
        ("1234567.netsuite.com", Fail, &["unknown-host"]),
        ("1234567.app.netsuite.com.evil.com", Fail, &["foreign-host"]),
        ("https://1234567.app.netsuite.com@evil.com", Fail, &["unreadable-address"]),
        ("1234567_SB1_RP", Fail, &["two-suffixes"]),
        (&"1".repeat(40), Fail, &["other-value"]),
        (&"1".repeat(35), Fail, &["too-long"]),
        ("1234567/x", Fail, &["malformed"]),
        ("1234567_", Fail, &["malformed"]),
    ] {
        let context = with(text);
        assert_eq!(judged(&SPEC, &context), (status, findings.to_vec()), "{text:?}");
        assert_eq!(context.facts.account_id.get().is_some(), status != Fail, "{text:?}");
    }
}

#[test]
fn both_spellings_and_the_kind_are_shown() {
    let verdict = held(&SPEC, &with("1234567-sb1"));
    let summary = verdict.summary();
    assert!(summary.starts_with("Account 1234567_SB1 (sandbox); in host names 1234567-sb1."));
    let fact = |key| verdict.facts().iter().find(|fact| fact.key == key).unwrap().value.clone();
    assert_eq!(fact("account"), "1234567_SB1");
    assert_eq!(fact("kind"), "sandbox");
    assert_eq!(fact("host"), "1234567-sb1.suitetalk.api.netsuite.com");
}

#[test]
fn nothing_given_is_nothing_checked() {
    let verdict = held(&SPEC, &context(Inputs::default()));
    assert_eq!(verdict.reason().map(|reason| reason.code), Some(ReasonCode::NotProvided));
}

#[test]
fn hostile_text_ends_in_a_short_clean_message() {
    for text in hostile() {
        assert_ne!(judged(&SPEC, &with(&text)).0, Status::Skipped, "{text:.40}");
    }
}
