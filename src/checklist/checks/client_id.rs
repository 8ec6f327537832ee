//! `client-id`

use crate::checklist::context::Context;
use crate::checklist::engine::{Evidence, FindingId, ReasonCode, Severity, Verdict};
use crate::checklist::ids;
use crate::checklist::spec::{Run, Spec};
use crate::credentials::identifiers::client_id::{ClientIdError, read};
use crate::credentials::identifiers::{Blemish, clean};

const EMPTY: FindingId = FindingId::new("empty");
const PLACEHOLDER: FindingId = FindingId::new("placeholder");
const APPLICATION_ID: FindingId = FindingId::new("application-id");
const CERTIFICATE_ID: FindingId = FindingId::new("certificate-id-given");
const OTHER_VALUE: FindingId = FindingId::new("other-value");
const WRONG_LENGTH: FindingId = FindingId::new("wrong-length");
const WRONG_CHARACTERS: FindingId = FindingId::new("wrong-characters");
const SAME_AS_SECRET: FindingId = FindingId::new("same-as-secret");
const UPPER_CASE: FindingId = FindingId::new("upper-case");

/// The declaration of `client-id`.
pub const SPEC: Spec = Spec {
    id: ids::CLIENT_ID,
    phase: ids::CREDENTIALS,
    needs: &[],
    after: &[],
    findings: &[
        EMPTY,
        PLACEHOLDER,
        APPLICATION_ID,
        CERTIFICATE_ID,
        OTHER_VALUE,
        WRONG_LENGTH,
        WRONG_CHARACTERS,
        SAME_AS_SECRET,
        UPPER_CASE,
        FindingId::new(Blemish::Spaces.id()),
        FindingId::new(Blemish::Quotes.id()),
        FindingId::new(Blemish::Invisible.id()),
        FindingId::new(Blemish::FullWidth.id()),
        FindingId::new(Blemish::Dashes.id()),
        FindingId::new(Blemish::InnerSpaces.id()),
        FindingId::new(Blemish::Label.id()),
    ],
    card: include_str!("../../../checks/client-id.toml"),
    run: Run::Offline(run),
};

fn run(context: &Context) -> Verdict {
    let Some(given) = &context.inputs.client_id else {
        return Verdict::skipped(ReasonCode::NotProvided, "No Client ID was given.");
    };
    let client = match read(&given.value) {
        Ok(client) => client,
        Err(error) => return Verdict::fail(finding(&error), error.to_string()),
    };
    let secret = context.inputs.client_secret.as_ref();
    let secret = secret.and_then(|material| material.bytes.expose_str()).map(clean);
    if secret.is_some_and(|secret| secret.text.eq_ignore_ascii_case(client.id.as_str())) {
        return Verdict::fail(
            SAME_AS_SECRET,
            "The Client ID and the Client Secret are the same value; one of them is wrong.",
        );
    }
    let shown = client.id.shortened();
    let mut verdict = Verdict::pass(format!("{shown} has the form of a Client ID."))
        .evidence(Evidence::new("client_id", &shown).source(given.origin.to_string()));
    if client.upper_case {
        verdict = verdict.note(
            Severity::Warn,
            UPPER_CASE,
            format!("{shown} has capital letters; every Client ID seen so far has small ones."),
        );
    }
    for blemish in client.blemishes {
        verdict = verdict.note(
            Severity::Warn,
            FindingId::new(blemish.id()),
            format!("{blemish} It was read as {shown}."),
        );
    }
    let _ = context.facts.client_id.set(client.id);
    verdict
}

fn finding(error: &ClientIdError) -> FindingId {
    match error {
        ClientIdError::Empty => EMPTY,
        ClientIdError::Placeholder => PLACEHOLDER,
        ClientIdError::ApplicationId => APPLICATION_ID,
        ClientIdError::CertificateId => CERTIFICATE_ID,
        ClientIdError::OtherValue(_) => OTHER_VALUE,
        ClientIdError::WrongLength(_) => WRONG_LENGTH,
        ClientIdError::WrongCharacters { .. } => WRONG_CHARACTERS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checklist::checks::testing::{context, decide, findings, given, material};
    use crate::checklist::engine::Status;
    use crate::types::SecretKind;

    #[test]
    fn shapes_and_verdicts() {
        let good = "0123456789abcdef".repeat(4);
        for (value, status, finding) in [
            (good.clone(), Status::Pass, None),
            (good.to_uppercase(), Status::Warn, Some("upper-case")),
            (format!("{good}\n"), Status::Warn, Some("surrounding-spaces")),
            (format!("Client ID {good}"), Status::Warn, Some("label")),
            (good.replacen('a', "a ", 1), Status::Warn, Some("inner-spaces")),
            (String::new(), Status::Fail, Some("empty")),
            ("<client-id>".into(), Status::Fail, Some("placeholder")),
            ("1c61cd58-044d-497a-aa29-7a3e9a9bb924".into(), Status::Fail, Some("application-id")),
            ("custcertificate2".into(), Status::Fail, Some("certificate-id-given")),
            ("c.1234567.2024-01_01".into(), Status::Fail, Some("other-value")),
            (good[2..].to_owned(), Status::Fail, Some("wrong-length")),
            (good.replace('f', "g"), Status::Fail, Some("wrong-characters")),
        ] {
            let context = context(|inputs| inputs.client_id = given(&*value));
            let verdict = decide(&SPEC, &context);
            assert_eq!(verdict.status(), status, "{value}");
            assert_eq!(findings(&verdict).first().copied(), finding, "{value}");
            assert!(!format!("{verdict:?}").contains(&good[..20]), "{verdict:?}");
        }
    }

    #[test]
    fn equal_to_the_secret_is_a_failure() {
        let good = "0123456789abcdef".repeat(4);
        let context = context(|inputs| {
            inputs.client_id = given(&*good);
            inputs.client_secret = Some(material(format!("{good}\n"), SecretKind::ClientSecret));
        });
        assert_eq!(findings(&decide(&SPEC, &context)), ["same-as-secret"]);
    }
}
