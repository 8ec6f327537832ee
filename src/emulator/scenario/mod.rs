//! Scenarios: a set-up with one thing wrong, and what `check` is expected to say of it.

mod catalogue;
mod client;
mod expect;
mod prepare;

use std::collections::BTreeMap;

use serde::Deserialize;

use super::faults::FaultRule;
use super::model::{Account, AccountError};
use super::server::Listener;
use super::switches::SwitchError;
use super::tls::ServerCertificate;

use crate::types::shown::shown;
pub use catalogue::{all, find, names};
pub use client::{
    CertificateChoice, CertificateIdChoice, ClientIdChoice, ClientPlan, PrivateKeyChoice,
};
pub use expect::{Expect, ExpectedStatus};
pub use prepare::{ClientInputs, PrepareError, Prepared};

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
