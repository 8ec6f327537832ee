//! Access tokens in the shape of NetSuite's. Source: OH/section_158255317571 and the decoded 2026
//! sample in `auth-protocol.md` 2.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::sign::{Signer, Verifier};
use serde_json::{Value, json};

use super::TokenGrant;
use super::request::Jws;
use crate::emulator::model::Account;
use crate::emulator::switches::{Switches, TokenSubject};

/// Seconds that an access token lives: always 3600. Source: OH/section_162755359851.
pub const LIFETIME: i64 = 3600;

/// Made for this, and of use to nobody: `fixtures/emulator/README.md`.
const SIGNING_KEY: &[u8] = include_bytes!("../../../fixtures/emulator/token-signing-key.der");

/// What a bearer token stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// What the assertion opened.
    pub grant: TokenGrant,
    /// End of life, seconds since 1970.
    pub expires: i64,
}

/// Why a bearer token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BearerFault {
    /// Not three base64url parts.
    Malformed,
    /// Not signed by this account, or never issued.
    Unknown,
    /// For another company.
    Audience,
    /// Beyond its life.
    Expired,
}

/// A token that was issued.
pub struct Issued {
    /// The token.
    pub token: String,
    /// Its `jti`.
    pub id: String,
}

/// Issues tokens and knows those that it issued.
pub struct Tokens {
    key: PKey<Private>,
    sessions: Mutex<HashMap<String, Session>>,
}

impl Tokens {
    /// Starts without any token. The signing key is one of 4096 bits, as NetSuite's: its signatures
    /// have 512 bytes (`facts-2026-11.md` F5). It is always the same, because making one takes
    /// seconds; a token is good only in the emulator that issued it.
    ///
    /// # Errors
    /// When OpenSSL cannot read the key.
    pub fn new() -> Result<Self, ErrorStack> {
        Ok(Self { key: PKey::private_key_from_der(SIGNING_KEY)?, sessions: Mutex::default() })
    }

    /// Issues a token at `now` (seconds since 1970).
    ///
    /// # Errors
    /// When OpenSSL cannot sign.
    pub fn issue(
        &self,
        account: &Account,
        switches: &Switches,
        grant: TokenGrant,
        now: i64,
    ) -> Result<Issued, ErrorStack> {
        let company = account.id.account();
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        // Milliseconds at its end (`facts-2026-11.md` F5); no two tokens have the same.
        let number = i64::try_from(sessions.len()).unwrap_or(0);
        let milliseconds = number + now * 1000;
        let id = match grant.certificate_id {
            Some(_) => format!("{company}.a-c.null.{milliseconds}"),
            None => format!("{company}.a-a.{}_{milliseconds}.{milliseconds}", uuid(number)),
        };
        let payload = payload(account, switches, &grant, (now, now + LIFETIME), &id);
        let token = self.signed(&company, &payload)?;
        sessions.insert(id.clone(), Session { grant, expires: now + LIFETIME });
        Ok(Issued { token, id })
    }

    /// The refresh token that comes with an access token of the code grant. Nothing is ever given
    /// for it here. Source of the shape: the decoded sample of OH/section_158081952044; it lives
    /// for 48 hours where the client is public, for seven days otherwise.
    ///
    /// # Errors
    /// When OpenSSL cannot sign.
    pub fn refresh(
        &self,
        account: &Account,
        switches: &Switches,
        grant: &TokenGrant,
        now: i64,
    ) -> Result<String, ErrorStack> {
        let company = account.id.account();
        let public = account.integrations.get(&grant.integration).is_some_and(|o| o.public_client);
        let life = if public { 48 * 3600 } else { 7 * 86_400 };
        let id = format!("{company}.r.{}_{now}000.0", uuid(now));
        self.signed(&company, &payload(account, switches, grant, (now, now + life), &id))
    }

    /// Forgets a token: it is good for nothing from now on.
    pub fn revoke(&self, id: &str) {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }

    fn signed(&self, company: &str, payload: &Value) -> Result<String, ErrorStack> {
        let header = json!({"kid": self.key_id(company), "typ": "JWT", "alg": "RS256"});
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&header), part(payload));
        let signature = Signer::new(MessageDigest::sha256(), &self.key)?
            .sign_oneshot_to_vec(signed.as_bytes())?;
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// Recognises a bearer token.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn recognise(&self, token: &str, company: &str, now: i64) -> Result<Session, BearerFault> {
        let jws = Jws::read(token).ok_or(BearerFault::Malformed)?;
        let valid = Verifier::new(MessageDigest::sha256(), &self.key)
            .and_then(|mut verifier| verifier.verify_oneshot(&jws.signature, jws.signed.as_bytes()))
            .unwrap_or(false);
        if !valid || jws.header("alg") != Some("RS256") {
            return Err(BearerFault::Unknown);
        }
        let audience = jws.texts("aud").unwrap_or_default();
        if !audience.iter().any(|aud| aud.ends_with(&format!(";{company}"))) {
            return Err(BearerFault::Audience);
        }
        let sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let session =
            jws.text("jti").and_then(|id| sessions.get(id)).ok_or(BearerFault::Unknown)?;
        if session.expires <= now {
            return Err(BearerFault::Expired);
        }
        Ok(session.clone())
    }

    /// The key set of the account, as `…/oauth2/v1/keys` gives it.
    #[must_use]
    pub fn key_set(&self, company: &str) -> Value {
        let (modulus, exponent) = match self.key.rsa() {
            Ok(rsa) => (rsa.n().to_vec(), rsa.e().to_vec()),
            Err(_) => Default::default(),
        };
        json!({"keys": [{
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.key_id(company),
            "n": URL_SAFE_NO_PAD.encode(modulus), "e": URL_SAFE_NO_PAD.encode(exponent),
        }]})
    }

    fn key_id(&self, company: &str) -> String {
        format!("c.{company}.2026-01-18_02-18-17")
    }
}

