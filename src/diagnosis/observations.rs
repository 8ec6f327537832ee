//! What the checks observed, in the words of the data.

use std::collections::BTreeSet;

use crate::types::Status;

/// One entry of the checklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
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
}

/// Everything that a run observed.
#[derive(Debug, Clone, Default)]
pub struct Observations {
    entries: Vec<Entry>,
    /// The kind of account, as its ID shows it: production, sandbox, release-preview and so on.
    pub account_kind: Option<String>,
    /// Further facts by name; `FACTS` lists them.
    pub facts: BTreeSet<String>,
}

impl Observations {
    /// The facts that a run can establish besides the entries.
    ///
    /// `certificate-made-this-week`, `certificate-older-than-a-month`: by its notBefore.
    #[cfg(test)]
    pub const FACTS: [&str; 2] = ["certificate-made-this-week", "certificate-older-than-a-month"];

    /// Observations without further facts.
    #[must_use]
    pub fn new(entries: Vec<Entry>) -> Self {
        Self { entries, ..Self::default() }
    }

    /// The entries, in the order of the report.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entries of a check that count for `at`: of its own check only itself.
    pub(super) fn seen_from<'a>(
        &'a self,
        at: &'a Entry,
        check: &'a str,
    ) -> impl Iterator<Item = &'a Entry> {
        let own = at.check == check;
        self.entries
            .iter()
            .filter(move |entry| if own { *entry == at } else { entry.check == check })
    }
}
