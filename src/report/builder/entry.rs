//! One entry of the checklist.

use super::Bench;
use crate::diagnosis::RankedCause;
use crate::engine::{CheckResult, Reason, Verdict};
use crate::report::guidance;
use crate::report::placeholders::{Form, Values};
use crate::report::steps::fill;
use crate::report::v1::{Cause, CheckEntry, EvidenceEntry, Fix, HttpEntry, ReasonEntry};
use crate::types::HttpExchange;

/// The key under which evidence names the findings of a check.
pub(crate) const FINDING: &str = "finding";
/// The key under which evidence says what the finding before it means.
pub(crate) const MEANING: &str = "meaning";

impl Bench<'_> {
    pub(super) fn entry(&self, result: &CheckResult, causes: &[RankedCause]) -> CheckEntry {
        let id = result.key.check.as_str();
        let verdict = &result.verdict;
        let findings = findings(verdict);
        let mut values = self.values(verdict);
        values.set("check", result.key.to_string());
        let title = self.handbook.card(id).map_or(id, |card| &card.title);
        CheckEntry {
            id: id.to_owned(),
            subject: result.key.subject.as_ref().map(|subject| subject.as_str().to_owned()),
            title: title.to_owned(),
            phase: result.phase.as_str().to_owned(),
            status: verdict.status(),
            reason: verdict.reason().map(|reason| self.reason(reason)),
            summary: self.redactor.text(&verdict.summary()),
            evidence: [self.evidence(verdict), self.named(id, &findings, &values)].concat(),
            causes: causes.iter().filter_map(|cause| self.cause(cause, &values)).collect(),
            fix: guidance::fixes(self.handbook, id, &findings, &values, self.app_host.as_deref()),
            http: verdict.exchanges().iter().map(|exchange| self.http(exchange)).collect(),
            duration_ms: super::millis(result.took),
            docs: format!("docs/checks.md#{id}"),
        }
    }

    /// The values of the run and of this verdict.
    fn values(&self, verdict: &Verdict) -> Values {
        let mut values = self.values.clone();
        for (name, value) in verdict.params() {
            values.set(*name, self.redactor.value(value));
        }
        values
    }

    fn reason(&self, reason: &Reason) -> ReasonEntry {
        ReasonEntry {
            code: reason.code,
            blocked_by: reason.blocked_by.iter().map(ToString::to_string).collect(),
            detail: self.redactor.optional(reason.detail.as_deref()),
        }
    }

    fn evidence(&self, verdict: &Verdict) -> Vec<EvidenceEntry> {
        let seen = verdict.facts().iter().map(|fact| EvidenceEntry {
            key: fact.key.to_owned(),
            value: self.redactor.text(&fact.value),
            expected: self.redactor.optional(fact.expected.as_deref()),
            source: self.redactor.optional(fact.source.as_deref()),
        });
        seen.collect()
    }

    /// The findings by name, each with its meaning where its guidance gives one.
    fn named(&self, check: &str, findings: &[&str], values: &Values) -> Vec<EvidenceEntry> {
        let mut named = Vec::new();
        let mut add = |key: &str, value: String| {
            let key = key.to_owned();
            named.push(EvidenceEntry { key, value, expected: None, source: None });
        };
        for finding in findings {
            add(FINDING, (*finding).to_owned());
            let guidance = self.handbook.guidance(check, finding);
            if let Some(means) = guidance.and_then(|guidance| guidance.means.as_ref()) {
                add(MEANING, values.fill(means.trim(), Form::Prose));
            }
        }
        named
    }

    /// A cause with the values of this entry filled in.
    fn cause(&self, ranked: &RankedCause, values: &Values) -> Option<Cause> {
        let cause = self.handbook.cause(&ranked.cause)?;
        let host = self.app_host.as_deref();
        let steps = cause.fix.iter().map(|step| fill(step, self.handbook, values, host));
        Some(Cause {
            id: cause.id.clone(),
            title: cause.title.clone(),
            rank: ranked.rank,
            grade: cause.grade,
            because: ranked.because.iter().map(|why| self.redactor.text(why)).collect(),
            fix: steps.map(|step| self.clean(&step)).collect(),
        })
    }

    fn clean(&self, fix: &Fix) -> Fix {
        Fix {
            text: self.redactor.text(&fix.text),
            place: self.redactor.optional(fix.place.as_deref()),
            url: self.redactor.optional(fix.url.as_deref()),
            command: self.redactor.optional(fix.command.as_deref()),
        }
    }

    fn http(&self, exchange: &HttpExchange) -> HttpEntry {
        HttpEntry {
            method: exchange.method.to_owned(),
            url: self.redactor.text(&exchange.url),
            status: exchange.status,
            error_code: self.redactor.optional(exchange.error_code.as_deref()),
            server_date: self.redactor.optional(exchange.server_date.as_deref()),
            duration_ms: exchange.duration_ms,
        }
    }
}

/// The findings, the gravest first, each once.
fn findings(verdict: &Verdict) -> Vec<&'static str> {
    let mut found = Vec::new();
    for note in verdict.notes_by_gravity() {
        if !found.contains(&note.finding.as_str()) {
            found.push(note.finding.as_str());
        }
    }
    found
}
