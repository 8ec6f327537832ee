//! The body of a token request: `application/x-www-form-urlencoded`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::bn::BigNum;
use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{Id, PKey, Public};
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Verifier};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::types::Algorithm;

/// Name–value pairs of a form or a query string, decoded. Pairs that are no UTF-8 are dropped.
#[must_use]
pub fn pairs(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .filter_map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decode(name)?, decode(value)?))
        })
        .collect()
}

fn decode(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8().ok().map(|text| text.into_owned())
}

/// Why a form is no token request. Each is answered with 400 and an OAuth error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormFault {
    /// A parameter is missing, doubled or malformed.
    InvalidRequest,
    /// Another grant type.
    UnsupportedGrantType,
}

impl FormFault {
    /// The `error` value. Source: OH/subsect_158521832417.
    #[must_use]
    pub fn error(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::UnsupportedGrantType => "unsupported_grant_type",
        }
    }
}

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Whether a body is sent as a form.
#[must_use]
pub fn is_form(content_type: Option<&str>) -> bool {
    let media = content_type.and_then(|value| value.split(';').next()).map(str::trim);
    media.is_some_and(|m| m.eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}

/// The assertion inside a token request.
///
/// # Errors
/// When the form is not one of the client credentials grant with a JWT assertion.
pub fn assertion(
    content_type: Option<&str>,
    body: &str,
    client_id_required: bool,
) -> Result<String, FormFault> {
    if !is_form(content_type) {
        return Err(FormFault::InvalidRequest);
    }
    let pairs = pairs(body);
    let one = |name: &str| {
        let mut values = pairs.iter().filter(|(own, _)| own == name).map(|(_, value)| value);
        match (values.next(), values.next()) {
            (Some(value), None) if !value.is_empty() => Ok(value.as_str()),
            _ => Err(FormFault::InvalidRequest),
        }
    };
    if one("grant_type")? != "client_credentials" {
        return Err(FormFault::UnsupportedGrantType);
    }
    if one("client_assertion_type")? != ASSERTION_TYPE {
        return Err(FormFault::InvalidRequest);
    }
    if client_id_required {
        one("client_id")?;
    }
    one("client_assertion").map(str::to_owned)
}

// Takes a compact JWS apart. Written for the emulator alone.

/// A compact JWS, decoded and not yet verified.
pub struct Jws<'a> {
    /// Header members.
    pub header: Map<String, Value>,
    /// Payload members.
    pub payload: Map<String, Value>,
    /// What was signed.
    pub signed: &'a str,
    /// The signature.
    pub signature: Vec<u8>,
}

impl<'a> Jws<'a> {
    /// Splits and decodes; nothing where it is not three base64url parts with JSON objects.
    #[must_use]
    pub fn read(text: &'a str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        Some(Self {
            header: object(header)?,
            payload: object(payload)?,
            signed,
            signature: URL_SAFE_NO_PAD.decode(signature).ok()?,
        })
    }

    /// A header member that is a text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.header.get(name).and_then(Value::as_str)
    }

    /// A claim that is a text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.payload.get(name).and_then(Value::as_str)
    }

    /// A claim that is a time in whole seconds; decimals are cut off where that is allowed.
    #[must_use]
    pub fn seconds(&self, name: &str, decimals: bool) -> Option<i64> {
        let value = self.payload.get(name)?;
        value.as_i64().or_else(|| {
            let seconds = value.as_f64().filter(|s| decimals && s.abs() < 1e15)?;
            #[expect(clippy::cast_possible_truncation, reason = "the decimals are to be cut off")]
            let whole = seconds.trunc() as i64;
            Some(whole)
        })
    }

    /// A claim that is one text or a list of texts.
    #[must_use]
    pub fn texts(&self, name: &str) -> Option<Vec<&str>> {
        match self.payload.get(name)? {
            Value::String(one) => Some(vec![one]),
            Value::Array(many) => many.iter().map(Value::as_str).collect(),
            _ => None,
        }
    }
}

fn object(part: &str) -> Option<Map<String, Value>> {
    match serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()? {
        Value::Object(members) => Some(members),
        _ => None,
    }
}

// Verifies the six JWS signatures, on OpenSSL and on nothing of the product's own.

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
    use crate::emulator::tests::client::sign;
    use crate::emulator::tls::KeyChoice;

    const FORM: &str = "application/x-www-form-urlencoded; charset=utf-8";
    const GOOD: &str = "grant_type=client_credentials&client_assertion_type=urn%3Aietf%3Aparams%3A\
                        oauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=a.b.c";

    #[test]
    fn a_good_form_gives_the_assertion() {
        assert_eq!(assertion(Some(FORM), GOOD, false).as_deref(), Ok("a.b.c"));
        assert_eq!(assertion(Some(FORM), GOOD, true), Err(FormFault::InvalidRequest));
        assert!(assertion(Some(FORM), &format!("{GOOD}&client_id=x"), true).is_ok());
    }

    #[test]
    fn malformed_forms_are_invalid_requests() {
        let wrong = [
            GOOD.replace("client_assertion=", "assertion="),
            GOOD.replace("jwt-bearer", "saml2-bearer"),
            format!("{GOOD}&client_assertion=d.e.f"),
            String::new(),
        ];
        for body in wrong {
            assert_eq!(
                assertion(Some(FORM), &body, false),
                Err(FormFault::InvalidRequest),
                "{body}"
            );
        }
        let json = assertion(Some("application/json"), GOOD, false);
        assert_eq!(json, Err(FormFault::InvalidRequest));
        let grant = GOOD.replace("client_credentials", "authorization_code");
        assert_eq!(assertion(Some(FORM), &grant, false), Err(FormFault::UnsupportedGrantType));
    }

    fn jws(payload: &str) -> String {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.{}", part("{}"), part(payload), part("s"))
    }

    #[test]
    fn reads_claims_of_the_right_type_only() {
        let text = jws(r#"{"iat":5,"exp":6.9,"late":"7","scope":["a","b"],"iss":"x"}"#);
        let jws = Jws::read(&text).unwrap();
        assert_eq!(jws.seconds("iat", false), Some(5));
        assert_eq!((jws.seconds("exp", false), jws.seconds("exp", true)), (None, Some(6)));
        assert_eq!(jws.seconds("late", true), None);
        assert_eq!(jws.texts("scope"), Some(vec!["a", "b"]));
        assert_eq!(jws.texts("iss"), Some(vec!["x"]));
    }

    #[test]
    fn what_is_no_jws_is_nothing() {
        for text in ["", "a.b", "a.b.c", "e30.e30.!", "W10.e30.e30"] {
            assert!(Jws::read(text).is_none(), "{text}");
        }
    }

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
