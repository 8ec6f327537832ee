//! The token endpoint, the domains of an account, and the system service.

use hyper::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use super::code_exchange;
use super::message::{Reply, Request, ServiceError};
use super::state::{ServerState, admit};
use crate::emulator::signin::access_token::LIFETIME;
use crate::emulator::signin::request::pairs;
use crate::emulator::signin::{AssertionFault, FaultClass, judge, request};
use crate::emulator::switches::{
    ClientIdParameter, DomainsCase, ExpiresIn, Governance, ScopeFault, ServerTimePermission,
    Switches, TokenFault, TokenType, UnknownKey,
};
use crate::types::Service;

pub(super) fn token(state: &ServerState, request: &Request) -> Reply {
    if request.method != Method::POST {
        return Reply::oauth_error(StatusCode::METHOD_NOT_ALLOWED, "invalid_request");
    }
    let form = pairs(&String::from_utf8_lossy(&request.body));
    let grant_type = form.iter().find(|(name, _)| name == "grant_type").map(|(_, v)| v.as_str());
    let is_form = request::is_form(request.header(&CONTENT_TYPE));
    if is_form && matches!(grant_type, Some("authorization_code" | "refresh_token")) {
        return code_exchange::answer(state, request);
    }
    // Basic authentication beside the assertion is a second client authentication method
    // (failures T12).
    if request.header(&AUTHORIZATION).is_some() {
        return Reply::oauth_error(StatusCode::BAD_REQUEST, "invalid_request");
    }
    let body = String::from_utf8_lossy(&request.body);
    let required = state.switches.client_id_parameter == ClientIdParameter::Required;
    let assertion = match request::assertion(request.header(&CONTENT_TYPE), &body, required) {
        Ok(assertion) => assertion,
        Err(fault) => return Reply::oauth_error(StatusCode::BAD_REQUEST, fault.error()),
    };
    let account = state.account();
    let now = state.now();
    let grant = match judge(&account, &state.switches, now, &assertion) {
        Ok(grant) => grant,
        Err(fault) => {
            state.refused(&account, request, &fault);
            return refusal(state, &account.id.account(), &fault);
        }
    };
    let Ok(issued) = state.tokens.issue(&account, &state.switches, grant.clone(), now.as_second())
    else {
        return Reply::oauth_error(StatusCode::INTERNAL_SERVER_ERROR, "server_error");
    };
    state.login(&account, request, &grant);
    token_answer(&state.switches, &issued.token, None)
}

/// The answer with an access token, and one more member where there is one.
pub(super) fn token_answer(
    switches: &Switches,
    token: &str,
    further: Option<(&str, Value)>,
) -> Reply {
    let token_type = match switches.token_type {
        TokenType::Capital => "Bearer",
        TokenType::Lower => "bearer",
    };
    let expires_in = match switches.expires_in {
        ExpiresIn::Number => json!(LIFETIME),
        ExpiresIn::Text => json!(LIFETIME.to_string()),
    };
    let mut body =
        json!({ "access_token": token, "expires_in": expires_in, "token_type": token_type });
    if let (Some((name, value)), Some(members)) = (further, body.as_object_mut()) {
        members.insert(name.to_owned(), value);
    }
    Reply::json(StatusCode::OK, &body).with(CACHE_CONTROL, "no-store")
}

fn refusal(state: &ServerState, company: &str, fault: &AssertionFault) -> Reply {
    let switches = &state.switches;
    match fault.class {
        FaultClass::Malformed => {
            return Reply::oauth_error(StatusCode::BAD_REQUEST, "invalid_request");
        }
        FaultClass::Key if switches.unknown_key == UnknownKey::InvalidClient => {
            return Reply::oauth_error(StatusCode::BAD_REQUEST, "invalid_client");
        }
        FaultClass::Scope if switches.scope_fault == ScopeFault::InvalidScope => {
            return Reply::oauth_error(StatusCode::BAD_REQUEST, "invalid_scope");
        }
        _ => {}
    }
    match switches.token_fault {
        TokenFault::ServerError => {
            Reply::oauth_error(StatusCode::INTERNAL_SERVER_ERROR, "server_error")
        }
        TokenFault::InvalidGrant => Reply::oauth_error(StatusCode::BAD_REQUEST, "invalid_grant"),
        TokenFault::InvalidClient400 => {
            Reply::oauth_error(StatusCode::BAD_REQUEST, "invalid_client")
        }
        TokenFault::InvalidClient401 => {
            Reply::oauth_error(StatusCode::UNAUTHORIZED, "invalid_client")
                .with(WWW_AUTHENTICATE, &format!("Basic realm=\"{company}\""))
        }
    }
}