/// The claims of a token that lives between two times.
fn payload(
    account: &Account,
    switches: &Switches,
    grant: &TokenGrant,
    (from, until): (i64, i64),
    id: &str,
) -> Value {
    let company = account.id.account();
    let role = account.roles.get(&grant.role).map_or(0, |role| role.id);
    let entity = account.entities.get(&grant.entity).map_or(0, |entity| entity.id);
    let application =
        account.integrations.get(&grant.integration).map(|own| own.application_id.as_str());
    let subject = match switches.token_subject {
        TokenSubject::RoleEntity => format!("{role};{entity}"),
        TokenSubject::EntityRole => format!("{entity};{role}"),
        TokenSubject::FiveParts => format!("{company};0;{role};{entity};N"),
    };
    json!({
        "sub": subject,
        "aud": [format!("{};{company}", application.unwrap_or_default()), grant.client_id],
        "scope": grant.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>(),
        "iss": "https://system.netsuite.com",
        "oit": from,
        "exp": until,
        "iat": from,
        "jti": id,
    })
}

/// A text in the form of a UUID, from a number.
fn uuid(number: i64) -> String {
    let number = number.unsigned_abs() & 0xffff_ffff_ffff;
    format!("5b3236b9-ffee-42d3-bd57-{number:012x}")
}

/// A token in the same shape for a company that is not this account. Nobody signed it.
#[must_use]
pub fn foreign(company: &str, now: i64) -> String {
    let header =
        json!({ "kid": format!("c.{company}.2026-01-18_02-18-17"), "typ": "JWT", "alg": "RS256" });
    let payload = json!({
        "sub": "1001;77",
        "aud": [format!("5B0E7C1A-91D4-4F57-8A06-2C3B9E64D870;{company}"), "0".repeat(64)],
        "scope": ["rest_webservices"],
        "iss": "https://system.netsuite.com",
        "oit": now,
        "exp": now + LIFETIME,
        "iat": now,
        "jti": format!("{company}.a-c.null.{now}000"),
    });
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{}", part(&header), part(&payload), URL_SAFE_NO_PAD.encode([0; 512]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Scope;

    fn grant() -> TokenGrant {
        TokenGrant {
            integration: Account::INTEGRATION.into(),
            role: Account::ROLE.into(),
            entity: Account::ENTITY.into(),
            scopes: vec![Scope::RestWebservices],
            certificate_id: Some("kid".into()),
            client_id: "client".into(),
        }
    }

    #[test]
    fn tokens_of_the_code_grant_have_their_own_ids_and_can_be_revoked() {
        let (account, switches) = (Account::healthy().unwrap(), Switches::default());
        let tokens = Tokens::new().unwrap();
        let grant = TokenGrant { certificate_id: None, ..grant() };
        let one = tokens.issue(&account, &switches, grant.clone(), 1000).unwrap();
        let other = tokens.issue(&account, &switches, grant.clone(), 1000).unwrap();
        assert_ne!(one.id, other.id);
        assert!(one.id.starts_with("1234567.a-a.") && one.id.ends_with("_1000000.1000000"));
        tokens.revoke(&one.id);
        let recognise = |token: &str| tokens.recognise(token, "1234567", 1000);
        assert_eq!(recognise(&one.token), Err(BearerFault::Unknown));
        assert_eq!(recognise(&other.token).unwrap().grant, grant);
        let refresh = tokens.refresh(&account, &switches, &grant, 1000).unwrap();
        assert_eq!(recognise(&refresh), Err(BearerFault::Unknown));
        let claims = Jws::read(&refresh).unwrap();
        assert!(claims.text("jti").unwrap().starts_with("1234567.r."));
    }

    #[test]
    fn a_token_lives_for_an_hour_in_its_own_company() {
        let account = Account::healthy().unwrap();
        let tokens = Tokens::new().unwrap();
        let token = tokens.issue(&account, &Switches::default(), grant(), 1000).unwrap().token;
        let recognise = |company: &str, now| tokens.recognise(&token, company, now);
        assert_eq!(recognise("1234567", 4599).unwrap().grant, grant());
        assert_eq!(recognise("1234567", 4600), Err(BearerFault::Expired));
        assert_eq!(recognise("1234567_SB1", 1000), Err(BearerFault::Audience));
        assert_eq!(tokens.recognise("x", "1234567", 1000), Err(BearerFault::Malformed));
        // The signing key is every emulator's, and still: what was not issued here is not known here.
        let parts: Vec<&str> = token.split('.').collect();
        let [_, payload, signature] = parts.as_slice() else { panic!("{token}") };
        assert_eq!(URL_SAFE_NO_PAD.decode(signature).unwrap().len(), 512);
        let claims: Value =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
        assert_eq!(claims["jti"], "1234567.a-c.null.1000000");
        assert_eq!(claims["oit"], claims["iat"]);
        let others = Tokens::new().unwrap();
        assert_eq!(others.recognise(&token, "1234567", 1000), Err(BearerFault::Unknown));
    }
}
