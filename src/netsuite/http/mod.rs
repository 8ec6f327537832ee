//! The one HTTP client: bounded in time and size, without redirects, cookies or a generic method.
//! It sends GET, the two token requests, SuiteQL, guarded form requests and the two requests that renew a
//! certificate, and has no method for anything else.

pub mod budget;
pub mod options;
pub mod proxy;
pub mod replayed;
mod response;
#[cfg(test)]
mod tests;
mod tls;
pub mod trace;
pub mod waiting;

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

pub use options::{HttpOptions, Trust};
use options::{MOST_CONCURRENT, Patience, ProxySource, Resolver};
use proxy::{ProxySetting, ProxySettingError};
use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Method, header};
use tokio::sync::Semaphore;
pub use trace::{ShownCertificate, Trace, TraceStep};
use zeroize::Zeroizing;

use super::answer::{self, Answer, Call, TransportError};
use super::form::{Form, GuardedForm};
use super::recording::Sent;
use super::url::{AccountUrl, CertificatesUrl, DirectoryUrl, RevocationUrl, TokenUrl, reportable};
use super::{Assertion, Bearer};
use crate::types::HttpExchange;

/// The most that is read of an ordinary answer, in bytes.
pub const BODY_LIMIT: usize = 1024 * 1024;
/// The most that is read of the metadata catalogue, in bytes.
pub const CATALOG_LIMIT: usize = 8 * 1024 * 1024;

/// How long a connection may lie idle and be used again. Short, because servers close idle ones, and
/// a request that meets this moment gets no answer.
const IDLE: Duration = Duration::from_millis(500);

const USER_AGENT: &str = concat!("netsuite-preflight/", env!("CARGO_PKG_VERSION"));
const FORM: &str = "application/x-www-form-urlencoded";
const JWT_BEARER: &str = "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";

/// The one way to NetSuite.
#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    /// Opens a connection for every request: for those that go out once and are never repeated, a
    /// connection which the server closes meanwhile would be the end of it.
    fresh: reqwest::Client,
    /// Hosts that gave an answer.
    answered: Mutex<HashSet<String>>,
    options: HttpOptions,
    resolver: Resolver,
    gate: Semaphore,
    patience: Patience,
}

/// The client cannot be made from these options.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The extra certificates are unreadable.
    #[error("the CA file holds no certificate in PEM; it must have BEGIN CERTIFICATE lines")]
    NoCertificate,
    /// One of the extra certificates cannot serve as an authority.
    #[error(
        "the CA file has a certificate that cannot be read as one of an authority; export it again, in PEM"
    )]
    UnusableCertificate,
    /// The system trusts no authority, and no other was given.
    #[error(
        "this machine has no list of trusted certificate authorities; install it \
         (package ca-certificates), or give one with --ca-file"
    )]
    NobodyTrusted,
    /// A proxy is set and cannot be used.
    #[error(transparent)]
    Proxy(#[from] ProxySettingError),
    /// The TLS library or the options are at fault.
    #[error("the HTTP client cannot be set up ({0}); check the CA file and the proxy settings")]
    Setup(String),
}

/// What is to be sent.
struct HttpRequest<'a> {
    method: Method,
    url: &'a str,
    headers: HeaderMap,
    body: Option<Zeroizing<String>>,
    limit: usize,
    /// Whether a time-out is worth a second try.
    repeatable: bool,
    /// Whether 429 is worth waiting for, out of the little time that a run has for all waits.
    patient: bool,
    /// Whether the answer may hold a token.
    grants: bool,
}

impl Client {
    /// Makes the client.
    ///
    /// # Errors
    /// When the extra certificates cannot be read or the TLS library cannot be set up.
    pub fn new(mut options: HttpOptions) -> Result<Self, ClientError> {
        // Were both limits equal, a connection that never comes about could not be told from an
        // answer that never comes.
        options.connect_timeout = options.connect_timeout.min(options.timeout.mul_f64(0.6));
        let resolver = Resolver { connect_to: options.connect_to.clone() };
        let http = builder(&options, &resolver)?.pool_idle_timeout(IDLE).build().map_err(setup)?;
        let fresh =
            builder(&options, &resolver)?.pool_max_idle_per_host(0).build().map_err(setup)?;
        let gate = Semaphore::new(options.concurrency.clamp(1, MOST_CONCURRENT));
        let (answered, patience) = (Mutex::default(), Patience::default());
        Ok(Self { http, fresh, answered, options, resolver, gate, patience })
    }