// `/rest/datacenterurls`: which hosts an account has. No authentication.
// Source: OH/chapter_157011836591, `auth-protocol.md` 6.3.

pub(super) fn domains(state: &ServerState, request: &Request) -> Reply {
    if request.method != Method::GET {
        return user_error(StatusCode::METHOD_NOT_ALLOWED, "Only GET is allowed.");
    }
    let asked = request.parameter("account").unwrap_or("");
    if asked.is_empty() {
        return user_error(
            StatusCode::BAD_REQUEST,
            "You need to provide a proper value for the required field: account.",
        );
    }
    // The spelling of host names is not that of this parameter (observed).
    if asked.contains('-') {
        return Reply::new(StatusCode::BAD_REQUEST, "text/plain", "Company Id is invalid");
    }
    if !asked.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
        return user_error(StatusCode::BAD_REQUEST, "Company ID is invalid");
    }
    let account = state.account();
    let own = account.id.account();
    let known = match state.switches.domains_case {
        DomainsCase::Ignored => asked.eq_ignore_ascii_case(&own),
        DomainsCase::Significant => asked == own,
    };
    let body = if known {
        json!({
            "webservicesDomain": format!("https://{}", account.id.host(Service::SuiteTalk)),
            "restDomain": format!("https://{}", account.id.host(Service::Restlets)),
            "systemDomain": format!("https://{}", account.id.host(Service::App)),
        })
    } else {
        json!({
            "webservicesDomain": "https://webservices.netsuite.com",
            "restDomain": "https://rest.netsuite.com",
            "systemDomain": "https://system.netsuite.com",
        })
    };
    Reply::json(StatusCode::OK, &body)
}

fn user_error(status: StatusCode, message: &str) -> Reply {
    Reply::json(status, &json!({ "error": { "code": "USER_ERROR", "message": message } }))
}

// The system service: `serverTime` and `governanceLimits`.

pub(super) fn system(state: &ServerState, request: &Request, segments: &[&str]) -> Reply {
    let account = state.account();
    let name = segments.first().copied().unwrap_or("");
    let needs_rest =
        name != "serverTime" || state.switches.server_time == ServerTimePermission::Needed;
    let caller = match admit(state, &account, request, needs_rest) {
        Ok(caller) => caller,
        Err(refusal) => return refusal,
    };
    if request.method != Method::GET {
        let detail = "This operation is not allowed.";
        return ServiceError::new(StatusCode::METHOD_NOT_ALLOWED, "INVALID_METHOD", detail)
            .answer(&state.switches);
    }
    match segments {
        // Source: OH/article_0528010158.
        ["serverTime"] => {
            let now = format!("{:.3}", state.now());
            Reply::json(StatusCode::OK, &json!({ "serverTime": now }))
        }
        // Source: OH/article_0625010817: administrators only; the refusal is not published.
        ["governanceLimits"] if caller.role.is_administrator() => Reply::json(
            StatusCode::OK,
            &json!({
                "accountConcurrencyLimit": account.concurrency_limit,
                "accountUnallocatedConcurrencyLimit": account.concurrency_limit,
                "integrationLimitType": "accountLimit",
            }),
        ),
        ["governanceLimits"] => {
            // No text is on record; this one is the emulator's own.
            let text = "This service is for administrators.";
            match state.switches.governance {
                Governance::Forbidden => ServiceError::forbidden(text),
                Governance::UserError => ServiceError::bad_request("USER_ERROR", text),
            }
            .answer(&state.switches)
        }
        _ => {
            let detail = "Invalid request URL.";
            ServiceError::new(StatusCode::NOT_FOUND, "INVALID_URL", detail).answer(&state.switches)
        }
    }
}
