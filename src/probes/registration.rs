//! Uploading and revoking a certificate over the rotation endpoint.
//!
//! Sources: OH/article_0209112025 (upload), OH/article_0209112818 (revoke). Statuses and error
//! bodies are not published. Whatever leaves open whether the request took effect is told apart by
//! [`may_have_happened`]; the list decides then.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::no_answer::NoAnswer;
use super::record::{Stop, stop};
use crate::netsuite::bearer::Bearer;
use crate::netsuite::http::{Answer, Client, TransportError};
use crate::netsuite::url::{CertificatesUrl, RevocationUrl};
use crate::types::{AccountId, CertificateId, ClientId};

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
        Stop::NoAnswer(NoAnswer::Unexpected { status }) => !(400..500).contains(status),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netsuite::double::{Double, Reply};
    use crate::netsuite::http::answer::sample;

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
        let elsewhere = Reply::Answer {
            status: 307,
            headers: vec![("location", "https://evil.example/".to_owned())],
            body: String::new(),
        };
        let busy = Reply::Answer {
            status: 429,
            headers: vec![("retry-after", "1".to_owned())],
            body: String::new(),
        };
        for reply in [elsewhere, busy, Reply::json(500, ""), Reply::Silent, Reply::Cut] {
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
