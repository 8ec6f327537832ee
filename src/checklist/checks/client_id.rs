//! `client-id`

use super::identifier;
use crate::checklist::context::Context;
use crate::checklist::engine::{Evidence, FindingId, ReasonCode, Severity, Verdict};
use crate::checklist::ids;
use crate::checklist::spec::{Run, Spec, findings};
use crate::credentials::identifiers::{
    ReadToken, Shape, TokenError, clean, for_report, hex, read_token, same_value,
};
use crate::types::ClientId;

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
    phase: ids::CREDENTIALS,
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
    match for_report(&given.value, secret) {
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
    match read_token(given) {
        Ok(read) => known(context, read),
        Err(error) => {
            let (finding, text) = unreadable(context, &error);
            Verdict::fail(finding, text)
        }
    }
}

fn known(context: &Context, read: ReadToken) -> Verdict {
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

fn unreadable(context: &Context, error: &TokenError) -> (FindingId, String) {
    let text = format!("This is no Client ID: {error}.");
    let finding = match error {
        TokenError::Empty => EMPTY,
        TokenError::Length(_) => LENGTH,
        TokenError::Characters { .. } => CHARACTERS,
        TokenError::OtherValue(Shape::CertificateId | Shape::OtherBase64) => {
            let other = certificate_id(context).map(clean).map(|other| other.joined().text);
            if other.is_some_and(|other| ClientId::new(&other).is_ok()) {
                let text =
                    "Client ID and Certificate ID look swapped: each has the form of the other.";
                return (SWAPPED, text.to_owned());
            }
            CERTIFICATE_ID
        }
        TokenError::OtherValue(Shape::Uuid) => APPLICATION_ID,
        TokenError::OtherValue(Shape::AccountId) => ACCOUNT_ID,
        TokenError::OtherValue(_) => OTHER_VALUE,
    };
    (finding, text)
}

#[cfg(test)]
mod tests;
