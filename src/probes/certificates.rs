//! The certificates that NetSuite has mapped for an integration record.
//!
//! The list of the rotation endpoint (OH/article_11111634165), which lives on the RESTlets host. Its
//! days come without a time, and its error answers are not published.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::NoAnswer;
use super::record::{Stop, stop};
use crate::netsuite::Bearer;
use crate::netsuite::answer::{Answer, TransportError};
use crate::netsuite::http::Client;
use crate::netsuite::url::{AccountUrl, CertificatesUrl, Hosts, RevocationUrl};
use crate::types::{AccountId, CertificateId, ClientId, HttpExchange};

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
    Listing { result: read(call.result, mappings), exchanges: call.exchanges }
}

fn mappings(answer: &Answer) -> Option<Vec<Mapping>> {
    let rows: Vec<Value> = serde_json::from_slice(&answer.body).ok()?;
    rows.iter().map(mapping).collect::<Option<_>>().filter(|_| answer.status == 200)
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

// Uploading and revoking a certificate over the rotation endpoint.
//
// Sources: OH/article_0209112025 (upload), OH/article_0209112818 (revoke). Statuses and error
// bodies are not published. Whatever leaves open whether the request took effect is told apart by
// [`may_have_happened`]; the list decides then.

/// Whom a certificate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Combination {
    /// Internal ID of the role.
    pub role: i64,
    /// Internal ID of the entity.
    pub entity: i64,
}

/// A certificate that NetSuite took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// Its ID, as NetSuite says.
    pub certificate_id: CertificateId,
    /// Its last day, as NetSuite says.
    pub valid_until: Option<Date>,
}

/// Uploads a certificate in PEM for a role and an entity. Sent once.
pub async fn upload(
    client: &Client,
    account: &AccountId,
    token: &Bearer,
    client_id: &ClientId,
    pem: &str,
    combination: Combination,
) -> Result<Registered, Box<Stop>> {
    // A number and a text, as in Oracle's example.
    let document = json!({
        "fileContent": pem,
        "role": combination.role,
        "entity": combination.entity.to_string(),
    });
    let url = CertificatesUrl::of(account, client_id);
    let call = client.upload_certificate(&url, token, document.to_string()).await;
    read(call.result, registered)
}

/// Revokes a certificate for good. Sent once.
pub async fn revoke(
    client: &Client,
    account: &AccountId,
    token: &Bearer,
    client_id: &ClientId,
    certificate: &CertificateId,
) -> Result<(), Box<Stop>> {
    let url = RevocationUrl::of(account, client_id, certificate);
    let call = client.revoke_certificate(&url, token).await;
    read(call.result, confirmed)
}

fn read<T>(
    result: Result<Answer, TransportError>,
    understood: impl Fn(&Answer) -> Option<T>,
) -> Result<T, Box<Stop>> {
    let answer = result.map_err(|error| Box::new(error.into()))?;
    if !answer.is_success() {
        return Err(Box::new(stop(&answer)));
    }
    understood(&answer).ok_or_else(|| Box::new(Stop::unexpected(&answer)))
}

fn registered(answer: &Answer) -> Option<Registered> {
    let value: Value = serde_json::from_slice(&answer.body).ok()?;
    Some(Registered {
        certificate_id: CertificateId::new(value.get("certificate_id")?.as_str()?).ok()?,
        valid_until: value.get("valid_until").and_then(|day| day.as_str()?.parse().ok()),
    })
}

/// `Successfully revoked`, bare or as a JSON text.
fn confirmed(answer: &Answer) -> Option<()> {
    let text = answer.text();
    let text = text.trim().trim_matches('"').trim_end_matches('.');
    text.eq_ignore_ascii_case("successfully revoked").then_some(())
}

