//! Reads an account ID in every spelling that people have, an address of the account included.
//!
//! Hosts of an account: OH/section_4834765371, OH/section_1546938065, `auth-protocol.md` 6.2.

use std::collections::BTreeSet;

use super::{Cleanup, Shape, clean};
use crate::types::{AccountId, AccountKind};

/// The longest part of an account ID that is read; see [`AccountId::from_parts`].
const LONGEST: usize = 32;

/// An account ID with how it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadAccountId {
    /// The ID.
    pub id: AccountId,
    /// What was taken off or replaced.
    pub cleanups: BTreeSet<Cleanup>,
    /// The host name it was read from, where an address was given.
    pub host: Option<String>,
    /// Whether that host was spelled with an underscore, which no NetSuite host has.
    pub underscore_in_host: bool,
}

/// The text is no account ID. Each message completes "This is no account ID: …".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountIdError {
    /// Nothing, or white space alone.
    #[error("there is nothing in it")]
    Empty,
    /// A word that stands in examples where the ID belongs.
    #[error("it is the placeholder of an example")]
    Placeholder,
    /// Another value of a known form.
    #[error("it looks like {}", .0.name())]
    OtherValue(Shape),
    /// A number as spreadsheets show it.
    #[error("it is written like an amount, with points, commas or spaces")]
    NumberFormat,
    /// An address that names no account.
    #[error(transparent)]
    Host(#[from] HostError),
    /// More than one separator.
    #[error("it has more than one suffix")]
    TwoSuffixes,
    /// Longer than any account ID.
    #[error("it has {0} characters, far more than any account ID")]
    TooLong(usize),
    /// A character that no account ID has.
    #[error(
        "character {position} of it is {shown}; letters, digits and one underscore or hyphen are all it can have"
    )]
    Character {
        /// Which one, counted from 1.
        position: usize,
        /// The character, escaped where it is not plain.
        shown: String,
    },
    /// A separator with nothing before or after it.
    #[error("nothing stands before or after its underscore or hyphen")]
    EmptyPart,
}

/// Reads an account ID: `1234567`, `1234567_SB1`, `1234567-sb1`, `1234567 SB1`, the address of an
/// account's page or host, all with what copying adds.
///
/// # Errors
/// When it is no account ID, saying what it is instead where that can be told.
pub fn read_account_id(text: &str) -> Result<ReadAccountId, AccountIdError> {
    let mut cleaned = clean(text);
    if cleaned.text.is_empty() {
        return Err(AccountIdError::Empty);
    }
    match Shape::of(&cleaned.text) {
        Shape::AccountId | Shape::Other | Shape::Url | Shape::Words => {}
        Shape::Serial if cleaned.text.bytes().all(|b| b.is_ascii_digit()) => {
            return Err(AccountIdError::TooLong(cleaned.text.len()));
        }
        Shape::TooLong => return Err(AccountIdError::TooLong(cleaned.text.chars().count())),
        shape => return Err(AccountIdError::OtherValue(shape)),
    }
    if is_amount(&cleaned.text) {
        return Err(AccountIdError::NumberFormat);
    }
    if is_placeholder(&cleaned.text) {
        return Err(AccountIdError::Placeholder);
    }
    if is_address(&cleaned.text) {
        let found = read_address(&cleaned.text)?;
        return Ok(ReadAccountId {
            id: found.id,
            cleanups: cleaned.cleanups,
            host: Some(found.host),
            underscore_in_host: found.underscore,
        });
    }
    if let Some(spelled) = with_separator(&cleaned.text) {
        cleaned.text = spelled;
        cleaned.cleanups.insert(Cleanup::SpacesInside);
    }
    let id = parts(&cleaned.text)?;
    Ok(ReadAccountId { id, cleanups: cleaned.cleanups, host: None, underscore_in_host: false })
}

