//! The account ID in every spelling, also inside a pasted URL.
//!
//! Sources: OH/section_1498251763 (forms), OH/section_4834765371 (domains), OH/section_4295564687
//! (hosts named after a data centre).

use super::clean::{Blemish, Cleaned, clean};
use super::shape::{Shape, shape_of};
use crate::types::AccountId;

/// An account ID that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadAccount {
    /// The ID.
    pub id: AccountId,
    /// What was taken off.
    pub blemishes: Vec<Blemish>,
    /// Whether it was taken out of a URL or host name.
    pub from_address: bool,
    /// Whether a space stood in place of the underscore.
    pub spaced: bool,
}

/// Why a value is no account ID. No variant repeats the value: it may be anything.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// Nothing.
    #[error("The account ID is empty.")]
    Empty,
    /// A host that serves all accounts.
    #[error("{0} is a host of NetSuite for all accounts; it does not name yours.")]
    GenericHost(String),
    /// A host named after a data centre.
    #[error("{0} names a data centre of NetSuite, not an account.")]
    DataCentreHost(String),
    /// A host outside `netsuite.com`.
    #[error("This is an address outside netsuite.com; no request will be sent there.")]
    ForeignHost,
    /// Characters that would change the host.
    #[error("The value holds characters that could lead requests to another host ({0}).")]
    Hostile(char),
    /// Spaces inside, as in a company's name.
    #[error("The value holds spaces; it looks like the name of the company, not its account ID.")]
    CompanyName,
    /// The value of another field.
    #[error("This looks like {0}, not like an account ID.")]
    OtherValue(&'static str),
    /// A place holder.
    #[error("The account ID was not filled in: the value is a placeholder.")]
    Placeholder,
    /// Other characters than letters and digits.
    #[error("The value holds {0:?}; an account ID has letters and digits only.")]
    BadCharacter(char),
    /// More than one separator, or an empty part.
    #[error("The value is not of the form 1234567 or 1234567_SB1.")]
    BadForm,
}

/// First labels of the hosts that serve all accounts.
const GENERIC: &[&str] = &[
    "www",
    "system",
    "rest",
    "webservices",
    "forms",
    "checkout",
    "shopping",
    "login",
    "debugger",
    "account",
    "docs",
    "app",
    "suitetalk",
    "restlets",
    "api",
    "sandbox",
];

/// Reads a value as people give it.
///
/// # Errors
/// [`AccountError`]: what it is instead, or why it is refused.
pub fn read(value: &str) -> Result<ReadAccount, AccountError> {
    let mut cleaned = clean(value);
    cleaned.strip_label(&["netsuiteaccountid", "accountid", "netsuiteaccount", "account", "acct"]);
    match shape_of(&cleaned.text) {
        Shape::Empty => return Err(AccountError::Empty),
        Shape::Placeholder => return Err(AccountError::Placeholder),
        Shape::Uuid => return Err(AccountError::OtherValue("an Application ID")),
        Shape::Hex64 => return Err(AccountError::OtherValue("a Client ID or a secret")),
        Shape::CertificateId => return Err(AccountError::OtherValue("a Certificate ID")),
        Shape::CustCertificate => {
            return Err(AccountError::OtherValue("a certificate's script ID"));
        }
        Shape::Email => return Err(AccountError::OtherValue("a mail address")),
        Shape::Pem => return Err(AccountError::OtherValue("a key or certificate")),
        Shape::Jwt => return Err(AccountError::OtherValue("a token")),
        _ => {}
    }
    match host_in(&cleaned.text)? {
        Some(host) => {
            let label = account_label(&host)?.to_owned();
            build(&label, &cleaned, true, false)
        }
        None => plain(cleaned),
    }
}

fn plain(mut cleaned: Cleaned) -> Result<ReadAccount, AccountError> {
    // A lone slash at the end is what a browser bar leaves.
    let text = cleaned.text.trim_end_matches('/').to_owned();
    let from_address = text.len() < cleaned.text.len();
    if text.contains(char::is_whitespace) {
        let mut parts = text.split_whitespace();
        let (base, suffix) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        let known = suffix
            .get(..2)
            .is_some_and(|two| two.eq_ignore_ascii_case("SB") || two.eq_ignore_ascii_case("RP"));
        if parts.next().is_some() || !known || !base.contains(|c: char| c.is_ascii_digit()) {
            return Err(AccountError::CompanyName);
        }
        cleaned.note(Blemish::InnerSpaces);
        return build(&format!("{base}_{suffix}"), &cleaned, from_address, true);
    }
    build(&text, &cleaned, from_address, false)
}

fn build(
    text: &str,
    cleaned: &Cleaned,
    from_address: bool,
    spaced: bool,
) -> Result<ReadAccount, AccountError> {
    let id: AccountId = text.parse().map_err(|_| why_not(text))?;
    Ok(ReadAccount { id, blemishes: cleaned.blemishes.clone(), from_address, spaced })
}

fn why_not(text: &str) -> AccountError {
    let wrong = |c: &char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-');
    match text.chars().find(wrong) {
        Some(c) if "/\\@#?.:%&;".contains(c) => AccountError::Hostile(c),
        Some(c) => AccountError::BadCharacter(c),
        None => AccountError::BadForm,
    }
}

