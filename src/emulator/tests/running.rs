//! Starting, stopping, and registering.

use std::time::Duration;

use serde_json::{Value, json};

use super::client::{CLIENT_ID, NOW, SUITETALK, Setup, offering, options, trusting};
use crate::emulator::Emulator;
use crate::emulator::faults::FaultRule;
use crate::emulator::model::Account;
use crate::emulator::server::{EmulatorOptions, Listener};
use crate::emulator::signin::request::Jws;
use crate::emulator::tls::{KeyChoice, ServerCertificate, certificate};

#[test]
fn a_thread_of_its_own_stops_with_its_handle() {
    let emulator = Emulator::spawn_thread(Account::healthy().unwrap(), options(&[])).unwrap();
    let addr = emulator.addr();
    assert!(addr.ip().is_loopback());
    assert!(std::net::TcpStream::connect(addr).is_ok());
    assert!(emulator.ca_pem().starts_with(b"-----BEGIN CERTIFICATE-----"));
    drop(emulator);
    assert!(std::net::TcpStream::connect(addr).is_err());
}

#[tokio::test]
async fn a_taken_port_is_told() {
    let first = Emulator::start(Account::healthy().unwrap(), options(&[])).await.unwrap();
    let second = EmulatorOptions { port: first.addr().port(), ..options(&[]) };
    let error = Emulator::start(Account::healthy().unwrap(), second).await.err().unwrap();
    assert!(error.to_string().contains("choose another port"), "{error}");
}

#[tokio::test]
async fn tokens_of_another_emulator_are_not_known() {
    let (one, other) = tokio::join!(Setup::start("", options(&[])), Setup::start("", options(&[])));
    let token = one.token().await;
    assert_eq!(other.get("/system/v1/serverTime", &token).await.0, 401);
    assert_eq!(other.last_detail(), Some("TokenRejected"));
}

#[tokio::test]
async fn long_certificates() {
    let key = KeyChoice::EcP256.generate().unwrap();
    let der = certificate(&key, NOW, NOW + 1000 * 86_400).unwrap().to_der().unwrap();
    let combination = (Account::INTEGRATION, Account::ROLE, Account::ENTITY);
    for (value, accepted) in [("shortened", true), ("refused", false)] {
        let setup = Setup::start("", options(&[&format!("long-certificate={value}")])).await;
        assert_eq!(setup.emulator.register(&der, combination).is_ok(), accepted);
    }
}

#[tokio::test]
async fn a_client_is_told_how_to_come_in() {
    let setup = Setup::start("", options(&[])).await;
    let description = setup.emulator.description();
    assert_eq!(description.certificate_ids, [setup.kid.as_str()]);
    let arguments = description.arguments("/tmp/ca.pem".as_ref());
    let value = |flag: &str| arguments.iter().find(|(own, _)| *own == flag).map(|(_, v)| v.clone());
    assert_eq!(value("--connect-to"), Some(setup.emulator.addr().to_string()));
    assert_eq!(value("--certificate-id"), Some(setup.kid.clone()));
    setup.emulator.change(|account| account.certificates[0].revoked = true);
    assert!(setup.emulator.description().certificate_ids.is_empty());
}

/// Programs that do not redirect host names reach the whole account under `localhost`.
#[tokio::test]
async fn localhost_is_the_account() {
    let setup = Setup::start("", options(&[])).await;
    let token = setup.token().await;
    let get = async |path: &str| {
        let url = setup.url("localhost", path);
        let request = setup.http.get(url).header("authorization", format!("Bearer {token}"));
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(get("/services/rest/record/v1/customer").await, 200);
    assert_eq!(get("/rest/datacenterurls?account=1234567").await, 200);
    assert_eq!(get("/nothing").await, 404);
}

// Everything right.

#[tokio::test]
async fn from_assertion_to_record() {
    let setup = Setup::start("", options(&[])).await;
    let response = setup.post_token(&setup.assertion(&setup.header(), &setup.claims())).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.version(), reqwest::Version::HTTP_2);
    assert_eq!(response.headers()["date"], "Mon, 23 Nov 2026 12:00:00 GMT");
    let body: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
    assert_eq!((&body["expires_in"], &body["token_type"]), (&json!(3600), &json!("Bearer")));
    let token = body["access_token"].as_str().unwrap();
    let jws = Jws::read(token).unwrap();
    assert_eq!(jws.payload["sub"], "1042;2207");
    assert_eq!(
        jws.payload["aud"],
        json!(["1C61CD58-044D-497A-AA29-7A3E9A9BB924;1234567", CLIENT_ID])
    );
    assert_eq!(jws.payload["scope"], json!(["rest_webservices"]));

    let (status, time) = setup.get("/system/v1/serverTime", token).await;
    assert_eq!((status, &time["serverTime"]), (200, &json!("2026-11-23T12:00:00.000Z")));
    let (status, list) = setup.get("/record/v1/customer?limit=1", token).await;
    assert_eq!(status, 200);
    assert_eq!((&list["totalResults"], &list["hasMore"]), (&json!(3), &json!(true)));
    assert_eq!(list["items"][0]["id"], "101");
    let (status, one) = setup.get("/record/v1/customer/101", token).await;
    assert_eq!((status, &one["id"]), (200, &json!("101")));
    let (status, found) = setup.query("SELECT 1 AS one FROM DUAL", token).await;
    assert_eq!((status, &found["items"][0]["one"]), (200, &json!("1")));

    assert!(setup.emulator.log().writes().is_empty());
    assert_eq!(setup.emulator.log().hits("/record/v1/customer"), 2);
    let audit = setup.emulator.audit_trail();
    assert_eq!(audit.len(), 1);
    assert!(audit[0].success && audit[0].client_id_tail.as_deref() == Some("e275"));
}

