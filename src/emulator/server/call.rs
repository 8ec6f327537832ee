//! A request as the handlers see it.

use hyper::body::Bytes;
use hyper::header::{HeaderMap, HeaderName};
use hyper::{Method, Uri, Version};

use crate::emulator::signin::form::pairs;

/// A request, read whole. No `Debug`: headers and body hold tokens and assertions.
pub struct Call {
    /// Request method.
    pub method: Method,
    /// Host name in lower case, without port.
    pub host: String,
    /// Path, as sent.
    pub path: String,
    /// Query, as sent.
    pub raw_query: Option<String>,
    /// Query, decoded.
    pub query: Vec<(String, String)>,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
    /// Whether it came over HTTP/2.
    pub http2: bool,
}

impl Call {
    /// Puts a request together. The host is the URI's (HTTP/2) or the Host header's.
    #[must_use]
    pub fn new(
        method: Method,
        uri: &Uri,
        version: Version,
        headers: HeaderMap,
        body: Bytes,
    ) -> Self {
        let authority = uri.host().map(str::to_owned).or_else(|| {
            let host = headers.get(hyper::header::HOST)?.to_str().ok()?;
            Some(host.split(':').next().unwrap_or(host).to_owned())
        });
        Self {
            method,
            host: authority.unwrap_or_default().to_ascii_lowercase(),
            path: uri.path().to_owned(),
            raw_query: uri.query().map(str::to_owned),
            query: pairs(uri.query().unwrap_or("")),
            headers,
            body,
            http2: version == Version::HTTP_2,
        }
    }

    /// A header as text.
    #[must_use]
    pub fn header(&self, name: &HeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// A header of a name that has no constant.
    #[must_use]
    pub fn header_named(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The first query parameter of a name.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}
