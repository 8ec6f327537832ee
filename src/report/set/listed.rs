//! Many targets as the forms take them: what stays in memory of each, and its report when asked.

use std::io::{self, Write};

use serde_json::{Map, Value};

use crate::report::builder::counts;
use crate::report::set::text::{status, word};
use crate::report::set::{SetSummary, SetTarget, SetVerdict};
use crate::report::text::bounded;
use crate::report::v1::{Counts, Overall, Report, Status};
use crate::report::words;

/// The most characters that are kept of what was seen.
const SEEN: usize = 160;

/// What a list of many targets says of a report. It is kept while the report itself is put away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    /// The account, in words.
    pub account: String,
    /// The account ID.
    pub account_id: Option<String>,
    /// The shortened Client ID.
    pub client_id: Option<String>,
    /// The address that stood in for NetSuite.
    pub connect_to: Option<String>,
    /// Whether recorded exchanges were served instead of NetSuite's answers.
    pub replay: bool,
    /// The status whose mark the verdict has.
    pub head: Status,
    /// The verdict in words.
    pub word: &'static str,
    /// The verdict that it states.
    pub overall: Overall,
    /// How many entries had which outcome, by the entries themselves.
    pub counts: Counts,
    /// The same without what nobody misses.
    pub told: Counts,
    /// Its first problem.
    pub problem: Option<Problem>,
    /// How long the run took, in milliseconds.
    pub duration_ms: u64,
    /// The exit code that it states.
    pub exit_code: u8,
    /// The checksum that it states.
    pub sha256: String,
}

/// The first problem of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Its status.
    pub status: Status,
    /// The entry.
    pub name: String,
    /// What was seen.
    pub seen: String,
}

impl Digest {
    /// That of a report.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        let problems = words::problems(&report.checks);
        let first = problems.first().and_then(|group| group.first());
        let problem = first.map(|check| Problem {
            status: check.status,
            name: check.name(),
            seen: bounded(&check.summary, SEEN).into_owned(),
        });
        let counts = counts(&report.checks);
        let unasked = report.checks.iter().filter(|check| words::unasked(check)).count() as u64;
        Self {
            account: words::target(report),
            account_id: report.target.account_id.clone(),
            client_id: report.target.client_id.clone(),
            connect_to: report.environment.connect_to.clone(),
            replay: report.environment.replay == Some(true),
            head: words::head(report),
            word: words::verdict(report),
            overall: report.summary.verdict,
            counts,
            told: Counts { skipped: counts.skipped.saturating_sub(unasked), ..counts },
            problem,
            duration_ms: report.run.duration_ms,
            exit_code: report.summary.exit_code,
            sha256: report.integrity.sha256.clone(),
        }
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
    /// What its report says in short, where it gave one.
    pub digest: Option<Digest>,
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
            report_sha256: self.digest.as_ref().map(|digest| digest.sha256.clone()),
        }
    }

    /// The status whose mark it has.
    #[must_use]
    pub fn head(&self) -> Status {
        self.digest.as_ref().map_or(status(self.verdict), |digest| digest.head)
    }

    /// Its verdict in words.
    #[must_use]
    pub fn word(&self) -> &'static str {
        self.digest.as_ref().map_or(word(self.verdict), |digest| digest.word)
    }

    /// Whether people are spared more than its line.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.head() == Status::Pass && self.error.is_none()
    }

    /// The name, and the account where it is known.
    #[must_use]
    pub fn title(&self) -> String {
        match &self.digest {
            Some(digest) => format!("{}, {}", self.name, digest.account),
            None => self.name.clone(),
        }
    }

    /// The target as a form takes it, with its report.
    #[must_use]
    pub fn shown<'a>(&'a self, report: Option<&'a Report>) -> Shown<'a> {
        Shown { name: Some(&self.name), report, error: self.error.as_deref() }
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
    /// The document without its reports.
    ///
    /// # Errors
    /// Never for these types; the signature is that of the serialiser.
    fn frame(&mut self) -> io::Result<Map<String, Value>>;
    /// Writes the reports as they stand in the document, with commas between them.
    ///
    /// # Errors
    /// When one cannot be read where it was put away, or not be written.
    fn copy_reports(&mut self, out: &mut dyn Write) -> io::Result<()>;
}

/// Whether nothing at all was checked.
pub fn nothing_checked(many: &dyn Many) -> bool {
    many.targets().iter().all(|target| target.head() == Status::Skipped)
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
