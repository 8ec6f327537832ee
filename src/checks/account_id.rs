//! `account-id`

use super::identifier;
use crate::checks::context::Context;
use crate::checks::ids;
use crate::checks::spec::{self, Run, Spec, findings};
use crate::credentials::identifiers::{
    AccountIdError, HostError, ReadAccountId, Shape, read_account_id,
};
use crate::credentials::input::Origin;
use crate::engine::{Evidence, FindingId, ReasonCode, Severity, Verdict};
use crate::types::{AccountKind, Service};

findings! {
    CLEANED = "cleaned",
    UNDERSCORE = "underscore-in-host",
    FROM_ADDRESS = "read-from-address",
    UNUSUAL = "unusual-form",
    OWN_MAPPINGS = "own-mappings",
    EMPTY = "empty",
    PLACEHOLDER = "placeholder",
    OTHER_VALUE = "other-value",
    NAME = "company-name",
    NUMBER = "number-format",
    GENERIC_HOST = "generic-host",
    DATA_CENTRE = "data-centre-host",
    UNKNOWN_HOST = "unknown-host",
    FOREIGN_HOST = "foreign-host",
    UNREADABLE = "unreadable-address",
    TWO_SUFFIXES = "two-suffixes",
    TOO_LONG = "too-long",
    MALFORMED = "malformed",
}

/// The declaration of `account-id`.
pub const SPEC: Spec = Spec {
    id: ids::ACCOUNT_ID,
    phase: spec::CREDENTIALS,
    needs: &[],
    after: &[],
    findings: &[FINDINGS],
    run: Run::Offline(run),
};

fn run(context: &Context) -> Verdict {
    let Some(given) = &context.inputs.account_id else {
        return Verdict::skipped(ReasonCode::NotProvided, "No account ID was given.");
    };
    match read_account_id(&given.value) {
        Ok(read) => {
            let verdict = known(&read, &given.origin);
            let _ = context.facts.account_id.set(read.id);
            verdict
        }
        Err(error) => {
            let text = format!("This is no account ID: {error}.");
            Verdict::fail(finding(&error), text)
        }
    }
}

fn known(read: &ReadAccountId, origin: &Origin) -> Verdict {
    let id = &read.id;
    let kind = id.kind();
    let lead = match kind {
        AccountKind::Other => format!("Account {id}; in host names {}.", id.host_label()),
        _ => format!("Account {id} ({}); in host names {}.", kind.as_str(), id.host_label()),
    };
    let mut seen = Vec::new();
    seen.extend(identifier::cleaned(CLEANED, &read.cleanups));
    if read.underscore_in_host {
        let text = "The host name was given with an underscore, which no host of NetSuite has.";
        seen.push((Severity::Warn, UNDERSCORE, text.to_owned()));
    }
    if let Some(host) = &read.host {
        let text = format!("It was read from the host name {host}.");
        seen.push((Severity::Note, FROM_ADDRESS, text));
    }
    match kind {
        AccountKind::Sandbox | AccountKind::ReleasePreview => {
            let text = "Such an account has certificate mappings of its own.";
            seen.push((Severity::Note, OWN_MAPPINGS, text.to_owned()));
        }
        AccountKind::Other => {
            let text = "The ID has none of the usual forms, which need not be wrong.";
            seen.push((Severity::Note, UNUSUAL, text.to_owned()));
        }
        AccountKind::Production | AccountKind::TestDrive | AccountKind::Demo => {}
    }
    let verdict = identifier::read(lead, seen)
        .evidence(Evidence::new("account", id.account()).source(origin.to_string()))
        .evidence(Evidence::new("kind", kind.as_str()).source("form of the ID"))
        .evidence(Evidence::new("host_label", id.host_label()))
        .evidence(Evidence::new("host", id.host(Service::SuiteTalk)));
    identifier::repairs(verdict, &read.cleanups).param("account", id.account())
}

fn finding(error: &AccountIdError) -> FindingId {
    match error {
        AccountIdError::Empty => EMPTY,
        AccountIdError::Placeholder => PLACEHOLDER,
        AccountIdError::OtherValue(Shape::Words) => NAME,
        AccountIdError::OtherValue(_) => OTHER_VALUE,
        AccountIdError::NumberFormat => NUMBER,
        AccountIdError::Host(HostError::Generic(_)) => GENERIC_HOST,
        AccountIdError::Host(HostError::DataCentre(_)) => DATA_CENTRE,
        AccountIdError::Host(HostError::Unknown(_)) => UNKNOWN_HOST,
        AccountIdError::Host(HostError::Foreign(_)) => FOREIGN_HOST,
        AccountIdError::Host(HostError::UserName | HostError::Unreadable) => UNREADABLE,
        AccountIdError::TwoSuffixes => TWO_SUFFIXES,
        AccountIdError::TooLong(_) => TOO_LONG,
        AccountIdError::Character { .. } | AccountIdError::EmptyPart => MALFORMED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::context::Inputs;
    use crate::checks::testing::identifier::*;
    use crate::engine::Status::{self, Fail, Pass, Warn};

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
}
