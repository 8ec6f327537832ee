//! An HTTP answer, as much of it as anybody needs.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use zeroize::Zeroizing;

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

    /// Whether the answer is a page for people, whatever it calls itself.
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
    #[error("the TLS certificate is for another host name")]
    WrongHost,
    /// The certificate is past its time, or not yet in it.
    #[error("the TLS certificate is not valid at this machine's time")]
    Expired,
    /// The other side does not speak TLS.
    #[error("the other side does not speak TLS")]
    NotTls,
    /// The other side ended the handshake.
    #[error("the other side ended the TLS handshake")]
    Closed,
    /// The two sides have no version or cipher in common, or the other side sent an alert.
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
