//! `certificate-key`

use super::certificate::established;
use crate::checks::context::Context;
use crate::checks::ids;
use crate::checks::spec::{self, Run, Spec, findings};
use crate::credentials::strength::{Judgement, judge_public};
use crate::engine::{Evidence, FindingId, Severity, Verdict};

findings! {
    UNREADABLE = "unreadable",
}

/// The flaws that a public key can show.
const FLAWS: &[FindingId] = &[
    FindingId::new("rsa-size"),
    FindingId::new("rsa-pss-key"),
    FindingId::new("exponent-invalid"),
    FindingId::new("exponent-small"),
    FindingId::new("exponent-long"),
    FindingId::new("small-factor"),
    FindingId::new("close-primes"),
    FindingId::new("roca"),
    FindingId::new("other-curve"),
    FindingId::new("explicit-curve"),
    FindingId::new("point-invalid"),
    FindingId::new("dsa"),
    FindingId::new("edwards"),
    FindingId::new("key-agreement"),
    FindingId::new("other-kind"),
];

/// The declaration of `certificate-key`. Its findings are the flaws that a public key can show,
/// and one for a key that cannot be read.
pub const SPEC: Spec = Spec {
    id: ids::CERTIFICATE_KEY,
    phase: spec::CREDENTIALS,
    needs: &[ids::CERTIFICATE],
    after: &[],
    findings: &[FINDINGS, FLAWS],
    run: Run::Offline(run),
};

fn run(context: &Context) -> Verdict {
    let certificate = match established(context) {
        Ok(certificate) => certificate,
        Err(verdict) => return *verdict,
    };
    match certificate.public_key().and_then(|key| judge_public(&key)) {
        Ok(judgement) => tell(&judgement),
        Err(_) => Verdict::fail(
            UNREADABLE,
            "The public key in the certificate is damaged, or of a kind that OpenSSL does not know.",
        ),
    }
}

