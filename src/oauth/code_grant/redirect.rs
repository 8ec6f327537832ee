//! What the redirect of a sign-in brings back, and whether it is of this sign-in.

use oauth2::url::{Url, form_urlencoded};

use crate::oauth::access_token::account_id;
use crate::types::{AccountId, Secret, SecretKind};

/// Tells the redirects of one sign-in from others.
pub struct Matcher {
    pub(super) state: String,
}

impl Matcher {
    /// Whether a redirect is of this sign-in, whatever else it brings.
    #[must_use]
    pub fn is_ours(&self, query: &str) -> bool {
        Brought::of(query).check(&self.state).is_ok()
    }
}

/// Why a redirect does not end in a token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RedirectError {
    /// It has no `state`, another one, or a parameter twice.
    #[error("the redirect is not of this sign-in")]
    NotOurs,
    /// Whoever signed in did not allow it.
    #[error("the sign-in was denied in the browser")]
    Denied,
    /// NetSuite's own error word.
    #[error("NetSuite refused the sign-in: {0}")]
    Refused(String),
    /// Neither a code nor an error.
    #[error("the redirect brought no code")]
    NoCode,
}

/// The parameters of a redirect, as far as they can be right.
#[derive(Default)]
pub(super) struct Brought {
    state: Option<String>,
    pub(super) code: Option<Secret>,
    pub(super) company: Option<AccountId>,
    pub(super) error: Option<String>,
    twice: bool,
}

impl Brought {
    pub(super) fn of(query: &str) -> Self {
        let mut brought = Self::default();
        let mut seen: Vec<String> = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if seen.iter().any(|other| *other == name) {
                brought.twice = true;
            }
            match &*name {
                "state" => brought.state = Some(value.into_owned()),
                "code" if is_code(&value) => {
                    let code = Secret::new(SecretKind::AuthorizationCode, value.into_owned());
                    brought.code = Some(code);
                }
                "company" => brought.company = account_id(&value),
                "error" => brought.error = Some(word(&value)),
                _ => {}
            }
            seen.push(name.into_owned());
        }
        brought
    }

    pub(super) fn check(&self, state: &str) -> Result<(), RedirectError> {
        let own = self.state.as_deref().is_some_and(|given| {
            given.len() == state.len() && openssl::memcmp::eq(given.as_bytes(), state.as_bytes())
        });
        if own && !self.twice { Ok(()) } else { Err(RedirectError::NotOurs) }
    }
}

fn is_code(text: &str) -> bool {
    (1..=2048).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

/// An error word, where it looks like one.
fn word(text: &str) -> String {
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    let fine = (1..=64).contains(&text.len()) && plain;
    if fine { text.to_owned() } else { "an error that cannot be read".to_owned() }
}

/// The part of a pasted address that the redirect brought: none where it is no such address.
#[must_use]
pub fn pasted(text: &str) -> Option<String> {
    let text = text.trim().trim_matches(['"', '\'', '<', '>']);
    if text.len() > 8192 {
        return None;
    }
    let url = Url::parse(text).ok()?;
    url.query().filter(|query| !query.is_empty()).map(str::to_owned)
}
