//! POST, PATCH, PUT and DELETE: forms where the release has them, and otherwise real changes to the
//! model, so that a client's guards are put to a true test.

use hyper::Method;
use hyper::StatusCode;
use hyper::header::{ACCEPT, LOCATION};
use serde_json::{Value, json};

use super::super::answer::{Answer, ServiceError};
use super::{Asked, item, refusal};
use crate::emulator::log::Effect;
use crate::emulator::model::{Account, Release, Row};
use crate::emulator::switches::{UnknownProperty, WriteUnknownProperty};
use crate::types::Level;

/// What a writing request comes to.
pub(super) enum Verdict {
    /// A form: nothing changes.
    Form(Answer),
    /// A change that is allowed.
    Change(Change),
}

/// A change that is allowed.
pub(super) enum Change {
    Create { name: String },
    Edit { id: u64, name: Option<String> },
    Delete { id: u64 },
}

const MEMBERS: [&str; 4] = ["id", "name", "subsidiary", "externalId"];

/// Judges a request: permission first (the order is not published), then content.
pub(super) fn judge(asked: &Asked<'_>, id: Option<&str>) -> Result<Verdict, ServiceError> {
    let call = asked.call;
    let (level, form) = match (&call.method, id) {
        (&Method::POST, None) => (Level::Create, "create-form"),
        (&Method::PATCH, Some(_)) => (Level::Edit, "edit-form"),
        (&Method::DELETE, Some(_)) => (Level::Full, ""),
        // PUT creates or changes, and only by external ID (OH/section_156335203191).
        (&Method::PUT, Some(id)) if id.starts_with("eid:") => (Level::Edit, ""),
        _ => {
            let status = StatusCode::METHOD_NOT_ALLOWED;
            let detail = "This operation is not allowed.";
            return Err(ServiceError::new(status, "INVALID_METHOD", detail));
        }
    };
    let wanted = call.header(&ACCEPT).unwrap_or("").replace(' ', "");
    let asks_form = |kind: &str| !kind.is_empty() && wanted.ends_with(&format!("type={kind}"));
    let is_form = asked.account.release >= Release::FORM_REQUESTS
        && asked.record.forms
        && (asks_form(form) || (!form.is_empty() && asks_form("select-options")));
    item::permitted(asked, level)?;
    if let Some(second) = &asked.record.write_permission {
        refusal::second(asked, second, level)?;
    }
    let row = match (&call.method, id) {
        (&Method::PATCH | &Method::DELETE, Some(id)) => Some(item::find(asked, id)?.clone()),
        _ => None,
    };
    let content = content(asked, is_form)?;
    if let (false, &Method::POST) = (is_form, &call.method) {
        complete(asked, &content)?;
    }
    if is_form {
        let body = json!({ "links": [{ "rel": "self", "href": call.path }], "id": row.map(|r| r.id.to_string()), "name": "" });
        let media = match form {
            "create-form" => "application/vnd.oracle.resource+json; type=create-form",
            _ => "application/vnd.oracle.resource+json; type=edit-form",
        };
        return Ok(Verdict::Form(Answer::resource(media, &body).having(Effect::Form)));
    }
    let name = content.get("name").and_then(Value::as_str).map(str::to_owned);
    Ok(Verdict::Change(match (&call.method, row) {
        (&Method::DELETE, Some(row)) => Change::Delete { id: row.id },
        (_, Some(row)) => Change::Edit { id: row.id, name },
        _ => Change::Create { name: name.unwrap_or_default() },
    }))
}

fn content(asked: &Asked<'_>, form: bool) -> Result<Value, ServiceError> {
    let call = asked.call;
    if call.body.is_empty() {
        return Ok(json!({}));
    }
    let body: Value = serde_json::from_slice(&call.body).map_err(|_| {
        ServiceError::bad_request("INVALID_CONTENT", "Invalid content in the request body.")
    })?;
    let ignored = if form {
        asked.switches.unknown_property == UnknownProperty::Ignored
    } else {
        asked.switches.write_unknown_property == WriteUnknownProperty::Ignored
    };
    let strict =
        call.header_named("x-netsuite-propertynamevalidation") == Some("Error") && !ignored;
    let unknown = body
        .as_object()
        .and_then(|members| members.keys().find(|name| !MEMBERS.contains(&name.as_str())));
    match unknown {
        // The wording was not captured from a live account.
        Some(name) if strict => {
            let detail =
                format!("Unknown reference or subrecord field '{name}' in the request body.");
            Err(ServiceError::bad_request("INVALID_CONTENT", detail).at("o:errorPath", name))
        }
        _ => Ok(body),
    }
}

/// A record without its mandatory fields is not made. The words are observed
/// (`record-api.md` 2.6).
fn complete(asked: &Asked<'_>, content: &Value) -> Result<(), ServiceError> {
    let missing: Vec<&str> = asked
        .record
        .mandatory
        .iter()
        .map(String::as_str)
        .filter(|name| content.get(name).is_none_or(Value::is_null))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let detail = format!(
        "Error while accessing a resource. Please enter value(s) for: {}",
        missing.join(", ")
    );
    Err(ServiceError::bad_request("USER_ERROR", detail))
}

/// Carries a change out: 204, and the place of what was created.
pub(super) fn apply(account: &mut Account, host: &str, name: &str, change: &Change) -> Answer {
    let done = Answer::empty(StatusCode::NO_CONTENT, Effect::Changed);
    let Some(record) = account.records.get_mut(name) else {
        return done.having(Effect::None);
    };
    match change {
        Change::Delete { id } => {
            record.rows.retain(|row| row.id != *id);
            done
        }
        Change::Edit { id, name } => {
            if let (Some(row), Some(name)) =
                (record.rows.iter_mut().find(|row| row.id == *id), name)
            {
                row.name.clone_from(name);
            }
            done
        }
        Change::Create { name: row_name } => {
            let id = record.rows.iter().map(|row| row.id).max().unwrap_or(0) + 1;
            record.rows.push(Row {
                id,
                name: row_name.clone(),
                subsidiary: None,
                guard: None,
                columns: Default::default(),
            });
            let place = format!("https://{host}/services/rest/record/v1/{name}/{id}");
            done.with(LOCATION, &place)
        }
    }
}
