//! A client for the tests.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Signer};
use openssl::x509::X509;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::emulator::Emulator;
use crate::emulator::model::Account;
use crate::emulator::server::EmulatorOptions;
use crate::emulator::signin::request::pairs;
use crate::emulator::tls::{KeyChoice, certificate};
use crate::types::{Algorithm, Clock};

pub const CLIENT_ID: &str = "6f9a3c01d2b84e57a0c6134f8e2d79b5c4f01a6d83e952b7f06c1d48a39be275";
pub const SUITETALK: &str = "1234567.suitetalk.api.netsuite.com";
pub const RESTLETS: &str = "1234567.restlets.api.netsuite.com";
pub const APP: &str = "1234567.app.netsuite.com";
pub const TOKEN: &str = "/services/rest/auth/oauth2/v1/token";
/// 2026-11-23T12:00:00Z
pub const NOW: i64 = 1_795_435_200;

/// An emulator with a registered certificate, and a client that trusts it.
pub struct Setup {
    pub emulator: Emulator,
    pub http: Client,
    pub key: PKey<Private>,
    pub algorithm: &'static str,
    pub kid: String,
}

pub fn clock() -> Clock {
    Clock::fixed(Timestamp::from_second(NOW).unwrap())
}

pub fn options(switches: &[&str]) -> EmulatorOptions {
    let mut options = EmulatorOptions { clock: clock(), ..EmulatorOptions::default() };
    for switch in switches {
        options.switches.set_from(switch).unwrap();
    }
    options
}

pub fn trusting(emulator: &Emulator) -> reqwest::ClientBuilder {
    offering(emulator, &[b"h2", b"http/1.1"])
}

/// A client that offers these protocols.
pub fn offering(emulator: &Emulator, alpn: &[&[u8]]) -> reqwest::ClientBuilder {
    let mut roots = rustls::RootCertStore::empty();
    for certificate in X509::stack_from_pem(emulator.ca_pem()).unwrap() {
        roots.add(certificate.to_der().unwrap().into()).unwrap();
    }
    let provider = Arc::new(rustls_openssl::default_provider());
    let mut trusted = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    trusted.alpn_protocols = alpn.iter().map(|name| name.to_vec()).collect();
    let mut builder = Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .tls_backend_preconfigured(trusted);
    // A bare machine has no name service, not even for `localhost`.
    let others = [
        APP,
        "rest.netsuite.com",
        "system.netsuite.com",
        "9999999.suitetalk.api.netsuite.com",
        "localhost",
    ];
    for host in [SUITETALK, RESTLETS].into_iter().chain(others) {
        builder = builder.resolve(host, emulator.addr());
    }
    builder
}

impl Setup {
    pub async fn start(changes: &str, options: EmulatorOptions) -> Self {
        Self::with_key(KeyChoice::EcP256, changes, options).await
    }

    pub async fn with_key(choice: KeyChoice, changes: &str, options: EmulatorOptions) -> Self {
        let account = Account::with(toml::from_str(changes).unwrap()).unwrap();
        let emulator = Emulator::start(account, options).await.unwrap();
        let http = trusting(&emulator).build().unwrap();
        let key = choice.generate().unwrap();
        let der = certificate(&key, NOW - 300, NOW + 86_400).unwrap().to_der().unwrap();
        let kid = emulator
            .register(&der, (Account::INTEGRATION, Account::ROLE, Account::ENTITY))
            .unwrap();
        Self { emulator, http, key, algorithm: choice.algorithm().as_str(), kid }
    }

    pub fn url(&self, host: &str, path: &str) -> String {
        format!("https://{host}:{}{path}", self.emulator.addr().port())
    }

    pub fn header(&self) -> Value {
        json!({ "typ": "JWT", "alg": self.algorithm, "kid": self.kid })
    }

    pub fn claims(&self) -> Value {
        json!({
            "iss": CLIENT_ID,
            "scope": ["rest_webservices"],
            "aud": format!("https://{SUITETALK}{TOKEN}"),
            "iat": NOW,
            "exp": NOW + 300,
        })
    }

