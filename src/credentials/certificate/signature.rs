//! The signature on a certificate: what made it, and whether it holds.

use std::fmt;

use openssl::nid::Nid;
use openssl::x509::X509Ref;
use x509_parser::asn1_rs::{FromDer as _, Oid};
use x509_parser::signature_algorithm::RsaSsaPssParams;
use x509_parser::x509::AlgorithmIdentifier;

use super::printable;

/// The padding of an RSA signature, or another kind of signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scheme {
    /// RSA with PKCS#1 v1.5 padding.
    RsaPkcs1,
    /// RSASSA-PSS.
    RsaPss {
        /// Hash of the mask generation function, where it is known.
        mask_hash: Option<String>,
        /// Salt length in bytes.
        salt: u32,
    },
    /// ECDSA.
    Ecdsa,
    /// Anything else, by its name or number.
    Other(String),
}

/// What a certificate was signed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureAlgorithm {
    /// The kind of signature.
    pub scheme: Scheme,
    /// The hash, such as `SHA-256`, where it is known.
    pub hash: Option<String>,
}

impl SignatureAlgorithm {
    /// Reads it from the raw `AlgorithmIdentifier`, header included, and from OpenSSL's view of it.
    #[must_use]
    pub(super) fn from_x509(x509: &X509Ref, identifier: Option<&[u8]>) -> Self {
        let nid = x509.signature_algorithm().object().nid();
        if nid == Nid::RSASSAPSS {
            return identifier.and_then(read_pss).unwrap_or(Self {
                scheme: Scheme::Other("RSASSA-PSS with parameters that cannot be read".to_owned()),
                hash: None,
            });
        }
        let parts = nid.signature_algorithms();
        let hash = parts.as_ref().and_then(|parts| hash_name(parts.digest));
        let scheme = match parts.map(|parts| parts.pkey) {
            Some(Nid::RSAENCRYPTION) => Scheme::RsaPkcs1,
            Some(Nid::X9_62_ID_ECPUBLICKEY) => Scheme::Ecdsa,
            _ => Scheme::Other(match nid.long_name() {
                Ok(name) if nid != Nid::UNDEF => name.to_owned(),
                _ => printable(&x509.signature_algorithm().object().to_string()),
            }),
        };
        Self { scheme, hash }
    }

    /// Whether its hash has been broken, so that nobody should rely on it.
    #[must_use]
    pub fn has_weak_hash(&self) -> bool {
        matches!(self.hash.as_deref(), Some("MD2" | "MD4" | "MD5" | "SHA-1"))
    }
}

fn read_pss(identifier: &[u8]) -> Option<SignatureAlgorithm> {
    let (_, algorithm) = AlgorithmIdentifier::from_der(identifier).ok()?;
    let parameters = RsaSsaPssParams::try_from(algorithm.parameters.as_ref()?).ok()?;
    let mask_hash = match parameters.mask_gen_algorithm_raw() {
        Some(_) => parameters.mask_gen_algorithm().ok().and_then(|mask| oid_name(&mask.hash)),
        // The default of RFC 4055.
        None => Some("SHA-1".to_owned()),
    };
    Some(SignatureAlgorithm {
        scheme: Scheme::RsaPss { mask_hash, salt: parameters.salt_length() },
        hash: oid_name(parameters.hash_algorithm_oid()),
    })
}

fn oid_name(oid: &Oid<'_>) -> Option<String> {
    let nid = openssl::asn1::Asn1Object::from_str(&oid.to_id_string()).ok()?.nid();
    hash_name(nid)
}

fn hash_name(nid: Nid) -> Option<String> {
    let name = match nid {
        Nid::UNDEF => return None,
        Nid::MD5 => "MD5",
        Nid::SHA1 => "SHA-1",
        Nid::SHA224 => "SHA-224",
        Nid::SHA256 => "SHA-256",
        Nid::SHA384 => "SHA-384",
        Nid::SHA512 => "SHA-512",
        other => other.short_name().ok()?,
    };
    Some(name.to_owned())
}

impl fmt::Display for SignatureAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hash = self.hash.as_deref().unwrap_or("an unknown hash");
        match &self.scheme {
            Scheme::RsaPkcs1 => write!(f, "RSA PKCS#1 v1.5 with {hash}"),
            Scheme::Ecdsa => write!(f, "ECDSA with {hash}"),
            Scheme::RsaPss { mask_hash, salt } => {
                let mask = mask_hash.as_deref().unwrap_or("an unknown hash");
                write!(f, "RSA-PSS with {hash}, mask {mask}, salt of {salt} bytes")
            }
            Scheme::Other(name) => f.write_str(name),
        }
    }
}

/// Whether a certificate carries its own signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SelfSignature {
    /// Its own key made it, and it holds.
    Holds,
    /// It names itself as its issuer, and its own key did not make the signature on these bytes.
    Wrong,
    /// Somebody else issued it, so that its own key says nothing about the signature.
    IssuedByAnother,
    /// It cannot be verified here: the key or the algorithm is one that OpenSSL does not handle.
    Unverifiable,
}

impl SelfSignature {
    /// Verifies it.
    #[must_use]
    pub(super) fn verify(x509: &X509Ref, names_itself: bool) -> Self {
        let verified = x509.public_key().map(|key| x509.verify(&key));
        match verified {
            Ok(Ok(true)) => Self::Holds,
            // A signer with the same name and another key is another signer.
            _ if !names_itself || names_another_key(x509) => Self::IssuedByAnother,
            Ok(Ok(false)) => Self::Wrong,
            Ok(Err(_)) | Err(_) => Self::Unverifiable,
        }
    }
}

fn names_another_key(x509: &X509Ref) -> bool {
    match (x509.subject_key_id(), x509.authority_key_id()) {
        (Some(own), Some(signer)) => own.as_slice() != signer.as_slice(),
        _ => false,
    }
}
