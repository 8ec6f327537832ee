//! The only addresses this program ever talks to.
//!
//! An [`AccountUrl`] is built from the hosts of a validated account and a fixed path, so it can name
//! no host but the account's own; only such a URL can carry a token. Hosts: OH/section_4834765371.

use std::fmt;

use crate::types::Service;
use crate::types::shorten;
use crate::types::{AccountId, CertificateId, ClientId, RecordType};

/// The hosts of one account. Only hosts that are the account's own can be had.
pub trait Hosts: fmt::Debug {
    /// The host of REST web services and of the token endpoint.
    fn suitetalk(&self) -> String;
    /// The host of RESTlets.
    fn restlets(&self) -> String;
}

/// The hosts that follow from the account ID.
impl Hosts for AccountId {
    fn suitetalk(&self) -> String {
        self.host(Service::SuiteTalk)
    }

    fn restlets(&self) -> String {
        self.host(Service::Restlets)
    }
}

/// The hosts that NetSuite's directory names for an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedHosts {
    suitetalk: String,
    restlets: String,
}

impl NamedHosts {
    /// Takes those of the names that may be used; the others follow from the account ID. A usable
    /// one is the account's own and that of the service.
    #[must_use]
    pub fn of(account: &AccountId, names: &[String]) -> Self {
        let named = |derived: String, service: &str| {
            let own =
                |name: &&String| is_own(account, name) && name.split('.').nth(1) == Some(service);
            names.iter().find(own).cloned().unwrap_or(derived)
        };
        Self {
            suitetalk: named(account.suitetalk(), "suitetalk"),
            restlets: named(account.restlets(), "restlets"),
        }
    }
}

impl Hosts for NamedHosts {
    fn suitetalk(&self) -> String {
        self.suitetalk.clone()
    }

    fn restlets(&self) -> String {
        self.restlets.clone()
    }
}

/// What follows the account's label in the names of its hosts (`auth-protocol.md` 6.2).
const DOMAINS: &[&str] = &[
    "app.netsuite.com",
    "extforms.netsuite.com",
    "restlets.api.netsuite.com",
    "suitetalk.api.netsuite.com",
];

/// Whether a host is one of the account's own: its label directly under a domain that NetSuite uses
/// for accounts, and nothing else.
#[must_use]
pub fn is_own(account: &AccountId, host: &str) -> bool {
    let derived = account.suitetalk();
    let label = derived.split('.').next().unwrap_or_default();
    host.split_once('.').is_some_and(|(own, domain)| own == label && DOMAINS.contains(&domain))
}

/// The most rows that one query reads.
pub const MOST_ROWS: usize = 200;

/// A URL on one of the account's own hosts.
#[derive(Clone, PartialEq, Eq)]
pub struct AccountUrl(String);

/// The token endpoint of the account, which also is the audience of an assertion.
/// Source: OH/section_162755359851, OH/section_162790605110.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenUrl(AccountUrl);

/// The certificates of an integration record, on the account's RESTlets host: what may be uploaded
/// to. Source: OH/article_92130837826.
#[derive(Clone, PartialEq, Eq)]
pub struct CertificatesUrl(AccountUrl);

/// The revocation of one certificate. Source: OH/article_0209112818.
#[derive(Clone, PartialEq, Eq)]
pub struct RevocationUrl(AccountUrl);

/// The public directory of accounts. Needs no credential and never gets one.
/// Source: OH/chapter_157011836591.
#[derive(Clone, PartialEq, Eq)]
pub struct DirectoryUrl(String);

/// The host of the public directory.
pub const DIRECTORY_HOST: &str = "rest.netsuite.com";

