//! `token-identity`

use futures_util::FutureExt as _;

use crate::checks::context::Context;
use crate::checks::ids;
use crate::checks::session::{Decision, claims_here, fact, settle};
use crate::checks::spec::{self, Run, Spec, findings};
use crate::engine::{Evidence, ReasonCode, Severity, Verdict};
use crate::oauth::access_token::TokenClaims;
use crate::types::shorten;

findings! {
    OTHER_ACCOUNT = "other-account",
    OTHER_CLIENT = "other-client-id",
    NO_ACCOUNT = "account-not-stated",
    UNREADABLE = "unreadable-token",
}

/// The declaration of `token-identity`.
pub const SPEC: Spec = Spec {
    id: ids::TOKEN_IDENTITY,
    phase: spec::TOKEN,
    needs: &[ids::TOKEN_EXCHANGE],
    after: &[],
    findings: &[FINDINGS],
    run: Run::Online(|context| run(context).boxed_local()),
};

async fn run(context: &Context) -> Verdict {
    settle(decide(context))
}

fn decide(context: &Context) -> Decision {
    let token = fact(&context.facts.access_token, ids::TOKEN_EXCHANGE)?;
    let account = fact(&context.facts.account_id, ids::ACCOUNT_ID)?.account();
    let Some(claims) = TokenClaims::of(token) else {
        let text = "The token cannot be read, so it does not tell whom it is for.";
        return Ok(Verdict::inconclusive(ReasonCode::Ambiguous, UNREADABLE, text));
    };
    let role = claims.role.as_deref().unwrap_or("unknown");
    let entity = claims.entity.as_deref().unwrap_or("unknown");
    let mut verdict = match claims.companies.iter().find(|company| **company != account) {
        Some(other) => {
            let text = format!("The token is for account {other}, not for {account}.");
            Verdict::fail(OTHER_ACCOUNT, text).param("token_account", other.clone())
        }
        None if claims.companies.is_empty() => {
            let text = "The token does not say which account it is for, in no form that is known.";
            Verdict::inconclusive(ReasonCode::Ambiguous, NO_ACCOUNT, text)
        }
        None if claims.role.is_none() && claims.entity.is_none() => {
            let text = format!(
                "The token is for account {account} and does not tell its role and entity."
            );
            Verdict::inconclusive(ReasonCode::Ambiguous, UNREADABLE, text)
        }
        None => Verdict::pass(format!(
            "The token is for account {account}, role ID {role}, entity ID {entity}."
        )),
    };
    let odd = claims.odd.join(" and ");
    if !odd.is_empty() {
        let evidence = Evidence::new("form_not_known", odd.as_str());
        verdict = verdict.evidence(evidence.expected("none").source("access token"));
    }
    if let Some(grant) = claims.grant {
        verdict = verdict.evidence(Evidence::new("grant", grant).source("the token's jti"));
    }
    if let Some(own) = context.facts.client_id.get() {
        verdict = verdict.param("client_id", own.shortened());
    }
    let own = context.facts.client_id.get().map(|id| id.as_str().to_ascii_lowercase());
    let agrees = |id: &String| own.as_ref().is_none_or(|own| *own == id.to_ascii_lowercase());
    if let Some(other) = claims.client_ids.iter().find(|id| !agrees(id)) {
        let text = format!("The token names another Client ID, {}.", shorten(other));
        verdict = verdict.note(Severity::Warn, OTHER_CLIENT, text);
    }
    let stated = |values: &[String]| match values {
        [] => "not stated".to_owned(),
        values => values.join(", "),
    };
    let client_ids: Vec<String> = claims.client_ids.iter().map(|id| shorten(id)).collect();
    let verdict = verdict
        .evidence(Evidence::new("account", stated(&claims.companies)).expected(account))
        .evidence(Evidence::new("role_id", role).source("access token"))
        .evidence(Evidence::new("entity_id", entity).source("access token"))
        .evidence(Evidence::new("client_id", stated(&client_ids)).source("access token"))
        .evidence(
            Evidence::new("application_id", claims.application.as_deref().unwrap_or("not stated"))
                .source("access token"),
        );
    let here = claims_here(context, token);
    let ids = [("role_id", here.role), ("entity_id", here.entity)];
    Ok(ids.into_iter().fold(verdict, |verdict, (name, id)| match id {
        Some(id) => verdict.param(name, id),
        None => verdict,
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::checks::context::Inputs;
    use crate::checks::testing::online::{claims, outcome, signed_in_with, verdict};
    use crate::checks::token_scope;
    use crate::engine::Status;
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
        assert!(
            facts.contains(&("role_id", "1042")) && facts.contains(&("client_id", "0123…cdef"))
        );
    }

    /// The audience of a token for an account.
    fn of(account: &str) -> String {
        format!("1C61CD58-044D-497A-AA29-7A3E9A9BB924;{account}")
    }

    #[tokio::test]
    async fn a_form_that_is_not_known_is_no_other_company() {
        for aud in [
            json!(["A;1234567"]),
            json!([of("ACME CORP")]),
            json!([of("7654321;x")]),
            json!(["urn:netsuite:7654321"]),
        ] {
            let verdict = identity(&[("aud", aud.clone())]).await;
            assert_eq!(outcome(&verdict), (Status::Inconclusive, "account-not-stated"), "{aud}");
        }
        for sub in ["ACME CORP;0;1042;2207;N", "7654321;1042;2207", "user@7654321"] {
            let verdict = identity(&[("sub", json!(sub))]).await;
            assert_eq!(outcome(&verdict), (Status::Inconclusive, "unreadable-token"), "{sub}");
            let fact = verdict.facts().iter().find(|fact| fact.key == "form_not_known").unwrap();
            assert_eq!(fact.value, "sub");
        }
    }

    #[tokio::test]
    async fn another_account_fails() {
        for aud in [
            json!([of("1234567")]),
            json!([of("1234567_SB2")]),
            json!([of("1234567_SB1"), of("99")]),
        ] {
            let verdict = identity(&[("aud", aud)]).await;
            assert_eq!(outcome(&verdict), (Status::Fail, "other-account"));
        }
        let old = identity(&[("aud", json!([])), ("sub", json!("99;0;3;7;N"))]).await;
        assert_eq!(outcome(&old), (Status::Fail, "other-account"));
        let same = identity(&[("aud", json!([of("1234567-sb1")]))]).await;
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
        let other = identity(&[("aud", json!([of("1234567_SB1"), "f".repeat(64)]))]).await;
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
            (Inputs::default(), json!(["mcp"]), (Status::Fail, "mcp-token")),
            (Inputs::default(), json!([7]), (Status::Inconclusive, "scope-not-stated")),
            (Inputs::default(), json!(7), (Status::Inconclusive, "scope-not-stated")),
        ] {
            let mut claims = claims();
            claims["scope"] = scope.clone();
            let verdict = judged(&token_scope::SPEC, inputs, &claims).await;
            assert_eq!(outcome(&verdict), expected, "{scope}");
        }
    }
}
