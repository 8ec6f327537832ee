//! The system service: `serverTime` and `governanceLimits`.

use hyper::{Method, StatusCode};
use serde_json::json;

use super::answer::{Answer, ServiceError};
use super::call::Call;
use super::gate::admit;
use super::state::State;
use crate::emulator::switches::{Governance, ServerTimePermission};

pub(super) fn answer(state: &State, call: &Call, segments: &[&str]) -> Answer {
    let account = state.account();
    let name = segments.first().copied().unwrap_or("");
    let needs_rest =
        name != "serverTime" || state.switches.server_time == ServerTimePermission::Needed;
    let caller = match admit(state, &account, call, needs_rest) {
        Ok(caller) => caller,
        Err(refusal) => return refusal,
    };
    if call.method != Method::GET {
        let detail = "This operation is not allowed.";
        return ServiceError::new(StatusCode::METHOD_NOT_ALLOWED, "INVALID_METHOD", detail)
            .answer(&state.switches);
    }
    match segments {
        // Source: OH/article_0528010158.
        ["serverTime"] => {
            let now = format!("{:.3}", state.now());
            Answer::json(StatusCode::OK, &json!({ "serverTime": now }))
        }
        // Source: OH/article_0625010817: administrators only; the refusal is not published.
        ["governanceLimits"] if caller.role.is_administrator() => Answer::json(
            StatusCode::OK,
            &json!({
                "accountConcurrencyLimit": account.concurrency_limit,
                "accountUnallocatedConcurrencyLimit": account.concurrency_limit,
                "integrationLimitType": "accountLimit",
            }),
        ),
        ["governanceLimits"] => {
            let text = "Your current role does not have permission to perform this action.";
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
