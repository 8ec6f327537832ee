//! What a running emulator knows, and whom it lets in.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use hyper::StatusCode;
use hyper::header::{AUTHORIZATION, COOKIE, WWW_AUTHENTICATE};
use jiff::Timestamp;

use super::authorize::Flows;
use super::message::{Reply, Request, ServiceError};
use super::replay::Replay;
use crate::emulator::faults::FaultPlan;
use crate::emulator::log::{AuditEntry, LoginAuditDetail, RequestLog};
use crate::emulator::model::role::LOGIN_PERMISSION;
use crate::emulator::model::{Account, Role};
use crate::emulator::signin::code::Codes;
use crate::emulator::signin::{BearerFault, Session, Tokens};
use crate::emulator::switches::{RestFeature, RestRefusal, Switches};
use crate::types::{Clock, Level, Scope};

/// The state that all requests share.
pub(super) struct ServerState {
    pub(super) account: RwLock<Account>,
    pub(super) switches: Switches,
    pub(super) tokens: Tokens,
    pub(super) codes: Codes,
    pub(super) flows: Flows,
    pub(super) faults: FaultPlan,
    pub(super) log: RequestLog,
    pub(super) audit: Mutex<Vec<AuditEntry>>,
    pub(super) clock: Clock,
    pub(super) skew: i64,
    pub(super) in_flight: AtomicUsize,
    pub(super) operations: AtomicU64,
    pub(super) replay: Option<Arc<Replay>>,
}

impl ServerState {
    /// The account, to read.
    pub(super) fn account(&self) -> RwLockReadGuard<'_, Account> {
        self.account.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The account, to change.
    pub(super) fn account_mut(&self) -> RwLockWriteGuard<'_, Account> {
        self.account.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The server's time: that of its clock, shifted by the skew.
    pub(super) fn now(&self) -> Timestamp {
        let seconds = self.clock.now().as_second().saturating_add(self.skew);
        Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
    }

    /// The number of the next operation.
    pub(super) fn next_operation(&self) -> u64 {
        self.operations.fetch_add(1, Ordering::Relaxed)
    }

    /// Takes a place among the requests in flight; tells whether that is over the limit.
    pub(super) fn enter(&self) -> (InFlight<'_>, bool) {
        let before = self.in_flight.fetch_add(1, Ordering::SeqCst);
        self.log.note_in_flight(before + 1);
        let over = before >= self.account().concurrency_limit;
        (InFlight(self), over)
    }
}

/// A place among the requests in flight.
pub(super) struct InFlight<'a>(&'a ServerState);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::SeqCst);
    }
}

// What every call with an access token passes first: the token, then the feature, the scope, the
// role. Texts are those of `record-api.md` 2.2 and 2.4.

/// Who is calling.
pub(super) struct Caller<'a> {
    pub(super) role: &'a Role,
    /// Name of the entity.
    pub(super) entity: String,
    /// Name of the integration record that the token is of.
    pub(super) integration: String,
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
        state.refused_call(account, request, detail, Some(grant), note);
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
    if needs_rest || !holds(LOGIN_PERMISSION) {
        return Err(not_admitted(state, account, request, &session));
    }
    Ok(Caller { role, entity: grant.entity.clone(), integration: grant.integration.clone() })
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
            let note = "the access token is not valid here";
            state.refused_call(account, request, detail, None, note);
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

fn not_admitted(
    state: &ServerState,
    account: &Account,
    request: &Request,
    session: &Session,
) -> Reply {
    match state.switches.rest_refusal {
        RestRefusal::InvalidLogin => {
            let note = "the role lacks a permission to use REST web services";
            let detail = LoginAuditDetail::EntityOrRoleDisabled;
            state.refused_call(account, request, detail, Some(&session.grant), note);
            invalid_login(account, &state.switches)
        }
        // No text came with the report of this one.
        RestRefusal::Forbidden => ServiceError::forbidden("Forbidden.").answer(&state.switches),
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
