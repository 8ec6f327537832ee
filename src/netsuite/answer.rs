//! An HTTP answer, as much of it as anybody needs.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::types::exchanges::ErrorDetail;
use crate::types::{HttpExchange, Scrubber, Secret, SecretKind};

/// What came of one request, retries included.
#[derive(Debug)]
pub struct Call {
    /// The last answer, or why there is none.
    pub result: Result<Answer, TransportError>,
    /// Every attempt, in order, for the report.
    pub exchanges: Vec<HttpExchange>,
}

/// An answer that came whole.
#[derive(Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`, lower case, without parameters.
    pub content_type: Option<String>,
    /// `Date`, as sent.
    pub date: Option<String>,
    /// `Retry-After` in seconds form.
    pub retry_after: Option<Duration>,
    /// The host that `Location` points to.
    pub redirect_host: Option<String>,
    /// `WWW-Authenticate`, as sent.
    pub challenge: Option<String>,
    /// NetSuite's `X-N-OperationId`, by which its support finds the request.
    pub operation_id: Option<String>,
    /// The body, without assertion and tokens of the run.
    pub body: Zeroizing<Vec<u8>>,
    /// The access token, where it is the token endpoint's answer and holds one. It is known to the
    /// scrubber already, so the body holds it no longer.
    pub granted: Option<Secret>,
    /// Where the answer came from.
    pub peer: Option<SocketAddr>,
    /// HTTP version: `HTTP/2.0`.
    pub version: String,
    /// Who issued the server's certificate.
    pub issuer: Option<String>,
    /// When the request went out, by the injected clock.
    pub sent: Timestamp,
    /// When the headers were in, by the injected clock.
    pub received: Timestamp,
}

impl Answer {
    /// The body as text, as far as it is text.
    #[must_use]
    pub fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }

    /// Whether the status is 2xx.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Whether the answer asks to go elsewhere.
    #[must_use]
    pub fn is_redirect(&self) -> bool {
        (300..400).contains(&self.status)
    }

    /// Whether the answer is an HTML page, whatever it calls itself.
    #[must_use]
    pub fn is_html(&self) -> bool {
        if self.content_type.as_deref() == Some("text/html") {
            return true;
        }
        let text = self.text();
        let start: String = text.trim_start().chars().take(15).collect::<String>().to_lowercase();
        start.starts_with("<!doctype html") || start.starts_with("<html")
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answer({}, {} bytes, hidden)", self.status, self.body.len())
    }
}

/// The longest detail text that is kept, in characters.
const LONGEST: usize = 400;

/// What NetSuite says when it refuses. The envelope is that of OH/section_156570709583; only
/// `status`, `o:errorCode` and `detail` are dependable (`record-api.md` 2.1). Everything else may be
/// missing, and Oracle's own sample of a 429 is not even valid JSON (OH/bridgehead_1525252812).
impl Answer {
    /// The entries of `o:errorDetails`, or what could be made out of a broken envelope. A page for
    /// people, and an answer without anything known in it, has none.
    #[must_use]
    pub fn error_details(&self) -> Vec<ErrorDetail> {
        if self.is_html() {
            return Vec::new();
        }
        match serde_json::from_slice::<Value>(&self.body) {
            Ok(value) => details(&value),
            Err(_) => salvage(&self.text()),
        }
    }

    /// The first `o:errorCode` there is.
    #[must_use]
    pub fn error_code(&self) -> Option<String> {
        self.error_details().into_iter().find_map(|detail| detail.code)
    }

    /// The first `detail` there is.
    #[must_use]
    pub fn error_text(&self) -> Option<String> {
        self.error_details().into_iter().map(|entry| entry.detail).find(|text| !text.is_empty())
    }

    /// The member `error` of an OAuth answer (RFC 6749, 5.2), whatever the status.
    #[must_use]
    pub fn oauth_error(&self) -> Option<String> {
        let value: Value = serde_json::from_slice(&self.body).ok()?;
        value.get("error")?.as_str().and_then(word)
    }

    /// The error code for the report: `o:errorCode`, or OAuth's `error`.
    #[must_use]
    pub fn wire_code(&self) -> Option<String> {
        if self.is_success() {
            return None;
        }
        self.oauth_error().or_else(|| self.error_code())
    }
}

fn details(value: &Value) -> Vec<ErrorDetail> {
    let listed = value.get("o:errorDetails").and_then(Value::as_array);
    let mut found: Vec<ErrorDetail> = listed
        .into_iter()
        .flatten()
        .map(|entry| ErrorDetail {
            code: entry.get("o:errorCode").and_then(Value::as_str).and_then(word),
            detail: entry.get("detail").and_then(Value::as_str).map(clean).unwrap_or_default(),
        })
        .filter(|detail| *detail != ErrorDetail::default())
        .collect();
    if found.is_empty() {
        // A stray code at the top counts only where there is no other.
        let code = value.get("o:errorCode").and_then(Value::as_str).and_then(word);
        let detail = value.get("detail").and_then(Value::as_str).map(clean).unwrap_or_default();
        if code.is_some() || !detail.is_empty() {
            found.push(ErrorDetail { code, detail });
        }
    }
    found
}