#[tokio::test]
async fn every_kind_of_key_signs_in() {
    for choice in [KeyChoice::Rsa3072, KeyChoice::EcP384, KeyChoice::EcP521] {
        let setup = Setup::with_key(choice, "", options(&[])).await;
        setup.token().await;
    }
}

#[tokio::test]
async fn http_1_works_as_well() {
    let setup = Setup::start("", options(&[])).await;
    let client = offering(&setup.emulator, &[b"http/1.1"]).build().unwrap();
    let url = setup.url("rest.netsuite.com", "/rest/datacenterurls?account=1234567");
    let response = client.get(url).send().await.unwrap();
    assert_eq!(response.version(), reqwest::Version::HTTP_11);
    let body: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
    assert_eq!(body["webservicesDomain"], "https://1234567.suitetalk.api.netsuite.com");
}

// Faults of the network, as a client sees them.

const TIME: &str = "/services/rest/system/v1/serverTime";

fn with_fault(fault: &str) -> EmulatorOptions {
    let rule: FaultRule = toml::from_str(&format!("path = '{TIME}'\nfault = {fault}")).unwrap();
    EmulatorOptions { faults: vec![rule], ..options(&[]) }
}

/// Status, headers and body of a request that meets the fault, over one of the two HTTP versions.
async fn meet(fault: &str, http1: bool) -> Result<(u16, reqwest::header::HeaderMap, Vec<u8>), ()> {
    let setup = Setup::start("", with_fault(fault)).await;
    let builder = trusting(&setup.emulator);
    let builder = if http1 { builder.http1_only() } else { builder };
    let request = builder.build().unwrap().get(setup.url(SUITETALK, TIME));
    let response = request.send().await.map_err(drop);
    assert_eq!(setup.emulator.log().hits("serverTime"), 1, "{fault}");
    let response = response?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = response.bytes().await.map_err(drop)?.to_vec();
    Ok((status, headers, body))
}

#[tokio::test]
async fn answers_that_break_off() {
    for fault in ["'close'", "'close-mid-body'", "'truncate'"] {
        for http1 in [true, false] {
            assert!(meet(fault, http1).await.is_err(), "{fault}, HTTP/1.1: {http1}");
        }
    }
}

#[tokio::test]
async fn answers_that_do_not_come() {
    for fault in [
        "'never-answer'",
        "{ slow-first-byte = { milliseconds = 600000 } }",
        "{ slow-body = { milliseconds = 600000 } }",
    ] {
        let setup = Setup::start("", with_fault(fault)).await;
        let exchange = async {
            let response = setup.http.get(setup.url(SUITETALK, TIME)).send().await.unwrap();
            response.bytes().await
        };
        tokio::pin!(exchange);
        while setup.emulator.log().hits("serverTime") == 0 {
            let waited = tokio::time::timeout(Duration::from_millis(5), &mut exchange).await;
            assert!(waited.is_err(), "{fault} was answered");
        }
        let waited = tokio::time::timeout(Duration::from_millis(50), &mut exchange).await;
        assert!(waited.is_err(), "{fault} was answered");
    }
    assert_eq!(meet("{ slow-first-byte = { milliseconds = 1 } }", true).await.unwrap().0, 401);
    assert_eq!(meet("{ slow-body = { milliseconds = 0 } }", true).await.unwrap().0, 401);
}

