//! `certificate-id`

use super::identifier;
use crate::checks::context::Context;
use crate::checks::ids;
use crate::checks::spec::{self, Run, Spec, findings};
use crate::credentials::identifiers::{
    CertificateIdError, ReadCertificateId, Shape, read_certificate_id, read_client_id, same_value,
};
use crate::engine::{Evidence, FindingId, ReasonCode, Severity, Verdict};
use crate::types::CertificateId;
use crate::types::hex;

findings! {
    CLEANED = "cleaned",
    CONVERTED = "other-base64",
    PUNCTUATION = "begins-with-punctuation",
    EMPTY = "empty",
    SWAPPED = "swapped",
    IS_CLIENT_ID = "same-as-client-id",
    IS_SECRET = "same-as-secret",
    HEX = "hexadecimal",
    FINGERPRINT = "fingerprint-given",
    SHA1 = "sha1-given",
    SERIAL = "serial-given",
    APPLICATION_ID = "application-id-given",
    OTHER_STORE = "other-store",
    NETSUITE_KEY = "netsuite-key-given",
    NAME = "name-given",
    OTHER_VALUE = "other-value",
    LENGTH = "wrong-length",
    ENDING = "wrong-ending",
    CHARACTERS = "wrong-characters",
}

/// The declaration of `certificate-id`.
pub const SPEC: Spec = Spec {
    id: ids::CERTIFICATE_ID,
    phase: spec::CREDENTIALS,
    needs: &[],
    after: &[ids::CERTIFICATE],
    findings: &[FINDINGS],
    run: Run::Offline(run),
};

fn run(context: &Context) -> Verdict {
    let Some(given) = &context.inputs.certificate_id else {
        return Verdict::skipped(ReasonCode::NotProvided, "No Certificate ID was given.");
    };
    match read_certificate_id(&given.value) {
        Ok(read) => {
            let verdict = known(&read).evidence(
                Evidence::new("certificate_id", read.id.as_str()).source(given.origin.to_string()),
            );
            let _ = context.facts.certificate_id.set(read.id);
            verdict
        }
        Err(CertificateIdError::OtherValue(Shape::Hex64)) => hexadecimal(context, &given.value),
        Err(error) => {
            let text = format!("This is no Certificate ID: {error}.");
            let verdict = Verdict::fail(finding(&error), text);
            match error {
                CertificateIdError::Fingerprint(id) => computed(verdict, &id),
                _ => verdict,
            }
        }
    }
}

fn known(read: &ReadCertificateId) -> Verdict {
    let mut seen = Vec::new();
    seen.extend(identifier::cleaned(CLEANED, &read.cleanups));
    if read.converted {
        let text = "It was given in standard base64, which NetSuite does not use for it, and was converted.";
        seen.push((Severity::Warn, CONVERTED, text.to_owned()));
    }
    if read.id.starts_with_punctuation() {
        let text = "It begins with a character that some programs take for something else.";
        seen.push((Severity::Note, PUNCTUATION, text.to_owned()));
    }
    let lead = format!("Certificate ID {} has the right form.", read.id);
    let verdict = identifier::read(lead, seen).param("certificate_id", read.id.as_str());
    identifier::repairs(verdict, &read.cleanups)
}

/// 64 hexadecimal characters are a Client ID, a Client Secret or a fingerprint. The ID that such a
/// fingerprint gives is shown for the certificate at hand only: of a secret it would be the secret
/// in another form.
fn hexadecimal(context: &Context, given: &str) -> Verdict {
    let inputs = &context.inputs;
    let certificate = context.facts.certificate.get();
    if let Some(certificate) =
        certificate.filter(|certificate| same_value(&hex(&certificate.sha256()), given))
    {
        let id = certificate.certificate_id();
        let text = format!("This is the SHA-256 fingerprint of the certificate, whose ID is {id}.");
        return computed(Verdict::fail(FINGERPRINT, text), &id);
    }
    let client_id = inputs.client_id.as_ref().map(|given| given.value.as_str());
    if client_id.is_some_and(|id| same_value(id, given)) {
        let text = "The Client ID was given as Certificate ID as well.";
        return Verdict::fail(IS_CLIENT_ID, text);
    }
    if client_id.is_some_and(|id| read_certificate_id(id).is_ok()) {
        let text = "Client ID and Certificate ID look swapped: each has the form of the other.";
        return Verdict::fail(SWAPPED, text);
    }
    let secret = inputs.client_secret.as_ref().and_then(|secret| secret.bytes.expose_str());
    if secret.is_some_and(|secret| same_value(secret, given)) {
        return Verdict::fail(IS_SECRET, "The Client Secret was given as Certificate ID.");
    }
    let other = if client_id.is_some_and(|id| read_client_id(id).is_ok()) {
        "a Client Secret or the SHA-256 fingerprint of a certificate"
    } else {
        "a Client ID or the SHA-256 fingerprint of a certificate"
    };
    let text = format!(
        "This is no Certificate ID: with 64 hexadecimal characters it has the form of {other}."
    );
    Verdict::fail(HEX, text)
}

fn computed(verdict: Verdict, id: &CertificateId) -> Verdict {
    let evidence = Evidence::new("certificate_id_of_fingerprint", id.as_str())
        .source("base64url of the SHA-256, without padding");
    verdict.evidence(evidence).param("computed_id", id.as_str())
}

fn finding(error: &CertificateIdError) -> FindingId {
    match error {
        CertificateIdError::Empty => EMPTY,
        CertificateIdError::Fingerprint(_) => FINGERPRINT,
        CertificateIdError::Length(_) => LENGTH,
        CertificateIdError::Ending => ENDING,
        CertificateIdError::Characters { .. } => CHARACTERS,
        CertificateIdError::OtherValue(shape) => match shape {
            Shape::Sha1 => SHA1,
            Shape::Serial => SERIAL,
            Shape::Uuid => APPLICATION_ID,
            Shape::CustCertificate => OTHER_STORE,
            Shape::NetSuiteKey => NETSUITE_KEY,
            Shape::Words => NAME,
            _ => OTHER_VALUE,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::context::Inputs;
    use crate::checks::testing::identifier::*;
    use crate::credentials::certificate::colon_hex;
    use crate::credentials::certificate::samples::Sample;
    use crate::engine::Status::{self, Fail, Pass, Warn};

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
}
