//! The texts of the walk.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use strum::VariantArray as _;

use crate::data;
use crate::netsuite::catalogue::Catalogue;
use crate::netsuite::profiles::Profile;
use crate::netsuite::role::{PlannedPermission, RolePlan, Route, Strength};
use crate::setup::step::{Field, SetupStep};
use crate::types;
use crate::types::{Level, RecordRequest};

/// What is said about one step.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepText {
    /// Its title.
    pub title: String,
    /// Why it is there.
    pub why: String,
    /// What is proved when it is done.
    pub proves: String,
    /// What else is worth knowing, shown with why it is there.
    #[serde(default)]
    pub more: Vec<String>,
    /// What to do afterwards.
    #[serde(default)]
    pub after: Vec<types::Step>,
    /// What is asked.
    pub questions: BTreeMap<String, QuestionText>,
}

/// What is said about one question.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionText {
    /// The question itself, without a colon.
    pub ask: String,
    /// What an answer looks like.
    pub hint: Option<String>,
    /// What to do before it can be answered.
    #[serde(default)]
    pub steps: Vec<types::Step>,
    /// What is said otherwise where it is asked on a page, which has buttons and no Enter.
    #[serde(default)]
    pub page: PageText,
}

/// What a page in the browser says of a question.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageText {
    /// The question.
    pub ask: Option<String>,
    /// What an answer looks like.
    pub hint: Option<String>,
    /// What stands on the button that goes on.
    pub button: Option<String>,
    /// What stands on the button of each answer there is, and what that does.
    #[serde(default)]
    pub choices: Vec<PageChoice>,
}

/// One answer of several, as a button.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageChoice {
    /// The answer.
    pub answer: String,
    /// What stands on its button.
    pub button: String,
    /// What it does.
    pub does: String,
}

/// The texts of all steps.
#[derive(Debug, Clone)]
pub struct Guide(BTreeMap<SetupStep, StepText>);

/// The texts that the program was built with, read at the first use.
pub fn guide() -> &'static Guide {
    &GUIDE
}

static GUIDE: LazyLock<Guide> = LazyLock::new(|| {
    let read = |step: &SetupStep| (*step, data::read(&format!("setup/{step}.toml")));
    Guide(SetupStep::VARIANTS.iter().map(read).collect())
});

impl Guide {
    /// The text of a step.
    #[must_use]
    pub fn step(&self, step: SetupStep) -> Option<&StepText> {
        self.0.get(&step)
    }

    /// The text of a question.
    #[must_use]
    pub fn question(&self, field: Field) -> Option<&QuestionText> {
        self.step(field.step())?.questions.get(field.as_str())
    }
}

/// One line of the subtab Permissions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionRow {
    /// The subtab of its own.
    pub subtab: &'static str,
    /// Its name, as the page shows it.
    pub name: String,
    /// The level to choose.
    pub level: Level,
    /// Whether some uses do without it.
    pub advised: bool,
}

/// The lines of the role's plan, in the order of the page.
pub(super) fn rows(
    requests: &[RecordRequest],
    profile: Option<&Profile>,
    catalogue: &Catalogue,
) -> Vec<PermissionRow> {
    let plan = RolePlan::new(requests, Route::default(), catalogue);
    let plan = match profile {
        Some(profile) => plan.asked_by(profile),
        None => plan,
    };
    let row = |line: PlannedPermission| PermissionRow {
        subtab: line.permission.category.as_str(),
        advised: line.strength() == Strength::Advised,
        level: line.level,
        name: line.permission.name,
    };
    plan.permissions.into_iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use crate::checks::cards::pages;
    use crate::netsuite::catalogue::catalogue;

    use super::*;

    #[test]
    fn steps_and_questions_are_those_of_the_code() {
        let guide = guide();
        let pages = pages();
        let mut questions = 0;
        for step in SetupStep::VARIANTS.iter().copied() {
            let text = guide.step(step).unwrap();
            questions += text.questions.len();
            let steps = text.questions.values().flat_map(|question| &question.steps);
            for page in steps.chain(&text.after).filter_map(|step| step.page.as_ref()) {
                assert!(pages.contains_key(page), "{step}: {page}");
            }
        }
        for field in Field::VARIANTS.iter().copied() {
            assert!(guide.question(field).is_some(), "{field:?}");
        }
        assert_eq!(questions, Field::VARIANTS.len());
    }

    #[test]
    fn the_highest_level_asked_for_counts() {
        let catalogue = catalogue();
        let requests: Vec<RecordRequest> =
            ["customer", "customer:edit"].iter().map(|text| text.parse().unwrap()).collect();
        let rows = rows(&requests, None, catalogue);
        let customers: Vec<_> = rows.iter().filter(|row| row.name == "Customers").collect();
        assert_eq!(customers.len(), 1);
        assert_eq!((customers[0].subtab, customers[0].level), ("Lists", Level::Edit));
        let login = rows.iter().find(|row| row.name.contains("OAuth 2.0 Access Tokens")).unwrap();
        assert_eq!((login.subtab, login.level, login.advised), ("Setup", Level::Full, false));
        assert!(rows.iter().any(|row| row.advised));
    }
}
