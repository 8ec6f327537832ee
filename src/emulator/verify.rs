//! Verifies the six JWS signatures, on OpenSSL and on nothing of the product's own.

use openssl::bn::BigNum;
use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{Id, PKey, Public};
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Verifier};

use crate::types::Algorithm;

/// Whether `signature` is a signature of `message` by the key (SubjectPublicKeyInfo DER) under the
/// rules of RFC 7518: RSASSA-PSS with MGF1 of the same hash and a salt as long as the hash; ECDSA
/// on the algorithm's own curve as R‖S of exact width. Anything else is false, never an error.
#[must_use]
#[cfg(test)]
pub fn verify(algorithm: Algorithm, spki: &[u8], message: &[u8], signature: &[u8]) -> bool {
    PKey::public_key_from_der(spki)
        .is_ok_and(|key| verify_with_key(algorithm, &key, message, signature))
}

/// As [`verify`], with a key that was already read.
#[must_use]
pub fn verify_with_key(
    algorithm: Algorithm,
    key: &PKey<Public>,
    message: &[u8],
    signature: &[u8],
) -> bool {
    let verdict = match algorithm {
        Algorithm::Ps256 | Algorithm::Ps384 | Algorithm::Ps512 => {
            pss(digest(algorithm), key, message, signature)
        }
        Algorithm::Es256 => ecdsa(algorithm, Nid::X9_62_PRIME256V1, 32, key, message, signature),
        Algorithm::Es384 => ecdsa(algorithm, Nid::SECP384R1, 48, key, message, signature),
        Algorithm::Es512 => ecdsa(algorithm, Nid::SECP521R1, 66, key, message, signature),
    };
    verdict.unwrap_or(false)
}

fn digest(algorithm: Algorithm) -> MessageDigest {
    match algorithm {
        Algorithm::Ps256 | Algorithm::Es256 => MessageDigest::sha256(),
        Algorithm::Ps384 | Algorithm::Es384 => MessageDigest::sha384(),
        Algorithm::Ps512 | Algorithm::Es512 => MessageDigest::sha512(),
    }
}

fn pss(
    digest: MessageDigest,
    key: &PKey<Public>,
    message: &[u8],
    signature: &[u8],
) -> Result<bool, ErrorStack> {
    if key.id() != Id::RSA || signature.len() != key.size() {
        return Ok(false);
    }
    let mut verifier = Verifier::new(digest, key)?;
    verifier.set_rsa_padding(Padding::PKCS1_PSS)?;
    verifier.set_rsa_mgf1_md(digest)?;
    verifier.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)?;
    verifier.verify_oneshot(signature, message)
}

fn ecdsa(
    algorithm: Algorithm,
    curve: Nid,
    width: usize,
    key: &PKey<Public>,
    message: &[u8],
    signature: &[u8],
) -> Result<bool, ErrorStack> {
    if key.id() != Id::EC || signature.len() != 2 * width {
        return Ok(false);
    }
    let ec = key.ec_key()?;
    if ec.group().curve_name() != Some(curve) {
        return Ok(false);
    }
    let (r, s) = signature.split_at(width);
    let pair = EcdsaSig::from_private_components(BigNum::from_slice(r)?, BigNum::from_slice(s)?)?;
    pair.verify(&openssl::hash::hash(digest(algorithm), message)?, &ec)
}

#[cfg(test)]
mod tests {
    use strum::VariantArray as _;

    use super::*;
    use crate::emulator::credentials::KeyChoice;
    use crate::emulator::tests::signing::sign;

    #[test]
    fn only_the_right_algorithm_verifies() {
        let rsa = KeyChoice::Rsa2048.generate().unwrap();
        let ec = |choice: KeyChoice| choice.generate().unwrap();
        for (key, algorithm) in [
            (rsa.clone(), Algorithm::Ps256),
            (rsa.clone(), Algorithm::Ps384),
            (rsa, Algorithm::Ps512),
            (ec(KeyChoice::EcP256), Algorithm::Es256),
            (ec(KeyChoice::EcP384), Algorithm::Es384),
            (ec(KeyChoice::EcP521), Algorithm::Es512),
        ] {
            let spki = key.public_key_to_der().unwrap();
            let signature = sign(algorithm, &key, b"message").unwrap();
            for other in Algorithm::VARIANTS.iter().copied() {
                let verdict = verify(other, &spki, b"message", &signature);
                assert_eq!(verdict, other == algorithm, "{algorithm} read as {other}");
            }
            assert!(!verify(algorithm, &spki, b"massage", &signature));
            assert!(!verify(algorithm, &spki, b"message", &signature[1..]));
            assert!(!verify(algorithm, b"no key", b"message", &signature));
        }
    }
}
