//! Names in an account that must be defined in it: a misspelt one would silently do nothing.

use super::account::{Account, AccountError};

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
