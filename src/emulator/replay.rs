//! Recorded exchanges that are served again: to each request the recorded answers in order, the
//! last one over and over. Nothing that the client sends is verified.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use crate::types::exchanges::{Digest, Exchange, Exchanges};

/// What a request is known by: method, host, path, query and SuiteQL question.
type Key = (String, String, String, String, String);

/// Recorded exchanges and how far they were served.
#[derive(Debug)]
pub struct Replay {
    recorded: HashMap<Key, Vec<Exchange>>,
    served: Mutex<HashMap<Key, usize>>,
    client_id: String,
}

impl Replay {
    /// Serves these exchanges to a client with this Client ID.
    #[must_use]
    pub fn new(exchanges: Exchanges, client_id: &str) -> Self {
        let mut recorded: HashMap<Key, Vec<Exchange>> = HashMap::new();
        for exchange in exchanges.exchanges {
            let question = exchange.question.as_deref().unwrap_or_default();
            let query = exchange.query.as_deref().unwrap_or_default();
            let key = key(&exchange.method, &exchange.host, &exchange.path, query, question);
            recorded.entry(key).or_default().push(exchange);
        }
        Self { recorded, served: Mutex::default(), client_id: client_id.to_owned() }
    }

    /// The next recorded exchange for a request.
    pub(super) fn next(
        &self,
        (method, host, path): (&str, &str, &str),
        query: &str,
        question: &str,
    ) -> Option<&Exchange> {
        let key = key(method, host, path, query, question);
        let answers = self.recorded.get(&key)?;
        let mut served = self.served.lock().unwrap_or_else(PoisonError::into_inner);
        let count = served.entry(key).or_insert(0);
        let at = (*count).min(answers.len().saturating_sub(1));
        *count = count.saturating_add(1);
        answers.get(at)
    }

    /// A body that says what the recorded one said, with its times moved by `shift`.
    pub(super) fn body(&self, digest: &Digest, status: u16, shift: SignedDuration) -> Vec<u8> {
        match digest {
            Digest::Empty => Vec::new(),
            Digest::Html => {
                "<!DOCTYPE html><html><body>recorded page</body></html>".as_bytes().to_vec()
            }
            Digest::Error { error: Some(error), .. } => {
                json!({ "error": error }).to_string().into()
            }
            Digest::Error { error: None, details } => {
                let entry = |code: &Option<String>, detail: &str| match code {
                    Some(code) => json!({ "detail": detail, "o:errorCode": code }),
                    None => json!({ "detail": detail }),
                };
                let details: Vec<Value> =
                    details.iter().map(|one| entry(&one.code, &one.detail)).collect();
                json!({ "status": status, "o:errorDetails": details }).to_string().into()
            }
            Digest::Token { claims, members } => self.token(claims.as_ref(), members, shift),
            Digest::Json { members } => {
                let mut members = members.clone();
                if let Some(time) = members.get_mut("serverTime") {
                    let read = time.as_str().and_then(|text| text.parse::<Timestamp>().ok());
                    if let Some(moved) = read.and_then(|at| at.checked_add(shift).ok()) {
                        *time = Value::String(moved.to_string());
                    }
                }
                members.to_string().into()
            }
            Digest::Other { said } => said.as_deref().unwrap_or("(not recorded)").into(),
        }
    }

    fn token(
        &self,
        claims: Option<&Map<String, Value>>,
        members: &Map<String, Value>,
        shift: SignedDuration,
    ) -> Vec<u8> {
        let token = claims.map_or_else(
            || "replayed-opaque-access-token".to_owned(),
            |claims| self.jwt(claims.clone(), shift),
        );
        let mut members = members.clone();
        members.insert("access_token".to_owned(), token.into());
        Value::Object(members).to_string().into()
    }

    /// A token with these claims; its signature is none.
    fn jwt(&self, mut claims: Map<String, Value>, shift: SignedDuration) -> String {
        if let Some(seconds) = claims.get("exp").and_then(Value::as_i64) {
            claims.insert("exp".to_owned(), seconds.saturating_add(shift.as_secs()).into());
        }
        let other: String = self.client_id.chars().rev().collect();
        let word = |text: &str| {
            text.replace("own-client-id", &self.client_id).replace("other-client-id", &other)
        };
        let audience = match claims.get("aud") {
            Some(Value::String(text)) => Some(Value::String(word(text))),
            Some(Value::Array(list)) => {
                Some(list.iter().filter_map(Value::as_str).map(word).collect())
            }
            _ => None,
        };
        claims.extend(audience.map(|audience| ("aud".to_owned(), audience)));
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let header = part(json!({ "alg": "RS256", "typ": "JWT" }));
        format!("{header}.{}.{}", part(claims.into()), URL_SAFE_NO_PAD.encode("replayed"))
    }
}

fn key(method: &str, host: &str, path: &str, query: &str, question: &str) -> Key {
    let host = host.to_ascii_lowercase();
    (method.to_owned(), host, alike(path), alike(query), question.to_owned())
}

/// The text with one word for every Client ID, whole or shortened: the client of the replay has
/// another one.
fn alike(text: &str) -> String {
    let own = |word: &str| {
        word.contains('…') || (word.len() == 64 && word.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    let pieces = text.split_inclusive(['/', '&', '=']).map(|piece| {
        let word = piece.trim_end_matches(['/', '&', '=']);
        let end = piece.strip_prefix(word).unwrap_or_default();
        if own(word) { format!("*{end}") } else { piece.to_owned() }
    });
    pieces.collect()
}