fn tell(judgement: &Judgement) -> Verdict {
    let what = &judgement.description;
    let sound = Verdict::pass(format!("The certificate's public key is {what}."));
    let told = judgement.flaws.iter().fold(sound, |verdict, flaw| {
        let severity = if flaw.may_work() { Severity::Warn } else { Severity::Fail };
        verdict.note(severity, FindingId::new(flaw.id()), flaw.to_string())
    });
    told.evidence(
        Evidence::new("public_key", what)
            .expected("RSA of 3072 or 4096 bits, or EC on P-256, P-384 or P-521"),
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use openssl::bn::{BigNum, BigNumRef};
    use openssl::hash::MessageDigest;
    use openssl::pkey::{Id, PKey, Private, Public};
    use openssl::rsa::Rsa;

    use super::*;
    use crate::checks::testing::certificate::{context, findings, rsa};
    use crate::credentials::Certificate;
    use crate::credentials::certificate::samples::{Sample, patched};
    use crate::credentials::strength::Flaw;
    use crate::engine::Status;

    fn fixture(name: &str) -> PKey<Private> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/keys");
        let pem = std::fs::read(format!("{folder}/{name}.pem")).unwrap();
        PKey::private_key_from_pem(&pem).unwrap()
    }

    fn of(certificate: Certificate) -> (Status, Vec<&'static str>) {
        let verdict = run(&context(Some(certificate), "2026-06-01T00:00:00Z"));
        (verdict.status(), findings(&verdict))
    }

    /// Judges a certificate for this private key.
    fn of_private(key: PKey<Private>) -> (Status, Vec<&'static str>) {
        let digest = match key.id() {
            Id::ED25519 | Id::ED448 => MessageDigest::null(),
            _ => MessageDigest::sha256(),
        };
        of(Sample { key, digest, ..Sample::default() }.certificate())
    }

    /// Judges a certificate that carries this public key, whoever signed it.
    fn of_public(key: &PKey<Public>) -> (Status, Vec<&'static str>) {
        of(Sample::default().certificate_for(key))
    }

    fn rsa_with(modulus: &BigNumRef, exponent: &BigNumRef) -> PKey<Public> {
        let (n, e) = (modulus.to_owned().unwrap(), exponent.to_owned().unwrap());
        PKey::from_rsa(Rsa::from_public_components(n, e).unwrap()).unwrap()
    }

    #[test]
    fn what_netsuite_takes_passes() {
        for name in ["ec-p256", "ec-p384", "ec-p521", "rsa-3072", "rsa-4096"] {
            assert_eq!(of_private(fixture(name)), (Status::Pass, vec![]), "{name}");
        }
        // More primes than two are the private key's affair: the public half does not show them.
        assert_eq!(of_private(fixture("rsa-3072-three-primes")), (Status::Pass, vec![]));
    }

    #[test]
    fn everything_else_is_named() {
        for (name, status, finding) in [
            ("rsa-2048", Status::Fail, "rsa-size"),
            ("rsa-3072-exponent-3", Status::Warn, "exponent-small"),
            ("rsa-pss-3072", Status::Warn, "rsa-pss-key"),
            ("ec-secp256k1", Status::Fail, "other-curve"),
            ("ec-brainpool-p256", Status::Fail, "other-curve"),
            ("ec-p256-explicit", Status::Fail, "explicit-curve"),
            ("dsa-2048", Status::Fail, "dsa"),
            ("ed25519", Status::Fail, "edwards"),
            ("ed448", Status::Fail, "edwards"),
        ] {
            assert_eq!(of_private(fixture(name)), (status, vec![finding]), "{name}");
        }
        let agreement = fixture("x25519").raw_public_key().unwrap();
        let agreement = PKey::public_key_from_raw_bytes(&agreement, Id::X25519).unwrap();
        assert_eq!(of_public(&agreement), (Status::Fail, vec!["key-agreement"]));
    }

    #[test]
    fn weak_numbers_are_named() {
        let usual = BigNum::from_u32(65_537).unwrap();
        let sound = fixture("rsa-3072").rsa().unwrap().n().to_owned().unwrap();
        let mut even = sound.to_owned().unwrap();
        even.clear_bit(0).unwrap();
        let mut prime = BigNum::new().unwrap();
        prime.generate_prime(256, true, None, None).unwrap();
        let mut square = BigNum::new().unwrap();
        let mut scratch = openssl::bn::BigNumContext::new().unwrap();
        square.sqr(&prime, &mut scratch).unwrap();
        let mut long = BigNum::new().unwrap();
        long.set_bit(40).unwrap();
        long.add_word(1).unwrap();
        for (modulus, exponent, status, names) in [
            (&even, &usual, Status::Fail, vec!["small-factor"]),
            (&square, &usual, Status::Fail, vec!["rsa-size", "close-primes"]),
            (&sound, &BigNum::from_u32(65_536).unwrap(), Status::Fail, vec!["exponent-invalid"]),
            (&sound, &long, Status::Warn, vec!["exponent-long"]),
        ] {
            assert_eq!(of_public(&rsa_with(modulus, exponent)), (status, names));
        }
    }

    #[test]
    fn the_mark_of_roca_is_found() {
        // Every power of 65537 has the mark.
        let mut power = BigNum::from_u32(1).unwrap();
        for _ in 0..200 {
            power.mul_word(65_537).unwrap();
        }
        let key = rsa_with(&power, &BigNum::from_u32(65_537).unwrap());
        let (status, names) = of_public(&key);
        assert_eq!(status, Status::Fail);
        assert!(names.contains(&"roca"), "{names:?}");
    }

    #[test]
    fn a_key_marked_for_pss_warns() {
        // rsaEncryption (1.2.840.113549.1.1.1) becomes id-RSASSA-PSS (1.2.840.113549.1.1.10),
        // whose parameters must be a SEQUENCE: NULL becomes the empty one.
        let der = Sample { key: rsa(), ..Sample::default() }.der();
        let der = patched(
            &der,
            b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00",
            b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a\x30\x00",
        );
        let certificate = Certificate::from_der(&der).unwrap();
        assert_eq!(of(certificate).0, Status::Warn);
    }

    #[test]
    fn a_curve_without_a_known_name_cannot_be_read() {
        let curve = b"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07";
        let der = Sample::default().der();
        let der = patched(&der, curve, b"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x7e");
        let certificate = Certificate::from_der(&der).unwrap();
        assert_eq!(of(certificate), (Status::Fail, vec!["unreadable"]));
    }

    #[test]
    fn every_flaw_that_a_public_key_can_show_is_declared() {
        let declared: BTreeSet<&str> = SPEC.findings().map(|id| id.as_str()).collect();
        let private = ["multi-prime", "inconsistent", "trivial-scalar"];
        let expected: BTreeSet<&str> = Flaw::IDS
            .iter()
            .copied()
            .filter(|id| !private.contains(id))
            .chain(["unreadable"])
            .collect();
        assert_eq!(declared, expected);
    }
}
