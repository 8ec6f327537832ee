//! From the response to an [`Answer`]: its texts without the assertion and the tokens of the run.

use std::error::Error;
use std::io;
use std::time::Duration;

use openssl::x509::{X509, X509NameEntryRef, X509NameRef};
use reqwest::{Version, header};
use zeroize::Zeroizing;

use super::options::ResolveError;
use super::tls;
use crate::netsuite::answer::{Answer, ProxyFault, TlsFault, TransportError, word};
use crate::types::Scrubber;

/// What NetSuite's support finds a request by (`facts-2026-11.md` F17).
const OPERATION_ID: header::HeaderName = header::HeaderName::from_static("x-n-operationid");

/// The answer without assertion and tokens of the run, before anybody cuts, wraps or lower-cases its texts.
pub(super) fn answer(
    response: &reqwest::Response,
    body: Zeroizing<Vec<u8>>,
    sent: jiff::Timestamp,
    received: jiff::Timestamp,
    scrubber: &Scrubber,
) -> Answer {
    let whole = |name: header::HeaderName| response.headers().get(name)?.to_str().ok();
    let cut = |text: &str| scrubber.scrub_answer(text).chars().take(500).collect::<String>();
    let text = |name: header::HeaderName| whole(name).map(cut);
    let content_type = text(header::CONTENT_TYPE)
        .map(|value| value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    let redirect_host = whole(header::LOCATION)
        .and_then(|to| response.url().join(to).ok())
        .and_then(|url| url.host_str().map(cut));
    Answer {
        status: response.status().as_u16(),
        content_type,
        date: text(header::DATE),
        retry_after: text(header::RETRY_AFTER)
            .and_then(|value| value.trim().parse().ok())
            .map(Duration::from_secs),
        redirect_host,
        challenge: text(header::WWW_AUTHENTICATE),
        operation_id: whole(OPERATION_ID).and_then(|id| word(&cut(id))),
        body: scrubbed(body, scrubber),
        granted: None,
        peer: response.remote_addr(),
        version: version(response.version()),
        issuer: issuer(response).map(|issuer| cut(&issuer)),
        sent,
        received,
    }
}

fn scrubbed(body: Zeroizing<Vec<u8>>, scrubber: &Scrubber) -> Zeroizing<Vec<u8>> {
    let text = String::from_utf8_lossy(&body);
    let clean = scrubber.scrub_answer(&text);
    // Nothing was taken out: the bytes stay as they came, text or not.
    if clean == text {
        return body;
    }
    Zeroizing::new(clean.into_owned().into_bytes())
}

fn version(version: Version) -> String {
    format!("{version:?}")
}

fn issuer(response: &reqwest::Response) -> Option<String> {
    let info = response.extensions().get::<reqwest::tls::TlsInfo>()?;
    let certificate = X509::from_der(info.peer_certificate()?).ok()?;
    Some(name_of(certificate.issuer_name()))
}

/// A name as `CN=…, O=…`, without what a terminal would obey.
pub(super) fn name_of(name: &X509NameRef) -> String {
    let part = |entry: &X509NameEntryRef| {
        let name = entry.object().nid().short_name().ok()?;
        let data = entry.data().to_string().ok()?;
        let data: String = data.chars().filter(|c| !c.is_control()).take(120).collect();
        Some(format!("{name}={data}"))
    };
    name.entries().filter_map(part).collect::<Vec<_>>().join(", ")
}

// From the libraries' error chains to [`TransportError`].

/// What went wrong before the headers came.
pub(super) fn sending(error: &reqwest::Error) -> TransportError {
    let chain = links(error);
    if let Some(fault) = proxy_fault(&chain) {
        return fault.into();
    }
    if let Some(resolve) = chain.iter().find_map(|e| e.downcast_ref::<ResolveError>()) {
        return TransportError::Dns { host: resolve.host.clone(), detail: resolve.detail.clone() };
    }
    if let Some(tls) = chain.iter().find_map(|e| e.downcast_ref::<rustls::Error>()) {
        return tls::fault(tls).into();
    }
    if error.is_timeout() {
        return if error.is_connect() {
            TransportError::ConnectTimeout
        } else {
            TransportError::TimedOut { started: false }
        };
    }
    if let Some(kind) = io_kind(&chain) {
        return of_io(kind, error.is_connect());
    }
    of_hyper(&chain).unwrap_or_else(|| TransportError::Other(innermost(&chain)))
}

/// What went wrong while the body came.
pub(super) fn reading(error: &reqwest::Error) -> TransportError {
    let chain = links(error);
    if error.is_timeout() {
        return TransportError::TimedOut { started: true };
    }
    match io_kind(&chain) {
        Some(io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe) => TransportError::Reset,
        _ => TransportError::Truncated,
    }
}

/// Every error of the chain. An `io::Error` hides the error that it carries from `source`.
fn links<'a>(error: &'a (dyn Error + 'static)) -> Vec<&'a (dyn Error + 'static)> {
    let mut chain: Vec<&(dyn Error + 'static)> = Vec::new();
    let mut next = Some(error);
    while let Some(link) = next {
        chain.push(link);
        let carried = link.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match carried {
            Some(inner) => Some(inner as &(dyn Error + 'static)),
            None => link.source(),
        };
    }
    chain
}

fn io_kind(chain: &[&(dyn Error + 'static)]) -> Option<io::ErrorKind> {
    chain.iter().rev().find_map(|e| e.downcast_ref::<io::Error>()).map(io::Error::kind)
}

fn innermost(chain: &[&(dyn Error + 'static)]) -> String {
    // The first link names the URL; the others do not.
    chain.iter().skip(1).last().map_or_else(|| "no reason given".to_owned(), ToString::to_string)
}

fn of_io(kind: io::ErrorKind, connecting: bool) -> TransportError {
    use io::ErrorKind as Kind;
    match kind {
        Kind::ConnectionRefused => TransportError::Refused,
        Kind::HostUnreachable | Kind::NetworkUnreachable | Kind::AddrNotAvailable => {
            TransportError::Unreachable
        }
        Kind::TimedOut if connecting => TransportError::ConnectTimeout,
        Kind::TimedOut => TransportError::TimedOut { started: false },
        // The connection stood, so it is the handshake that was ended.
        Kind::ConnectionReset
        | Kind::ConnectionAborted
        | Kind::BrokenPipe
        | Kind::UnexpectedEof
        | Kind::NotConnected
            if connecting =>
        {
            TlsFault::Closed.into()
        }
        Kind::ConnectionReset
        | Kind::ConnectionAborted
        | Kind::BrokenPipe
        | Kind::UnexpectedEof
        | Kind::NotConnected => TransportError::Reset,
        other => TransportError::Other(other.to_string()),
    }
}

fn of_hyper(chain: &[&(dyn Error + 'static)]) -> Option<TransportError> {
    let hyper = chain.iter().find_map(|e| e.downcast_ref::<hyper::Error>())?;
    if hyper.is_incomplete_message() || hyper.is_closed() || hyper.is_canceled() {
        Some(TransportError::Reset)
    } else if hyper.is_parse() {
        Some(TransportError::Protocol)
    } else if hyper.is_timeout() {
        Some(TransportError::TimedOut { started: false })
    } else {
        // What is left are faults of the HTTP/2 framing.
        Some(TransportError::Protocol)
    }
}

/// The errors of tunnels and of SOCKS have no public names; their texts are all there is to go by.
fn proxy_fault(chain: &[&(dyn Error + 'static)]) -> Option<ProxyFault> {
    let ours = |text: &String| text.starts_with("tunnel error") || text.starts_with("SOCKS error");
    let text = chain.iter().map(ToString::to_string).find(ours)?;
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    Some(if says(&["authorization required", "credentials", "authentication"]) {
        ProxyFault::AuthenticationRequired
    } else if says(&["failed to create underlying connection"]) {
        ProxyFault::Unreachable
    } else {
        ProxyFault::Refused
    })
}
