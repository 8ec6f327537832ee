//! From assertion to access token: OH/section_162755359851.

use std::fmt;

use serde_json::Value;

use crate::netsuite::answer::{Answer, Call, TransportError};
use crate::netsuite::http::Client;
use crate::netsuite::symptom::Symptom;
use crate::netsuite::url::TokenUrl;
use crate::netsuite::{Assertion, Bearer};
use crate::types::{HttpExchange, Scrubber};

/// What the token endpoint said, and the exchange behind it.
#[derive(Debug)]
pub struct TokenAnswer {
    /// What it means.
    pub outcome: TokenOutcome,
    /// HTTP status, where an answer came.
    pub status: Option<u16>,
    /// What the answer says of itself, where it is no token.
    pub symptom: Symptom,
    /// For the report.
    pub exchanges: Vec<HttpExchange>,
}

/// What the token endpoint can say.
#[derive(Debug)]
pub enum TokenOutcome {
    /// A token.
    Granted(IssuedToken),
    /// An OAuth error answer: a verdict on the request.
    Refused(OAuthError),
    /// A redirect, which no token endpoint sends.
    Redirected {
        /// The host it points to.
        host: Option<String>,
    },
    /// An answer that is none of OAuth's: it decides nothing.
    Foreign(Foreign),
    /// No answer.
    Silent(TransportError),
}

/// A token and what came with it.
#[derive(Debug)]
pub struct IssuedToken {
    /// The token.
    pub token: Bearer,
    /// Seconds until it expires, where that was said.
    pub expires_in: Option<i64>,
}

/// The error codes of the token endpoint. Meanings: OH/subsect_158521832417 for the authorization
/// code grant; `failures.md` 0.1 for what was seen with this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OAuthError {
    ServerError,
    InvalidClient,
    InvalidGrant,
    InvalidRequest,
    InvalidScope,
    UnauthorizedClient,
    UnsupportedGrantType,
    /// Any other, as sent.
    Other(String),
}

impl OAuthError {
    fn of(code: &str) -> Self {
        match code {
            "server_error" => Self::ServerError,
            "invalid_client" => Self::InvalidClient,
            "invalid_grant" => Self::InvalidGrant,
            "invalid_request" => Self::InvalidRequest,
            "invalid_scope" => Self::InvalidScope,
            "unauthorized_client" => Self::UnauthorizedClient,
            "unsupported_grant_type" => Self::UnsupportedGrantType,
            other => Self::Other(other.to_owned()),
        }
    }
}

impl fmt::Display for OAuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ServerError => "server_error",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::InvalidRequest => "invalid_request",
            Self::InvalidScope => "invalid_scope",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::Other(code) => code,
        })
    }
}

/// Answers that a token endpoint does not give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foreign {
    /// 429.
    TooMany,
    /// 5xx without an OAuth error.
    ServerFault,
    /// A page for people.
    Html,
    /// 200 without a usable token.
    NoToken,
    /// Anything else.
    Unreadable,
}

/// Hands the assertion in, once.
pub async fn exchange(
    client: &Client,
    url: &TokenUrl,
    assertion: &Assertion,
    scrubber: &Scrubber,
) -> TokenAnswer {
    answered(client.token(url, assertion).await, scrubber)
}

/// Reads what came of a token request.
pub(super) fn answered(call: Call, scrubber: &Scrubber) -> TokenAnswer {
    let status = call.result.as_ref().ok().map(|answer| answer.status);
    let mut symptom = Symptom::default();
    let outcome = match call.result {
        Ok(answer) => {
            let outcome = read(&answer, scrubber);
            if !matches!(outcome, TokenOutcome::Granted(_)) {
                symptom = answer.symptom();
            }
            outcome
        }
        Err(error) => TokenOutcome::Silent(error),
    };
    TokenAnswer { outcome, status, symptom, exchanges: call.exchanges }
}

fn read(answer: &Answer, scrubber: &Scrubber) -> TokenOutcome {
    if let Some(code) = answer.oauth_error() {
        return TokenOutcome::Refused(OAuthError::of(&code));
    }
    if answer.is_redirect() {
        return TokenOutcome::Redirected { host: answer.redirect_host.clone() };
    }
    TokenOutcome::Foreign(match answer.status {
        200 => match grant(answer, scrubber) {
            Some(grant) => return TokenOutcome::Granted(grant),
            None if answer.is_html() => Foreign::Html,
            None => Foreign::NoToken,
        },
        429 => Foreign::TooMany,
        _ if answer.is_html() => Foreign::Html,
        500..=599 => Foreign::ServerFault,
        _ => Foreign::Unreadable,
    })
}

