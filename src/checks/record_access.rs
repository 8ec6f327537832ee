//! `record-access`

mod above_view;

use std::sync::PoisonError;

use futures_util::FutureExt as _;

use super::role_definition;
use crate::checks::advice::Advice;
use crate::checks::context::Context;
use crate::checks::ids;
use crate::checks::no_answer;
use crate::checks::session::{NETSUITES_WORDS, Session, with_words};
use crate::checks::spec::{self, Run, Spec, findings};
use crate::engine::{Evidence, FindingId, NodeKey, ReasonCode, Verdict};
use crate::netsuite::catalogue::catalogue;
use crate::netsuite::not_offered::not_offered;
use crate::netsuite::patterns::Meaning;
use crate::netsuite::script_error::ScriptError;
use crate::probes::record::{Probe, ProbeStep, RecordRefusal, RowSource, Stop, View};
use crate::types::source::readable;
use crate::types::{Level, RecordRequest};

findings! {
    ABSENT = "permission-absent",
    TOO_LOW = "level-too-low",
    REFUSED = "permission-refused",
    CUSTOM = "custom-record-refused",
    RESTRICTED = "role-restricted",
    ROLE = "role-not-admitted",
    BETA = "beta-record",
    UNREADABLE = "type-not-readable",
    NOT_FOUND = "type-not-found",
    ROW = "row-refused",
    EMPTY = "empty-list",
    NO_LIST = "no-list",
    ROW_GONE = "row-not-found",
    SCRIPT = "script-failed",
    WORKBOOK = "workbook-missing",
    NOT_OFFERED = "type-not-offered",
    LOGIN = "login-refused",
}

/// The declaration of `record-access`.
pub const SPEC: Spec = Spec {
    id: ids::RECORD_ACCESS,
    phase: spec::RECORDS,
    needs: &[ids::REST_SERVICE],
    after: &[ids::ROLE_DEFINITION, ids::QUERY_SERVICE],
    findings: &[FINDINGS, above_view::FINDINGS, no_answer::FINDINGS],
    run: Run::PerRecord(|session, request| run(session, request).boxed_local()),
};

async fn run(session: Session<'_>, request: &RecordRequest) -> Verdict {
    let Session { context, client, hosts: account, token } = session;
    if request.level != Level::View {
        let verdict = above_view::run(session, request).await;
        return match context.facts.role.get() {
            Some(role) if role_definition::grants(role, request) && not_probed(&verdict) => {
                verdict.reason_detail("The role's definition grants it: see role-definition.")
            }
            _ => verdict,
        };
    }
    let entry = catalogue().find(request.record.as_str());
    let entry = entry.as_deref();
    let probe = Probe { client, account, token, record: &request.record, entry };
    let (view, exchanges) = probe.view().await;
    if let View::Read { id, .. } = &view {
        let mut rows = context.facts.rows_read.lock().unwrap_or_else(PoisonError::into_inner);
        rows.insert(request.record.clone(), id.clone());
    }
    if stands_before(context, &view) {
        let blocked = Verdict::blocked(vec![NodeKey::of(ids::QUERY_SERVICE)]);
        return told(blocked, view.stop()).http(exchanges);
    }

    let offered = context.facts.offered_types.get();
    let offered = offered.and_then(|types| types.has(request.record.as_str()));
    let mut advice = Advice::new(entry, request.level);
    if let View::Stopped { stop: Stop::Refused(refused), .. } = &view {
        advice = advice.quoting(&refused.meaning, catalogue(), request.level);
    }
    let case = Case {
        request,
        offered,
        advice: &advice,
        accept_empty: context.inputs.accept_empty,
        queries_answered: context.facts.queries_answered.get().is_some(),
        listed: entry.is_some() && !request.record.is_custom(),
    };
    let mut verdict = told(case.judge(&view), view.stop());
    if view.was_listed() {
        verdict = verdict.evidence(Evidence::new("list", "answered"));
    }
    if let Some(offered) = offered {
        let offered = if offered { "yes" } else { "no" };
        verdict = verdict.evidence(Evidence::new("in_metadata_catalog", offered));
    }
    if let Some(role) = session.claims().role {
        verdict = verdict.param("role_id", role);
    }
    above_view::base(request, advice.onto(verdict)).http(exchanges)
}

/// Whether the level was left untried.
fn not_probed(verdict: &Verdict) -> bool {
    verdict.reason().is_some_and(|reason| reason.code == ReasonCode::NotProbed)
}

/// Whether the refusal is what `query-service` met already: then it says nothing about this type.
fn stands_before(context: &Context, view: &View) -> bool {
    let Some(refused) = context.facts.queries_refused.get() else { return false };
    match view {
        View::Stopped { step: ProbeStep::List, stop: Stop::Refused(_), .. } => !refused.lists_work,
        View::Stopped { step: ProbeStep::Query, stop: Stop::Refused(_), .. } => true,
        _ => false,
    }
}

