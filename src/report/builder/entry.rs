//! One entry of the checklist.

use super::Bench;
use crate::checklist::engine::{CheckResult, Reason, Verdict};
use crate::report::guidance;
use crate::report::v1::{Cause, CheckEntry, EvidenceEntry, Fix, HttpEntry, ReasonEntry};
use crate::types::HttpExchange;

/// The key under which evidence names the findings of a check.
pub(crate) const FINDING: &str = "finding";

impl Bench<'_> {
    pub(super) fn entry(&self, result: &CheckResult, causes: &[Cause]) -> CheckEntry {
        let id = result.key.check.as_str();
        let verdict = &result.verdict;
        let findings = findings(verdict);
        let title = self.handbook.card(id).map_or(id, |card| &card.title);
        CheckEntry {
            id: id.to_owned(),
            subject: result.key.subject.as_ref().map(|subject| subject.as_str().to_owned()),
            title: title.to_owned(),
            phase: result.phase.as_str().to_owned(),
            status: verdict.status().into(),
            reason: verdict.reason().map(|reason| self.reason(reason)),
            summary: self.redactor.text(&verdict.summary()),
            evidence: self.evidence(verdict, &findings),
            causes: causes.iter().map(|cause| self.cause(cause)).collect(),
            fix: self.fixes(id, &findings, verdict.params()),
            http: verdict.exchanges().iter().map(|exchange| self.http(exchange)).collect(),
            duration_ms: super::millis(result.took),
            docs: format!("docs/checks.md#{id}"),
        }
    }

    fn fixes(&self, id: &str, findings: &[&str], params: &[(&'static str, String)]) -> Vec<Fix> {
        let mut values = self.values.clone();
        for (name, value) in params {
            values.set(*name, self.redactor.text(value));
        }
        let findings = findings.iter().copied();
        guidance::fixes(self.handbook, id, findings, &values, self.app_host.as_deref())
    }

    fn reason(&self, reason: &Reason) -> ReasonEntry {
        ReasonEntry {
            code: reason.code.into(),
            blocked_by: reason.blocked_by.iter().map(ToString::to_string).collect(),
            detail: self.redactor.optional(reason.detail.as_deref()),
        }
    }

    fn evidence(&self, verdict: &Verdict, findings: &[&'static str]) -> Vec<EvidenceEntry> {
        let seen = verdict.facts().iter().map(|fact| EvidenceEntry {
            key: fact.key.to_owned(),
            value: self.redactor.text(&fact.value),
            expected: self.redactor.optional(fact.expected.as_deref()),
            source: self.redactor.optional(fact.source.as_deref()),
        });
        let named = findings.iter().map(|finding| EvidenceEntry {
            key: FINDING.to_owned(),
            value: (*finding).to_owned(),
            expected: None,
            source: None,
        });
        seen.chain(named).collect()
    }

    fn cause(&self, cause: &Cause) -> Cause {
        let fix = |fix: &Fix| Fix {
            text: self.redactor.text(&fix.text),
            place: self.redactor.optional(fix.place.as_deref()),
            url: self.redactor.optional(fix.url.as_deref()),
            command: self.redactor.optional(fix.command.as_deref()),
        };
        Cause {
            because: cause.because.iter().map(|why| self.redactor.text(why)).collect(),
            fix: cause.fix.iter().map(fix).collect(),
            ..cause.clone()
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
