//! Which handler a request gets, by host and path.

use hyper::header::{AUTHORIZATION, COOKIE, WWW_AUTHENTICATE};
use hyper::{Method, StatusCode};
use serde_json::json;

use super::message::{Reply, Request, ServiceError};
use super::{ServerState, certificates, query, record, services};
use crate::emulator::log::LoginAuditDetail;
use crate::emulator::model::{Account, Role};
use crate::emulator::signin::{BearerFault, Session, TOKEN_PATH};
use crate::emulator::switches::{RestFeature, RestRefusal, Switches, UnknownHost};
use crate::types::account_id::Service;
use crate::types::{Level, Scope};

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
pub(super) fn route(state: &ServerState, request: &Request) -> Reply {
    match site(state, &request.host) {
        Site::Generic if request.path == "/rest/datacenterurls" => {
            services::domains(state, request)
        }
        Site::Generic | Site::Foreign => no_service(),
        Site::UnknownAccount => unknown_account(state, request),
        Site::Own(Service::App) => Reply::html(StatusCode::OK, "You must log in"),
        Site::Own(Service::SuiteTalk) => suitetalk(state, request).unwrap_or_else(no_service),
        Site::Own(Service::Restlets) => restlets(state, request).unwrap_or_else(no_service),
        Site::Loopback => suitetalk(state, request)
            .or_else(|| restlets(state, request))
            .or_else(|| {
                (request.path == "/rest/datacenterurls").then(|| services::domains(state, request))
            })
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
    sign_in(state, request).or_else(|| certificates::answer(state, request))
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

// What every call with an access token passes first: the token, then the feature, the scope, the
// role. Texts are those of `record-api.md` 2.2 and 2.4.

/// Who is calling.
pub(super) struct Caller<'a> {
    pub(super) role: &'a Role,
    /// Name of the entity.
    pub(super) entity: String,
}

/// Lets a call in or gives the refusal. `rest_permission` is whether the path needs the REST Web
/// Services permission.
pub(super) fn admit<'a>(
    state: &ServerState,
    account: &'a Account,
    request: &Request,
    rest_permission: bool,
) -> Result<Caller<'a>, Reply> {
    let session = bearer(state, account, request)?;
    let grant = &session.grant;
    let refused = |detail, note: &str| {
        state.refused_call(detail, Some(grant), note);
        Err(invalid_login(account, &state.switches))
    };
    if !account.feature("OAuth 2.0") {
        return refused(LoginAuditDetail::FeatureDisabled, "the OAuth 2.0 feature is off");
    }
    if !account.feature("REST Web Services") {
        return Err(feature_off(request, &state.switches));
    }
    if !grant.scopes.contains(&Scope::RestWebservices) {
        return refused(
            LoginAuditDetail::ScopeMismatched,
            "the token's scope is not rest_webservices",
        );
    }
    let role = account.roles.get(&grant.role).filter(|role| !role.inactive);
    let entity = account.entities.get(&grant.entity).filter(|e| !e.inactive && e.login_access);
    let (Some(role), Some(_)) = (role, entity) else {
        return refused(
            LoginAuditDetail::EntityOrRoleDisabled,
            "the entity or the role is inactive",
        );
    };
    let holds = |permission| role.grant(permission).reaches(Level::Full);
    let needs_rest = rest_permission && !holds("ADMI_RESTWEBSERVICES");
    if needs_rest || !holds("ADMI_LOGIN_OAUTH2") {
        return Err(not_admitted(state, account, &session));
    }
    Ok(Caller { role, entity: grant.entity.clone() })
}

