//! Scenarios: a set-up with one thing wrong, and what `check` is expected to say of it.

mod catalogue;
mod prepare;

use std::collections::BTreeMap;

pub use catalogue::{all, find, names};
pub use prepare::{ClientInputs, GivenPair, PrepareError, Prepared};
use serde::Deserialize;

use super::faults::FaultRule;
use super::model::{Account, AccountError};
use super::server::{Listener, Visitor};
use super::switches::SwitchError;
use super::tls::{KeyChoice, ServerCertificate};
use crate::types::shown::shown;
use crate::types::{Scope, Status};

/// Where the fault of a scenario lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Area {
    /// Nowhere.
    Healthy,
    /// Keys, certificates and their mapping.
    Certificate,
    /// The integration record.
    Integration,
    /// Features of the account.
    Feature,
    /// Role and entity, as far as sign-in goes.
    Role,
    /// Permissions and rows of record types.
    Record,
    /// The network and what stands in it.
    Network,
    /// The account ID.
    Account,
    /// Clocks.
    Clock,
}

/// Which certificate is registered, and for whom.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Registration {
    /// Whether the client's certificate is registered, and whether it is revoked.
    pub state: RegistrationState,
    /// Name of the integration record.
    pub integration: String,
    /// Name of the role.
    pub role: String,
    /// Name of the entity.
    pub entity: String,
}

impl Default for Registration {
    fn default() -> Self {
        Self {
            state: RegistrationState::Active,
            integration: Account::INTEGRATION.to_owned(),
            role: Account::ROLE.to_owned(),
            entity: Account::ENTITY.to_owned(),
        }
    }
}

/// Whether the client's certificate is registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RegistrationState {
    /// Registered.
    #[default]
    Active,
    /// Registered and revoked.
    Revoked,
    /// Never uploaded.
    None,
}

/// The network between.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Network {
    /// What becomes of connections.
    pub listener: Listener,
    /// The server certificate.
    pub certificate: ServerCertificate,
}

/// One scenario, as its file states it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Its name: that of its file.
    #[serde(skip)]
    pub name: String,
    /// One line.
    pub title: String,
    /// One paragraph: what the administrator did, and what happens.
    pub story: String,
    /// Where the fault lies.
    pub area: Area,
    /// Changes to the healthy account.
    #[serde(default)]
    pub account: toml::Table,
    /// Switches, by name.
    #[serde(default)]
    pub switches: BTreeMap<String, String>,
    /// Faults of the network.
    #[serde(default)]
    pub faults: Vec<FaultRule>,
    /// The network itself.
    #[serde(default)]
    pub network: Network,
    /// Seconds by which the server's clock is ahead of the client's.
    #[serde(default)]
    pub server_clock_ahead: i64,
    /// The client's certificate in the account.
    #[serde(default)]
    pub registration: Registration,
    /// What the user has and types.
    #[serde(default)]
    pub client: ClientPlan,
    /// Who signs in in the browser, where somebody is to.
    #[serde(default)]
    pub visitor: Visitor,
    /// A pair that takes the place of the one that is made; its certificate has its own dates.
    #[serde(skip)]
    pub given: Option<GivenPair>,
    /// What `check` is to say.
    pub expect: Expect,
}

/// Why a file is no scenario.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// The TOML is wrong, or names a field that does not exist.
    #[error("the scenario {name} cannot be read: {source}")]
    Toml {
        /// Its name.
        name: String,
        /// What is wrong.
        source: toml::de::Error,
    },
    /// The account that it describes.
    #[error("the scenario {name} describes no account: {source}")]
    Account {
        /// Its name.
        name: String,
        /// What is wrong.
        source: AccountError,
    },
    /// A switch.
    #[error("the scenario {name} sets a switch that is not there: {source}")]
    Switch {
        /// Its name.
        name: String,
        /// What is wrong.
        source: SwitchError,
    },
    /// No such scenario.
    #[error("there is no scenario `{}`; `list scenarios` shows them all", shown(.0))]
    Unknown(String),
}

impl Scenario {
    /// Reads a scenario.
    ///
    /// # Errors
    /// When the text is no scenario.
    pub fn read(name: &str, text: &str) -> Result<Self, ScenarioError> {
        let mut scenario: Self = toml::from_str(text)
            .map_err(|source| ScenarioError::Toml { name: name.to_owned(), source })?;
        name.clone_into(&mut scenario.name);
        Ok(scenario)
    }
}

// What the user of a scenario has and types.

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
    /// From when to when it is valid, in seconds since 1970, where these are other times than its
    /// choice has.
    #[serde(skip)]
    pub validity: Option<(i64, i64)>,
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

// What `check` is expected to say.

/// The expectation of a scenario.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// Exit code of `check`.
    pub exit_code: u8,
    /// Check id, with its subject where it has one (`record-access:customer:view`), to its status.
    pub statuses: BTreeMap<String, ExpectedStatus>,
    /// Check id to the causes that are at work: each must be named there, as likely or possible.
    #[serde(default)]
    pub causes: BTreeMap<String, Vec<String>>,
    /// Check id to the cause that must come first, where the evidence can separate it.
    #[serde(default)]
    pub first: BTreeMap<String, String>,
    /// How many things are wrong at once; one unless stated.
    #[serde(default = "one")]
    pub faults: u8,
    /// The Detail of the last refused login, where the audit trail has one.
    #[serde(default)]
    pub audit_detail: Option<String>,
    /// What the account's inside decides, where somebody signs in as well.
    #[serde(default)]
    pub sign_in: Option<ExpectInside>,
}

/// What `check --sign-in` is expected to say.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectInside {
    /// The causes of the refused sign-in that are likely, in any order.
    pub likely: Vec<String>,
    /// Those that are left as possible.
    #[serde(default)]
    pub possible: Vec<String>,
    /// The checks of the phase `account` to their status.
    pub statuses: BTreeMap<String, ExpectedStatus>,
}

const fn one() -> u8 {
    1
}

/// A status and, where it is stated, its reason: `fail`, `skipped blocked`, `inconclusive empty`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct ExpectedStatus {
    /// The status.
    pub status: Status,
    /// The reason code, where it is stated.
    pub reason: Option<String>,
}

/// The text is no expectation.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{0}` is no status; write pass, warn, fail, inconclusive or skipped, and a reason after it"
)]
pub struct UnknownStatus(String);

impl TryFrom<String> for ExpectedStatus {
    type Error = UnknownStatus;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (word, reason) = match text.split_once(' ') {
            Some((word, reason)) => (word, Some(reason.to_owned())),
            None => (text.as_str(), None),
        };
        let Ok(status) = word.parse::<Status>() else { return Err(UnknownStatus(text)) };
        Ok(Self { status, reason })
    }
}
