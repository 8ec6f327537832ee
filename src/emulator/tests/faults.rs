//! Faults of the network, as a client sees them.

use std::time::Duration;

use serde_json::Value;

use super::client::{SUITETALK, Setup, options, trusting};
use crate::emulator::faults::FaultRule;
use crate::emulator::server::{Listener, Options};
use crate::emulator::signin::claims::Jws;
use crate::emulator::tls::ServerCertificate;

const TIME: &str = "/services/rest/system/v1/serverTime";

fn with_fault(fault: &str) -> Options {
    let rule: FaultRule = toml::from_str(&format!("path = '{TIME}'\nfault = {fault}")).unwrap();
    Options { faults: vec![rule], ..options(&[]) }
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
        ("'rate-limit'", 429, "content-type", "application/vnd.oracle.resource+json; type=error"),
        (
            "'unexpected-error'",
            500,
            "content-type",
            "application/vnd.oracle.resource+json; type=error",
        ),
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
    let setup = Setup::start("", Options { skew_seconds: -60, ..options(&[]) }).await;
    let response = setup.http.get(setup.url(SUITETALK, TIME)).send().await.unwrap();
    assert_eq!(response.headers()["date"], "Mon, 23 Nov 2026 11:59:00 GMT");
}

#[tokio::test]
async fn a_fault_can_pass() {
    let rule: FaultRule = toml::from_str("count = 2\nfault = 'maintenance'").unwrap();
    let setup = Setup::start("", Options { faults: vec![rule], ..options(&[]) }).await;
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
    let reach = async |options: Options| {
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
        assert!(!reach(Options { listener, ..options(&[]) }).await, "{listener:?}");
    }
    for certificate in
        [ServerCertificate::WrongHost, ServerCertificate::UnknownCa, ServerCertificate::Expired]
    {
        assert!(!reach(Options { certificate, ..options(&[]) }).await, "{certificate:?}");
    }
}
