//! The token endpoint for the code of a sign-in in the browser: RFC 6749 section 4.1.3, RFC 7636
//! section 4.6. Sources: OH/section_158081952044, OH/subsect_158521832417, OH/subsect_158711892221.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hyper::StatusCode;
use hyper::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use serde_json::json;

use super::audit::Who;
use super::message::{Reply, Request};
use super::services::token_answer;
use super::state::ServerState;
use crate::emulator::log::LoginAuditDetail;
use crate::emulator::model::{Account, Integration};
use crate::emulator::signin::TokenGrant;
use crate::emulator::signin::authorize::unusable;
use crate::emulator::signin::code::CodeFault;
use crate::emulator::signin::request::pairs;
use crate::emulator::switches::CodeReuse;

/// What is wrong with a request, and what the Login Audit Trail says of it.
struct Refusal {
    status: StatusCode,
    error: &'static str,
    detail: LoginAuditDetail,
    note: &'static str,
}

fn bad(error: &'static str, detail: LoginAuditDetail, note: &'static str) -> Refusal {
    Refusal { status: StatusCode::BAD_REQUEST, error, detail, note }
}

/// The form of a token request: each parameter at most once.
struct Form(Vec<(String, String)>);

impl Form {
    fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    fn doubled(&self) -> bool {
        let mut seen = Vec::new();
        self.0.iter().any(|(name, _)| {
            let before = seen.contains(&name);
            seen.push(name);
            before
        })
    }
}

/// Exchanges a code for a token.
pub(super) fn answer(state: &ServerState, request: &Request) -> Reply {
    let account = state.account();
    let form = Form(pairs(&String::from_utf8_lossy(&request.body)));
    let mut who = None;
    let refusal = match exchange(state, &account, request, &form, &mut who) {
        Ok(reply) => return reply,
        Err(refusal) => refusal,
    };
    let who = who.as_ref().map(Who::from);
    let named = form.get("client_id").and_then(|id| account.integration(id));
    let named = Who { integration: named.map(|(name, _)| name), ..Who::default() };
    let who = who.unwrap_or(named);
    state.refused_step(&account, request, Some(refusal.detail), who, refusal.note);
    let reply = Reply::oauth_error(refusal.status, refusal.error);
    match refusal.status {
        StatusCode::UNAUTHORIZED => {
            reply.with(WWW_AUTHENTICATE, &format!("Basic realm=\"{}\"", account.id.account()))
        }
        _ => reply,
    }
}

fn exchange(
    state: &ServerState,
    account: &Account,
    request: &Request,
    form: &Form,
    who: &mut Option<TokenGrant>,
) -> Result<Reply, Refusal> {
    if form.doubled() {
        let note = "a parameter is there twice";
        return Err(bad("invalid_request", LoginAuditDetail::InvalidRequest, note));
    }
    let (_, integration) = client(account, request, form)?;
    // No refresh token is ever taken here: what is sent as one is not known.
    if form.get("grant_type") == Some("refresh_token") {
        let detail = LoginAuditDetail::InvalidRefreshToken;
        return Err(bad("invalid_grant", detail, "refresh tokens are not taken here"));
    }
    if let Some((detail, note)) = unusable(account, &state.switches, integration) {
        let error = match detail {
            LoginAuditDetail::AuthorizationCodeGrantRequired => "unauthorized_client",
            LoginAuditDetail::ScopeMismatched => "invalid_scope",
            _ => "invalid_grant",
        };
        return Err(bad(error, detail, note));
    }
    let Some(code) = form.get("code") else {
        let detail = LoginAuditDetail::InvalidRequest;
        return Err(bad("invalid_request", detail, "there is no code"));
    };
    let now = state.now().as_second();
    let (redirect_uri, verifier) = (form.get("redirect_uri"), form.get("code_verifier"));
    let taken = state.codes.take(code, &integration.client_id, redirect_uri, verifier, now);
    let grant = taken.map_err(|fault| match fault {
        CodeFault::Invalid => {
            let note = "code, redirect URI or verifier are not those of the first step";
            bad("invalid_grant", LoginAuditDetail::InvalidGrant, note)
        }
        CodeFault::OtherClient => {
            let note = "the code was given to another client";
            bad("invalid_grant", LoginAuditDetail::ClientIdMismatch, note)
        }
        CodeFault::Used(token) => {
            if state.switches.code_reuse == CodeReuse::Revoked {
                token.into_iter().for_each(|id| state.tokens.revoke(&id));
            }
            let note = "the code was used before";
            bad("invalid_grant", LoginAuditDetail::InvalidGrant, note)
        }
    })?;
    *who = Some(grant.clone());
    still_able(account, &grant)?;
    let failed = |_| Refusal {
        status: StatusCode::INTERNAL_SERVER_ERROR,
        error: "server_error",
        detail: LoginAuditDetail::TokenRejected,
        note: "no token could be signed",
    };
    let switches = &state.switches;
    let refresh = state.tokens.refresh(account, switches, &grant, now).map_err(failed)?;
    let issued = state.tokens.issue(account, switches, grant.clone(), now).map_err(failed)?;
    state.codes.came_of(code, &issued.id);
    state.login(account, request, &grant);
    Ok(token_answer(switches, &issued.token, Some(("refresh_token", json!(refresh)))))
}

