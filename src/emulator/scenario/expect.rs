//! What `check` is expected to say.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::types::Status;

/// The expectation of a scenario.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// Exit code of `check`.
    pub exit_code: u8,
    /// Check id, with its subject where it has one (`record-access:customer:view`), to its status.
    pub statuses: BTreeMap<String, ExpectedStatus>,
    /// Check id to the causes that are at work: each must be named there, as likely or possible.
    #[serde(default)]
    pub causes: BTreeMap<String, Vec<String>>,
    /// Check id to the cause that must come first, where the evidence can separate it.
    #[serde(default)]
    pub first: BTreeMap<String, String>,
    /// How many things are wrong at once; one unless stated.
    #[serde(default = "one")]
    pub faults: u8,
    /// The Detail of the last refused login, where the audit trail has one.
    #[serde(default)]
    pub audit_detail: Option<String>,
}

const fn one() -> u8 {
    1
}

/// A status and, where it is stated, its reason: `fail`, `skipped blocked`, `inconclusive empty`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct ExpectedStatus {
    /// The status.
    pub status: Status,
    /// The reason code, where it is stated.
    pub reason: Option<String>,
}

/// The text is no expectation.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{0}` is no status; write pass, warn, fail, inconclusive or skipped, and a reason after it"
)]
pub struct UnknownStatus(String);

impl TryFrom<String> for ExpectedStatus {
    type Error = UnknownStatus;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (word, reason) = match text.split_once(' ') {
            Some((word, reason)) => (word, Some(reason.to_owned())),
            None => (text.as_str(), None),
        };
        let Ok(status) = word.parse::<Status>() else { return Err(UnknownStatus(text)) };
        Ok(Self { status, reason })
    }
}