/// The host of a URL or bare host name, in lower case; nothing where the value is neither.
fn host_in(text: &str) -> Result<Option<String>, AccountError> {
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (Some(scheme), rest),
        None => (None, text),
    };
    let host = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    if scheme.is_none() && !host.contains('.') {
        return Ok(None);
    }
    if let Some(wrong) = rest.chars().find(|c| matches!(c, '@' | '\\')) {
        // A user name in front of the host hides where the address leads.
        if host.contains('@') || wrong == '\\' {
            return Err(AccountError::Hostile(wrong));
        }
    }
    let host = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let inside = host == "netsuite.com" || host.ends_with(".netsuite.com");
    if !inside {
        return Err(AccountError::ForeignHost);
    }
    match host.chars().find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '-' | '_')) {
        Some(wrong) => Err(AccountError::Hostile(wrong)),
        None => Ok(Some(host)),
    }
}

/// The label of a host under `netsuite.com` that names the account.
fn account_label(host: &str) -> Result<&str, AccountError> {
    let labels: Vec<&str> = host.split('.').collect();
    let generic = || AccountError::GenericHost(host.to_owned());
    match labels.as_slice() {
        [first, middle @ .., "netsuite", "com"] if !middle.is_empty() => {
            if middle.iter().any(|label| is_data_centre(label)) && GENERIC.contains(first) {
                return Err(AccountError::DataCentreHost(host.to_owned()));
            }
            if GENERIC.contains(first) || first.is_empty() { Err(generic()) } else { Ok(first) }
        }
        _ => Err(generic()),
    }
}

/// `na1`, `eu2`, `au1` and the like.
fn is_data_centre(label: &str) -> bool {
    let digits = label.trim_start_matches(|c: char| c.is_ascii_lowercase());
    let letters = label.len() - digits.len();
    letters == 2 && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(value: &str) -> String {
        read(value).map_or_else(|error| format!("{error:?}"), |read| read.id.account())
    }

    #[test]
    fn every_spelling_is_read() {
        for (value, id) in [
            ("1234567", "1234567"),
            ("1234567_SB1", "1234567_SB1"),
            ("1234567-sb1", "1234567_SB1"),
            ("1234567_sb1", "1234567_SB1"),
            ("1234567 SB1", "1234567_SB1"),
            ("1234567_RP", "1234567_RP"),
            ("TSTDRV1234567", "TSTDRV1234567"),
            ("td2950894", "TD2950894"),
            ("acme", "ACME"),
            (" '1234567-sb1'\n", "1234567_SB1"),
            ("１２３４５６７", "1234567"),
            ("12345\u{200b}67", "1234567"),
            ("1234567–sb1", "1234567_SB1"),
            ("Account ID: 1234567", "1234567"),
            ("ACCT 1234567", "1234567"),
            ("1234567/", "1234567"),
            (
                "https://1234567-sb1.app.netsuite.com/app/center/card.nl?sc=-29&whence=",
                "1234567_SB1",
            ),
            ("https://1234567.suitetalk.api.netsuite.com:443/services/rest", "1234567"),
            ("1234567.restlets.api.netsuite.com", "1234567"),
            ("HTTPS://1234567-SB2.APP.NETSUITE.COM", "1234567_SB2"),
            ("1234567.app.netsuite.com/", "1234567"),
            ("https://1234567.app.netsuite.com/a?b=c@d", "1234567"),
            ("1234567_SB1.suitetalk.api.netsuite.com", "1234567_SB1"),
        ] {
            assert_eq!(account(value), id, "{value}");
        }
    }

    #[test]
    fn what_could_change_the_host_is_refused() {
        for (value, error) in [
            ("x.evil.com/", "ForeignHost"),
            ("https://evil.com/1234567.app.netsuite.com", "ForeignHost"),
            ("https://1234567.app.netsuite.com.evil.com", "ForeignHost"),
            ("https://1234567.app.netsuite.com@evil.com/", "Hostile('@')"),
            ("https://evilnetsuite.com", "ForeignHost"),
            ("1234567/../x", "Hostile('/')"),
            ("1234567/x", "Hostile('/')"),
            ("1234567#x", "Hostile('#')"),
            ("1234567?x", "Hostile('?')"),
            ("1234567@x", "Hostile('@')"),
            ("1234567%2e", "Hostile('%')"),
            ("1234567:443", "Hostile(':')"),
            ("1234567\\x", "Hostile('\\\\')"),
            ("1.2", "ForeignHost"),
            ("https://1234567.app.netsuite.com\\@evil.com", "Hostile('\\\\')"),
        ] {
            assert_eq!(account(value), error, "{value}");
        }
    }

    #[test]
    fn other_things_are_named() {
        for (value, error) in [
            ("", "Empty"),
            ("\"\"", "Empty"),
            ("https://system.netsuite.com/app/login.nl?c=1234567", "GenericHost"),
            ("rest.netsuite.com", "GenericHost"),
            ("webservices.netsuite.com", "GenericHost"),
            ("netsuite.com", "GenericHost"),
            ("https://rest.na1.netsuite.com", "DataCentreHost"),
            ("system.eu2.netsuite.com", "DataCentreHost"),
            ("Acme Widgets Inc", "CompanyName"),
            ("me@example.com", "OtherValue"),
            ("1C61CD58-044D-497A-AA29-7A3E9A9BB924", "OtherValue"),
            ("your_account_id", "Placeholder"),
            ("1234567_SB1_x", "BadForm"),
            ("1234567é", "BadCharacter"),
            ("_SB1", "BadForm"),
        ] {
            assert!(account(value).starts_with(error), "{value}: {}", account(value));
        }
    }
}
