//! The texts of the walk.

use std::collections::BTreeMap;

use serde::Deserialize;

use strum::VariantArray as _;

use super::step::{Field, Step};
use crate::types;

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
pub struct Guide(BTreeMap<Step, StepText>);

/// A text cannot be read. Only a wrong build can cause it.
#[derive(Debug, thiserror::Error)]
#[error("the text of the set-up step {name} cannot be read: {source}")]
pub struct BadGuide {
    name: String,
    source: toml::de::Error,
}

impl Guide {
    /// Reads the texts that the program was built with.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn load() -> Result<Self, BadGuide> {
        let read = |step| {
            let text = toml::from_str(file(step))
                .map_err(|source| BadGuide { name: step.to_string(), source })?;
            Ok((step, text))
        };
        Step::VARIANTS.iter().copied().map(read).collect::<Result<_, _>>().map(Self)
    }

    /// The text of a step.
    #[must_use]
    pub fn step(&self, step: Step) -> Option<&StepText> {
        self.0.get(&step)
    }

    /// The text of a question.
    #[must_use]
    pub fn question(&self, field: Field) -> Option<&QuestionText> {
        self.step(field.step())?.questions.get(field.as_str())
    }
}

fn file(step: Step) -> &'static str {
    match step {
        Step::Account => include_str!("../../checks/setup/account.toml"),
        Step::Features => include_str!("../../checks/setup/features.toml"),
        Step::Key => include_str!("../../checks/setup/key.toml"),
        Step::Integration => include_str!("../../checks/setup/integration.toml"),
        Step::Role => include_str!("../../checks/setup/role.toml"),
        Step::Mapping => include_str!("../../checks/setup/mapping.toml"),
        Step::HandOver => include_str!("../../checks/setup/hand-over.toml"),
        Step::Check => include_str!("../../checks/setup/check.toml"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checklist::cards::pages;

    #[test]
    fn steps_and_questions_are_those_of_the_code() {
        let guide = Guide::load().unwrap();
        let pages = pages().unwrap();
        let mut questions = 0;
        for step in Step::VARIANTS.iter().copied() {
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
}
