//! The token endpoint of the client credentials grant.

use hyper::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use hyper::{Method, StatusCode};
use serde_json::json;

use super::answer::Answer;
use super::call::Call;
use super::state::State;
use crate::emulator::signin::access_token::LIFETIME;
use crate::emulator::signin::{Fault, FaultClass, form, judge};
use crate::emulator::switches::{
    ClientIdParameter, ExpiresIn, ScopeFault, TokenFault, TokenType, UnknownKey,
};

pub(super) fn answer(state: &State, call: &Call) -> Answer {
    if call.method != Method::POST {
        return Answer::oauth_error(StatusCode::METHOD_NOT_ALLOWED, "invalid_request");
    }
    // Basic authentication beside the assertion is a second client authentication method
    // (failures T12).
    if call.header(&AUTHORIZATION).is_some() {
        return Answer::oauth_error(StatusCode::BAD_REQUEST, "invalid_request");
    }
    let body = String::from_utf8_lossy(&call.body);
    let required = state.switches.client_id_parameter == ClientIdParameter::Required;
    let assertion = match form::assertion(call.header(&CONTENT_TYPE), &body, required) {
        Ok(assertion) => assertion,
        Err(fault) => return Answer::oauth_error(StatusCode::BAD_REQUEST, fault.error()),
    };
    let account = state.account();
    let now = state.now();
    let grant = match judge(&account, &state.switches, now, &assertion) {
        Ok(grant) => grant,
        Err(fault) => {
            state.refused(&fault);
            return refusal(state, &account.id.account(), &fault);
        }
    };
    let Ok(token) = state.tokens.issue(&account, &state.switches, grant.clone(), now.as_second())
    else {
        return Answer::oauth_error(StatusCode::INTERNAL_SERVER_ERROR, "server_error");
    };
    state.login(&grant);
    let token_type = match state.switches.token_type {
        TokenType::Capital => "Bearer",
        TokenType::Lower => "bearer",
    };
    let expires_in = match state.switches.expires_in {
        ExpiresIn::Number => json!(LIFETIME),
        ExpiresIn::Text => json!(LIFETIME.to_string()),
    };
    Answer::json(
        StatusCode::OK,
        &json!({ "access_token": token, "expires_in": expires_in, "token_type": token_type }),
    )
    .with(CACHE_CONTROL, "no-store")
}

fn refusal(state: &State, company: &str, fault: &Fault) -> Answer {
    let switches = &state.switches;
    match fault.class {
        FaultClass::Malformed => {
            return Answer::oauth_error(StatusCode::BAD_REQUEST, "invalid_request");
        }
        FaultClass::Key if switches.unknown_key == UnknownKey::InvalidClient => {
            return Answer::oauth_error(StatusCode::BAD_REQUEST, "invalid_client");
        }
        FaultClass::Scope if switches.scope_fault == ScopeFault::InvalidScope => {
            return Answer::oauth_error(StatusCode::BAD_REQUEST, "invalid_scope");
        }
        _ => {}
    }
    match switches.token_fault {
        TokenFault::ServerError => {
            Answer::oauth_error(StatusCode::INTERNAL_SERVER_ERROR, "server_error")
        }
        TokenFault::InvalidGrant => Answer::oauth_error(StatusCode::BAD_REQUEST, "invalid_grant"),
        TokenFault::InvalidClient400 => {
            Answer::oauth_error(StatusCode::BAD_REQUEST, "invalid_client")
        }
        TokenFault::InvalidClient401 => {
            Answer::oauth_error(StatusCode::UNAUTHORIZED, "invalid_client")
                .with(WWW_AUTHENTICATE, &format!("Basic realm=\"{company}\""))
        }
    }
}
