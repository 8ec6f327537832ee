//! Keeps what a run asked and was told, reduced to what this program reads.

mod digest;
mod reduce;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use super::http::{Answer, TransportError};
use super::url::reportable;
use crate::types::exchanges::{Digest, Exchange, Headers, NoAnswer};

/// Takes note of every attempt of the clients that share it.
#[derive(Clone)]
pub struct Recorder {
    client_id: Arc<str>,
    seen: Arc<Mutex<Vec<Exchange>>>,
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recorder")
    }
}

/// What was sent.
pub(in crate::netsuite) struct Sent<'a> {
    pub method: &'static str,
    pub url: &'a str,
    pub body: Option<&'a str>,
    pub at: Timestamp,
    pub duration_ms: u64,
}

impl Recorder {
    /// A recorder of a run with this Client ID, which it only compares with.
    #[must_use]
    pub fn new(client_id: &str) -> Self {
        Self { client_id: client_id.into(), seen: Arc::default() }
    }

    /// The exchanges so far, in the order of sending.
    #[must_use]
    pub fn exchanges(&self) -> Vec<Exchange> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
        seen.sort_by_key(|exchange| exchange.sent);
        seen
    }

    pub(in crate::netsuite) fn note(
        &self,
        sent: &Sent<'_>,
        result: &Result<Answer, TransportError>,
    ) {
        let Ok(url) = reqwest::Url::parse(sent.url) else { return };
        let host = url.host_str().and_then(|host| host.parse().ok());
        let (Some(host), Ok(method)) = (host, sent.method.parse()) else { return };
        let path = url.path();
        let answer = result.as_ref().ok();
        let question = sent.body.filter(|_| path.ends_with("/query/v1/suiteql")).and_then(|body| {
            let body: serde_json::Value = serde_json::from_str(body).ok()?;
            Some(body.get("q")?.as_str()?.to_owned())
        });
        let exchange = Exchange {
            method,
            host,
            path: reportable(path),
            query: url.query().map(reportable),
            question,
            sent: sent.at,
            duration_ms: sent.duration_ms,
            status: answer.map(|answer| answer.status),
            no_answer: result.as_ref().err().map(kind),
            headers: answer.map(headers).unwrap_or_default(),
            body: answer.map_or(Digest::Empty, |answer| {
                digest::of(answer, sent.method, path, &self.client_id)
            }),
        };
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).push(exchange);
    }
}

fn headers(answer: &Answer) -> Headers {
    Headers {
        content_type: answer.content_type.clone(),
        date: answer.date.clone(),
        retry_after: answer.retry_after.map(|time| time.as_secs()),
        www_authenticate: answer.challenge.clone(),
        location_host: answer.redirect_host.as_deref().and_then(|host| host.parse().ok()),
    }
}

fn kind(error: &TransportError) -> NoAnswer {
    match error {
        TransportError::Dns { .. } => NoAnswer::Dns,
        TransportError::Refused => NoAnswer::Refused,
        TransportError::Unreachable => NoAnswer::Unreachable,
        TransportError::ConnectTimeout => NoAnswer::ConnectTimedOut,
        TransportError::NoHandshake => NoAnswer::NoHandshake,
        TransportError::Tls(_) => NoAnswer::Tls,
        TransportError::Reset => NoAnswer::Reset,
        TransportError::TimedOut { .. } => NoAnswer::TimedOut,
        TransportError::Truncated => NoAnswer::Truncated,
        TransportError::TooLarge { .. } => NoAnswer::TooLarge,
        TransportError::Proxy(_) => NoAnswer::Proxy,
        TransportError::Protocol => NoAnswer::Protocol,
        TransportError::Other(_) => NoAnswer::Other,
    }
}
