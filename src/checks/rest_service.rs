//! `rest-service`

use futures_util::FutureExt as _;

use crate::checks::context::Context;
use crate::checks::session::{NETSUITES_WORDS, Session};
use crate::checks::spec::{self, Run, Spec, findings};
use crate::checks::{ids, no_answer};
use crate::engine::{Evidence, Severity, Status, Verdict};
use crate::probes::reach::LOOK;
use crate::probes::service::{ServiceAccess, ServiceAnswer, catalog, server_time};

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
    phase: spec::SERVICE,
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
    verdict = verdict.param("scopes", context.inputs.scope_names());
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

fn status_of(key: &'static str, answer: &ServiceAnswer) -> Evidence {
    let status = answer.status.map_or_else(|| "none".to_owned(), |status| status.to_string());
    Evidence::new(key, status).expected("200")
}

fn noted(
    verdict: Verdict,
    session: Session<'_>,
    service: &'static str,
    answer: &ServiceAnswer,
) -> Verdict {
    let status = answer.status.map_or_else(|| "nothing".to_owned(), |status| status.to_string());
    let said = answer
        .said
        .as_deref()
        .map(|said| format!(" NetSuite says: {}.", said.trim_end_matches('.')))
        .unwrap_or_default();
    let answered = format!("{service} answered {status}.{said}");
    let (finding, text) = match &answer.access {
        ServiceAccess::Open => return verdict,
        ServiceAccess::NoAnswer(no_answer) => {
            return told(no_answer::noted(verdict, no_answer, service), no_answer.said());
        }
        ServiceAccess::LoginRefused if session.token_expired() => {
            let text = format!("{service} answered {status}: the token has expired meanwhile.");
            (EXPIRED, text)
        }
        ServiceAccess::LoginRefused => (LOGIN, answered),
        ServiceAccess::RoleRefused => (ROLE, answered),
        ServiceAccess::Forbidden => (FORBIDDEN, answered),
        ServiceAccess::NotFound => (FEATURE, answered),
    };
    told(verdict.note(Severity::Fail, finding, text), answer.said.as_deref())
}

fn told(verdict: Verdict, said: Option<&str>) -> Verdict {
    match said {
        Some(said) => {
            verdict.evidence(Evidence::new("netsuite_says", said).source(NETSUITES_WORDS))
        }
        None => verdict,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::checks::context::Inputs;
    use crate::checks::testing::online::{
        NOW, claims, outcome, signed_in, signed_in_with, verdict,
    };
    use crate::engine::ReasonCode;
    use crate::netsuite::double::{Behaviour, Double, SeenRequest};
    use crate::netsuite::http::{Client, HttpOptions};
    use crate::types::Scope;

    const CATALOG: &str = r#"{"items":[{"name":"customer"},{"name":"salesOrder"}]}"#;
    const TIME: &str = r#"{"serverTime":"2026-11-23T20:00:00.000Z"}"#;

    fn error(status: u16, code: &str, detail: &str) -> Behaviour {
        let body = json!({ "status": status, "o:errorDetails": [{ "detail": detail, "o:errorCode": code }] });
        Behaviour::new(status, "application/vnd.oracle.resource+json; type=error", body.to_string())
    }

    fn healthy(seen: &SeenRequest) -> Behaviour {
        match seen.path.as_str() {
            "/services/rest/system/v1/serverTime" => Behaviour::json(200, TIME),
            "/services/rest/record/v1/metadata-catalog" => Behaviour::json(200, CATALOG),
            _ => Behaviour::json(404, "{}"),
        }
    }

    async fn when(part: &'static str, reply: Behaviour) -> Verdict {
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
        assert_eq!(
            (offered.has("SalesOrder"), offered.has("subsidiary")),
            (Some(true), Some(false))
        );
        assert!(double.seen().iter().all(|seen| seen.method == "GET"));
    }

    #[tokio::test]
    async fn a_role_that_is_not_admitted_in_each_wire_form() {
        let role = "Your current role does not have permission to perform this action.";
        for part in ["serverTime", "metadata-catalog"] {
            for (reply, expected) in [
                (error(401, "INVALID_LOGIN", "Invalid login attempt."), "login-refused"),
                (Behaviour::json(401, ""), "login-refused"),
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
                (Behaviour::json(500, ""), "server-fault", ReasonCode::NoAnswer),
                (
                    error(500, "UNEXPECTED_ERROR", "Error ID: x"),
                    "server-fault",
                    ReasonCode::NoAnswer,
                ),
                (Behaviour::new(200, "text/html", "<html>"), "html-answer", ReasonCode::NoAnswer),
                (Behaviour::new(403, "text/html", "<html>"), "html-answer", ReasonCode::NoAnswer),
                (Behaviour::json(429, ""), "too-many-requests", ReasonCode::RateLimited),
                (Behaviour::json(200, "{}"), "unexpected-answer", ReasonCode::Ambiguous),
                (Behaviour::json(302, ""), "unexpected-answer", ReasonCode::Ambiguous),
                (Behaviour::Cut, "no-answer", ReasonCode::NoAnswer),
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
                _ if seen.path.contains("metadata-catalog") => Behaviour::json(200, body),
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
        let behind = || Behaviour::json(200, r#"{"serverTime":"2026-11-23T20:10:00.000Z"}"#);
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
}
