//! Targets beside each other, whether they gave a report or not.

use std::io;

use super::{SetSummary, SetTarget, SetVerdict};
use crate::report::human::head;
use crate::report::v1::Report;

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
            (Some(name), Some(report)) => format!("{name}, {}", head::target(report)),
            (Some(name), None) => name.to_owned(),
            (None, Some(report)) => head::target(report),
            (None, None) => String::new(),
        }
    }
}

/// The targets of a document that was read.
#[derive(Debug)]
pub struct StoredTargets<'a> {
    targets: Vec<Listed>,
    reports: Vec<Option<&'a Report>>,
}

impl<'a> StoredTargets<'a> {
    /// Brings targets and reports together by `run.id`. A report that no target names is listed
    /// under its account.
    #[must_use]
    pub fn new(targets: Vec<SetTarget>, reports: &'a [Report]) -> Self {
        let mut this = Self { targets: Vec::new(), reports: Vec::new() };
        let mut open: Vec<&Report> = reports.iter().collect();
        for target in targets {
            let at = open.iter().position(|r| target.run_id.as_ref() == Some(&r.run.id));
            let report = at.map(|at| open.remove(at));
            this.add(target, report);
        }
        for report in open {
            let target = SetTarget {
                name: head::target(report),
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
