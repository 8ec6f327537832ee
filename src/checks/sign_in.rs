//! `sign-in`

use futures_util::FutureExt as _;

use crate::checks::context::{Context, SignedIn};
use crate::checks::ids;
use crate::checks::no_answer;
use crate::checks::session::{Decision, attempt_of, claims_here, client, fact, hosts, settle};
use crate::checks::spec::{self, Run, Spec, findings};
use crate::engine::{Evidence, FindingId, ReasonCode, Verdict};
use crate::netsuite::Bearer;
use crate::netsuite::url::TokenUrl;
use crate::oauth::access_token::TokenClaims;
use crate::oauth::code_grant::{Authorized, Browser, BrowserStop, RedirectError, exchange_code};
use crate::oauth::exchange::{OAuthError, TokenAnswer, TokenOutcome};
use crate::probes::inside;
use crate::probes::inside::trail::Attempt;
use crate::probes::query::{CONTROL, ask};
use crate::probes::record::Stop;
use crate::types::AccountId;

findings! {
    DENIED = "denied",
    OTHER_ACCOUNT = "other-account",
    WRONG_ROLE = "wrong-role",
    UNKNOWN_CLIENT = "unknown-client",
    WRONG_SCOPE = "wrong-scope",
    REFUSED = "refused-in-the-browser",
    PORT_TAKEN = "port-taken",
    NO_LISTENER = "no-listener",
    NO_BROWSER = "no-browser",
    TIMED_OUT = "nobody-signed-in",
    STATE_DIFFERS = "state-differs",
    NO_CODE = "no-code",
    NO_TERMINAL = "no-terminal",
    NOT_AN_ADDRESS = "not-an-address",
    CODE_REFUSED = "code-refused",
    CLIENT_REFUSED = "client-refused",
    TOKEN_REFUSED = "token-refused",
    NO_TOKEN = "no-token",
    INTERNAL = "cannot-sign-in",
}

/// The declaration of `sign-in`.
pub const SPEC: Spec = Spec {
    id: ids::SIGN_IN,
    phase: spec::ACCOUNT,
    needs: &[ids::ACCOUNT_ID, ids::CONNECTION, ids::ACCOUNT_EXISTS],
    // The browser comes last: what was refused before it can be looked up then.
    after: &[ids::TOKEN_EXCHANGE, ids::REST_SERVICE],
    findings: &[FINDINGS, no_answer::FINDINGS],
    run: Run::Online(|context| run(context).boxed_local()),
};

async fn run(context: &Context) -> Verdict {
    let verdict = settle(decide(context).await);
    let Some(browser) = &context.browser else { return verdict };
    let record = browser.record();
    verdict
        .param("sign_in_client_id", record.client_id.shortened())
        .param("redirect_uri", browser.redirect_uri())
        .param("port", browser.port().to_string())
}

