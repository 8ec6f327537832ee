//! POST, PATCH, PUT and DELETE: forms where the release has them, and otherwise real changes to the
//! model, so that a client's guards are put to a true test.

use hyper::header::{ACCEPT, LOCATION};
use hyper::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::{RecordCall, find_row, invalid_url, permitted, second_permission};
use crate::emulator::log::Effect;
use crate::emulator::model::{Account, Record, Release, TableRow};
use crate::emulator::server::message::{Reply, Request, ServiceError};
use crate::emulator::server::state::Caller;
use crate::emulator::switches::{
    CatalogueAccept, CatalogueNames, FormDescription, Switches, UnknownProperty,
    WriteUnknownProperty,
};
use crate::types::Level;

/// What a writing request comes to.
pub(super) enum Write {
    /// A form: nothing changes.
    Form(Reply),
    /// A change that is allowed.
    Change(RecordChange),
}

/// A change that is allowed.
pub(super) enum RecordChange {
    Create { name: String },
    Edit { id: u64, name: Option<String> },
    Delete { id: u64 },
}

const MEMBERS: [&str; 4] = ["id", "name", "subsidiary", "externalId"];

/// Judges a request: permission first (the order is not published), then content.
pub(super) fn judge(asked: &RecordCall<'_>, id: Option<&str>) -> Result<Write, ServiceError> {
    let request = asked.request;
    let (level, form) = match (&request.method, id) {
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
    let wanted = request.header(&ACCEPT).unwrap_or("").replace(' ', "");
    let asks_form = |kind: &str| !kind.is_empty() && wanted.ends_with(&format!("type={kind}"));
    let is_form = asked.account.release >= Release::FORM_REQUESTS
        && asked.record.forms
        && (asks_form(form) || (!form.is_empty() && asks_form("select-options")));
    permitted(asked, level)?;
    if let Some(second) = &asked.record.write_permission {
        second_permission(asked, second, level)?;
    }
    let row = match (&request.method, id) {
        (&Method::PATCH | &Method::DELETE, Some(id)) => Some(find_row(asked, id)?.clone()),
        _ => None,
    };
    let content = content(asked, is_form)?;
    if let (false, &Method::POST) = (is_form, &request.method) {
        complete(asked, &content)?;
    }
    if is_form {
        let body = json!({ "links": [{ "rel": "self", "href": request.path }], "id": row.map(|r| r.id.to_string()), "name": "" });
        let media = match form {
            "create-form" => "application/vnd.oracle.resource+json; type=create-form",
            _ => "application/vnd.oracle.resource+json; type=edit-form",
        };
        return Ok(Write::Form(Reply::resource(media, &body).having(Effect::Form)));
    }
    let name = content.get("name").and_then(Value::as_str).map(str::to_owned);
    Ok(Write::Change(match (&request.method, row) {
        (&Method::DELETE, Some(row)) => RecordChange::Delete { id: row.id },
        (_, Some(row)) => RecordChange::Edit { id: row.id, name },
        _ => RecordChange::Create { name: name.unwrap_or_default() },
    }))
}

fn content(asked: &RecordCall<'_>, form: bool) -> Result<Value, ServiceError> {
    let request = asked.request;
    if request.body.is_empty() {
        return Ok(json!({}));
    }
    let body: Value = serde_json::from_slice(&request.body).map_err(|_| {
        ServiceError::bad_request("INVALID_CONTENT", "Invalid content in the request body.")
    })?;
    let ignored = if form {
        asked.switches.unknown_property == UnknownProperty::Ignored
    } else {
        asked.switches.write_unknown_property == WriteUnknownProperty::Ignored
    };
    let strict =
        request.header_named("x-netsuite-propertynamevalidation") == Some("Error") && !ignored;
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
fn complete(asked: &RecordCall<'_>, content: &Value) -> Result<(), ServiceError> {
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
pub(super) fn apply(account: &mut Account, host: &str, name: &str, change: &RecordChange) -> Reply {
    let done = Reply::empty(StatusCode::NO_CONTENT, Effect::Changed);
    let Some(record) = account.records.get_mut(name) else {
        return done.having(Effect::None);
    };
    match change {
        RecordChange::Delete { id } => {
            record.rows.retain(|row| row.id != *id);
            done
        }
        RecordChange::Edit { id, name } => {
            if let (Some(row), Some(name)) =
                (record.rows.iter_mut().find(|row| row.id == *id), name)
            {
                row.name.clone_from(name);
            }
            done
        }
        RecordChange::Create { name: row_name } => {
            let id = record.rows.iter().map(|row| row.id).max().unwrap_or(0) + 1;
            record.rows.push(TableRow {
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

// The metadata catalogue. Source: OH/chapter_1540810168, OH/section_1545126526.

const SWAGGER: &str = "application/swagger+json";
const SCHEMA: &str = "application/schema+json";

pub(super) fn metadata(
    account: &Account,
    switches: &Switches,
    caller: &Caller<'_>,
    request: &Request,
    rest: &[&str],
) -> Reply {
    let shown = |record: &Record| {
        let on = record.feature.as_deref().is_none_or(|feature| account.feature(feature));
        let readable = switches.catalogue == CatalogueAccept::All
            || caller.role.grant(&record.permission).reaches(record.needed(Level::View));
        record.rest && on && readable
    };
    let select: Option<Vec<&str>> = match (rest, request.parameter("select")) {
        ([], None) => None,
        ([], Some(names)) => Some(names.split(',').map(str::trim).collect()),
        ([name], _) => Some(vec![*name]),
        _ => return invalid_url(switches),
    };
    let names: Vec<&str> = account
        .records
        .iter()
        .filter(|(_, record)| shown(record))
        .map(|(name, _)| name.as_str())
        .filter(|name| {
            select.as_ref().is_none_or(|some| some.iter().any(|one| one.eq_ignore_ascii_case(name)))
        })
        .collect();
    if let (Some(select), true) = (&select, names.is_empty()) {
        let detail = format!("Record type '{}' does not exist.", select.join(","));
        return ServiceError::not_found(detail).answer(switches);
    }
    let accept = request.header(&ACCEPT).unwrap_or("");
    if accept.contains("swagger") {
        Reply::resource(SWAGGER, &openapi(account, switches, &names))
    } else if let (true, Some(name)) = (accept.contains("schema"), names.first()) {
        Reply::resource(SCHEMA, &schema(&spelled(switches, name)))
    } else {
        let base = format!("https://{}/services/rest/record/v1/metadata-catalog", request.host);
        let items: Vec<Value> =
            names.iter().map(|name| entry(&base, &spelled(switches, name))).collect();
        match (rest, items.first()) {
            ([_], Some(one)) => Reply::json(StatusCode::OK, one),
            _ => Reply::json(StatusCode::OK, &json!({ "items": items })),
        }
    }
}

/// The name of a type as the catalogue writes it.
fn spelled(switches: &Switches, name: &str) -> String {
    match switches.catalogue_names {
        CatalogueNames::LowerCase => name.to_ascii_lowercase(),
        CatalogueNames::CamelCase => name.to_owned(),
    }
}

fn entry(base: &str, name: &str) -> Value {
    let href = format!("{base}/{name}");
    json!({ "name": name, "links": [
        { "rel": "canonical", "href": href },
        { "rel": "alternate", "href": href, "mediaType": SWAGGER },
        { "rel": "alternate", "href": href, "mediaType": SCHEMA },
        { "rel": "describes", "href": base.replace("/metadata-catalog", &format!("/{name}")) },
    ]})
}

fn schema(name: &str) -> Value {
    json!({ "$schema": "http://json-schema.org/draft-06/hyper-schema#", "title": name,
        "type": "object", "properties": {
            "id": { "title": "Internal ID", "type": "string" },
            "name": { "title": "Name", "type": "string" },
    }})
}

/// OpenAPI 3.0. Forms are listed from the release on that has them (OH/article_1217103046), for the
/// types that have them.
fn openapi(account: &Account, switches: &Switches, names: &[&str]) -> Value {
    let release = account.release >= Release::FORM_REQUESTS
        || switches.form_description == FormDescription::Always;
    let media = |kind: &str| format!("application/vnd.oracle.resource+json; type={kind}");
    let content = |kinds: &[&str]| -> Value {
        let members: Map<String, Value> =
            kinds.iter().map(|kind| (media(kind), json!({ "schema": {} }))).collect();
        Value::Object(members)
    };
    let with_form = |form: &str, forms: bool| {
        let mut responses = json!({ "204": { "description": "Done." } });
        if let (true, Some(members)) = (release && forms, responses.as_object_mut()) {
            let forms = content(&[form, "select-options"]);
            members.insert("200".to_owned(), json!({ "description": "A form.", "content": forms }));
        }
        responses
    };
    let read = |kind: &str| json!({ "responses": { "200": { "description": "Found.", "content": content(&[kind]) } } });
    let mut paths = Map::new();
    let mut schemas = Map::new();
    for name in names {
        let Some((_, record)) = account.record(name) else { continue };
        let name = spelled(switches, name);
        schemas.insert(name.clone(), object(record));
        paths.insert(
            format!("/{name}"),
            json!({ "get": read("collection"), "post": { "responses": with_form("create-form", record.forms) } }),
        );
        paths.insert(
            format!("/{name}/{{id}}"),
            json!({
                "get": read("singular"),
                "patch": { "responses": with_form("edit-form", record.forms) },
                "delete": { "responses": { "204": { "description": "Done." } } },
            }),
        );
    }
    json!({ "openapi": "3.0.1", "info": { "title": "NetSuite REST Record API", "version": "v1" },
        "paths": paths, "components": { "schemas": schemas } })
}

/// The fields of a type, and which of them are mandatory.
fn object(record: &Record) -> Value {
    json!({ "type": "object", "required": record.mandatory, "properties": {
        "id": { "title": "Internal ID", "type": "string" },
        "name": { "title": "Name", "type": "string" },
    }})
}
