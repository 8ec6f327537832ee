//! The client assertion: RFC 7523 with NetSuite's claims.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::Serialize;
use zeroize::Zeroizing;

use super::signer::{SignError, choose, sign};
use crate::credentials::PrivateKey;
use crate::netsuite::bearer::Assertion;
use crate::netsuite::url::TokenUrl;
use crate::types::{Algorithm, CertificateId, ClientId, Scope, Scrubber};

/// How long an assertion is valid, in seconds. Far below each of the three limits that Oracle's
/// pages state (`auth-protocol.md` 1.4).
pub const LIFETIME: i64 = 300;

/// What an assertion is about.
#[derive(Debug)]
pub struct Draft<'a> {
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
struct Claims<'a> {
    iss: &'a str,
    /// A list: the form of Oracle's current and older sample, of Oracle's page only in words
    /// ("separated by a comma"); both are seen to work (`auth-protocol.md` 1.4, `failures.md` C2).
    scope: &'a [Scope],
    aud: &'a str,
    iat: i64,
    exp: i64,
    jti: String,
}

impl Draft<'_> {
    /// Signs the assertion and teaches it to the scrubber.
    ///
    /// # Errors
    /// When the algorithm does not fit the key, or the key cannot sign.
    pub fn sign(&self, key: &PrivateKey, scrubber: &Scrubber) -> Result<Signed, SignError> {
        let algorithm = choose(key, self.algorithm)?;
        let header =
            Header { typ: "JWT", alg: algorithm.as_str(), kid: self.certificate_id.as_str() };
        let iat = self.now.as_second();
        let claims = Claims {
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::types::AccountId;

    fn signed(scrubber: &Scrubber) -> (String, Value, Value) {
        let key = PrivateKey::new(
            openssl::pkey::PKey::from_rsa(openssl::rsa::Rsa::generate(2048).unwrap()).unwrap(),
        );
        let account = AccountId::from_parts("1234567", Some("SB1")).unwrap();
        let draft = Draft {
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
}