/// Recognises the access token alone.
fn bearer(state: &ServerState, account: &Account, request: &Request) -> Result<Session, Reply> {
    // A Cookie makes the call a browser session (failures N5).
    if request.header(&COOKIE).is_some() {
        return Err(invalid_login(account, &state.switches));
    }
    let Some(authorization) = request.header(&AUTHORIZATION) else {
        return Err(invalid_login(account, &state.switches));
    };
    let token = authorization
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer"))
        .map(|(_, token)| token.trim());
    let now = state.now().as_second();
    match token.map(|token| state.tokens.recognise(token, &account.id.account(), now)) {
        None | Some(Err(BearerFault::Malformed)) => Err(malformed(account, &state.switches)),
        Some(Ok(session)) => Ok(session),
        Some(Err(fault)) => {
            let detail = match fault {
                BearerFault::Expired => LoginAuditDetail::AccessTokenExpired,
                _ => LoginAuditDetail::TokenRejected,
            };
            state.refused_call(detail, None, "the access token is not valid here");
            Err(invalid_login(account, &state.switches))
        }
    }
}

/// 401 `INVALID_LOGIN`: everything from an expired token to a role without the login permission.
pub(super) fn invalid_login(account: &Account, switches: &Switches) -> Reply {
    let detail = "Invalid login attempt. For more details, see the Login Audit Trail in the \
                  NetSuite UI at Setup > Users/Roles > User Management > View Login Audit Trail.";
    let challenge = format!(
        "Bearer realm=\"{}\", error=\"invalid_token\", error_description=\"Invalid login attempt.\"",
        account.id.account()
    );
    ServiceError::new(StatusCode::UNAUTHORIZED, "INVALID_LOGIN", detail)
        .answer(switches)
        .with(WWW_AUTHENTICATE, &challenge)
}

fn malformed(account: &Account, switches: &Switches) -> Reply {
    let text = "The request could not be understood by the server due to malformed syntax.";
    let challenge = format!(
        "Bearer realm=\"{}\", error=\"invalid_request\", error_description=\"{text}\"",
        account.id.account()
    );
    ServiceError::bad_request("INVALID_REQUEST", text)
        .answer(switches)
        .with(WWW_AUTHENTICATE, &challenge)
}

fn feature_off(request: &Request, switches: &Switches) -> Reply {
    match switches.rest_feature {
        RestFeature::Html => Reply::html(StatusCode::NOT_FOUND, "Page Not Found"),
        RestFeature::NotFound => {
            let detail = format!("The requested resource {} does not exist.", request.path);
            ServiceError::new(StatusCode::NOT_FOUND, "NOT_FOUND", detail).answer(switches)
        }
    }
}

fn not_admitted(state: &ServerState, account: &Account, session: &Session) -> Reply {
    let text = "Your current role does not have permission to perform this action.";
    match state.switches.rest_refusal {
        RestRefusal::InvalidLogin => {
            let note = "the role lacks a permission to use REST web services";
            state.refused_call(LoginAuditDetail::EntityOrRoleDisabled, Some(&session.grant), note);
            invalid_login(account, &state.switches)
        }
        RestRefusal::UserError => {
            ServiceError::bad_request("USER_ERROR", text).answer(&state.switches)
        }
        RestRefusal::Forbidden => ServiceError::forbidden(text).answer(&state.switches),
    }
}

/// 429. Source: OH/bridgehead_1525252812.
pub(super) fn rate_limited(switches: &Switches) -> Reply {
    use crate::emulator::switches::{RateLimitBody, RetryAfter};
    let detail = "Concurrent request limit exceeded. Request blocked.";
    let status = StatusCode::TOO_MANY_REQUESTS;
    let answer = match switches.rate_limit_body {
        RateLimitBody::Valid => {
            ServiceError::new(status, "CONCURRENCY_LIMIT_EXCEEDED", detail).answer(switches)
        }
        RateLimitBody::AsPrinted => {
            let body = format!(
                "{{\"type\":\"https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html\",\
                 \"title\":\"Bad Request\",\"status\":429,\"o:errorDetails\":[{{\"detail\":\
                 \"{detail}\",\"o:errorCode\":\"CONCURRENCY_LIMIT_EXCEEDED\"}}]\
                 \"o:errorCode\":\"USER_ERROR\"}}"
            );
            Reply::new(status, "application/vnd.oracle.resource+json; type=error", body)
        }
    };
    match switches.retry_after {
        RetryAfter::Absent => answer,
        RetryAfter::Present => answer.with(hyper::header::RETRY_AFTER, "1"),
    }
}
