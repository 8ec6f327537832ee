//! Answers, and the error envelope of the record service.

use hyper::body::Bytes;
use hyper::header::{
    CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, SET_COOKIE, STRICT_TRANSPORT_SECURITY, VARY,
};
use hyper::{Method, StatusCode, Uri, Version};
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::emulator::log::Effect;
use crate::emulator::signin::request::pairs;
use crate::emulator::switches::{ErrorType, Switches};

/// An answer before it is sent. No `Debug`: a body can hold a token.
pub struct Reply {
    /// Status.
    pub status: StatusCode,
    /// Headers; `Date` is added when it is sent.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// Body.
    pub body: Vec<u8>,
    /// What the request did to the account.
    pub effect: Effect,
}

impl Reply {
    /// An answer with a body of some media type.
    #[must_use]
    pub fn new(status: StatusCode, media_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![(CONTENT_TYPE, HeaderValue::from_static(media_type))],
            body: body.into(),
            effect: Effect::None,
        }
    }

    /// JSON.
    #[must_use]
    pub fn json(status: StatusCode, body: &Value) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    /// JSON under one of the record service's own media types.
    #[must_use]
    pub fn resource(media_type: &'static str, body: &Value) -> Self {
        Self::new(StatusCode::OK, media_type, body.to_string())
    }

    /// A page for people.
    #[must_use]
    pub fn html(status: StatusCode, title: &str) -> Self {
        let page = format!(
            "<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
        );
        Self::new(status, "text/html;charset=utf-8", page)
    }

    /// Nothing but a status.
    #[must_use]
    pub fn empty(status: StatusCode, effect: Effect) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), effect }
    }

    /// The same with one more header. A value that no header can hold is left out.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    /// The same with another effect.
    #[must_use]
    pub fn having(mut self, effect: Effect) -> Self {
        self.effect = effect;
        self
    }

    /// The same with what NetSuite's REST services send along with every answer
    /// (`facts-2026-11.md` F17): a character set, a cookie of the routing, and an id of the
    /// operation that its support can look up.
    #[must_use]
    pub fn dressed(mut self, operation: u64) -> Self {
        for (name, value) in &mut self.headers {
            let media = value.to_str().unwrap_or_default();
            if *name == CONTENT_TYPE && !media.to_ascii_lowercase().contains("charset") {
                let whole = format!("{media}; charset=UTF-8");
                if let Ok(whole) = HeaderValue::from_str(&whole) {
                    *value = whole;
                }
            }
        }
        let operation = format!("{operation:08x}-0000-4000-8000-00000000e17a");
        self.with(HeaderName::from_static("x-n-operationid"), &operation)
            .with(SET_COOKIE, "NS_ROUTING_VERSION=LAGGING; path=/; secure; httponly")
            .with(VARY, "User-Agent")
            .with(STRICT_TRANSPORT_SECURITY, "max-age=31536000")
    }

    /// `{"error": …}` of the token endpoint: never a description. Source: `auth-protocol.md` 3.1.
    #[must_use]
    pub fn oauth_error(status: StatusCode, error: &str) -> Self {
        Self::json(status, &json!({ "error": error }))
    }
}

/// One error of the record service. Source: `record-api.md` 2.1.
#[derive(Debug, Clone)]
pub struct ServiceError {
    status: StatusCode,
    code: Option<&'static str>,
    detail: String,
    locator: Option<(&'static str, String)>,
}

impl ServiceError {
    /// An error with a code.
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code: Some(code), detail: detail.into(), locator: None }
    }

    /// 400.
    #[must_use]
    pub fn bad_request(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// 403 `INSUFFICIENT_PERMISSION`.
    #[must_use]
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "INSUFFICIENT_PERMISSION", detail)
    }

    /// 404 `NONEXISTENT_ID`.
    #[must_use]
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "NONEXISTENT_ID", detail)
    }

    /// The same with where in the request the error lies: `o:errorUrl`, `o:errorQueryParam`, ….
    #[must_use]
    pub fn at(mut self, member: &'static str, value: impl Into<String>) -> Self {
        self.locator = Some((member, value.into()));
        self
    }

    /// The answer.
    #[must_use]
    pub fn answer(&self, switches: &Switches) -> Reply {
        let envelope = Envelope {
            kind: type_url(self.status, switches),
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            details: [Detail(self)],
        };
        // It has no map with other keys than texts, so that writing it cannot fail.
        let body = serde_json::to_string(&envelope).unwrap_or_default();
        let media_type = "application/vnd.oracle.resource+json; type=error";
        Reply::new(self.status, media_type, body)
    }
}

/// The envelope with its members in the order in which NetSuite writes them
/// (`facts-2026-11.md` E7).
#[derive(Serialize)]
struct Envelope<'a> {
    #[serde(rename = "type")]
    kind: String,
    title: &'a str,
    status: u16,
    #[serde(rename = "o:errorDetails")]
    details: [Detail<'a>; 1],
}

/// One entry of it: the text, where the error lies, the code.
struct Detail<'a>(&'a ServiceError);

impl Serialize for Detail<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(None)?;
        members.serialize_entry("detail", &self.0.detail)?;
        if let Some((member, value)) = &self.0.locator {
            members.serialize_entry(member, value)?;
        }
        if let Some(code) = self.0.code {
            members.serialize_entry("o:errorCode", code)?;
        }
        members.end()
    }
}

fn type_url(status: StatusCode, switches: &Switches) -> String {
    let (group, number) = match status.as_u16() {
        code @ 401..=406 => (5, code - 399),
        code @ 500..=505 => (6, code - 499),
        // 400, and 429, which RFC 9110 does not define.
        _ => (5, 1),
    };
    match switches.error_type {
        ErrorType::Rfc9110 => {
            format!("https://www.rfc-editor.org/rfc/rfc9110.html#section-15.{group}.{number}")
        }
        ErrorType::Rfc2616 => format!(
            "https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html#sec10.{}.{number}",
            group - 1
        ),
    }
}

// A request as the handlers see it.

/// A request, read whole. No `Debug`: headers and body hold tokens and assertions.
pub struct Request {
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

impl Request {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn body(error: &ServiceError, switches: &Switches) -> Value {
        serde_json::from_slice(&error.answer(switches).body).unwrap()
    }

    #[test]
    fn the_envelope_is_that_of_the_live_service() {
        let error = ServiceError::new(StatusCode::METHOD_NOT_ALLOWED, "INVALID_METHOD", "no");
        let found = body(&error, &Switches::default());
        let url = "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.6";
        assert_eq!(found["type"], url);
        assert_eq!(found["title"], "Method Not Allowed");
        assert_eq!(found["o:errorDetails"][0]["o:errorCode"], "INVALID_METHOD");
        let switches = Switches { error_type: ErrorType::Rfc2616, ..Switches::default() };
        let older = "https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html#sec10.4.5";
        assert_eq!(body(&ServiceError::not_found("x"), &switches)["type"], older);
    }

    #[test]
    fn members_stand_in_netsuites_order() {
        let error = ServiceError::bad_request("INVALID_ID", "x").at("o:errorUrl", "/a");
        let answer = error.answer(&Switches::default());
        assert_eq!(
            std::str::from_utf8(&answer.body).unwrap(),
            "{\"type\":\"https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.1\",\
             \"title\":\"Bad Request\",\"status\":400,\"o:errorDetails\":[{\"detail\":\"x\",\
             \"o:errorUrl\":\"/a\",\"o:errorCode\":\"INVALID_ID\"}]}"
        );
    }
}