/// NetSuite's own words, as evidence and for the guidance.
fn told(verdict: Verdict, stop: Option<&Stop>) -> Verdict {
    let said = stop.and_then(|stop| stop.said().0).unwrap_or("(it gave none)");
    let verdict = verdict.param("netsuite_says", said);
    match stop {
        Some(stop) => with_words(verdict, stop),
        None => verdict,
    }
}

/// A script of the account that failed says nothing about the role.
fn script_failed(what: &str, error: &ScriptError) -> Verdict {
    let of = |value: &Option<String>| value.clone().unwrap_or_else(|| "not named".to_owned());
    let script = match &error.script {
        Some(script) => format!("The script {script} of the account"),
        None => "A script of the account".to_owned(),
    };
    let missing = match &error.missing {
        Some(missing) => format!(" Its error names {missing}."),
        None => String::new(),
    };
    let text = format!("{script} failed on {what} ({}).{missing}", error.status);
    let verdict = Verdict::inconclusive(ReasonCode::Ambiguous, SCRIPT, text)
        .param("script", of(&error.script))
        .param("missing_object", of(&error.missing));
    let named = [("script", &error.script), ("missing_object", &error.missing)];
    named.into_iter().fold(verdict, |verdict, (key, value)| match value {
        Some(value) => verdict.evidence(Evidence::new(key, value.as_str()).source(NETSUITES_WORDS)),
        None => verdict,
    })
}

/// What a judgement rests on besides the answer.
struct Case<'a> {
    request: &'a RecordRequest,
    offered: Option<bool>,
    advice: &'a Advice,
    accept_empty: bool,
    /// Whether a query was answered in this run.
    queries_answered: bool,
    /// Whether the catalogue has the type itself, so that its name is known to be right.
    listed: bool,
}

