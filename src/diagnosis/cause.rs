//! One cause, as its file states it.

use serde::Deserialize;

use super::observations::{Entry, Observations};
use super::sign::Sign;
use crate::types::Status;
use crate::types::{Grade, Step};

/// Something that can be wrong with a set-up.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Cause {
    /// Its id: the key in the file, kebab-case, never reused.
    #[serde(skip)]
    pub id: String,
    /// What it is, as a statement.
    pub title: String,
    /// What happens and how one notices, in plain words.
    pub means: String,
    /// When it shows: after a refresh, now and then, from the start. Where that is typical.
    pub pattern: Option<String>,
    /// How well it is known that NetSuite behaves so.
    pub grade: Grade,
    /// Where that is known from.
    pub source: String,
    /// When it was looked up.
    pub date: String,
    /// Its place among causes that nothing tells apart: more often reported and better evidenced
    /// ones first. 0 to 100.
    pub often: u8,
    /// The values of the Login Audit Trail's column Detail that it leaves there.
    #[serde(default)]
    pub audit: Vec<String>,
    /// The checks that it makes fail, and with which findings.
    pub behind: Vec<Behind>,
    /// What proves it.
    #[serde(default)]
    pub likely: Vec<Rule>,
    /// What speaks for it without proving it.
    #[serde(default)]
    pub supported: Vec<Rule>,
    /// What excludes it.
    #[serde(default)]
    pub ruled_out: Vec<Rule>,
    /// How to mend it.
    pub fix: Vec<Step>,
}

/// A check that a cause makes fail.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Behind {
    /// Id of the check.
    pub check: String,
    /// The findings with which it fails then; `@NAME` stands for a group of them. Empty where the
    /// check itself does not show the cause, and other signs do.
    #[serde(default)]
    pub answers: Vec<String>,
    /// Why these findings point here.
    pub because: Option<String>,
    /// Where the findings prove the cause, whichever entry it is asked about: what they prove.
    pub proof: Option<String>,
}

/// Signs that together say something about a cause.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// All of them have to hold.
    pub when: Vec<Sign>,
    /// What that says, as a sentence.
    pub because: String,
}

impl Rule {
    /// Whether all signs hold, seen from an entry.
    #[must_use]
    pub fn holds(&self, seen: &Observations, at: &Entry) -> bool {
        self.when.iter().all(|sign| sign.holds(seen, at))
    }
}

impl Cause {
    /// How this cause shows at an entry: nothing where the entry's check is none of its.
    pub(super) fn behind(&self, at: &Entry) -> Option<&Behind> {
        let own = |behind: &&Behind| behind.check == at.check;
        let fits = |behind: &&Behind| behind.predicts(at);
        // The part that the findings fit comes before one that merely names the check.
        let mut all = self.behind.iter().filter(own);
        all.clone().find(fits).or_else(|| all.next())
    }
}

impl Cause {
    /// What proves it, seen from an entry: rules that hold, and findings that are proof enough.
    pub(super) fn proofs<'a>(&'a self, seen: &Observations, at: &Entry) -> Vec<&'a str> {
        let rules = self.likely.iter().filter(|rule| rule.holds(seen, at));
        let proved = |behind: &&Behind| {
            let wrong = |entry: &Entry| {
                matches!(entry.outcome, Status::Fail | Status::Inconclusive)
                    && behind.predicts(entry)
            };
            seen.seen_from(at, &behind.check).any(wrong)
        };
        let by_finding = self.behind.iter().filter(proved).filter_map(|b| b.proof.as_deref());
        rules.map(|rule| rule.because.as_str()).chain(by_finding).collect()
    }
}

impl Behind {
    /// Whether the findings of the entry are what the cause predicts.
    #[must_use]
    pub fn predicts(&self, at: &Entry) -> bool {
        at.findings.iter().any(|found| self.answers.contains(found))
    }
}
