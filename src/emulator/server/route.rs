//! Which handler a request gets, by host and path.

use hyper::{Method, StatusCode};
use serde_json::json;

use super::message::{Reply, Request};
use super::{ServerState, authorize, certificates, query, record, services};
use crate::emulator::signin::TOKEN_PATH;
use crate::emulator::signin::authorize::AUTHORIZE_PATH;
use crate::emulator::switches::UnknownHost;
use crate::types::Service;

/// The host that serves every account, where one's own is not known.
const SYSTEM: &str = "system.netsuite.com";

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

fn site(state: &ServerState, host: &str) -> Site {
    let account = state.account();
    for service in [Service::SuiteTalk, Service::Restlets, Service::App] {
        if host == account.id.host(service) {
            return Site::Own(service);
        }
    }
    match host {
        "localhost" | "127.0.0.1" => Site::Loopback,
        "rest.netsuite.com" | SYSTEM => Site::Generic,
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
pub(super) fn route(state: &ServerState, request: &Request) -> Reply {
    match site(state, &request.host) {
        Site::Generic if request.path == "/rest/datacenterurls" => {
            services::domains(state, request)
        }
        Site::Generic if is_authorize(request) && request.host == SYSTEM => {
            authorize::answer(state, request)
        }
        Site::Generic if is_record_path(request) => soap_fault(),
        Site::Generic | Site::Foreign => no_service(),
        Site::UnknownAccount => unknown_account(state, request),
        Site::Own(Service::App) if is_authorize(request) => authorize::answer(state, request),
        Site::Own(Service::App) => Reply::html(StatusCode::OK, "You must log in"),
        Site::Own(Service::SuiteTalk) => suitetalk(state, request).unwrap_or_else(no_service),
        Site::Own(Service::Restlets) => restlets(state, request).unwrap_or_else(no_service),
        Site::Loopback => suitetalk(state, request)
            .or_else(|| restlets(state, request))
            .or_else(|| {
                (request.path == "/rest/datacenterurls").then(|| services::domains(state, request))
            })
            .or_else(|| is_authorize(request).then(|| authorize::answer(state, request)))
            .unwrap_or_else(no_service),
    }
}

fn suitetalk(state: &ServerState, request: &Request) -> Option<Reply> {
    if let Some(answer) = sign_in(state, request) {
        return Some(answer);
    }
    let path = request.path.strip_prefix("/services/rest/")?;
    let segments: Vec<&str> = path.split('/').collect();
    match segments.as_slice() {
        ["record", "v1", rest @ ..] => Some(record::answer(state, request, rest)),
        ["query", "v1", rest @ ..] => Some(query::answer(state, request, rest)),
        ["system", "v1", rest @ ..] => Some(services::system(state, request, rest)),
        _ => None,
    }
}

fn restlets(state: &ServerState, request: &Request) -> Option<Reply> {
    sign_in(state, request)
        .or_else(|| certificates::answer(state, request))
        .or_else(|| is_record_path(request).then(login_attempt_refused))
}

fn is_authorize(request: &Request) -> bool {
    request.path == AUTHORIZE_PATH
}

/// Whether a path belongs to the record or the query service.
pub(super) fn is_record_path(request: &Request) -> bool {
    ["/services/rest/record/", "/services/rest/query/"]
        .iter()
        .any(|prefix| request.path.starts_with(prefix))
}

/// Whether a request goes to a service that speaks NetSuite's REST: with all that it sends along.
pub(super) fn is_rest_service(state: &ServerState, request: &Request) -> bool {
    let here = matches!(site(state, &request.host), Site::Own(Service::SuiteTalk) | Site::Loopback);
    here && (is_record_path(request) || request.path.starts_with("/services/rest/system/"))
}

/// What the host of the RESTlets says of the record service (`facts-2026-11.md` F18). The message
/// is not on record.
fn login_attempt_refused() -> Reply {
    let error = json!({ "code": "INVALID_LOGIN_ATTEMPT", "message": "Invalid login attempt." });
    Reply::json(StatusCode::UNAUTHORIZED, &json!({ "error": error }))
}

/// What `rest.netsuite.com` says of the record service: success, and a fault of SOAP
/// (`facts-2026-11.md` F18). The words of the fault are not on record.
fn soap_fault() -> Reply {
    let body = "<?xml version=\"1.0\" encoding=\"utf-8\"?><soapenv:Envelope \
                xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"><soapenv:Body>\
                <soapenv:Fault><faultcode>soapenv:Client</faultcode><faultstring>This host does \
                not offer the service.</faultstring></soapenv:Fault></soapenv:Body>\
                </soapenv:Envelope>";
    Reply::new(StatusCode::OK, "text/xml; charset=UTF-8", body)
}

fn sign_in(state: &ServerState, request: &Request) -> Option<Reply> {
    match request.path.as_str() {
        TOKEN_PATH => Some(services::token(state, request)),
        "/services/rest/auth/oauth2/v1/keys" if request.method == Method::GET => {
            let company = state.account().id.account();
            Some(Reply::json(StatusCode::OK, &state.tokens.key_set(&company)))
        }
        _ => None,
    }
}

fn unknown_account(state: &ServerState, request: &Request) -> Reply {
    match state.switches.unknown_host {
        UnknownHost::ServerError if request.path == TOKEN_PATH => {
            Reply::oauth_error(StatusCode::INTERNAL_SERVER_ERROR, "server_error")
        }
        _ => Reply::html(StatusCode::NOT_FOUND, "Page Not Found"),
    }
}

/// The text of a wrong host. Source: `auth-protocol.md` 6.3.
fn no_service() -> Reply {
    let text = "No service is available at this URL. If you expect this service to be available \
                for your account, ensure your account number appears in the URL as request \
                parameter 'c'.";
    Reply::json(
        StatusCode::NOT_FOUND,
        &json!({ "error": { "code": "NOT_FOUND", "message": text } }),
    )
}