impl Case<'_> {
    fn judge(&self, view: &View) -> Verdict {
        let record = &self.request.record;
        match view {
            View::Read { found: RowSource::Listed, .. } => {
                Verdict::pass(format!("A row of {record} was listed and read by its ID."))
            }
            View::Read { found: RowSource::Queried, .. } => Verdict::pass(format!(
                "{record} offers no list; a row was found through SuiteQL and read by its ID."
            )),
            View::Stopped { step, stop, .. } => self.stopped(*step, stop),
        }
    }

    fn stopped(&self, step: ProbeStep, stop: &Stop) -> Verdict {
        let record = &self.request.record;
        let what = step.words();
        let open = |code, finding, text: String| Verdict::inconclusive(code, finding, text);
        match stop {
            Stop::Refused(refused) => self.refused(step, refused),
            Stop::Empty => {
                let text = format!("The role sees no row of {record}, so nothing could be read.");
                if self.accept_empty {
                    Verdict::warn(EMPTY, text)
                } else {
                    open(ReasonCode::Empty, EMPTY, text)
                }
            }
            Stop::NoList => {
                let text =
                    format!("{record} offers no list, and no SuiteQL table is known for it.");
                open(ReasonCode::Ambiguous, NO_LIST, text)
            }
            Stop::LoginRefused => {
                let text = format!("For {what} of {record} the login was refused (401).");
                open(ReasonCode::Ambiguous, LOGIN, text)
            }
            Stop::Script(error) => script_failed(&format!("{what} of {record}"), error),
            Stop::NoAnswer(no_answer) => {
                no_answer::undecided(no_answer, &format!("{what} of {record}"))
            }
        }
    }

    fn refused(&self, step: ProbeStep, refused: &RecordRefusal) -> Verdict {
        let record = &self.request.record;
        if step == ProbeStep::Query {
            let text = format!("{record} offers no list, and SuiteQL did not give a row either.");
            return Verdict::inconclusive(ReasonCode::Ambiguous, NO_LIST, text);
        }
        // Without SuiteAnalytics Workbook lists are refused so; rows are not, and queries are as well
        // (facts-2026-11 F1).
        if step == ProbeStep::List
            && refused.meaning == Meaning::RoleNotAdmitted
            && !self.queries_answered
        {
            let text = format!(
                "The list of {record} is refused ({}) in the words for a role without \
                 SuiteAnalytics Workbook.",
                refused.status
            );
            return Verdict::fail(WORKBOOK, text);
        }
        if let Some(verdict) = self.permission(refused, record.as_str()) {
            return verdict;
        }
        match step {
            ProbeStep::Read => self.row(refused),
            _ => self.list(refused),
        }
    }

    /// Texts that name a permission mean the same wherever they come. `what` was refused.
    fn permission(&self, refused: &RecordRefusal, what: &str) -> Option<Verdict> {
        let words = self.advice.words();
        Some(match &refused.meaning {
            Meaning::PermissionAbsent { .. } => {
                Verdict::fail(ABSENT, format!("The role lacks {words}, so {what} is refused."))
            }
            Meaning::LevelTooLow { .. } => {
                let text = format!("The role has {words} at too low a level for {what}.");
                Verdict::fail(TOO_LOW, text)
            }
            Meaning::CustomRecordRefused { .. } => {
                let text = format!("The role is not on the list of those who may see {what}.");
                Verdict::fail(CUSTOM, text)
            }
            Meaning::BetaFeature { .. } => {
                let record = &self.request.record;
                let text =
                    format!("NetSuite offers {record} as a beta record only, not switched on.");
                Verdict::fail(BETA, text)
            }
            Meaning::RoleNotAdmitted => {
                let text = format!("NetSuite says that the role may not do this at all ({what}).");
                Verdict::fail(ROLE, text)
            }
            Meaning::PermissionRefused { .. }
            | Meaning::SecondaryPermission { .. }
            | Meaning::TransactionTypeRefused => self.refused_for(what),
            _ => return None,
        })
    }

    /// A refusal that does not say whether the permission is absent or its level too low.
    fn refused_for(&self, what: &str) -> Verdict {
        let words = self.advice.words();
        let text = format!("NetSuite refuses {what}: {words} is missing, or its level is too low.");
        Verdict::fail(REFUSED, text)
    }

    fn list(&self, refused: &RecordRefusal) -> Verdict {
        let record = &self.request.record;
        let hint = match self.offered {
            Some(true) => " The account offers the type, which points to the permission.",
            Some(false) => " The account does not offer the type, which points to the feature.",
            None => "",
        };
        match (refused.status, &refused.meaning) {
            (_, Meaning::Restriction { .. }) => {
                let text = format!("A restriction of the role keeps {record} from it.");
                Verdict::fail(RESTRICTED, text)
            }
            // Without the record service's own envelope anything on the way may have refused.
            (403, _) if refused.code.is_none() => {
                let text = format!("The list of {record} is refused (403) without a reason.");
                Verdict::inconclusive(ReasonCode::Ambiguous, no_answer::UNEXPECTED, text)
            }
            (403, _) => {
                let words = self.advice.words();
                let text =
                    format!("The list of {record} is refused (403): it takes {words}.{hint}");
                Verdict::fail(REFUSED, text)
            }
            (400 | 404, Meaning::UnknownRecordType { .. }) => {
                if let Some(known) = not_offered(record.as_str()) {
                    let text = format!("REST offers {record} to nobody, whatever the role may do.");
                    let evidence = Evidence::new("offered_by_rest", "to nobody");
                    return Verdict::fail(NOT_OFFERED, text)
                        .evidence(evidence.source(format!(
                            "{} ({})",
                            readable(&known.source),
                            known.grade.as_str()
                        )))
                        .param("instead", known.instead.as_str());
                }
                let text = format!("NetSuite says that there is no record type {record}.{hint}");
                Verdict::fail(NOT_FOUND, text)
            }
            (404, _) => {
                let text = format!("NetSuite finds no record type {record} for this role.{hint}");
                self.if_listed(NOT_FOUND, text)
            }
            (400, _) => {
                let text =
                    format!("The role cannot read the type {record}, or its feature is off.");
                self.if_listed(UNREADABLE, format!("{text}{hint}"))
            }
            (status, _) => {
                let text = format!("The list of {record} was answered with {status}.");
                Verdict::inconclusive(ReasonCode::Ambiguous, no_answer::UNEXPECTED, text)
            }
        }
    }

    /// A name that the catalogue lacks may simply be wrong, which says nothing about the role.
    fn if_listed(&self, finding: FindingId, text: String) -> Verdict {
        if self.listed {
            Verdict::fail(finding, text)
        } else {
            let text = format!("{text} Or the name is wrong: the list of known types lacks it.");
            Verdict::inconclusive(ReasonCode::Ambiguous, finding, text)
        }
    }

    fn row(&self, refused: &RecordRefusal) -> Verdict {
        let record = &self.request.record;
        let own_reason = match &refused.meaning {
            Meaning::RecordLockedByWorkflow => Some(("workflow", "a workflow locks it".to_owned())),
            Meaning::AdministratorRecord => {
                Some(("administrator", "it belongs to an administrator".to_owned()))
            }
            Meaning::Restriction { kind: Some(kind) } => {
                Some(("restriction", format!("the role's {kind} restriction leaves it out")))
            }
            Meaning::Restriction { kind: None } => {
                Some(("restriction", "a restriction of the role leaves it out".to_owned()))
            }
            _ => None,
        };
        if let Some((kind, reason)) = own_reason {
            let text = format!("{record} can be listed; the one row tried is refused: {reason}.");
            return Verdict::warn(ROW, text).evidence(Evidence::new("row_refused_by", kind));
        }
        match refused.status {
            404 => {
                let text =
                    format!("{record} can be listed, and the row tried is not found by its ID.");
                Verdict::inconclusive(ReasonCode::Ambiguous, ROW_GONE, text)
            }
            status => {
                let text = format!("{record} can be listed, and reading the row gave {status}.");
                Verdict::inconclusive(ReasonCode::Ambiguous, no_answer::UNEXPECTED, text)
            }
        }
    }
}

#[cfg(test)]
mod tests;