    pub fn assertion(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        let algorithm = self.algorithm.parse().unwrap();
        let signature = sign(algorithm, &self.key, signed.as_bytes()).unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    pub async fn post_token(&self, assertion: &str) -> Response {
        self.post_to(SUITETALK, assertion).await
    }

    pub async fn post_to(&self, host: &str, assertion: &str) -> Response {
        let body = format!(
            "grant_type=client_credentials&client_assertion_type=\
             urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion={assertion}"
        );
        self.http
            .post(self.url(host, TOKEN))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
            .send()
            .await
            .unwrap()
    }

    /// Exchanges an assertion; status and body.
    pub async fn exchange(&self, header: &Value, claims: &Value) -> (u16, Value) {
        let response = self.post_token(&self.assertion(header, claims)).await;
        let status = response.status().as_u16();
        (status, serde_json::from_slice(&response.bytes().await.unwrap()).unwrap())
    }

    pub async fn token(&self) -> String {
        let (status, body) = self.exchange(&self.header(), &self.claims()).await;
        assert_eq!(status, 200, "{body}");
        body["access_token"].as_str().unwrap().to_owned()
    }

    pub fn request(&self, method: Method, path: &str, token: &str) -> RequestBuilder {
        let host = if path.contains("/clients/") { RESTLETS } else { SUITETALK };
        self.http
            .request(method, self.url(host, &format!("/services/rest{path}")))
            .header("authorization", format!("Bearer {token}"))
    }

    pub async fn get(&self, path: &str, token: &str) -> (u16, Value) {
        read(self.request(Method::GET, path, token).send().await.unwrap()).await
    }

    pub async fn query(&self, q: &str, token: &str) -> (u16, Value) {
        let request = self
            .request(Method::POST, "/query/v1/suiteql", token)
            .header("prefer", "transient")
            .body(json!({ "q": q }).to_string());
        read(request.send().await.unwrap()).await
    }

    /// The Detail of the last row of the audit trail.
    pub fn last_detail(&self) -> Option<&'static str> {
        self.emulator.audit_trail().last().and_then(|entry| entry.detail).map(|d| d.as_str())
    }
}

pub async fn read(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let bytes = response.bytes().await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
}

pub fn detail(body: &Value) -> &str {
    body["o:errorDetails"][0]["detail"].as_str().unwrap_or("")
}

pub fn code(body: &Value) -> &str {
    body["o:errorDetails"][0]["o:errorCode"].as_str().unwrap_or("")
}

// A browser in which somebody signs in, and the application that sent her there.

pub const AUTHORIZE: &str = "/app/login/oauth2/authorize.nl";
pub const SIGN_IN: &str = "3d7f20c9b8e14a65f9027c6b51d84ae3097fb2c6e8d15a4073b69ec1f284d05b";
pub const BACK: &str = "http://localhost:8899/callback";
pub const STATE: &str = "ykv2XLx1BpT5Q0F3MRPHb94j";
/// RFC 7636 appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// What a browser got: a page, or where it is sent to.
pub enum Seen {
    Page(u16, String),
    SentBack(String, Vec<(String, String)>),
}

impl Seen {
    /// A parameter of the address that the browser is sent to.
    pub fn value(&self, name: &str) -> Option<&str> {
        let Self::SentBack(_, parameters) = self else { return None };
        parameters.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The page.
    pub fn page(&self) -> &str {
        match self {
            Self::Page(_, html) => html,
            Self::SentBack(to, parameters) => panic!("sent back to {to} with {parameters:?}"),
        }
    }
}

pub fn form(pairs: &[(&str, &str)]) -> String {
    let escaped = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let pair = |(name, value): &(&str, &str)| format!("{name}={}", escaped(value));
    pairs.iter().map(pair).collect::<Vec<_>>().join("&")
}

/// The request of a public client in which everything is right.
pub fn asked() -> Vec<(&'static str, &'static str)> {
    vec![
        ("response_type", "code"),
        ("client_id", SIGN_IN),
        ("redirect_uri", BACK),
        ("scope", "rest_webservices"),
        ("state", STATE),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ]
}

/// The exchange of a public client in which everything but the code is right.
pub fn exchanged(code: &str) -> Vec<(&'static str, &str)> {
    vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", BACK),
        ("client_id", SIGN_IN),
        ("code_verifier", VERIFIER),
    ]
}

