//! `rest-service`

use futures_util::FutureExt as _;

use crate::checklist::context::Context;
use crate::checklist::engine::{Evidence, Severity, Status, Verdict};
use crate::checklist::online::Session;
use crate::checklist::spec::{Run, Spec, findings};
use crate::checklist::{ids, no_answer};
use crate::probes::reach::LOOK;
use crate::probes::service::{Gate, Knock, catalog, server_time};

findings! {
    LOGIN = "login-refused",
    EXPIRED = "token-expired",
    ROLE = "role-not-admitted",
    FORBIDDEN = "forbidden",
    FEATURE = "service-not-found",
    CLOCK_OFF = "clock-off",
}

/// The declaration of `rest-service`.
pub const SPEC: Spec = Spec {
    id: ids::REST_SERVICE,
    phase: ids::SERVICE,
    needs: &[ids::TOKEN_EXCHANGE],
    after: &[],
    findings: &[FINDINGS, no_answer::FINDINGS],
    run: Run::WithToken(|session| run(session).boxed_local()),
};

async fn run(session: Session<'_>) -> Verdict {
    let Session { context, client, hosts, token } = session;
    let (time, skew) = server_time(client, hosts, token).await;
    let mut verdict = Verdict::pass("REST web services answer this token.")
        .http(time.exchanges.clone())
        .evidence(status_of("server_time_status", &time));
    verdict = noted(verdict, session, "serverTime", &time);
    if let Some(skew) = skew {
        verdict = compared(verdict, context, skew.as_secs());
    }
    // A refusal of the control call says it all; anything else leaves something to learn.
    let refused = verdict.status() == Status::Fail;
    if !refused {
        let (records, offered) = catalog(client, hosts, token).await;
        verdict = verdict
            .http(records.exchanges.clone())
            .evidence(status_of("metadata_catalog_status", &records));
        if let Some(offered) = offered {
            verdict = verdict.evidence(Evidence::new("record_types", offered.len().to_string()));
            let _ = context.facts.offered_types.set(offered);
        }
        verdict = noted(verdict, session, "metadata-catalog", &records);
    }
    let claims = session.claims();
    for (name, value) in [("role_id", claims.role), ("entity_id", claims.entity)] {
        if let Some(value) = value {
            verdict = verdict.param(name, value);
        }
    }
    verdict
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

fn noted(verdict: Verdict, session: Session<'_>, service: &'static str, knock: &Knock) -> Verdict {
    let status = knock.status.map_or_else(|| "nothing".to_owned(), |status| status.to_string());
    let said = knock
        .said
        .as_deref()
        .map(|said| format!(" NetSuite says: {}.", said.trim_end_matches('.')))
        .unwrap_or_default();
    let answered = format!("{service} answered {status}.{said}");
    let (finding, text) = match &knock.gate {
        Gate::Open => return verdict,
        Gate::NoAnswer(no_answer) => {
            let verdict = no_answer::noted(verdict, no_answer, service);
            return match no_answer.said() {
                Some(said) => verdict.evidence(Evidence::new("netsuite_says", said)),
                None => verdict,
            };
        }
        Gate::LoginRefused if session.token_expired() => {
            let text = format!("{service} answered {status}: the token has expired meanwhile.");
            (EXPIRED, text)
        }
        Gate::LoginRefused => (LOGIN, answered),
        Gate::RoleRefused => (ROLE, answered),
        Gate::Forbidden => (FORBIDDEN, answered),
        Gate::NotFound => (FEATURE, answered),
    };
    verdict.note(Severity::Fail, finding, text)
}

#[cfg(test)]
mod tests;
