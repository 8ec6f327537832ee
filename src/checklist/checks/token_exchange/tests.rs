use super::*;
use crate::checklist::context::Inputs;
use crate::checklist::engine::Status;
use crate::checklist::online::testing::{
    CLIENT_ID, claims, context, context_with, finding, jwt, outcome, verdict,
};
use crate::netsuite::double::{Double, Reply};
use crate::netsuite::http::{Client, HttpOptions};
use crate::types::Algorithm;

async fn answered(reply: Reply) -> Verdict {
    let double = Double::serving(move |_| reply.clone());
    verdict(&SPEC, &context(double.client())).await
}

#[tokio::test]
async fn a_token_is_kept_and_shown_to_nobody() {
    let token = jwt(&claims());
    let body = format!(r#"{{"access_token":"{token}","expires_in":3600,"token_type":"Bearer"}}"#);
    let double = Double::serving(move |_| Reply::json(200, body.clone()));
    let context = context(double.client());
    let verdict = verdict(&SPEC, &context).await;
    assert_eq!(verdict.summary(), "NetSuite issued an access token, valid for 3600 s.");
    assert!(context.facts.token_issued.get().is_some());
    assert!(context.facts.access_token.get().is_some());
    let sent = &double.seen()[0].body;
    let assertion = sent.split("client_assertion=").nth(1).unwrap();
    let shown = format!("{verdict:?} {context:?}");
    for secret in [token.as_str(), assertion, CLIENT_ID] {
        assert!(!shown.contains(secret));
    }
    assert_eq!(context.scrubber.scrub(&token).1, 1);
    assert_eq!(context.scrubber.scrub(assertion).1, 1);
}

#[tokio::test]
async fn each_word_of_the_endpoint_has_its_own_guidance() {
    for (status, word, expected) in [
        (500, "server_error", "server-error"),
        (400, "invalid_client", "invalid-client"),
        (401, "invalid_client", "invalid-client"),
        (400, "invalid_grant", "invalid-grant"),
        (400, "invalid_request", "invalid-request"),
        (400, "invalid_scope", "invalid-scope"),
        (400, "unauthorized_client", "unauthorized-client"),
        (400, "unsupported_grant_type", "unsupported-grant-type"),
        (418, "teapot", "other-error"),
        (200, "server_error", "server-error"),
    ] {
        let body = format!(r#"{{"error":"{word}"}}"#);
        let verdict = answered(Reply::json(status, body)).await;
        assert_eq!(outcome(&verdict), (Status::Fail, expected), "{status} {word}");
        assert!(verdict.summary().contains(word));
        assert_eq!(verdict.exchanges()[0].error_code.as_deref(), (status != 200).then_some(word));
    }
}

#[tokio::test]
async fn a_server_error_is_never_called_an_outage() {
    let verdict = answered(Reply::json(500, r#"{"error":"server_error"}"#)).await;
    assert!(verdict.summary().ends_with("means a wrong identifier or assertion, not an outage."));
    let attempt = verdict.params().iter().find(|(name, _)| *name == "attempt_utc").unwrap();
    assert_eq!(attempt.1, "2026-11-23 20:00:00");
    let shown: Vec<&str> = verdict.facts().iter().map(|fact| fact.key).collect();
    for key in ["http_status", "error", "attempt_utc", "alg", "kid", "iss", "aud", "scope"] {
        assert!(shown.contains(&key), "{key}");
    }
}

#[tokio::test]
async fn what_is_no_answer_of_a_token_endpoint_decides_nothing() {
    for (reply, expected, code) in [
        (Reply::new(503, "text/html", "<html>Maintenance"), "html-answer", ReasonCode::NoAnswer),
        (Reply::new(200, "text/html", "<html>Welcome"), "html-answer", ReasonCode::NoAnswer),
        (Reply::json(502, ""), "server-fault", ReasonCode::NoAnswer),
        (Reply::json(500, r#"{"message":"x"}"#), "server-fault", ReasonCode::NoAnswer),
        (Reply::json(429, ""), "too-many-requests", ReasonCode::RateLimited),
        (Reply::json(200, "{}"), "no-token-in-answer", ReasonCode::Ambiguous),
        (Reply::json(200, r#"{"access_token":""}"#), "no-token-in-answer", ReasonCode::Ambiguous),
        (
            Reply::json(200, r#"{"access_token":"a b"}"#),
            "no-token-in-answer",
            ReasonCode::Ambiguous,
        ),
        (Reply::json(200, r#"{"access_token":"a","#), "no-token-in-answer", ReasonCode::Ambiguous),
        (Reply::json(400, "no json"), "unreadable-answer", ReasonCode::Ambiguous),
        (Reply::json(404, "{}"), "unreadable-answer", ReasonCode::Ambiguous),
        (Reply::Truncated, "unreadable-answer", ReasonCode::NoAnswer),
        (Reply::Endless, "unreadable-answer", ReasonCode::NoAnswer),
        (Reply::Garbage, "unreadable-answer", ReasonCode::NoAnswer),
        (Reply::Cut, "no-answer", ReasonCode::NoAnswer),
    ] {
        let double_reply = format!("{reply:?}");
        let verdict = answered(reply).await;
        assert_eq!(outcome(&verdict), (Status::Inconclusive, expected), "{double_reply}");
        assert_eq!(verdict.reason().unwrap().code, code, "{double_reply}");
        assert_eq!(verdict.exchanges().len(), 1, "never repeated");
    }
}

#[tokio::test]
async fn a_time_out_is_not_repeated() {
    let double = Double::serving(|_| Reply::Silent);
    let verdict = verdict(&SPEC, &context(double.hasty_client())).await;
    assert_eq!(outcome(&verdict), (Status::Inconclusive, "timed-out"));
    assert_eq!(double.seen().len(), 1);
}

#[tokio::test]
async fn a_redirect_is_a_failure_and_not_followed() {
    let to = "https://login.example/portal?next=1";
    let verdict = answered(Reply::json(302, "").header("location", to)).await;
    assert_eq!(outcome(&verdict), (Status::Fail, "redirected"));
    assert!(verdict.summary().contains("login.example") && !verdict.summary().contains("next"));
}

#[tokio::test]
async fn an_algorithm_that_does_not_fit_sends_nothing() {
    let client = Client::new(HttpOptions::default()).unwrap();
    let inputs = Inputs { algorithm: Some(Algorithm::Ps256), ..Inputs::default() };
    let verdict = verdict(&SPEC, &context_with(client, inputs)).await;
    assert_eq!(finding(&verdict), "algorithm-does-not-fit");
    assert!(verdict.exchanges().is_empty());
}
