//! `token-scope`

use futures_util::FutureExt as _;

use crate::checks::context::Context;
use crate::checks::ids;
use crate::checks::session::{Decision, fact, settle};
use crate::checks::spec::{self, Run, Spec, findings};
use crate::engine::{Evidence, ReasonCode, Severity, Verdict};
use crate::oauth::access_token::TokenClaims;
use crate::types::Scope;

findings! {
    REST_MISSING = "rest-webservices-missing",
    MISSING = "scope-missing",
    NOT_STATED = "scope-not-stated",
    MCP = "mcp-token",
}

/// The declaration of `token-scope`.
pub const SPEC: Spec = Spec {
    id: ids::TOKEN_SCOPE,
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
    let asked = context.inputs.scopes_to_ask();
    let asked_names = context.inputs.scope_names();
    let Some(granted) = TokenClaims::of(token).and_then(|claims| claims.scopes) else {
        let text = "The token does not say which scopes it has.";
        return Ok(Verdict::inconclusive(ReasonCode::Ambiguous, NOT_STATED, text));
    };
    let has = |scope: &Scope| granted.iter().any(|name| name == scope.as_str());
    let mut verdict = Verdict::pass(format!("The token has every scope asked for: {asked_names}."));
    // It excludes every other scope (OH/section_158255317571), so what is missing follows from it.
    if granted.iter().any(|name| name == "mcp") {
        let text =
            "The token has the scope mcp, of NetSuite's AI connector, which excludes others.";
        verdict = verdict.note(Severity::Fail, MCP, text);
    }
    let mut missing: Vec<&str> = Vec::new();
    for scope in asked.iter().filter(|scope| !has(scope)) {
        let finding = if *scope == Scope::RestWebservices { REST_MISSING } else { MISSING };
        let text = format!("The token lacks the scope {scope}.");
        verdict = verdict.note(Severity::Fail, finding, text);
        missing.push(scope.as_str());
    }
    Ok(verdict
        .evidence(
            Evidence::new("scope", granted.join(" "))
                .expected(asked_names.clone())
                .source("access token"),
        )
        .param("scopes", asked_names.clone())
        .param("missing_scopes", missing.join(" ")))
}
