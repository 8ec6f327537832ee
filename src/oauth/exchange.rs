//! From assertion to access token: OH/section_162755359851.

use std::fmt;

use serde_json::Value;

use crate::netsuite::bearer::{Assertion, Bearer};
use crate::netsuite::error::oauth_error;
use crate::netsuite::http::{Answer, Client, TransportError};
use crate::netsuite::url::TokenUrl;
use crate::types::{HttpExchange, Scrubber};

/// What the token endpoint said, and the exchange behind it.
#[derive(Debug)]
pub struct Reply {
    /// What it means.
    pub outcome: Outcome,
    /// HTTP status, where an answer came.
    pub status: Option<u16>,
    /// For the report.
    pub exchanges: Vec<HttpExchange>,
}

/// What the token endpoint can say.
#[derive(Debug)]
pub enum Outcome {
    /// A token.
    Granted(Grant),
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
pub struct Grant {
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
) -> Reply {
    let call = client.token(url, assertion).await;
    let status = call.result.as_ref().ok().map(|answer| answer.status);
    let outcome = match call.result {
        Ok(answer) => read(&answer, scrubber),
        Err(error) => Outcome::Silent(error),
    };
    Reply { outcome, status, exchanges: call.exchanges }
}

fn read(answer: &Answer, scrubber: &Scrubber) -> Outcome {
    if let Some(code) = oauth_error(answer) {
        return Outcome::Refused(OAuthError::of(&code));
    }
    if answer.is_redirect() {
        return Outcome::Redirected { host: answer.redirect_host.clone() };
    }
    Outcome::Foreign(match answer.status {
        200 => match grant(answer, scrubber) {
            Some(grant) => return Outcome::Granted(grant),
            None if answer.is_html() => Foreign::Html,
            None => Foreign::NoToken,
        },
        429 => Foreign::TooMany,
        _ if answer.is_html() => Foreign::Html,
        500..=599 => Foreign::ServerFault,
        _ => Foreign::Unreadable,
    })
}

fn grant(answer: &Answer, scrubber: &Scrubber) -> Option<Grant> {
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
    Some(Grant { token, expires_in })
}

#[cfg(test)]
mod tests;
