//! The texts of the walk.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use strum::VariantArray as _;

use crate::credentials::identifiers::read_account_id;
use crate::data;
use crate::netsuite::catalogue::Catalogue;
use crate::netsuite::profiles::{FormValue, HandOver, Profile, usual_fields};
use crate::netsuite::role::{PlannedPermission, RolePlan, Route, Strength};
use crate::setup::step::{Field, SetupStep};
use crate::setup::store::Draft;
use crate::types;
use crate::types::Service;
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
    /// What to do.
    #[serde(default)]
    pub steps: Vec<types::Step>,
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

/// What the integration is given. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The product, where a profile is named.
    pub product: Option<String>,
    /// Where its fields are known from, and when that was looked up.
    pub source: Option<String>,
    /// Its fields, in the form's own order.
    pub fields: Vec<SheetField>,
    /// What to do with them in the product, in order.
    pub after: Vec<String>,
}

/// One field of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetField {
    /// As the form names it.
    pub name: String,
    /// What to enter, or the path of the file; none for a secret that is not kept.
    pub value: Option<String>,
    /// Where the value comes from.
    pub from: String,
    /// What to do with it.
    pub action: String,
}

/// The sheet for what was gathered: the fields of the profile, or those that every integration
/// needs in some form.
pub(super) fn sheet(draft: &Draft, profile: Option<&Profile>) -> Sheet {
    let known = profile.map(Profile::fields).filter(|fields| !fields.is_empty());
    let fields = known.unwrap_or_else(usual_fields);
    let field = |line: HandOver| SheetField {
        value: value(line.value, draft),
        name: line.field,
        from: line.from,
        action: line.action,
    };
    Sheet {
        product: profile.map(|profile| profile.name.clone()),
        source: profile.map(|profile| format!("{}, {}", profile.source, profile.date)),
        fields: fields.into_iter().map(field).collect(),
        after: profile
            .map(|profile| profile.after.iter().map(|after| after.text.clone()).collect())
            .unwrap_or_default(),
    }
}

fn value(value: FormValue, draft: &Draft) -> Option<String> {
    let account = || draft.account_id.as_deref().and_then(|text| read_account_id(text).ok());
    match value {
        FormValue::AccountId => draft.account_id.clone(),
        FormValue::AccountIdInUrl => account().map(|account| account.id.host_label()),
        FormValue::AccountUrl => {
            account().map(|account| format!("https://{}", account.id.host(Service::SuiteTalk)))
        }
        FormValue::ClientId => draft.client_id.clone(),
        FormValue::CertificateId => draft.certificate_id.clone(),
        FormValue::PrivateKey | FormValue::PrivateKeyPath => {
            draft.private_key.as_ref().map(|path| path.display().to_string())
        }
        FormValue::ClientSecret | FormValue::Scope | FormValue::Algorithm => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::cards::pages;
    use crate::netsuite::catalogue::catalogue;
    use crate::netsuite::profiles::{find, profiles};

    use super::*;

    #[test]
    fn steps_and_questions_are_those_of_the_code() {
        let guide = guide();
        let pages = pages();
        let mut questions = 0;
        for step in SetupStep::VARIANTS.iter().copied() {
            let text = guide.step(step).unwrap();
            questions += text.questions.len();
            for page in text.steps.iter().chain(&text.after).filter_map(|step| step.page.as_ref()) {
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

    fn names(profile: Option<&str>) -> Vec<String> {
        let profile = profile.map(|name| find(profiles(), name).unwrap());
        let sheet = sheet(&Draft::default(), profile);
        assert!(sheet.fields.iter().all(|field| !field.from.is_empty()));
        sheet.fields.into_iter().map(|field| field.name).collect()
    }

    #[test]
    fn fields_are_named_as_the_form_names_them() {
        let alchemer =
            ["Account ID", "Client ID", "Client Secret", "Certificate ID", "Private Key"];
        assert_eq!(names(Some("alchemer")), alchemer);
        assert!(!names(None).contains(&"Client Secret".to_owned()));
        let alchemer = sheet(&Draft::default(), find(profiles(), "alchemer").ok());
        assert!(alchemer.after[0].contains("New Authentication"), "{:?}", alchemer.after);
        assert!(sheet(&Draft::default(), None).after.is_empty());
    }
}
