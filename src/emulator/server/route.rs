//! Which handler a request gets, by host and path.

use hyper::{Method, StatusCode};
use serde_json::json;

use super::answer::Answer;
use super::call::Call;
use super::state::State;
use super::{certificates, domains, query, record, system, token_endpoint};
use crate::emulator::signin::TOKEN_PATH;
use crate::emulator::switches::UnknownHost;
use crate::types::Service;

/// The site that a host name belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Site {
    /// A service of the emulated account.
    Own(Service),
    /// The emulator under its loopback name: the services of the account together.
    Loopback,
    /// A service of an account that does not exist.
    UnknownAccount,
    /// `rest.netsuite.com` and `system.netsuite.com`.
    Generic,
    /// Anything else.
    Foreign,
}

fn site(state: &State, host: &str) -> Site {
    let account = state.account();
    for service in [Service::SuiteTalk, Service::Restlets, Service::App] {
        if host == account.id.host(service) {
            return Site::Own(service);
        }
    }
    match host {
        "localhost" | "127.0.0.1" => Site::Loopback,
        "rest.netsuite.com" | "system.netsuite.com" => Site::Generic,
        _ if [".suitetalk.api.netsuite.com", ".restlets.api.netsuite.com", ".app.netsuite.com"]
            .iter()
            .any(|domain| host.ends_with(domain)) =>
        {
            Site::UnknownAccount
        }
        _ => Site::Foreign,
    }
}

/// Answers a request.
pub(super) fn route(state: &State, call: &Call) -> Answer {
    match site(state, &call.host) {
        Site::Generic if call.path == "/rest/datacenterurls" => domains::answer(state, call),
        Site::Generic | Site::Foreign => no_service(),
        Site::UnknownAccount => unknown_account(state, call),
        Site::Own(Service::App) => Answer::html(StatusCode::OK, "You must log in"),
        Site::Own(Service::SuiteTalk) => suitetalk(state, call).unwrap_or_else(no_service),
        Site::Own(Service::Restlets) => restlets(state, call).unwrap_or_else(no_service),
        Site::Loopback => suitetalk(state, call)
            .or_else(|| restlets(state, call))
            .or_else(|| (call.path == "/rest/datacenterurls").then(|| domains::answer(state, call)))
            .unwrap_or_else(no_service),
    }
}

fn suitetalk(state: &State, call: &Call) -> Option<Answer> {
    if let Some(answer) = sign_in(state, call) {
        return Some(answer);
    }
    let path = call.path.strip_prefix("/services/rest/")?;
    let segments: Vec<&str> = path.split('/').collect();
    match segments.as_slice() {
        ["record", "v1", rest @ ..] => Some(record::answer(state, call, rest)),
        ["query", "v1", rest @ ..] => Some(query::answer(state, call, rest)),
        ["system", "v1", rest @ ..] => Some(system::answer(state, call, rest)),
        _ => None,
    }
}

fn restlets(state: &State, call: &Call) -> Option<Answer> {
    sign_in(state, call).or_else(|| certificates::answer(state, call))
}

fn sign_in(state: &State, call: &Call) -> Option<Answer> {
    match call.path.as_str() {
        TOKEN_PATH => Some(token_endpoint::answer(state, call)),
        "/services/rest/auth/oauth2/v1/keys" if call.method == Method::GET => {
            let company = state.account().id.account();
            Some(Answer::json(StatusCode::OK, &state.tokens.key_set(&company)))
        }
        _ => None,
    }
}

fn unknown_account(state: &State, call: &Call) -> Answer {
    match state.switches.unknown_host {
        UnknownHost::ServerError if call.path == TOKEN_PATH => {
            Answer::oauth_error(StatusCode::INTERNAL_SERVER_ERROR, "server_error")
        }
        _ => Answer::html(StatusCode::NOT_FOUND, "Page Not Found"),
    }
}

/// The text of a wrong host. Source: `auth-protocol.md` 6.3.
fn no_service() -> Answer {
    let text = "No service is available at this URL. If you expect this service to be available \
                for your account, ensure your account number appears in the URL as request \
                parameter 'c'.";
    Answer::json(
        StatusCode::NOT_FOUND,
        &json!({ "error": { "code": "NOT_FOUND", "message": text } }),
    )
}
