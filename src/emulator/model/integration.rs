//! Integration records.

use serde::Deserialize;

use crate::types::{Scope, Secret, SecretKind};

/// The State field of an integration record. Source: OH/chapter_157017286140.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IntegrationState {
    /// In use.
    Enabled,
    /// Refused.
    Blocked,
    /// Installed by a bundle and not yet approved.
    WaitingForApproval,
}

/// An integration record. Source of the fields: OH/section_157771733782.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Integration {
    /// Internal ID.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Client ID (Consumer Key): 64 hexadecimal characters.
    pub client_id: String,
    /// Client secret; a record that was not asked for it here has none.
    #[serde(default)]
    pub client_secret: Option<ClientSecret>,
    /// Application ID: an upper-case UUID.
    pub application_id: String,
    /// Its state.
    pub state: IntegrationState,
    /// The box "Client Credentials (Machine to Machine) Grant".
    #[serde(default)]
    pub client_credentials_grant: bool,
    /// The box "Authorization Code Grant".
    #[serde(default)]
    pub authorization_code_grant: bool,
    /// The box "Public Client".
    #[serde(default)]
    pub public_client: bool,
    /// The lines of "Redirect URI".
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    /// The ticked scopes.
    pub scopes: Vec<Scope>,
}

/// The client secret of a record.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "String")]
pub struct ClientSecret(Secret);

impl From<String> for ClientSecret {
    fn from(text: String) -> Self {
        Self(Secret::new(SecretKind::ClientSecret, text))
    }
}

impl ClientSecret {
    /// Whether this is what was sent.
    #[must_use]
    pub fn is(&self, sent: &str) -> bool {
        let own = self.0.expose();
        own.len() == sent.len() && openssl::memcmp::eq(own, sent.as_bytes())
    }
}

/// `scheme://host:port/path` on a loopback name, without its port.
fn without_port(uri: &str) -> Option<String> {
    let (scheme, rest) = uri.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => (host, port),
        _ => (authority, ""),
    };
    let known = ["localhost", "127.0.0.1", "[::1]"].contains(&host);
    (known && !port.is_empty()).then(|| format!("{scheme}://{host}{path}"))
}

impl Integration {
    /// Whether a redirect URI is one of the record's: exactly (OH/section_158081944642), or with
    /// another port of this machine where `any_port` allows that.
    #[must_use]
    pub fn redirects_to(&self, uri: &str, any_port: bool) -> bool {
        let same = |own: &String| {
            let both = without_port(own).zip(without_port(uri));
            own == uri || (any_port && both.is_some_and(|(own, asked)| own == asked))
        };
        self.redirect_uris.iter().any(same)
    }
}

/// Whether an address is one of plain HTTP, which the record's page is said to refuse.
#[must_use]
pub fn is_plain_http(uri: &str) -> bool {
    uri.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http://"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirect_uris_are_compared_exactly_but_for_the_port() {
        let record: Integration = toml::from_str(
            "id = 1\nname = 'n'\nclient_id = 'c'\napplication_id = 'A'\nstate = 'enabled'\n\
             scopes = []\nredirect_uris = ['http://localhost:8899/callback', 'myapp://callback']",
        )
        .unwrap();
        for (uri, exactly, any_port) in [
            ("http://localhost:8899/callback", true, true),
            ("myapp://callback", true, true),
            ("http://localhost:9000/callback", false, true),
            ("https://localhost:8899/callback", false, false),
            ("http://127.0.0.1:8899/callback", false, false),
            ("http://localhost:8899/callback/", false, false),
            ("http://localhost:8899/callback?a=b", false, false),
            ("http://localhost:8899/Callback", false, false),
            ("http://localhost.evil.example:8899/callback", false, false),
            ("http://localhost:8899@evil.example/callback", false, false),
            ("", false, false),
        ] {
            assert_eq!(record.redirects_to(uri, false), exactly, "{uri}");
            assert_eq!(record.redirects_to(uri, true), any_port, "{uri}");
        }
    }

    #[test]
    fn a_client_secret_is_told_to_nobody() {
        let secret = ClientSecret::from("b1946ac9".to_owned());
        assert!(secret.is("b1946ac9") && !secret.is("b1946ac8") && !secret.is(""));
        assert!(!format!("{secret:?}").contains("b194"));
    }
}
