//! From an answer to what may be kept of it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::reduce::{only, reduced};
use crate::netsuite::error::{Refusal, oauth_error};
use crate::netsuite::http::Answer;
use crate::types::Secret;
use crate::types::exchanges::{Detail, Digest};

pub(super) fn of(answer: &Answer, method: &str, path: &str, client_id: &str) -> Digest {
    if answer.body.is_empty() {
        return Digest::Empty;
    }
    if let Some(error) = oauth_error(answer) {
        return Digest::Error { error: Some(error), details: Vec::new() };
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
        return Digest::Html;
    }
    match Refusal::of(answer) {
        Refusal::Html => Digest::Html,
        Refusal::Service(details) if !answer.is_success() => Digest::Error {
            error: None,
            details: details
                .into_iter()
                .take(10)
                .map(|detail| Detail { code: detail.code, detail: detail.text })
                .collect(),
        },
        // The directory refuses in plain words, and the report shows them.
        _ if path == "/rest/datacenterurls" && answer.status == 400 => {
            let said = answer.text().trim().chars().take(200).collect();
            Digest::Other { said: Some(said) }
        }
        _ => Digest::Other { said: None },
    }
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
