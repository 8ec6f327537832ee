//! `certificate-signature`

use super::certificate::established;
use crate::checks::context::Context;
use crate::checks::ids;
use crate::checks::spec::{self, Run, Spec, findings};
use crate::credentials::certificate::SelfSignature;
use crate::engine::{Evidence, Severity, Verdict};

findings! {
    WRONG = "wrong",
    ISSUED_BY_ANOTHER = "issued-by-another",
    UNVERIFIABLE = "unverifiable",
    WEAK_HASH = "weak-hash",
}

/// The declaration of `certificate-signature`.
pub const SPEC: Spec = Spec {
    id: ids::CERTIFICATE_SIGNATURE,
    phase: spec::CREDENTIALS,
    needs: &[ids::CERTIFICATE],
    after: &[],
    findings: &[FINDINGS],
    run: Run::Offline(run),
};

fn run(context: &Context) -> Verdict {
    let certificate = match established(context) {
        Ok(certificate) => certificate,
        Err(verdict) => return *verdict,
    };
    let algorithm = certificate.signature_algorithm();
    let verdict = match certificate.self_signature() {
        SelfSignature::Holds => Verdict::pass(format!("Self-signed, {algorithm}; it verifies.")),
        SelfSignature::Wrong => Verdict::fail(
            WRONG,
            "The certificate names itself as its signer, but its key did not make the signature on these bytes.",
        ),
        SelfSignature::IssuedByAnother => Verdict::warn(
            ISSUED_BY_ANOTHER,
            format!(
                "The certificate was signed by another key ({}), so that its signature cannot be verified from this file.",
                certificate.issuer()
            ),
        ),
        SelfSignature::Unverifiable => Verdict::warn(
            UNVERIFIABLE,
            format!("The signature ({algorithm}) is of a kind that cannot be verified here."),
        ),
    };
    let verdict = if algorithm.has_weak_hash() {
        let text = format!("It is signed with a hash that has been broken ({algorithm}).");
        verdict.note(Severity::Warn, WEAK_HASH, text)
    } else {
        verdict
    };
    verdict
        .evidence(Evidence::new("signature_algorithm", algorithm.to_string()))
        .evidence(Evidence::new("subject", certificate.subject()))
        .evidence(Evidence::new("issuer", certificate.issuer()))
}

#[cfg(test)]
mod tests {
    use openssl::hash::MessageDigest;

    use super::*;
    use crate::checks::testing::certificate::{context, findings, rsa};
    use crate::credentials::Certificate;
    use crate::credentials::certificate::samples::{Sample, patched};
    use crate::engine::Status;

    fn judge(certificate: Certificate) -> (Status, Vec<&'static str>) {
        let verdict = run(&context(Some(certificate), "2026-06-01T00:00:00Z"));
        (verdict.status(), findings(&verdict))
    }

    #[test]
    fn a_signature_of_its_own_key_passes() {
        assert_eq!(judge(Sample::default().certificate()), (Status::Pass, vec![]));
        let sample = Sample { key: rsa(), ..Sample::default() };
        assert_eq!(judge(sample.certificate()), (Status::Pass, vec![]));
    }

    #[test]
    fn changed_bytes_and_another_key_fail() {
        let der = patched(&Sample::default().der(), b"270101000000Z", b"270101000001Z");
        let changed = Certificate::from_der(&der).unwrap();
        assert_eq!(judge(changed), (Status::Fail, vec!["wrong"]));
        let signer = Some(Sample::default().key);
        let other = Sample { signer, ..Sample::default() };
        assert_eq!(judge(other.certificate()), (Status::Fail, vec!["wrong"]));
    }

    #[test]
    fn an_issued_certificate_is_told() {
        let signer = Some(Sample::default().key);
        let issued = Sample { signer, issuer: "authority", ..Sample::default() };
        assert_eq!(judge(issued.certificate()), (Status::Warn, vec!["issued-by-another"]));
    }

    #[test]
    fn broken_hashes_warn() {
        for digest in [MessageDigest::md5(), MessageDigest::sha1()] {
            let sample = Sample { key: rsa(), digest, ..Sample::default() };
            assert_eq!(judge(sample.certificate()), (Status::Warn, vec!["weak-hash"]));
        }
    }

    #[test]
    fn an_unknown_algorithm_cannot_be_verified() {
        // ecdsa-with-SHA256 with its last number changed to one that is not taken.
        let oid = b"\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02";
        let other = b"\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x7f";
        let der = patched(&Sample::default().der(), oid, other);
        let certificate = Certificate::from_der(&patched(&der, oid, other)).unwrap();
        assert_eq!(judge(certificate), (Status::Warn, vec!["unverifiable"]));
    }
}
