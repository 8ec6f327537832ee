//! What the walk asks of a front end, and what the front end answers.

use std::path::PathBuf;

use super::forms::Sheet;
use super::permissions::PermissionRow;
use super::step::{Field, Step};
use crate::engine::CheckId;
use crate::report::Report;
use crate::report::v1::{CheckEntry, Fix, Status};
use crate::types::Secret;

/// What is wanted next.
#[derive(Debug)]
pub enum Prompt {
    /// An answer of the person; comes back as [`Event::Answer`] or [`Event::Secret`].
    Ask(Box<Ask>),
    /// A piece of work.
    Work(Work),
    /// Every step is done; what to do from now on.
    Finished(Vec<Fix>),
}

/// A question, with all that belongs on the screen.
#[derive(Debug)]
pub struct Ask {
    /// What is asked.
    pub field: Field,
    /// What form the answer has.
    pub kind: Kind,
    /// The question.
    pub question: String,
    /// What an answer looks like.
    pub hint: Option<String>,
    /// The value that an empty answer keeps.
    pub current: Option<String>,
    /// What was found about the answers before.
    pub findings: Vec<Finding>,
    /// Whether `keep` goes on with the refused value.
    pub may_keep: bool,
    /// What to show first: on entering a step, and when asked for.
    pub page: Option<Page>,
}

/// What form an answer has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A line of text.
    Text,
    /// A line that is not shown.
    Secret,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Nothing but going on.
    Confirm,
}

/// What a check, or the walk itself, found about an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How grave.
    pub status: Status,
    /// What was seen.
    pub summary: String,
    /// What it means.
    pub means: Option<String>,
    /// What to do first.
    pub fix: Option<Fix>,
}

impl Finding {
    /// What the walk itself says.
    pub(super) fn own(summary: impl Into<String>) -> Self {
        Self { status: Status::Fail, summary: summary.into(), means: None, fix: None }
    }

    /// What a check says.
    pub(super) fn of(entry: &CheckEntry) -> Self {
        let passed = entry.status == Status::Pass;
        let meaning = entry.evidence.iter().find(|fact| fact.key == "meaning");
        Self {
            status: entry.status,
            summary: entry.summary.clone(),
            means: meaning.filter(|_| !passed).map(|fact| fact.value.clone()),
            fix: entry.fix.first().filter(|_| !passed).cloned(),
        }
    }
}

/// What a step shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The step.
    pub step: Step,
    /// Its title.
    pub title: String,
    /// Why it is there; said once.
    pub why: Option<String>,
    /// What is proved when it is done; said once.
    pub proves: Option<String>,
    /// What to do.
    pub steps: Vec<Fix>,
    /// The permissions to add.
    pub permissions: Vec<PermissionRow>,
    /// What the integration is given.
    pub sheet: Option<Sheet>,
}

/// Work that takes files, time or a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Make a key pair; comes back as [`Event::Made`].
    MakePair,
    /// Run these checks offline over [`super::Walk::trial`]; comes back as [`Event::Judged`].
    Judge(&'static [CheckId]),
    /// Run the whole checklist and show its report; comes back as [`Event::Judged`].
    FirstCheck,
}

/// What came of a prompt.
#[derive(Debug)]
pub enum Event {
    /// What the person typed.
    Answer(String),
    /// A secret, or none.
    Secret(Option<Secret>),
    /// A pair was made.
    Made {
        /// The private key.
        private_key: PathBuf,
        /// The certificate.
        certificate: PathBuf,
    },
    /// The report of the checks.
    Judged(Box<Report>),
    /// The work could not be done, and why.
    Refused(String),
}
