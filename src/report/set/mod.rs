//! The reports of many targets in one document, version 1. Frozen like the report itself.
//!
//! The document is written and read piece by piece, so that a thousand reports never stand in
//! memory at once; these types say what its pieces are.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::report::v1::{Integrity, Overall, Report, SchemaRef};
use crate::report::words;
use crate::types::ExitCode;

pub mod compose;
pub mod diff;
pub mod judge;
pub mod listed;
mod scan;
pub mod seal;
pub mod stored;
pub mod text;

pub use listed::{Listed, Many, Shown};

/// The name of this form of document.
pub const SCHEMA_NAME: &str = "netsuite-preflight/report-set";
/// The version of this form of document.
pub const SCHEMA_VERSION: u32 = 1;

/// What a run over many targets found. It holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReportSet {
    /// Which form of document this is.
    pub schema: SchemaRef,
    /// The result in short.
    pub summary: SetSummary,
    /// Every target, in the order of the names.
    pub targets: Vec<SetTarget>,
    /// The reports of all targets that could be checked, in the same order.
    pub reports: Vec<Report>,
    /// Shows whether the list of targets was changed after it was written. It covers every member
    /// but `reports`; the list names the checksum of each report.
    pub integrity: Integrity,
}

/// The result of all targets in short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SetSummary {
    /// The worst outcome of any target; `inconclusive` where nothing was checked.
    pub verdict: SetVerdict,
    /// The exit code: the worst of all targets, in the order 1, 2, 3, 4, 0.
    pub exit_code: u8,
    /// How many targets had which outcome.
    pub counts: SetCounts,
}

/// The outcome of one target or of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SetVerdict {
    /// Nothing failed, nothing was inconclusive, nothing warned.
    Pass,
    /// Nothing failed and nothing was inconclusive, but something warned.
    Warn,
    /// Something failed.
    Fail,
    /// Nothing failed, but something was inconclusive, or nothing was checked.
    Inconclusive,
    /// A target could not be checked, and none failed.
    Error,
}

impl From<Overall> for SetVerdict {
    fn from(overall: Overall) -> Self {
        match overall {
            Overall::Pass => Self::Pass,
            Overall::Warn => Self::Warn,
            Overall::Fail => Self::Fail,
            Overall::Inconclusive => Self::Inconclusive,
        }
    }
}

impl SetVerdict {
    /// That of a report. Where no check ran, nothing passed.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        if words::ran(report) { report.summary.verdict.into() } else { Self::Inconclusive }
    }
}

/// How many targets had which outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SetCounts {
    /// All of them.
    pub targets: u64,
    /// Passed.
    pub pass: u64,
    /// Passed with warnings.
    pub warn: u64,
    /// Failed.
    pub fail: u64,
    /// Undecided, or without any check that ran.
    pub inconclusive: u64,
    /// Could not be checked.
    pub error: u64,
}

/// One target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SetTarget {
    /// Its name in the configuration file.
    pub name: String,
    /// The exit code that `check` gives for it alone; 2 where it could not be checked.
    pub exit_code: u8,
    /// `run.id` of its report. Null where there is none.
    pub run_id: Option<String>,
    /// Why it could not be checked, or why its report could not be saved.
    pub error: Option<String>,
    /// `integrity.sha256` of its report. Null where there is none.
    #[serde(default)]
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    pub report_sha256: Option<String>,
}

impl SetSummary {
    /// The summary of no target at all: nothing was checked, so nothing passed.
    #[must_use]
    pub fn empty() -> Self {
        Self { verdict: SetVerdict::Inconclusive, exit_code: 0, counts: SetCounts::default() }
    }

    /// The summary of these targets. A number that is no exit code counts as a target that could
    /// not be checked.
    pub fn of(targets: impl IntoIterator<Item = (SetVerdict, u8)>) -> Self {
        let mut summary = Self::empty();
        for (verdict, exit) in targets {
            summary.add(verdict, ExitCode::from_number(exit).unwrap_or(ExitCode::Usage));
        }
        summary
    }

    /// Adds a target.
    pub fn add(&mut self, verdict: SetVerdict, exit: ExitCode) {
        let counts = &mut self.counts;
        counts.targets += 1;
        *match verdict {
            SetVerdict::Pass => &mut counts.pass,
            SetVerdict::Warn => &mut counts.warn,
            SetVerdict::Fail => &mut counts.fail,
            SetVerdict::Inconclusive => &mut counts.inconclusive,
            SetVerdict::Error => &mut counts.error,
        } += 1;
        self.verdict = if self.counts.targets == 1 { verdict } else { self.verdict.worst(verdict) };
        self.exit_code = self.exit().worst(exit).code();
    }

    /// The exit code.
    #[must_use]
    pub fn exit(&self) -> ExitCode {
        ExitCode::from_number(self.exit_code).unwrap_or(ExitCode::Internal)
    }
}

impl SetVerdict {
    fn worst(self, other: Self) -> Self {
        let rank = |verdict| match verdict {
            Self::Pass => 0,
            Self::Warn => 1,
            Self::Inconclusive => 2,
            Self::Error => 3,
            Self::Fail => 4,
        };
        if rank(other) > rank(self) { other } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_outranks_a_target_that_could_not_be_checked() {
        use ExitCode as Exit;
        use SetVerdict::*;
        let mut summary = SetSummary::empty();
        let mut seen = Vec::new();
        for (verdict, exit) in [
            (Pass, Exit::Ok),
            (Warn, Exit::Warned),
            (Inconclusive, Exit::Inconclusive),
            (Error, Exit::Usage),
            (Fail, Exit::Failed),
            (Error, Exit::Usage),
        ] {
            summary.add(verdict, exit);
            seen.push((summary.verdict, summary.exit_code));
        }
        assert_eq!(
            seen,
            [(Pass, 0), (Warn, 4), (Inconclusive, 3), (Error, 2), (Fail, 1), (Fail, 1)]
        );
        let counts = summary.counts;
        assert_eq!((counts.targets, counts.error, counts.fail), (6, 2, 1));
    }
}