    /// Takes note of how many requests the account allows at once.
    pub fn learn_limit(&self, limit: usize) {
        if let Some(budget) = &self.options.budget {
            budget.learn(limit);
        }
    }

    /// How this client reaches NetSuite.
    #[must_use]
    pub fn options(&self) -> &HttpOptions {
        &self.options
    }

    /// Asks the public directory. Nothing secret goes along. Does not wait when it is busy: its
    /// answer decides too little.
    pub async fn directory(&self, url: &DirectoryUrl) -> Call {
        let request = HttpRequest::get(url.as_str(), HeaderMap::new(), BODY_LIMIT);
        self.send(HttpRequest { patient: false, ..request }).await
    }

    /// Asks one of the account's hosts without a token. Does not wait when it is busy: any answer
    /// shows that the host is reached.
    pub async fn get_without_token(&self, url: &AccountUrl) -> Call {
        let request = HttpRequest::get(url.as_str(), HeaderMap::new(), BODY_LIMIT);
        self.send(HttpRequest { patient: false, ..request }).await
    }

    /// Hands in an assertion, once: a second try could hide what the first one met.
    /// Source of the form: OH/section_162755359851.
    pub async fn token(&self, url: &TokenUrl, assertion: &Assertion) -> Call {
        // A compact JWT has only characters that need no percent-encoding.
        let body = Zeroizing::new(format!(
            "grant_type=client_credentials&client_assertion_type={JWT_BEARER}&client_assertion={}",
            assertion.secret().expose_str().unwrap_or_default()
        ));
        let headers = [(header::CONTENT_TYPE, HeaderValue::from_static(FORM))];
        let request =
            HttpRequest::once(Method::POST, url.as_str(), headers.into_iter().collect(), body);
        self.send(HttpRequest { grants: true, ..request }).await
    }

    /// Reads from the account.
    pub async fn get(&self, url: &AccountUrl, token: &Bearer) -> Call {
        self.send(HttpRequest::get(url.as_str(), authorization(token), BODY_LIMIT)).await
    }

    /// Reads the metadata catalogue, which may be large.
    pub async fn get_large(&self, url: &AccountUrl, token: &Bearer) -> Call {
        let mut headers = authorization(token);
        headers.insert(header::ACCEPT, HeaderValue::from_static(url.accept()));
        self.send(HttpRequest::get(url.as_str(), headers, CATALOG_LIMIT)).await
    }

    /// Asks a SuiteQL question. Reads only, although it is a POST. Source: OH/section_157909186990.
    pub async fn suiteql(&self, url: &AccountUrl, token: &Bearer, query: &str) -> Call {
        let mut headers = authorization(token);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert("prefer", HeaderValue::from_static("transient"));
        let body = serde_json::json!({ "q": query }).to_string();
        let request = HttpRequest::once(Method::POST, url.as_str(), headers, Zeroizing::new(body));
        self.send(HttpRequest { repeatable: true, patient: true, ..request }).await
    }

    async fn send(&self, request: HttpRequest<'_>) -> Call {
        // Never closed, so an error only means that there is nothing to wait for.
        let _turn = self.gate.acquire().await.ok();
        let _shared = match &self.options.budget {
            Some(budget) => budget.turn().await,
            None => None,
        };
        let mut exchanges = Vec::new();
        let mut asked_again = false;
        loop {
            let (result, exchange) = self.attempt(&request).await;
            exchanges.push(exchange);
            match &result {
                Err(error) if error.is_timeout() && request.repeatable && !asked_again => {
                    asked_again = true;
                }
                Ok(answer) if answer.status == 429 && request.patient => {
                    let Some(wait) = self.patience.take(answer.retry_after, jitter()) else {
                        return Call { result, exchanges };
                    };
                    self.options.sleep.wait(wait).await;
                }
                _ => return Call { result, exchanges },
            }
        }
    }