/// `1234567 SB1`, `1234567 _SB1` and `1234567 - SB1` with the underscore that was meant. Other
/// words with spaces are left as they are: they are names.
fn with_separator(text: &str) -> Option<String> {
    let mut words = text.split(|c: char| c.is_whitespace() || matches!(c, '_' | '-'));
    let words: Vec<&str> = words.by_ref().filter(|word| !word.is_empty()).take(3).collect();
    let [base, suffix] = words.as_slice() else { return None };
    let suffix_upper = suffix.to_ascii_uppercase();
    let environment = suffix_upper.trim_end_matches(|c: char| c.is_ascii_digit());
    (text.contains(char::is_whitespace)
        && base.contains(|c: char| c.is_ascii_digit())
        && matches!(environment, "SB" | "RP"))
    .then(|| format!("{base}_{suffix}"))
}

fn parts(text: &str) -> Result<AccountId, AccountIdError> {
    if let Some((at, wrong)) = text
        .chars()
        .enumerate()
        .find(|(_, c)| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-'))
    {
        let several = Shape::of(text) == Shape::Words && wrong == ' ';
        if several {
            return Err(AccountIdError::OtherValue(Shape::Words));
        }
        return Err(AccountIdError::Character { position: at + 1, shown: shown_character(wrong) });
    }
    let mut pieces = text.split(['_', '-']);
    let base = pieces.next().unwrap_or_default();
    let suffix = pieces.next();
    if base.is_empty() || suffix.is_some_and(str::is_empty) {
        return Err(AccountIdError::EmptyPart);
    }
    if pieces.next().is_some() {
        return Err(AccountIdError::TwoSuffixes);
    }
    if base.len() > LONGEST || suffix.is_some_and(|suffix| suffix.len() > LONGEST) {
        return Err(AccountIdError::TooLong(text.len()));
    }
    AccountId::from_parts(base, suffix).map_err(|_| AccountIdError::TooLong(text.len()))
}

/// A character for a message: as it is where it is plain, else its code point.
fn shown_character(c: char) -> String {
    match c {
        ' ' => "a space".to_owned(),
        '!'..='~' => format!("\"{c}\""),
        _ => format!("U+{:04X}", u32::from(c)),
    }
}

/// `1,234,567`, `1 234 567`, `1'234'567`, `1234567.00`
fn is_amount(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let mut groups = text.split([',', '.', '\'', '\u{2019}', ' ', '\u{a0}', '\u{202f}']);
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    if rest.is_empty() || !digits(first) || !rest.iter().copied().all(digits) {
        return false;
    }
    let thousands = first.len() <= 3 && rest.iter().all(|group| group.len() == 3);
    let zeros = rest.iter().all(|group| group.bytes().all(|b| b == b'0'));
    thousands || zeros
}

fn is_placeholder(text: &str) -> bool {
    let host = text.split_once("://").map_or(text, |(_, rest)| rest);
    let label = host.split('.').next().unwrap_or_default();
    let bracketed = label.contains(['<', '>', '{', '}', '[', ']']) || label.starts_with('$');
    let letters: String = label
        .chars()
        .take(64)
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let word = matches!(
        letters.as_str(),
        "accountid"
            | "youraccountid"
            | "myaccountid"
            | "nsaccountid"
            | "netsuiteaccountid"
            | "companyid"
            | "yourcompanyid"
            | "account"
            | "youraccount"
    );
    // `[31m` is left over from a terminal's colours and no placeholder.
    word || bracketed && letters.contains("id") || bracketed && letters.contains("acc")
}

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
struct AccountHost {
    pub id: AccountId,
    /// The host, in lower case.
    pub host: String,
    /// Whether the host was spelled with an underscore, which no NetSuite host has.
    pub underscore: bool,
}

/// Whether a text is meant as an address or a host name.
fn is_address(text: &str) -> bool {
    text.contains("://")
        || text.starts_with("//")
        || text.split(['/', '?', '#']).next().is_some_and(|first| first.contains('.'))
}

/// Reads an address with or without scheme, port, path and query.
fn read_address(address: &str) -> Result<AccountHost, HostError> {
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
    Ok(AccountHost { id, host, underscore })
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

#[cfg(test)]
mod tests;
