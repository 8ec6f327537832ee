use serde_json::json;

use strum::VariantArray as _;

use super::*;
use crate::checklist::context::{Inputs, QueriesRefused};
use crate::checklist::engine::Status;
use crate::checklist::online::testing::{claims, outcome, signed_in, signed_in_with, verdict};
use crate::netsuite::double::{Double, Reply, Seen};

const TYPES: &str = r#"{"items":[{"name":"customer"}]}"#;
const ROWS: &str = r#"{"count":1,"items":[{"one":"1"}]}"#;
const NO_ROWS: &str = r#"{"count":0,"items":[]}"#;
const LIMITS: &str = r#"{"accountConcurrencyLimit":5,"integrationLimitType":"accountLimit"}"#;

fn error(status: u16, code: &str, detail: &str) -> Reply {
    let body =
        json!({ "status": status, "o:errorDetails": [{ "detail": detail, "o:errorCode": code }] });
    Reply::json(status, body.to_string())
}

/// A role of its own: REST answers, everything powerful is refused.
fn modest(seen: &Seen) -> Reply {
    if seen.path.contains("metadata-catalog") {
        Reply::json(200, TYPES)
    } else if seen.path.contains("/suiteql") {
        error(400, "INVALID_PARAMETER", "Search error occurred: Record 'x' was not found.")
    } else {
        error(403, "INSUFFICIENT_PERMISSION", "No.")
    }
}

/// The same, but for requests with this text in path or body.
fn but_for(part: &'static str, reply: Reply) -> Double {
    Double::serving(move |seen| {
        let hit = seen.path.contains(part) || seen.body.contains(part);
        if hit { reply.clone() } else { modest(seen) }
    })
}

fn as_administrator(double: &Double) -> Context {
    let mut claims = claims();
    claims["sub"] = json!("3;-5");
    signed_in_with(double.client(), Inputs::default(), &claims)
}

#[tokio::test]
async fn a_modest_role_passes_and_the_limits_of_the_look_are_said() {
    let double = Double::serving(modest);
    let verdict = verdict(&SPEC, &signed_in(double.client())).await;
    assert_eq!(verdict.status(), Status::Pass);
    assert!(verdict.summary().contains("cannot be seen"), "{}", verdict.summary());
    let bodies: Vec<String> = double.seen().into_iter().map(|seen| seen.body).collect();
    for table in Table::VARIANTS.iter().copied() {
        let wanted = format!("SELECT 1 AS one FROM {} WHERE ROWNUM <= 1", table.name());
        assert!(bodies.iter().any(|body| body.contains(&wanted)), "{wanted}");
    }
}

#[tokio::test]
async fn each_sign_warns() {
    for (part, reply, expected) in [
        ("governanceLimits", Reply::json(200, LIMITS), "administrator-service"),
        ("rolepermissions", Reply::json(200, ROWS), "reads-role-permissions"),
        ("LoginAudit", Reply::json(200, ROWS), "reads-login-audit"),
        ("OAuthToken", Reply::json(200, ROWS), "reads-tokens"),
    ] {
        let double = but_for(part, reply);
        let verdict = verdict(&SPEC, &signed_in(double.client())).await;
        assert_eq!(outcome(&verdict), (Status::Warn, expected));
    }
    let double = Double::serving(modest);
    let verdict = verdict(&SPEC, &as_administrator(&double)).await;
    assert_eq!(outcome(&verdict), (Status::Warn, "administrator-role"));
}

#[tokio::test]
async fn refusals_of_the_service_for_administrators() {
    for reply in [
        error(403, "INSUFFICIENT_PERMISSION", "No."),
        error(400, "USER_ERROR", "Your current role does not have permission."),
        Reply::json(400, ""),
        Reply::json(404, ""),
    ] {
        let double = but_for("governanceLimits", reply);
        assert_eq!(verdict(&SPEC, &signed_in(double.client())).await.status(), Status::Pass);
    }
}

#[tokio::test]
async fn an_unclear_answer_is_never_a_pass() {
    let syntax = error(400, "INVALID_PARAMETER", "Failed to parse SQL [x]");
    for (part, reply) in [
        ("governanceLimits", Reply::json(500, "")),
        ("governanceLimits", Reply::json(401, "")),
        ("governanceLimits", Reply::json(429, "")),
        ("governanceLimits", Reply::new(403, "text/html", "<html>")),
        ("governanceLimits", Reply::json(200, "{}")),
        ("LoginAudit", Reply::json(200, NO_ROWS)),
        ("LoginAudit", Reply::json(500, "")),
        ("LoginAudit", syntax),
        ("OAuthToken", Reply::Cut),
    ] {
        let shown = format!("{part} {reply:?}");
        let double = but_for(part, reply);
        let verdict = verdict(&SPEC, &signed_in(double.client())).await;
        assert_eq!(outcome(&verdict), (Status::Inconclusive, "not-told"), "{shown}");
        assert!(verdict.summary().contains(part), "{shown}");
    }
}

#[tokio::test]
async fn where_rest_refuses_everything_only_the_token_tells() {
    let double = Double::serving(|_| Reply::json(401, ""));
    let verdict_of = verdict(&SPEC, &signed_in(double.client())).await;
    assert_eq!(verdict_of.reason().unwrap().code, ReasonCode::Blocked);
    assert_eq!(double.seen().len(), 1);
    let verdict = verdict(&SPEC, &as_administrator(&double)).await;
    assert_eq!(outcome(&verdict), (Status::Warn, "administrator-role"));
}

#[tokio::test]
async fn where_queries_are_refused_the_tables_are_not_asked() {
    let double = Double::serving(modest);
    let context = signed_in(double.client());
    context.facts.queries_refused.set(QueriesRefused { lists_work: false }).unwrap();
    let verdict = verdict(&SPEC, &context).await;
    assert_eq!(verdict.status(), Status::Pass);
    assert!(verdict.summary().contains("out of sight"), "{}", verdict.summary());
    assert!(double.seen().iter().all(|seen| seen.method == "GET"));
}