    async fn attempt(
        &self,
        request: &HttpRequest<'_>,
    ) -> (Result<Answer, TransportError>, HttpExchange) {
        let (began, at) = (Instant::now(), self.options.clock.now());
        let pool = if request.repeatable { &self.http } else { &self.fresh };
        let _open = self.options.waiting.asked(began);
        let mut result = self.exchange(pool, request).await;
        // A server may close an idle connection in the moment in which it is used again. It never saw
        // the request then, and a connection of its own decides.
        if request.repeatable
            && matches!(result, Err(TransportError::Reset))
            && self.was_answered(request.url)
        {
            result = self.exchange(&self.fresh, request).await;
        }
        if result.is_ok() {
            self.note_answer(request.url);
        }
        if matches!(result, Err(TransportError::ConnectTimeout)) && self.opens(request.url).await {
            result = Err(TransportError::NoHandshake);
        }
        let result = result.map_err(|error| error.scrubbed(&self.options.scrubber));
        let answer = result.as_ref().ok();
        let exchange = HttpExchange {
            method: match request.method {
                Method::GET => "GET",
                Method::PATCH => "PATCH",
                _ => "POST",
            },
            url: reportable(request.url),
            status: answer.map(|answer| answer.status),
            error_code: answer.and_then(Answer::wire_code),
            server_date: answer.and_then(|answer| answer.date.clone()),
            operation_id: answer.and_then(|answer| answer.operation_id.clone()),
            duration_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        };
        if let Some(recorder) = &self.options.recorder {
            let body = request.body.as_ref().map(|body| body.as_str());
            let (method, duration_ms) = (exchange.method, exchange.duration_ms);
            recorder.note(&Sent { method, url: request.url, body, at, duration_ms }, &result);
        }
        (result, exchange)
    }

    async fn exchange(
        &self,
        http: &reqwest::Client,
        request: &HttpRequest<'_>,
    ) -> Result<Answer, TransportError> {
        let mut builder = http.request(request.method.clone(), request.url);
        builder = builder.headers(request.headers.clone());
        if let Some(body) = &request.body {
            builder = builder.body(body.as_str().to_owned());
        }
        let sent = self.options.clock.now();
        let mut reply = builder.send().await.map_err(|error| response::sending(&error))?;
        let received = self.options.clock.now();
        self.options.replayed.heard(reply.headers());
        let declared = reply.content_length().and_then(|length| usize::try_from(length).ok());
        let mut body = Zeroizing::new(Vec::new());
        let too_large = TransportError::TooLarge { limit: request.limit };
        if declared.is_some_and(|length| length > request.limit) {
            return Err(too_large);
        }
        while let Some(part) = reply.chunk().await.map_err(|error| response::reading(&error))? {
            if body.len() + part.len() > request.limit {
                return Err(too_large);
            }
            body.extend_from_slice(&part);
        }
        let granted =
            request.grants.then(|| answer::granted(&body, &self.options.scrubber)).flatten();
        Ok(Answer {
            granted,
            ..response::answer(&reply, body, sent, received, &self.options.scrubber)
        })
    }

    /// Whether a connection to this host may lie idle.
    fn was_answered(&self, url: &str) -> bool {
        let answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        host_of(url).is_some_and(|host| answered.contains(&host))
    }

    fn note_answer(&self, url: &str) {
        let mut answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        answered.extend(host_of(url));
    }

    /// Whether a bare TCP connection to the host comes about: then it is the handshake that fails.
    async fn opens(&self, url: &str) -> bool {
        let proxied = self.options.connect_to.is_none() && proxy::for_url(url).is_some();
        let Some(host) = host_of(url) else { return false };
        if proxied {
            return false;
        }
        let connect = async {
            for mut address in self.resolver.lookup(&host).await.unwrap_or_default() {
                if address.port() == 0 {
                    address.set_port(443);
                }
                if tokio::net::TcpStream::connect(address).await.is_ok() {
                    return true;
                }
            }
            false
        };
        let limit = self.options.connect_timeout.min(Duration::from_secs(3));
        tokio::time::timeout(limit, connect).await.unwrap_or(false)
    }
}

fn setup(error: reqwest::Error) -> ClientError {
    ClientError::Setup(error.without_url().to_string())
}

fn builder(
    options: &HttpOptions,
    resolver: &Resolver,
) -> Result<reqwest::ClientBuilder, ClientError> {
    let mut builder = reqwest::Client::builder()
        .https_only(true)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .user_agent(USER_AGENT)
        .tls_backend_preconfigured(options.trust.config(options.extra_ca.as_deref())?)
        .tls_info(true)
        .timeout(options.timeout)
        .connect_timeout(options.connect_timeout)
        .dns_resolver(resolver.clone());
    if options.connect_to.is_some() {
        builder = builder.no_proxy();
    }
    match &options.proxy {
        ProxySource::System if options.connect_to.is_none() => {
            if let Some(setting) = ProxySetting::of_environment()? {
                builder = builder.no_proxy().proxy(through(&setting)?);
            }
        }
        ProxySource::System => {}
        #[cfg(test)]
        ProxySource::Through(url) => {
            builder = builder.no_proxy().proxy(reqwest::Proxy::all(url).map_err(setup)?);
        }
    }
    Ok(builder)
}

