//! A NetSuite account as far as machine-to-machine access touches it.

pub mod certificate;
pub mod integration;
pub mod record;
pub mod role;

use std::collections::BTreeMap;

pub use certificate::{CertificateMapping, RegisterError};
pub use integration::{Integration, IntegrationState};
use record::OtherTable;
pub use record::{Guard, ListBehaviour, LoadError, Record, TableRow};
use role::Entity;
pub use role::{GrantedLevel, Release, Role};
use serde::Deserialize;
use toml::Value;

use crate::types::AccountId;

// The account itself.

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
    pub certificates: Vec<CertificateMapping>,
    /// Record types, in NetSuite's spelling.
    pub records: BTreeMap<String, Record>,
    /// Tables that are no record types.
    pub tables: BTreeMap<String, OtherTable>,
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
    /// The name of the integration record that administrators sign in with.
    pub const SIGN_IN: &'static str = "sign-in";
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

// Lays what a scenario states over the healthy account.

/// Tables are merged member by member; everything else is replaced.
fn merge(base: &mut toml::Table, over: toml::Table) {
    for (key, value) in over {
        match (base.get_mut(&key), value) {
            (Some(Value::Table(inner)), Value::Table(over)) => merge(inner, over),
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

// Names in an account that must be defined in it: a misspelt one would silently do nothing.

/// Features that the emulator itself asks for.
pub const FEATURES: [&str; 3] = ["OAuth 2.0", "REST Web Services", "SuiteAnalytics Workbook"];

impl Account {
    /// Checks that every permission, feature, role and integration named is defined.
    ///
    /// # Errors
    /// Names the first that is not.
    pub fn validate(&self) -> Result<(), AccountError> {
        let dangling = |what, name: &str| AccountError::Dangling { what, name: name.to_owned() };
        let permission = |name: &str| match self.permissions.contains_key(name) {
            true => Ok(()),
            false => Err(dangling("permission", name)),
        };
        for name in self.roles.values().flat_map(|role| role.permissions.keys()) {
            permission(name)?;
        }
        for record in self.records.values() {
            permission(&record.permission)?;
            permission(record.table_permission())?;
        }
        for table in self.tables.values() {
            permission(&table.permission)?;
        }
        let used = || self.records.values().filter_map(|record| record.feature.as_deref());
        for feature in self.features.keys() {
            if !FEATURES.contains(&feature.as_str()) && !used().any(|name| name == feature) {
                return Err(dangling("feature", feature));
            }
        }
        for feature in FEATURES.into_iter().chain(used()) {
            if !self.features.contains_key(feature) {
                return Err(dangling("feature", feature));
            }
        }
        for role in self.entities.values().flat_map(|entity| &entity.roles) {
            if !self.roles.contains_key(role) {
                return Err(dangling("role", role));
            }
        }
        for mapping in &self.certificates {
            if !self.integrations.contains_key(&mapping.integration) {
                return Err(dangling("integration", &mapping.integration));
            }
            if !self.roles.contains_key(&mapping.role) {
                return Err(dangling("role", &mapping.role));
            }
            if !self.entities.contains_key(&mapping.entity) {
                return Err(dangling("entity", &mapping.entity));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_merged_and_lists_replaced() {
        let mut base: toml::Table = toml::from_str("a = { x = 1, y = [1, 2] }\nb = 1").unwrap();
        merge(&mut base, toml::from_str("a = { y = [3] }").unwrap());
        assert_eq!(base, toml::from_str("a = { x = 1, y = [3] }\nb = 1").unwrap());
    }

    fn with(changes: &str) -> Result<Account, AccountError> {
        Account::with(toml::from_str(changes).unwrap())
    }

    #[test]
    fn the_healthy_account_is_sound() {
        let account = Account::healthy().unwrap();
        assert_eq!(account.id.account(), "1234567");
        assert_eq!(account.record("SALESORDER").unwrap().0, "salesOrder");
        assert!(account.feature("OAuth 2.0"));
        assert_eq!(account.quoted("LIST_CURRENCY"), "Lists -> Currency");
    }

    #[test]
    fn misspelt_names_are_refused() {
        for changes in [
            "features = { 'OAuth2' = false }",
            "roles.integration.permissions.LIST_CUSTOMER = 'view'",
            "records.customer.permission = 'LIST_NOTHING'",
            "records.customer.feature = 'Teleport'",
            "entities.service-user.roles = ['nobody']",
            "id = '1.evil'",
            "releases = '2026.1'",
        ] {
            assert!(with(changes).is_err(), "{changes}");
        }
    }

    #[test]
    fn changes_reach_single_members() {
        let account = with("roles.integration.permissions.LIST_CUSTJOB = 'none'").unwrap();
        let role = account.roles.get("integration").unwrap();
        assert!(!role.grant("LIST_CUSTJOB").reaches(crate::types::Level::View));
        assert!(role.grant("LIST_CONTACT").reaches(crate::types::Level::View));
    }
}
