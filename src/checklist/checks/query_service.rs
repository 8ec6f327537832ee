//! `query-service`

use futures_util::FutureExt as _;

use crate::checklist::context::{Context, QueriesRefused};
use crate::checklist::engine::{Evidence, NodeKey, ReasonCode, Severity, Verdict};
use crate::checklist::ids;
use crate::checklist::no_answer;
use crate::checklist::online::{Session, with_words};
use crate::checklist::spec::{Run, Spec, findings};
use crate::netsuite::patterns::{Meaning, QuotedPermission};
use crate::probes::query::{CONTROL, ask, list};
use crate::probes::record::{Refused, Stop};
use crate::types::{HttpExchange, RecordType};

findings! {
    WORKBOOK = "workbook-missing",
    OTHER = "permission-refused",
    QUERIES = "queries-refused",
    LOGIN = "login-refused",
    NOT_TAKEN = "query-not-taken",
}

/// The declaration of `query-service`.
pub const SPEC: Spec = Spec {
    id: ids::QUERY_SERVICE,
    phase: ids::SERVICE,
    needs: &[ids::TOKEN_EXCHANGE],
    after: &[ids::REST_SERVICE],
    findings: &[FINDINGS, no_answer::FINDINGS],
    run: Run::WithToken(|session| run(session).boxed_local()),
};

/// How many lists are tried to see whether lists work although queries do not.
const LISTS_TRIED: usize = 3;

async fn run(session: Session<'_>) -> Verdict {
    let Session { context, client, hosts, token } = session;
    let asked = ask(client, hosts, token, CONTROL).await;
    let stop = match asked.result {
        Ok(()) => {
            let text = "SuiteQL answers this token.";
            return Verdict::pass(text).http(asked.exchanges).evidence(the_query());
        }
        Err(stop) => *stop,
    };
    let mut exchanges = asked.exchanges;
    if matches!(stop, Stop::Refused(_) | Stop::LoginRefused) {
        let (admitted, further) = session.admitted().await;
        exchanges.extend(further);
        if !admitted {
            let rest = NodeKey::of(ids::REST_SERVICE);
            return Verdict::blocked(vec![rest]).http(exchanges);
        }
    }
    let mut verdict = match &stop {
        Stop::Refused(refused) if !about_the_query(refused) => {
            let records = distinct(context);
            let working = working_list(session, &records, &mut exchanges).await;
            let lists_work = working.is_some();
            let _ = context.facts.queries_refused.set(QueriesRefused { lists_work });
            refusal(refused, working, !records.is_empty())
        }
        _ => undecided(&stop),
    };
    verdict = with_words(verdict, &stop).evidence(the_query());
    if let Some(role) = session.claims().role {
        verdict = verdict.param("role_id", role);
    }
    verdict.http(exchanges)
}

fn the_query() -> Evidence {
    Evidence::new("query", CONTROL)
}

/// The record types that were asked for, each once.
fn distinct(context: &Context) -> Vec<&RecordType> {
    let mut records: Vec<&RecordType> = Vec::new();
    for request in &context.inputs.records {
        if !records.contains(&&request.record) {
            records.push(&request.record);
        }
    }
    records
}

/// The first of the record types whose list is answered.
async fn working_list<'a>(
    Session { client, hosts, token, .. }: Session<'_>,
    records: &[&'a RecordType],
    exchanges: &mut Vec<HttpExchange>,
) -> Option<&'a RecordType> {
    for record in records.iter().take(LISTS_TRIED) {
        let asked = list(client, hosts, token, record).await;
        exchanges.extend(asked.exchanges);
        if asked.result.is_ok() {
            return Some(record);
        }
    }
    None
}

/// Whether the answer finds fault with the query itself, which means that the service took it up.
fn about_the_query(refused: &Refused) -> bool {
    let query = matches!(
        refused.meaning,
        Meaning::QueryTableHidden { .. }
            | Meaning::QueryColumnHidden { .. }
            | Meaning::QuerySyntax
            | Meaning::MalformedRequest
    );
    query || !matches!(refused.status, 400 | 403)
}

/// The permission that NetSuite names, unless it is SuiteAnalytics Workbook itself.
fn other_permission(meaning: &Meaning) -> Option<&QuotedPermission> {
    let quoted = match meaning {
        Meaning::PermissionAbsent { quoted } | Meaning::LevelTooLow { quoted } => Some(quoted),
        Meaning::PermissionRefused { quoted, .. } => quoted.as_ref(),
        Meaning::SecondaryPermission { any_of, .. } => any_of.first(),
        _ => None,
    };
    quoted.filter(|quoted| !quoted.name.to_ascii_lowercase().contains("workbook"))
}

fn refusal(refused: &Refused, working: Option<&RecordType>, listing: bool) -> Verdict {
    let status = refused.status;
    if let Some(record) = working {
        let text =
            format!("Queries are refused ({status}), although the list of {record} is answered.");
        return Verdict::warn(QUERIES, text);
    }
    let severity = if listing { Severity::Fail } else { Severity::Warn };
    if let Some(quoted) = other_permission(&refused.meaning) {
        let text = format!(
            "A query that reads no record is refused ({status}) for want of '{}'.",
            quoted.label
        );
        return Verdict::pass("")
            .note(severity, OTHER, text)
            .param("permission", quoted.label.replace("->", ">"));
    }
    let text = format!(
        "A query that reads no record is refused ({status}): SuiteAnalytics Workbook is missing, \
         as a permission or as a feature."
    );
    Verdict::pass("").note(severity, WORKBOOK, text)
}

/// What a query that answered at all always brings.
const ASKED: &str = "the control query";

fn undecided(stop: &Stop) -> Verdict {
    let ambiguous =
        |finding, text: String| Verdict::inconclusive(ReasonCode::Ambiguous, finding, text);
    match stop {
        Stop::Refused(refused) => {
            let status = refused.status;
            let text = format!("The query service did not take the control query ({status}).");
            ambiguous(NOT_TAKEN, text)
        }
        Stop::LoginRefused => {
            ambiguous(LOGIN, "The query service refused the login (401).".to_owned())
        }
        Stop::NoAnswer(no_answer) => no_answer::undecided(no_answer, ASKED),
        // It always has one row.
        Stop::Empty | Stop::NoList => no_answer::unexpected(ASKED, 200),
    }
}

#[cfg(test)]
mod tests;
