//! What a request has to be before anything else looks at it.

use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode, Uri};

/// Why a request is refused. What is said repeats nothing of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Another name for this machine, as with DNS rebinding.
    #[error("The request names another host than this program's address.")]
    Host,
    /// Neither GET nor POST, or the other one of the two.
    #[error("This address does not take that kind of request.")]
    Method,
    /// Another site made the browser send it.
    #[error(
        "Another site sent this request. Type the address into the browser, or use a browser of \
         this year."
    )]
    Foreign,
    /// It was to be shown inside another page.
    #[error("This page is not shown inside another page.")]
    Framed,
    /// No session, an ended one, or the one of another browser.
    #[error("This browser has no session here, or it has ended.")]
    Session,
    /// The address was used already, or is too old.
    #[error("This address has been used, or is older than two minutes.")]
    Used,
    /// A form without the word of this session.
    #[error("The form is not of this session. Load the page again.")]
    Token,
    /// More than any answer or certificate.
    #[error("That is more than any answer or certificate has.")]
    TooLarge,
    /// It did not come in time.
    #[error("The request did not arrive in time.")]
    Slow,
    /// Neither a form nor a file.
    #[error("That is neither a form nor a file.")]
    Form,
    /// What is shown cannot be read any more.
    #[error("The file cannot be read any more. Start netsuite-preflight again with it.")]
    Unreadable,
    /// Nothing is there.
    #[error("There is no such page.")]
    Missing,
}

impl Refusal {
    /// The status of the answer.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::Host => StatusCode::MISDIRECTED_REQUEST,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Foreign | Self::Framed | Self::Session | Self::Used | Self::Token => {
                StatusCode::FORBIDDEN
            }
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Slow => StatusCode::REQUEST_TIMEOUT,
            Self::Form => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Missing | Self::Unreadable => StatusCode::NOT_FOUND,
        }
    }

    /// Whether a new address is the way out.
    #[must_use]
    pub fn needs_an_address(self) -> bool {
        matches!(self, Self::Session | Self::Used)
    }
}

const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const DESTINATION: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// Where a page that is shown inside another one is going.
const FRAMES: [&str; 5] = ["iframe", "frame", "embed", "object", "fencedframe"];

/// The addresses of this program, by which requests have to call it.
#[derive(Debug, Clone)]
pub struct Gate {
    hosts: [String; 2],
}

impl Gate {
    /// The loopback addresses with this port; `localhost` is a name, and names can be made to
    /// mean something else.
    #[must_use]
    pub fn new(port: u16) -> Self {
        Self { hosts: [format!("127.0.0.1:{port}"), format!("[::1]:{port}")] }
    }

    /// Whether the request was made by a page of this program, or by a person.
    ///
    /// # Errors
    /// Says which rule it breaks.
    pub fn admit(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<(), Refusal> {
        let host = only(headers, &header::HOST).ok_or(Refusal::Host)?;
        if uri.authority().is_some() || !self.hosts.iter().any(|own| own == host) {
            return Err(Refusal::Host);
        }
        let site = headers.contains_key(SITE).then(|| only(headers, &SITE).unwrap_or_default());
        match *method {
            Method::GET => {
                let destination = only(headers, &DESTINATION).unwrap_or_default();
                if FRAMES.contains(&destination) {
                    return Err(Refusal::Framed);
                }
                // A person who types an address belongs to no site.
                match site {
                    None | Some("none" | "same-origin") => Ok(()),
                    Some(_) => Err(Refusal::Foreign),
                }
            }
            Method::POST => {
                let origin = only(headers, &header::ORIGIN).and_then(|o| o.strip_prefix("http://"));
                if site == Some("same-origin") && origin == Some(host) {
                    Ok(())
                } else {
                    Err(Refusal::Foreign)
                }
            }
            _ => Err(Refusal::Method),
        }
    }
}

/// The value of a header that stands there once.
pub fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    values.next().is_none().then(|| value.to_str().ok()).flatten()
}

/// What every answer says to the browser.
const RULES: [(HeaderName, HeaderValue); 8] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
             img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ),
    ),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), microphone=(), geolocation=()"),
    ),
];

/// Adds those that the answer does not have in a form of its own.
pub fn add_rules(headers: &mut HeaderMap) {
    for (name, value) in RULES {
        headers.entry(name).or_insert(value);
    }
}