impl DirectoryUrl {
    /// The entry of an account, in the spelling with an underscore: the one with a hyphen is
    /// refused (observed: `auth-protocol.md` 6.3).
    #[must_use]
    pub fn of(account: &AccountId) -> Self {
        Self(format!("https://{DIRECTORY_HOST}/rest/datacenterurls?account={}", account.account()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The page on which a person signs in and allows the program in: a page for a browser, which this
/// program never asks itself. Source: OH/section_158081944642.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthorizeUrl(String);

/// The host that sends whoever signs in to the account they choose.
pub const NEUTRAL_HOST: &str = "system.netsuite.com";

impl AuthorizeUrl {
    /// The page of an account, or the one before any account where none is known.
    #[must_use]
    pub fn of(account: Option<&AccountId>) -> Self {
        let host =
            account.map_or_else(|| NEUTRAL_HOST.to_owned(), |account| account.host(Service::App));
        Self(format!("https://{host}/app/login/oauth2/authorize.nl"))
    }

    /// The page without the parameters of a request.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TokenUrl {
    /// The token endpoint of an account.
    #[must_use]
    pub fn of(account: &dyn Hosts) -> Self {
        Self(AccountUrl::suitetalk(account, "auth/oauth2/v1/token"))
    }

    /// The URL as it stands in the `aud` claim.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl CertificatesUrl {
    /// The certificates of an integration record.
    #[must_use]
    pub fn of(account: &AccountId, client: &ClientId) -> Self {
        Self(AccountUrl::certificates(account, client))
    }

    pub(super) fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl RevocationUrl {
    /// The revocation of one certificate of an integration record.
    #[must_use]
    pub fn of(account: &AccountId, client: &ClientId, certificate: &CertificateId) -> Self {
        let AccountUrl(all) = AccountUrl::certificates(account, client);
        Self(AccountUrl(format!("{all}/{certificate}/revoke")))
    }

    pub(super) fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl AccountUrl {
    fn suitetalk(account: &dyn Hosts, path: &str) -> Self {
        Self(format!("https://{}/services/rest/{path}", account.suitetalk()))
    }

    /// NetSuite's own signing keys: public, so any answer proves the way there.
    /// Source: OH/section_158255317571.
    #[must_use]
    pub fn keys(account: &dyn Hosts) -> Self {
        Self::suitetalk(account, "auth/oauth2/v1/keys")
    }

    /// The server's time; needs no explicit permission. Source: OH/article_0528010158.
    #[must_use]
    pub fn server_time(account: &dyn Hosts) -> Self {
        Self::suitetalk(account, "system/v1/serverTime")
    }

    /// The account's limits; for administrators only. Source: OH/article_0625010817.
    #[must_use]
    pub fn governance_limits(account: &dyn Hosts) -> Self {
        Self::suitetalk(account, "system/v1/governanceLimits")
    }

    /// The list of record types this account has. Source: OH/chapter_1540810168.
    #[must_use]
    pub fn metadata_catalog(account: &dyn Hosts) -> Self {
        Self::suitetalk(account, "record/v1/metadata-catalog")
    }

    /// What one record type says of itself, as an OpenAPI document. Source: OH/section_1545126526.
    #[must_use]
    pub fn type_description(account: &dyn Hosts, record: &RecordType) -> Self {
        Self::suitetalk(account, &format!("record/v1/metadata-catalog/{record}"))
    }

    /// A record type as such: where its create form is asked for, and nothing else.
    pub(super) fn record_type(account: &dyn Hosts, record: &RecordType) -> Self {
        Self::suitetalk(account, &format!("record/v1/{record}"))
    }

    /// The first row of a record type's list. Source: OH/section_1540810951.
    #[must_use]
    pub fn record_list(account: &dyn Hosts, record: &RecordType) -> Self {
        Self::suitetalk(account, &format!("record/v1/{record}?limit=1"))
    }

    /// One record by its internal ID. Source: OH/section_1545141500.
    #[must_use]
    pub fn record(account: &dyn Hosts, record: &RecordType, id: &RecordId) -> Self {
        Self::suitetalk(account, &format!("record/v1/{record}/{}", id.0))
    }

    /// SuiteQL, one row. Source: OH/section_157909186990.
    #[must_use]
    pub fn suiteql(account: &dyn Hosts) -> Self {
        Self::suitetalk(account, "query/v1/suiteql?limit=1")
    }

    /// SuiteQL, as many rows as are read of the account's own tables at most.
    /// Source: OH/section_157909186990.
    #[must_use]
    pub fn suiteql_rows(account: &dyn Hosts) -> Self {
        Self::suitetalk(account, &format!("query/v1/suiteql?limit={MOST_ROWS}"))
    }

    /// The certificates mapped for an integration record, on the RESTlets host.
    /// Source: OH/article_11111634165.
    #[must_use]
    pub fn certificates(account: &dyn Hosts, client: &ClientId) -> Self {
        let host = account.restlets();
        let client = client.as_str();
        Self(format!("https://{host}/services/rest/auth/oauth2/v1/clients/{client}/certificates"))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The media type to ask for.
    pub(super) fn accept(&self) -> &'static str {
        let described = self.0.contains("/record/v1/metadata-catalog/");
        if described { "application/swagger+json" } else { "application/json" }
    }
}

/// An internal ID that is safe in a URL path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordId(String);

impl RecordId {
    /// Takes an ID that NetSuite gave: digits, for a few types with letters, hyphen, underscore.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let safe = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        ((1..=64).contains(&text.len()) && text.bytes().all(safe)).then(|| Self(text.to_owned()))
    }

    /// The ID as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A URL as reports may show it: whatever has the shape of a Client ID is shortened.
#[must_use]
pub fn reportable(url: &str) -> String {
    let mut shown = String::with_capacity(url.len());
    let mut rest = url;
    while !rest.is_empty() {
        let end = rest.find(['/', '?', '&', '=']).map_or(rest.len(), |at| at + 1);
        let (piece, tail) = rest.split_at(end);
        let word = piece.trim_end_matches(['/', '?', '&', '=']);
        if word.len() == 64 && word.bytes().all(|b| b.is_ascii_hexdigit()) {
            shown.push_str(&shorten(word));
            shown.push_str(piece.strip_prefix(word).unwrap_or_default());
        } else {
            shown.push_str(piece);
        }
        rest = tail;
    }
    shown
}

macro_rules! shown_as_reportable {
    ($($type:ty),+) => {$(
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&reportable(self.as_str()))
            }
        }
    )+};
}
shown_as_reportable!(
    AccountUrl,
    AuthorizeUrl,
    TokenUrl,
    DirectoryUrl,
    CertificatesUrl,
    RevocationUrl
);

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> AccountId {
        AccountId::from_parts("1234567", Some("SB1")).unwrap()
    }

    #[test]
    fn hosts_have_a_hyphen_and_the_directory_an_underscore() {
        assert_eq!(
            TokenUrl::of(&account()).as_str(),
            "https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token"
        );
        assert_eq!(
            DirectoryUrl::of(&account()).as_str(),
            "https://rest.netsuite.com/rest/datacenterurls?account=1234567_SB1"
        );
        let list = AccountUrl::record_list(&account(), &"salesOrder".parse().unwrap());
        assert!(
            list.as_str().ends_with(".netsuite.com/services/rest/record/v1/salesOrder?limit=1")
        );
    }

    #[test]
    fn ids_that_could_leave_the_path_are_refused() {
        assert!(RecordId::new("-5").is_some());
        for hostile in ["", "1/2", "..", "1?x", "1 2", "1%2f", &"1".repeat(65)] {
            assert_eq!(RecordId::new(hostile), None, "{hostile:?}");
        }
    }

    #[test]
    fn client_ids_are_shortened_wherever_they_stand() {
        let id = "0123456789abcdef".repeat(4);
        let url = format!("https://h/clients/{id}/certificates?c={id}&x=1");
        assert_eq!(reportable(&url), "https://h/clients/0123…cdef/certificates?c=0123…cdef&x=1");
    }

    #[test]
    fn named_hosts_are_used_only_where_they_are_the_accounts_own() {
        let used = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            let hosts = NamedHosts::of(&account(), &names);
            (hosts.suitetalk(), hosts.restlets())
        };
        let derived = (account().suitetalk(), account().restlets());
        let own = ["1234567-sb1.suitetalk.api.netsuite.com", "1234567-sb1.app.netsuite.com"];
        assert_eq!(used(&own), derived);
        for not_own in [
            "1234567-sb1.suitetalk.eu2.netsuite.com",
            "1234567-sb1.suitetalk.netsuite.com",
            "1234567-sb1.suitetalk.api.evil.netsuite.com",
            "evil.1234567-sb1.suitetalk.api.netsuite.com",
            "1234567-sb1.suitetalk.api.netsuite.com.",
            "1234567-sb1.suitetalk.api.netsuite.com:444",
            "1234567-SB1.suitetalk.api.netsuite.com",
            "1234567.suitetalk.eu2.netsuite.com",
            "1234567-sb1.suitetalk.netsuite.com.evil.example",
            "1234567-sb1.suitetalk.evilnetsuite.com",
            "1234567-sb1.evil.netsuite.com",
            "1234567-sb1.suitetalk.x/y.netsuite.com",
            "suitetalk.1234567-sb1.netsuite.com",
        ] {
            assert_eq!(used(&[not_own]), derived, "{not_own}");
        }
    }
}
