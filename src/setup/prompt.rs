//! What the walk asks of a front end, and what the front end answers.

use std::path::PathBuf;

use super::guide::PermissionRow;
use super::sheet::Sheet;
use super::step::{Field, SetupStep};
use crate::diagnosis::AuditDetail;
use crate::engine::CheckId;
use crate::probes::certificates::Combination;
use crate::probes::inside::choice::{Choice, Choices};
use crate::report::Report;
use crate::report::v1::{CheckEntry, Fix, Status};
use crate::types::Secret;

/// What is wanted next.
#[derive(Debug)]
pub enum Prompt {
    /// An answer of the person; comes back as [`Response::Answer`], [`Response::Secret`] or
    /// [`Response::Back`].
    Ask(Box<Ask>),
    /// A piece of work.
    Work(Work),
    /// The walk is over.
    Finished {
        /// What to do from now on.
        next: Vec<Fix>,
        /// Whether the first check passed.
        proved: bool,
    },
    /// The person stopped at a fault.
    Stopped,
}

/// A question, with all that belongs on the screen.
#[derive(Debug)]
pub struct Ask {
    /// What is asked.
    pub field: Field,
    /// What form the answer has.
    pub kind: AnswerForm,
    /// The question.
    pub question: String,
    /// What an answer looks like.
    pub hint: Option<String>,
    /// The value that an empty answer keeps.
    pub current: Option<String>,
    /// What was found about the answers before.
    pub remarks: Vec<Remark>,
    /// Whether `keep` goes on with the refused value.
    pub may_keep: bool,
    /// Whether there is a question before this one.
    pub may_go_back: bool,
    /// What there is to copy; never a secret.
    pub copies: Vec<Copyable>,
    /// What the account lists to choose from, by ID.
    pub choices: Vec<Choice>,
    /// The steps that are done, in order.
    pub done: Vec<SetupStep>,
    /// The step, with why it is there.
    pub page: StepPage,
}

/// A value that is worth copying.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copyable {
    /// What it is.
    pub name: String,
    /// The value itself.
    pub value: String,
}

/// What form an answer has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerForm {
    /// A line of text.
    Text,
    /// The path of a file.
    File,
    /// A line that is not shown.
    Secret,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Nothing but going on.
    Confirm,
}

/// What a check, or the walk itself, found about an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// How grave.
    pub status: Status,
    /// What was seen.
    pub summary: String,
    /// What it means.
    pub means: Option<String>,
    /// What to do first.
    pub fix: Option<Fix>,
}

impl Remark {
    /// What the walk itself refuses.
    pub(super) fn own(summary: impl Into<String>) -> Self {
        Self { status: Status::Fail, summary: summary.into(), means: None, fix: None }
    }

    /// What the walk itself did.
    pub(super) fn done(summary: impl Into<String>) -> Self {
        Self { status: Status::Pass, ..Self::own(summary) }
    }

    /// What is said to the person and is no fault.
    pub(super) fn told(summary: impl Into<String>) -> Self {
        Self { status: Status::Skipped, ..Self::own(summary) }
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
pub struct StepPage {
    /// The step.
    pub step: SetupStep,
    /// Its title.
    pub title: String,
    /// Why it is there.
    pub why: String,
    /// What is proved when it is done.
    pub proves: String,
    /// What else is worth knowing.
    pub more: Vec<String>,
    /// What to do.
    pub steps: Vec<Fix>,
    /// What is made in the account after a yes: each part of it, with its value.
    pub made: Vec<Copyable>,
    /// The permissions to add.
    pub permissions: Vec<PermissionRow>,
    /// What can be done about a failed check.
    pub fault: Option<FaultPage>,
    /// What the integration is given.
    pub sheet: Option<Sheet>,
}

/// What can be done about a check that did not pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FaultPage {
    /// The step that it belongs to, where one can be named.
    pub step: Option<SetupStep>,
    /// Whether the Login Audit Trail can tell more.
    pub asks_for_detail: bool,
}

/// Work that takes files, time or a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// Make a key pair; comes back as [`Response::Made`].
    MakePair,
    /// Run these checks offline over [`super::Walk::trial`]; comes back as [`Response::Judged`].
    Judge(&'static [CheckId]),
    /// Run the whole checklist and show its report; comes back as [`Response::Judged`].
    FirstCheck,
    /// Say what the last report says with this Detail; comes back as [`Response::Judged`].
    Explain(AuditDetail),
    /// Let an administrator sign in, to learn which account is meant; comes back as
    /// [`Response::SignedIn`].
    SignIn,
    /// List the roles that a mapping can be made for; comes back as [`Response::Listed`].
    ListRoles,
    /// List the users who have this role; comes back as [`Response::Listed`].
    ListEntities(i64),
    /// Make the mapping, after a yes, and prove it; comes back as [`Response::Mapped`].
    Map(Combination),
    /// Write the sheet to a file; comes back as [`Response::Written`].
    WriteSheet(Box<Sheet>),
}

/// What came of a prompt.
#[derive(Debug)]
pub enum Response {
    /// What the person typed.
    Answer(String),
    /// A secret, or none.
    Secret(Option<Secret>),
    /// The question before this one is wanted.
    Back,
    /// This step is wanted, to change an answer of it.
    Visit(SetupStep),
    /// A pair was made.
    Made {
        /// The private key.
        private_key: PathBuf,
        /// The certificate.
        certificate: PathBuf,
    },
    /// The report of the checks.
    Judged(Box<Report>),
    /// An administrator signed in to this account.
    SignedIn(String),
    /// What the account lists.
    Listed(Choices),
    /// The mapping is there, with this Certificate ID.
    Mapped(String),
    /// The file was written.
    Written(PathBuf),
    /// The work could not be done, and why.
    Refused(String),
}