/// For pages with forms: other sites learn nothing from it either, but under `no-referrer` browsers
/// send `Origin: null` with a form, and [`Gate::admit`] wants to see whose it is. To admit `null`
/// beside `Sec-Fetch-Site` would be the weaker rule: a sandboxed frame and a page from a file send
/// it too, and a second proof of where a form comes from would be given up so that this program
/// does not learn its own addresses. The address with the secret is never a page, only a redirect,
/// and redirects say `no-referrer`.
pub const WITH_FORMS: (HeaderName, HeaderValue) =
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));

#[cfg(test)]
mod tests {
    use super::*;

    fn admit(method: &Method, uri: &str, headers: &[(&str, &str)]) -> Result<(), Refusal> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            map.append(name, HeaderValue::from_str(value).unwrap());
        }
        Gate::new(4123).admit(method, &uri.parse().unwrap(), &map)
    }

    const HOST: (&str, &str) = ("host", "127.0.0.1:4123");
    const ORIGIN: (&str, &str) = ("origin", "http://127.0.0.1:4123");
    const SAME: (&str, &str) = ("sec-fetch-site", "same-origin");

    #[test]
    fn another_host_is_refused_however_it_is_written() {
        for host in [
            "localhost:4123",
            "127.0.0.1",
            "127.0.0.1:80",
            "evil.example:4123",
            "127.0.0.1:4123.evil.example",
            "127.1:4123",
            "0.0.0.0:4123",
            "[::ffff:127.0.0.1]:4123",
        ] {
            assert_eq!(admit(&Method::GET, "/", &[("host", host)]), Err(Refusal::Host), "{host}");
        }
        assert_eq!(admit(&Method::GET, "/", &[]), Err(Refusal::Host));
        assert_eq!(admit(&Method::GET, "/", &[HOST, HOST]), Err(Refusal::Host));
        let whole = admit(&Method::GET, "http://evil.example/", &[HOST]);
        assert_eq!(whole, Err(Refusal::Host));
        for host in ["127.0.0.1:4123", "[::1]:4123"] {
            assert_eq!(admit(&Method::GET, "/", &[("host", host)]), Ok(()), "{host}");
        }
    }

    #[test]
    fn what_another_site_sends_is_refused() {
        for site in ["cross-site", "same-site", "", "none, none"] {
            let get = admit(&Method::GET, "/", &[HOST, ("sec-fetch-site", site)]);
            assert_eq!(get, Err(Refusal::Foreign), "{site}");
        }
        assert_eq!(admit(&Method::GET, "/", &[HOST, ("sec-fetch-site", "none")]), Ok(()));
        assert_eq!(admit(&Method::GET, "/", &[HOST, SAME]), Ok(()));
        let post = |headers: &[(&str, &str)]| admit(&Method::POST, "/answer", headers);
        assert_eq!(post(&[HOST, ORIGIN, SAME]), Ok(()));
        for headers in [
            &[HOST, SAME][..],
            &[HOST, ORIGIN],
            &[HOST, ("origin", "null"), SAME],
            &[HOST, ("origin", "http://evil.example"), SAME],
            &[HOST, ("origin", "https://127.0.0.1:4123"), SAME],
            &[HOST, ("origin", "http://127.0.0.1:4124"), SAME],
            &[HOST, ("origin", "http://[::1]:4123"), SAME],
            &[HOST, ORIGIN, ORIGIN, SAME],
            &[HOST, ORIGIN, ("sec-fetch-site", "same-site")],
            &[HOST, ORIGIN, ("sec-fetch-site", "none")],
        ] {
            assert_eq!(post(headers), Err(Refusal::Foreign), "{headers:?}");
        }
    }

    #[test]
    fn frames_and_other_methods_are_refused() {
        for frame in FRAMES {
            let framed = admit(&Method::GET, "/", &[HOST, SAME, ("sec-fetch-dest", frame)]);
            assert_eq!(framed, Err(Refusal::Framed));
        }
        for method in [Method::HEAD, Method::PUT, Method::DELETE, Method::OPTIONS, Method::TRACE] {
            assert_eq!(admit(&method, "/", &[HOST, ORIGIN, SAME]), Err(Refusal::Method));
        }
    }

    #[test]
    fn every_answer_forbids_what_no_page_needs() {
        let mut headers = HeaderMap::new();
        add_rules(&mut headers);
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
        for rule in ["default-src 'none'", "frame-ancestors 'none'", "form-action 'self'"] {
            assert!(policy.contains(rule), "{policy}");
        }
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
        assert_eq!(headers[header::REFERRER_POLICY], "no-referrer");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    }
}
