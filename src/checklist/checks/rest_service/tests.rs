use serde_json::json;

use super::*;
use crate::checklist::context::Inputs;
use crate::checklist::engine::ReasonCode;
use crate::checklist::online::testing::{NOW, claims, outcome, signed_in, signed_in_with, verdict};
use crate::netsuite::double::{Double, Reply, Seen};
use crate::netsuite::http::{Client, HttpOptions};
use crate::types::Scope;

const CATALOG: &str = r#"{"items":[{"name":"customer"},{"name":"salesOrder"}]}"#;
const TIME: &str = r#"{"serverTime":"2026-11-23T20:00:00.000Z"}"#;

fn error(status: u16, code: &str, detail: &str) -> Reply {
    let body =
        json!({ "status": status, "o:errorDetails": [{ "detail": detail, "o:errorCode": code }] });
    Reply::new(status, "application/vnd.oracle.resource+json; type=error", body.to_string())
}

fn healthy(seen: &Seen) -> Reply {
    match seen.path.as_str() {
        "/services/rest/system/v1/serverTime" => Reply::json(200, TIME),
        "/services/rest/record/v1/metadata-catalog" => Reply::json(200, CATALOG),
        _ => Reply::json(404, "{}"),
    }
}

async fn when(part: &'static str, reply: Reply) -> Verdict {
    let double =
        Double::serving(
            move |seen| {
                if seen.path.contains(part) { reply.clone() } else { healthy(seen) }
            },
        );
    verdict(&SPEC, &signed_in(double.client())).await
}

#[tokio::test]
async fn both_must_answer() {
    let double = Double::serving(healthy);
    let context = signed_in(double.client());
    assert_eq!(verdict(&SPEC, &context).await.status(), Status::Pass);
    let offered = context.facts.offered_types.get().unwrap();
    assert_eq!((offered.has("SalesOrder"), offered.has("subsidiary")), (Some(true), Some(false)));
    assert!(double.seen().iter().all(|seen| seen.method == "GET"));
}

#[tokio::test]
async fn a_role_that_is_not_admitted_in_each_wire_form() {
    let role = "Your current role does not have permission to perform this action.";
    for part in ["serverTime", "metadata-catalog"] {
        for (reply, expected) in [
            (error(401, "INVALID_LOGIN", "Invalid login attempt."), "login-refused"),
            (Reply::json(401, ""), "login-refused"),
            (error(400, "USER_ERROR", role), "role-not-admitted"),
            (error(403, "INSUFFICIENT_PERMISSION", "Permission Violation."), "forbidden"),
            (error(404, "INVALID_URL", "No such service."), "service-not-found"),
        ] {
            let verdict = when(part, reply).await;
            assert_eq!(outcome(&verdict), (Status::Fail, expected), "{part}");
            assert!(verdict.summary().starts_with(part), "{}", verdict.summary());
        }
    }
}

#[tokio::test]
async fn what_decides_nothing() {
    for part in ["serverTime", "metadata-catalog"] {
        for (reply, expected, code) in [
            (Reply::json(500, ""), "server-fault", ReasonCode::NoAnswer),
            (error(500, "UNEXPECTED_ERROR", "Error ID: x"), "server-fault", ReasonCode::NoAnswer),
            (Reply::new(200, "text/html", "<html>"), "html-answer", ReasonCode::NoAnswer),
            (Reply::new(403, "text/html", "<html>"), "html-answer", ReasonCode::NoAnswer),
            (Reply::json(429, ""), "too-many-requests", ReasonCode::RateLimited),
            (Reply::json(200, "{}"), "unexpected-answer", ReasonCode::Ambiguous),
            (Reply::json(302, ""), "unexpected-answer", ReasonCode::Ambiguous),
            (Reply::Cut, "no-answer", ReasonCode::NoAnswer),
        ] {
            let verdict = when(part, reply).await;
            assert_eq!(outcome(&verdict), (Status::Inconclusive, expected), "{part}");
            assert_eq!(verdict.reason().unwrap().code, code, "{expected}");
        }
    }
}

#[tokio::test]
async fn a_catalogue_without_a_readable_name_lets_nobody_in() {
    for body in [r#"{"items":[]}"#, r#"{"items":[{"title":"customer"},7,{"name":8}]}"#] {
        let double = Double::serving(move |seen| match healthy(seen) {
            _ if seen.path.contains("metadata-catalog") => Reply::json(200, body),
            reply => reply,
        });
        let context = signed_in(double.client());
        let verdict = verdict(&SPEC, &context).await;
        assert_eq!(outcome(&verdict), (Status::Inconclusive, "unexpected-answer"), "{body}");
        assert!(context.facts.offered_types.get().is_none());
    }
}

#[tokio::test]
async fn an_expired_token_is_told_from_a_refused_one() {
    let double = Double::serving(|_| error(401, "INVALID_LOGIN", "Invalid login attempt."));
    let mut old = claims();
    old["exp"] = json!(NOW - 1);
    let context = signed_in_with(double.client(), Inputs::default(), &old);
    assert_eq!(outcome(&verdict(&SPEC, &context).await), (Status::Fail, "token-expired"));
}

#[tokio::test]
async fn a_run_for_restlets_only_has_nothing_to_ask() {
    let client = Client::new(HttpOptions::default()).unwrap();
    let inputs = Inputs { scopes: vec![Scope::Restlets], ..Inputs::default() };
    let verdict = verdict(&SPEC, &signed_in_with(client, inputs, &claims())).await;
    assert_eq!(verdict.reason().unwrap().code, ReasonCode::NotApplicable);
}

#[tokio::test]
async fn server_time_is_a_second_look_at_the_clock() {
    let behind = || Reply::json(200, r#"{"serverTime":"2026-11-23T20:10:00.000Z"}"#);
    let verdict_of = when("serverTime", behind()).await;
    assert_eq!(outcome(&verdict_of), (Status::Warn, "clock-off"));
    assert!(verdict_of.summary().contains("600 s behind"), "{}", verdict_of.summary());
    // Where the first look had a date to go by, it has judged already.
    let double = Double::serving(move |seen| match seen.path.contains("serverTime") {
        true => behind(),
        false => healthy(seen),
    });
    let context = signed_in(double.client());
    context.facts.skew.set(jiff::SignedDuration::from_secs(-600)).unwrap();
    let verdict = verdict(&SPEC, &context).await;
    assert_eq!(verdict.status(), Status::Pass);
    assert!(verdict.facts().iter().any(|fact| fact.key == "server_time_skew_seconds"));
}
