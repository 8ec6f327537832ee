//! Names a DER structure by its form, and knows the labels of PEM.

use super::thing::GivenThing;
use crate::credentials::der::{self, BIT_STRING, Element, INTEGER, OCTET_STRING, OID, SEQUENCE};

/// Labels, what they promise, in the spelling of RFC 7468 or of the program that writes them.
pub(super) const LABELS: &[(&str, GivenThing)] = &[
    ("PRIVATE KEY", GivenThing::Pkcs8),
    ("ENCRYPTED PRIVATE KEY", GivenThing::EncryptedPkcs8),
    ("RSA PRIVATE KEY", GivenThing::Pkcs1),
    ("EC PRIVATE KEY", GivenThing::Sec1),
    ("DSA PRIVATE KEY", GivenThing::DsaPrivateKey),
    ("CERTIFICATE", GivenThing::Certificate),
    ("X509 CERTIFICATE", GivenThing::Certificate),
    ("TRUSTED CERTIFICATE", GivenThing::TrustedCertificate),
    ("CERTIFICATE REQUEST", GivenThing::CertificateRequest),
    ("NEW CERTIFICATE REQUEST", GivenThing::CertificateRequest),
    ("X509 CRL", GivenThing::RevocationList),
    ("PUBLIC KEY", GivenThing::PublicKey),
    ("RSA PUBLIC KEY", GivenThing::RsaPublicKey),
    ("EC PARAMETERS", GivenThing::EcParameters),
    ("DH PARAMETERS", GivenThing::OtherParameters),
    ("DSA PARAMETERS", GivenThing::OtherParameters),
    ("PKCS7", GivenThing::Pkcs7),
    ("PKCS #7 SIGNED DATA", GivenThing::Pkcs7),
    ("CMS", GivenThing::Pkcs7),
    ("PKCS12", GivenThing::Pkcs12),
    ("OPENSSH PRIVATE KEY", GivenThing::OpenSshPrivateKey),
    ("SSH2 ENCRYPTED PRIVATE KEY", GivenThing::OpenSshPrivateKey),
    ("SSH2 PUBLIC KEY", GivenThing::SshPublicKey),
    ("PGP PRIVATE KEY BLOCK", GivenThing::Pgp),
    ("PGP PUBLIC KEY BLOCK", GivenThing::Pgp),
    ("PGP MESSAGE", GivenThing::Pgp),
    ("PGP SIGNATURE", GivenThing::Pgp),
];

/// What a label promises.
pub(super) fn promised(label: &str) -> GivenThing {
    let known = LABELS.iter().find(|(name, _)| *name == label);
    known.map_or(GivenThing::OtherPem, |(_, thing)| *thing)
}

/// What a DER structure is, by its form alone. Nothing is verified.
#[must_use]
pub fn classify_der(bytes: &[u8]) -> GivenThing {
    match der::first(bytes) {
        Some(whole) if whole.tag == SEQUENCE => sequence(whole),
        Some(whole) if whole.tag == OID => GivenThing::EcParameters,
        _ => GivenThing::OtherDer,
    }
}

const PKCS7: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07];

fn sequence(whole: Element<'_>) -> GivenThing {
    // Two more than the longest form that is told apart by counting.
    let parts: Vec<Element<'_>> = whole.children().take(12).collect();
    let tags: Vec<u8> = parts.iter().map(|part| part.tag).collect();
    let version = parts.first().and_then(|part| der::small_integer(*part));
    match (tags.as_slice(), version) {
        ([INTEGER, SEQUENCE, OCTET_STRING, ..], _) => GivenThing::Pkcs8,
        ([INTEGER, OCTET_STRING, ..], _) => GivenThing::Sec1,
        ([INTEGER, SEQUENCE, ..], Some(3)) => GivenThing::Pkcs12,
        ([INTEGER, INTEGER], _) => GivenThing::RsaPublicKey,
        ([INTEGER, INTEGER, INTEGER], _) => GivenThing::OtherParameters,
        ([INTEGER, rest @ ..], Some(0)) if all_integers(rest) && rest.len() == 5 => {
            GivenThing::DsaPrivateKey
        }
        ([INTEGER, rest @ ..], _) if rest.get(..8).is_some_and(all_integers) => GivenThing::Pkcs1,
        ([INTEGER, SEQUENCE, SEQUENCE, OCTET_STRING, INTEGER, ..], _) => GivenThing::EcParameters,
        ([OID, ..], _) if parts.first().is_some_and(|oid| oid.content.starts_with(PKCS7)) => {
            GivenThing::Pkcs7
        }
        ([SEQUENCE, BIT_STRING], _) => GivenThing::PublicKey,
        ([SEQUENCE, OCTET_STRING], _) => GivenThing::EncryptedPkcs8,
        ([SEQUENCE, SEQUENCE, BIT_STRING, ..], _) => {
            parts.first().map_or(GivenThing::OtherDer, |body| signed(*body))
        }
        _ => GivenThing::OtherDer,
    }
}

fn all_integers(tags: &[u8]) -> bool {
    tags.iter().all(|tag| *tag == INTEGER)
}

/// Certificate, request or revocation list: all are signed in the same way.
fn signed(body: Element<'_>) -> GivenThing {
    const EXPLICIT_0: u8 = 0xa0;
    const UTC_TIME: u8 = 0x17;
    const GENERALIZED_TIME: u8 = 0x18;
    let tags: Vec<u8> = body.children().take(5).map(|part| part.tag).collect();
    match tags.as_slice() {
        [EXPLICIT_0, INTEGER, ..] | [INTEGER, SEQUENCE, SEQUENCE, SEQUENCE, ..] => {
            GivenThing::Certificate
        }
        [INTEGER, SEQUENCE, SEQUENCE, UTC_TIME | GENERALIZED_TIME, ..]
        | [SEQUENCE, SEQUENCE, UTC_TIME | GENERALIZED_TIME, ..] => GivenThing::RevocationList,
        [INTEGER, SEQUENCE, SEQUENCE, ..] => GivenThing::CertificateRequest,
        _ => GivenThing::OtherDer,
    }
}
