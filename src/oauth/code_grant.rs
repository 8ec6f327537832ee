//! The sign-in of a person in the browser: authorization code grant with PKCE.
//!
//! The addresses and forms are written by the crate `oauth2`; they go out over the project's own
//! client, and answers are read by the project's own reader. Sources: OH/section_158081944642 (what
//! is asked, what the redirect brings), OH/section_158081952044 (code for token), RFC 6749, RFC 7636.

use std::cell::Cell;
use std::fmt;

use futures_util::future::LocalBoxFuture;
use oauth2::basic::BasicClient;
use oauth2::url::{Url, form_urlencoded};
use oauth2::{
    AuthUrl, AuthorizationCode, ClientSecret, CsrfToken, EndpointNotSet, EndpointSet,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
};
use zeroize::Zeroizing;

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

/// Tells the redirects of one sign-in from others.
pub struct Matcher {
    state: String,
}

impl Matcher {
    /// Whether a redirect is of this sign-in, whatever else it brings.
    #[must_use]
    pub fn is_ours(&self, query: &str) -> bool {
        Brought::of(query).check(&self.state).is_ok()
    }
}

impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Authorization(hidden)")
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
struct Brought {
    state: Option<String>,
    code: Option<Secret>,
    company: Option<AccountId>,
    error: Option<String>,
    twice: bool,
}

impl Brought {
    fn of(query: &str) -> Self {
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
                "company" => brought.company = account(&value),
                "error" => brought.error = Some(word(&value)),
                _ => {}
            }
            seen.push(name.into_owned());
        }
        brought
    }

    fn check(&self, state: &str) -> Result<(), RedirectError> {
        let own = self.state.as_deref().is_some_and(|given| {
            given.len() == state.len() && openssl::memcmp::eq(given.as_bytes(), state.as_bytes())
        });
        if own && !self.twice { Ok(()) } else { Err(RedirectError::NotOurs) }
    }
}

