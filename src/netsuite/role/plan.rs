//! From the record types an integration uses to the permissions its role needs.

use serde::Serialize;

use crate::netsuite::catalogue::{
    Catalogue, Need, Permission, RecordEntry, RecordKind, Task, needs,
};
use crate::netsuite::profiles::{Profile, ProfileGrade};
use crate::types::{Grade, Level, RecordRequest};

/// The login permission of OAuth 2.0. Source: `failures.md` P23.
pub const LOGIN: &str = "ADMI_LOGIN_OAUTH2";
/// Its twin of token-based authentication, which does not serve.
pub const LOGIN_TWIN: &str = "ADMI_LOGIN_OAUTH";

/// Which permission governs an account's own record types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Route {
    /// Custom Record Entries, for all types with the default Access Type.
    #[default]
    Entries,
    /// A line of its own for each type, for Access Type Use Permission List.
    PermissionList,
}

/// How sure it is that a permission is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// Some uses or accounts need it, by reports or conclusion.
    Advised,
    /// Nothing works without it.
    Required,
}

/// Why a permission is in the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// In plain words.
    pub text: String,
    /// The lowest level on offer that serves it.
    pub level: Level,
    /// How sure it is.
    pub strength: Strength,
    /// How well it is known.
    pub grade: Grade,
    /// What it is for.
    pub task: Task,
    /// Permissions that would do instead, each with the level it takes.
    pub alternatives: Vec<(Permission, Level)>,
}

/// One line of the role page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedPermission {
    /// The permission.
    pub permission: Permission,
    /// The level to choose: the highest that any reason asks for.
    pub level: Level,
    /// Every reason.
    pub reasons: Vec<Reason>,
}

impl PlannedPermission {
    /// The strongest of its reasons.
    #[must_use]
    pub fn strength(&self) -> Strength {
        self.reasons.iter().map(|reason| reason.strength).max().unwrap_or(Strength::Advised)
    }
}

/// A feature that must be on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedFeature {
    /// Its name, or the names of several.
    pub name: String,
    /// What needs it.
    pub wanted_by: Vec<String>,
    /// How well it is known.
    pub grade: Grade,
}

/// A permission that some uses of a record type take, and that is left out of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Optional {
    /// The permission.
    pub permission: Permission,
    /// The level.
    pub level: Level,
    /// When it is needed.
    pub when: String,
    /// How well it is known.
    pub grade: Grade,
}

/// What a role needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RolePlan {
    /// What it was made for.
    pub requests: Vec<RecordRequest>,
    /// The permissions, in the order of the role page.
    pub permissions: Vec<PlannedPermission>,
    /// The features that must be on.
    pub features: Vec<PlannedFeature>,
    /// What may be wanted besides.
    pub optional: Vec<Optional>,
    /// Record types of which nothing is known.
    pub unknown: Vec<RecordRequest>,
}

impl RolePlan {
    /// The plan for these record types and levels. With none it holds what every role needs.
    #[must_use]
    pub fn new(requests: &[RecordRequest], route: Route, catalogue: &Catalogue) -> Self {
        let mut plan = Self {
            requests: requests.to_vec(),
            permissions: Vec::new(),
            features: Vec::new(),
            optional: Vec::new(),
            unknown: Vec::new(),
        };
        let needs = needs();
        for need in needs.iter().filter(|need| matches!(need.task, Task::Login | Task::List)) {
            plan.need(need, Strength::Required, &need.when);
        }
        for request in requests {
            match catalogue.find(request.record.as_str()) {
                Some(entry) => plan.record(request, &entry, route, needs),
                None => plan.unknown.push(request.clone()),
            }
        }
        plan.finish();
        plan
    }

    /// Adds what an integration's own guide asks for besides. Where it names no level, the one that
    /// the plan has already stands, or the lowest on offer. What would keep the role from signing in
    /// is left out, and said.
    #[must_use]
    pub fn asked_by(mut self, profile: &Profile) -> Self {
        for asked in &profile.permissions {
            if let Some(caution) = asked.permission.caution.as_ref().filter(|c| c.bars_sign_in) {
                self.optional.push(Optional {
                    level: asked.permission.serving(asked.level.unwrap_or(Level::View)),
                    permission: asked.permission.clone(),
                    when: format!("{} asks for it. {}", profile.name, caution.text),
                    grade: caution.grade,
                });
                continue;
            }
            let known = self.line(&asked.permission.id).map(|line| line.level);
            let level = match asked.level {
                Some(level) => asked.permission.serving(level),
                None => known.unwrap_or_else(|| asked.permission.serving(Level::View)),
            };
            let (verb, grade) = match asked.grade {
                ProfileGrade::Documented => ("asks for it", Grade::Documented),
                ProfileGrade::Observed => ("asks for it", Grade::Observed),
                ProfileGrade::Inferred => ("seems to need it", Grade::Inferred),
                ProfileGrade::Guess => ("may need it", Grade::Inferred),
            };
            let firm = asked.grade.is_firm();
            let reason = Reason {
                text: format!("{} {verb}", profile.name),
                level,
                strength: if firm { Strength::Required } else { Strength::Advised },
                grade,
                task: Task::UseCase,
                alternatives: Vec::new(),
            };
            self.add(&asked.permission, reason);
        }
        self.finish();
        self
    }

