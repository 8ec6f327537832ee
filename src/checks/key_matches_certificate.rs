//! `key-matches-certificate`

use super::certificate::established;
use crate::checks::context::Context;
use crate::checks::ids;
use crate::checks::spec::{self, Run, Spec, findings};
use crate::credentials::certificate::colon_hex;
use crate::credentials::{Certificate, PrivateKey};
use crate::engine::{Evidence, NodeKey, ReasonCode, Verdict};

findings! {
    MISMATCH = "mismatch",
    UNREADABLE_KEY = "unreadable-key",
}

/// The declaration of `key-matches-certificate`.
pub const SPEC: Spec = Spec {
    id: ids::KEY_MATCHES_CERTIFICATE,
    phase: spec::CREDENTIALS,
    needs: &[ids::PRIVATE_KEY, ids::CERTIFICATE],
    after: &[],
    findings: &[FINDINGS],
    run: Run::Offline(run),
};

fn run(context: &Context) -> Verdict {
    let certificate = match established(context) {
        Ok(certificate) => certificate,
        Err(verdict) => return *verdict,
    };
    if context.inputs.private_key.is_none() {
        return Verdict::skipped(ReasonCode::NotProvided, "No private key was given.");
    }
    let Some(key) = context.facts.private_key.get() else {
        return Verdict::blocked(vec![NodeKey::of(ids::PRIVATE_KEY)]);
    };
    let of_key = key.public_der().map(|der| fingerprint(&der));
    let of_certificate =
        certificate.public_key().and_then(|key| Ok(fingerprint(&key.public_key_to_der()?)));
    let (Ok(of_key), Ok(of_certificate)) = (of_key, of_certificate) else {
        let text = "The public key in the certificate cannot be read, so that it cannot be compared with the private key.";
        return Verdict::inconclusive(ReasonCode::Ambiguous, UNREADABLE_KEY, text);
    };
    judge(key, certificate, &of_key, &of_certificate)
        .evidence(
            Evidence::new("private_key_public_sha256", of_key)
                .source("SHA-256 of the private key's public half (SubjectPublicKeyInfo)"),
        )
        .evidence(
            Evidence::new("certificate_public_sha256", of_certificate)
                .source("SHA-256 of the certificate's public key (SubjectPublicKeyInfo)"),
        )
}

fn judge(
    key: &PrivateKey,
    certificate: &Certificate,
    of_key: &str,
    of_certificate: &str,
) -> Verdict {
    // Of several certificates in a file, the check `certificate` took the one that fits.
    if certificate.belongs_to(key) {
        return Verdict::pass("The private key and the certificate are of one pair.");
    }
    let kinds = match (key.kind(), certificate.key_kind()) {
        (Some(key), Some(certificate)) if key != certificate => {
            format!(" (the key is {key}, the certificate's is {certificate})")
        }
        _ => String::new(),
    };
    Verdict::fail(
        MISMATCH,
        format!(
            "Private key and certificate are not a pair{kinds} (SHA-256: key {}, certificate {}).",
            beginning(of_key),
            beginning(of_certificate)
        ),
    )
}

/// Enough of a fingerprint to tell two apart; the whole is among the evidence.
fn beginning(fingerprint: &str) -> &str {
    fingerprint.get(..11).unwrap_or(fingerprint)
}

fn fingerprint(der: &[u8]) -> String {
    colon_hex(&openssl::sha::sha256(der))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::certificate::{context, findings, material};
    use crate::credentials::certificate::samples::{Sample, patched};
    use crate::engine::Status;

    fn judge(key: &Sample, certificate: Certificate) -> Verdict {
        let mut context = context(Some(certificate), "2026-06-01T00:00:00Z");
        context.inputs.private_key = Some(material(b"given"));
        let _ = context.facts.private_key.set(PrivateKey::new(key.key.clone()));
        run(&context)
    }

    #[test]
    fn one_pair_passes_and_two_halves_fail() {
        let (ours, other) = (Sample::default(), Sample::default());
        let verdict = judge(&ours, ours.certificate());
        assert_eq!(verdict.status(), Status::Pass);
        let [first, second] = verdict.facts() else { panic!("two fingerprints") };
        assert_eq!(first.value, second.value);

        let verdict = judge(&ours, other.certificate());
        assert_eq!((verdict.status(), findings(&verdict)), (Status::Fail, vec!["mismatch"]));
        let [first, second] = verdict.facts() else { panic!("two fingerprints") };
        assert_ne!(first.value, second.value);
    }

    #[test]
    fn keys_of_different_kinds_say_so() {
        let rsa = Sample { key: crate::checks::testing::certificate::rsa(), ..Sample::default() };
        let verdict = judge(&Sample::default(), rsa.certificate());
        assert!(verdict.summary().contains("the key is EC P-256, the certificate's is RSA 2048"));
    }

    #[test]
    fn a_public_key_that_cannot_be_read_decides_nothing() {
        let ours = Sample::default();
        // prime256v1 with its last number changed to one that is not taken.
        let curve = b"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07";
        let der = patched(&ours.der(), curve, b"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x7e");
        let verdict = judge(&ours, Certificate::from_der(&der).unwrap());
        assert_eq!(verdict.status(), Status::Inconclusive);
        assert_eq!(findings(&verdict), ["unreadable-key"]);
    }

    #[test]
    fn without_a_key_there_is_nothing_to_compare() {
        let context = context(Some(Sample::default().certificate()), "2026-06-01T00:00:00Z");
        assert_eq!(run(&context).reason().map(|r| r.code), Some(ReasonCode::NotProvided));
        let mut context = context;
        context.inputs.private_key = Some(material(b"unreadable"));
        assert_eq!(run(&context).reason().map(|r| r.code), Some(ReasonCode::Blocked));
    }
}
