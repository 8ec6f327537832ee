//! A plan against a definition.

use super::definition::RoleDefinition;
use super::plan::{LOGIN, LOGIN_TWIN, PlannedPermission, Reason, RolePlan, Strength};
use super::sensitive::{self, Danger, danger};
use crate::netsuite::catalogue::{Catalogue, Permission};
use crate::types::Level;

/// How a planned permission stands in the definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
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

impl State {
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
    pub state: State,
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
pub struct Comparison<'a> {
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

impl<'a> Comparison<'a> {
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
        return whole(State::Held(level));
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
            (Some((permission, level)), _) => whole(State::Instead(permission, level)),
            (None, Some(level)) => whole(State::Held(level)),
            (None, None) => whole(State::Missing),
        };
    };
    let twin = line.permission.id == LOGIN && role.level(LOGIN_TWIN).is_some();
    let state = match held {
        Some(level) => State::TooLow(level),
        None if twin => State::Twin,
        None => State::Missing,
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
            name: sensitive::name("ADMI_KERNEL").map(str::to_owned),
            level: Level::Full,
            planned: None,
            danger: Danger::Critical,
        });
    }
    for grant in role.grants.values() {
        let Some(level) = grant.level else { continue };
        let instead = lines.iter().find_map(|judged| match &judged.state {
            State::Instead(permission, _) if permission.id.eq_ignore_ascii_case(&grant.key) => {
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
            name: name.or_else(|| sensitive::name(&grant.key).map(str::to_owned)),
            level,
            planned,
            // A level too high of something planned is no new kind of power.
            danger: if planned.is_some() { Danger::Note } else { danger(&grant.key) },
        });
    }
    extra.sort_by_key(|extra| std::cmp::Reverse(extra.danger));
    extra
}
