//! The authorize page: somebody logs in, chooses a role, and allows or denies. Works with plain form
//! posts and keeps no cookie: a number in the form names the sign-in that is under way.
//! Sources: OH/section_158081944642, OH/subsect_158521823069.

mod page;
mod visit;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use hyper::header::{CACHE_CONTROL, LOCATION};
use hyper::{Method, StatusCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

pub use visit::{Decision, VisitEnd, Visitor};

use super::audit::Who;
use super::message::{Reply, Request};
use super::state::ServerState;
use crate::emulator::log::{Effect, LoginAuditDetail};
use crate::emulator::model::role::Entity;
use crate::emulator::model::{Account, Role};
use crate::emulator::signin::TokenGrant;
use crate::emulator::signin::authorize::{AuthorizeFault, AuthorizeRequest, judge};
use crate::emulator::signin::code::{CodeGrant, random};
use crate::emulator::signin::request::pairs;
use crate::emulator::switches::CodeLifetime;

/// A sign-in that is under way.
#[derive(Debug, Clone)]
struct Flow {
    request: AuthorizeRequest,
    /// Name of the entity that logged in.
    user: Option<String>,
}

/// The sign-ins under way, by the number in their forms.
#[derive(Default)]
pub(in crate::emulator) struct Flows(Mutex<HashMap<String, Flow>>);

impl Flows {
    fn put(&self, number: &str, flow: Flow) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(number.to_owned(), flow);
    }

    fn get(&self, number: &str) -> Option<Flow> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(number).cloned()
    }

    fn end(&self, number: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(number);
    }
}

/// Answers the page and its forms.
pub(super) fn answer(state: &ServerState, request: &Request) -> Reply {
    let reply = match request.method {
        Method::GET => first(state, request),
        Method::POST => next(state, request),
        _ => page::notice(StatusCode::METHOD_NOT_ALLOWED, "This page takes GET and POST."),
    };
    reply.with(CACHE_CONTROL, "no-store")
}

fn first(state: &ServerState, request: &Request) -> Reply {
    let account = state.account();
    let judged = judge(&account, &state.switches, &request.query);
    let asked = request.parameter("client_id").and_then(|id| account.integration(id));
    let who = Who { integration: asked.map(|(name, _)| name), ..Who::default() };
    let flow = match judged {
        Ok(request) => Flow { request, user: None },
        Err(AuthorizeFault::Page { detail, message }) => {
            state.refused_step(&account, request, Some(detail), who, message);
            return page::notice(StatusCode::BAD_REQUEST, message);
        }
        Err(AuthorizeFault::Redirect { detail, redirect_uri, state: sent, error }) => {
            state.refused_step(&account, request, detail, who, error);
            let company = account.id.account();
            let end = [("state", sent.as_str()), ("company", &company), ("error", error)];
            return back(&redirect_uri, &end);
        }
    };
    let Ok(number) = random() else { return failed() };
    let reply = page::log_in(&account, &flow.request, &number, None);
    state.flows.put(&number, flow);
    reply
}

fn next(state: &ServerState, request: &Request) -> Reply {
    let account = state.account();
    let form = pairs(&String::from_utf8_lossy(&request.body));
    let get = |name: &str| {
        form.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.as_str())
    };
    let number = get("flow");
    let Some(flow) = state.flows.get(number) else {
        let text = "This sign-in has ended. Start it again from the application.";
        return page::notice(StatusCode::BAD_REQUEST, text);
    };
    let Some(user) = &flow.user else {
        return log_in(state, &account, request, (number, flow), get("email"));
    };
    let Some(entity) = account.entities.get(user) else { return failed() };
    let role = get("role").parse::<i64>().ok().and_then(|id| held(&account, entity, id));
    let who = Who {
        integration: Some(&flow.request.integration),
        entity: Some(user),
        role: role.map(|(name, _)| name),
    };
    match (get("decision"), role) {
        ("deny", role) => {
            state.flows.end(number);
            let detail = LoginAuditDetail::AuthorizationExplicitlyDenied;
            state.refused_step(&account, request, Some(detail), who, "the user clicked Deny");
            redirect(&account, &flow.request, (entity, role), ("error", "access_denied"))
        }
        ("allow", Some((name, role))) if role.can_authorize() => {
            state.flows.end(number);
            let grant = TokenGrant {
                integration: flow.request.integration.clone(),
                role: name.to_owned(),
                entity: user.clone(),
                scopes: flow.request.scopes.clone(),
                certificate_id: None,
                client_id: flow.request.client_id.clone(),
            };
            let Ok(code) = give(state, &flow.request, grant) else { return failed() };
            redirect(&account, &flow.request, (entity, Some((name, role))), ("code", &code))
        }
        ("allow", _) => {
            let text = "This role cannot authorize an application.";
            page::consent(&account, &flow.request, number, entity, Some(text))
        }
        _ => page::consent(&account, &flow.request, number, entity, None),
    }
}

