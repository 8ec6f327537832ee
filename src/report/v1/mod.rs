//! The report as it is written and read, version 1. Frozen: a member is never renamed, retyped or
//! removed; a reader accepts members it does not know.
//!
//! Every member is always written. What is unknown or does not apply is `null` or an empty list.

pub mod check;
pub mod header;
pub mod summary;
pub mod target;
pub mod time;
pub mod valid;
pub mod words;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use check::{Cause, CheckEntry, EvidenceEntry, Fix, HttpEntry, ReasonEntry};
pub use header::{Environment, Run, SchemaRef, Tool};
pub use summary::{Counts, FirstBlocker, LeadingCause, Summary};
pub use target::{PublicKey, Target};
pub use words::{Grade, Mode, Overall, Rank, ReasonCode, Status};

/// The name of this form of report.
pub const SCHEMA_NAME: &str = "netsuite-preflight/report";
/// The version of this form of report.
pub const SCHEMA_VERSION: u32 = 1;

/// What a run of the checklist found, for people, pipelines and support desks. It holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Which form of report this is.
    pub schema: SchemaRef,
    /// The program that wrote it.
    pub tool: Tool,
    /// The run that it tells of.
    pub run: Run,
    /// The machine it ran on, as far as it matters.
    pub environment: Environment,
    /// What was checked.
    pub target: Target,
    /// The result in short.
    pub summary: Summary,
    /// Every entry of the checklist, in the order of the catalogue.
    pub checks: Vec<CheckEntry>,
    /// What was taken out.
    pub redaction: Redaction,
    /// Shows whether the report was changed after it was written.
    pub integrity: Integrity,
}

/// What was taken out of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Redaction {
    /// The rule by which it was built.
    pub policy: String,
    /// How many occurrences of known secrets were replaced.
    pub scrubbed: u64,
}

/// A checksum. It shows accidents and careless edits; it is no signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Integrity {
    /// SHA-256, lower-case hex, of the RFC 8785 form of the document without the member `integrity`.
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    pub sha256: String,
}
