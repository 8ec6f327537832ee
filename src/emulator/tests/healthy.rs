//! Everything right.

use serde_json::json;

use super::client::{CLIENT_ID, Setup, options, trusting};
use crate::emulator::credentials::KeyChoice;
use crate::emulator::signin::claims::Jws;

#[tokio::test]
async fn from_assertion_to_record() {
    let setup = Setup::start("", options(&[])).await;
    let response = setup.post_token(&setup.assertion(&setup.header(), &setup.claims())).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.version(), reqwest::Version::HTTP_2);
    assert_eq!(response.headers()["date"], "Mon, 23 Nov 2026 12:00:00 GMT");
    let body: serde_json::Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
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
    let client = trusting(&setup.emulator).http1_only().build().unwrap();
    let url = setup.url("rest.netsuite.com", "/rest/datacenterurls?account=1234567");
    let response = client.get(url).send().await.unwrap();
    assert_eq!(response.version(), reqwest::Version::HTTP_11);
    let body: serde_json::Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
    assert_eq!(body["webservicesDomain"], "https://1234567.suitetalk.api.netsuite.com");
}
