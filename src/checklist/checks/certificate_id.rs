//! `certificate-id`

use crate::checklist::context::Context;
use crate::checklist::engine::{Evidence, FindingId, ReasonCode, Severity, Verdict};
use crate::checklist::ids;
use crate::checklist::spec::{Run, Spec};
use crate::credentials::identifiers::certificate_id::{CertificateIdError, read};
use crate::credentials::identifiers::{Blemish, clean};
use crate::credentials::pem::{self, GivenThing};
use crate::types::CertificateId;

const EMPTY: FindingId = FindingId::new("empty");
const PLACEHOLDER: FindingId = FindingId::new("placeholder");
const OTHER_STORE: FindingId = FindingId::new("other-store");
const CLIENT_ID: FindingId = FindingId::new("client-id-given");
const FINGERPRINT: FindingId = FindingId::new("fingerprint");
const HEX: FindingId = FindingId::new("sixty-four-hex");
const SHA1: FindingId = FindingId::new("sha1-fingerprint");
const SERIAL: FindingId = FindingId::new("serial-number");
const APPLICATION_ID: FindingId = FindingId::new("application-id");
const TOKEN_KEY: FindingId = FindingId::new("token-key-id");
const OTHER_VALUE: FindingId = FindingId::new("other-value");
const WRONG_LENGTH: FindingId = FindingId::new("wrong-length");
const IMPOSSIBLE: FindingId = FindingId::new("impossible");
const WRONG_CHARACTER: FindingId = FindingId::new("wrong-character");
const PADDED: FindingId = FindingId::new("padded");
const STANDARD_ALPHABET: FindingId = FindingId::new("standard-alphabet");
const LEADING_PUNCTUATION: FindingId = FindingId::new("leading-punctuation");

/// The declaration of `certificate-id`.
pub const SPEC: Spec = Spec {
    id: ids::CERTIFICATE_ID,
    phase: ids::CREDENTIALS,
    needs: &[],
    after: &[],
    findings: &[
        EMPTY,
        PLACEHOLDER,
        OTHER_STORE,
        CLIENT_ID,
        FINGERPRINT,
        HEX,
        SHA1,
        SERIAL,
        APPLICATION_ID,
        TOKEN_KEY,
        OTHER_VALUE,
        WRONG_LENGTH,
        IMPOSSIBLE,
        WRONG_CHARACTER,
        PADDED,
        STANDARD_ALPHABET,
        LEADING_PUNCTUATION,
        FindingId::new(Blemish::Spaces.id()),
        FindingId::new(Blemish::Quotes.id()),
        FindingId::new(Blemish::Invisible.id()),
        FindingId::new(Blemish::FullWidth.id()),
        FindingId::new(Blemish::Dashes.id()),
        FindingId::new(Blemish::InnerSpaces.id()),
        FindingId::new(Blemish::Label.id()),
    ],
    card: include_str!("../../../checks/certificate-id.toml"),
    run: Run::Offline(run),
};

fn run(context: &Context) -> Verdict {
    let Some(given) = &context.inputs.certificate_id else {
        return Verdict::skipped(ReasonCode::NotProvided, "No Certificate ID was given.");
    };
    let certificate = match read(&given.value) {
        Ok(certificate) => certificate,
        Err(error) => return refused(context, &given.value, &error),
    };
    let id = certificate.id;
    let mut verdict = Verdict::pass(format!("{id} has the form of a Certificate ID."))
        .evidence(Evidence::new("certificate_id", id.as_str()).source(given.origin.to_string()));
    if certificate.padded {
        verdict = verdict.note(
            Severity::Warn,
            PADDED,
            format!("An equals sign stood at its end. It was read as {id}."),
        );
    }
    if certificate.standard_alphabet {
        verdict = verdict.note(
            Severity::Warn,
            STANDARD_ALPHABET,
            format!("It had + or / where NetSuite writes - and _. It was read as {id}."),
        );
    }
    for blemish in certificate.blemishes {
        verdict = verdict.note(
            Severity::Warn,
            FindingId::new(blemish.id()),
            format!("{blemish} It was read as {id}."),
        );
    }
    if id.starts_with_punctuation() {
        verdict = verdict.note(
            Severity::Note,
            LEADING_PUNCTUATION,
            format!(
                "{id} has the right form. Programs may take its first character for an option."
            ),
        );
    }
    let _ = context.facts.certificate_id.set(id);
    verdict
}

fn refused(context: &Context, value: &str, error: &CertificateIdError) -> Verdict {
    let same = |other: &str| clean(other).text.eq_ignore_ascii_case(&clean(value).text);
    let is_client_id = context.inputs.client_id.as_ref().is_some_and(|given| same(&given.value));
    if is_client_id && !matches!(error, CertificateIdError::Empty) {
        return Verdict::fail(
            CLIENT_ID,
            "The Certificate ID and the Client ID are the same value.",
        );
    }
    match error {
        CertificateIdError::Sha256Fingerprint(id) => {
            Verdict::fail(FINGERPRINT, error.to_string()).param("derived_id", id.as_str())
        }
        // Without colons it may be a secret: it is only shown in its other form where it is known
        // to be the hash of the certificate.
        CertificateIdError::Hex64(id) if is_of_certificate(context, id) => {
            let told = CertificateIdError::Sha256Fingerprint(id.clone());
            Verdict::fail(FINGERPRINT, told.to_string()).param("derived_id", id.as_str())
        }
        _ => Verdict::fail(finding(error), error.to_string()),
    }
}