/// Role and entity as they are now, not as they were at the first step.
fn still_able(account: &Account, grant: &TokenGrant) -> Result<(), Refusal> {
    let role = account.roles.get(&grant.role).is_some_and(|role| role.can_authorize());
    let entity = account.entities.get(&grant.entity).is_some_and(|entity| {
        !entity.inactive && entity.login_access && entity.roles.contains(&grant.role)
    });
    if role && entity {
        return Ok(());
    }
    let note = "the entity or the role cannot sign in any more";
    Err(bad("invalid_grant", LoginAuditDetail::EntityOrRoleDisabled, note))
}

/// Who asks: a confidential client by Basic authentication, a public one by its Client ID alone.
fn client<'a>(
    account: &'a Account,
    request: &Request,
    form: &Form,
) -> Result<(&'a str, &'a Integration), Refusal> {
    let unknown = |note| Refusal {
        status: StatusCode::UNAUTHORIZED,
        error: "invalid_client",
        detail: LoginAuditDetail::ClientAuthenticationFailed,
        note,
    };
    let twice = "the client authenticates itself in two ways";
    let malformed = |note| bad("invalid_request", LoginAuditDetail::InvalidRequest, note);
    let (id, secret) = match request.header(&AUTHORIZATION) {
        Some(header) => {
            let (id, secret) =
                basic(header).ok_or_else(|| malformed("Authorization is not Basic"))?;
            let other = form.get("client_id").is_some_and(|other| other != id);
            if other || form.get("client_secret").is_some() {
                return Err(malformed(twice));
            }
            (id, Some(secret).filter(|secret| !secret.is_empty()))
        }
        None => match form.get("client_id") {
            Some(id) => (id.to_owned(), None),
            None => return Err(malformed("there is no client")),
        },
    };
    let known = account.integration(&id);
    let (name, integration) = known.ok_or_else(|| unknown("no such Client ID"))?;
    let right = match (&integration.client_secret, secret) {
        (Some(own), Some(sent)) => own.is(&sent),
        (_, None) => integration.public_client && form.get("client_secret").is_none(),
        (None, Some(_)) => false,
    };
    if right { Ok((name, integration)) } else { Err(unknown("the client secret is not right")) }
}

/// Client ID and secret. Both alphabets of base64 are taken: RFC 7617 has the one, NetSuite's page
/// names the other.
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, value) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return None;
    }
    let value = value.trim();
    let bytes = STANDARD
        .decode(value)
        .or_else(|_| URL_SAFE_NO_PAD.decode(value.trim_end_matches('=')))
        .ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}
