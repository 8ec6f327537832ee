//! `client-id`

use super::identifier;
use crate::checks::context::Context;
use crate::checks::ids;
use crate::checks::spec::{self, Run, Spec, findings};
use crate::credentials::identifiers::{
    ClientIdError, ReadClientId, Shape, clean, client_id_for_report, read_client_id, same_value,
};
use crate::engine::{Evidence, FindingId, ReasonCode, Severity, Verdict};
use crate::types::ClientId;
use crate::types::hex;

findings! {
    CLEANED = "cleaned",
    UPPER_CASE = "upper-case",
    EMPTY = "empty",
    IS_SECRET = "same-as-secret",
    IS_CERTIFICATE_ID = "same-as-certificate-id",
    FINGERPRINT = "fingerprint-given",
    SWAPPED = "swapped",
    CERTIFICATE_ID = "certificate-id-given",
    APPLICATION_ID = "application-id-given",
    ACCOUNT_ID = "account-id-given",
    OTHER_VALUE = "other-value",
    LENGTH = "wrong-length",
    CHARACTERS = "wrong-characters",
}

/// The declaration of `client-id`.
pub const SPEC: Spec = Spec {
    id: ids::CLIENT_ID,
    phase: spec::CREDENTIALS,
    needs: &[],
    after: &[ids::CERTIFICATE],
    findings: &[FINDINGS],
    run: Run::Offline(run),
};

fn run(context: &Context) -> Verdict {
    let Some(given) = &context.inputs.client_id else {
        return Verdict::skipped(ReasonCode::NotProvided, "No Client ID was given.");
    };
    let secret = context.inputs.client_secret.as_ref().map(|secret| secret.bytes.expose());
    let verdict = judge(context, &given.value, secret);
    match client_id_for_report(&given.value, secret) {
        Some(shown) => {
            verdict.evidence(Evidence::new("client_id", shown).source(given.origin.to_string()))
        }
        None => verdict,
    }
}

fn judge(context: &Context, given: &str, secret: Option<&[u8]>) -> Verdict {
    let secret = secret.and_then(|secret| std::str::from_utf8(secret).ok());
    // First of all, because a value that may be the secret must go no further.
    if secret.is_some_and(|secret| same_value(given, secret)) {
        return Verdict::fail(IS_SECRET, "Client ID and Client Secret are the same value.");
    }
    match read_client_id(given) {
        Ok(read) => known(context, read),
        Err(error) => {
            let (finding, text) = unreadable(context, &error);
            Verdict::fail(finding, text)
        }
    }
}

fn known(context: &Context, read: ReadClientId) -> Verdict {
    let value = read.value.as_str();
    let certificate = context.facts.certificate.get();
    let is_fingerprint = certificate
        .is_some_and(|certificate| hex(&certificate.sha256()).eq_ignore_ascii_case(value));
    if is_fingerprint {
        let text = "This is no Client ID: it is the SHA-256 fingerprint of the certificate.";
        return Verdict::fail(FINGERPRINT, text);
    }
    let mut seen = Vec::new();
    seen.extend(identifier::cleaned(CLEANED, &read.cleanups));
    if read.upper_case {
        let text = "It has capital letters, which no known Client ID has; it is used as it stands.";
        seen.push((Severity::Warn, UPPER_CASE, text.to_owned()));
    }
    if certificate_id(context).is_some_and(|other| same_value(value, other)) {
        let text =
            "The same value was given as Certificate ID; at most one of the two can be right.";
        seen.push((Severity::Warn, IS_CERTIFICATE_ID, text.to_owned()));
    }
    let lead = format!("Client ID {} has the right form.", read.value.shortened());
    let verdict = identifier::repairs(identifier::read(lead, seen), &read.cleanups);
    let _ = context.facts.client_id.set(read.value);
    verdict
}

fn certificate_id(context: &Context) -> Option<&str> {
    context.inputs.certificate_id.as_ref().map(|given| given.value.as_str())
}

fn unreadable(context: &Context, error: &ClientIdError) -> (FindingId, String) {
    let text = format!("This is no Client ID: {error}.");
    let finding = match error {
        ClientIdError::Empty => EMPTY,
        ClientIdError::Length(_) => LENGTH,
        ClientIdError::Characters { .. } => CHARACTERS,
        ClientIdError::OtherValue(Shape::CertificateId | Shape::OtherBase64) => {
            let other = certificate_id(context).map(clean).map(|other| other.joined().text);
            if other.is_some_and(|other| ClientId::new(&other).is_ok()) {
                let text =
                    "Client ID and Certificate ID look swapped: each has the form of the other.";
                return (SWAPPED, text.to_owned());
            }
            CERTIFICATE_ID
        }
        ClientIdError::OtherValue(Shape::Uuid) => APPLICATION_ID,
        ClientIdError::OtherValue(Shape::AccountId) => ACCOUNT_ID,
        ClientIdError::OtherValue(_) => OTHER_VALUE,
    };
    (finding, text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::context::Inputs;
    use crate::checks::testing::identifier::*;
    use crate::credentials::certificate::samples::Sample;
    use crate::engine::Status::{self, Fail, Pass, Warn};

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
            (
                "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----",
                Fail,
                &["other-value"],
            ),
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
}