fn through(setting: &ProxySetting) -> Result<reqwest::Proxy, ClientError> {
    let proxy = reqwest::Proxy::all(setting.url.as_str()).map_err(setup)?;
    Ok(proxy.no_proxy(reqwest::NoProxy::from_string(&setting.exempt)))
}

impl<'a> HttpRequest<'a> {
    /// One that goes out once: a lost answer does not mean that nothing happened.
    fn once(method: Method, url: &'a str, headers: HeaderMap, body: Zeroizing<String>) -> Self {
        Self {
            method,
            body: Some(body),
            repeatable: false,
            patient: false,
            ..Self::get(url, headers, BODY_LIMIT)
        }
    }

    fn get(url: &'a str, headers: HeaderMap, limit: usize) -> Self {
        Self {
            method: Method::GET,
            url,
            headers,
            body: None,
            limit,
            repeatable: true,
            patient: true,
            grants: false,
        }
    }
}

fn host_of(url: &str) -> Option<String> {
    reqwest::Url::parse(url).ok()?.host_str().map(str::to_owned)
}

fn authorization(token: &Bearer) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    let text = Zeroizing::new([b"Bearer ", token.secret().expose()].concat());
    if let Ok(mut value) = HeaderValue::from_bytes(&text) {
        value.set_sensitive(true);
        headers.insert(header::AUTHORIZATION, value);
    }
    headers
}

fn jitter() -> u8 {
    let mut byte = [0];
    // Without randomness the wait is merely the full one.
    let _ = openssl::rand::rand_bytes(&mut byte);
    byte[0]
}

// The second step of a sign-in in the browser. What comes of it is a token, as with an assertion.

/// The form that hands a code in, and who says so: the Client Secret of a confidential client as
/// `Authorization`, nothing of a public one.
pub struct CodeForm {
    /// The form.
    pub body: Zeroizing<String>,
    /// `Basic …`.
    pub authorization: Option<Zeroizing<String>>,
}

impl Client {
    /// Hands a code in, once: it is good for one token. Source: OH/section_158081952044.
    pub async fn token_for_code(&self, url: &TokenUrl, form: CodeForm) -> Call {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(FORM));
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        let value = form.authorization.and_then(|text| HeaderValue::from_str(&text).ok());
        if let Some(mut value) = value {
            value.set_sensitive(true);
            headers.insert(header::AUTHORIZATION, value);
        }
        let request = HttpRequest::once(Method::POST, url.as_str(), headers, form.body);
        self.send(HttpRequest { grants: true, ..request }).await
    }
}

// The two requests that change something: a certificate more, a certificate revoked. Each goes
// out once and is never repeated, because a lost answer does not mean that nothing happened.

impl Client {
    /// Registers a certificate, once. `document` is the JSON text of the request.
    /// Source: OH/article_0209112025.
    pub async fn upload_certificate(
        &self,
        url: &CertificatesUrl,
        token: &Bearer,
        document: String,
    ) -> Call {
        let mut headers = authorization(token);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        self.send(HttpRequest::once(Method::POST, url.as_str(), headers, Zeroizing::new(document)))
            .await
    }

    /// Revokes a certificate, once. It answers in plain text. Source: OH/article_0209112818.
    pub async fn revoke_certificate(&self, url: &RevocationUrl, token: &Bearer) -> Call {
        let mut headers = authorization(token);
        headers.insert(header::ACCEPT, HeaderValue::from_static("text/plain, application/json"));
        self.send(HttpRequest::once(Method::POST, url.as_str(), headers, Zeroizing::default()))
            .await
    }
}

// The one request with a method that writes elsewhere, behind its guards.

impl Client {
    /// Asks for a form, once. Only a request that passed every guard can be given. Unknown
    /// properties are to be refused, and there is nothing but one in it (OH/section_1545141395).
    pub async fn form(&self, form: &GuardedForm, token: &Bearer) -> Call {
        let mut headers = authorization(token);
        if let Ok(accept) = HeaderValue::from_str(&form.accept()) {
            headers.insert(header::ACCEPT, accept);
        }
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let name = "x-netsuite-propertynamevalidation";
        headers.insert(name, HeaderValue::from_static("Error"));
        self.send(HttpRequest::once(
            match form.form() {
                Form::Create => Method::POST,
                Form::Edit(_) => Method::PATCH,
            },
            form.url().as_str(),
            headers,
            Zeroizing::new(form.body()),
        ))
        .await
    }
}
