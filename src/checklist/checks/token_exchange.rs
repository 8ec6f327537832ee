//! `token-exchange`

use futures_util::FutureExt as _;

use crate::checklist::context::Context;
use crate::checklist::engine::{Evidence, ReasonCode, Verdict};
use crate::checklist::ids;
use crate::checklist::online::{Decision, client, fact, hosts, settle};
use crate::checklist::spec::{Run, Spec, findings};
use crate::netsuite::answer::TransportError;
use crate::netsuite::url::TokenUrl;
use crate::oauth::assertion::{Draft, SignError};
use crate::oauth::exchange::{Foreign, OAuthError, Outcome, exchange};

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
    phase: ids::TOKEN,
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
    let draft = Draft {
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

    let scope_names = scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ");
    let status = reply.status.map_or_else(|| "none".to_owned(), |status| status.to_string());
    // The Login Audit Trail shows the attempt by its second.
    let attempt = now.strftime("%Y-%m-%d %H:%M:%S").to_string();
    let mut verdict = judge(reply.outcome, reply.status, context);
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

fn judge(outcome: Outcome, status: Option<u16>, context: &Context) -> Verdict {
    match outcome {
        Outcome::Granted(grant) => {
            let _ = context.facts.token_issued.set(());
            let _ = context.facts.access_token.set(grant.token);
            let lifetime =
                grant.expires_in.map(|s| format!(", valid for {s} s")).unwrap_or_default();
            Verdict::pass(format!("NetSuite issued an access token{lifetime}."))
        }
        Outcome::Refused(error) => refused(&error, status),
        Outcome::Redirected { host } => {
            let host = host.unwrap_or_else(|| "no host that can be read".to_owned());
            let text =
                format!("The token endpoint sent a redirect to {host}; it was not followed.");
            Verdict::fail(REDIRECTED, text).param("redirect_host", host)
        }
        Outcome::Foreign(foreign) => undecided(foreign, status),
        Outcome::Silent(error) => {
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

fn refused(error: &OAuthError, status: Option<u16>) -> Verdict {
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
    let mut text = format!("NetSuite issued no token: it answered {status}{error}.");
    if *error == OAuthError::ServerError {
        text.push_str(
            " From this endpoint that means a wrong identifier or assertion, not an outage.",
        );
    }
    Verdict::fail(finding, text)
        .evidence(Evidence::new("error", error.to_string()).source("token endpoint"))
        .param("error", error.to_string())
}

fn undecided(foreign: Foreign, status: Option<u16>) -> Verdict {
    let status = status.unwrap_or_default();
    let (code, finding, what) = match foreign {
        Foreign::TooMany => (ReasonCode::RateLimited, BUSY, "that there are too many requests"),
        Foreign::ServerFault => {
            (ReasonCode::NoAnswer, SERVER_FAULT, "without the error word of a token endpoint")
        }
        Foreign::Html => (ReasonCode::NoAnswer, HTML, "with a page for people"),
        Foreign::NoToken => (ReasonCode::Ambiguous, NO_TOKEN, "without a usable token"),
        Foreign::Unreadable => {
            (ReasonCode::Ambiguous, UNREADABLE, "with nothing that a token endpoint says")
        }
    };
    let text = format!("The token endpoint answered {status} {what}.");
    Verdict::inconclusive(code, finding, text)
}

#[cfg(test)]
mod tests;
