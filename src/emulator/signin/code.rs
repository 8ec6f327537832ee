//! Authorization codes: what they stand for, and for how long.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::error::ErrorStack;

use super::TokenGrant;

/// What an authorization code stands for.
#[derive(Debug, Clone)]
pub struct CodeGrant {
    /// What it opens.
    pub grant: TokenGrant,
    /// The redirect URI of the request.
    pub redirect_uri: String,
    /// The challenge of the request.
    pub challenge: Option<String>,
    /// End of its life, seconds since 1970.
    pub expires: i64,
}

/// A code that was given out, and what became of it.
enum Standing {
    Fresh(CodeGrant),
    /// Used, with the `jti` of the token that came of it.
    Used(Option<String>),
}

/// Why a code opens nothing.
#[derive(Debug, PartialEq, Eq)]
pub enum CodeFault {
    /// Never given out, of another client, too old, or with the wrong verifier or redirect URI.
    Invalid,
    /// It was given to another client.
    OtherClient,
    /// It was used before, and the token with this `jti` came of it.
    Used(Option<String>),
}

/// Codes that were given out.
#[derive(Default)]
pub struct Codes(Mutex<HashMap<String, Standing>>);

impl Codes {
    /// Gives out a code: 64 hexadecimal characters, as in the sample of OH/section_158081944642.
    ///
    /// # Errors
    /// When OpenSSL has no random bytes.
    pub fn give(&self, grant: CodeGrant) -> Result<String, ErrorStack> {
        let code = random()?;
        self.lock().insert(code.clone(), Standing::Fresh(grant));
        Ok(code)
    }

    /// Takes a code for the client that was given it. It is used up with that, whatever else is
    /// wrong: RFC 6749 section 4.1.2, RFC 7636 section 4.6.
    ///
    /// # Errors
    /// Why it opens nothing.
    pub fn take(
        &self,
        code: &str,
        client_id: &str,
        redirect_uri: Option<&str>,
        verifier: Option<&str>,
        now: i64,
    ) -> Result<TokenGrant, CodeFault> {
        let mut codes = self.lock();
        let standing = codes.get_mut(code).ok_or(CodeFault::Invalid)?;
        let known = match standing {
            Standing::Used(token) => return Err(CodeFault::Used(token.clone())),
            Standing::Fresh(known) if known.grant.client_id != client_id => {
                return Err(CodeFault::OtherClient);
            }
            Standing::Fresh(known) => known.clone(),
        };
        *standing = Standing::Used(None);
        let proved = match (&known.challenge, verifier) {
            (None, None) => true,
            (Some(challenge), Some(verifier)) => fits(challenge, verifier),
            _ => false,
        };
        let sound = redirect_uri == Some(&known.redirect_uri) && proved && now < known.expires;
        if sound { Ok(known.grant) } else { Err(CodeFault::Invalid) }
    }

    /// Notes which token came of a code.
    pub fn came_of(&self, code: &str, token_id: &str) {
        self.lock().insert(code.to_owned(), Standing::Used(Some(token_id.to_owned())));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Standing>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// 64 hexadecimal characters that nobody can guess.
///
/// # Errors
/// When OpenSSL has no random bytes.
pub fn random() -> Result<String, ErrorStack> {
    let mut bytes = [0; 32];
    openssl::rand::rand_bytes(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Whether the challenge was made of this verifier: 43 to 128 unreserved characters
/// (OH/section_158081944642, RFC 7636 section 4.1).
fn fits(challenge: &str, verifier: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    (43..=128).contains(&verifier.len())
        && verifier.bytes().all(allowed)
        && URL_SAFE_NO_PAD.encode(openssl::sha::sha256(verifier.as_bytes())) == challenge
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::model::Account;

    /// RFC 7636 appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    const BACK: &str = "http://localhost:8899/callback";

    fn given(challenge: Option<&str>) -> (Codes, String) {
        let grant = TokenGrant {
            integration: Account::SIGN_IN.into(),
            role: "administrator".into(),
            entity: "owner".into(),
            scopes: Vec::new(),
            certificate_id: None,
            client_id: "own".into(),
        };
        let (codes, challenge) = (Codes::default(), challenge.map(str::to_owned));
        let known = CodeGrant { grant, redirect_uri: BACK.into(), challenge, expires: 60 };
        let code = codes.give(known).unwrap();
        (codes, code)
    }

    #[test]
    fn a_code_opens_once() {
        let (codes, code) = given(Some(CHALLENGE));
        assert_eq!(code.len(), 64);
        assert!(codes.take(&code, "own", Some(BACK), Some(VERIFIER), 59).is_ok());
        codes.came_of(&code, "jti");
        let again = codes.take(&code, "own", Some(BACK), Some(VERIFIER), 59);
        assert_eq!(again, Err(CodeFault::Used(Some("jti".to_owned()))));
    }

    #[test]
    fn a_code_opens_to_its_own_client_in_time_with_all_that_belongs_to_it() {
        let short = "a".repeat(42);
        let trailing = format!("{VERIFIER}=");
        for (client, back, verifier, now, fault) in [
            ("other", Some(BACK), Some(VERIFIER), 0, CodeFault::OtherClient),
            ("own", None, Some(VERIFIER), 0, CodeFault::Invalid),
            ("own", Some("https://localhost:8899/callback"), Some(VERIFIER), 0, CodeFault::Invalid),
            ("own", Some(BACK), None, 0, CodeFault::Invalid),
            ("own", Some(BACK), Some(CHALLENGE), 0, CodeFault::Invalid),
            ("own", Some(BACK), Some(short.as_str()), 0, CodeFault::Invalid),
            ("own", Some(BACK), Some(trailing.as_str()), 0, CodeFault::Invalid),
            ("own", Some(BACK), Some(VERIFIER), 60, CodeFault::Invalid),
        ] {
            let (codes, code) = given(Some(CHALLENGE));
            let mine = fault == CodeFault::Invalid;
            assert_eq!(codes.take(&code, client, back, verifier, now), Err(fault));
            // A wrong try of its own client uses it up, one of another does not.
            let then = codes.take(&code, "own", Some(BACK), Some(VERIFIER), 0);
            assert_eq!(then.is_err(), mine);
        }
        let (codes, code) = given(None);
        let verifier = Some(VERIFIER);
        assert_eq!(codes.take(&code, "own", Some(BACK), verifier, 0), Err(CodeFault::Invalid));
        let (codes, code) = given(None);
        assert!(codes.take(&code, "own", Some(BACK), None, 0).is_ok());
        assert_eq!(codes.take("x", "own", Some(BACK), None, 0), Err(CodeFault::Invalid));
    }
}
