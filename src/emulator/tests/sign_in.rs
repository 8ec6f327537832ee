//! Every assertion fault is found, told on the wire as the switches say, and named in the audit
//! trail.

use jiff::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};

use super::client::{CLIENT_ID, NOW, SUITETALK, Setup, TOKEN, code, options, read};
use crate::emulator::model::Account;
use crate::emulator::tls::{KeyChoice, certificate};

const WAREHOUSE: &str = "b7e4d0925c6f1a38e92b0d7c54f8a1630e9dc2475b18f36a07d4ce92815fb36a";

fn changed(mut value: Value, member: &str, new: Value) -> Value {
    value[member] = new;
    value
}

/// Exchanges with one claim or header member changed, and expects the default refusal.
async fn refused(setup: &Setup, header: &Value, claims: &Value) -> Option<&'static str> {
    let (status, body) = setup.exchange(header, claims).await;
    assert_eq!((status, body), (500, json!({ "error": "server_error" })), "{header} {claims}");
    setup.last_detail()
}

#[tokio::test]
async fn faults_of_the_assertion() {
    let setup = Setup::start("", options(&[])).await;
    let (header, claims) = (setup.header(), setup.claims());
    let mut without_kid = header.clone();
    without_kid.as_object_mut().unwrap().remove("kid");
    let headers = [
        (without_kid, "MissingKeyId"),
        (changed(header.clone(), "kid", json!("")), "MissingKeyId"),
        (changed(header.clone(), "kid", json!("custcertificate3")), "MissingKey"),
        (changed(header.clone(), "alg", json!("RS256")), "UnsupportedAlgo"),
        (changed(header.clone(), "alg", json!("none")), "UnsupportedAlgo"),
        (changed(header.clone(), "alg", json!("ES512")), "SignatureValidation"),
        (changed(header.clone(), "alg", json!("PS256")), "SignatureValidation"),
    ];
    for (wrong, detail) in headers {
        assert_eq!(refused(&setup, &wrong, &claims).await, Some(detail), "{wrong}");
    }
    let changes = [
        ("iss", json!("0".repeat(64)), Some("UnknownIntegration")),
        ("iss", json!(setup.kid), Some("UnknownIntegration")),
        ("iss", json!("1C61CD58-044D-497A-AA29-7A3E9A9BB924"), Some("UnknownIntegration")),
        ("iss", Value::Null, Some("InvalidIssuer")),
        // The certificate belongs to another integration record.
        ("iss", json!(WAREHOUSE), Some("MissingKey")),
        ("scope", json!([]), Some("InvalidScope")),
        ("scope", Value::Null, Some("InvalidScope")),
        ("scope", json!("suite_analytics"), Some("ScopeMismatched")),
        ("scope", json!(["rest_webservices", "mcp"]), Some("ScopeMismatched")),
        ("exp", json!(NOW + 3601), Some("TokenValidityTooBroad")),
        ("exp", json!(NOW - 61), Some("TokenExpired")),
        ("iat", json!(NOW + 61), Some("TokenNotAcceptable")),
        // NetSuite documents no Detail for this one.
        ("aud", json!(format!("https://system.netsuite.com{TOKEN}")), None),
        ("aud", json!(format!("https://{SUITETALK}{TOKEN}/")), None),
    ];
    for (claim, value, detail) in changes {
        let wrong = changed(claims.clone(), claim, value);
        assert_eq!(refused(&setup, &header, &wrong).await, detail, "{wrong}");
    }
    assert!(setup.emulator.audit_trail().iter().all(|entry| !entry.success));
}

#[tokio::test]
async fn every_written_form_of_scope_and_audience_is_taken() {
    let setup = Setup::start("", options(&[])).await;
    let forms = [
        json!(["restlets", "rest_webservices"]),
        json!("restlets,rest_webservices"),
        json!("restlets rest_webservices"),
        json!("rest_webservices"),
    ];
    for form in forms {
        let claims = changed(setup.claims(), "scope", form);
        assert_eq!(setup.exchange(&setup.header(), &claims).await.0, 200, "{claims}");
    }
    let restlets = json!([format!("https://{}{TOKEN}", crate::emulator::tests::client::RESTLETS)]);
    let claims = changed(setup.claims(), "aud", restlets);
    assert_eq!(setup.exchange(&setup.header(), &claims).await.0, 200);
}

#[tokio::test]
async fn a_tampered_assertion_is_no_longer_signed() {
    let setup = Setup::start("", options(&[])).await;
    let good = setup.assertion(&setup.header(), &setup.claims());
    let other = setup.assertion(&setup.header(), &changed(setup.claims(), "jti", json!("x")));
    let (head, _) = good.rsplit_once('.').unwrap();
    let (_, signature) = other.rsplit_once('.').unwrap();
    let (status, _) = read(setup.post_token(&format!("{head}.{signature}")).await).await;
    assert_eq!((status, setup.last_detail()), (500, Some("SignatureValidation")));
    let (status, body) = read(setup.post_token("not-a-jwt").await).await;
    assert_eq!((status, body), (400, json!({ "error": "invalid_request" })));
    assert_eq!(setup.last_detail(), Some("InvalidRequest"));
}

