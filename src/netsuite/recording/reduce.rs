//! Which members of a JSON answer are kept, by what was asked. They are those that a probe reads.

use serde_json::{Map, Value, json};

/// Members of these names with a plain value or a list of words; nothing nested.
pub(super) fn only(value: &Value, names: &[&str]) -> Map<String, Value> {
    let plain = |value: &Value| match value {
        Value::Array(list) => list.iter().all(Value::is_string),
        Value::Object(_) => false,
        _ => true,
    };
    let kept = names.iter().filter_map(|name| {
        let member = value.get(name).filter(|member| plain(member))?;
        Some(((*name).to_owned(), member.clone()))
    });
    kept.collect()
}

pub(super) fn reduced(value: &Value, method: &str, path: &str) -> Value {
    let rest = path.strip_prefix("/services/rest/").unwrap_or(path);
    let parts: Vec<&str> = rest.split('/').collect();
    match (method, parts.as_slice()) {
        _ if path == "/rest/datacenterurls" => {
            only(value, &["webservicesDomain", "restDomain", "systemDomain"]).into()
        }
        ("GET", ["record", "v1", "metadata-catalog"]) => {
            items(value, |item| only(item, &["name"]).into())
        }
        ("GET", ["record", "v1", "metadata-catalog", record]) => description(value, record),
        ("GET", ["record", "v1", _]) | (_, ["query", "v1", "suiteql"]) => rows(value),
        ("GET", ["record", "v1", _, _]) => presence(value),
        ("POST" | "PATCH", ["record", "v1", ..]) => form(value),
        ("GET", [.., "certificates"]) => certificates(value),
        _ => only(value, &["serverTime", "accountConcurrencyLimit"]).into(),
    }
}

fn items(value: &Value, keep: impl Fn(&Value) -> Value) -> Value {
    match value.get("items").and_then(Value::as_array) {
        Some(items) => json!({ "items": items.iter().map(keep).collect::<Vec<_>>() }),
        None => json!({}),
    }
}

/// The first row's id; of further rows only that there are any.
fn rows(value: &Value) -> Value {
    let Some(items) = value.get("items").and_then(Value::as_array) else { return json!({}) };
    let rows = items.iter().take(2).enumerate();
    let rows = rows.map(|(at, row)| if at == 0 { only(row, &["id"]).into() } else { json!({}) });
    json!({ "items": rows.collect::<Vec<Value>>() })
}

fn presence(value: &Value) -> Value {
    let mut kept = only(value, &["id"]);
    for name in ["links", "items"] {
        if value.get(name).is_some() {
            kept.insert(name.to_owned(), json!([]));
        }
    }
    kept.into()
}

/// Of a form only that it has fields.
fn form(value: &Value) -> Value {
    let Some(members) = value.as_object() else { return Value::Null };
    let mut kept = Map::new();
    for name in ["items", "o:errorDetails"] {
        if members.contains_key(name) {
            kept.insert(name.to_owned(), json!([]));
        }
    }
    if !members.is_empty() {
        kept.insert("fields".to_owned(), members.len().into());
    }
    kept.into()
}

fn certificates(value: &Value) -> Value {
    let Some(rows) = value.as_array() else { return json!({}) };
    let row = |row: &Value| {
        let names = ["certificate_id", "revoked", "valid_from", "valid_until", "algorithm"];
        let mut kept = only(row, &names);
        for name in ["role", "entity"] {
            if let Some(member) = row.get(name) {
                kept.insert(name.to_owned(), only(member, &["id", "name"]).into());
            }
        }
        Value::Object(kept)
    };
    rows.iter().map(row).collect()
}

/// Names of fields and media types of one record type; nothing of any record.
fn description(value: &Value, record: &str) -> Value {
    let mut kept = only(value, &["openapi"]);
    if let Some(paths) = value.get("paths").and_then(Value::as_object) {
        let own = [format!("/{record}"), format!("/{record}/{{id}}")];
        let paths =
            paths.iter().filter(|(name, _)| own.iter().any(|o| o.eq_ignore_ascii_case(name)));
        let paths: Map<_, _> = paths.map(|(name, all)| (name.clone(), operations(all))).collect();
        kept.insert("paths".to_owned(), paths.into());
    }
    let schemas = value.pointer("/components/schemas").and_then(Value::as_object);
    let own =
        schemas.and_then(|all| all.iter().find(|(name, _)| name.eq_ignore_ascii_case(record)));
    if let Some((name, schema)) = own {
        let mut reduced = only(schema, &["required"]);
        if let Some(fields) = schema.get("properties").and_then(Value::as_object) {
            let field =
                |(name, one): (&String, &Value)| (name.clone(), only(one, &["readOnly"]).into());
            let fields: Map<String, Value> = fields.iter().map(field).collect();
            reduced.insert("properties".to_owned(), fields.into());
        }
        let mut schemas = Map::new();
        schemas.insert(name.clone(), reduced.into());
        kept.insert("components".to_owned(), json!({ "schemas": schemas }));
    }
    kept.into()
}

fn operations(all: &Value) -> Value {
    let mut kept = Map::new();
    for method in ["post", "patch"] {
        let responses = all.pointer(&format!("/{method}/responses")).and_then(Value::as_object);
        let Some(responses) = responses else { continue };
        let media = |answer: &Value| -> Map<String, Value> {
            let content = answer.get("content").and_then(Value::as_object);
            content.into_iter().flat_map(Map::keys).map(|k| (k.clone(), json!({}))).collect()
        };
        let responses: Map<String, Value> = responses
            .iter()
            .map(|(status, answer)| (status.clone(), json!({ "content": media(answer) })))
            .collect();
        kept.insert(method.to_owned(), json!({ "responses": responses }));
    }
    kept.into()
}