/// Takes code and text out of something that is almost JSON.
fn salvage(text: &str) -> Vec<ErrorDetail> {
    let part = text.find("o:errorDetails").and_then(|at| text.get(at..)).unwrap_or(text);
    let member = |name: &str| {
        let (_, after) = part.split_once(&format!("\"{name}\""))?;
        let (_, value) = after.trim_start().strip_prefix(':')?.split_once('"')?;
        value.split_once('"').map(|(value, _)| value)
    };
    let code = member("o:errorCode").and_then(word);
    let detail = member("detail").map(clean).unwrap_or_default();
    if code.is_none() && detail.is_empty() {
        return Vec::new();
    }
    vec![ErrorDetail { code, detail }]
}

/// A code, where it looks like one: nothing that a server sends is repeated unseen.
pub(super) fn word(text: &str) -> Option<String> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    ((1..=64).contains(&text.len()) && text.bytes().all(plain)).then(|| text.to_owned())
}

fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect()
}

/// The token of an answer, and every other one in it, learned before anything reads the answer.
pub(super) fn granted(body: &[u8], scrubber: &Scrubber) -> Option<Secret> {
    let mut value: Value = serde_json::from_slice(body).ok()?;
    let mut token = None;
    for name in ["id_token", "refresh_token", "access_token"] {
        let taken = value.get_mut(name).map(Value::take);
        if let Some(Value::String(text)) = taken {
            let secret = Secret::new(SecretKind::AccessToken, text);
            scrubber.learn(&secret);
            token = Some(secret).filter(|_| name == "access_token");
        }
    }
    token
}

/// An answer made up for tests.
#[cfg(test)]
pub(crate) fn sample(status: u16, content_type: &str, body: &str) -> Answer {
    let at = Timestamp::UNIX_EPOCH;
    Answer {
        status,
        content_type: (!content_type.is_empty()).then(|| content_type.to_owned()),
        date: None,
        retry_after: None,
        redirect_host: None,
        challenge: None,
        operation_id: None,
        body: Zeroizing::new(body.as_bytes().to_vec()),
        granted: granted(body.as_bytes(), &Scrubber::default()),
        peer: None,
        version: "HTTP/1.1".to_owned(),
        issuer: None,
        sent: at,
        received: at,
    }
}

// Every way in which no answer comes, in plain words.

/// No usable HTTP answer came. The texts name what was seen, never a URL or a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The host name has no address.
    #[error("the host name {host} could not be resolved ({detail})")]
    Dns {
        /// The name asked for.
        host: String,
        /// What the resolver said.
        detail: String,
    },
    /// Somebody at that address said no.
    #[error("the connection was refused")]
    Refused,
    /// There is no way to that address.
    #[error("there is no route to the host")]
    Unreachable,
    /// Nobody at that address answered.
    #[error("no connection came about in time")]
    ConnectTimeout,
    /// The connection stood, the TLS handshake never came.
    #[error("the connection opened, but the TLS handshake did not come in time")]
    NoHandshake,
    /// The TLS handshake failed.
    #[error("{0}")]
    Tls(#[from] TlsFault),
    /// The connection was cut before an answer was complete.
    #[error("the connection was cut before an answer came")]
    Reset,
    /// No answer, or not all of it, came in time.
    #[error("the answer did not come in time ({})", if *.started { "it began and stopped" } else { "not one byte of it" })]
    TimedOut {
        /// Whether status and headers had come.
        started: bool,
    },
    /// The answer ended in the middle.
    #[error("the answer ended in the middle")]
    Truncated,
    /// The answer is larger than this program reads.
    #[error("the answer is larger than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The proxy is the obstacle.
    #[error("the proxy {0}")]
    Proxy(#[from] ProxyFault),
    /// What came is not HTTP.
    #[error("what came back is not a valid HTTP answer")]
    Protocol,
    /// Anything else.
    #[error("the request could not be made ({0})")]
    Other(String),
}

/// Why a TLS handshake failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TlsFault {
    /// No trusted authority vouches for the certificate.
    #[error("the TLS certificate comes from an issuer that this machine does not trust")]
    UntrustedIssuer,
    /// The certificate names another host.
    #[error("the TLS certificate does not name the host that was asked")]
    WrongHost,
    /// The certificate is past its time.
    #[error("the TLS certificate has expired, by this machine's clock")]
    Expired,
    /// The certificate's time has not begun.
    #[error("the TLS certificate is not valid yet, by this machine's clock")]
    NotYetValid,
    /// Who issued the certificate took it back.
    #[error("the TLS certificate was revoked by its issuer")]
    Revoked,
    /// The certificate breaks the rules for server certificates.
    #[error("the TLS certificate breaks the rules for server certificates ({0})")]
    BadCertificate(String),
    /// The other side has no TLS 1.2 or 1.3.
    #[error("the other side offers old versions of TLS only")]
    OldProtocol,
    /// The other side does not speak TLS.
    #[error("the other side does not speak TLS")]
    NotTls,
    /// The other side ended the handshake.
    #[error("the other side ended the TLS handshake")]
    Closed,
    /// The two sides have no cipher in common, or the other side sent an alert.
    #[error("the TLS handshake failed ({0})")]
    Protocol(String),
}

