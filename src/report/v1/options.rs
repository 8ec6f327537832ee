//! The options of a run, as far as they change what its report means.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What was asked of a run. No path, no value of a secret, and nothing that names somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RunOptions {
    /// What of the checklist was to run, as `--only` takes it; everything where empty.
    pub only: Vec<String>,
    /// What was skipped by name, as `--skip` takes it.
    pub skip: Vec<String>,
    /// From which outcome on the exit code is not 0: `fail` or `warn`.
    pub fail_on: String,
    /// Time limit of one request, in seconds.
    pub timeout_s: u64,
    /// Time limit of the whole run, in seconds.
    pub deadline_s: u64,
    /// Probes in flight at once.
    pub concurrency: u64,
    /// The signing algorithm, where it was not to follow from the key.
    pub algorithm: Option<String>,
    /// Whether levels above View were tried by asking for forms.
    pub probe_writes: bool,
    /// Whether an empty list was good enough.
    pub accept_empty: bool,
    /// The Detail of the Login Audit Trail that was given.
    pub audit_detail: Option<String>,
    /// Whether an administrator was to sign in.
    pub sign_in: bool,
}