fn is_code(text: &str) -> bool {
    (1..=2048).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

fn account(text: &str) -> Option<AccountId> {
    let text = text.replace('-', "_");
    let (base, suffix) = match text.split_once('_') {
        Some((base, suffix)) => (base, Some(suffix)),
        None => (text.as_str(), None),
    };
    AccountId::from_parts(base, suffix).ok()
}

/// An error word, where it looks like one.
fn word(text: &str) -> String {
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    let fine = (1..=64).contains(&text.len()) && plain;
    if fine { text.to_owned() } else { "an error that cannot be read".to_owned() }
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

// What the checks know of the browser: somebody takes a person through it.

/// Takes a person through the sign-in in a browser.
pub trait Browser: fmt::Debug {
    /// Which integration record is used.
    fn record(&self) -> &SignInRecord;

    /// Where the redirect arrives.
    fn redirect_uri(&self) -> String;

    /// The port of it.
    fn port(&self) -> u16;

    /// Shows the address, and waits for the redirect.
    fn authorize<'a>(
        &'a self,
        account: Option<&'a AccountId>,
        scrubber: &'a Scrubber,
    ) -> LocalBoxFuture<'a, Result<Authorized, BrowserStop>>;
}

/// Why no code came back from the browser.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BrowserStop {
    /// The redirect itself.
    #[error(transparent)]
    Redirect(#[from] RedirectError),
    /// Another program listens where the redirect is to arrive.
    #[error("port {0} of this machine is in use")]
    PortTaken(u16),
    /// The port cannot be had for another reason.
    #[error("this machine cannot listen on port {port}: {reason}")]
    NoListener {
        /// Which.
        port: u16,
        /// What the system says.
        reason: String,
    },
    /// No redirect came in time.
    #[error("no sign-in came back within {seconds} seconds")]
    TimedOut {
        /// How long was waited.
        seconds: u64,
        /// Whether a browser was started.
        browser: bool,
        /// A redirect came that was not of this sign-in.
        stranger: bool,
    },
    /// Nobody can paste an address here.
    #[error("nobody is there to paste the address")]
    NoTerminal,
    /// What was pasted is no address of a redirect.
    #[error("what was pasted is not the address that the sign-in ends on")]
    NotAnAddress,
    /// A bug.
    #[error("{0}")]
    Internal(String),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netsuite::double::{Behaviour, Double};
    use crate::oauth::exchange::{OAuthError, TokenOutcome};

    const CODE: &str = "70b827f926a512f098b1289f0991abe3c767947a43498c2e2f80ed5aef6a5c50";
    const SECRET: &str = "cdc7ac22183ef5024e81b0fce8ef461c44d5896a1f1805d4b372ca61c4d326ae";
    const REFRESH: &str = "the-refresh-token-that-nobody-is-to-keep";

    fn account() -> AccountId {
        AccountId::from_parts("1234567", Some("SB1")).unwrap()
    }

    fn record(secret: Option<&str>) -> SignInRecord {
        SignInRecord {
            client_id: ClientId::new(&"0123456789abcdef".repeat(4)).unwrap(),
            secret: secret.map(|text| Secret::new(SecretKind::ClientSecret, text)),
        }
    }

    fn request(account: Option<&AccountId>) -> Authorization {
        let redirect = RedirectUri::localhost("http", 8899);
        Authorization::new(account, &record(None), redirect, &Scrubber::default()).unwrap()
    }

    fn parameter(address: &str, name: &str) -> String {
        let url = Url::parse(address).unwrap();
        let found: Vec<_> = url.query_pairs().filter(|(own, _)| own == name).collect();
        assert_eq!(found.len(), 1, "{name}");
        found[0].1.clone().into_owned()
    }

    #[test]
    fn the_address_asks_what_is_documented() {
        let request = request(Some(&account()));
        let address = request.address();
        assert!(
            address
                .starts_with("https://1234567-sb1.app.netsuite.com/app/login/oauth2/authorize.nl?")
        );
        for (name, value) in [
            ("response_type", "code"),
            ("client_id", &"0123456789abcdef".repeat(4)),
            ("redirect_uri", "http://localhost:8899/callback"),
            ("scope", "rest_webservices"),
            ("code_challenge_method", "S256"),
        ] {
            assert_eq!(parameter(address, name), value);
        }
        let state = parameter(address, "state");
        assert!((22..=1024).contains(&state.len()) && state.bytes().all(|b| b.is_ascii_graphic()));
        let verifier = request.verifier.expose_str().unwrap();
        assert!((43..=128).contains(&verifier.len()));
        let digest = openssl::sha::sha256(verifier.as_bytes());
        use base64::Engine as _;
        let challenge = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(digest);
        assert_eq!(parameter(address, "code_challenge"), challenge);
        assert!(!address.contains(verifier));
    }

    #[test]
    fn without_an_account_the_neutral_page_is_asked_and_nothing_is_used_twice() {
        let (first, second) = (request(None), request(None));
        let page = "https://system.netsuite.com/app/login/oauth2/authorize.nl?";
        assert!(first.address().starts_with(page));
        assert_ne!(first.state, second.state);
        assert_ne!(first.verifier.expose(), second.verifier.expose());
    }

    fn read(more: &str) -> Result<Authorized, RedirectError> {
        let request = request(None);
        let query = more.replace("STATE", &request.state);
        assert_eq!(
            request.matcher().is_ours(&query),
            !matches!(more, "" | "code=c" | "state=x&code=c")
                && query.matches("state=").count() == 1
                && query.matches("code=").count() < 2
        );
        request.read(&query, &Scrubber::default())
    }

    #[test]
    fn a_redirect_is_read_and_only_that_of_this_sign_in() {
        let made = read("state=STATE&role=3&entity=7&company=1234567_SB1&code=abc").unwrap();
        assert_eq!(made.company.unwrap(), account());
        assert_eq!(read("state=STATE&code=abc&company=..%2F").unwrap().company, None);
        for (query, error) in [
            ("", RedirectError::NotOurs),
            ("code=c", RedirectError::NotOurs),
            ("state=x&code=c", RedirectError::NotOurs),
            ("state=STATE&state=STATE&code=c", RedirectError::NotOurs),
            ("state=STATE&code=c&code=d", RedirectError::NotOurs),
            ("state=STATE", RedirectError::NoCode),
            ("state=STATE&code=", RedirectError::NoCode),
            ("state=STATE&code=a%20b", RedirectError::NoCode),
            ("state=STATE&error=access_denied&company=1", RedirectError::Denied),
            ("state=STATE&error=invalid_scope", RedirectError::Refused("invalid_scope".to_owned())),
        ] {
            assert_eq!(read(query).err(), Some(error), "{query}");
        }
        let odd = read("state=STATE&error=%1b[2J").unwrap_err().to_string();
        assert!(!odd.contains('\u{1b}'), "{odd}");
    }

    async fn hand_in(double: &Double, secret: Option<&str>) -> (TokenAnswer, Scrubber, String) {
        let scrubber = Scrubber::default();
        let redirect = RedirectUri::localhost("http", 8899);
        let record = record(secret);
        let request = Authorization::new(None, &record, redirect, &scrubber).unwrap();
        let verifier = request.verifier.expose_str().unwrap().to_owned();
        let query = format!("state={}&code={CODE}", request.state);
        let made = request.read(&query, &scrubber).unwrap();
        let url = TokenUrl::of(&account());
        let reply = exchange_code(&double.client(), &url, &record, made, &scrubber).await.unwrap();
        (reply, scrubber, verifier)
    }

    fn form_of(body: &str) -> Vec<(String, String)> {
        form_urlencoded::parse(body.as_bytes()).into_owned().collect()
    }

    #[tokio::test]
    async fn a_public_client_names_itself_in_the_form() {
        let double = Double::serving(|_| {
            Behaviour::json(
                200,
                format!(
                    r#"{{"access_token":"a.b.c","refresh_token":"{REFRESH}","expires_in":"3600",
                       "token_type":"bearer"}}"#
                ),
            )
        });
        let (reply, scrubber, verifier) = hand_in(&double, None).await;
        assert!(matches!(reply.outcome, TokenOutcome::Granted(_)), "{:?}", reply.outcome);
        let [seen] = double.seen().try_into().unwrap();
        assert_eq!(seen.path, "/services/rest/auth/oauth2/v1/token");
        assert_eq!(seen.header("authorization"), None);
        assert_eq!(seen.header("content-type"), Some("application/x-www-form-urlencoded"));
        let mut form = form_of(&seen.body);
        form.sort();
        let expected = [
            ("client_id", "0123456789abcdef".repeat(4)),
            ("code", CODE.to_owned()),
            ("code_verifier", verifier.clone()),
            ("grant_type", "authorization_code".to_owned()),
            ("redirect_uri", "http://localhost:8899/callback".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value));
        assert_eq!(form, expected);
        // All of it is known to whoever writes anything.
        for secret in [CODE, &verifier] {
            assert_eq!(scrubber.scrub(secret).1, 1, "{secret}");
        }
    }

    #[tokio::test]
    async fn a_confidential_client_shows_its_secret_as_basic() {
        let double = Double::answering(400, "application/json", r#"{"error":"invalid_grant"}"#);
        let (reply, scrubber, _) = hand_in(&double, Some(&format!("{SECRET}\n"))).await;
        assert!(matches!(reply.outcome, TokenOutcome::Refused(OAuthError::InvalidGrant)));
        let [seen] = double.seen().try_into().unwrap();
        use base64::Engine as _;
        let plain = format!("{}:{SECRET}", "0123456789abcdef".repeat(4));
        let basic = base64::engine::general_purpose::STANDARD.encode(plain);
        assert_eq!(seen.header("authorization"), Some(format!("Basic {basic}").as_str()));
        assert!(!form_of(&seen.body).iter().any(|(name, _)| name == "client_id"));
        for secret in [basic.as_str(), SECRET] {
            assert_eq!(scrubber.scrub(secret).1, 1, "{secret}");
        }
    }

    #[test]
    fn what_is_pasted_is_an_address_with_parameters() {
        let query = "state=a&code=b";
        for text in
            ["https://localhost:1/callback?state=a&code=b", " 'http://localhost/?state=a&code=b'\n"]
        {
            assert_eq!(pasted(text).as_deref(), Some(query), "{text}");
        }
        for text in ["", query, "https://localhost/callback", "https://localhost/callback?"] {
            assert_eq!(pasted(text), None, "{text}");
        }
        assert_eq!(pasted(&format!("https://localhost/?a={}", "x".repeat(9000))), None);
    }

    #[test]
    fn fuzz() {
        let words = ["state=", "code=", "company=", "error=", "&", "%00", "access_denied"];
        crate::fuzz::run("sign-in-redirect", &words, |bytes| {
            let text = String::from_utf8_lossy(bytes);
            let request = request(None);
            let state = request.state.clone();
            if let Err(error) = request.read(&text, &Scrubber::default()) {
                crate::fuzz::check_message(&error);
            } else {
                assert!(text.contains(&state), "{text}");
            }
        });
    }
}
