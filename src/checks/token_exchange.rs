//! `token-exchange`

use futures_util::FutureExt as _;

use crate::checks::context::Context;
use crate::checks::ids;
use crate::checks::no_answer;
use crate::checks::session::{Decision, NETSUITES_WORDS, client, fact, hosts, settle};
use crate::checks::spec::{self, Run, Spec, findings};
use crate::engine::{Evidence, ReasonCode, Verdict};
use crate::netsuite::answer::TransportError;
use crate::netsuite::symptom::Symptom;
use crate::netsuite::url::TokenUrl;
use crate::oauth::assertion::{AssertionDraft, SignError};
use crate::oauth::exchange::{Foreign, OAuthError, TokenOutcome, exchange};

findings! {
    SERVER_ERROR = "server-error",
    INVALID_CLIENT = "invalid-client",
    INVALID_GRANT = "invalid-grant",
    INVALID_REQUEST = "invalid-request",
    INVALID_SCOPE = "invalid-scope",
    UNAUTHORIZED = "unauthorized-client",
    GRANT_TYPE = "unsupported-grant-type",
    OTHER_ERROR = "other-error",
    REDIRECTED = "redirected",
    HTML = "html-answer",
    SERVER_FAULT = "server-fault",
    BUSY = "too-many-requests",
    NO_TOKEN = "no-token-in-answer",
    UNREADABLE = "unreadable-answer",
    TIMED_OUT = "timed-out",
    NO_ANSWER = "no-answer",
    ALGORITHM = "algorithm-does-not-fit",
    CANNOT_SIGN = "cannot-sign",
}

/// The declaration of `token-exchange`.
pub const SPEC: Spec = Spec {
    id: ids::TOKEN_EXCHANGE,
    phase: spec::TOKEN,
    needs: &[
        ids::ACCOUNT_ID,
        ids::CLIENT_ID,
        ids::CERTIFICATE_ID,
        ids::PRIVATE_KEY,
        ids::CONNECTION,
        ids::ACCOUNT_EXISTS,
    ],
    after: &[ids::CLOCK],
    findings: &[FINDINGS],
    run: Run::Online(|context| run(context).boxed_local()),
};

async fn run(context: &Context) -> Verdict {
    settle(decide(context).await)
}

async fn decide(context: &Context) -> Decision {
    let facts = &context.facts;
    let account = hosts(context)?;
    let client_id = fact(&facts.client_id, ids::CLIENT_ID)?;
    let certificate_id = fact(&facts.certificate_id, ids::CERTIFICATE_ID)?;
    let key = fact(&facts.private_key, ids::PRIVATE_KEY)?;
    let client = client(context)?;

    let url = TokenUrl::of(account);
    let (now, correction) = context.assertion_time();
    let scopes = context.inputs.scopes_to_ask();
    let draft = AssertionDraft {
        audience: &url,
        client_id,
        certificate_id,
        scopes,
        algorithm: context.inputs.algorithm,
        now,
    };
    let signed = match draft.sign(key, &context.scrubber) {
        Ok(signed) => signed,
        Err(error) => return Ok(unsigned(&error)),
    };
    let reply = exchange(client, &url, &signed.assertion, &context.scrubber).await;

    let scope_names = context.inputs.scope_names();
    let status = reply.status.map_or_else(|| "none".to_owned(), |status| status.to_string());
    // The Login Audit Trail shows the attempt by its second.
    let attempt = now.strftime("%Y-%m-%d %H:%M:%S").to_string();
    let verdict = judge(reply.outcome, reply.status, &reply.symptom, context);
    let mut verdict = no_answer::formed(verdict, &reply.symptom);
    if let Some(said) = &reply.symptom.said {
        let words = Evidence::new("netsuite_says", said.as_str()).source(NETSUITES_WORDS);
        verdict = verdict.evidence(words);
    }
    if scopes.len() > 1 {
        verdict = verdict.evidence(Evidence::new("several_scopes", "yes"));
    }
    if context.inputs.correct_clock {
        let corrected = Evidence::new("iat_correction_seconds", correction.to_string());
        verdict = verdict.evidence(corrected.source("--correct-clock"));
    }
    Ok(verdict
        .evidence(Evidence::new("http_status", status.clone()).source("token endpoint"))
        .evidence(Evidence::new("attempt_utc", now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()))
        .evidence(Evidence::new("alg", signed.algorithm.as_str()))
        .evidence(Evidence::new("kid", certificate_id.as_str()))
        .evidence(Evidence::new("iss", client_id.shortened()))
        .evidence(Evidence::new("aud", url.as_str()))
        .evidence(Evidence::new("scope", scope_names.clone()))
        .param("attempt_utc", attempt)
        .param("status", status)
        .param("certificate_id", certificate_id.as_str())
        .param("client_id", client_id.shortened())
        .param("scopes", scope_names)
        .param("algorithm", signed.algorithm.as_str())
        .http(reply.exchanges))
}

