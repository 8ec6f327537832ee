//! The account itself.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::integration::Integration;
use super::mapping::Mapping;
use super::merge::merge;
use super::record::{Record, Table};
use super::release::Release;
use super::role::{Entity, Role};
use crate::types::AccountId;

const HEALTHY: &str = include_str!("../../../fixtures/emulator/healthy-account.toml");

/// A NetSuite account.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Its ID.
    #[serde(deserialize_with = "account_id")]
    pub id: AccountId,
    /// The company's name.
    pub company: String,
    /// Its release.
    pub release: Release,
    /// Record and query requests that may be in flight at once.
    pub concurrency_limit: usize,
    /// Features, by the name on the Enable Features page.
    pub features: BTreeMap<String, bool>,
    /// Permission id to the name that a refusal quotes.
    pub permissions: BTreeMap<String, String>,
    /// Integration records, by a name of the model's own.
    pub integrations: BTreeMap<String, Integration>,
    /// Roles, by a name of the model's own.
    pub roles: BTreeMap<String, Role>,
    /// Entities, by a name of the model's own.
    pub entities: BTreeMap<String, Entity>,
    /// Certificate mappings.
    #[serde(default)]
    pub certificates: Vec<Mapping>,
    /// Record types, in NetSuite's spelling.
    pub records: BTreeMap<String, Record>,
    /// Tables that are no record types.
    pub tables: BTreeMap<String, Table>,
}

/// Why a description of an account is no account.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The TOML is wrong, or names a field that the model lacks.
    #[error("the account cannot be read: {0}")]
    Toml(#[from] toml::de::Error),
    /// It names something that is not there.
    #[error("the account names {what} `{name}`, which it does not define")]
    Dangling {
        /// Which kind of thing.
        what: &'static str,
        /// The name.
        name: String,
    },
}

impl Account {
    /// The name of the integration record that set-ups use unless they say otherwise.
    pub const INTEGRATION: &'static str = "survey";
    /// The name of the role that set-ups use unless they say otherwise.
    pub const ROLE: &'static str = "integration";
    /// The name of the entity that set-ups use unless they say otherwise.
    pub const ENTITY: &'static str = "service-user";

    /// The account in which everything is right; no certificate is registered yet.
    ///
    /// # Errors
    /// Only when the built-in description is broken, which a test rules out.
    pub fn healthy() -> Result<Self, AccountError> {
        Self::with(toml::Table::new())
    }

    /// The healthy account with some of it changed.
    ///
    /// # Errors
    /// When the changes name fields, features, permissions, roles or records that do not exist.
    pub fn with(changes: toml::Table) -> Result<Self, AccountError> {
        let mut description: toml::Table = toml::from_str(HEALTHY)?;
        merge(&mut description, changes);
        let account: Self = description.try_into()?;
        account.validate()?;
        Ok(account)
    }

    /// Whether a feature is on.
    #[must_use]
    pub fn feature(&self, name: &str) -> bool {
        self.features.get(name).copied().unwrap_or(false)
    }

    /// A record type by its name, without regard to case, with NetSuite's spelling.
    #[must_use]
    pub fn record(&self, name: &str) -> Option<(&str, &Record)> {
        self.records
            .iter()
            .find(|(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(own, record)| (own.as_str(), record))
    }

    /// The name that a refusal quotes for a permission.
    #[must_use]
    pub fn quoted<'a>(&'a self, permission: &'a str) -> &'a str {
        self.permissions.get(permission).map_or(permission, String::as_str)
    }

    /// The integration record of a Client ID.
    #[must_use]
    pub fn integration(&self, client_id: &str) -> Option<(&str, &Integration)> {
        self.integrations
            .iter()
            .find(|(_, integration)| integration.client_id == client_id)
            .map(|(name, integration)| (name.as_str(), integration))
    }
}

fn account_id<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<AccountId, D::Error> {
    let text = String::deserialize(deserializer)?;
    let (base, suffix) = match text.split_once('_') {
        Some((base, suffix)) => (base, Some(suffix)),
        None => (text.as_str(), None),
    };
    AccountId::from_parts(base, suffix).map_err(serde::de::Error::custom)
}
