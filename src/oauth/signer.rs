//! The six signatures. `jsonwebtoken` has no ES512, hence one signer on OpenSSL for all.

use openssl::bn::BigNumRef;
use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKeyRef, Private};
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Signer};

use crate::credentials::PrivateKey;
use crate::types::Algorithm;
use crate::types::{Curve, KeyKind};

/// No signature came about. Nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// RFC 7518 knows no algorithm for such a key.
    #[error("this kind of key cannot sign with any algorithm that NetSuite accepts")]
    UnknownKey,
    /// The algorithm belongs to another kind of key.
    #[error("{algorithm} does not fit a key of kind {kind}")]
    Mismatch {
        /// As asked for.
        algorithm: Algorithm,
        /// Of the key given.
        kind: KeyKind,
    },
    /// OpenSSL could not sign, for instance because an RSA key is too short for the hash.
    #[error("the key cannot make a {0} signature; it is too short or damaged")]
    Failed(Algorithm),
}

/// The algorithm to use: the one asked for where it fits the key, else the key's own.
///
/// # Errors
/// When the key has no algorithm, or not the one asked for.
pub fn choose(key: &PrivateKey, asked: Option<Algorithm>) -> Result<Algorithm, SignError> {
    let kind = key.kind().ok_or(SignError::UnknownKey)?;
    match asked {
        None => Ok(kind.default_algorithm()),
        Some(algorithm) if kind.fits(algorithm) => Ok(algorithm),
        Some(algorithm) => Err(SignError::Mismatch { algorithm, kind }),
    }
}

/// Signs `input` as RFC 7518 wants it: PSS with a salt as long as the hash and MGF1 of the same
/// hash (3.5), or the two numbers of an ECDSA signature side by side in fixed width (3.4).
///
/// # Errors
/// When the algorithm does not fit the key or OpenSSL cannot sign.
pub fn sign(key: &PrivateKey, algorithm: Algorithm, input: &[u8]) -> Result<Vec<u8>, SignError> {
    choose(key, Some(algorithm))?;
    let digest = match algorithm {
        Algorithm::Ps256 | Algorithm::Es256 => MessageDigest::sha256(),
        Algorithm::Ps384 | Algorithm::Es384 => MessageDigest::sha384(),
        Algorithm::Ps512 | Algorithm::Es512 => MessageDigest::sha512(),
    };
    let made = match key.kind() {
        Some(KeyKind::Ec(curve)) => ecdsa(key.pkey(), digest, curve, input),
        _ => pss(key.pkey(), digest, input),
    };
    made.map_err(|_| SignError::Failed(algorithm))
}

fn pss(key: &PKeyRef<Private>, digest: MessageDigest, input: &[u8]) -> Result<Vec<u8>, ErrorStack> {
    let mut signer = Signer::new(digest, key)?;
    signer.set_rsa_padding(Padding::PKCS1_PSS)?;
    signer.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)?;
    signer.set_rsa_mgf1_md(digest)?;
    signer.sign_oneshot_to_vec(input)
}

fn ecdsa(
    key: &PKeyRef<Private>,
    digest: MessageDigest,
    curve: Curve,
    input: &[u8],
) -> Result<Vec<u8>, ErrorStack> {
    let width = match curve {
        Curve::P256 => 32,
        Curve::P384 => 48,
        Curve::P521 => 66,
    };
    let der = Signer::new(digest, key)?.sign_oneshot_to_vec(input)?;
    let signature = EcdsaSig::from_der(&der)?;
    let fixed = |number: &BigNumRef| number.to_vec_padded(width);
    Ok([fixed(signature.r())?, fixed(signature.s())?].concat())
}

#[cfg(test)]
mod tests;
