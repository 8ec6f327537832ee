//! `rest-service`

use futures_util::FutureExt as _;

use crate::checklist::context::Context;
use crate::checklist::engine::{Evidence, FindingId, ReasonCode, Severity, Status, Verdict};
use crate::checklist::ids;
use crate::checklist::online::{Decision, claims_here, client, fact, hosts, settle, token_expired};
use crate::checklist::spec::{Run, Spec};
use crate::netsuite::bearer::Bearer;
use crate::probes::clock::LOOK;
use crate::probes::service::{Gate, Knock, catalog, server_time};
use crate::types::Scope;

const LOGIN: FindingId = FindingId::new("login-refused");
const EXPIRED: FindingId = FindingId::new("token-expired");
const ROLE: FindingId = FindingId::new("role-not-admitted");
const FORBIDDEN: FindingId = FindingId::new("forbidden");
const FEATURE: FindingId = FindingId::new("service-not-found");
const BUSY: FindingId = FindingId::new("too-many-requests");
const SERVER_FAULT: FindingId = FindingId::new("server-fault");
const HTML: FindingId = FindingId::new("html-answer");
const ODD: FindingId = FindingId::new("unexpected-answer");
const NO_ANSWER: FindingId = FindingId::new("no-answer");
const CLOCK_OFF: FindingId = FindingId::new("clock-off");

/// The declaration of `rest-service`.
pub const SPEC: Spec = Spec {
    id: ids::REST_SERVICE,
    phase: ids::SERVICE,
    needs: &[ids::TOKEN_EXCHANGE],
    after: &[],
    findings: &[
        LOGIN,
        EXPIRED,
        ROLE,
        FORBIDDEN,
        FEATURE,
        BUSY,
        SERVER_FAULT,
        HTML,
        ODD,
        NO_ANSWER,
        CLOCK_OFF,
    ],
    card: include_str!("../../../checks/rest-service.toml"),
    run: Run::Online(|context| run(context).boxed_local()),
};

async fn run(context: &Context) -> Verdict {
    settle(decide(context).await)
}

async fn decide(context: &Context) -> Decision {
    let token = fact(&context.facts.access_token, ids::TOKEN_EXCHANGE)?;
    let account = hosts(context)?;
    let client = client(context)?;
    if !context.inputs.scopes_to_ask().contains(&Scope::RestWebservices) {
        let text = "The scope rest_webservices was not asked for.";
        return Ok(Verdict::skipped(ReasonCode::NotApplicable, text));
    }
    let (time, skew) = server_time(client, account, token).await;
    let mut verdict = Verdict::pass("REST web services answer this token.")
        .http(time.exchanges.clone())
        .evidence(status_of("server_time_status", &time));
    verdict = noted(verdict, context, token, "serverTime", &time);
    if let Some(skew) = skew {
        verdict = compared(verdict, context, skew.as_secs());
    }
    // A refusal of the control call says it all; anything else leaves something to learn.
    let refused = verdict.status() == Status::Fail;
    if !refused {
        let (records, offered) = catalog(client, account, token).await;
        verdict = verdict
            .http(records.exchanges.clone())
            .evidence(status_of("metadata_catalog_status", &records));
        if let Some(offered) = offered {
            verdict = verdict.evidence(Evidence::new("record_types", offered.len().to_string()));
            let _ = context.facts.offered_types.set(offered);
        }
        verdict = noted(verdict, context, token, "metadata-catalog", &records);
    }
    let claims = claims_here(context, token);
    for (name, value) in [("role_id", claims.role), ("entity_id", claims.entity)] {
        if let Some(value) = value {
            verdict = verdict.param(name, value);
        }
    }
    Ok(verdict)
}

/// The second look at the clock. It counts where the first had nothing to go by.
fn compared(verdict: Verdict, context: &Context, skew: i64) -> Verdict {
    let seconds = Evidence::new("server_time_skew_seconds", skew.to_string());
    let verdict =
        verdict.evidence(seconds.expected(format!("at most {LOOK}")).source("serverTime"));
    if skew.unsigned_abs() <= LOOK || context.facts.skew.get().is_some() {
        return verdict;
    }
    let direction = if skew < 0 { "behind" } else { "ahead of" };
    let text = format!("This machine's clock is {} s {direction} NetSuite's.", skew.unsigned_abs());
    verdict.note(Severity::Warn, CLOCK_OFF, text).param("seconds", skew.unsigned_abs().to_string())
}

fn status_of(key: &'static str, knock: &Knock) -> Evidence {
    let status = knock.status.map_or_else(|| "none".to_owned(), |status| status.to_string());
    Evidence::new(key, status).expected("200")
}

fn noted(
    verdict: Verdict,
    context: &Context,
    token: &Bearer,
    service: &'static str,
    knock: &Knock,
) -> Verdict {
    let status = knock.status.map_or_else(|| "nothing".to_owned(), |status| status.to_string());
    let said = knock
        .said
        .as_deref()
        .map(|said| format!(" NetSuite says: {}.", said.trim_end_matches('.')));
    let answered = format!("{service} answered {status}.{}", said.unwrap_or_default());
    let fail = |finding| (Severity::Fail, finding, ReasonCode::Ambiguous, answered.clone());
    let open = |code, finding| (Severity::Open, finding, code, answered.clone());
    let (severity, finding, code, text) = match &knock.gate {
        Gate::Open => return verdict,
        Gate::LoginRefused if token_expired(context, token) => {
            let text = format!("{service} answered {status}: the token has expired meanwhile.");
            (Severity::Fail, EXPIRED, ReasonCode::Ambiguous, text)
        }
        Gate::LoginRefused => fail(LOGIN),
        Gate::RoleRefused => fail(ROLE),
        Gate::Forbidden => fail(FORBIDDEN),
        Gate::NotFound => fail(FEATURE),
        Gate::Busy => open(ReasonCode::RateLimited, BUSY),
        Gate::ServerFault => open(ReasonCode::NoAnswer, SERVER_FAULT),
        Gate::Html => open(ReasonCode::NoAnswer, HTML),
        Gate::Odd => open(ReasonCode::Ambiguous, ODD),
        Gate::Silent(error) => {
            let text = format!("{service} gave no complete answer: {error}.");
            (Severity::Open, NO_ANSWER, ReasonCode::NoAnswer, text)
        }
    };
    verdict.note(severity, finding, text).because(code)
}

#[cfg(test)]
mod tests;
