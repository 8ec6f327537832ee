//! What an exported role says of itself.

use std::collections::BTreeMap;

use crate::types::Level;

/// One line of a role's permissions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The permission id, or the script id of an account's own type.
    pub key: String,
    /// The level; `None` for the level None.
    pub level: Option<Level>,
    /// The restriction on this line, where there is one.
    pub restriction: Option<String>,
}

/// A role as its definition has it. Global permissions of employees are not part of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RoleDefinition {
    /// Its script id.
    pub script_id: String,
    /// Its name.
    pub name: String,
    /// Its permissions by id. Of two lines for one permission the lower is kept.
    pub grants: BTreeMap<String, Grant>,
    /// Permissions that stand in it more than once.
    pub doubled: Vec<String>,
    /// Restrictions of the role as a whole: field and value.
    pub restrictions: Vec<(String, String)>,
    /// Whether it is switched off.
    pub inactive: bool,
    /// Whether it has Core Administration Permissions.
    pub core_administration: bool,
}

impl RoleDefinition {
    /// The line for a permission. Script ids are matched without regard to case.
    #[must_use]
    pub fn grant(&self, key: &str) -> Option<&Grant> {
        self.grants.get(&fold(key))
    }

    /// The level held; `None` where there is none.
    #[must_use]
    pub fn level(&self, key: &str) -> Option<Level> {
        self.grant(key).and_then(|grant| grant.level)
    }

    pub(super) fn add(&mut self, grant: Grant) {
        let key = fold(&grant.key);
        match self.grants.get_mut(&key) {
            Some(there) => {
                self.doubled.push(grant.key.clone());
                // Which of the two NetSuite takes is not known, so no more than the lower is proved.
                if grant.level < there.level {
                    *there = grant;
                }
            }
            None => {
                self.grants.insert(key, grant);
            }
        }
    }
}

fn fold(key: &str) -> String {
    key.to_ascii_uppercase()
}
