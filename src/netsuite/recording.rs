//! Keeps what a run asked and was told, reduced to what this program reads.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::answer::{Answer, TransportError};
use super::url::reportable;
use crate::types::Secret;
use crate::types::exchanges::{Digest, Exchange, Headers, NoAnswerReason};

/// Takes note of every attempt of the clients that share it.
#[derive(Clone)]
pub struct Recorder {
    client_id: Arc<str>,
    seen: Arc<Mutex<Vec<Exchange>>>,
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recorder")
    }
}

/// What was sent.
pub(super) struct Sent<'a> {
    pub method: &'static str,
    pub url: &'a str,
    pub body: Option<&'a str>,
    pub at: Timestamp,
    pub duration_ms: u64,
}

impl Recorder {
    /// A recorder of a run with this Client ID, which it only compares with.
    #[must_use]
    pub fn new(client_id: &str) -> Self {
        Self { client_id: client_id.into(), seen: Arc::default() }
    }

    /// The exchanges so far, in the order of sending.
    #[must_use]
    pub fn exchanges(&self) -> Vec<Exchange> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
        seen.sort_by_key(|exchange| exchange.sent);
        seen
    }

    pub(super) fn note(&self, sent: &Sent<'_>, result: &Result<Answer, TransportError>) {
        let Ok(url) = reqwest::Url::parse(sent.url) else { return };
        let host = url.host_str().and_then(|host| host.parse().ok());
        let (Some(host), Ok(method)) = (host, sent.method.parse()) else { return };
        let path = url.path();
        let answer = result.as_ref().ok();
        let question = sent.body.filter(|_| path.ends_with("/query/v1/suiteql")).and_then(|body| {
            let body: Value = serde_json::from_str(body).ok()?;
            Some(body.get("q")?.as_str()?.to_owned())
        });
        let exchange = Exchange {
            method,
            host,
            path: reportable(path),
            query: url.query().map(reportable),
            question,
            sent: sent.at,
            duration_ms: sent.duration_ms,
            status: answer.map(|answer| answer.status),
            no_answer: result.as_ref().err().map(kind),
            headers: answer.map(headers).unwrap_or_default(),
            body: answer
                .map_or(Digest::Empty, |answer| of(answer, sent.method, path, &self.client_id)),
        };
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).push(exchange);
    }
}

fn headers(answer: &Answer) -> Headers {
    Headers {
        content_type: answer.content_type.clone(),
        date: answer.date.clone(),
        retry_after: answer.retry_after.map(|time| time.as_secs()),
        www_authenticate: answer.challenge.clone(),
        location_host: answer.redirect_host.as_deref().and_then(|host| host.parse().ok()),
    }
}

fn kind(error: &TransportError) -> NoAnswerReason {
    match error {
        TransportError::Dns { .. } => NoAnswerReason::Dns,
        TransportError::Refused => NoAnswerReason::Refused,
        TransportError::Unreachable => NoAnswerReason::Unreachable,
        TransportError::ConnectTimeout => NoAnswerReason::ConnectTimedOut,
        TransportError::NoHandshake => NoAnswerReason::NoHandshake,
        TransportError::Tls(_) => NoAnswerReason::Tls,
        TransportError::Reset => NoAnswerReason::Reset,
        TransportError::TimedOut { .. } => NoAnswerReason::TimedOut,
        TransportError::Truncated => NoAnswerReason::Truncated,
        TransportError::TooLarge { .. } => NoAnswerReason::TooLarge,
        TransportError::Proxy(_) => NoAnswerReason::Proxy,
        TransportError::Protocol => NoAnswerReason::Protocol,
        TransportError::Other(_) => NoAnswerReason::Other,
    }
}

// From an answer to what may be kept of it.

fn of(answer: &Answer, method: &str, path: &str, client_id: &str) -> Digest {
    if answer.body.is_empty() {
        return Digest::Empty;
    }
    if let Some(error) = answer.oauth_error() {
        let description = answer.symptom().said.filter(|said| *said != error);
        return Digest::Error { error: Some(error), description, details: Vec::new() };
    }
    if answer.is_success()
        && let Ok(value) = serde_json::from_slice::<Value>(&answer.body)
    {
        return if path.ends_with("/oauth2/v1/token") {
            token(answer, &value, client_id)
        } else {
            Digest::Json { members: reduced(&value, method, path) }
        };
    }
    if answer.is_html() {
        return Digest::Html { title: answer.page_title() };
    }
    let details = answer.error_details();
    if !details.is_empty() && !answer.is_success() {
        let details = details.into_iter().take(10).collect();
        return Digest::Error { error: None, description: None, details };
    }
    // The directory refuses in plain words, and the report shows them.
    let said = (path == "/rest/datacenterurls" && answer.status == 400)
        .then(|| answer.text().trim().chars().take(200).collect());
    Digest::Other { said }
}

fn token(answer: &Answer, value: &Value, client_id: &str) -> Digest {
    let Some(token) = answer.granted.as_ref().and_then(Secret::expose_str) else {
        return Digest::Json { members: Value::Object(Map::new()) };
    };
    let payload = token.split('.').nth(1).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    let claims = payload.and_then(|json| serde_json::from_slice::<Value>(&json).ok());
    let claims = claims.filter(Value::is_object).map(|claims| {
        let mut kept = only(&claims, &["sub", "aud", "scope", "exp"]);
        if let Some(audience) = kept.get_mut("aud") {
            *audience = without_client_ids(audience, client_id);
        }
        kept
    });
    let usable = !token.is_empty() && token.bytes().all(|b| b.is_ascii_graphic());
    if !usable {
        return Digest::Json { members: Value::Object(Map::new()) };
    }
    Digest::Token { claims, members: only(value, &["token_type", "expires_in"]) }
}

/// An audience with words in place of Client IDs.
fn without_client_ids(audience: &Value, client_id: &str) -> Value {
    let word = |text: &str| match text.trim() {
        id if id.len() == 64 && id.eq_ignore_ascii_case(client_id) => "own-client-id".to_owned(),
        id if id.len() == 64 => "other-client-id".to_owned(),
        other => other.to_owned(),
    };
    match audience {
        Value::String(text) => {
            Value::String(text.split(',').map(word).collect::<Vec<_>>().join(","))
        }
        Value::Array(list) => {
            list.iter().filter_map(Value::as_str).map(|text| Value::String(word(text))).collect()
        }
        _ => Value::Null,
    }
}

// Which members of a JSON answer are kept, by what was asked. They are those that a probe reads.

/// Members of these names with a plain value or a list of words; nothing nested.
fn only(value: &Value, names: &[&str]) -> Map<String, Value> {
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

fn reduced(value: &Value, method: &str, path: &str) -> Value {
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
