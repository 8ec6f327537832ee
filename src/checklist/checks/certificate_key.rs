//! `certificate-key`

use openssl::ec::Asn1Flag;
use openssl::pkey::{Id, PKey, Public};

use super::certificate::established;
use crate::checklist::context::Context;
use crate::checklist::engine::{Evidence, FindingId, Verdict};
use crate::checklist::ids;
use crate::checklist::spec::{Run, Spec};
use crate::credentials::generate::KeyType;
use crate::credentials::key::{KeyKind, kind_of};

const UNREADABLE: FindingId = FindingId::new("unreadable");
const RSA_SIZE: FindingId = FindingId::new("rsa-size");
const OTHER_CURVE: FindingId = FindingId::new("other-curve");
const EXPLICIT_CURVE: FindingId = FindingId::new("explicit-curve");
const PSS_KEY: FindingId = FindingId::new("pss-key");
const OTHER_KIND: FindingId = FindingId::new("other-kind");

/// The declaration of `certificate-key`.
pub const SPEC: Spec = Spec {
    id: ids::CERTIFICATE_KEY,
    phase: ids::CREDENTIALS,
    needs: &[ids::CERTIFICATE],
    after: &[],
    findings: &[UNREADABLE, RSA_SIZE, OTHER_CURVE, EXPLICIT_CURVE, PSS_KEY, OTHER_KIND],
    card: include_str!("../../../checks/certificate-key.toml"),
    run: Run::Offline(run),
};

fn run(context: &Context) -> Verdict {
    let certificate = match established(context) {
        Ok(certificate) => certificate,
        Err(verdict) => return *verdict,
    };
    match certificate.public_key() {
        Ok(key) => judge(&key).evidence(
            Evidence::new("public_key", describe(&key))
                .expected("RSA of 3072 or 4096 bits, or EC on P-256, P-384 or P-521"),
        ),
        Err(_) => Verdict::fail(
            UNREADABLE,
            "The public key in the certificate is damaged, or of a kind that OpenSSL does not know.",
        ),
    }
}

fn judge(key: &PKey<Public>) -> Verdict {
    let what = describe(key);
    if key.id() == Id::EC && !has_named_curve(key) {
        let text = "The certificate's EC key spells its curve out in numbers instead of naming it.";
        return Verdict::fail(EXPLICIT_CURVE, text);
    }
    match (kind_of(key), key.id()) {
        (Some(kind), _) if accepted(kind) => {
            Verdict::pass(format!("The certificate's public key is {what}."))
        }
        (Some(KeyKind::Rsa(_)), _) => Verdict::fail(
            RSA_SIZE,
            format!(
                "The certificate's public key is {what}; NetSuite takes RSA keys of 3072 or 4096 bits."
            ),
        ),
        (_, Id::RSA_PSS) => Verdict::warn(
            PSS_KEY,
            format!(
                "The certificate's public key is {what}: it is marked for PSS signatures only (id-RSASSA-PSS)."
            ),
        ),
        (_, Id::EC) => Verdict::fail(
            OTHER_CURVE,
            format!(
                "The certificate's public key is {what}; NetSuite takes P-256, P-384 and P-521."
            ),
        ),
        _ => Verdict::fail(
            OTHER_KIND,
            format!("The certificate's public key is {what}; NetSuite takes RSA and EC keys."),
        ),
    }
}

fn accepted(kind: KeyKind) -> bool {
    KeyType::ALL.iter().any(|key_type| key_type.kind() == kind)
}

/// OpenSSL recognises a curve by its numbers, so that its name alone does not tell.
fn has_named_curve(key: &PKey<Public>) -> bool {
    key.ec_key().is_ok_and(|key| key.group().asn1_flag() == Asn1Flag::NAMED_CURVE)
}

fn describe(key: &PKey<Public>) -> String {
    if let Some(kind) = kind_of(key) {
        return kind.to_string();
    }
    let bits = key.bits();
    match key.id() {
        Id::RSA_PSS => format!("RSA {bits}"),
        Id::EC => {
            let curve = key.ec_key().ok().and_then(|key| key.group().curve_name());
            let name = curve.and_then(|nid| nid.short_name().ok()).unwrap_or("an unknown curve");
            format!("EC {name}")
        }
        Id::DSA => format!("DSA {bits}"),
        Id::ED25519 => "Ed25519".to_owned(),
        Id::ED448 => "Ed448".to_owned(),
        _ => format!("of another kind ({bits} bits)"),
    }
}

#[cfg(test)]
mod tests {
    use openssl::ec::{EcGroup, EcKey};
    use openssl::hash::MessageDigest;
    use openssl::nid::Nid;
    use openssl::pkey::Private;

    use super::*;
    use crate::checklist::checks::certificate::testing::{context, findings, rsa};
    use crate::checklist::engine::Status;
    use crate::credentials::Certificate;
    use crate::credentials::certificate::samples::{Sample, patched};
    use crate::credentials::generate::generate_key;

    fn of(key: PKey<Private>) -> (Status, Vec<&'static str>) {
        let digest =
            if key.id() == Id::ED25519 { MessageDigest::null() } else { MessageDigest::sha256() };
        of_certificate(Sample { key, digest, ..Sample::default() }.certificate())
    }

    fn of_certificate(certificate: Certificate) -> (Status, Vec<&'static str>) {
        let verdict = run(&context(Some(certificate), "2026-06-01T00:00:00Z"));
        (verdict.status(), findings(&verdict))
    }

    fn ec(curve: Nid, flag: Asn1Flag) -> PKey<Private> {
        let mut group = EcGroup::from_curve_name(curve).unwrap();
        group.set_asn1_flag(flag);
        PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
    }

    #[test]
    fn what_netsuite_takes_passes() {
        for key_type in [KeyType::EcP256, KeyType::EcP384, KeyType::EcP521, KeyType::Rsa3072] {
            let key = generate_key(key_type).unwrap().pkey().clone();
            assert_eq!(of(key), (Status::Pass, vec![]), "{key_type}");
        }
    }

    #[test]
    fn everything_else_is_named() {
        let explicit = ec(Nid::X9_62_PRIME256V1, Asn1Flag::EXPLICIT_CURVE);
        for (key, finding) in [
            (rsa(), "rsa-size"),
            (ec(Nid::SECP256K1, Asn1Flag::NAMED_CURVE), "other-curve"),
            (explicit, "explicit-curve"),
            (PKey::generate_ed25519().unwrap(), "other-kind"),
        ] {
            assert_eq!(of(key), (Status::Fail, vec![finding]));
        }
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
        assert_eq!(of_certificate(certificate), (Status::Warn, vec!["pss-key"]));
    }

    #[test]
    fn a_key_of_no_known_kind_fails() {
        let curve = b"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07";
        let der = Sample::default().der();
        let der = patched(&der, curve, b"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x7e");
        let certificate = Certificate::from_der(&der).unwrap();
        assert_eq!(of_certificate(certificate), (Status::Fail, vec!["unreadable"]));
    }
}
