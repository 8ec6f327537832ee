//! An HTTP answer, as much of it as anybody needs.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::transport::TransportError;
use crate::types::{HttpExchange, Secret};

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

/// An answer made up for tests.
#[cfg(test)]
pub(crate) fn sample(status: u16, content_type: &str, body: &str) -> Answer {
    use super::client::reading::granted;

    let at = Timestamp::UNIX_EPOCH;
    Answer {
        status,
        content_type: (!content_type.is_empty()).then(|| content_type.to_owned()),
        date: None,
        retry_after: None,
        redirect_host: None,
        challenge: None,
        body: Zeroizing::new(body.as_bytes().to_vec()),
        granted: granted(body.as_bytes(), &crate::types::Scrubber::default()),
        peer: None,
        version: "HTTP/1.1".to_owned(),
        issuer: None,
        sent: at,
        received: at,
    }
}
