//! The rotation endpoint: who may, what is taken, and what a revocation does.

use jiff::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};

use super::client::{CLIENT_ID, NOW, Setup, code, options, read};
use crate::emulator::credentials::{KeyChoice, certificate};

const MAY: &str = "[roles.integration.permissions]\nOWN_CLIENT_CREDENTIALS_CERTIFICATES = 'full'\n";
const DAY: i64 = 86_400;

fn path() -> String {
    format!("/auth/oauth2/v1/clients/{CLIENT_ID}/certificates")
}

async fn setup(switches: &[&str]) -> (Setup, String) {
    let setup = Setup::start(MAY, options(switches)).await;
    let token = setup.token().await;
    (setup, token)
}

fn made(days: i64) -> String {
    let key = KeyChoice::EcP256.generate().unwrap();
    let made = certificate(&key, NOW - 300, NOW + days * DAY).unwrap();
    String::from_utf8(made.to_pem().unwrap()).unwrap()
}

fn document(pem: &str) -> Value {
    json!({ "fileContent": pem, "role": 1042, "entity": "2207" })
}

async fn upload(setup: &Setup, token: &str, body: &str) -> (u16, Value) {
    let request = setup.request(Method::POST, &path(), token).body(body.to_owned());
    read(request.send().await.unwrap()).await
}

async fn revoke(setup: &Setup, token: &str, id: &str) -> (u16, String) {
    let request = setup.request(Method::POST, &format!("{}/{id}/revoke", path()), token);
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test]
async fn an_upload_is_registered_and_listed() {
    for (switch, status) in
        [("certificate-upload-status=200", 200), ("certificate-upload-status=201", 201)]
    {
        let (setup, token) = setup(&[switch]).await;
        let pem = made(30);
        let (found, body) = upload(&setup, &token, &document(&pem).to_string()).await;
        assert_eq!(found, status, "{body}");
        assert_eq!(body["entity_role_id"], json!({"com": "1234567", "ent": 2207, "rol": 1042}));
        assert_eq!(body["certificate"], pem);
        assert_eq!(body["algorithm"], "EC");
        assert_eq!(body["created_at"], "2026-11-23");
        assert_eq!(body["invalidated"], false);
        let (_, rows) = setup.get(&path(), &token).await;
        let rows = rows.as_array().unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[1]["certificate_id"], body["certificate_id"]);
        assert_eq!(rows[1]["valid_until"], body["valid_until"]);
        assert_eq!(setup.emulator.log().writes().len(), 1);
        assert_eq!(setup.emulator.log().writes()[0].status, Some(status));
    }
}

#[tokio::test]
async fn what_is_not_taken() {
    for (switch, status, error) in [
        ("certificate-upload-refusal=400-user-error", 400, "USER_ERROR"),
        ("certificate-upload-refusal=409", 409, ""),
    ] {
        let (setup, token) = setup(&[switch]).await;
        let pem = made(30);
        let good = document(&pem).to_string();
        assert_eq!(upload(&setup, &token, &good).await.0, 200);
        let other_role = good.replace("1042", "77");
        for bad in [good.as_str(), "", "[]", "{}", &pem, &other_role, &good.replace("MII", "!!!")] {
            let (found, body) = upload(&setup, &token, bad).await;
            assert_eq!((found, code(&body)), (status, error), "{bad}");
        }
        for _ in 0..3 {
            assert_eq!(upload(&setup, &token, &document(&made(30)).to_string()).await.0, 200);
        }
        let sixth = document(&made(30)).to_string();
        assert_eq!(upload(&setup, &token, &sixth).await.0, status);
        // A revoked one does not count.
        assert_eq!(revoke(&setup, &token, &setup.kid).await.0, 200);
        assert_eq!(upload(&setup, &token, &sixth).await.0, 200);
    }
}

#[tokio::test]
async fn a_long_certificate_is_cut_to_two_years_or_refused() {
    let long = document(&made(3650)).to_string();
    let (shortened, token) = setup(&[]).await;
    let (status, body) = upload(&shortened, &token, &long).await;
    assert_eq!((status, body["valid_until"].as_str()), (200, Some("2028-11-23")));
    let (refusing, token) = setup(&["long-certificate=refused"]).await;
    assert_eq!(upload(&refusing, &token, &long).await.0, 400);
}

