//! What NetSuite says on the wire: HTTP client, endpoints, error decoding, record catalogue.

pub mod answer;
pub mod catalogue;
#[cfg(test)]
pub mod double;
pub mod form;
pub mod http;
pub mod not_offered;
pub mod patterns;
pub mod profiles;
pub mod recording;
pub mod role;
pub mod script_error;
pub mod symptom;
pub mod url;

use crate::types::{Scrubber, Secret, SecretKind};

// The two secrets that go over the wire, each as its own type, so that neither can stand where
// the other belongs.

/// The signed client assertion of RFC 7523. Goes into the token request and nowhere else.
#[derive(Debug, Clone)]
pub struct Assertion(Secret);

impl Assertion {
    /// Wraps a signed assertion and teaches it to the scrubber.
    #[must_use]
    pub fn new(jwt: String, scrubber: &Scrubber) -> Self {
        Self(learned(SecretKind::Assertion, jwt, scrubber))
    }

    fn secret(&self) -> &Secret {
        &self.0
    }

    /// The assertion as text, for verifying it in tests.
    #[cfg(test)]
    pub(crate) fn expose(&self) -> &str {
        self.0.expose_str().unwrap_or_default()
    }
}

/// The access token that NetSuite issued. Goes to the account's own hosts and nowhere else.
#[derive(Debug, Clone)]
pub struct Bearer(Secret);

impl Bearer {
    /// Wraps a token and teaches it to the scrubber.
    #[must_use]
    pub fn new(token: String, scrubber: &Scrubber) -> Self {
        Self(learned(SecretKind::AccessToken, token, scrubber))
    }

    pub(crate) fn secret(&self) -> &Secret {
        &self.0
    }
}

fn learned(kind: SecretKind, text: String, scrubber: &Scrubber) -> Secret {
    let secret = Secret::new(kind, text.into_bytes());
    scrubber.learn(&secret);
    secret
}
