//! The certificates that NetSuite has mapped for an integration record.
//!
//! The list of the rotation endpoint (OH/article_11111634165), which lives on the RESTlets host. Its
//! days come without a time, and its error answers are not published.

use jiff::civil::Date;
use serde_json::Value;

use super::record::{Stop, stop};
use crate::netsuite::bearer::Bearer;
use crate::netsuite::http::{Answer, Client};
use crate::netsuite::url::{AccountUrl, Hosts};
use crate::types::{ClientId, HttpExchange};

/// One mapping, as far as it could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// The Certificate ID.
    pub certificate_id: String,
    /// Whether it was revoked.
    pub revoked: Option<bool>,
    /// The first day.
    pub valid_from: Option<Date>,
    /// The last day.
    pub valid_until: Option<Date>,
    /// The role: `Survey role (1042)`.
    pub role: Option<String>,
    /// The entity: `Integration, Survey (2207)`.
    pub entity: Option<String>,
    /// Internal ID of the role.
    pub role_id: Option<i64>,
    /// Internal ID of the entity.
    pub entity_id: Option<i64>,
    /// `RSA` or `EC`.
    pub algorithm: Option<String>,
}

impl Mapping {
    /// Whether it counts as active on a day: neither revoked nor over.
    #[must_use]
    pub fn is_active(&self, today: Date) -> bool {
        self.revoked != Some(true) && self.valid_until.is_none_or(|until| until >= today)
    }
}

/// What came of asking.
#[derive(Debug)]
pub struct Listing {
    /// The mappings, or what stopped it.
    pub result: Result<Vec<Mapping>, Box<Stop>>,
    /// For the report.
    pub exchanges: Vec<HttpExchange>,
}

/// Reads the list.
pub async fn listing(
    client: &Client,
    account: &dyn Hosts,
    token: &Bearer,
    client_id: &ClientId,
) -> Listing {
    let call = client.get(&AccountUrl::certificates(account, client_id), token).await;
    let result = match call.result {
        Ok(answer) => read(&answer),
        Err(error) => Err(Box::new(error.into())),
    };
    Listing { result, exchanges: call.exchanges }
}

fn read(answer: &Answer) -> Result<Vec<Mapping>, Box<Stop>> {
    if answer.status != 200 {
        return Err(Box::new(stop(answer)));
    }
    let rows = serde_json::from_slice::<Vec<Value>>(&answer.body).ok();
    let mappings = rows.and_then(|rows| rows.iter().map(mapping).collect::<Option<Vec<_>>>());
    mappings.ok_or_else(|| Box::new(Stop::unexpected(answer)))
}

fn mapping(row: &Value) -> Option<Mapping> {
    let day = |name: &str| row.get(name)?.as_str()?.parse::<Date>().ok();
    Some(Mapping {
        certificate_id: row.get("certificate_id")?.as_str()?.to_owned(),
        revoked: row.get("revoked").and_then(Value::as_bool),
        valid_from: day("valid_from"),
        valid_until: day("valid_until"),
        role: row.get("role").and_then(named),
        entity: row.get("entity").and_then(named),
        role_id: row.get("role").and_then(internal_id),
        entity_id: row.get("entity").and_then(internal_id),
        algorithm: row.get("algorithm").and_then(Value::as_str).and_then(word),
    })
}

fn internal_id(value: &Value) -> Option<i64> {
    match value.get("id")? {
        Value::String(text) => text.trim().parse().ok(),
        Value::Number(number) => number.as_i64(),
        _ => None,
    }
}

fn word(text: &str) -> Option<String> {
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    ((1..=20).contains(&text.len()) && plain).then(|| text.to_owned())
}

/// `{"id": 3, "name": "Administrator"}` as `Administrator (3)`.
fn named(value: &Value) -> Option<String> {
    let id = match value.get("id")? {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let name = value.get("name").and_then(Value::as_str).unwrap_or("no name");
    let shown = format!("{name} ({id})");
    Some(shown.chars().map(|c| if c.is_control() { ' ' } else { c }).take(120).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netsuite::http::answer::sample;
    use crate::probes::no_answer::NoAnswer;

    #[test]
    fn oracles_sample_is_read() {
        let body = r#"[{"application":{"id":1},"entity":{"id":12,"name":"Jane"},
            "role":{"id":"3","name":"Administrator"},"created":"2023-04-21",
            "valid_from":"2023-04-21","valid_until":"2023-05-21","revoked":false,
            "certificate_id":"abc","algorithm":"RSA"}]"#;
        let read = read(&sample(200, "application/json", body)).unwrap();
        let first = read.first().unwrap();
        assert_eq!(first.role.as_deref(), Some("Administrator (3)"));
        assert_eq!(first.entity.as_deref(), Some("Jane (12)"));
        assert_eq!((first.role_id, first.entity_id), (Some(3), Some(12)));
        assert_eq!(first.algorithm.as_deref(), Some("RSA"));
        assert!(first.is_active("2023-05-21".parse().unwrap()));
        assert!(!first.is_active("2023-05-22".parse().unwrap()));
    }

    #[test]
    fn a_row_without_certificate_is_no_list() {
        for body in ["{}", "[{}]", "[1]", "", r#"{"items":[]}"#] {
            let read = read(&sample(200, "application/json", body));
            assert_eq!(read, Err(Box::new(NoAnswer::Unexpected { status: 200 }.into())), "{body}");
        }
        assert_eq!(read(&sample(200, "application/json", "[]")), Ok(Vec::new()));
    }

    #[test]
    fn fuzz() {
        let words = ["certificate_id", "revoked", "valid_until", "2027-01-01", "role", "entity"];
        crate::fuzz::run("certificate-list", &words, |bytes| {
            let body = String::from_utf8_lossy(bytes);
            let answer = sample(200, "application/json", &body);
            if let Ok(rows) = read(&answer) {
                assert!(rows.len() <= body.len());
            }
        });
    }
}
