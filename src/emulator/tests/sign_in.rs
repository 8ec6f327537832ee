//! Every assertion fault is found, told on the wire as the switches say, and named in the audit
//! trail.

use serde_json::{Value, json};

use super::client::{CLIENT_ID, NOW, SUITETALK, Setup, TOKEN, options, read};
use crate::emulator::credentials::{KeyChoice, certificate};
use crate::emulator::model::Account;

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
    let restlets = json!([format!("https://{}{TOKEN}", super::client::RESTLETS)]);
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
