//! Which proxy the system's settings name for a URL.

use hyper_util::client::proxy::matcher::Matcher;

/// The proxy for this URL, without credentials: `http://proxy.example:3128`.
#[must_use]
pub fn for_url(url: &str) -> Option<String> {
    let target: hyper::Uri = url.parse().ok()?;
    let found = Matcher::from_system().intercept(&target)?;
    let uri = found.uri();
    let scheme = uri.scheme_str().unwrap_or("http");
    let port = uri.port_u16().map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{scheme}://{}{port}", uri.host()?))
}
