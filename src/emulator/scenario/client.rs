//! What the user of a scenario has and types.

use serde::Deserialize;

use crate::emulator::credentials::KeyChoice;
use crate::types::Scope;

/// The inputs of `check`, as a plan; everything is right unless stated.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClientPlan {
    /// The account ID as typed; the account's own unless stated.
    pub account_id: Option<String>,
    /// The Client ID as typed.
    pub client_id: ClientIdChoice,
    /// The Certificate ID as typed.
    pub certificate_id: CertificateIdChoice,
    /// The kind of the key pair.
    pub key: KeyChoice,
    /// The private key that is given.
    pub private_key: PrivateKeyChoice,
    /// The certificate.
    pub certificate: CertificateChoice,
    /// Scopes asked for; the default of `check` where empty.
    pub scopes: Vec<Scope>,
    /// Record requests: `customer`, `customer:edit`; `customer` and `contact` unless stated.
    pub records: Option<Vec<String>>,
    /// Further arguments of `check`.
    pub args: Vec<String>,
}

/// Which Client ID is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClientIdChoice {
    /// The right one.
    #[default]
    Own,
    /// Of the right shape, and of no record of this account.
    Unknown,
    /// The Application ID, a UUID.
    ApplicationId,
    /// The Certificate ID.
    CertificateId,
    /// That of the account's other integration record.
    Other,
}

/// Which Certificate ID is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CertificateIdChoice {
    /// The right one.
    #[default]
    Own,
    /// Of the right shape, and of another certificate.
    Other,
    /// A script ID of Setup > Company > Certificates.
    StoreScriptId,
    /// The Client ID.
    ClientId,
}

/// Which private key is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PrivateKeyChoice {
    /// The one of the certificate.
    #[default]
    Matching,
    /// Another of the same kind.
    Mismatched,
}

/// The certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CertificateChoice {
    /// Valid for a year from yesterday.
    #[default]
    Valid,
    /// Valid, and its file is not given to `check`.
    NotGiven,
    /// Ended yesterday.
    Expired,
    /// Begins tomorrow.
    NotYetValid,
    /// Ends in 20 days.
    EndsSoon,
    /// Made for ten years, three years ago: beyond NetSuite's two.
    PastTwoYears,
}

impl CertificateChoice {
    /// Validity in seconds since 1970, seen from `now`.
    #[must_use]
    pub fn validity(self, now: i64) -> (i64, i64) {
        const DAY: i64 = 86_400;
        match self {
            Self::Valid | Self::NotGiven => (now - DAY, now + 364 * DAY),
            Self::Expired => (now - 366 * DAY, now - DAY),
            Self::NotYetValid => (now + DAY, now + 366 * DAY),
            Self::EndsSoon => (now - 345 * DAY, now + 20 * DAY),
            Self::PastTwoYears => (now - 3 * 365 * DAY, now + 7 * 365 * DAY),
        }
    }
}
