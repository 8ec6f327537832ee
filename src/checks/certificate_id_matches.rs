//! `certificate-id-matches`

use super::certificate::established;
use crate::checks::context::Context;
use crate::checks::ids;
use crate::checks::spec::{self, Run, Spec, findings};
use crate::credentials::Certificate;
use crate::credentials::certificate::colon_hex;
use crate::engine::{Evidence, NodeKey, ReasonCode, Severity, Verdict};
use crate::types::CertificateId;

findings! {
    MISMATCH = "mismatch",
    LETTER_CASE = "letter-case",
    FURTHER_CERTIFICATE = "further-certificate",
    ACCEPTED_ALL_THE_SAME = "accepted-all-the-same",
}

/// How the expected ID comes about, and how well that is proved.
const DERIVATION: &str = "base64url without padding of the SHA-256 of the certificate's DER; proved on the one certificate that Oracle publishes with its ID, not yet on a live account";

/// The declaration of `certificate-id-matches`.
pub const SPEC: Spec = Spec {
    id: ids::CERTIFICATE_ID_MATCHES,
    phase: spec::CREDENTIALS,
    needs: &[ids::CERTIFICATE, ids::CERTIFICATE_ID],
    after: &[ids::TOKEN_EXCHANGE],
    findings: &[FINDINGS],
    run: Run::Offline(run),
};

fn run(context: &Context) -> Verdict {
    let certificate = match established(context) {
        Ok(certificate) => certificate,
        Err(verdict) => return *verdict,
    };
    if context.inputs.certificate_id.is_none() {
        return Verdict::skipped(ReasonCode::NotProvided, "No Certificate ID was given.")
            .evidence(expected(certificate));
    }
    let Some(given) = context.facts.certificate_id.get() else {
        return Verdict::blocked(vec![NodeKey::of(ids::CERTIFICATE_ID)]);
    };
    judge(context, given, certificate)
        .evidence(Evidence::new("certificate_id", given.as_str()))
        .evidence(expected(certificate))
        .evidence(Evidence::new("certificate_sha256", colon_hex(&certificate.sha256())))
        .param("expected_id", certificate.certificate_id().as_str())
}

fn expected(certificate: &Certificate) -> Evidence {
    Evidence::new("expected_certificate_id", certificate.certificate_id().as_str())
        .source(DERIVATION)
}

fn judge(context: &Context, given: &CertificateId, certificate: &Certificate) -> Verdict {
    let wanted = certificate.certificate_id();
    if *given == wanted {
        return Verdict::pass("The Certificate ID is the one that this certificate gets.");
    }
    let severity = match context.facts.token_issued.get() {
        Some(()) => Severity::Warn,
        None => Severity::Fail,
    };
    let others = context.facts.other_certificates.get().map(Vec::as_slice).unwrap_or_default();
    let (finding, text) = if given.as_str().eq_ignore_ascii_case(wanted.as_str()) {
        (LETTER_CASE, "The Certificate ID differs from this certificate's in upper and lower case, which counts.".to_owned())
    } else if let Some(other) =
        others.iter().find(|other| other.certificate.certificate_id() == *given)
    {
        let text = format!(
            "The Certificate ID is that of certificate {} of the file, and the private key belongs to another one.",
            other.number
        );
        (FURTHER_CERTIFICATE, text)
    } else {
        let text = format!("The Certificate ID is not this certificate's, which gets {wanted}.");
        (MISMATCH, text)
    };
    let verdict = Verdict::pass(String::new()).note(severity, finding, text);
    if severity == Severity::Fail {
        return verdict;
    }
    verdict.note(
        Severity::Warn,
        ACCEPTED_ALL_THE_SAME,
        "NetSuite issued a token for this Certificate ID, and its word counts more than the derivation.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::certificate::{context, findings};
    use crate::credentials::certificate::samples::Sample;
    use crate::credentials::certificate::source::OtherCertificate;
    use crate::credentials::input::{Given, Origin};
    use crate::engine::Status;

    fn with_id(certificates: Vec<Certificate>, id: &str) -> Context {
        let mut certificates = certificates.into_iter();
        let mut context = context(certificates.next(), "2026-06-01T00:00:00Z");
        let origin = Origin::Flag("--certificate-id");
        context.inputs.certificate_id = Some(Given { value: id.to_owned(), origin });
        let _ = context.facts.certificate_id.set(CertificateId::new(id).unwrap());
        let others = certificates.zip(2..);
        let others = others.map(|(certificate, number)| OtherCertificate { number, certificate });
        let _ = context.facts.other_certificates.set(others.collect());
        context
    }

    fn judged(context: &Context) -> (Status, Vec<&'static str>) {
        let verdict = run(context);
        (verdict.status(), findings(&verdict))
    }

    #[test]
    fn its_own_id_passes_and_another_fails_with_the_derivation() {
        let ours = Sample::default().certificate();
        let context = with_id(vec![ours.clone()], ours.certificate_id().as_str());
        assert_eq!(judged(&context), (Status::Pass, vec![]));

        let other = Sample::default().certificate().certificate_id();
        let context = with_id(vec![ours.clone()], other.as_str());
        assert_eq!(judged(&context), (Status::Fail, vec!["mismatch"]));
        let verdict = run(&context);
        let shown = verdict.facts().iter().find(|fact| fact.key == "expected_certificate_id");
        let shown = shown.unwrap();
        assert_eq!(shown.value, ours.certificate_id().as_str());
        assert!(shown.source.as_ref().unwrap().contains("not yet on a live account"));
    }

    #[test]
    fn a_token_outranks_the_derivation() {
        let other = Sample::default().certificate().certificate_id();
        let context = with_id(vec![Sample::default().certificate()], other.as_str());
        let _ = context.facts.token_issued.set(());
        assert_eq!(judged(&context), (Status::Warn, vec!["mismatch", "accepted-all-the-same"]));
    }

    #[test]
    fn changed_letters_and_another_certificate_of_the_file_are_named() {
        let ours = Sample::default().certificate();
        // Changing case keeps the alphabet; the last character decides whether unused bits are
        // set, so it is left alone.
        let id = ours.certificate_id().as_str().to_owned();
        let (head, tail) = id.split_at(id.len() - 1);
        let swapped: String = head
            .chars()
            .map(|c| {
                if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }
            })
            .collect();
        let context = with_id(vec![ours.clone()], &format!("{swapped}{tail}"));
        assert_eq!(judged(&context), (Status::Fail, vec!["letter-case"]));

        let second = Sample::default().certificate();
        let id = second.certificate_id();
        let context = with_id(vec![ours, second], id.as_str());
        assert_eq!(judged(&context), (Status::Fail, vec!["further-certificate"]));
    }

    #[test]
    fn without_an_id_the_expected_one_is_told() {
        let ours = Sample::default().certificate();
        let verdict = run(&context(Some(ours.clone()), "2026-06-01T00:00:00Z"));
        assert_eq!(verdict.reason().map(|r| r.code), Some(ReasonCode::NotProvided));
        assert_eq!(verdict.facts()[0].value, ours.certificate_id().as_str());
        let mut unread = context(Some(ours), "2026-06-01T00:00:00Z");
        let origin = Origin::Flag("--certificate-id");
        unread.inputs.certificate_id = Some(Given { value: "no id".to_owned(), origin });
        assert_eq!(run(&unread).reason().map(|r| r.code), Some(ReasonCode::Blocked));
    }
}