async fn decide(context: &Context) -> Decision {
    let account = fact(&context.facts.account_id, ids::ACCOUNT_ID)?;
    let (hosts, client) = (hosts(context)?, client(context)?);
    let Some(browser) = &context.browser else {
        let text = "No administrator signed in for this run (--sign-in).";
        return Ok(Verdict::skipped(ReasonCode::NotProvided, text));
    };
    let authorized = match authorized(context, &**browser, account).await {
        Ok(authorized) => authorized,
        Err(stop) => return Ok(stopped(&stop)),
    };
    if let Some(other) = authorized.company.as_ref().filter(|company| *company != account) {
        return Ok(other_account(account, &other.account()));
    }
    let sent = context.clock.now();
    let url = TokenUrl::of(hosts);
    let scrubber = &context.scrubber;
    let reply = exchange_code(client, &url, browser.record(), authorized, scrubber).await;
    let reply = match reply {
        Ok(reply) => reply,
        Err(error) => return Ok(Verdict::fail(INTERNAL, format!("{error}."))),
    };
    let at = reply.exchanges.first().map(|exchange| attempt_of(context, sent, exchange));
    let TokenAnswer { outcome, status, exchanges, .. } = reply;
    let (token, at) = match (outcome, at) {
        (TokenOutcome::Granted(issued), Some(at)) => (issued.token, at),
        (outcome, _) => return Ok(no_token(&outcome, status).http(exchanges)),
    };
    let companies = TokenClaims::of(&token).map(|claims| claims.companies).unwrap_or_default();
    if let Some(other) = companies.iter().find(|company| **company != account.account()) {
        return Ok(other_account(account, other).http(exchanges));
    }
    let control = ask(client, hosts, &token, CONTROL).await;
    let (all, asked) = (exchanges, control.exchanges);
    let verdict = match control.result.map_err(|stop| *stop) {
        Ok(()) => signed_in(context, token, at),
        Err(stop) if inside::is_refusal(&stop) => {
            let text = "Somebody signed in, and with the role that was chosen NetSuite answers no \
                        queries.";
            Verdict::fail(WRONG_ROLE, text)
        }
        Err(Stop::NoAnswer(no_answer)) => no_answer::undecided(&no_answer, "a first query"),
        Err(_) => no_answer::unexpected("a first query", 200),
    };
    Ok(verdict.http(all).http(asked))
}

/// The sign-in in the browser, or that which was made before the run to learn the account.
async fn authorized(
    context: &Context,
    browser: &dyn Browser,
    account: &AccountId,
) -> Result<Authorized, BrowserStop> {
    let earlier = context.facts.authorized.lock().ok().and_then(|mut made| made.take());
    match earlier {
        Some(made) => Ok(made),
        None => browser.authorize(Some(account), &context.scrubber).await,
    }
}

fn signed_in(context: &Context, token: Bearer, at: Attempt) -> Verdict {
    let claims = claims_here(context, &token);
    let said = |id: &Option<String>| id.clone().unwrap_or_else(|| "not stated".to_owned());
    let (role, entity) = (said(&claims.role), said(&claims.entity));
    let number = |id: &Option<String>| id.as_ref().and_then(|id| id.parse().ok());
    let (role_id, entity_id) = (number(&claims.role), number(&claims.entity));
    let _ = context.facts.signed_in.set(SignedIn { token, role: role_id, entity: entity_id, at });
    Verdict::pass(format!("Signed in to the account: entity {entity}, role {role}."))
        .evidence(Evidence::new("signed_in_entity", entity).source("the access token"))
        .evidence(Evidence::new("signed_in_role", role).source("the access token"))
        .evidence(Evidence::new(
            "signed_in_at",
            context.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        ))
}

fn other_account(account: &AccountId, other: &str) -> Verdict {
    let text = format!(
        "The sign-in was to account {other}, and this run checks {}; nothing was read.",
        account.account()
    );
    Verdict::fail(OTHER_ACCOUNT, text)
        .evidence(Evidence::new("signed_in_account", other).expected(account.account()))
        .param("other_account", other)
}

fn stopped(stop: &BrowserStop) -> Verdict {
    let finding = match stop {
        BrowserStop::Redirect(RedirectError::Denied) => DENIED,
        BrowserStop::Redirect(RedirectError::NotOurs) => STATE_DIFFERS,
        BrowserStop::Redirect(RedirectError::NoCode) => NO_CODE,
        BrowserStop::Redirect(RedirectError::Refused(word)) => match word.as_str() {
            "unauthorized_client" => UNKNOWN_CLIENT,
            "invalid_scope" => WRONG_SCOPE,
            _ => REFUSED,
        },
        BrowserStop::PortTaken(_) => PORT_TAKEN,
        BrowserStop::NoListener { .. } => NO_LISTENER,
        BrowserStop::TimedOut { stranger: true, .. } => STATE_DIFFERS,
        BrowserStop::TimedOut { browser: false, .. } => NO_BROWSER,
        BrowserStop::TimedOut { .. } => TIMED_OUT,
        BrowserStop::NoTerminal => NO_TERMINAL,
        BrowserStop::NotAnAddress => NOT_AN_ADDRESS,
        BrowserStop::Internal(_) => INTERNAL,
    };
    Verdict::fail(finding, format!("Nobody is signed in: {stop}."))
}

