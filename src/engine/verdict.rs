//! What a check says when it is done.

use super::id::{FindingId, NodeKey};
use crate::types::{HttpExchange, ReasonCode, Status};

/// A reason with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Which reason.
    pub code: ReasonCode,
    /// The entries that block this one; empty unless `code` is [`ReasonCode::Blocked`].
    pub blocked_by: Vec<NodeKey>,
    /// A sentence, where the code alone does not say enough.
    pub detail: Option<String>,
}

impl Reason {
    /// A reason without further words.
    #[must_use]
    pub fn new(code: ReasonCode) -> Self {
        Self { code, blocked_by: Vec::new(), detail: None }
    }
}

/// How grave one note is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Somebody should look.
    Warn,
    /// Leaves the question open.
    Open,
    /// Wrong.
    Fail,
}

impl Severity {
    fn status(self) -> Status {
        match self {
            Self::Note => Status::Pass,
            Self::Warn => Status::Warn,
            Self::Open => Status::Inconclusive,
            Self::Fail => Status::Fail,
        }
    }
}

/// How grave an outcome is against others of the same check.
#[must_use]
pub fn gravity(status: Status) -> u8 {
    match status {
        Status::Skipped => 0,
        Status::Pass => 1,
        Status::Warn => 2,
        Status::Inconclusive => 3,
        Status::Fail => 4,
    }
}

/// One finding in words: what was seen. What to do about it stands in the card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// How grave it is.
    pub severity: Severity,
    /// Which guidance belongs to it.
    pub finding: FindingId,
    /// What was seen, in one or two sentences.
    pub text: String,
}

/// A fact that the verdict rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// snake_case name of the fact.
    pub key: &'static str,
    /// What was seen.
    pub value: String,
    /// What was expected, where there is an expectation.
    pub expected: Option<String>,
    /// Where it was seen, or how it was derived and how well that is proved.
    pub source: Option<String>,
}

impl Evidence {
    /// A fact.
    #[must_use]
    pub fn new(key: &'static str, value: impl Into<String>) -> Self {
        Self { key, value: value.into(), expected: None, source: None }
    }

    /// Adds what was expected.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    /// Adds where it was seen.
    #[must_use]
    pub fn source(mut self, source: impl Into<String>) -> Self {
        self.source = Some(source.into());
        self
    }
}

/// What a check concluded. The status follows from the notes: the gravest one decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    status: Status,
    reason: Option<Reason>,
    /// What was seen when nothing is wrong.
    plain: String,
    notes: Vec<Note>,
    evidence: Vec<Evidence>,
    params: Vec<(&'static str, String)>,
    http: Vec<HttpExchange>,
}

impl Verdict {
    fn bare(status: Status, reason: Option<Reason>, plain: String) -> Self {
        Self {
            status,
            reason,
            plain,
            notes: Vec::new(),
            evidence: Vec::new(),
            params: Vec::new(),
            http: Vec::new(),
        }
    }

    /// Proved, with what was seen.
    #[must_use]
    pub fn pass(summary: impl Into<String>) -> Self {
        Self::bare(Status::Pass, None, summary.into())
    }

    /// Did not run, and why.
    #[must_use]
    pub fn skipped(code: ReasonCode, summary: impl Into<String>) -> Self {
        Self::bare(Status::Skipped, Some(Reason::new(code)), summary.into())
    }

    /// Did not run because of other entries.
    #[must_use]
    pub fn blocked(by: Vec<NodeKey>) -> Self {
        let names: Vec<String> = by.iter().map(ToString::to_string).collect();
        let summary = format!("Not checked: it needs {}.", names.join(" and "));
        let reason = Reason { code: ReasonCode::Blocked, blocked_by: by, detail: None };
        Self::bare(Status::Skipped, Some(reason), summary)
    }

    /// Proved wrong.
    #[must_use]
    pub fn fail(finding: FindingId, summary: impl Into<String>) -> Self {
        Self::pass(String::new()).note(Severity::Fail, finding, summary)
    }

    /// Works, but somebody should look.
    #[must_use]
    pub fn warn(finding: FindingId, summary: impl Into<String>) -> Self {
        Self::pass(String::new()).note(Severity::Warn, finding, summary)
    }

