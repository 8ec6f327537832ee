//! `query-service`

use futures_util::FutureExt as _;

use crate::checks::context::{Context, QueriesRefused};
use crate::checks::ids;
use crate::checks::no_answer;
use crate::checks::session::{Session, with_words};
use crate::checks::spec::{self, Run, Spec, findings};
use crate::engine::{Evidence, NodeKey, ReasonCode, Severity, Verdict};
use crate::netsuite::patterns::{Meaning, QuotedPermission};
use crate::probes::query::{CONTROL, ask, list};
use crate::probes::record::{RecordRefusal, Stop};
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
    phase: spec::SERVICE,
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
            let _ = context.facts.queries_answered.set(());
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
fn about_the_query(refused: &RecordRefusal) -> bool {
    let query = matches!(
        refused.meaning,
        Meaning::QueryTableHidden { .. }
            | Meaning::QueryTableUnknown { .. }
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

fn refusal(refused: &RecordRefusal, working: Option<&RecordType>, listing: bool) -> Verdict {
    let status = refused.status;
    if let Some(record) = working {
        let text =
            format!("Queries are refused ({status}), although the list of {record} is answered.");
        return Verdict::warn(QUERIES, text);
    }
    let severity = if listing { Severity::Fail } else { Severity::Warn };
    if let Some(quoted) = other_permission(&refused.meaning) {
        let text = format!(
            "A query that reads no record is refused ({status}): '{}' is missing.",
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
        Stop::Script(error) => no_answer::unexpected(ASKED, error.status),
        // It always has one row.
        Stop::Empty | Stop::NoList => no_answer::unexpected(ASKED, 200),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::checks::context::Inputs;
    use crate::checks::record_access;
    use crate::checks::testing::online::{
        claims, outcome, record, signed_in, signed_in_with, verdict,
    };
    use crate::engine::Status;
    use crate::netsuite::double::{Behaviour, Double, SeenRequest};
    use crate::netsuite::http::Client;
    use crate::netsuite::http::HttpOptions;
    use crate::types::Scope;

    const ROWS: &str = r#"{"count":1,"items":[{"links":[],"one":"1"}],"totalResults":1}"#;
    const NO_ROWS: &str = r#"{"count":0,"items":[],"totalResults":0}"#;
    const TYPES: &str = r#"{"items":[{"name":"customer"}]}"#;
    const LACKS: &str = "Permission Violation: You need  the 'Reports -> SuiteAnalytics Workbook' permission to access this page.";

    fn error(status: u16, code: &str, detail: &str) -> Behaviour {
        let body = json!({ "status": status, "o:errorDetails": [{ "detail": detail, "o:errorCode": code }] });
        Behaviour::json(status, body.to_string())
    }

    /// Serves a query and a list; the catalogue is well.
    fn serving(query: Behaviour, list: Behaviour) -> Double {
        Double::serving(move |seen: &SeenRequest| {
            if seen.path.contains("/suiteql") {
                query.clone()
            } else if seen.path.contains("metadata-catalog") {
                Behaviour::json(200, TYPES)
            } else {
                list.clone()
            }
        })
    }

    fn about(double: &Double, records: &[&str]) -> Context {
        let records = records.iter().map(|text| text.parse().unwrap()).collect();
        let inputs = Inputs { records, ..Inputs::default() };
        signed_in_with(double.client(), inputs, &claims())
    }

    #[tokio::test]
    async fn a_row_is_the_only_pass_and_no_record_is_read() {
        let double = serving(Behaviour::json(200, ROWS), Behaviour::Cut);
        let context = about(&double, &["customer"]);
        assert_eq!(verdict(&SPEC, &context).await.status(), Status::Pass);
        assert_eq!(context.facts.queries_refused.get(), None);
        let seen = double.seen();
        assert_eq!(seen.len(), 1);
        assert_eq!(seen[0].body, r#"{"q":"SELECT 1 AS one FROM DUAL"}"#);
        let double = serving(Behaviour::json(200, NO_ROWS), Behaviour::Cut);
        let verdict = verdict(&SPEC, &signed_in(double.client())).await;
        assert_eq!(outcome(&verdict), (Status::Inconclusive, "unexpected-answer"));
    }

    #[tokio::test]
    async fn without_workbook_it_fails_where_records_are_listed_and_else_warns() {
        for refusal in [
            error(403, "INSUFFICIENT_PERMISSION", LACKS),
            error(403, "INSUFFICIENT_PERMISSION", "Permission Violation."),
            error(400, "INVALID_PARAMETER", "Error while accessing a resource."),
            Behaviour::json(403, ""),
        ] {
            let double = serving(refusal.clone(), refusal);
            let context = about(&double, &["customer", "customer:edit"]);
            let with = verdict(&SPEC, &context).await;
            assert_eq!(outcome(&with), (Status::Fail, "workbook-missing"));
            let lists = double.seen().iter().filter(|seen| seen.path.contains("customer")).count();
            assert_eq!(lists, 1);
            let without = verdict(&SPEC, &signed_in(double.client())).await;
            assert_eq!(outcome(&without), (Status::Warn, "workbook-missing"));
        }
    }

    #[tokio::test]
    async fn the_permission_that_netsuite_names_is_reported() {
        let words = "Permission Violation: You need  the 'Setup -> REST Web Services' permission to access this page.";
        let refusal = error(403, "INSUFFICIENT_PERMISSION", words);
        let double = serving(refusal.clone(), refusal);
        let verdict = verdict(&SPEC, &about(&double, &["customer"])).await;
        assert_eq!(outcome(&verdict), (Status::Fail, "permission-refused"));
        assert!(verdict.params().contains(&("permission", "Setup > REST Web Services".to_owned())));
    }

    #[tokio::test]
    async fn queries_refused_while_a_list_works_warn() {
        let refusal = error(403, "INSUFFICIENT_PERMISSION", LACKS);
        for rows in [ROWS, NO_ROWS] {
            let double = serving(refusal.clone(), Behaviour::json(200, rows));
            let context = about(&double, &["customer"]);
            assert_eq!(outcome(&verdict(&SPEC, &context).await), (Status::Warn, "queries-refused"));
            assert!(context.facts.queries_refused.get().unwrap().lists_work);
        }
    }

    #[tokio::test]
    async fn a_role_that_rest_refuses_altogether_is_not_blamed_for_workbook() {
        for refusal in [
            error(401, "INVALID_LOGIN", "Invalid login attempt."),
            error(403, "INSUFFICIENT_PERMISSION", "Permission Violation."),
            error(400, "USER_ERROR", "Your current role does not have permission."),
        ] {
            let double = Double::serving(move |_| refusal.clone());
            let context = about(&double, &["customer"]);
            let verdict = verdict(&SPEC, &context).await;
            let reason = verdict.reason().unwrap();
            assert_eq!(reason.code, ReasonCode::Blocked);
            assert_eq!(reason.blocked_by, [NodeKey::of(ids::REST_SERVICE)]);
            assert_eq!(context.facts.queries_refused.get(), None);
        }
    }

    #[tokio::test]
    async fn answers_that_decide_nothing() {
        let hidden = "Invalid search query. Detailed unprocessed description follows. Search error occurred: Record 'DUAL' was not found.";
        let syntax = "Invalid search query. Failed to parse SQL [SELECT 1]";
        for (reply, expected, code) in [
            (error(400, "INVALID_PARAMETER", hidden), "query-not-taken", ReasonCode::Ambiguous),
            (error(400, "INVALID_PARAMETER", syntax), "query-not-taken", ReasonCode::Ambiguous),
            (Behaviour::json(404, ""), "query-not-taken", ReasonCode::Ambiguous),
            (Behaviour::json(401, ""), "login-refused", ReasonCode::Ambiguous),
            (Behaviour::json(429, ""), "too-many-requests", ReasonCode::RateLimited),
            (Behaviour::json(500, ""), "server-fault", ReasonCode::NoAnswer),
            (Behaviour::new(503, "text/html", "<html>"), "server-fault", ReasonCode::NoAnswer),
            (Behaviour::new(403, "text/html", "<html>"), "html-answer", ReasonCode::NoAnswer),
            (Behaviour::new(200, "text/html", "<html>"), "html-answer", ReasonCode::NoAnswer),
            (Behaviour::json(200, "{}"), "unexpected-answer", ReasonCode::Ambiguous),
            (Behaviour::json(302, ""), "unexpected-answer", ReasonCode::Ambiguous),
            (Behaviour::Cut, "no-answer", ReasonCode::NoAnswer),
        ] {
            let shown = format!("{reply:?}");
            let double = serving(reply, Behaviour::Cut);
            let context = about(&double, &["customer"]);
            let verdict = verdict(&SPEC, &context).await;
            assert_eq!(outcome(&verdict), (Status::Inconclusive, expected), "{shown}");
            assert_eq!(verdict.reason().unwrap().code, code, "{shown}");
            assert_eq!(context.facts.queries_refused.get(), None, "{shown}");
        }
    }

    #[tokio::test]
    async fn record_access_blames_no_record_permission_then() {
        for refusal in [
            error(403, "INSUFFICIENT_PERMISSION", LACKS),
            error(400, "INVALID_PARAMETER", "Error while accessing a resource."),
        ] {
            let double = serving(refusal.clone(), refusal.clone());
            let context = about(&double, &["customer"]);
            verdict(&SPEC, &context).await;
            let customer = record(&record_access::SPEC, &context, "customer").await;
            let reason = customer.reason().unwrap();
            assert_eq!(reason.code, ReasonCode::Blocked);
            assert_eq!(reason.blocked_by, [NodeKey::of(ids::QUERY_SERVICE)]);
            assert!(customer.facts().iter().all(|fact| fact.key != "permission"));
        }
    }

    #[tokio::test]
    async fn record_access_still_judges_what_workbook_does_not_explain() {
        let refusal = error(403, "INSUFFICIENT_PERMISSION", LACKS);
        let customers = "Permission Violation: You need  the 'Lists -> Customers' permission to access this page.";
        let double = serving(Behaviour::Cut, error(403, "INSUFFICIENT_PERMISSION", customers));
        let context = about(&double, &["customer"]);
        context.facts.queries_refused.set(QueriesRefused { lists_work: true }).unwrap();
        let refused = record(&record_access::SPEC, &context, "customer").await;
        assert_eq!(outcome(&refused), (Status::Fail, "permission-absent"));
        // What is no refusal is no consequence of it either.
        let double = serving(refusal, Behaviour::json(500, ""));
        let context = about(&double, &["customer"]);
        verdict(&SPEC, &context).await;
        let failed = record(&record_access::SPEC, &context, "customer").await;
        assert_eq!(outcome(&failed), (Status::Inconclusive, "server-fault"));
    }

    #[tokio::test]
    async fn a_run_for_restlets_only_has_nothing_to_ask() {
        let client = Client::new(HttpOptions::default()).unwrap();
        let inputs = Inputs { scopes: vec![Scope::Restlets], ..Inputs::default() };
        let verdict = verdict(&SPEC, &signed_in_with(client, inputs, &claims())).await;
        assert_eq!(verdict.reason().unwrap().code, ReasonCode::NotApplicable);
    }
}