/// Whether the request may have taken effect although no confirmation came. A refusal by NetSuite,
/// and a connection that never came about, rule it out.
#[must_use]
pub fn may_have_happened(stop: &Stop) -> bool {
    use TransportError as T;
    match stop {
        Stop::Refused(_) | Stop::LoginRefused | Stop::NoAnswer(NoAnswer::Busy) => false,
        Stop::Script(error) => error.status >= 500,
        Stop::NoAnswer(NoAnswer::Silent(
            T::Dns { .. }
            | T::Refused
            | T::Unreachable
            | T::ConnectTimeout
            | T::NoHandshake
            | T::Tls(_)
            | T::Proxy(_),
        )) => false,
        // 409 and other refusals that only this endpoint knows.
        Stop::NoAnswer(NoAnswer::Unexpected { status, .. }) => !(400..500).contains(status),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netsuite::answer::sample;
    use crate::netsuite::double::{Behaviour, Double};
    use crate::probes::NoAnswer;

    #[test]
    fn oracles_sample_is_read() {
        let body = r#"[{"application":{"id":1},"entity":{"id":12,"name":"Jane"},
            "role":{"id":"3","name":"Administrator"},"created":"2023-04-21",
            "valid_from":"2023-04-21","valid_until":"2023-05-21","revoked":false,
            "certificate_id":"abc","algorithm":"RSA"}]"#;
        let read = read(Ok(sample(200, "application/json", body)), mappings).unwrap();
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
            let read = read(Ok(sample(200, "application/json", body)), mappings);
            let stop = *read.unwrap_err();
            let open = matches!(stop, Stop::NoAnswer(NoAnswer::Unexpected { status: 200, .. }));
            assert!(open, "{body}");
        }
        assert_eq!(read(Ok(sample(200, "application/json", "[]")), mappings), Ok(Vec::new()));
    }

    #[test]
    fn fuzz() {
        let words = ["certificate_id", "revoked", "valid_until", "2027-01-01", "role", "entity"];
        crate::fuzz::run("certificate-list", &words, |bytes| {
            let body = String::from_utf8_lossy(bytes);
            let answer = sample(200, "application/json", &body);
            if let Ok(rows) = read(Ok(answer), mappings) {
                assert!(rows.len() <= body.len());
            }
        });
    }

    const ID: &str = "NPMnRyPg-WDWhPiAbisjKiH0fqnBpjOZ367wDTe0pqA";

    #[test]
    fn oracles_samples_are_read() {
        let body = format!(
            r#"{{"entity_role_id":{{"com":"3829855","ent":-5,"rol":1000}},"application_id":1,
            "certificate_id":"{ID}","certificate":"x","algorithm":"EC","valid_until":"2026-03-01",
            "invalidated":false}}"#
        );
        for status in [200, 201] {
            let read = read(Ok(sample(status, "application/json", &body)), registered).unwrap();
            assert_eq!(read.certificate_id.as_str(), ID);
            assert_eq!(read.valid_until, "2026-03-01".parse().ok());
        }
        for text in ["Successfully revoked", "\"Successfully revoked\"", " successfully revoked.\n"]
        {
            assert_eq!(read(Ok(sample(200, "text/plain", text)), confirmed), Ok(()), "{text}");
        }
    }

    #[test]
    fn what_confirms_nothing_leaves_the_matter_open() {
        for (status, body, open) in [
            (200, "", true),
            (200, "{}", true),
            (200, r#"{"certificate_id":"../x"}"#, true),
            (302, "", true),
            (500, "", true),
            (429, "", false),
            (409, "", false),
            (400, "", false),
            (401, "", false),
            (403, "", false),
        ] {
            let stop = read(Ok(sample(status, "application/json", body)), registered).unwrap_err();
            assert_eq!(may_have_happened(&stop), open, "{status} {body}");
        }
        assert!(read(Ok(sample(200, "text/plain", "revoked not")), confirmed).is_err());
        for (error, open) in [
            (TransportError::Refused, false),
            (TransportError::ConnectTimeout, false),
            (TransportError::Reset, true),
            (TransportError::Truncated, true),
            (TransportError::TimedOut { started: false }, true),
        ] {
            let stop = read(Err(error), confirmed).unwrap_err();
            assert_eq!(may_have_happened(&stop), open, "{stop:?}");
        }
    }

    fn names() -> (AccountId, Bearer, ClientId, CertificateId) {
        (
            AccountId::from_parts("1234567", Some("SB1")).unwrap(),
            Bearer::new("the-token".to_owned(), &crate::types::Scrubber::default()),
            ClientId::new(&"0123456789abcdef".repeat(4)).unwrap(),
            CertificateId::new(ID).unwrap(),
        )
    }

    const COMBINATION: Combination = Combination { role: 1000, entity: -5 };

    #[tokio::test]
    async fn both_go_to_the_documented_address_in_the_documented_form() {
        let double = Double::answering(200, "text/plain", "Successfully revoked");
        let client = double.client();
        let (account, token, id, certificate) = names();
        let pem = "-----BEGIN CERTIFICATE-----\nMII\n";
        let sent = upload(&client, &account, &token, &id, pem, COMBINATION).await;
        assert!(sent.is_err(), "a text confirms no upload");
        let revoked = revoke(&client, &account, &token, &id, &certificate).await;
        assert_eq!(revoked, Ok(()));
        let seen = double.seen();
        let path = format!("/services/rest/auth/oauth2/v1/clients/{}/certificates", id.as_str());
        assert_eq!((seen[0].method.as_str(), seen[0].path.as_str()), ("POST", path.as_str()));
        assert_eq!(seen[0].header("content-type"), Some("application/json"));
        let body: Value = serde_json::from_str(&seen[0].body).unwrap();
        assert_eq!(body, json!({"fileContent": pem, "role": 1000, "entity": "-5"}));
        assert_eq!(seen[1].method, "POST");
        assert_eq!(seen[1].path, format!("{path}/{ID}/revoke"));
        assert_eq!(seen[1].body, "");
        for request in &seen {
            assert_eq!(request.header("host"), Some("1234567-sb1.restlets.api.netsuite.com"));
            assert_eq!(request.header("authorization"), Some("Bearer the-token"));
        }
    }

    #[tokio::test]
    async fn neither_is_sent_twice_or_elsewhere() {
        let elsewhere = Behaviour::Answer {
            status: 307,
            headers: vec![("location", "https://evil.example/".to_owned())],
            body: String::new(),
        };
        let busy = Behaviour::Answer {
            status: 429,
            headers: vec![("retry-after", "1".to_owned())],
            body: String::new(),
        };
        for reply in [elsewhere, busy, Behaviour::json(500, ""), Behaviour::Silent, Behaviour::Cut]
        {
            let double = Double::serving(move |_| reply.clone());
            let client = double.hasty_client();
            let (account, token, id, certificate) = names();
            let sent = upload(&client, &account, &token, &id, "x", COMBINATION).await;
            assert!(sent.is_err());
            assert_eq!(double.seen().len(), 1);
            let sent = revoke(&client, &account, &token, &id, &certificate).await;
            assert!(sent.is_err());
            assert_eq!(double.seen().len(), 2);
            assert!(double.waits().is_empty());
        }
    }
}