    /// It ran, and the answer does not decide it.
    #[must_use]
    pub fn inconclusive(code: ReasonCode, finding: FindingId, summary: impl Into<String>) -> Self {
        Self::pass(String::new()).note(Severity::Open, finding, summary).because(code)
    }

    /// Adds a note; the gravest note decides the status.
    #[must_use]
    pub fn note(mut self, severity: Severity, finding: FindingId, text: impl Into<String>) -> Self {
        self.notes.push(Note { severity, finding, text: text.into() });
        if self.status != Status::Skipped {
            if gravity(severity.status()) > gravity(self.status) {
                self.status = severity.status();
            }
            if self.status == Status::Inconclusive && self.reason.is_none() {
                self.reason = Some(Reason::new(ReasonCode::Ambiguous));
            }
            if self.status == Status::Fail {
                self.reason = None;
            }
        }
        self
    }

    /// Says why it is inconclusive or skipped; has no effect on any other status.
    #[must_use]
    pub fn because(mut self, code: ReasonCode) -> Self {
        if matches!(self.status, Status::Inconclusive | Status::Skipped) {
            self.reason = Some(Reason::new(code));
        }
        self
    }

    /// Adds a sentence to the reason, where there is one.
    #[must_use]
    pub fn reason_detail(mut self, detail: impl Into<String>) -> Self {
        if let Some(reason) = &mut self.reason {
            reason.detail = Some(detail.into());
        }
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn evidence(mut self, evidence: Evidence) -> Self {
        self.evidence.push(evidence);
        self
    }

    /// Sets a value for a `{name}` placeholder of the guidance.
    #[must_use]
    pub fn param(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.params.push((name, value.into()));
        self
    }

    /// Adds the HTTP exchanges behind the verdict.
    #[must_use]
    pub fn http(mut self, exchanges: impl IntoIterator<Item = HttpExchange>) -> Self {
        self.http.extend(exchanges);
        self
    }

    /// The outcome.
    #[must_use]
    pub fn status(&self) -> Status {
        self.status
    }

    /// Why it is skipped or inconclusive.
    #[must_use]
    pub fn reason(&self) -> Option<&Reason> {
        self.reason.as_ref()
    }

    /// What was seen, the gravest first.
    #[must_use]
    pub fn summary(&self) -> String {
        let notes = self.notes_by_gravity();
        if notes.is_empty() {
            return self.plain.clone();
        }
        let texts: Vec<&str> = notes.iter().map(|note| note.text.as_str()).collect();
        texts.join(" ")
    }

    /// The notes, the gravest first.
    #[must_use]
    pub fn notes_by_gravity(&self) -> Vec<&Note> {
        let mut notes: Vec<&Note> = self.notes.iter().collect();
        notes.sort_by_key(|note| std::cmp::Reverse(note.severity));
        notes
    }

    /// The facts.
    #[must_use]
    pub fn facts(&self) -> &[Evidence] {
        &self.evidence
    }

    /// The placeholder values for the guidance.
    #[must_use]
    pub fn params(&self) -> &[(&'static str, String)] {
        &self.params
    }

    /// The HTTP exchanges.
    #[must_use]
    pub fn exchanges(&self) -> &[HttpExchange] {
        &self.http
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: FindingId = FindingId::new("a");
    const B: FindingId = FindingId::new("b");

    #[test]
    fn the_gravest_note_decides_and_leads() {
        let verdict = Verdict::warn(A, "Look.").note(Severity::Fail, B, "Wrong.");
        assert_eq!(verdict.status(), Status::Fail);
        assert_eq!(verdict.summary(), "Wrong. Look.");
        assert_eq!(verdict.reason(), None);
    }

    #[test]
    fn inconclusive_always_has_a_reason() {
        let verdict = Verdict::pass("Fine.").note(Severity::Open, A, "Unclear.");
        assert_eq!(verdict.reason().map(|r| r.code), Some(ReasonCode::Ambiguous));
        let verdict = verdict.because(ReasonCode::Empty);
        assert_eq!(verdict.reason().map(|r| r.code), Some(ReasonCode::Empty));
    }

    #[test]
    fn a_pass_has_no_reason() {
        assert_eq!(Verdict::pass("Fine.").because(ReasonCode::Empty).reason(), None);
    }
}