    /// The line for a permission.
    #[must_use]
    pub fn line(&self, id: &str) -> Option<&PlannedPermission> {
        self.permissions.iter().find(|line| line.permission.id.eq_ignore_ascii_case(id))
    }

    fn record(
        &mut self,
        request: &RecordRequest,
        entry: &RecordEntry,
        route: Route,
        needs: &[Need],
    ) {
        let mut choices: Vec<&Permission> = std::iter::once(&entry.permission)
            .chain(entry.alternatives.iter().map(|other| &other.permission))
            .collect();
        let own = |permission: &&Permission| permission.id.eq_ignore_ascii_case(&entry.name);
        if route == Route::PermissionList
            && let Some(at) = choices.iter().position(own)
        {
            choices.swap(0, at);
        }
        let mut choices = choices.into_iter();
        let Some(main) = choices.next() else { return };
        let alternatives =
            choices.map(|other| (other.clone(), other.serving(request.level))).collect();
        self.add(
            main,
            Reason {
                text: request.to_string(),
                level: main.serving(request.level),
                strength: Strength::Required,
                grade: entry.grade,
                task: Task::Record,
                alternatives,
            },
        );
        if let Some(feature) = &entry.feature {
            self.feature(&feature.name, &entry.name, feature.grade);
        }
        self.searching(request, entry, needs);
        let written: Vec<String> = self
            .requests
            .iter()
            .filter(|other| other.level > Level::View)
            .map(|other| other.record.to_string())
            .collect();
        let fitting: Vec<&Need> = needs
            .iter()
            .filter(|need| need.record.as_deref() == Some(entry.name.as_str()))
            .collect();
        for need in fitting {
            match need.task {
                Task::Transform
                    if need.target.as_ref().is_some_and(|name| written.contains(name)) =>
                {
                    self.need(need, Strength::Advised, &need.when);
                }
                Task::Record if need.id == "employee-scripts" => {
                    self.need(need, Strength::Advised, &need.when);
                }
                Task::Transform => {}
                Task::Approve if request.level == Level::View => {}
                _ => self.offer(need),
            }
        }
        self.writing(request, entry, needs);
    }

    /// Queries: the base tables of transactions and entities stand under permissions of their own.
    fn searching(&mut self, request: &RecordRequest, entry: &RecordEntry, needs: &[Need]) {
        let id = match entry.kind {
            RecordKind::Entity => "search-entities",
            RecordKind::Transaction => "search-transactions",
            _ => return,
        };
        if let Some(need) = needs.iter().find(|need| need.id == id) {
            let text = format!("finding rows of {} with SuiteQL", request.record);
            self.need(need, Strength::Advised, &text);
        }
    }

    /// What writing often takes: other records that are chosen on the form.
    fn writing(&mut self, request: &RecordRequest, entry: &RecordEntry, needs: &[Need]) {
        if request.level == Level::View {
            return;
        }
        for need in needs {
            let use_case = need.task == Task::UseCase
                && need.permissions.first().is_some_and(|p| p.permission == entry.permission);
            let reference = need.task == Task::Reference && entry.kind == RecordKind::Transaction;
            if use_case || reference {
                self.offer(need);
            }
        }
    }

    fn need(&mut self, need: &Need, strength: Strength, text: &str) {
        for needed in &need.permissions {
            let reason = Reason {
                text: text.to_owned(),
                level: needed.level,
                strength,
                grade: need.grade,
                task: need.task,
                alternatives: Vec::new(),
            };
            self.add(&needed.permission, reason);
            if let Some(feature) = &need.feature {
                self.feature(feature, &needed.permission.name, need.grade);
            }
        }
    }

    fn offer(&mut self, need: &Need) {
        for needed in &need.permissions {
            let optional = Optional {
                permission: needed.permission.clone(),
                level: needed.level,
                when: need.when.clone(),
                grade: need.grade,
            };
            if !self.optional.contains(&optional) {
                self.optional.push(optional);
            }
        }
    }

    fn add(&mut self, permission: &Permission, reason: Reason) {
        match self.permissions.iter_mut().find(|line| line.permission.id == permission.id) {
            Some(line) => {
                line.level = line.level.max(reason.level);
                if !line.reasons.contains(&reason) {
                    line.reasons.push(reason);
                }
            }
            None => self.permissions.push(PlannedPermission {
                permission: permission.clone(),
                level: reason.level,
                reasons: vec![reason],
            }),
        }
    }

    fn feature(&mut self, name: &str, wanted_by: &str, grade: Grade) {
        match self.features.iter_mut().find(|feature| feature.name == name) {
            Some(feature) if feature.wanted_by.iter().any(|other| other == wanted_by) => {}
            Some(feature) => feature.wanted_by.push(wanted_by.to_owned()),
            None => self.features.push(PlannedFeature {
                name: name.to_owned(),
                wanted_by: vec![wanted_by.to_owned()],
                grade,
            }),
        }
    }

    /// Puts the lines in the order of the page and drops offers that the plan already holds.
    fn finish(&mut self) {
        self.permissions.sort_by(|a, b| {
            let order = |line: &PlannedPermission| {
                (line.permission.category, line.permission.name.to_lowercase())
            };
            order(a).cmp(&order(b))
        });
        let held = |offer: &Optional| {
            self.permissions
                .iter()
                .any(|line| line.permission.id == offer.permission.id && line.level >= offer.level)
        };
        self.optional = self.optional.iter().filter(|offer| !held(offer)).cloned().collect();
    }
}
