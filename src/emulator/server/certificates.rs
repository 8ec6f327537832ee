//! The list of the certificate rotation endpoint, on the RESTlets host.
//! Source: OH/article_11111634165; its error bodies are not published.

use hyper::{Method, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::answer::{Answer, ServiceError};
use super::call::Call;
use super::gate::admit;
use super::state::State;
use crate::emulator::model::{Account, Mapping};
use crate::types::Level;

/// The permission for one's own certificates. Its real id is not published.
const PERMISSION: &str = "OWN_CLIENT_CREDENTIALS_CERTIFICATES";

pub(super) fn answer(state: &State, call: &Call) -> Option<Answer> {
    let path = call.path.strip_prefix("/services/rest/auth/oauth2/v1/clients/")?;
    let client_id = path.strip_suffix("/certificates")?;
    let account = state.account();
    let caller = match admit(state, &account, call, false) {
        Ok(caller) => caller,
        Err(refusal) => return Some(refusal),
    };
    let switches = &state.switches;
    if call.method != Method::GET {
        let detail = "This operation is not allowed.";
        let error = ServiceError::new(StatusCode::METHOD_NOT_ALLOWED, "INVALID_METHOD", detail);
        return Some(error.answer(switches));
    }
    // A "Web Services Only" role does not work on this host (failures M17).
    if caller.role.web_services_only || !caller.role.grant(PERMISSION).reaches(Level::Full) {
        let text = super::record::refusal::absent(account.quoted(PERMISSION));
        return Some(ServiceError::forbidden(text).answer(switches));
    }
    let Some((integration, _)) = account.integration(client_id) else {
        return Some(ServiceError::not_found("Record does not exist.").answer(switches));
    };
    let rows: Vec<Value> = account
        .certificates
        .iter()
        .filter(|mapping| mapping.integration == integration)
        .filter_map(|mapping| row(&account, mapping))
        .collect();
    Some(Answer::json(StatusCode::OK, &Value::Array(rows)))
}

fn row(account: &Account, mapping: &Mapping) -> Option<Value> {
    let integration = account.integrations.get(&mapping.integration)?;
    let role = account.roles.get(&mapping.role)?;
    let entity = account.entities.get(&mapping.entity)?;
    let day = |time: Timestamp| time.strftime("%Y-%m-%d").to_string();
    Some(json!({
        "application": {
            "id": integration.id,
            "name": integration.name,
            "url": format!("/app/common/integration/integrapp.nl?id={}", integration.id),
            "application_id": integration.application_id,
        },
        "entity": {
            "id": entity.id,
            "name": entity.name,
            "url": format!("/app/common/entity/entity.nl?id={}", entity.id),
        },
        "role": {
            "id": role.id,
            "name": role.name,
            "url": format!("/app/setup/role.nl?id={}", role.id),
        },
        "created": day(mapping.valid_from),
        "valid_from": day(mapping.valid_from),
        "valid_until": day(mapping.valid_until),
        "revoked": mapping.revoked,
        "certificate_id": mapping.certificate.id(),
        "algorithm": mapping.certificate.algorithm(),
    }))
}
