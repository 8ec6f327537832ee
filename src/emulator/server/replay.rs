//! Recorded exchanges that are served again: to each request the recorded answers in order, the
//! last one over and over. Nothing that the client sends is verified.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hyper::StatusCode;
use hyper::body::Bytes;
use hyper::header::{
    CONTENT_TYPE, DATE, HeaderName, HeaderValue, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE,
};
use jiff::fmt::rfc2822::{DateTimeParser, DateTimePrinter};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::message::{Reply, Request};
use crate::emulator::log::Effect;
use crate::types::CertificateId;
use crate::types::exchanges::{
    Digest, Exchange, Exchanges, Headers, NoAnswerReason, REPLAY_HEADER,
};

const REPLAY: HeaderName = HeaderName::from_static(REPLAY_HEADER);

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
    /// Serves these exchanges to a client with this Client ID and this Certificate ID, which
    /// takes the place of the recorded one.
    #[must_use]
    pub fn new(exchanges: Exchanges, client_id: &str, certificate_id: &str) -> Self {
        let before = exchanges.certificate_id.as_ref().map(CertificateId::as_str);
        let mut recorded: HashMap<Key, Vec<Exchange>> = HashMap::new();
        for mut exchange in exchanges.exchanges {
            if let Digest::Json { members: Value::Array(rows) } = &mut exchange.body {
                rows.iter_mut().for_each(|row| renamed(row, before, certificate_id));
            }
            let question = exchange.question.as_deref().unwrap_or_default();
            let query = exchange.query.as_deref().unwrap_or_default();
            let key = key(
                exchange.method.as_str(),
                exchange.host.as_str(),
                &exchange.path,
                query,
                question,
            );
            recorded.entry(key).or_default().push(exchange);
        }
        Self { recorded, served: Mutex::default(), client_id: client_id.to_owned() }
    }

    /// Answers a request as it was answered when it was recorded.
    ///
    /// # Errors
    /// Why no answer came then.
    pub(super) fn answer(
        &self,
        request: &Request,
        now: Timestamp,
    ) -> Result<Reply, Option<NoAnswerReason>> {
        let question = question(&request.body);
        let query = request.raw_query.as_deref().unwrap_or_default();
        let place = (request.method.as_str(), request.host.as_str(), request.path.as_str());
        let Some(recorded) = self.next(place, query, &question) else {
            let text = "this request is not among the recorded exchanges";
            let reply = Reply::json(StatusCode::NOT_IMPLEMENTED, &json!({ "title": text }));
            return Ok(reply.with(REPLAY, "not recorded"));
        };
        let status = recorded.status.and_then(|status| StatusCode::from_u16(status).ok());
        let status = status.ok_or(recorded.no_answer)?;
        let shift = now.duration_since(recorded.sent);
        Ok(Reply {
            headers: headers(&recorded.headers, shift),
            body: self.body(&recorded.body, status.as_u16(), shift),
            ..Reply::empty(status, Effect::None)
        }
        .with(REPLAY, "recorded"))
    }

    /// The next recorded exchange for a request.
    fn next(
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
    fn body(&self, digest: &Digest, status: u16, shift: SignedDuration) -> Vec<u8> {
        match digest {
            Digest::Empty => Vec::new(),
            Digest::Html { title } => page(title.as_deref()).into(),
            Digest::Error { error: Some(error), description, .. } => match description {
                Some(text) => json!({ "error": error, "error_description": text }),
                None => json!({ "error": error }),
            }
            .to_string()
            .into(),
            Digest::Error { error: None, details, .. } => {
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

/// A page with the title that was recorded.
fn page(title: Option<&str>) -> String {
    let title = title.unwrap_or_default();
    let title = title.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!(
        "<!DOCTYPE html><html><head><title>{title}</title></head><body>recorded page</body></html>"
    )
}

/// In the list of certificates the client of the replay finds its own.
fn renamed(row: &mut Value, before: Option<&str>, now: &str) {
    if let Some(id) = row.get_mut("certificate_id")
        && before.is_some()
        && id.as_str() == before
    {
        *id = now.into();
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

fn question(body: &Bytes) -> String {
    let body = serde_json::from_slice::<Value>(body).ok();
    let question = body.as_ref().and_then(|body| body.get("q")?.as_str());
    question.unwrap_or_default().to_owned()
}

fn headers(recorded: &Headers, shift: SignedDuration) -> Vec<(HeaderName, HeaderValue)> {
    let date = recorded.date.as_deref().map(|text| moved(text, shift));
    let values = [
        (CONTENT_TYPE, recorded.content_type.clone()),
        (DATE, date),
        (RETRY_AFTER, recorded.retry_after.map(|seconds| seconds.to_string())),
        (WWW_AUTHENTICATE, recorded.www_authenticate.clone()),
        (LOCATION, recorded.location_host.as_ref().map(|host| format!("https://{host}/"))),
    ];
    let usable = values
        .into_iter()
        .filter_map(|(name, value)| Some((name, HeaderValue::from_str(&value?).ok()?)));
    usable.collect()
}

/// A date of HTTP, moved; one that cannot be read stays as it is.
fn moved(text: &str, shift: SignedDuration) -> String {
    let read = DateTimeParser::new().parse_timestamp(text.trim()).ok();
    // Rounded, because the date has whole seconds and the shift is mostly whole seconds and a bit.
    let shift = SignedDuration::from_secs(shift.as_secs());
    read.and_then(|at| at.checked_add(shift).ok())
        .and_then(|at| DateTimePrinter::new().timestamp_to_rfc9110_string(&at).ok())
        .unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLIENT_ID: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    fn before() -> String {
        CertificateId::of_certificate(b"before").to_string()
    }

    fn recorded(exchanges: Value) -> Replay {
        let document = json!({
            "schema": {"name": crate::types::exchanges::SCHEMA, "version": 1},
            "tool": {"name": "t", "version": "1"}, "run_id": "r", "certificate_id": before(),
            "exchanges": exchanges,
        });
        let document = Exchanges::read(document.to_string().as_bytes()).unwrap();
        Replay::new(document, CLIENT_ID, "now")
    }

    fn exchange(path: &str, body: Value) -> Value {
        json!({"method": "GET", "host": "A.example", "path": path, "status": 200,
            "sent": "2026-01-02T03:04:05Z", "body": body})
    }

    fn value(replay: &Replay, digest: &Digest, shift: i64) -> Value {
        let body = replay.body(digest, 200, SignedDuration::from_secs(shift));
        serde_json::from_slice(&body).unwrap()
    }

    #[test]
    fn answers_come_in_order_the_last_again_and_nothing_else() {
        let body = |n: u8| json!({"kind": "json", "members": {"n": n}});
        let replay = recorded(json!([exchange("/a", body(1)), exchange("/a", body(2))]));
        let next = |path| {
            let found = replay.next(("GET", "a.EXAMPLE", path), "", "")?;
            Some(value(&replay, &found.body, 0)["n"].as_u64().unwrap())
        };
        assert_eq!([next("/a"), next("/a"), next("/a")], [Some(1), Some(2), Some(2)]);
        assert_eq!(next("/b"), None);
        assert!(replay.next(("POST", "a.example", "/a"), "", "").is_none());
        assert!(replay.next(("GET", "a.example", "/a"), "limit=1", "").is_none());
        assert!(replay.next(("GET", "a.example", "/a"), "", "SELECT 1").is_none());
    }

    #[test]
    fn a_client_id_in_a_path_is_that_of_any_client() {
        let path = "/clients/0011…eeff/certificates";
        let replay = recorded(json!([exchange(path, json!({"kind": "empty"}))]));
        let asked = format!("/clients/{CLIENT_ID}/certificates");
        assert!(replay.next(("GET", "a.example", &asked), "", "").is_some());
    }

    #[test]
    fn times_are_moved_and_ids_are_those_of_the_client() {
        let rows = json!([{"certificate_id": before()}, {"certificate_id": "other"}]);
        let token = json!({"kind": "token", "members": {"expires_in": 3600},
            "claims": {"exp": 1000, "aud": ["own-client-id", "other-client-id", "x"]}});
        let replay = recorded(json!([
            exchange(
                "/time",
                json!({"kind": "json", "members": {"serverTime": "2026-01-02T03:04:05Z"}})
            ),
            exchange("/list", json!({"kind": "json", "members": rows})),
            exchange("/token", token),
        ]));
        let answer = |path, shift| {
            let found = replay.next(("GET", "a.example", path), "", "").unwrap();
            value(&replay, &found.body, shift)
        };
        assert_eq!(answer("/time", 60)["serverTime"], "2026-01-02T03:05:05Z");
        let list = answer("/list", 0);
        assert_eq!(
            (&list[0]["certificate_id"], &list[1]["certificate_id"]),
            (&json!("now"), &json!("other"))
        );
        let token = answer("/token", 60);
        assert_eq!(token["expires_in"], 3600);
        let claims = token["access_token"].as_str().unwrap().split('.').nth(1).unwrap();
        let claims: Value =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
        assert_eq!(claims["exp"], 1060);
        let audience = claims["aud"].as_array().unwrap();
        assert_eq!((audience[0].as_str(), audience[2].as_str()), (Some(CLIENT_ID), Some("x")));
        assert!(audience[1].as_str().is_some_and(|id| id.len() == 64 && id != CLIENT_ID));
    }
}
