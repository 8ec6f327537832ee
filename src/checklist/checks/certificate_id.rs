//! `certificate-id`

use super::identifier;
use crate::checklist::context::Context;
use crate::checklist::engine::{Evidence, FindingId, ReasonCode, Severity, Verdict};
use crate::checklist::ids;
use crate::checklist::spec::{Run, Spec, findings};
use crate::credentials::identifiers::{
    CertificateIdError, ReadCertificateId, Shape, hex, read_certificate_id, read_token, same_value,
};
use crate::types::CertificateId;

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
    phase: ids::CREDENTIALS,
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
    let other = if client_id.is_some_and(|id| read_token(id).is_ok()) {
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
mod tests;
