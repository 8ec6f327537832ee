//! The cards: one per check, the only place where guidance stands.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::spec::Spec;

pub use crate::types::{Grade, Step};

/// The card of one check.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// A short title, in the positive: what holds when the check passes.
    pub title: String,
    /// What a pass proves, and what it does not.
    pub proves: String,
    /// Why it matters to the integration.
    pub why: String,
    /// Where the facts come from.
    pub sources: Vec<Source>,
    /// Guidance per finding.
    #[serde(default)]
    pub findings: BTreeMap<String, Guidance>,
}

/// Where a fact comes from, and how well it is known.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Page id of NetSuite's help (`OH/…`), a standard, or a section of the project's notes.
    pub at: String,
    /// The fact, in own words.
    pub says: String,
    /// How well it is known.
    pub grade: Grade,
}

/// What a finding means and how to mend it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guidance {
    /// What it means in plain words, where the check's own "why" does not say it.
    pub means: Option<String>,
    /// The steps, in order.
    pub fix: Vec<Step>,
}

/// A page of the NetSuite UI.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// The click path.
    pub menu: String,
    /// The path below the account's own UI host, where one is known.
    pub path: Option<String>,
    /// Where it comes from.
    pub source: String,
    /// How well the path is known.
    pub grade: Grade,
}

/// The text of a card is not what a card must be. Only a wrong build can cause it.
#[derive(Debug, thiserror::Error)]
#[error("the card of {id} cannot be read: {source}")]
pub struct BadCard {
    id: String,
    source: toml::de::Error,
}

impl Card {
    /// Reads the text of a card.
    ///
    /// # Errors
    /// When the text is no card.
    pub fn parse(id: &str, text: &str) -> Result<Self, BadCard> {
        toml::from_str(text).map_err(|source| BadCard { id: id.to_owned(), source })
    }

    /// The card of a check, with the shared guidance for the findings that it has no own for.
    ///
    /// # Errors
    /// When a text is no card.
    pub fn of(spec: &Spec) -> Result<Self, BadCard> {
        let mut card = Self::parse(spec.id.as_str(), spec.card)?;
        let shared = no_answer_findings()?.into_iter().filter(|(id, _)| spec.can_find(id));
        for (id, guidance) in shared {
            card.findings.entry(id).or_insert(guidance);
        }
        Ok(card)
    }
}

const PAGES: &str = include_str!("../../checks/shared/pages.toml");
const NO_ANSWER: &str = include_str!("../../checks/shared/no-answer.toml");
const ENGINE: &str = include_str!("../../checks/shared/engine.toml");

/// The pages of the NetSuite UI by name.
///
/// # Errors
/// When the file is no list of pages.
pub fn pages() -> Result<BTreeMap<String, Page>, BadCard> {
    toml::from_str(PAGES).map_err(|source| BadCard { id: "shared/pages".to_owned(), source })
}

/// Guidance for answers that prove nothing either way, whichever check asked.
///
/// # Errors
/// When the file is no list of findings.
fn no_answer_findings() -> Result<BTreeMap<String, Guidance>, BadCard> {
    toml::from_str(NO_ANSWER)
        .map_err(|source| BadCard { id: "shared/no-answer".to_owned(), source })
}

/// Guidance for what can befall any check: the engine's own findings.
///
/// # Errors
/// When the file is no list of findings.
pub fn engine_findings() -> Result<BTreeMap<String, Guidance>, BadCard> {
    toml::from_str(ENGINE).map_err(|source| BadCard { id: "shared/engine".to_owned(), source })
}