/// What is wrong with the proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProxyFault {
    /// 407, or SOCKS's own way to say it.
    #[error("asks for a user name and password")]
    AuthenticationRequired,
    /// No connection to the proxy itself.
    #[error("could not be reached")]
    Unreachable,
    /// The proxy did not open a way to the host.
    #[error("refused to open a tunnel to this host")]
    Refused,
}

impl TransportError {
    /// The same without secrets of the run, where it quotes the other side.
    #[must_use]
    pub(super) fn scrubbed(self, scrubber: &Scrubber) -> Self {
        let clean = |text: String| scrubber.scrub(&text).0.into_owned();
        match self {
            Self::Dns { host, detail } => Self::Dns { host: clean(host), detail: clean(detail) },
            Self::Tls(TlsFault::Protocol(text)) => Self::Tls(TlsFault::Protocol(clean(text))),
            Self::Tls(TlsFault::BadCertificate(text)) => {
                Self::Tls(TlsFault::BadCertificate(clean(text)))
            }
            Self::Other(text) => Self::Other(clean(text)),
            other => other,
        }
    }

    /// Whether waiting was the problem, so that asking once more makes sense.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::ConnectTimeout | Self::NoHandshake | Self::TimedOut { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_envelope() {
        let body = r#"{"type":"https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.1",
            "title":"Bad Request","status":400,"o:errorDetails":[{"detail":"Invalid ID.",
            "o:errorCode":"INVALID_ID","o:errorUrl":"/x"}]}"#;
        let answer = sample(400, "application/json", body);
        assert_eq!(answer.error_code().as_deref(), Some("INVALID_ID"));
        assert_eq!(answer.error_text().as_deref(), Some("Invalid ID."));
    }

    #[test]
    fn oracles_own_sample_of_a_429_is_no_json_and_is_read_all_the_same() {
        let body = r#"{"type":"https://x","title":"Bad Request","status":429,
            "o:errorDetails":[{"detail":"Concurrent request limit exceeded. Request blocked.",
            "o:errorCode":"CONCURRENCY_LIMIT_EXCEEDED"}] "o:errorCode":"USER_ERROR"}"#;
        let answer = sample(429, "application/json", body);
        assert_eq!(answer.error_code().as_deref(), Some("CONCURRENCY_LIMIT_EXCEEDED"));
    }

    #[test]
    fn a_stray_code_at_the_top_yields_to_the_details() {
        let both =
            r#"{"o:errorCode":"USER_ERROR","o:errorDetails":[{"o:errorCode":"INVALID_ID"}]}"#;
        assert_eq!(sample(400, "", both).error_code().as_deref(), Some("INVALID_ID"));
        let only = r#"{"o:errorCode":"USER_ERROR","status":400}"#;
        assert_eq!(sample(400, "", only).error_code().as_deref(), Some("USER_ERROR"));
    }

    #[test]
    fn pages_and_nonsense_are_told_apart() {
        let page = "\n <!DOCTYPE HTML><html><title>Maintenance</title>";
        let page = sample(503, "application/json", page);
        assert!(page.is_html() && page.error_details().is_empty());
        for body in ["", "null", "[]", "{", "{\"o:errorDetails\":3}", "plain words", "\u{0}"] {
            let answer = sample(500, "", body);
            assert!(!answer.is_html() && answer.error_details().is_empty(), "{body:?}");
        }
    }

    #[test]
    fn a_code_that_is_no_word_is_not_repeated() {
        let odd = r#"{"error":"<script>alert(1)</script>"}"#;
        assert_eq!(sample(400, "application/json", odd).oauth_error(), None);
        assert_eq!(
            sample(500, "", r#"{"error":"server_error"}"#).wire_code().unwrap(),
            "server_error"
        );
    }
}