#[tokio::test]
async fn answers_of_others() {
    const ERROR: &str = "application/vnd.oracle.resource+json; type=error; charset=UTF-8";
    for (fault, status, header, value) in [
        ("'captive-page'", 200, "content-type", "text/html;charset=utf-8"),
        ("'maintenance'", 503, "content-type", "text/html;charset=utf-8"),
        ("'bad-gateway'", 502, "content-type", "text/html;charset=utf-8"),
        (
            "{ redirect = { location = 'https://x.example/' } }",
            302,
            "location",
            "https://x.example/",
        ),
        ("'proxy-authentication'", 407, "proxy-authenticate", "Basic realm=\"proxy\""),
        // These two are NetSuite's own, with all that it sends along.
        ("'rate-limit'", 429, "content-type", ERROR),
        ("'unexpected-error'", 500, "content-type", ERROR),
        ("'garbage-gzip'", 200, "content-encoding", "gzip"),
    ] {
        let (found, headers, body) = meet(fault, false).await.unwrap();
        assert_eq!((found, headers[header].to_str().unwrap()), (status, value), "{fault}");
        assert!(!body.is_empty());
    }
    let (_, _, body) = meet("{ json = { body = '[1]' } }", false).await.unwrap();
    assert_eq!(body, b"[1]");
    let (_, _, body) = meet("{ token-of-company = { company = '77' } }", false).await.unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    let token = Jws::read(body["access_token"].as_str().unwrap()).unwrap().payload;
    assert!(token["aud"][0].as_str().unwrap().ends_with(";77"));
    let (_, _, body) = meet("'invalid-json'", false).await.unwrap();
    assert!(serde_json::from_slice::<Value>(&body).is_err());
    let (status, _, body) = meet("{ oversized = { bytes = 200001 } }", true).await.unwrap();
    assert_eq!((status, body.len()), (200, 200_001));
}

#[tokio::test]
async fn dates() {
    let date = async |fault: &str| {
        let (_, headers, _) = meet(fault, false).await.unwrap();
        headers.get("date").map(|date| date.to_str().unwrap().to_owned())
    };
    let ahead = date("{ date-skew = { seconds = 600 } }").await;
    assert_eq!(ahead.as_deref(), Some("Mon, 23 Nov 2026 12:10:00 GMT"));
    // hyper would put one of its own where none is set.
    assert_eq!(date("'no-date'").await, None);
    let setup = Setup::start("", EmulatorOptions { skew_seconds: -60, ..options(&[]) }).await;
    let response = setup.http.get(setup.url(SUITETALK, TIME)).send().await.unwrap();
    assert_eq!(response.headers()["date"], "Mon, 23 Nov 2026 11:59:00 GMT");
}

#[tokio::test]
async fn a_fault_can_pass() {
    let rule: FaultRule = toml::from_str("count = 2\nfault = 'maintenance'").unwrap();
    let setup = Setup::start("", EmulatorOptions { faults: vec![rule], ..options(&[]) }).await;
    let mut statuses = Vec::new();
    for _ in 0..3 {
        let request = setup.http.get(setup.url(SUITETALK, TIME));
        statuses.push(request.send().await.unwrap().status().as_u16());
    }
    assert_eq!(statuses, [503, 503, 401]);
    let seen: Vec<_> = setup.emulator.log().entries().iter().map(|e| e.status).collect();
    assert_eq!(seen, [Some(503), Some(503), Some(401)]);
}

#[tokio::test]
async fn connections_that_come_to_nothing() {
    let reach = async |options: EmulatorOptions| {
        // Only a handshake that never comes waits for the end of the time.
        let patience = if options.listener == Listener::Silent { 300 } else { 60_000 };
        let setup = Setup::start("", options).await;
        let client = trusting(&setup.emulator).timeout(Duration::from_millis(patience));
        let client = client.build().unwrap();
        let result = client.get(setup.url(SUITETALK, TIME)).send().await;
        assert_eq!(setup.emulator.log().entries().is_empty(), result.is_err());
        result.is_ok()
    };
    assert!(reach(options(&[])).await);
    for listener in [Listener::Refuses, Listener::ClosesBeforeTls, Listener::Silent] {
        assert!(!reach(EmulatorOptions { listener, ..options(&[]) }).await, "{listener:?}");
    }
    use ServerCertificate as Shown;
    for certificate in
        [Shown::WrongHost, Shown::UnknownCa, Shown::Expired, Shown::NotYet, Shown::OldTls]
    {
        assert!(!reach(EmulatorOptions { certificate, ..options(&[]) }).await, "{certificate:?}");
    }
}
