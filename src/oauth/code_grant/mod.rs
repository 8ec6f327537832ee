//! The sign-in of a person in the browser: authorization code grant with PKCE.
//!
//! The addresses and forms are written by the crate `oauth2`; they go out over the project's own
//! client, and answers are read by the project's own reader. Sources: OH/section_158081944642 (what
//! is asked, what the redirect brings), OH/section_158081952044 (code for token), RFC 6749, RFC 7636.

mod browser;
mod redirect;
#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::fmt;

use oauth2::basic::BasicClient;
use oauth2::{
    AuthUrl, AuthorizationCode, ClientSecret, CsrfToken, EndpointNotSet, EndpointSet,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
};
use zeroize::Zeroizing;

pub use browser::{Browser, BrowserStop};
use redirect::Brought;
pub use redirect::{Matcher, RedirectError, pasted};

use super::exchange::{TokenAnswer, answered};
use crate::netsuite::http::{Client, CodeForm};
use crate::netsuite::url::{AuthorizeUrl, TokenUrl};
use crate::types::{AccountId, ClientId, Scope, Scrubber, Secret, SecretKind};

/// Where NetSuite sends the browser afterwards: to the letter as on the integration record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedirectUri(String);

/// The path of every redirect.
pub const CALLBACK: &str = "/callback";

impl RedirectUri {
    /// A port of this machine, with or without TLS.
    #[must_use]
    pub fn localhost(scheme: &str, port: u16) -> Self {
        Self(format!("{scheme}://localhost:{port}{CALLBACK}"))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The integration record that a person signs in through.
#[derive(Debug, Clone)]
pub struct SignInRecord {
    /// Its Client ID.
    pub client_id: ClientId,
    /// Its Client Secret, where it is no public client.
    pub secret: Option<Secret>,
}

/// The request for one sign-in: the address for the browser, and what has to come back.
pub struct Authorization {
    address: String,
    state: String,
    redirect: RedirectUri,
    verifier: Secret,
}

/// The addresses of a request are wrong: a bug.
#[derive(Debug, thiserror::Error)]
#[error("the address of the sign-in cannot be written: {0}")]
pub struct NoAddress(#[from] oauth2::url::ParseError);

/// The secret without the end of its line.
fn trimmed(secret: &Secret) -> Secret {
    Secret::new(SecretKind::ClientSecret, secret.expose().trim_ascii())
}

type Requester =
    BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

fn requester(
    record: &SignInRecord,
    page: &str,
    token: &str,
    redirect: &RedirectUri,
) -> Result<Requester, NoAddress> {
    let client = BasicClient::new(oauth2::ClientId::new(record.client_id.as_str().to_owned()))
        .set_auth_uri(AuthUrl::new(page.to_owned())?)
        .set_token_uri(oauth2::TokenUrl::new(token.to_owned())?)
        .set_redirect_uri(RedirectUrl::new(redirect.as_str().to_owned())?);
    Ok(match record.secret.as_ref().and_then(Secret::expose_str) {
        Some(secret) => client.set_client_secret(ClientSecret::new(secret.trim().to_owned())),
        None => client,
    })
}

impl Authorization {
    /// Makes the request of one sign-in. `state` and verifier are random, and good for this one.
    ///
    /// # Errors
    /// Only on a bug.
    pub fn new(
        account: Option<&AccountId>,
        record: &SignInRecord,
        redirect: RedirectUri,
        scrubber: &Scrubber,
    ) -> Result<Self, NoAddress> {
        let page = AuthorizeUrl::of(account);
        // Any address of a token endpoint does: this half is not asked for a token.
        let client = requester(record, page.as_str(), page.as_str(), &redirect)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (url, state) = client
            // 32 random bytes make 43 characters; NetSuite takes 22 to 1,024.
            .authorize_url(|| CsrfToken::new_random_len(32))
            .add_scope(oauth2::Scope::new(Scope::RestWebservices.as_str().to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        let verifier = Secret::new(SecretKind::CodeVerifier, verifier.into_secret());
        scrubber.learn(&verifier);
        if let Some(secret) = &record.secret {
            scrubber.learn(&trimmed(secret));
        }
        Ok(Self { address: url.into(), state: state.into_secret(), redirect, verifier })
    }

    /// The address for the browser. It holds no secret: the challenge is a hash, and `state` only
    /// tells this sign-in from others.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Reads what the redirect brought: the part of its address after `?`.
    ///
    /// # Errors
    /// When it is not of this sign-in, or brings no code.
    pub fn read(self, query: &str, scrubber: &Scrubber) -> Result<Authorized, RedirectError> {
        let answer = Brought::of(query);
        if let Some(code) = &answer.code {
            scrubber.learn(code);
        }
        answer.check(&self.state)?;
        if let Some(error) = answer.error {
            return Err(match error.as_str() {
                "access_denied" => RedirectError::Denied,
                _ => RedirectError::Refused(error),
            });
        }
        let code = answer.code.ok_or(RedirectError::NoCode)?;
        Ok(Authorized {
            code,
            verifier: self.verifier,
            redirect: self.redirect,
            company: answer.company,
        })
    }

    /// What tells the redirects of this sign-in from others.
    #[must_use]
    pub fn matcher(&self) -> Matcher {
        Matcher { state: self.state.clone() }
    }
}

impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Authorization(hidden)")
    }
}

/// What a sign-in in the browser ended with: a code, and what belongs to it.
#[derive(Debug)]
pub struct Authorized {
    code: Secret,
    verifier: Secret,
    redirect: RedirectUri,
    /// The account that was signed in to, where the redirect says it.
    pub company: Option<AccountId>,
}

/// What the crate is told instead of an answer: that is read here.
#[derive(Debug, thiserror::Error)]
#[error("the answer is read elsewhere")]
struct Elsewhere;

/// Hands the code in, once.
///
/// # Errors
/// Only on a bug.
pub async fn exchange_code(
    client: &Client,
    url: &TokenUrl,
    record: &SignInRecord,
    authorized: Authorized,
    scrubber: &Scrubber,
) -> Result<TokenAnswer, NoAddress> {
    let Authorized { code, verifier, redirect, .. } = authorized;
    let requester = requester(record, url.as_str(), url.as_str(), &redirect)?;
    let text = |secret: &Secret| secret.expose_str().unwrap_or_default().to_owned();
    let written = Cell::new(None);
    let write = |request: oauth2::HttpRequest| {
        written.set(Some(form(request, scrubber)));
        std::future::ready(Err::<oauth2::HttpResponse, _>(Elsewhere))
    };
    let asked = requester
        .exchange_code(AuthorizationCode::new(text(&code)))
        .set_pkce_verifier(PkceCodeVerifier::new(text(&verifier)));
    // The crate writes the request and is told that there is no answer.
    let _ = asked.request_async(&write).await;
    let empty = || CodeForm { body: Zeroizing::default(), authorization: None };
    let call = client.token_for_code(url, written.take().unwrap_or_else(empty)).await;
    Ok(answered(call, scrubber))
}

fn form(request: oauth2::HttpRequest, scrubber: &Scrubber) -> CodeForm {
    let header = request.headers().get("authorization").and_then(|value| value.to_str().ok());
    let authorization = header.map(|text| Zeroizing::new(text.to_owned()));
    if let Some(text) = authorization.as_ref().and_then(|text| text.strip_prefix("Basic ")) {
        scrubber.learn(&Secret::new(SecretKind::ClientSecret, text));
    }
    let body = String::from_utf8(request.into_body()).unwrap_or_default();
    CodeForm { body: Zeroizing::new(body), authorization }
}
