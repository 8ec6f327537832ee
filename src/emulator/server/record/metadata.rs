//! The metadata catalogue. Source: OH/chapter_1540810168, OH/section_1545126526.

use hyper::StatusCode;
use hyper::header::ACCEPT;
use serde_json::{Map, Value, json};

use super::super::answer::{Answer, ServiceError};
use super::super::call::Call;
use super::super::gate::Caller;
use crate::emulator::model::{Account, Record, Release};
use crate::emulator::switches::{Catalogue, FormDescription, Switches};
use crate::types::Level;

const SWAGGER: &str = "application/swagger+json";
const SCHEMA: &str = "application/schema+json";

pub(super) fn answer(
    account: &Account,
    switches: &Switches,
    caller: &Caller<'_>,
    call: &Call,
    rest: &[&str],
) -> Answer {
    let shown = |record: &Record| {
        let on = record.feature.as_deref().is_none_or(|feature| account.feature(feature));
        let readable = switches.catalogue == Catalogue::All
            || caller.role.grant(&record.permission).reaches(record.needed(Level::View));
        record.rest && on && readable
    };
    let select: Option<Vec<&str>> = match (rest, call.parameter("select")) {
        ([], None) => None,
        ([], Some(names)) => Some(names.split(',').map(str::trim).collect()),
        ([name], _) => Some(vec![*name]),
        _ => return super::invalid_url(switches),
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
    let accept = call.header(&ACCEPT).unwrap_or("");
    if accept.contains("swagger") {
        Answer::resource(SWAGGER, &openapi(account, switches, &names))
    } else if let (true, Some(name)) = (accept.contains("schema"), names.first()) {
        Answer::resource(SCHEMA, &schema(name))
    } else {
        let base = format!("https://{}/services/rest/record/v1/metadata-catalog", call.host);
        let items: Vec<Value> = names.iter().map(|name| entry(&base, name)).collect();
        match (rest, items.first()) {
            ([_], Some(one)) => Answer::json(StatusCode::OK, one),
            _ => Answer::json(StatusCode::OK, &json!({ "items": items })),
        }
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
        schemas.insert((*name).to_owned(), object(record));
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
