//! What the checks observed, in the words of the data.

use std::collections::BTreeSet;

use super::audit::AuditDetail;
use super::form::WireAnswer;
use crate::types::Status;

/// One entry of the checklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// Id of the check.
    pub check: String,
    /// What it is about, where it runs once per thing.
    pub subject: Option<String>,
    /// How it ended.
    pub outcome: Status,
    /// What it found, the gravest first.
    pub findings: Vec<String>,
    /// Its evidence, key and value.
    pub evidence: Vec<(String, String)>,
    /// What came back to its requests, in their order.
    pub answers: Vec<WireAnswer>,
    /// Whether the row of the Login Audit Trail is about it.
    pub in_audit_trail: bool,
}

/// Everything that a run observed.
#[derive(Debug, Clone, Default)]
pub struct Observations {
    /// One per entry of the checklist, in the order of the report.
    pub entries: Vec<Observation>,
    /// The kind of account, as its ID shows it: production, sandbox, release-preview and so on.
    pub account_kind: Option<String>,
    /// Further facts by name; `FACTS` lists them.
    pub facts: BTreeSet<String>,
    /// What an administrator read in the Login Audit Trail.
    pub audit: Option<AuditDetail>,
    /// Whether the account itself gave it, for the row of this very attempt.
    pub audit_is_own: bool,
}

impl Observations {
    /// The facts that a run can establish besides the entries.
    ///
    /// `certificate-made-this-week`, `certificate-older-than-a-month`: by its notBefore.
    #[cfg(test)]
    pub const FACTS: [&str; 2] = ["certificate-made-this-week", "certificate-older-than-a-month"];

    /// Observations without further facts.
    #[must_use]
    pub fn new(entries: Vec<Observation>) -> Self {
        Self { entries, ..Self::default() }
    }

    /// The entries of a check. Seen from one entry, of its own check only itself.
    pub(super) fn of<'a>(
        &'a self,
        check: &'a str,
        from: Option<&'a Observation>,
    ) -> impl Iterator<Item = &'a Observation> {
        let own = from.filter(|at| at.check == check);
        self.entries.iter().filter(move |entry| match own {
            Some(at) => *entry == at,
            None => entry.check == check,
        })
    }
}
