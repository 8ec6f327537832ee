use serde_json::{Value, json};

use super::*;
use crate::checklist::checks::token_scope;
use crate::checklist::context::Inputs;
use crate::checklist::engine::Status;
use crate::checklist::online::testing::{claims, outcome, signed_in_with, verdict};
use crate::netsuite::http::{Client, HttpOptions};
use crate::types::Scope;

async fn judged(spec: &Spec, inputs: Inputs, claims: &Value) -> Verdict {
    let client = Client::new(HttpOptions::default()).unwrap();
    verdict(spec, &signed_in_with(client, inputs, claims)).await
}

async fn identity(changes: &[(&str, Value)]) -> Verdict {
    let mut claims = claims();
    for (name, value) in changes {
        claims[*name] = value.clone();
    }
    judged(&SPEC, Inputs::default(), &claims).await
}

#[tokio::test]
async fn role_and_entity_are_shown() {
    let verdict = identity(&[]).await;
    assert_eq!(
        verdict.summary(),
        "The token is for account 1234567_SB1, role ID 1042, entity ID 2207."
    );
    let facts: Vec<(&str, &str)> =
        verdict.facts().iter().map(|fact| (fact.key, fact.value.as_str())).collect();
    assert!(facts.contains(&("role_id", "1042")) && facts.contains(&("client_id", "0123…cdef")));
}

#[tokio::test]
async fn another_account_fails() {
    for aud in [json!(["A;1234567"]), json!(["A;1234567_SB2"]), json!(["A;1234567_SB1", "B;99"])] {
        let verdict = identity(&[("aud", aud)]).await;
        assert_eq!(outcome(&verdict), (Status::Fail, "other-account"));
    }
    let old = identity(&[("aud", json!([])), ("sub", json!("99;0;3;7;N"))]).await;
    assert_eq!(outcome(&old), (Status::Fail, "other-account"));
    let same = identity(&[("aud", json!(["A;1234567-sb1"]))]).await;
    assert_eq!(same.status(), Status::Pass);
}

#[tokio::test]
async fn what_cannot_be_read_is_not_passed() {
    let silent = identity(&[("aud", json!([])), ("sub", json!("x"))]).await;
    assert_eq!(outcome(&silent), (Status::Inconclusive, "account-not-stated"));
    for sub in [json!("x"), json!("a;b"), json!(7), Value::Null] {
        let nobody = identity(&[("sub", sub)]).await;
        assert_eq!(outcome(&nobody), (Status::Inconclusive, "unreadable-token"));
    }
    let unreadable = judged(&SPEC, Inputs::default(), &json!("no claims")).await;
    assert_eq!(outcome(&unreadable), (Status::Inconclusive, "unreadable-token"));
    let other = identity(&[("aud", json!(["A;1234567_SB1", "f".repeat(64)]))]).await;
    assert_eq!(outcome(&other), (Status::Warn, "other-client-id"));
}

#[tokio::test]
async fn scopes() {
    let both =
        Inputs { scopes: vec![Scope::RestWebservices, Scope::Restlets], ..Inputs::default() };
    for (inputs, scope, expected) in [
        (Inputs::default(), json!(["rest_webservices", "restlets"]), (Status::Pass, "")),
        (Inputs::default(), json!("rest_webservices"), (Status::Pass, "")),
        (Inputs::default(), json!(["restlets"]), (Status::Fail, "rest-webservices-missing")),
        (both.clone(), json!(["rest_webservices"]), (Status::Fail, "scope-missing")),
        (both, json!([]), (Status::Fail, "rest-webservices-missing")),
        (Inputs::default(), json!([7]), (Status::Inconclusive, "scope-not-stated")),
        (Inputs::default(), json!(7), (Status::Inconclusive, "scope-not-stated")),
    ] {
        let mut claims = claims();
        claims["scope"] = scope.clone();
        let verdict = judged(&token_scope::SPEC, inputs, &claims).await;
        assert_eq!(outcome(&verdict), expected, "{scope}");
    }
}
