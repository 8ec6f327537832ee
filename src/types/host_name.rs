//! Names of hosts.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

/// A host name, or an address in the spelling that URLs have. Nothing in it can end the host part
/// of a URL, or be obeyed by a shell.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HostName(String);

impl HostName {
    /// The name, in the case in which it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text is no host name.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a host name has letters, digits, hyphens, underscores and dots, 253 characters at most")]
pub struct InvalidHostName;

impl FromStr for HostName {
    type Err = InvalidHostName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let address = match inner {
            Some(inner) => inner.parse::<Ipv6Addr>().is_ok(),
            None => text.parse::<IpAddr>().is_ok_and(|address| address.is_ipv4()),
        };
        let label = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        };
        // The root's dot may stand at the end.
        let labels = text.strip_suffix('.').unwrap_or(text).split('.').all(label);
        if text.len() <= 253 && (address || labels) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidHostName)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses() {
        for right in ["localhost", "1234567-sb1.suitetalk.api.netsuite.com", "127.0.0.1", "[::1]"] {
            assert_eq!(right.parse::<HostName>().unwrap().as_str(), right);
        }
        for wrong in ["", ".", "a..b", "a b", "a\nb", "a/b", "a@b", "a:1", "::1", "[a]", "é", "a'b"]
        {
            assert_eq!(wrong.parse::<HostName>(), Err(InvalidHostName), "{wrong:?}");
        }
        assert!(format!("{}.a", "x".repeat(64)).parse::<HostName>().is_err());
    }
}
