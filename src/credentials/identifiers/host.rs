//! The account ID inside a pasted address.
//!
//! Hosts of an account: OH/section_4834765371, OH/section_1546938065, `auth-protocol.md` 6.2.

use crate::types::AccountId;
use crate::types::AccountKind;

/// Services that have a host per account, as they stand between the account and `netsuite.com`.
const SERVICES: &[&str] = &[
    "app",
    "suitetalk.api",
    "restlets.api",
    "extforms",
    "connect.api",
    "connect",
    "secure",
    "shop",
    "checkout",
    "forms",
];

/// The most characters that a host name can have (RFC 1035, 2.3.4).
const LONGEST_HOST: usize = 253;

/// The address does not lead to an account.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// A host that serves every account.
    #[error("{0} serves all accounts and does not name one")]
    Generic(String),
    /// A host of a data centre, from before accounts had their own.
    #[error("{0} belongs to a data centre, not to an account")]
    DataCentre(String),
    /// Under `netsuite.com`, but in no form that is known.
    #[error("{0} is no host of an account that is known")]
    Unknown(String),
    /// Outside `netsuite.com`.
    #[error("{0} is not under netsuite.com")]
    Foreign(String),
    /// Something that changes which host an address leads to.
    #[error("the address holds a user name, which can lead to another host")]
    UserName,
    /// No host name.
    #[error("the address has no host name that can be read")]
    Unreadable,
}

/// The account that an address names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub id: AccountId,
    /// The host, in lower case.
    pub host: String,
    /// Whether the host was spelled with an underscore, which no NetSuite host has.
    pub underscore: bool,
}

/// Whether a text is meant as an address or a host name.
pub(super) fn is_address(text: &str) -> bool {
    text.contains("://")
        || text.starts_with("//")
        || text.split(['/', '?', '#']).next().is_some_and(|first| first.contains('.'))
}

/// Reads an address with or without scheme, port, path and query.
pub(super) fn read(address: &str) -> Result<Found, HostError> {
    let host = host(address)?;
    let lower = host.as_str();
    let inner = match lower.strip_suffix("netsuite.com") {
        Some("") => return Err(HostError::Generic(host)),
        Some(inner) if inner.ends_with('.') => inner.trim_end_matches('.'),
        _ => return Err(HostError::Foreign(host)),
    };
    let Some((first, service)) = inner.split_once('.') else {
        return Err(if named(inner).is_some() {
            HostError::Unknown(host)
        } else {
            HostError::Generic(host)
        });
    };
    if is_data_centre(service) {
        return Err(HostError::DataCentre(host));
    }
    if service == "api" {
        return Err(HostError::Generic(host));
    }
    let id = match first.parse::<AccountId>() {
        Ok(id) if SERVICES.contains(&service) || id.kind() != AccountKind::Other => id,
        _ => return Err(HostError::Unknown(host)),
    };
    let underscore = first.contains('_');
    Ok(Found { id, host, underscore })
}

fn named(label: &str) -> Option<AccountId> {
    label.parse::<AccountId>().ok().filter(|id| id.kind() != AccountKind::Other)
}

/// `na1`, `eu2`, `na2.sandbox`, `sandbox`: source `failures.md` I5 and the names of NetSuite's
/// former hosts.
fn is_data_centre(service: &str) -> bool {
    let last = service.rsplit('.').next().unwrap_or_default();
    let region = last.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = last.len() - region.len();
    let numbered = (1..=2).contains(&digits)
        && region.len() == 2
        && region.bytes().all(|b| b.is_ascii_alphabetic());
    numbered || matches!(last, "sandbox" | "beta")
}

/// The host name of an address, in lower case, if it has nothing but letters, digits, hyphens,
/// underscores and dots.
fn host(address: &str) -> Result<String, HostError> {
    let rest = match address.split_once("://") {
        Some((scheme, rest)) if scheme.bytes().all(|b| b.is_ascii_alphabetic()) => rest,
        Some(_) => return Err(HostError::Unreadable),
        None => address.trim_start_matches('/'),
    };
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(HostError::UserName);
    }
    // A back slash is a slash to some programs and part of the name to others.
    if rest.split(['/', '?', '#']).next() != Some(authority) {
        return Err(HostError::Unreadable);
    }
    let (name, port) = authority.split_once(':').unwrap_or((authority, ""));
    let name = name.strip_suffix('.').unwrap_or(name);
    let good = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    let readable = (1..=LONGEST_HOST).contains(&name.len())
        && name.bytes().all(good)
        && name.split('.').all(|label| !label.is_empty())
        && port.bytes().all(|b| b.is_ascii_digit());
    if readable { Ok(name.to_ascii_lowercase()) } else { Err(HostError::Unreadable) }
}
