//! `token-identity`

use futures_util::FutureExt as _;

use crate::checklist::context::Context;
use crate::checklist::engine::{Evidence, ReasonCode, Severity, Verdict};
use crate::checklist::ids;
use crate::checklist::online::{Decision, claims_here, fact, settle};
use crate::checklist::spec::{Run, Spec, findings};
use crate::oauth::access_token::Claims;
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
    phase: ids::TOKEN,
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
    let Some(claims) = Claims::of(token) else {
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
            let text = "The token does not say which account it is for.";
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
mod tests;