fn grant(answer: &Answer, scrubber: &Scrubber) -> Option<IssuedToken> {
    let token = answer.granted.as_ref()?.expose_str()?;
    // Only a token of visible ASCII can go into a header.
    if token.is_empty() || !token.bytes().all(|b| b.is_ascii_graphic()) {
        return None;
    }
    let token = Bearer::new(token.to_owned(), scrubber);
    let value: Value = serde_json::from_slice(&answer.body).ok()?;
    let kind = value.get("token_type").and_then(Value::as_str).unwrap_or("bearer");
    if !kind.eq_ignore_ascii_case("bearer") {
        return None;
    }
    let expires_in = match value.get("expires_in") {
        Some(Value::Number(number)) => number.as_i64(),
        Some(Value::String(text)) => text.trim().parse().ok(),
        _ => None,
    };
    Some(IssuedToken { token, expires_in })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::PrivateKey;
    use crate::netsuite::double::{Behaviour, Double};
    use crate::oauth::assertion::AssertionDraft;
    use crate::types::{AccountId, CertificateId, ClientId, Scope};

    fn account() -> AccountId {
        AccountId::from_parts("1234567", Some("SB1")).unwrap()
    }

    fn assertion(scrubber: &Scrubber) -> Assertion {
        let group =
            openssl::ec::EcGroup::from_curve_name(openssl::nid::Nid::X9_62_PRIME256V1).unwrap();
        let key = openssl::ec::EcKey::generate(&group).unwrap();
        let key = PrivateKey::new(openssl::pkey::PKey::from_ec_key(key).unwrap());
        AssertionDraft {
            audience: &TokenUrl::of(&account()),
            client_id: &ClientId::new(&"0123456789abcdef".repeat(4)).unwrap(),
            certificate_id: &CertificateId::of_certificate(b"x"),
            scopes: &[Scope::RestWebservices],
            algorithm: None,
            now: jiff::Timestamp::UNIX_EPOCH,
        }
        .sign(&key, scrubber)
        .unwrap()
        .assertion
    }

    async fn ask(double: &Double) -> TokenAnswer {
        let scrubber = Scrubber::default();
        let assertion = assertion(&scrubber);
        exchange(&double.client(), &TokenUrl::of(&account()), &assertion, &scrubber).await
    }

    #[tokio::test]
    async fn a_token_is_taken_and_the_request_is_the_documented_one() {
        let double = Double::serving(|_| {
            Behaviour::json(
                200,
                r#"{"access_token":"abc.def.ghi","expires_in":"3600","token_type":"bearer"}"#,
            )
        });
        let reply = ask(&double).await;
        let TokenOutcome::Granted(grant) = reply.outcome else { panic!("{:?}", reply.outcome) };
        assert_eq!(grant.expires_in, Some(3600));
        assert_eq!(grant.token.secret().expose(), b"abc.def.ghi");
        let [seen] = double.seen().try_into().unwrap();
        assert_eq!(
            (seen.method.as_str(), seen.path.as_str()),
            ("POST", "/services/rest/auth/oauth2/v1/token")
        );
        assert_eq!(seen.header("host"), Some("1234567-sb1.suitetalk.api.netsuite.com"));
        assert_eq!(seen.header("content-type"), Some("application/x-www-form-urlencoded"));
        assert_eq!(seen.header("authorization"), None);
        assert!(seen.header("user-agent").unwrap().starts_with("netsuite-preflight/"));
        let names: Vec<&str> = seen.body.split('&').filter_map(|f| f.split('=').next()).collect();
        assert_eq!(names, ["grant_type", "client_assertion_type", "client_assertion"]);
    }

    #[test]
    fn fuzz() {
        let words =
            ["access_token", "expires_in", "token_type", "bearer", "\"error\"", "invalid_grant"];
        let granted = std::cell::Cell::new(0);
        crate::fuzz::run("token-answer", &words, |bytes| {
            let body = String::from_utf8_lossy(bytes);
            for status in [200, 400, 500] {
                let answer = crate::netsuite::answer::sample(status, "application/json", &body);
                match read(&answer, &Scrubber::default()) {
                    TokenOutcome::Granted(grant) => {
                        granted.set(granted.get() + 1);
                        let token = grant.token.secret().expose().to_vec();
                        assert!(!token.is_empty() && token.iter().all(u8::is_ascii_graphic));
                    }
                    TokenOutcome::Refused(error) => crate::fuzz::check_message(&error),
                    _ => {}
                }
            }
        });
        assert!(granted.get() > 0, "no case came as far as a token");
    }
}
