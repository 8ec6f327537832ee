//! Which proxy the settings name. A setting that cannot be used is an error: the direct way instead
//! would go around what somebody put in between on purpose.

use std::ffi::OsString;

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::Url;

/// The variables that name a proxy for HTTPS, in the order in which they count. An empty one is as
/// good as none.
const VARIABLES: &[&str] = &["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// The variables that name hosts to be reached without a proxy.
const EXEMPTIONS: &[&str] = &["NO_PROXY", "no_proxy"];

/// What kinds of proxy can be used.
const SCHEMES: &[&str] = &["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// A proxy setting that cannot be used. Never quotes the setting: a password may be in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the proxy setting in {variable} cannot be used: {fault}; write it as http://HOST:PORT \
     (or https, socks4, socks4a, socks5, socks5h), or unset {variable}"
)]
pub struct ProxySettingError {
    variable: &'static str,
    fault: ProxySettingFault,
}

/// What is wrong with a proxy setting.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum ProxySettingFault {
    #[error("it is not valid Unicode")]
    Encoding,
    #[error("it is no URL")]
    NoUrl,
    #[error("{0} is no kind of proxy that this program can use")]
    Scheme(String),
    #[error("its scheme is no kind of proxy that this program can use")]
    OtherScheme,
    #[error("it names no usable host")]
    Host,
    #[error("its port has to be between 1 and 65535")]
    Port,
    #[error("behind host and port nothing may follow")]
    Rest,
    #[error(
        "REQUEST_METHOD is set as in a CGI program, where proxy settings may come from a request"
    )]
    Cgi,
}

/// The proxy that the environment names, and the hosts it is not for.
#[derive(Clone, PartialEq, Eq)]
pub struct ProxySetting {
    /// The variable that names it.
    pub variable: &'static str,
    /// Its URL. A user name and a password may be in it.
    pub(super) url: String,
    /// The hosts that are reached without it.
    pub(super) exempt: String,
}

impl std::fmt::Debug for ProxySetting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Setting({}, hidden)", self.variable)
    }
}

impl ProxySetting {
    /// The setting in the environment of this process.
    ///
    /// # Errors
    /// When there is one and it cannot be used.
    pub fn of_environment() -> Result<Option<Self>, ProxySettingError> {
        Self::of(|name| std::env::var_os(name))
    }

    fn of(read: impl Fn(&str) -> Option<OsString>) -> Result<Option<Self>, ProxySettingError> {
        let first = |names: &[&'static str]| {
            let set = |name: &&'static str| Some((*name, read(name).filter(|v| !v.is_empty())?));
            names.iter().find_map(set)
        };
        let Some((variable, value)) = first(VARIABLES) else { return Ok(None) };
        let failed = |fault| ProxySettingError { variable, fault };
        if read("REQUEST_METHOD").is_some_and(|method| !method.is_empty()) {
            return Err(failed(ProxySettingFault::Cgi));
        }
        let value = value.into_string().map_err(|_| failed(ProxySettingFault::Encoding))?;
        let url = usable(value.trim()).map_err(failed)?;
        let exempt = match first(EXEMPTIONS) {
            Some((variable, hosts)) => hosts
                .into_string()
                .map_err(|_| ProxySettingError { variable, fault: ProxySettingFault::Encoding })?,
            None => String::new(),
        };
        Ok(Some(Self { variable, url, exempt }))
    }

    fn matcher(&self) -> Matcher {
        Matcher::builder().all(self.url.as_str()).no(self.exempt.as_str()).build()
    }
}

/// The setting as a URL with a scheme.
fn usable(value: &str) -> Result<String, ProxySettingFault> {
    let whole = if value.contains("://") { value.to_owned() } else { format!("http://{value}") };
    let (scheme, rest) = whole.split_once("://").ok_or(ProxySettingFault::NoUrl)?;
    let scheme = scheme.to_ascii_lowercase();
    if !SCHEMES.contains(&scheme.as_str()) {
        // Short words of letters alone are quoted: anything else may be a password.
        let known = ["ftp", "quic", "socks", "ssh", "tor", "ws", "wss"].contains(&scheme.as_str());
        return Err(if known {
            ProxySettingFault::Scheme(scheme)
        } else {
            ProxySettingFault::OtherScheme
        });
    }
    let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
    let place = place.strip_suffix('/').unwrap_or(place);
    let (host, port) = match place.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (place, None),
    };
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_');
    let inner = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let good = match inner {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => !host.is_empty() && host.bytes().all(plain),
    };
    if place.contains(['/', '?', '#', '\\']) {
        return Err(ProxySettingFault::Rest);
    }
    if !good {
        return Err(ProxySettingFault::Host);
    }
    if port.is_some_and(|port| !port.parse::<u16>().is_ok_and(|port| port > 0)) {
        return Err(ProxySettingFault::Port);
    }
    // The libraries below must read the same out of it.
    let url = Url::parse(&whole).map_err(|_| ProxySettingFault::NoUrl)?;
    let same = url.host_str().is_some_and(|read| read.eq_ignore_ascii_case(host))
        && matches!(url.path(), "" | "/")
        && url.query().is_none()
        && url.fragment().is_none();
    let target = "https://account.invalid/".parse().map_err(|_| ProxySettingFault::NoUrl)?;
    let taken = Matcher::builder().all(whole.as_str()).build().intercept(&target).is_some();
    if same && taken { Ok(format!("{scheme}://{rest}")) } else { Err(ProxySettingFault::Host) }
}