fn is_of_certificate(context: &Context, id: &CertificateId) -> bool {
    context.inputs.certificate.as_ref().is_some_and(|material| {
        let reading = pem::read_material(material);
        reading
            .blocks_where(GivenThing::is_certificate)
            .any(|block| CertificateId::of_certificate(&block.der) == *id)
    })
}

fn finding(error: &CertificateIdError) -> FindingId {
    match error {
        CertificateIdError::Empty => EMPTY,
        CertificateIdError::Placeholder => PLACEHOLDER,
        CertificateIdError::OtherStore => OTHER_STORE,
        CertificateIdError::Sha256Fingerprint(_) => FINGERPRINT,
        CertificateIdError::Hex64(_) => HEX,
        CertificateIdError::Sha1Fingerprint => SHA1,
        CertificateIdError::SerialNumber => SERIAL,
        CertificateIdError::ApplicationId => APPLICATION_ID,
        CertificateIdError::TokenKeyId => TOKEN_KEY,
        CertificateIdError::OtherValue(_) => OTHER_VALUE,
        CertificateIdError::WrongLength(_) => WRONG_LENGTH,
        CertificateIdError::Impossible => IMPOSSIBLE,
        CertificateIdError::WrongCharacter(_) => WRONG_CHARACTER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checklist::checks::testing::{context, decide, findings, fixture, given, key_of};
    use crate::checklist::engine::Status;

    const GOOD: &str = "NPMnRyPg-WDWhPiAbisjKiH0fqnBpjOZ367wDTe0pqA";

    #[test]
    fn shapes_and_verdicts() {
        let colons = vec!["AB"; 32].join(":");
        let hex = "0123456789abcdef".repeat(4);
        for (value, status, finding) in [
            (GOOD.to_owned(), Status::Pass, None),
            (format!("-{}", &GOOD[1..]), Status::Pass, Some("leading-punctuation")),
            (format!("{GOOD}="), Status::Warn, Some("padded")),
            (GOOD.replace('-', "/"), Status::Warn, Some("standard-alphabet")),
            (format!(" {GOOD}"), Status::Warn, Some("surrounding-spaces")),
            (GOOD.replace('-', "–"), Status::Warn, Some("typographic-dashes")),
            (String::new(), Status::Fail, Some("empty")),
            ("custcertificate3".into(), Status::Fail, Some("other-store")),
            (colons, Status::Fail, Some("fingerprint")),
            (hex.clone(), Status::Fail, Some("sixty-four-hex")),
            (hex[..40].to_owned(), Status::Fail, Some("sha1-fingerprint")),
            ("4711".into(), Status::Fail, Some("serial-number")),
            ("c.1234567.2024-01_01".into(), Status::Fail, Some("token-key-id")),
            ("public.pem".into(), Status::Fail, Some("other-value")),
            (GOOD[1..].to_owned(), Status::Fail, Some("wrong-length")),
            (GOOD.replace("pqA", "pqB"), Status::Fail, Some("impossible")),
            ("my certificate!".into(), Status::Fail, Some("wrong-character")),
        ] {
            let context = context(|inputs| inputs.certificate_id = given(&*value));
            let verdict = decide(&SPEC, &context);
            assert_eq!(verdict.status(), status, "{value}");
            assert_eq!(findings(&verdict).first().copied(), finding, "{value}");
            assert!(!format!("{verdict:?}").contains(&hex[..8]), "{verdict:?}");
        }
    }

    #[test]
    fn the_fingerprint_of_the_certificate_at_hand_is_known() {
        let certificate = fixture("ec-p256.certificate.pem");
        let der = pem::read(&certificate).blocks[0].der.clone();
        let hex: String = openssl::sha::sha256(&der).iter().map(|b| format!("{b:02x}")).collect();
        let context = context(|inputs| {
            inputs.certificate_id = given(hex);
            inputs.certificate = Some(key_of(certificate));
        });
        let verdict = decide(&SPEC, &context);
        assert_eq!(findings(&verdict), ["fingerprint"]);
        let id = CertificateId::of_certificate(&der);
        assert!(verdict.summary().contains(id.as_str()), "{}", verdict.summary());
    }

    #[test]
    fn the_client_id_in_its_place_is_named() {
        let hex = "0123456789abcdef".repeat(4);
        let context = context(|inputs| {
            inputs.certificate_id = given(&*hex);
            inputs.client_id = given(&*hex);
        });
        assert_eq!(findings(&decide(&SPEC, &context)), ["client-id-given"]);
    }
}
