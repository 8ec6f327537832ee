//! The client assertion: RFC 7523 with NetSuite's claims.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use openssl::bn::BigNumRef;
use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKeyRef, Private};
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Signer};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::credentials::PrivateKey;
use crate::netsuite::Assertion;
use crate::netsuite::url::TokenUrl;
use crate::types::{Algorithm, CertificateId, ClientId, Curve, KeyKind, Scope, Scrubber};

/// How long an assertion is valid, in seconds. Far below each of the three limits that Oracle's
/// pages state (`auth-protocol.md` 1.4).
pub const LIFETIME: i64 = 300;

/// What an assertion is about.
#[derive(Debug)]
pub struct AssertionDraft<'a> {
    /// The token endpoint, which is the audience.
    pub audience: &'a TokenUrl,
    /// The issuer.
    pub client_id: &'a ClientId,
    /// The key ID.
    pub certificate_id: &'a CertificateId,
    /// The scopes to ask for.
    pub scopes: &'a [Scope],
    /// The algorithm, where it is not to follow from the key.
    pub algorithm: Option<Algorithm>,
    /// The issue time.
    pub now: Timestamp,
}

/// A signed assertion with the facts that may be shown.
#[derive(Debug)]
pub struct Signed {
    /// The assertion.
    pub assertion: Assertion,
    /// The algorithm it is signed with.
    pub algorithm: Algorithm,
}

#[derive(Serialize)]
struct Header<'a> {
    typ: &'a str,
    alg: &'a str,
    kid: &'a str,
}

/// Source: OH/section_162790605110. `jti` is not in that page's table, but in Oracle's sample.
#[derive(Serialize)]
struct AssertionClaims<'a> {
    iss: &'a str,
    /// A list: the form of Oracle's current and older sample, of Oracle's page only in words
    /// ("separated by a comma"); both are seen to work (`auth-protocol.md` 1.4, `failures.md` C2).
    scope: &'a [Scope],
    aud: &'a str,
    iat: i64,
    exp: i64,
    jti: String,
}

impl AssertionDraft<'_> {
    /// Signs the assertion and teaches it to the scrubber.
    ///
    /// # Errors
    /// When the algorithm does not fit the key, or the key cannot sign.
    pub fn sign(&self, key: &PrivateKey, scrubber: &Scrubber) -> Result<Signed, SignError> {
        let algorithm = choose(key, self.algorithm)?;
        let header =
            Header { typ: "JWT", alg: algorithm.as_str(), kid: self.certificate_id.as_str() };
        let iat = self.now.as_second();
        let claims = AssertionClaims {
            iss: self.client_id.as_str(),
            scope: self.scopes,
            aud: self.audience.as_str(),
            iat,
            exp: iat + LIFETIME,
            jti: random_id().ok_or(SignError::Failed(algorithm))?,
        };
        let part = |json: serde_json::Result<String>| {
            json.map(|text| URL_SAFE_NO_PAD.encode(text)).map_err(|_| SignError::Failed(algorithm))
        };
        let input = Zeroizing::new(format!(
            "{}.{}",
            part(serde_json::to_string(&header))?,
            part(serde_json::to_string(&claims))?
        ));
        let signature = URL_SAFE_NO_PAD.encode(sign(key, algorithm, input.as_bytes())?);
        let assertion = Assertion::new(format!("{}.{signature}", input.as_str()), scrubber);
        Ok(Signed { assertion, algorithm })
    }
}

/// 24 base64url characters, like Oracle's sample.
fn random_id() -> Option<String> {
    let mut bytes = [0; 18];
    openssl::rand::rand_bytes(&mut bytes).ok()?;
    Some(URL_SAFE_NO_PAD.encode(bytes))
}

// The six signatures. `jsonwebtoken` has no ES512, hence one signer on OpenSSL for all.

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
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use openssl::ec::{EcGroup, EcKey};
    use openssl::nid::Nid;
    use openssl::pkey::PKey;
    use openssl::rsa::Rsa;
    use serde_json::{Value, json};

    use super::*;
    use crate::types::AccountId;

    fn signed(scrubber: &Scrubber) -> (String, Value, Value) {
        let key = PrivateKey::new(PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap());
        let account = AccountId::from_parts("1234567", Some("SB1")).unwrap();
        let draft = AssertionDraft {
            audience: &TokenUrl::of(&account),
            client_id: &ClientId::new(&"0123456789abcdef".repeat(4)).unwrap(),
            certificate_id: &CertificateId::of_certificate(b"x"),
            scopes: &[Scope::Restlets, Scope::RestWebservices],
            algorithm: Some(Algorithm::Ps384),
            now: Timestamp::from_second(1_800_000_000).unwrap(),
        };
        let jwt = draft.sign(&key, scrubber).unwrap().assertion.expose().to_owned();
        let part = |index| {
            let text = jwt.split('.').nth(index).unwrap();
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
        };
        let (header, claims) = (part(0), part(1));
        (jwt, header, claims)
    }

    #[test]
    fn header_and_claims_are_the_documented_ones() {
        let (_, header, mut claims) = signed(&Scrubber::default());
        let kid = CertificateId::of_certificate(b"x").to_string();
        assert_eq!(header, json!({"typ": "JWT", "alg": "PS384", "kid": kid}));
        let id = claims.as_object_mut().unwrap().remove("jti").unwrap();
        assert_eq!(id.as_str().unwrap().len(), 24);
        assert_eq!(
            claims,
            json!({
                "iss": "0123456789abcdef".repeat(4),
                "scope": ["restlets", "rest_webservices"],
                "aud": "https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token",
                "iat": 1_800_000_000,
                "exp": 1_800_000_300,
            })
        );
    }

    #[test]
    fn no_two_assertions_are_alike_and_the_scrubber_knows_each() {
        let scrubber = Scrubber::default();
        let (one, _, first) = signed(&scrubber);
        let (_, _, second) = signed(&scrubber);
        assert_ne!(first["jti"], second["jti"]);
        assert_eq!(scrubber.scrub(&format!("x {one} y")).0, "x [redacted] y");
    }

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
        assert!(matches!(
            choose(&rsa(1024), Some(Algorithm::Es256)),
            Err(SignError::Mismatch { .. })
        ));
    }

    #[test]
    fn keys_that_cannot_sign_are_an_error_and_no_signature() {
        // 1024 bits have no room for a hash and a salt of 512 bits each.
        assert_eq!(
            sign(&rsa(1024), Algorithm::Ps512, b"x"),
            Err(SignError::Failed(Algorithm::Ps512))
        );
        let odd = PrivateKey::new(PKey::generate_ed25519().unwrap());
        assert_eq!(choose(&odd, None), Err(SignError::UnknownKey));
    }
}
