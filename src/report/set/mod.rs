//! The reports of many targets in one document, version 1. Frozen like the report itself.
//!
//! The document is written piece by piece, so that a thousand reports never stand in memory at
//! once; these types say what its pieces are, and read it.

use std::io;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::report::v1::{Overall, Report, SchemaRef};
use crate::report::words;
use crate::types::ExitCode;

pub mod text;

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
}

/// The result of all targets in short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SetSummary {
    /// The worst outcome of any target.
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
    /// Nothing failed, but something was inconclusive.
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
    /// Undecided.
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
}

impl SetSummary {
    /// The summary of no target at all.
    #[must_use]
    pub fn empty() -> Self {
        Self { verdict: SetVerdict::Pass, exit_code: 0, counts: SetCounts::default() }
    }

    /// Adds a target of a document; a number that is no exit code counts as a target that could
    /// not be checked.
    pub(super) fn add_number(&mut self, verdict: SetVerdict, exit: u8) {
        self.add(verdict, ExitCode::from_number(exit).unwrap_or(ExitCode::Usage));
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
        self.verdict = self.verdict.worst(verdict);
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

/// One target among many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name in the configuration file.
    pub name: String,
    /// What it came to.
    pub verdict: SetVerdict,
    /// The exit code for it alone.
    pub exit_code: u8,
    /// `run.id` of its report, where it gave one.
    pub run_id: Option<String>,
    /// Why it could not be checked, or why its report could not be saved.
    pub error: Option<String>,
}

impl Listed {
    /// The entry of the document.
    #[must_use]
    pub fn entry(&self) -> SetTarget {
        SetTarget {
            name: self.name.clone(),
            exit_code: self.exit_code,
            run_id: self.run_id.clone(),
            error: self.error.clone(),
        }
    }
}

/// Many targets. Reports are fetched one at a time, so that they need not all stand in memory.
pub trait Many {
    /// The result of all.
    fn summary(&self) -> SetSummary;
    /// All targets, in the order in which they are shown.
    fn targets(&self) -> &[Listed];
    /// The report of the target at this place.
    ///
    /// # Errors
    /// When it cannot be read where it was put away.
    fn report(&mut self, index: usize) -> io::Result<Option<Report>>;
}

/// One target as a form that shows many takes it.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// Its name; none where a report stands for itself.
    pub name: Option<&'a str>,
    /// What was found.
    pub report: Option<&'a Report>,
    /// Why it could not be checked, or why its report could not be saved.
    pub error: Option<&'a str>,
}

impl<'a> Shown<'a> {
    /// A report that stands for itself.
    #[must_use]
    pub fn alone(report: &'a Report) -> Self {
        Self { name: None, report: Some(report), error: None }
    }

    /// The name, and the account where it is known.
    #[must_use]
    pub fn title(&self) -> String {
        match (self.name, self.report) {
            (Some(name), Some(report)) => format!("{name}, {}", words::target(report)),
            (Some(name), None) => name.to_owned(),
            (None, Some(report)) => words::target(report),
            (None, None) => String::new(),
        }
    }
}

/// The targets of a document that was read.
#[derive(Debug)]
pub struct StoredTargets<'a> {
    targets: Vec<Listed>,
    reports: Vec<Option<&'a Report>>,
    strays: usize,
}

impl<'a> StoredTargets<'a> {
    /// Brings targets and reports together by `run.id`. A report that no target names is listed
    /// under its account.
    #[must_use]
    pub fn new(targets: Vec<SetTarget>, reports: &'a [Report]) -> Self {
        let mut this = Self { targets: Vec::new(), reports: Vec::new(), strays: 0 };
        let mut open: Vec<&Report> = reports.iter().collect();
        for target in targets {
            let at = open.iter().position(|r| target.run_id.as_ref() == Some(&r.run.id));
            let report = at.map(|at| open.remove(at));
            this.add(target, report);
        }
        this.strays = open.len();
        for report in open {
            let target = SetTarget {
                name: words::target(report),
                exit_code: report.summary.exit_code,
                run_id: Some(report.run.id.clone()),
                error: None,
            };
            this.add(target, Some(report));
        }
        this
    }

    fn add(&mut self, target: SetTarget, report: Option<&'a Report>) {
        let verdict = report.map_or(SetVerdict::Error, |r| r.summary.verdict.into());
        let SetTarget { name, exit_code, run_id, error } = target;
        let without = "there is no report of it".to_owned();
        let error = if report.is_none() { error.or(Some(without)) } else { error };
        self.targets.push(Listed { name, verdict, exit_code, run_id, error });
        self.reports.push(report);
    }

    /// How many reports belong to none of the targets.
    #[must_use]
    pub fn strays(&self) -> usize {
        self.strays
    }

    /// How many targets state a report that is not there.
    #[must_use]
    pub fn lost(&self) -> usize {
        let pairs = self.targets.iter().zip(&self.reports);
        pairs.filter(|(target, report)| target.run_id.is_some() && report.is_none()).count()
    }

    /// Each target as the forms for many take it.
    #[must_use]
    pub fn shown(&self) -> Vec<Shown<'_>> {
        shown(&self.targets, self.reports.iter().copied())
    }
}

/// Each target with its report.
pub fn shown<'a>(
    targets: &'a [Listed],
    reports: impl Iterator<Item = Option<&'a Report>>,
) -> Vec<Shown<'a>> {
    let one = |(target, report): (&'a Listed, Option<&'a Report>)| Shown {
        name: Some(&target.name),
        report,
        error: target.error.as_deref(),
    };
    targets.iter().zip(reports).map(one).collect()
}

impl Many for StoredTargets<'_> {
    fn summary(&self) -> SetSummary {
        let mut summary = SetSummary::empty();
        for target in &self.targets {
            summary.add_number(target.verdict, target.exit_code);
        }
        summary
    }

    fn targets(&self) -> &[Listed] {
        &self.targets
    }

    fn report(&mut self, index: usize) -> io::Result<Option<Report>> {
        Ok(self.reports.get(index).copied().flatten().cloned())
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