fn unsigned(error: &SignError) -> Verdict {
    let text = format!("No assertion could be signed, and nothing was sent: {error}.");
    match error {
        SignError::Mismatch { algorithm, kind } => Verdict::fail(ALGORITHM, text)
            .param("algorithm", algorithm.as_str())
            .param("fitting_algorithm", kind.default_algorithm().as_str()),
        SignError::UnknownKey | SignError::Failed(_) => Verdict::fail(CANNOT_SIGN, text),
    }
}

fn judge(
    outcome: TokenOutcome,
    status: Option<u16>,
    symptom: &Symptom,
    context: &Context,
) -> Verdict {
    match outcome {
        TokenOutcome::Granted(grant) => {
            let _ = context.facts.token_issued.set(());
            let _ = context.facts.access_token.set(grant.token);
            let lifetime =
                grant.expires_in.map(|s| format!(", valid for {s} s")).unwrap_or_default();
            Verdict::pass(format!("NetSuite issued an access token{lifetime}."))
        }
        TokenOutcome::Refused(error) => refused(&error, status, symptom),
        TokenOutcome::Redirected { host } => {
            let host = host.unwrap_or_else(|| "no host that can be read".to_owned());
            let text =
                format!("The token endpoint sent a redirect to {host}; it was not followed.");
            Verdict::fail(REDIRECTED, text).param("redirect_host", host)
        }
        TokenOutcome::Foreign(foreign) => undecided(foreign, status, symptom),
        TokenOutcome::Silent(error) => {
            let finding = match error {
                TransportError::TimedOut { .. }
                | TransportError::ConnectTimeout
                | TransportError::NoHandshake => TIMED_OUT,
                TransportError::Truncated
                | TransportError::TooLarge { .. }
                | TransportError::Protocol => UNREADABLE,
                _ => NO_ANSWER,
            };
            let text = format!("The token endpoint gave no complete answer: {error}.");
            Verdict::inconclusive(ReasonCode::NoAnswer, finding, text)
        }
    }
}

fn refused(error: &OAuthError, status: Option<u16>, symptom: &Symptom) -> Verdict {
    let finding = match error {
        OAuthError::ServerError => SERVER_ERROR,
        OAuthError::InvalidClient => INVALID_CLIENT,
        OAuthError::InvalidGrant => INVALID_GRANT,
        OAuthError::InvalidRequest => INVALID_REQUEST,
        OAuthError::InvalidScope => INVALID_SCOPE,
        OAuthError::UnauthorizedClient => UNAUTHORIZED,
        OAuthError::UnsupportedGrantType => GRANT_TYPE,
        OAuthError::Other(_) => OTHER_ERROR,
    };
    let status = status.map(|status| format!("{status} ")).unwrap_or_default();
    // The token endpoint gives this answer to every wrong value, and no reason.
    let mut text = match error {
        OAuthError::ServerError => {
            format!("NetSuite refused the sign-in and does not say why ({status}{error}).")
        }
        _ => format!("NetSuite refused the sign-in: it answered {status}{error}."),
    };
    if let Some(said) = &symptom.said {
        text.push_str(&format!(" It says: \"{said}\"."));
    }
    if *error == OAuthError::ServerError {
        text.push_str(" Trying again does not help; it is no outage.");
    }
    Verdict::fail(finding, text)
        .evidence(Evidence::new("error", error.to_string()).source("token endpoint"))
        .param("error", error.to_string())
}

