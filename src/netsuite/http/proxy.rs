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

/// The variables that name a proxy for HTTPS, in the order in which they count.
const VARIABLES: &[&str] = &["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// The variable that the proxy settings come from. `None` where the system has them elsewhere, or
/// there are none.
#[must_use]
pub fn variable() -> Option<&'static str> {
    first_set(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

fn first_set(is_set: impl Fn(&str) -> bool) -> Option<&'static str> {
    VARIABLES.iter().copied().find(|name| is_set(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_for_https_comes_first() {
        assert_eq!(first_set(|_| true), Some("HTTPS_PROXY"));
        assert_eq!(first_set(|name| name.eq_ignore_ascii_case("all_proxy")), Some("ALL_PROXY"));
        assert_eq!(first_set(|name| name == "http_proxy"), None);
    }
}