#[tokio::test]
async fn faults_of_the_account() {
    let setup = Setup::start("", options(&[])).await;
    type Change = fn(&mut Account);
    let changes: [(Change, Option<&str>); 9] = [
        (|a| *a.features.get_mut("OAuth 2.0").unwrap() = false, Some("FeatureDisabled")),
        (
            |a| {
                let survey = a.integrations.get_mut("survey").unwrap();
                survey.state = crate::emulator::model::IntegrationState::Blocked;
            },
            Some("IntegrationBlocked"),
        ),
        (
            |a| {
                let survey = a.integrations.get_mut("survey").unwrap();
                survey.state = crate::emulator::model::IntegrationState::WaitingForApproval;
            },
            Some("IntegrationBlocked"),
        ),
        (|a| a.integrations.get_mut("survey").unwrap().client_credentials_grant = false, None),
        (|a| a.integrations.get_mut("survey").unwrap().scopes.clear(), Some("ScopeMismatched")),
        (|a| a.certificates[0].revoked = true, Some("MissingKey")),
        (|a| a.roles.get_mut("integration").unwrap().inactive = true, Some("EntityOrRoleDisabled")),
        (
            |a| a.entities.get_mut("service-user").unwrap().inactive = true,
            Some("EntityOrRoleDisabled"),
        ),
        (
            |a| a.entities.get_mut("service-user").unwrap().roles.clear(),
            Some("EntityOrRoleDisabled"),
        ),
    ];
    let sound = setup.emulator.account();
    for (number, (change, detail)) in changes.into_iter().enumerate() {
        setup.emulator.change(|account| *account = sound.clone());
        setup.token().await;
        setup.emulator.change(change);
        let found = refused(&setup, &setup.header(), &setup.claims()).await;
        assert_eq!(found, detail, "change {number}");
    }
}

#[tokio::test]
async fn certificates_outside_their_time_are_no_keys() {
    let setup = Setup::start("", options(&[])).await;
    for (from, until) in [(NOW - 900, NOW - 1), (NOW + 60, NOW + 900)] {
        let key = KeyChoice::EcP256.generate().unwrap();
        let pem = certificate(&key, from, until).unwrap().to_pem().unwrap();
        let combination = (Account::INTEGRATION, Account::ROLE, Account::ENTITY);
        let kid = setup.emulator.register(&pem, combination).unwrap();
        let header = changed(setup.header(), "kid", json!(kid));
        assert_eq!(refused(&setup, &header, &setup.claims()).await, Some("MissingKey"));
    }
    let entry = setup.emulator.audit_trail().pop().unwrap();
    assert_eq!(entry.client_id_tail.as_deref(), Some(&CLIENT_ID[60..]));
    assert!(entry.certificate_id.is_some() && entry.at.as_second() == NOW);
}

#[tokio::test]
async fn malformed_forms() {
    let setup = Setup::start("", options(&[])).await;
    let url = setup.url(SUITETALK, TOKEN);
    let form = |body: &str| {
        let post = setup.http.post(&url).body(body.to_owned());
        post.header("content-type", "application/x-www-form-urlencoded")
    };
    let good = "grant_type=client_credentials&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth\
                %3Aclient-assertion-type%3Ajwt-bearer&client_assertion=a";
    let cases = [
        (form("assertion=a"), "invalid_request"),
        (form("grant_type=password"), "unsupported_grant_type"),
        (form(good).header("authorization", "Basic eDp5"), "invalid_request"),
    ];
    for (request, error) in cases {
        let (status, body) = read(request.send().await.unwrap()).await;
        assert_eq!((status, body), (400, json!({ "error": error })));
    }
}

#[tokio::test]
async fn registration_keeps_the_rules() {
    let setup = Setup::start("", options(&[])).await;
    let combination = (Account::INTEGRATION, Account::ROLE, Account::ENTITY);
    let make = |choice: KeyChoice, until: i64| {
        let key = choice.generate().unwrap();
        certificate(&key, NOW, until).unwrap().to_der().unwrap()
    };
    let register = |der: &[u8]| setup.emulator.register(der, combination);
    assert!(register(b"no certificate").is_err());
    assert!(register(&make(KeyChoice::Rsa2048, NOW + 60)).is_err());
    let long = make(KeyChoice::EcP256, NOW + 10 * 366 * 86_400);
    register(&long).unwrap();
    let end = setup.emulator.account().certificates[1].valid_until;
    assert_eq!(end.to_string(), "2028-11-23T12:00:00Z");
    assert!(register(&long).unwrap_err().to_string().contains("already"));
    for _ in 0..3 {
        register(&make(KeyChoice::EcP256, NOW + 60)).unwrap();
    }
    let sixth = make(KeyChoice::EcP256, NOW + 60);
    assert!(register(&sixth).unwrap_err().to_string().contains("five active"));
    setup.emulator.change(|account| account.certificates[0].revoked = true);
    assert_eq!(register(&sixth).unwrap().len(), 43);
}

// The rotation endpoint: who may, what is taken, and what a revocation does.

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
