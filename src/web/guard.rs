//! Stands before every page: lets in what the session's own browser asks for, and nothing else.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use zeroize::Zeroizing;

use super::form::Fields;
use super::gate::{Gate, Refusal, add_rules, only};
use super::pages::refused;
use super::session::{Key, Session};

/// The path of an address, before its secret.
pub const OPEN: &str = "/open/";
/// What every page loads. It tells nothing, so that a refusal can be dressed too.
const ASSETS: [&str; 3] = ["/style.css", "/script.js", "/icon.svg"];
/// Asked for by pages while something goes on, not by a person.
pub const PROGRESS: &str = "/progress";
/// More than any answer or certificate has.
pub const MOST_BYTES: usize = 64 * 1024;
/// Time for a form to arrive.
const BODY_TIME: Duration = Duration::from_secs(10);
/// Where a script puts the word of the session when it sends a file.
const TOKEN: HeaderName = HeaderName::from_static("x-token");

/// What a POST brought.
#[derive(Clone, Default)]
pub struct Posted {
    /// The fields of a form.
    pub fields: Fields,
    /// A file.
    pub file: Option<Arc<Zeroizing<Vec<u8>>>>,
}

/// What it knows.
#[derive(Debug)]
pub struct Guard {
    gate: Gate,
    session: Arc<Session>,
    cookie: String,
    now: fn() -> Instant,
}

impl Guard {
    /// For a program that listens on this port. Cookies know no ports, hence the name with one.
    #[must_use]
    pub fn new(port: u16, session: Arc<Session>) -> Self {
        let cookie = format!("netsuite-preflight-{port}");
        let now = || tokio::time::Instant::now().into_std();
        Self { gate: Gate::new(port), session, cookie, now }
    }

    async fn admit(&self, request: Request) -> Result<Admitted, Refusal> {
        let (method, uri) = (request.method().clone(), request.uri().clone());
        self.gate.admit(&method, &uri, request.headers())?;
        if method == Method::GET && ASSETS.contains(&uri.path()) {
            return Ok(Admitted::Page(Box::new(request)));
        }
        let now = (self.now)();
        if let Some(secret) = uri.path().strip_prefix(OPEN) {
            if method != Method::GET {
                return Err(Refusal::Method);
            }
            // Without random bytes there is no session.
            let cookie = self.session.open(secret, now).ok().flatten();
            return cookie.map(Admitted::Opened).ok_or(Refusal::Used);
        }
        let cookie = cookie(request.headers(), &self.cookie);
        if !cookie.is_some_and(|cookie| self.session.holds(cookie, now)) {
            return Err(Refusal::Session);
        }
        if uri.path() != PROGRESS {
            self.session.touch(now);
        }
        if method == Method::GET {
            return Ok(Admitted::Page(Box::new(request)));
        }
        let (mut parts, body) = request.into_parts();
        let posted = self.posted(&parts.headers, body).await?;
        parts.extensions.insert(posted);
        let request = Request::from_parts(parts, Body::empty());
        Ok(Admitted::Page(Box::new(request)))
    }

    async fn posted(&self, headers: &HeaderMap, body: Body) -> Result<Posted, Refusal> {
        let kind = only(headers, &header::CONTENT_TYPE).unwrap_or_default();
        let is_file = match kind.split(';').next().unwrap_or_default().trim() {
            "application/x-www-form-urlencoded" => false,
            "application/octet-stream" => true,
            _ => return Err(Refusal::Form),
        };
        let read = tokio::time::timeout(BODY_TIME, to_bytes(body, MOST_BYTES)).await;
        let bytes = read.map_err(|_| Refusal::Slow)?.map_err(|_| Refusal::TooLarge)?;
        let bytes = Zeroizing::new(Vec::from(bytes));
        let token = self.session.token();
        if is_file {
            let fits = only(headers, &TOKEN).is_some_and(|given| token.is(given));
            let posted = Posted { fields: Fields::default(), file: Some(Arc::new(bytes)) };
            return if fits { Ok(posted) } else { Err(Refusal::Token) };
        }
        let fields = Fields::read(&bytes);
        let fits = token.is(fields.get("token"));
        if fits { Ok(Posted { fields, file: None }) } else { Err(Refusal::Token) }
    }
}

enum Admitted {
    Page(Box<Request>),
    Opened(Key),
}

/// The value of a cookie.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| {
        let (own, value) = pair.trim().split_once('=')?;
        (own == name).then_some(value)
    });
    pairs.next()
}

/// Answers a request, or refuses it.
pub async fn stand(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    let mut response = match guard.admit(request).await {
        Ok(Admitted::Page(request)) => next.run(*request).await,
        Ok(Admitted::Opened(key)) => opened(&guard.cookie, &key),
        Err(refusal) => refused::page(refusal),
    };
    add_rules(response.headers_mut());
    response
}

fn opened(name: &str, key: &Key) -> Response {
    let cookie = format!("{name}={}; Path=/; HttpOnly; SameSite=Strict", key.expose());
    let Ok(mut cookie) = HeaderValue::from_str(&cookie) else {
        return refused::page(Refusal::Session);
    };
    cookie.set_sensitive(true);
    let mut response = see("/");
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    response
}

/// Sends the browser on to another page.
pub fn see(path: &str) -> Response {
    let Ok(place) = HeaderValue::from_str(path) else { return refused::page(Refusal::Missing) };
    (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response()
}
