//! What an integration's role needs, and what a role's exported definition says it has.
//!
//! Definitions are SDF objects of type `role` (OH/SDFxml_2121043136, OH/section_4731154857).

pub mod plan;
pub mod sdf;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use plan::{LOGIN, LOGIN_TWIN};
pub use plan::{PlannedPermission, Reason, RolePlan, Route, Strength};
pub use sdf::{UnreadableRole, read};
use serde::{Deserialize, Serialize};

use super::catalogue::{Catalogue, Permission};
use crate::data;
use crate::types::Level;

// What an exported role says of itself.

/// One line of a role's permissions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldPermission {
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
    pub grants: BTreeMap<String, HeldPermission>,
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
    /// A role of which nothing but its permissions is known.
    #[must_use]
    pub fn holding(permissions: impl IntoIterator<Item = HeldPermission>) -> Self {
        let mut role = Self::default();
        permissions.into_iter().for_each(|held| role.add(held));
        role
    }

    /// The line for a permission. Script ids are matched without regard to case.
    #[must_use]
    pub fn grant(&self, key: &str) -> Option<&HeldPermission> {
        self.grants.get(&fold(key))
    }

    /// The level held; `None` where there is none.
    #[must_use]
    pub fn level(&self, key: &str) -> Option<Level> {
        self.grant(key).and_then(|grant| grant.level)
    }

    fn add(&mut self, grant: HeldPermission) {
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

// Permissions that are too powerful for an integration.

/// How far a permission goes beyond what an integration should have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Danger {
    /// More than the plan asks for, and nothing worse.
    Note,
    /// Gives a hold on users, tokens, scripts or confidential data.
    High,
    /// An administrator's power.
    Critical,
}

impl Danger {
    /// The word in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SensitivePermission {
    grade: Danger,
    /// Where the catalogue lacks the permission.
    name: Option<String>,
    #[serde(rename = "source")]
    _source: String,
}

static SENSITIVE: LazyLock<BTreeMap<String, SensitivePermission>> =
    LazyLock::new(|| data::read("records/sensitive.toml"));

/// How dangerous the permission with this id is.
#[must_use]
pub fn danger(id: &str) -> Danger {
    SENSITIVE.get(id).map_or(Danger::Note, |row| row.grade)
}

/// The name of a dangerous permission, for those that the catalogue lacks.
fn sensitive_name(id: &str) -> Option<&'static str> {
    SENSITIVE.get(id).and_then(|row| row.name.as_deref())
}

// A plan against a definition.

/// How a planned permission stands in the definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PermissionState {
    /// There, at the planned level or above.
    Held(Level),
    /// Another permission is there that serves instead, as far as is known.
    Instead(Permission, Level),
    /// There, at a lower level.
    TooLow(Level),
    /// Not there.
    Missing,
    /// Not there, but its twin of token-based authentication is, which does not serve.
    Twin,
}

impl PermissionState {
    /// Whether the plan is met.
    #[must_use]
    pub fn serves(&self) -> bool {
        matches!(self, Self::Held(_) | Self::Instead(..))
    }

    /// The word for programs.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Held(_) => "present",
            Self::Instead(..) => "alternative",
            Self::TooLow(_) => "too-low",
            Self::Missing => "missing",
            Self::Twin => "tba-twin",
        }
    }
}

/// One planned permission and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged<'a> {
    /// What was planned.
    pub line: &'a PlannedPermission,
    /// How it stands.
    pub state: PermissionState,
    /// The strength of the reasons that are not met; of all where all are.
    pub strength: Strength,
}

/// A permission, or a level, beyond the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extra {
    /// The permission id.
    pub id: String,
    /// The line on the role page, where the catalogue knows it.
    pub name: Option<String>,
    /// The level held.
    pub level: Level,
    /// The level planned; none where the permission is not in the plan.
    pub planned: Option<Level>,
    /// How dangerous it is.
    pub danger: Danger,
}

/// A plan held against a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleComparison<'a> {
    /// Every planned permission, in the order of the plan.
    pub lines: Vec<Judged<'a>>,
    /// What goes beyond the plan, the most dangerous first.
    pub extra: Vec<Extra>,
    /// What narrows the role in ways that cannot be judged from its definition.
    pub restrictions: Vec<String>,
    /// Permissions that stand in the definition more than once.
    pub doubled: Vec<String>,
    /// Whether the role is switched off.
    pub inactive: bool,
}

