use serde_json::{Value, json};

use super::*;
use crate::checklist::engine::Status;
use crate::checklist::online::testing::{CLIENT_ID, outcome, signed_in, verdict};
use crate::netsuite::double::{Double, Reply};

fn own() -> Value {
    json!({
        "certificate_id": crate::types::CertificateId::of_certificate(b"x").as_str(),
        "role": { "id": 1042, "name": "Survey role" },
        "entity": { "id": 2207, "name": "Integration, Survey" },
        "valid_from": "2026-01-01",
        "valid_until": "2027-11-23",
        "revoked": false,
        "algorithm": "RSA",
    })
}

fn other(name: &str) -> Value {
    json!({ "certificate_id": name, "valid_until": "2027-11-23", "revoked": false })
}

fn changed(changes: &[(&str, Value)]) -> Value {
    let mut row = own();
    for (name, value) in changes {
        row[*name] = value.clone();
    }
    row
}

async fn answered(reply: Reply) -> Verdict {
    let double = Double::serving(move |_| reply.clone());
    verdict(&SPEC, &signed_in(double.client())).await
}

async fn listed(rows: Vec<Value>) -> Verdict {
    answered(Reply::json(200, Value::Array(rows).to_string())).await
}

fn fact_of<'a>(verdict: &'a Verdict, key: &str) -> Option<&'a str> {
    verdict.facts().iter().find(|fact| fact.key == key).map(|fact| fact.value.as_str())
}

#[tokio::test]
async fn a_listed_certificate_passes_and_shows_its_mapping() {
    let body = Value::Array(vec![other("a"), own()]).to_string();
    let double = Double::serving(move |_| Reply::json(200, body.clone()));
    let verdict = verdict(&SPEC, &signed_in(double.client())).await;
    assert_eq!(verdict.status(), Status::Pass);
    assert_eq!(fact_of(&verdict, "mapped_role"), Some("Survey role (1042)"));
    assert_eq!(fact_of(&verdict, "mapped_entity"), Some("Integration, Survey (2207)"));
    assert_eq!(fact_of(&verdict, "active_certificates"), Some("2"));
    let seen = double.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].method, "GET");
    let path = format!("/services/rest/auth/oauth2/v1/clients/{CLIENT_ID}/certificates");
    assert_eq!(seen[0].path, path);
    let url = &verdict.exchanges()[0].url;
    assert!(url.starts_with("https://1234567-sb1.restlets.api.netsuite.com/"), "{url}");
    assert!(!url.contains(CLIENT_ID), "{url}");
}

#[tokio::test]
async fn what_the_list_says_of_the_certificate() {
    // Today is 2026-11-23; a day more or less is not held against anybody.
    for (changes, expected) in [
        (vec![("revoked", json!(true))], (Status::Fail, "revoked")),
        (vec![("valid_until", json!("2026-11-21"))], (Status::Fail, "ended")),
        (vec![("valid_until", json!("2026-11-22"))], (Status::Warn, "ends-soon")),
        (vec![("valid_until", json!("2026-12-22"))], (Status::Warn, "ends-soon")),
        (vec![("valid_until", json!("2026-12-23"))], (Status::Pass, "")),
        (vec![("valid_from", json!("2026-11-24"))], (Status::Pass, "")),
        (vec![("valid_from", json!("2026-11-25"))], (Status::Fail, "not-yet-valid")),
        (vec![("valid_until", json!("soon"))], (Status::Inconclusive, "unreadable-entry")),
        (vec![("revoked", json!(null))], (Status::Inconclusive, "unreadable-entry")),
    ] {
        assert_eq!(outcome(&listed(vec![changed(&changes)]).await), expected, "{changes:?}");
    }
}

#[tokio::test]
async fn an_id_that_is_not_listed_only_warns() {
    for rows in [vec![], vec![other("a")]] {
        assert_eq!(outcome(&listed(rows).await), (Status::Warn, "not-listed"));
    }
}

#[tokio::test]
async fn five_active_certificates_leave_no_room_and_ended_ones_do_not_count() {
    let mut rows = vec![own(), other("a"), other("b"), other("c"), other("d")];
    let full = listed(rows.clone()).await;
    assert_eq!(outcome(&full), (Status::Warn, "no-room"));
    rows[1]["revoked"] = json!(true);
    rows[2]["valid_until"] = json!("2026-01-01");
    let verdict = listed(rows).await;
    assert_eq!(verdict.status(), Status::Pass);
    assert_eq!(fact_of(&verdict, "active_certificates"), Some("3"));
}

#[tokio::test]
async fn a_list_that_may_not_be_read_is_no_fault() {
    for status in [400, 401, 403, 404, 405] {
        let verdict = answered(Reply::json(status, "")).await;
        assert_eq!(verdict.status(), Status::Skipped, "{status}");
        assert_eq!(verdict.reason().unwrap().code, ReasonCode::NotPermitted, "{status}");
    }
}

#[tokio::test]
async fn answers_that_decide_nothing() {
    for (reply, expected, code) in [
        (Reply::json(429, ""), "too-many-requests", ReasonCode::RateLimited),
        (Reply::json(500, ""), "server-fault", ReasonCode::NoAnswer),
        (Reply::new(403, "text/html", "<html>"), "html-answer", ReasonCode::NoAnswer),
        (Reply::json(200, "{}"), "unexpected-answer", ReasonCode::Ambiguous),
        (Reply::json(302, ""), "unexpected-answer", ReasonCode::Ambiguous),
        (Reply::Cut, "no-answer", ReasonCode::NoAnswer),
    ] {
        let verdict = answered(reply).await;
        assert_eq!(outcome(&verdict), (Status::Inconclusive, expected));
        assert_eq!(verdict.reason().unwrap().code, code, "{expected}");
    }
}