/// What the token endpoint said to the code. Meanings: OH/subsect_158521832417.
fn no_token(outcome: &TokenOutcome, status: Option<u16>) -> Verdict {
    let status = status.map(|status| format!("{status} ")).unwrap_or_default();
    match outcome {
        TokenOutcome::Refused(error) => {
            let finding: FindingId = match error {
                OAuthError::InvalidGrant => CODE_REFUSED,
                OAuthError::InvalidClient | OAuthError::UnauthorizedClient => CLIENT_REFUSED,
                _ => TOKEN_REFUSED,
            };
            let text = format!("NetSuite gave no token for the sign-in: {status}{error}.");
            Verdict::fail(finding, text)
                .evidence(Evidence::new("error", error.to_string()).source("token endpoint"))
        }
        TokenOutcome::Redirected { .. } => {
            let text = "The token endpoint sent a redirect instead of a token for the sign-in.";
            Verdict::fail(TOKEN_REFUSED, text)
        }
        TokenOutcome::Silent(error) => {
            let text = format!("No token came for the sign-in: {error}.");
            Verdict::inconclusive(ReasonCode::NoAnswer, NO_TOKEN, text)
        }
        TokenOutcome::Foreign(_) | TokenOutcome::Granted(_) => {
            let text = format!("The answer to the sign-in was {status}without a usable token.");
            Verdict::inconclusive(ReasonCode::Ambiguous, NO_TOKEN, text)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::checks::testing::inside::{Ending, administrator};
    use crate::checks::testing::online::{claims, context, jwt, outcome, verdict};
    use crate::engine::Status;
    use crate::netsuite::double::{Behaviour, Double};

    const REDIRECT: &str = "code=abc&company=1234567_SB1&role=3&entity=7";

    fn token(claims: &serde_json::Value) -> Behaviour {
        let body = json!({
            "access_token": jwt(claims), "refresh_token": "the-refresh-token",
            "expires_in": 3600, "token_type": "bearer",
        });
        Behaviour::json(200, body.to_string())
    }

    fn one_row() -> Behaviour {
        Behaviour::json(200, r#"{"items":[{"one":"1"}],"hasMore":false}"#)
    }

    async fn answered(token: Behaviour, query: Behaviour) -> (Verdict, Context) {
        let double = Double::serving(move |request| {
            if request.path.ends_with("/token") { token.clone() } else { query.clone() }
        });
        let context = context(double.client()).with_browser(Box::new(Ending::redirected(REDIRECT)));
        (verdict(&SPEC, &context).await, context)
    }

    #[tokio::test]
    async fn who_signed_in_is_shown_and_the_token_is_not() {
        let (verdict, context) = answered(token(&administrator()), one_row()).await;
        assert_eq!(verdict.status(), Status::Pass, "{}", verdict.summary());
        assert_eq!(verdict.summary(), "Signed in to the account: entity 7, role 3.");
        let signed_in = context.facts.signed_in.get().unwrap();
        assert_eq!((signed_in.role, signed_in.entity), (Some(3), Some(7)));
        let shown = format!("{verdict:?} {context:?}");
        for secret in [jwt(&administrator()).as_str(), "the-refresh-token", "abc"] {
            assert!(!shown.contains(&format!("{secret}\"")), "{secret}");
        }
        assert!(verdict.exchanges().iter().all(|exchange| exchange.method == "POST"));
    }

    #[tokio::test]
    async fn nothing_is_asked_where_the_browser_brings_nothing() {
        use BrowserStop as B;
        let timed_out = |browser, stranger| B::TimedOut { seconds: 120, browser, stranger };
        for (stop, finding) in [
            (B::Redirect(RedirectError::Denied), "denied"),
            (B::Redirect(RedirectError::NotOurs), "state-differs"),
            (B::Redirect(RedirectError::NoCode), "no-code"),
            (B::Redirect(RedirectError::Refused("unauthorized_client".into())), "unknown-client"),
            (B::Redirect(RedirectError::Refused("invalid_scope".into())), "wrong-scope"),
            (B::Redirect(RedirectError::Refused("x".into())), "refused-in-the-browser"),
            (B::PortTaken(8899), "port-taken"),
            (B::NoListener { port: 80, reason: "permission denied".into() }, "no-listener"),
            (timed_out(true, false), "nobody-signed-in"),
            (timed_out(false, false), "no-browser"),
            (timed_out(true, true), "state-differs"),
            (B::NoTerminal, "no-terminal"),
            (B::NotAnAddress, "not-an-address"),
            (B::Internal("a bug".into()), "cannot-sign-in"),
        ] {
            let client = crate::netsuite::http::Client::new(Default::default()).unwrap();
            let context = context(client).with_browser(Box::new(Ending::stopped(stop.clone())));
            let verdict = verdict(&SPEC, &context).await;
            assert_eq!(outcome(&verdict), (Status::Fail, finding), "{stop:?}");
            assert!(verdict.exchanges().is_empty());
            assert!(context.facts.signed_in.get().is_none());
        }
    }

    #[tokio::test]
    async fn another_account_ends_the_sign_in() {
        let client = crate::netsuite::http::Client::new(Default::default()).unwrap();
        let other = Ending::redirected("code=abc&company=7654321");
        let context = context(client).with_browser(Box::new(other));
        let seen = verdict(&SPEC, &context).await;
        assert_eq!(outcome(&seen), (Status::Fail, "other-account"));
        assert!(seen.exchanges().is_empty(), "the code is not handed in");
        let mut elsewhere = administrator();
        elsewhere["aud"][0] = json!("1C61CD58-044D-497A-AA29-7A3E9A9BB924;7654321");
        let (seen, context) = answered(token(&elsewhere), one_row()).await;
        assert_eq!(outcome(&seen), (Status::Fail, "other-account"));
        assert!(context.facts.signed_in.get().is_none());
    }

    #[tokio::test]
    async fn what_the_token_endpoint_and_the_first_query_say() {
        let error = |word: &str| Behaviour::json(400, format!(r#"{{"error":"{word}"}}"#));
        for (reply, expected) in [
            (error("invalid_grant"), (Status::Fail, "code-refused")),
            (error("invalid_client"), (Status::Fail, "client-refused")),
            (error("server_error"), (Status::Fail, "token-refused")),
            (Behaviour::json(302, ""), (Status::Fail, "token-refused")),
            (Behaviour::json(503, ""), (Status::Inconclusive, "no-token")),
            (Behaviour::Cut, (Status::Inconclusive, "no-token")),
        ] {
            assert_eq!(outcome(&answered(reply, one_row()).await.0), expected);
        }
        let workbook = r#"{"o:errorDetails":[{"o:errorCode":"USER_ERROR","detail":"Your current
            role does not have permission to perform this action. Please contact your account
            administrator."}]}"#;
        for (reply, expected) in [
            (Behaviour::json(400, workbook), (Status::Fail, "wrong-role")),
            (Behaviour::json(401, ""), (Status::Fail, "wrong-role")),
            (Behaviour::json(503, ""), (Status::Inconclusive, "server-fault")),
        ] {
            let (verdict, context) = answered(token(&claims()), reply).await;
            assert_eq!(outcome(&verdict), expected);
            assert!(context.facts.signed_in.get().is_none());
        }
    }
}
