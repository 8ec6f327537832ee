//! The texts of the walk.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use strum::VariantArray as _;

use super::step::{Field, Step};
use crate::data;
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

/// The texts that the program was built with, read at the first use.
pub fn guide() -> &'static Guide {
    &GUIDE
}

static GUIDE: LazyLock<Guide> = LazyLock::new(|| {
    let read = |step: &Step| (*step, data::read(&format!("setup/{step}.toml")));
    Guide(Step::VARIANTS.iter().map(read).collect())
});

impl Guide {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::cards::pages;

    #[test]
    fn steps_and_questions_are_those_of_the_code() {
        let guide = guide();
        let pages = pages();
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
