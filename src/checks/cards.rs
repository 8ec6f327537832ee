//! The cards: one per check, the only place where guidance stands.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::spec::Spec;
use crate::data;

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
    /// What has to be made before the check can run, and how it is taken away again.
    #[serde(default)]
    pub prepare: Vec<Step>,
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

/// What a finding means and how to fix it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guidance {
    /// What it means in plain words, where the check's own "why" does not say it.
    pub means: Option<String>,
    /// What the steps come to, in a few words, where they have one aim.
    pub aim: Option<String>,
    /// What to do in one sentence, where another fault has the page. Its command is that of the first
    /// step.
    pub short: Option<String>,
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

impl Card {
    /// The card of a check, with the shared guidance for the findings that it has no own for.
    #[must_use]
    pub fn of(spec: &Spec) -> Self {
        let mut card: Self = data::read(&format!("{}.toml", spec.id));
        for (id, guidance) in NO_ANSWER.iter().filter(|(id, _)| spec.can_find(id)) {
            card.findings.entry(id.clone()).or_insert_with(|| guidance.clone());
        }
        card
    }
}

/// Guidance for answers that prove nothing either way, whichever check asked.
static NO_ANSWER: LazyLock<BTreeMap<String, Guidance>> =
    LazyLock::new(|| data::read("shared/no-answer.toml"));

/// Whether a finding is an answer that proves nothing either way.
#[must_use]
pub fn no_answer(finding: &str) -> bool {
    NO_ANSWER.contains_key(finding)
}

static ENGINE: LazyLock<BTreeMap<String, Guidance>> =
    LazyLock::new(|| data::read("shared/engine.toml"));

static PAGES: LazyLock<BTreeMap<String, Page>> = LazyLock::new(|| data::read("shared/pages.toml"));

/// What there is to do about a record type, a permission or an integration that somebody asks for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaysToUse {
    /// A record type.
    pub record: Vec<Step>,
    /// A permission.
    pub permission: Vec<Step>,
    /// An integration.
    pub integration: Vec<Step>,
}

static WAYS: LazyLock<WaysToUse> = LazyLock::new(|| data::read("shared/explain.toml"));

/// The same, read at the first use.
pub fn ways_to_use() -> &'static WaysToUse {
    &WAYS
}

static BLANKS: LazyLock<BTreeMap<String, String>> =
    LazyLock::new(|| data::read("shared/blanks.toml"));

/// What stands in a text for a value that is not known, by the value's name.
pub fn blanks() -> &'static BTreeMap<String, String> {
    &BLANKS
}

/// What is typed otherwise on Windows than the cards have it, which are written for POSIX shells.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnWindows {
    /// Programs whose commands are the same. Whatever stands nowhere else is taken for one of them.
    #[cfg_attr(not(test), expect(dead_code, reason = "for the test alone"))]
    pub same: Vec<String>,
    /// Programs by their names there.
    pub renamed: BTreeMap<String, String>,
    /// Whole commands.
    pub commands: Vec<OtherCommand>,
}

/// A command in both forms.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherCommand {
    /// As a card has it.
    pub posix: String,
    /// As PowerShell takes it.
    pub windows: String,
    /// What has to be known to run it there.
    pub say: Option<String>,
}

static ON_WINDOWS: LazyLock<OnWindows> = LazyLock::new(|| data::read("shared/commands.toml"));

/// The same, read at the first use.
pub fn on_windows() -> &'static OnWindows {
    &ON_WINDOWS
}

/// The pages of the NetSuite UI by name.
pub fn pages() -> &'static BTreeMap<String, Page> {
    &PAGES
}

/// Guidance for what can befall any check: the engine's own findings.
pub fn engine_findings() -> &'static BTreeMap<String, Guidance> {
    &ENGINE
}
