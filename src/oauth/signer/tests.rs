use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::ec::{EcGroup, EcKey};
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::rsa::Rsa;

use super::*;

fn rsa(bits: u32) -> PrivateKey {
    PrivateKey::new(PKey::from_rsa(Rsa::generate(bits).unwrap()).unwrap())
}

fn ec(nid: Nid) -> PrivateKey {
    let key = EcKey::generate(&EcGroup::from_curve_name(nid).unwrap()).unwrap();
    PrivateKey::new(PKey::from_ec_key(key).unwrap())
}

/// Whether an implementation that shares no code with OpenSSL accepts the signature.
fn accepted(key: &PrivateKey, algorithm: Algorithm, input: &[u8], signature: &[u8]) -> bool {
    use jsonwebtoken::{Algorithm as Jwa, DecodingKey};
    let public = key.public_key().unwrap();
    let (jwa, decoding) = match algorithm {
        Algorithm::Es512 => return accepted_by_p521(key, input, signature),
        Algorithm::Es256 => (Jwa::ES256, point(key)),
        Algorithm::Es384 => (Jwa::ES384, point(key)),
        Algorithm::Ps256 => (Jwa::PS256, None),
        Algorithm::Ps384 => (Jwa::PS384, None),
        Algorithm::Ps512 => (Jwa::PS512, None),
    };
    let decoding = match decoding {
        Some(point) => DecodingKey::from_ec_der(&point),
        None => {
            DecodingKey::from_rsa_der(&public.rsa().unwrap().public_key_to_der_pkcs1().unwrap())
        }
    };
    let encoded = URL_SAFE_NO_PAD.encode(signature);
    jsonwebtoken::crypto::verify(&encoded, input, &decoding, jwa).unwrap()
}

fn point(key: &PrivateKey) -> Option<Vec<u8>> {
    let ec = key.pkey().ec_key().unwrap();
    let mut context = openssl::bn::BigNumContext::new().unwrap();
    let form = openssl::ec::PointConversionForm::UNCOMPRESSED;
    Some(ec.public_key().to_bytes(ec.group(), form, &mut context).unwrap())
}

fn accepted_by_p521(key: &PrivateKey, input: &[u8], signature: &[u8]) -> bool {
    use p521::ecdsa::signature::Verifier as _;
    let verifying = p521::ecdsa::VerifyingKey::from_sec1_bytes(&point(key).unwrap()).unwrap();
    let signature = p521::ecdsa::Signature::from_slice(signature).unwrap();
    verifying.verify(input, &signature).is_ok()
}

fn holds(key: &PrivateKey, algorithm: Algorithm) {
    let signature = sign(key, algorithm, b"header.claims").unwrap();
    assert!(accepted(key, algorithm, b"header.claims", &signature), "{algorithm}");
    assert!(!accepted(key, algorithm, b"header.other", &signature), "{algorithm}");
}

#[test]
fn rsa_signatures_satisfy_another_implementation() {
    let key = rsa(2048);
    for algorithm in [Algorithm::Ps256, Algorithm::Ps384, Algorithm::Ps512] {
        holds(&key, algorithm);
    }
}

#[test]
fn ec_signatures_satisfy_another_implementation_and_have_fixed_width() {
    for (nid, algorithm, width) in [
        (Nid::X9_62_PRIME256V1, Algorithm::Es256, 64),
        (Nid::SECP384R1, Algorithm::Es384, 96),
        (Nid::SECP521R1, Algorithm::Es512, 132),
    ] {
        let key = ec(nid);
        holds(&key, algorithm);
        // Numbers with leading zeros turn up within a few signatures, for P-521 in every second.
        for _ in 0..40 {
            assert_eq!(sign(&key, algorithm, b"x").unwrap().len(), width);
        }
    }
}

#[test]
fn an_algorithm_that_does_not_fit_is_named_with_the_key() {
    let key = ec(Nid::SECP384R1);
    assert_eq!(choose(&key, None), Ok(Algorithm::Es384));
    let error = choose(&key, Some(Algorithm::Ps256)).unwrap_err();
    assert_eq!(error.to_string(), "PS256 does not fit a key of kind EC P-384");
    assert!(matches!(choose(&key, Some(Algorithm::Es256)), Err(SignError::Mismatch { .. })));
    assert!(matches!(choose(&rsa(1024), Some(Algorithm::Es256)), Err(SignError::Mismatch { .. })));
}

#[test]
fn keys_that_cannot_sign_are_an_error_and_no_signature() {
    // 1024 bits have no room for a hash and a salt of 512 bits each.
    assert_eq!(sign(&rsa(1024), Algorithm::Ps512, b"x"), Err(SignError::Failed(Algorithm::Ps512)));
    let odd = PrivateKey::new(PKey::generate_ed25519().unwrap());
    assert_eq!(choose(&odd, None), Err(SignError::UnknownKey));
}
