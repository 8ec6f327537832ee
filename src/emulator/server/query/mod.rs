//! The query service: a small, honest part of SuiteQL.

mod parse;
mod run;
mod table;

use hyper::{Method, StatusCode};
use serde_json::Value;

use super::answer::{Answer, ServiceError};
use super::call::Call;
use super::gate::admit;
use super::record::{has_workbook, refusal};
use super::state::State;
use crate::emulator::switches::WorkbookQuery;

pub(super) fn answer(state: &State, call: &Call, segments: &[&str]) -> Answer {
    let account = state.account();
    let caller = match admit(state, &account, call, true) {
        Ok(caller) => caller,
        Err(refusal) => return refusal,
    };
    let switches = &state.switches;
    if segments != ["suiteql"] {
        let detail = "Invalid request URL.";
        return ServiceError::new(StatusCode::NOT_FOUND, "INVALID_URL", detail).answer(switches);
    }
    if call.method != Method::POST {
        let status = StatusCode::METHOD_NOT_ALLOWED;
        let detail = "This operation is not allowed.";
        return ServiceError::new(status, "INVALID_METHOD", detail).answer(switches);
    }
    // The wording without the header was not captured.
    let prefer = call.header_named("prefer").unwrap_or("");
    if !prefer.split(',').any(|value| value.trim().eq_ignore_ascii_case("transient")) {
        return ServiceError::bad_request(
            "INVALID_PARAMETER",
            "The header Prefer: transient is required.",
        )
        .at("o:errorHeader", "Prefer")
        .answer(switches);
    }
    if !has_workbook(&account, caller.role) {
        return match switches.workbook_query {
            WorkbookQuery::Forbidden => {
                ServiceError::forbidden(refusal::absent(account.quoted("REPO_ANALYTICS")))
            }
            WorkbookQuery::InvalidParameter => refusal::unreadable(),
        }
        .answer(switches);
    }
    let body: Option<Value> = serde_json::from_slice(&call.body).ok();
    let Some(text) = body.as_ref().and_then(|body| body.get("q")).and_then(Value::as_str) else {
        let detail = "Invalid content in the request body.";
        return ServiceError::bad_request("INVALID_CONTENT", detail).answer(switches);
    };
    let result = parse::parse(text)
        .map_err(|at| format!("Failed to parse SQL [{text}] near `{at}`."))
        .and_then(|select| {
            let table = table::open(&account, switches, caller.role, &select.table)?;
            run::run(&select, &table, call)
        });
    match result {
        Ok(body) => {
            Answer::resource("application/vnd.oracle.resource+json; type=collection", &body)
        }
        Err(words) => {
            let detail =
                format!("Invalid search query. Detailed unprocessed description follows. {words}");
            ServiceError::bad_request("INVALID_PARAMETER", detail)
                .at("o:errorQueryParam", "q")
                .answer(switches)
        }
    }
}
