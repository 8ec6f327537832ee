//! One entry of the checklist.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::words::{Grade, Rank, ReasonCode, Status};

/// One entry of the checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CheckEntry {
    /// The check.
    pub id: String,
    /// What it is about, where it runs once per thing: `customer:view`.
    pub subject: Option<String>,
    /// What holds when it passes.
    pub title: String,
    /// The group it belongs to.
    pub phase: String,
    /// Its outcome.
    pub status: Status,
    /// Why it was skipped or came out inconclusive.
    pub reason: Option<ReasonEntry>,
    /// What was seen.
    pub summary: String,
    /// The facts behind it. The key `finding` names a finding of the check, the
    /// gravest first; the key `meaning` says what the finding before it means.
    pub evidence: Vec<EvidenceEntry>,
    /// What may be behind a failure, best first.
    pub causes: Vec<Cause>,
    /// How to mend it, step by step.
    pub fix: Vec<Fix>,
    /// The HTTP exchanges behind it.
    pub http: Vec<HttpEntry>,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// Where its documentation stands, relative to the project.
    pub docs: String,
}

/// Why a check was skipped or came out inconclusive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReasonEntry {
    /// Which reason.
    pub code: ReasonCode,
    /// The entries that block this one: `token-exchange`, `record-access:customer:view`.
    pub blocked_by: Vec<String>,
    /// A sentence, where the code alone does not say enough.
    pub detail: Option<String>,
}

/// A fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EvidenceEntry {
    /// snake_case name of the fact.
    pub key: String,
    /// What was seen.
    pub value: String,
    /// What was expected.
    pub expected: Option<String>,
    /// Where it was seen, or how it was derived.
    pub source: Option<String>,
}

/// Something that may be behind a failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Cause {
    /// Its id.
    pub id: String,
    /// What it is.
    pub title: String,
    /// How it stands after everything that was observed.
    pub rank: Rank,
    /// How well it is known that NetSuite behaves so.
    pub grade: Grade,
    /// The evidence that put it there.
    pub because: Vec<String>,
    /// How to mend it.
    pub fix: Vec<Fix>,
}

/// One step of mending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Fix {
    /// What to do.
    pub text: String,
    /// Where to click.
    #[serde(rename = "where")]
    pub place: Option<String>,
    /// The page itself, in this account.
    pub url: Option<String>,
    /// What to run.
    pub command: Option<String>,
}

/// One HTTP exchange. Never a body, never a header dump.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HttpEntry {
    /// Request method.
    pub method: String,
    /// The URL, with every Client ID shortened.
    pub url: String,
    /// HTTP status, where an answer came.
    pub status: Option<u16>,
    /// `o:errorCode` of the record service or `error` of the token endpoint.
    pub error_code: Option<String>,
    /// The `Date` header as sent.
    pub server_date: Option<String>,
    /// From sending to the last byte, in milliseconds.
    pub duration_ms: u64,
}
