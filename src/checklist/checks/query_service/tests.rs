use serde_json::json;

use super::*;
use crate::checklist::checks::record_access;
use crate::checklist::context::Inputs;
use crate::checklist::engine::Status;
use crate::checklist::online::testing::{
    claims, outcome, record, signed_in, signed_in_with, verdict,
};
use crate::netsuite::double::{Double, Reply, Seen};
use crate::netsuite::http::Client;
use crate::netsuite::http::HttpOptions;
use crate::types::Scope;

const ROWS: &str = r#"{"count":1,"items":[{"links":[],"one":"1"}],"totalResults":1}"#;
const NO_ROWS: &str = r#"{"count":0,"items":[],"totalResults":0}"#;
const TYPES: &str = r#"{"items":[{"name":"customer"}]}"#;
const LACKS: &str = "Permission Violation: You need  the 'Reports -> SuiteAnalytics Workbook' permission to access this page.";

fn error(status: u16, code: &str, detail: &str) -> Reply {
    let body =
        json!({ "status": status, "o:errorDetails": [{ "detail": detail, "o:errorCode": code }] });
    Reply::json(status, body.to_string())
}

/// Serves a query and a list; the catalogue is well.
fn serving(query: Reply, list: Reply) -> Double {
    Double::serving(move |seen: &Seen| {
        if seen.path.contains("/suiteql") {
            query.clone()
        } else if seen.path.contains("metadata-catalog") {
            Reply::json(200, TYPES)
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
    let double = serving(Reply::json(200, ROWS), Reply::Cut);
    let context = about(&double, &["customer"]);
    assert_eq!(verdict(&SPEC, &context).await.status(), Status::Pass);
    assert_eq!(context.facts.queries_refused.get(), None);
    let seen = double.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].body, r#"{"q":"SELECT 1 AS one FROM DUAL"}"#);
    let double = serving(Reply::json(200, NO_ROWS), Reply::Cut);
    let verdict = verdict(&SPEC, &signed_in(double.client())).await;
    assert_eq!(outcome(&verdict), (Status::Inconclusive, "unexpected-answer"));
}

#[tokio::test]
async fn without_workbook_it_fails_where_records_are_listed_and_else_warns() {
    for refusal in [
        error(403, "INSUFFICIENT_PERMISSION", LACKS),
        error(403, "INSUFFICIENT_PERMISSION", "Permission Violation."),
        error(400, "INVALID_PARAMETER", "Error while accessing a resource."),
        Reply::json(403, ""),
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
        let double = serving(refusal.clone(), Reply::json(200, rows));
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
        (Reply::json(404, ""), "query-not-taken", ReasonCode::Ambiguous),
        (Reply::json(401, ""), "login-refused", ReasonCode::Ambiguous),
        (Reply::json(429, ""), "too-many-requests", ReasonCode::RateLimited),
        (Reply::json(500, ""), "server-fault", ReasonCode::NoAnswer),
        (Reply::new(503, "text/html", "<html>"), "server-fault", ReasonCode::NoAnswer),
        (Reply::new(403, "text/html", "<html>"), "html-answer", ReasonCode::NoAnswer),
        (Reply::new(200, "text/html", "<html>"), "html-answer", ReasonCode::NoAnswer),
        (Reply::json(200, "{}"), "unexpected-answer", ReasonCode::Ambiguous),
        (Reply::json(302, ""), "unexpected-answer", ReasonCode::Ambiguous),
        (Reply::Cut, "no-answer", ReasonCode::NoAnswer),
    ] {
        let shown = format!("{reply:?}");
        let double = serving(reply, Reply::Cut);
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
    let customers =
        "Permission Violation: You need  the 'Lists -> Customers' permission to access this page.";
    let double = serving(Reply::Cut, error(403, "INSUFFICIENT_PERMISSION", customers));
    let context = about(&double, &["customer"]);
    context.facts.queries_refused.set(QueriesRefused { lists_work: true }).unwrap();
    let refused = record(&record_access::SPEC, &context, "customer").await;
    assert_eq!(outcome(&refused), (Status::Fail, "permission-absent"));
    // What is no refusal is no consequence of it either.
    let double = serving(refusal, Reply::json(500, ""));
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
