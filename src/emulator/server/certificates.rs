//! The certificate rotation endpoint, on the RESTlets host: list, upload, revoke.
//! Sources: OH/article_11111634165, OH/article_0209112025, OH/article_0209112818; statuses and error
//! bodies are not published, so they are switches.

use hyper::{Method, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::message::{Reply, Request, ServiceError};
use super::state::{ServerState, admit};
use crate::emulator::log::Effect;
use crate::emulator::model::role::{Entity, LOGIN_PERMISSION};
use crate::emulator::model::{Account, CertificateMapping};
use crate::emulator::switches::{
    CertificateCreated, CertificateRefusal, LongCertificate, MappingRole, OtherClient,
    OwnCertificates, RevokedAgain, Switches,
};
use crate::types::Level;

/// The permission for one's own certificates. Its real id is not published.
const PERMISSION: &str = "OWN_CLIENT_CREDENTIALS_CERTIFICATES";

/// Who asks, and for which integration record.
struct CertificateCall {
    integration: String,
    entity: String,
}

pub(super) fn answer(state: &ServerState, request: &Request) -> Option<Reply> {
    let path = request.path.strip_prefix("/services/rest/auth/oauth2/v1/clients/")?;
    let (client_id, below) = path.split_once("/certificates")?;
    let revoked = below.strip_prefix('/').and_then(|rest| rest.strip_suffix("/revoke"));
    if !below.is_empty() && revoked.is_none() {
        return None;
    }
    let asked = match let_in(state, request, client_id) {
        Ok(asked) => asked,
        Err(refusal) => return Some(refusal),
    };
    Some(match (&request.method, revoked) {
        (&Method::GET, None) => list(state, &asked),
        (&Method::POST, None) => upload(state, request, &asked),
        (&Method::POST, Some(id)) => revoke(state, &asked, id),
        _ => {
            let detail = "This operation is not allowed.";
            ServiceError::new(StatusCode::METHOD_NOT_ALLOWED, "INVALID_METHOD", detail)
                .answer(&state.switches)
        }
    })
}

fn let_in(
    state: &ServerState,
    request: &Request,
    client_id: &str,
) -> Result<CertificateCall, Reply> {
    let account = state.account();
    let caller = admit(state, &account, request, false)?;
    // A "Web Services Only" role does not work on this host (failures M17).
    if caller.role.web_services_only || !caller.role.grant(PERMISSION).reaches(Level::Full) {
        let text = crate::emulator::server::record::absent(account.quoted(PERMISSION));
        return Err(ServiceError::forbidden(text).answer(&state.switches));
    }
    let Some((integration, _)) = account.integration(client_id) else {
        return Err(ServiceError::not_found("Record does not exist.").answer(&state.switches));
    };
    if integration != caller.integration && state.switches.other_client == OtherClient::Refused {
        let text = "The record is another than that of the access token.";
        return Err(ServiceError::forbidden(text).answer(&state.switches));
    }
    Ok(CertificateCall { integration: integration.to_owned(), entity: caller.entity })
}

/// Whether the caller's permission reaches a mapping.
fn reaches(switches: &Switches, asked: &CertificateCall, mapping: &CertificateMapping) -> bool {
    let own = switches.own_certificates == OwnCertificates::Integration;
    mapping.integration == asked.integration && (own || mapping.entity == asked.entity)
}

fn list(state: &ServerState, asked: &CertificateCall) -> Reply {
    let account = state.account();
    let rows: Vec<Value> = account
        .certificates
        .iter()
        .filter(|mapping| reaches(&state.switches, asked, mapping))
        .filter_map(|mapping| row(&account, mapping))
        .collect();
    Reply::json(StatusCode::OK, &Value::Array(rows))
}

fn row(account: &Account, mapping: &CertificateMapping) -> Option<Value> {
    let integration = account.integrations.get(&mapping.integration)?;
    let role = account.roles.get(&mapping.role)?;
    let entity = account.entities.get(&mapping.entity)?;
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

fn day(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d").to_string()
}

fn refused(switches: &Switches, text: impl Into<String>) -> Reply {
    match switches.certificate_refusal {
        CertificateRefusal::UserError => {
            ServiceError::bad_request("USER_ERROR", text).answer(switches)
        }
        CertificateRefusal::Conflict => {
            Reply::json(StatusCode::CONFLICT, &json!({ "message": text.into() }))
        }
    }
}

fn upload(state: &ServerState, request: &Request, asked: &CertificateCall) -> Reply {
    let switches = &state.switches;
    let now = state.now();
    let mut account = state.account_mut();
    let Some((pem, role, entity)) = body(&account, &request.body) else {
        return refused(switches, "Give fileContent, role and entity.");
    };
    let refuse_long = switches.long_certificate == LongCertificate::Refused;
    let combination = (asked.integration.as_str(), role.as_str(), entity.as_str());
    // The example sends PEM; the set-up page's other forms are not documented here.
    if !pem.starts_with("-----BEGIN CERTIFICATE-----") {
        return refused(switches, "fileContent is no certificate.");
    }
    if switches.mapping_role == MappingRole::Refused && !serves(&account, &role, &entity) {
        return refused(switches, "The role cannot be used by the entity.");
    }
    let id = match account.register(pem.as_bytes(), combination, now, refuse_long) {
        Ok(id) => id,
        Err(error) => return refused(switches, error.to_string()),
    };
    let status = match switches.certificate_created {
        CertificateCreated::Ok => StatusCode::OK,
        CertificateCreated::Created => StatusCode::CREATED,
    };
    let made = account.certificates.iter().find(|mapping| mapping.certificate.id() == id);
    let answer = made.and_then(|mapping| created(&account, mapping, &pem, now)).unwrap_or_default();
    Reply::json(status, &answer).having(Effect::Changed)
}

/// Whether an entity holds a role, and can sign in with it.
fn serves(account: &Account, role: &str, entity: &str) -> bool {
    let holds = |entity: &Entity| entity.roles.iter().any(|own| own == role);
    account.entities.get(entity).is_some_and(holds)
        && account
            .roles
            .get(role)
            .is_some_and(|role| role.grant(LOGIN_PERMISSION).reaches(Level::Full))
}

/// The certificate, and the model's own names of role and entity. Both IDs may be number or text:
/// the example has one of each.
fn body(account: &Account, bytes: &[u8]) -> Option<(String, String, String)> {
    let value: Value = serde_json::from_slice(bytes).ok()?;
    let id = |name: &str| match value.get(name)? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    let (role, entity) = (id("role")?, id("entity")?);
    let role = account.roles.iter().find(|(_, own)| own.id == role)?.0.clone();
    let entity = account.entities.iter().find(|(_, own)| own.id == entity)?.0.clone();
    Some((value.get("fileContent")?.as_str()?.to_owned(), role, entity))
}

fn created(
    account: &Account,
    mapping: &CertificateMapping,
    pem: &str,
    now: Timestamp,
) -> Option<Value> {
    Some(json!({
        "entity_role_id": {
            "com": account.id.account(),
            "ent": account.entities.get(&mapping.entity)?.id,
            "rol": account.roles.get(&mapping.role)?.id,
        },
        "application_id": account.integrations.get(&mapping.integration)?.id,
        "certificate_id": mapping.certificate.id(),
        "certificate": pem,
        "algorithm": mapping.certificate.algorithm(),
        "created_at": day(now),
        "valid_from": day(mapping.valid_from),
        "valid_until": day(mapping.valid_until),
        "invalidated": false,
    }))
}

fn revoke(state: &ServerState, asked: &CertificateCall, id: &str) -> Reply {
    let switches = &state.switches;
    let mut account = state.account_mut();
    let found = account
        .certificates
        .iter_mut()
        .find(|mapping| mapping.certificate.id() == id && reaches(switches, asked, mapping));
    let Some(mapping) = found else {
        return ServiceError::not_found("Record does not exist.").answer(switches);
    };
    if mapping.revoked && switches.revoked_again == RevokedAgain::Refused {
        return refused(switches, "The certificate is revoked already.");
    }
    mapping.revoked = true;
    Reply::new(StatusCode::OK, "text/plain", "Successfully revoked").having(Effect::Changed)
}
