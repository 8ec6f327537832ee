//! What the checks of the identifiers share.

use std::collections::BTreeSet;

use crate::credentials::identifiers::{Cleanup, listed};
use crate::engine::{Evidence, FindingId, Severity, Verdict};

/// One thing that was seen.
pub(super) type Seen = (Severity, FindingId, String);

/// A verdict on a value that could be read: `lead` says which, and the notes follow it.
pub(super) fn read(lead: String, mut seen: Vec<Seen>) -> Verdict {
    if seen.is_empty() {
        return Verdict::pass(lead);
    }
    seen.sort_by_key(|(severity, ..)| std::cmp::Reverse(*severity));
    let mut verdict = Verdict::pass(String::new());
    let mut lead = Some(lead);
    for (severity, finding, text) in seen {
        let text = lead.take().map_or_else(|| text.clone(), |lead| format!("{lead} {text}"));
        verdict = verdict.note(severity, finding, text);
    }
    verdict
}

/// The note about what had to be taken off, where anything had.
pub(super) fn cleaned(finding: FindingId, repairs: &BTreeSet<Cleanup>) -> Option<Seen> {
    (!repairs.is_empty()).then(|| {
        let text = format!("It was given with {}, and read without.", listed(repairs));
        (Severity::Warn, finding, text)
    })
}

/// The same as evidence.
pub(super) fn repairs(verdict: Verdict, repairs: &BTreeSet<Cleanup>) -> Verdict {
    if repairs.is_empty() {
        return verdict;
    }
    verdict.evidence(Evidence::new("read_without", listed(repairs)))
}