impl<'a> RoleComparison<'a> {
    /// Holds the plan against the definition.
    #[must_use]
    pub fn new(plan: &'a RolePlan, role: &RoleDefinition, catalogue: &Catalogue) -> Self {
        let lines: Vec<_> = plan.permissions.iter().map(|line| judge(line, role)).collect();
        let extra = extra(plan, &lines, role, catalogue);
        let on_lines = role.grants.values().filter_map(|grant| {
            let restriction = grant.restriction.as_ref()?;
            Some(format!("{}: {restriction}", grant.key))
        });
        let of_role = role.restrictions.iter().map(|(field, value)| format!("{field}: {value}"));
        Self {
            extra,
            restrictions: of_role.chain(on_lines).collect(),
            doubled: role.doubled.clone(),
            inactive: role.inactive,
            lines,
        }
    }

    /// Whether nothing that is required is missing or too low.
    #[must_use]
    pub fn serves(&self) -> bool {
        !self.inactive && self.broken().next().is_none()
    }

    /// The required permissions that are missing or too low.
    pub fn broken(&self) -> impl Iterator<Item = &Judged<'a>> {
        self.unmet(Strength::Required)
    }

    /// The permissions of that strength that are missing or too low.
    pub fn unmet(&self, strength: Strength) -> impl Iterator<Item = &Judged<'a>> {
        self.lines.iter().filter(move |line| !line.state.serves() && line.strength == strength)
    }
}

fn judge<'a>(line: &'a PlannedPermission, role: &RoleDefinition) -> Judged<'a> {
    let held = role.level(&line.permission.id);
    let whole = |state| Judged { line, state, strength: line.strength() };
    if let Some(level) = held.filter(|level| *level >= line.level) {
        return whole(PermissionState::Held(level));
    }
    let mut instead = None;
    let mut unmet: Vec<&Reason> = Vec::new();
    for reason in &line.reasons {
        if held.is_some_and(|level| level >= reason.level) {
            continue;
        }
        let other = reason.alternatives.iter().find_map(|(permission, needed)| {
            let level = role.level(&permission.id).filter(|level| level >= needed)?;
            Some((permission.clone(), level))
        });
        match other {
            Some(other) => instead = Some(other),
            None => unmet.push(reason),
        }
    }
    let Some(strength) = unmet.iter().map(|reason| reason.strength).max() else {
        return match (instead, held) {
            (Some((permission, level)), _) => whole(PermissionState::Instead(permission, level)),
            (None, Some(level)) => whole(PermissionState::Held(level)),
            (None, None) => whole(PermissionState::Missing),
        };
    };
    let twin = line.permission.id == LOGIN && role.level(LOGIN_TWIN).is_some();
    let state = match held {
        Some(level) => PermissionState::TooLow(level),
        None if twin => PermissionState::Twin,
        None => PermissionState::Missing,
    };
    Judged { line, state, strength }
}

fn extra(
    plan: &RolePlan,
    lines: &[Judged<'_>],
    role: &RoleDefinition,
    catalogue: &Catalogue,
) -> Vec<Extra> {
    let mut extra = Vec::new();
    if role.core_administration {
        extra.push(Extra {
            id: "coreadminpermission".to_owned(),
            name: catalogue.permission("ADMI_KERNEL").map(|permission| permission.name.clone()),
            level: Level::Full,
            planned: None,
            danger: Danger::Critical,
        });
    }
    for grant in role.grants.values() {
        let Some(level) = grant.level else { continue };
        let instead = lines.iter().find_map(|judged| match &judged.state {
            PermissionState::Instead(permission, _)
                if permission.id.eq_ignore_ascii_case(&grant.key) =>
            {
                Some(permission.serving(judged.line.level))
            }
            _ => None,
        });
        let planned = plan.line(&grant.key).map(|line| line.level).max(instead);
        if planned.is_some_and(|planned| planned >= level) {
            continue;
        }
        let known = catalogue.permission(&grant.key);
        let name = known.map(|permission| permission.name.clone());
        extra.push(Extra {
            id: grant.key.clone(),
            name: name.or_else(|| sensitive_name(&grant.key).map(str::to_owned)),
            level,
            planned,
            // A level too high of something planned is no new kind of power.
            danger: if planned.is_some() { Danger::Note } else { danger(&grant.key) },
        });
    }
    extra.sort_by_key(|extra| std::cmp::Reverse(extra.danger));
    extra
}
