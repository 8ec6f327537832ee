//! JWS signatures made on OpenSSL alone.

use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Signer};

use crate::types::Algorithm;

/// Signs as JOSE wants it.
///
/// # Errors
/// When the key cannot sign with the algorithm.
pub fn sign(
    algorithm: Algorithm,
    key: &PKey<Private>,
    message: &[u8],
) -> Result<Vec<u8>, ErrorStack> {
    let (digest, width) = match algorithm {
        Algorithm::Ps256 => (MessageDigest::sha256(), None),
        Algorithm::Ps384 => (MessageDigest::sha384(), None),
        Algorithm::Ps512 => (MessageDigest::sha512(), None),
        Algorithm::Es256 => (MessageDigest::sha256(), Some(32)),
        Algorithm::Es384 => (MessageDigest::sha384(), Some(48)),
        Algorithm::Es512 => (MessageDigest::sha512(), Some(66)),
    };
    let Some(width) = width else {
        let mut signer = Signer::new(digest, key)?;
        signer.set_rsa_padding(Padding::PKCS1_PSS)?;
        signer.set_rsa_mgf1_md(digest)?;
        signer.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)?;
        return signer.sign_oneshot_to_vec(message);
    };
    let pair = EcdsaSig::sign(&openssl::hash::hash(digest, message)?, &*key.ec_key()?)?;
    Ok([pair.r().to_vec_padded(width)?, pair.s().to_vec_padded(width)?].concat())
}
