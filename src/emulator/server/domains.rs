//! `/rest/datacenterurls`: which hosts an account has. No authentication.
//! Source: OH/chapter_157011836591, `auth-protocol.md` 6.3.

use hyper::{Method, StatusCode};
use serde_json::json;

use super::answer::Answer;
use super::call::Call;
use super::state::State;
use crate::emulator::switches::DomainsCase;
use crate::types::Service;

pub(super) fn answer(state: &State, call: &Call) -> Answer {
    if call.method != Method::GET {
        return user_error(StatusCode::METHOD_NOT_ALLOWED, "Only GET is allowed.");
    }
    let asked = call.parameter("account").unwrap_or("");
    if asked.is_empty() {
        return user_error(
            StatusCode::BAD_REQUEST,
            "You need to provide a proper value for the required field: account.",
        );
    }
    // The spelling of host names is not that of this parameter (observed).
    if asked.contains('-') {
        return Answer::new(StatusCode::BAD_REQUEST, "text/plain", "Company Id is invalid");
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
    Answer::json(StatusCode::OK, &body)
}

fn user_error(status: StatusCode, message: &str) -> Answer {
    Answer::json(status, &json!({ "error": { "code": "USER_ERROR", "message": message } }))
}
