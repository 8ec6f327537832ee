//! The result in short.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::words::{Overall, Rank};

/// The result in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// The outcome of the whole run.
    pub verdict: Overall,
    /// The exit code that goes with it.
    pub exit_code: u8,
    /// How many entries had which outcome.
    pub counts: Counts,
    /// The first entry that failed, in the order of the catalogue.
    pub first_blocker: Option<FirstBlocker>,
    /// The first cause of the first blocker.
    pub cause: Option<LeadingCause>,
}

/// How many entries had which outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Counts {
    /// Proved.
    pub pass: u64,
    /// Worth a look.
    pub warn: u64,
    /// Proved wrong.
    pub fail: u64,
    /// Undecided.
    pub inconclusive: u64,
    /// Not run.
    pub skipped: u64,
}

/// The name of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FirstBlocker {
    /// The check.
    pub id: String,
    /// What it is about, where it runs once per thing.
    pub subject: Option<String>,
}

/// The name of a cause and how it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LeadingCause {
    /// The cause.
    pub id: String,
    /// How it stands.
    pub rank: Rank,
}