/// A role that an entity holds and that is active.
fn held<'a>(account: &'a Account, entity: &'a Entity, id: i64) -> Option<(&'a str, &'a Role)> {
    let of = |name: &'a String| Some((name.as_str(), account.roles.get(name)?));
    let mut roles = entity.roles.iter().filter_map(of);
    roles.find(|(_, role)| role.id == id && !role.inactive)
}

fn log_in(
    state: &ServerState,
    account: &Account,
    request: &Request,
    (number, flow): (&str, Flow),
    email: &str,
) -> Reply {
    let mut all = account.entities.iter();
    let asked = all.find(|(_, entity)| !email.is_empty() && entity.email.as_deref() == Some(email));
    match asked {
        Some((name, entity)) if !entity.inactive && entity.login_access => {
            state.logged_in(account, request, name);
            let reply = page::consent(account, &flow.request, number, entity, None);
            state.flows.put(number, Flow { user: Some(name.clone()), ..flow });
            reply
        }
        asked => {
            let who = Who { entity: asked.map(|(name, _)| name.as_str()), ..Who::default() };
            let text = "You have entered an invalid email address or password. Please try again.";
            state.refused_step(account, request, None, who, "nobody who can log in");
            page::log_in(account, &flow.request, number, Some(text))
        }
    }
}

fn give(
    state: &ServerState,
    request: &AuthorizeRequest,
    grant: TokenGrant,
) -> Result<String, openssl::error::ErrorStack> {
    let life = match state.switches.code_lifetime {
        CodeLifetime::OneMinute => 60,
        CodeLifetime::TenMinutes => 600,
    };
    state.codes.give(CodeGrant {
        grant,
        redirect_uri: request.redirect_uri.clone(),
        challenge: request.challenge.clone(),
        expires: state.now().as_second() + life,
    })
}

/// Sends the browser back with everything that NetSuite sends along: `state`, `role`, `entity`,
/// `company`, and what came of it.
fn redirect(
    account: &Account,
    request: &AuthorizeRequest,
    (entity, role): (&Entity, Option<(&str, &Role)>),
    outcome: (&str, &str),
) -> Reply {
    let role = role.map(|(_, role)| role.id.to_string());
    let (entity, company) = (entity.id.to_string(), account.id.account());
    let mut parameters = vec![("state", request.state.as_str())];
    parameters.extend(role.as_deref().map(|role| ("role", role)));
    parameters.extend([("entity", entity.as_str()), ("company", &company), outcome]);
    back(&request.redirect_uri, &parameters)
}

/// Unreserved characters stay as they are.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

fn back(redirect_uri: &str, parameters: &[(&str, &str)]) -> Reply {
    let pair =
        |(name, value): &(&str, &str)| format!("{name}={}", utf8_percent_encode(value, ESCAPED));
    let query = parameters.iter().map(pair).collect::<Vec<_>>().join("&");
    let sign = if redirect_uri.contains('?') { '&' } else { '?' };
    Reply::empty(StatusCode::FOUND, Effect::None)
        .with(LOCATION, &format!("{redirect_uri}{sign}{query}"))
}

fn failed() -> Reply {
    page::notice(StatusCode::INTERNAL_SERVER_ERROR, "An unexpected error occurred.")
}
