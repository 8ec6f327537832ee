//! Which causes stand behind an entry, best first.

use std::cmp::Reverse;

use super::audit::AuditDetail;
use super::catalogue::Causes;
use super::cause::{Cause, Rule};
use super::observations::{Entry, Observations};
use crate::types::{Rank, Status};

/// A cause with its rank and the reasons for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    /// Id of the cause.
    pub cause: String,
    /// How it stands.
    pub rank: Rank,
    /// Why, each a sentence; never empty.
    pub because: Vec<String>,
}

/// What one cause has for and against it at one entry.
struct Case<'a> {
    cause: &'a Cause,
    /// The answer is what the cause predicts.
    predicted: bool,
    /// The Login Audit Trail names it.
    named: bool,
    proofs: Vec<&'a str>,
    supports: Vec<&'a str>,
    exclusions: Vec<&'a str>,
    /// The Login Audit Trail shows what this cause does not leave there.
    other_trail: Option<String>,
}

/// Ranks the causes behind one entry. An entry that passed has none; so has a skipped one, unless
/// an administrator says what the Login Audit Trail shows for it.
#[must_use]
pub fn rank(
    causes: &Causes,
    seen: &Observations,
    at: &Entry,
    audit: Option<&AuditDetail>,
) -> Vec<Ranked> {
    match at.outcome {
        Status::Fail | Status::Inconclusive | Status::Warn => {}
        Status::Skipped if audit.is_some() => {}
        Status::Pass | Status::Skipped => return Vec::new(),
    }
    let mut cases: Vec<Case<'_>> =
        causes.all().iter().filter_map(|cause| case(cause, seen, at, audit)).collect();
    let mut ranked: Vec<(Rank, Case<'_>)> = Vec::new();
    let survivors = cases.iter().filter(|case| case.rank() != Rank::RuledOut).count();
    let excluded = cases.len() - survivors;
    for case in cases.drain(..) {
        let rank = case.rank();
        // What is open by its nature, such as no answer at all, proves nothing by elimination.
        let decided = at.outcome == Status::Fail;
        let alone =
            decided && rank == Rank::Possible && case.predicted && survivors == 1 && excluded > 0;
        ranked.push((if alone { Rank::Likely } else { rank }, case));
    }
    ranked.sort_by_key(|(rank, case)| {
        let weight = (case.named, case.proofs.len(), case.supports.len(), case.cause.often);
        (*rank, Reverse(weight))
    });
    ranked.into_iter().map(|(rank, case)| case.told(rank, at, audit)).collect()
}

fn case<'a>(
    cause: &'a Cause,
    seen: &Observations,
    at: &Entry,
    audit: Option<&AuditDetail>,
) -> Option<Case<'a>> {
    let behind = cause.behind(at)?;
    // Nothing was asked yet where the entry was skipped: every answer is still open.
    let predicted =
        behind.predicts(at) || (at.outcome == Status::Skipped && !behind.answers.is_empty());
    let holding = |rules: &'a [Rule]| -> Vec<&'a str> {
        rules.iter().filter(|r| r.holds(seen, at)).map(|r| r.because.as_str()).collect()
    };
    let proofs = cause.proofs(seen, at);
    if !predicted && proofs.is_empty() {
        return None;
    }
    // What it shows of a grant that is not this one says nothing.
    let audit = audit.filter(|detail| {
        detail.is_machine_to_machine() || cause.audit.iter().any(|own| own == detail.as_str())
    });
    let named = audit.is_some_and(|detail| cause.audit.iter().any(|own| own == detail.as_str()));
    let other_trail = audit.filter(|_| !named && !cause.audit.is_empty()).map(|detail| {
        let own = cause.audit.join(" or ");
        format!("The Login Audit Trail shows {detail}; this would show {own}.")
    });
    Some(Case {
        cause,
        predicted,
        named,
        proofs,
        supports: holding(&cause.supported),
        exclusions: holding(&cause.ruled_out),
        other_trail,
    })
}

impl Case<'_> {
    fn rank(&self) -> Rank {
        let proved = !self.proofs.is_empty();
        match (self.exclusions.is_empty(), self.named, proved) {
            // The trail and a proof contradict each other: neither is thrown away.
            (false, true, _) => Rank::Possible,
            (false, false, _) => Rank::RuledOut,
            // What was proved stays proved: the trail shows the fault that NetSuite met first.
            (true, true, _) | (true, _, true) => Rank::Likely,
            (true, false, false) if self.other_trail.is_some() => Rank::RuledOut,
            (true, false, false) => Rank::Possible,
        }
    }

    fn told(self, rank: Rank, at: &Entry, audit: Option<&AuditDetail>) -> Ranked {
        let mut because: Vec<String> = Vec::new();
        if let Some(detail) = audit.filter(|_| self.named) {
            because.push(format!("The Login Audit Trail shows {detail}, which names it."));
        }
        because.extend(self.exclusions.iter().map(|why| (*why).to_owned()));
        because.extend(self.other_trail);
        if rank != Rank::RuledOut {
            because.extend(self.proofs.iter().map(|why| (*why).to_owned()));
            because.extend(self.supports.iter().map(|why| (*why).to_owned()));
            let predicted = self.cause.behind(at).filter(|behind| behind.predicts(at));
            because.extend(predicted.and_then(|behind| behind.because.clone()));
            if rank == Rank::Likely && self.proofs.is_empty() && !self.named {
                because.push(
                    "Everything else on record that gives this answer is ruled out.".to_owned(),
                );
            }
        }
        if because.is_empty() {
            because
                .push("The answer fits it, and nothing that was checked excludes it.".to_owned());
        }
        Ranked { cause: self.cause.id.clone(), rank, because }
    }
}

#[cfg(test)]
mod tests;
