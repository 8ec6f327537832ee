//! Roles and the entities that hold them.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::Deserialize;

use crate::types::Level;

/// *Log in using OAuth 2.0 Access Tokens*.
pub const LOGIN_PERMISSION: &str = "ADMI_LOGIN_OAUTH2";
/// *OAuth 2.0 Authorized Applications Management*.
pub const MANAGE_APPLICATIONS: &str = "ADMI_MANAGE_OAUTH2";

/// What a role grants for one permission. `none` lets a scenario take a permission away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GrantedLevel {
    /// The permission is not on the role.
    None,
    /// Read.
    View,
    /// Read and create, not edit. Source: OH/section_N326341.
    Create,
    /// Read, create and edit.
    Edit,
    /// Edit and delete.
    Full,
}

impl GrantedLevel {
    /// Whether this grant reaches a level.
    #[must_use]
    pub fn reaches(self, level: Level) -> bool {
        self >= Self::from(level)
    }
}

impl From<Level> for GrantedLevel {
    fn from(level: Level) -> Self {
        match level {
            Level::View => Self::View,
            Level::Create => Self::Create,
            Level::Edit => Self::Edit,
            Level::Full => Self::Full,
        }
    }
}

/// A role.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Internal ID; 3 is Administrator and may do everything.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Whether the role is switched off.
    #[serde(default)]
    pub inactive: bool,
    /// "Web Services Only Role": not usable on the RESTlets host (OH/section_1530099787).
    #[serde(default)]
    pub web_services_only: bool,
    /// Subsidiaries whose rows the role sees; every one unless stated.
    #[serde(default)]
    pub subsidiaries: Option<Vec<u32>>,
    /// Permission id to granted level.
    #[serde(default)]
    pub permissions: BTreeMap<String, GrantedLevel>,
}

impl Role {
    /// The internal ID of Administrator. Source: OH/article_11111634165.
    pub const ADMINISTRATOR: i64 = 3;

    /// Whether this is Administrator.
    #[must_use]
    pub fn is_administrator(&self) -> bool {
        self.id == Self::ADMINISTRATOR
    }

    /// Whether somebody can sign in to an application with it by OAuth 2.0. The permission to
    /// manage authorised applications forbids it, Administrator apart. Source:
    /// OH/section_157771510070, `facts-2026-11.md` section 0 and F12.
    #[must_use]
    pub fn can_authorize(&self) -> bool {
        self.is_administrator()
            || (!self.inactive
                && self.grant(LOGIN_PERMISSION).reaches(Level::Full)
                && !self.grant(MANAGE_APPLICATIONS).reaches(Level::View))
    }

    /// What the role grants for a permission.
    #[must_use]
    pub fn grant(&self, permission: &str) -> GrantedLevel {
        if self.is_administrator() {
            return GrantedLevel::Full;
        }
        self.permissions.get(permission).copied().unwrap_or(GrantedLevel::None)
    }

    /// Whether rows of a subsidiary are within the role's restriction.
    #[must_use]
    pub fn sees_subsidiary(&self, subsidiary: Option<u32>) -> bool {
        match (&self.subsidiaries, subsidiary) {
            (Some(allowed), Some(one)) => self.is_administrator() || allowed.contains(&one),
            _ => true,
        }
    }
}

/// The kinds of entity that can hold a role. Source: OH/section_157771650112.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntityKind {
    /// An employee.
    #[default]
    Employee,
    /// A contact.
    Contact,
    /// A customer.
    Customer,
    /// A partner.
    Partner,
    /// A vendor.
    Vendor,
}

impl EntityKind {
    /// Its name, as the column `type` of entities has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Employee => "Employee",
            Self::Contact => "Contact",
            Self::Customer => "CustJob",
            Self::Partner => "Partner",
            Self::Vendor => "Vendor",
        }
    }
}

/// An employee, contact, customer, partner or vendor that can hold a role.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entity {
    /// Internal ID; −5 in Oracle's samples.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// What kind of record it is.
    #[serde(default)]
    pub kind: EntityKind,
    /// The address to log in with; nobody logs in without one.
    #[serde(default)]
    pub email: Option<String>,
    /// Whether the record is inactive.
    #[serde(default)]
    pub inactive: bool,
    /// "Give Access" on the Access subtab.
    #[serde(default = "yes")]
    pub login_access: bool,
    /// Names of the roles assigned to it.
    pub roles: Vec<String>,
}

fn yes() -> bool {
    true
}

// A NetSuite release, such as 2026.1.

/// A release: year and number, ordered by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Release {
    year: u16,
    number: u8,
}

impl Release {
    /// The first release with form requests (`create-form`, `edit-form`).
    /// Source: OH/article_1217103046.
    pub const FORM_REQUESTS: Self = Self { year: 2026, number: 1 };
}

impl std::fmt::Display for Release {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.year, self.number)
    }
}

/// The text is no release.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is no release; write it as 2026.1")]
pub struct UnknownRelease(String);

impl FromStr for Release {
    type Err = UnknownRelease;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || UnknownRelease(text.to_owned());
        let (year, number) = text.split_once('.').ok_or_else(wrong)?;
        let year = year.parse().map_err(|_| wrong())?;
        let number = number.parse().ok().filter(|n| (1..=2).contains(n)).ok_or_else(wrong)?;
        Ok(Self { year, number })
    }
}

impl TryFrom<String> for Release {
    type Error = UnknownRelease;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn create_is_not_edit() {
        assert!(GrantedLevel::Create.reaches(Level::View));
        assert!(!GrantedLevel::Create.reaches(Level::Edit));
        assert!(!GrantedLevel::None.reaches(Level::View));
    }

    #[test]
    fn the_administrator_may_everything() {
        let role: Role = toml::from_str("id = 3\nname = 'A'\nsubsidiaries = [1]").unwrap();
        assert_eq!(role.grant("ANY"), GrantedLevel::Full);
        assert!(role.sees_subsidiary(Some(2)));
    }

    #[test]
    fn who_manages_applications_signs_in_to_none() {
        let role = |text: &str| toml::from_str::<Role>(text).unwrap();
        let text = "id = 9\nname = 'R'\n[permissions]\nADMI_LOGIN_OAUTH2 = 'full'";
        assert!(role(text).can_authorize());
        assert!(!role(&format!("{text}\nADMI_MANAGE_OAUTH2 = 'full'")).can_authorize());
        assert!(!role(&text.replace("full", "view")).can_authorize());
        assert!(!role(&text.replace("id = 9", "id = 9\ninactive = true")).can_authorize());
        assert!(role("id = 3\nname = 'A'").can_authorize());
    }

    #[test]
    fn a_restriction_hides_other_subsidiaries_only() {
        let role: Role = toml::from_str("id = 9\nname = 'R'\nsubsidiaries = [1]").unwrap();
        assert!(role.sees_subsidiary(Some(1)) && role.sees_subsidiary(None));
        assert!(!role.sees_subsidiary(Some(2)));
    }

    #[test]
    fn releases_are_ordered_by_time() {
        let release = |text: &str| text.parse::<Release>().unwrap();
        assert!(release("2025.2") < Release::FORM_REQUESTS);
        assert!(release("2026.1") >= Release::FORM_REQUESTS);
        assert!("2026".parse::<Release>().is_err());
        assert!("2026.3".parse::<Release>().is_err());
    }
}