impl Setup {
    async fn browse(&self, request: RequestBuilder) -> Seen {
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let Some(to) = response.headers().get("location") else {
            assert_eq!(response.headers()["content-type"], "text/html;charset=utf-8");
            return Seen::Page(status, response.text().await.unwrap());
        };
        assert_eq!(status, 302);
        let to = to.to_str().unwrap();
        let (to, query) = to.split_once('?').unwrap();
        Seen::SentBack(to.to_owned(), pairs(query))
    }

    pub async fn open(&self, host: &str, parameters: &[(&str, &str)]) -> Seen {
        let url = self.url(host, &format!("{AUTHORIZE}?{}", form(parameters)));
        self.browse(self.http.get(url)).await
    }

    pub async fn submit(&self, fields: &[(&str, &str)]) -> Seen {
        let post = self.http.post(self.url(APP, AUTHORIZE)).body(form(fields));
        self.browse(post.header("content-type", "application/x-www-form-urlencoded")).await
    }

    /// From the request to the consent screen of this user; the number in its form.
    pub async fn log_in(&self, parameters: &[(&str, &str)], email: &str) -> String {
        let page = self.open(APP, parameters).await;
        let (_, after) = page.page().split_once("name=\"flow\" value=\"").unwrap();
        let flow = after.split('"').next().unwrap().to_owned();
        let consent = self.submit(&[("flow", &flow), ("email", email)]).await;
        assert!(consent.page().contains("Application Authorization"), "{}", consent.page());
        flow
    }

    /// The code that this user gives out in this role.
    pub async fn code(&self, parameters: &[(&str, &str)], email: &str, role: &str) -> String {
        let flow = self.log_in(parameters, email).await;
        let end = self.submit(&[("flow", &flow), ("role", role), ("decision", "allow")]).await;
        end.value("code").unwrap().to_owned()
    }

    /// Posts to the token endpoint; status and body.
    pub async fn exchange_code(
        &self,
        fields: &[(&str, &str)],
        basic: Option<&str>,
    ) -> (u16, Value) {
        let post = self.http.post(self.url(SUITETALK, TOKEN)).body(form(fields));
        let post = post.header("content-type", "application/x-www-form-urlencoded");
        let post = match basic {
            Some(pair) => post.header("authorization", format!("Basic {}", STANDARD.encode(pair))),
            None => post,
        };
        read(post.send().await.unwrap()).await
    }

    /// An access token of this user in this role.
    pub async fn signed_in(&self, email: &str, role: &str) -> String {
        let code = self.code(&asked(), email, role).await;
        let (status, body) = self.exchange_code(&exchanged(&code), None).await;
        assert_eq!(status, 200, "{body}");
        body["access_token"].as_str().unwrap().to_owned()
    }

    pub async fn administrator(&self) -> String {
        self.signed_in("owner@example.com", "3").await
    }
}

// JWS signatures made on OpenSSL alone.

/// Signs as JOSE wants it.
///
/// # Errors
/// When the key cannot sign with the algorithm.
pub fn sign(
    algorithm: Algorithm,
    key: &PKey<Private>,
    message: &[u8],
) -> Result<Vec<u8>, ErrorStack> {
    let (digest, width) = match algorithm {
        Algorithm::Ps256 => (MessageDigest::sha256(), None),
        Algorithm::Ps384 => (MessageDigest::sha384(), None),
        Algorithm::Ps512 => (MessageDigest::sha512(), None),
        Algorithm::Es256 => (MessageDigest::sha256(), Some(32)),
        Algorithm::Es384 => (MessageDigest::sha384(), Some(48)),
        Algorithm::Es512 => (MessageDigest::sha512(), Some(66)),
    };
    let Some(width) = width else {
        let mut signer = Signer::new(digest, key)?;
        signer.set_rsa_padding(Padding::PKCS1_PSS)?;
        signer.set_rsa_mgf1_md(digest)?;
        signer.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)?;
        return signer.sign_oneshot_to_vec(message);
    };
    let pair = EcdsaSig::sign(&openssl::hash::hash(digest, message)?, &*key.ec_key()?)?;
    Ok([pair.r().to_vec_padded(width)?, pair.s().to_vec_padded(width)?].concat())
}