fn undecided(foreign: Foreign, status: Option<u16>, symptom: &Symptom) -> Verdict {
    let status = status.unwrap_or_default();
    let (code, finding, what) = match foreign {
        Foreign::TooMany => (ReasonCode::RateLimited, BUSY, "that there are too many requests"),
        Foreign::ServerFault => {
            (ReasonCode::NoAnswer, SERVER_FAULT, "without the error word of a token endpoint")
        }
        Foreign::Html => (ReasonCode::NoAnswer, HTML, "with an HTML page"),
        Foreign::NoToken => (ReasonCode::Ambiguous, NO_TOKEN, "without a usable token"),
        Foreign::Unreadable => {
            (ReasonCode::Ambiguous, UNREADABLE, "with nothing that a token endpoint says")
        }
    };
    let came = match symptom.with_what().filter(|_| finding != BUSY) {
        Some(came) => came,
        None => format!(" {what}"),
    };
    let said = symptom.said.as_ref().map(|said| format!(" It says: \"{said}\"."));
    let text = format!("The token endpoint answered {status}{came}.{}", said.unwrap_or_default());
    Verdict::inconclusive(code, finding, text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::context::Inputs;
    use crate::checks::testing::online::{
        CLIENT_ID, claims, context, context_with, finding, jwt, outcome, verdict,
    };
    use crate::engine::Status;
    use crate::netsuite::double::{Behaviour, Double};
    use crate::netsuite::http::{Client, HttpOptions};
    use crate::types::Algorithm;

    async fn answered(reply: Behaviour) -> Verdict {
        let double = Double::serving(move |_| reply.clone());
        verdict(&SPEC, &context(double.client())).await
    }

    #[tokio::test]
    async fn a_token_is_kept_and_shown_to_nobody() {
        let token = jwt(&claims());
        let body =
            format!(r#"{{"access_token":"{token}","expires_in":3600,"token_type":"Bearer"}}"#);
        let double = Double::serving(move |_| Behaviour::json(200, body.clone()));
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
            let verdict = answered(Behaviour::json(status, body)).await;
            assert_eq!(outcome(&verdict), (Status::Fail, expected), "{status} {word}");
            assert!(verdict.summary().contains(word));
            assert_eq!(
                verdict.exchanges()[0].error_code.as_deref(),
                (status != 200).then_some(word)
            );
        }
    }

    #[tokio::test]
    async fn a_server_error_is_never_called_an_outage() {
        let verdict = answered(Behaviour::json(500, r#"{"error":"server_error"}"#)).await;
        assert!(verdict.summary().ends_with("it is no outage."), "{}", verdict.summary());
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
            (
                Behaviour::new(503, "text/html", "<html>Maintenance"),
                "html-answer",
                ReasonCode::NoAnswer,
            ),
            (
                Behaviour::new(200, "text/html", "<html>Welcome"),
                "html-answer",
                ReasonCode::NoAnswer,
            ),
            (Behaviour::json(502, ""), "server-fault", ReasonCode::NoAnswer),
            (Behaviour::json(500, r#"{"message":"x"}"#), "server-fault", ReasonCode::NoAnswer),
            (Behaviour::json(429, ""), "too-many-requests", ReasonCode::RateLimited),
            (Behaviour::json(200, "{}"), "no-token-in-answer", ReasonCode::Ambiguous),
            (
                Behaviour::json(200, r#"{"access_token":""}"#),
                "no-token-in-answer",
                ReasonCode::Ambiguous,
            ),
            (
                Behaviour::json(200, r#"{"access_token":"a b"}"#),
                "no-token-in-answer",
                ReasonCode::Ambiguous,
            ),
            (
                Behaviour::json(200, r#"{"access_token":"a","#),
                "no-token-in-answer",
                ReasonCode::Ambiguous,
            ),
            (Behaviour::json(400, "no json"), "unreadable-answer", ReasonCode::Ambiguous),
            (Behaviour::json(404, "{}"), "unreadable-answer", ReasonCode::Ambiguous),
            (Behaviour::Truncated, "unreadable-answer", ReasonCode::NoAnswer),
            (Behaviour::Endless, "unreadable-answer", ReasonCode::NoAnswer),
            (Behaviour::Garbage, "unreadable-answer", ReasonCode::NoAnswer),
            (Behaviour::Cut, "no-answer", ReasonCode::NoAnswer),
        ] {
            let double_reply = format!("{reply:?}");
            let verdict = answered(reply).await;
            assert_eq!(outcome(&verdict), (Status::Inconclusive, expected), "{double_reply}");
            assert_eq!(verdict.reason().unwrap().code, code, "{double_reply}");
            assert_eq!(verdict.exchanges().len(), 1, "never repeated");
        }
    }

    #[tokio::test]
    async fn the_words_of_the_answer_are_kept_and_marked() {
        let long = "x ".repeat(1_000);
        let odd =
            format!(r#"{{"error":"invalid_grant","error_description":"No\u001b[2J {long}"}}"#);
        let page = "<html><head><title>Wartung &amp; Pflege</title></head>";
        let soap = "<s:Envelope><s:Body><s:Fault><faultstring>Elsewhere.</faultstring>";
        let script = r#"{"type":"error.SuiteScriptError","name":"X","message":"Broken."}"#;
        let plain = r#"{"error":{"code":"NOT_FOUND","message":"No service here."}}"#;
        for (reply, symptom, words) in [
            (Behaviour::json(400, odd), "400 invalid_grant", Some("No\u{fffd}[2J x x")),
            (Behaviour::new(200, "text/html", page), "titled \"Wartung & Pflege\"", None),
            (Behaviour::new(200, "text/xml", soap), "200 with a SOAP fault", Some("Elsewhere.")),
            (Behaviour::json(500, script), "500 with an error of SuiteScript", Some("X: Broken.")),
            (Behaviour::json(404, plain), "404 with an error in a form", Some("No service here.")),
            (Behaviour::json(502, ""), "502 with nothing in it", None),
        ] {
            let verdict = answered(reply).await;
            let summary = verdict.summary();
            assert!(summary.contains(symptom), "{summary}");
            assert!(summary.chars().count() < 500 && !summary.contains('\u{1b}'), "{summary}");
            let said = verdict.facts().iter().find(|fact| fact.key == "netsuite_says");
            assert_eq!(said.is_some(), words.is_some(), "{summary}");
            if let (Some(said), Some(words)) = (said, words) {
                assert!(said.value.contains(words) && summary.contains(words), "{summary}");
                assert_eq!(said.source.as_deref(), Some("NetSuite's own words"));
            }
        }
    }

    #[tokio::test]
    async fn a_time_out_is_not_repeated() {
        let double = Double::serving(|_| Behaviour::Silent);
        let verdict = verdict(&SPEC, &context(double.hasty_client())).await;
        assert_eq!(outcome(&verdict), (Status::Inconclusive, "timed-out"));
        assert_eq!(double.seen().len(), 1);
    }

    #[tokio::test]
    async fn a_redirect_is_a_failure_and_not_followed() {
        let to = "https://login.example/portal?next=1";
        let verdict = answered(Behaviour::json(302, "").header("location", to)).await;
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
}