/// The proxy for this URL, without credentials: `http://proxy.example:3128`.
#[must_use]
pub fn for_url(url: &str) -> Option<String> {
    let target: hyper::Uri = url.parse().ok()?;
    let matcher = match ProxySetting::of_environment() {
        Ok(Some(setting)) => setting.matcher(),
        // macOS and Windows have settings of their own.
        Ok(None) => Matcher::from_system(),
        Err(_) => return None,
    };
    let found = matcher.intercept(&target)?;
    let uri = found.uri();
    let scheme = uri.scheme_str().unwrap_or("http");
    let port = uri.port_u16().map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{scheme}://{}{port}", uri.host()?))
}

/// The variable that the proxy settings come from. `None` where the system has them elsewhere, or
/// there are none.
#[must_use]
pub fn variable() -> Option<&'static str> {
    ProxySetting::of_environment().ok().flatten().map(|setting| setting.variable)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting(of: &[(&str, &str)]) -> Result<Option<ProxySetting>, ProxySettingError> {
        let read = |name: &str| {
            of.iter().find(|(set, _)| *set == name).map(|(_, value)| OsString::from(*value))
        };
        ProxySetting::of(read)
    }

    #[test]
    fn the_variable_for_https_comes_first_and_an_empty_one_is_unset() {
        let variable = |of: &[(&str, &str)]| setting(of).unwrap().map(|found| found.variable);
        let proxy = "http://proxy.example:3128";
        assert_eq!(variable(&[("all_proxy", proxy), ("HTTPS_PROXY", proxy)]), Some("HTTPS_PROXY"));
        assert_eq!(variable(&[("https_proxy", proxy), ("HTTPS_PROXY", "")]), Some("https_proxy"));
        assert_eq!(variable(&[("ALL_PROXY", proxy)]), Some("ALL_PROXY"));
        assert_eq!(variable(&[("http_proxy", proxy), ("HTTPS_PROXY", "")]), None);
        let both = [("HTTPS_PROXY", proxy), ("NO_PROXY", ""), ("no_proxy", "netsuite.com")];
        assert_eq!(setting(&both).unwrap().unwrap().exempt, "netsuite.com");
    }

    #[test]
    fn what_can_be_used() {
        for (given, url) in [
            ("proxy.example:3128", "http://proxy.example:3128"),
            ("proxy.example", "http://proxy.example"),
            (" http://10.0.0.1:3128/ ", "http://10.0.0.1:3128/"),
            ("HTTP://proxy:1", "http://proxy:1"),
            ("https://user:p%40ss@proxy.example:443", "https://user:p%40ss@proxy.example:443"),
            ("socks5h://[::1]:1080", "socks5h://[::1]:1080"),
            ("socks4://proxy_1:1080", "socks4://proxy_1:1080"),
            ("user:secret@proxy.example:8080", "http://user:secret@proxy.example:8080"),
        ] {
            assert_eq!(usable(given.trim()).as_deref(), Ok(url), "{given}");
        }
    }

    #[test]
    fn what_cannot_be_used_is_an_error_that_keeps_the_password() {
        for given in [
            "http://",
            "http://:3128",
            "http://user:hunter2@",
            "http://user:hunter2@:3128",
            "http://user:hunter2@proxy.example:0",
            "http://user:hunter2@proxy.example:65536",
            "http://user:hunter2@proxy.example:80x",
            "http://user:hunter2@proxy.example:",
            "http://user:hunter2@proxy.example:80/path",
            "http://user:hunter2@proxy.example?x",
            "http://user:hunter2/2@proxy.example:80",
            "http://proxy example:80",
            "http://user:hunter2@pr\u{f6}xy.example:80",
            "http:proxy.example:3128",
            "http:/proxy.example:3128",
            "//proxy.example:3128",
            "ftp://user:hunter2@proxy.example:21",
            "socks6://user:hunter2@proxy.example:21",
            "socks://user:hunter2@proxy.example:21",
            "hunter2://proxy.example",
            "://proxy.example",
            "http://[::1:3128",
            "http://[::zz]:3128",
            "http://user:hunter2@proxy.example:80\nx",
        ] {
            let error = setting(&[("https_proxy", given)]).unwrap_err().to_string();
            assert!(
                error.contains("https_proxy") && !error.contains("hunter2"),
                "{given}: {error}"
            );
        }
        let cgi = setting(&[("ALL_PROXY", "http://proxy.example:1"), ("REQUEST_METHOD", "GET")]);
        assert!(cgi.is_err());
        assert!(
            setting(&[("ALL_PROXY", "http://proxy.example:1"), ("REQUEST_METHOD", "")]).is_ok()
        );
    }
}