#[tokio::test]
async fn a_revoked_certificate_opens_nothing() {
    for (switch, again) in
        [("revoked-again=successfully-revoked", 200), ("revoked-again=400-user-error", 400)]
    {
        let (setup, token) = setup(&[switch]).await;
        let (status, text) = revoke(&setup, &token, &setup.kid).await;
        assert_eq!((status, text.as_str()), (200, "Successfully revoked"));
        let (status, _) = setup.exchange(&setup.header(), &setup.claims()).await;
        assert_eq!((status, setup.last_detail()), (500, Some("MissingKey")));
        // The token that was issued before still serves.
        assert_eq!(revoke(&setup, &token, &setup.kid).await.0, again);
        assert_eq!(revoke(&setup, &token, "unknown").await.0, 404);
        let delete = setup.request(Method::DELETE, &path(), &token).send().await.unwrap();
        assert_eq!(delete.status().as_u16(), 405);
        let get = setup.request(Method::GET, &format!("{}/x/revoke", path()), &token);
        assert_eq!(get.send().await.unwrap().status().as_u16(), 405);
    }
}

#[tokio::test]
async fn whose_certificates_the_permission_reaches() {
    for (switch, listed, status) in
        [("own-certificates=integration", 2, 200), ("own-certificates=entity", 1, 404)]
    {
        let (setup, token) = setup(&[switch]).await;
        let pem = made(30);
        let combination = ("survey", "integration", "owner");
        let id = setup.emulator.register(pem.as_bytes(), combination).unwrap();
        let (_, rows) = setup.get(&path(), &token).await;
        assert_eq!(rows.as_array().unwrap().len(), listed, "{switch}");
        assert_eq!(revoke(&setup, &token, &id).await.0, status, "{switch}");
    }
}

#[tokio::test]
async fn without_the_permission_nothing_is_done() {
    let setup = Setup::start("", options(&[])).await;
    let token = setup.token().await;
    let (status, body) = upload(&setup, &token, &document(&made(30)).to_string()).await;
    assert_eq!((status, code(&body)), (403, "INSUFFICIENT_PERMISSION"));
    assert_eq!(revoke(&setup, &token, &setup.kid).await.0, 403);
    let now = Timestamp::from_second(NOW).unwrap();
    assert!(setup.emulator.account().certificates.iter().all(|mapping| mapping.usable(now)));
    let restlets_only = Setup::start(MAY, options(&[])).await;
    let mut claims = restlets_only.claims();
    claims["scope"] = json!(["restlets"]);
    let (_, body) = restlets_only.exchange(&restlets_only.header(), &claims).await;
    let token = body["access_token"].as_str().unwrap();
    assert_eq!(restlets_only.get(&path(), token).await.0, 401);
    assert_eq!(restlets_only.last_detail(), Some("ScopeMismatched"));
}

#[tokio::test]
async fn faults_before_and_after_the_effect() {
    for (kind, registered) in [
        ("close", false),
        ("unexpected-error", false),
        ("answer-lost", true),
        ("error-afterwards", true),
        ("truncate", true),
    ] {
        let rule = format!("path = '*/certificates'\nmethod = 'POST'\nfault = '{kind}'");
        let mut options = options(&[]);
        options.faults = vec![toml::from_str(&rule).unwrap()];
        let setup = Setup::start(MAY, options).await;
        let token = setup.token().await;
        let body = document(&made(30)).to_string();
        let request = setup.request(Method::POST, &path(), &token).body(body);
        let answer = match request.send().await {
            Ok(response) if response.status().is_success() => response.bytes().await.is_ok(),
            _ => false,
        };
        assert!(!answer, "{kind}");
        let (_, rows) = setup.get(&path(), &token).await;
        assert_eq!(rows.as_array().unwrap().len() == 2, registered, "{kind}");
        let entry = setup.emulator.log().writes().remove(0);
        assert_eq!(entry.changed, registered, "{kind}");
    }
}
