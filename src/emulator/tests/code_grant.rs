//! The code for a token: every check of RFC 6749 section 4.1.3 and RFC 7636, and what the token
//! opens.

use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::client::{BACK, CLIENT_ID, NOW, SIGN_IN, Setup, VERIFIER, asked, exchanged, options};
use crate::emulator::model::Account;
use crate::emulator::model::integration::ClientSecret;
use crate::emulator::server::EmulatorOptions;
use crate::emulator::signin::request::Jws;
use crate::types::Clock;

const SECRET: &str = "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00";
const OWNER: &str = "owner@example.com";

async fn start(switches: &[&str]) -> Setup {
    Setup::start("", options(switches)).await
}

fn record(account: &mut Account) -> &mut crate::emulator::model::Integration {
    account.integrations.get_mut(Account::SIGN_IN).unwrap()
}

/// The right exchange with one field changed, or left out.
fn with<'a>(
    code: &'a str,
    name: &'static str,
    value: Option<&'a str>,
) -> Vec<(&'static str, &'a str)> {
    let mut fields = exchanged(code);
    fields.retain(|(own, _)| *own != name);
    fields.extend(value.map(|value| (name, value)));
    fields
}

#[tokio::test]
async fn a_token_of_the_code_grant() {
    let setup = start(&[]).await;
    let code = setup.code(&asked(), OWNER, "3").await;
    let (status, body) = setup.exchange_code(&exchanged(&code), None).await;
    assert_eq!(
        (status, &body["expires_in"], &body["token_type"]),
        (200, &json!(3600), &json!("Bearer"))
    );
    let token = body["access_token"].as_str().unwrap();
    let jws = Jws::read(token).unwrap();
    assert_eq!(jws.text("sub"), Some("3;-5"));
    assert!(jws.text("jti").unwrap().starts_with("1234567.a-a."));
    assert_eq!(jws.texts("aud").unwrap()[1], SIGN_IN);
    assert_eq!(jws.texts("scope"), Some(vec!["rest_webservices"]));
    let refresh = body["refresh_token"].as_str().unwrap();
    assert_eq!(setup.get("/record/v1/customer", token).await.0, 200);
    assert_eq!(setup.get("/record/v1/customer", refresh).await.0, 401);
    let rows = setup.emulator.audit_trail();
    let row = rows.iter().find(|row| row.columns.application.is_some()).unwrap();
    assert!(row.success && row.columns.user == Some(-5) && row.columns.role == Some(3));
    assert_eq!(row.columns.application.as_deref(), Some("Preflight sign-in"));
    assert_eq!(row.columns.email.as_deref(), Some(OWNER));
    let (status, body) = setup
        .exchange_code(
            &[("grant_type", "refresh_token"), ("refresh_token", refresh), ("client_id", SIGN_IN)],
            None,
        )
        .await;
    assert_eq!((status, body), (400, json!({ "error": "invalid_grant" })));
}

#[tokio::test]
async fn what_belongs_to_a_code_is_checked() {
    let setup = start(&[]).await;
    let wrong_verifier = VERIFIER.replace('d', "e");
    for (name, value, status, error, detail) in [
        ("code_verifier", None, 400, "invalid_grant", "InvalidGrant"),
        ("code_verifier", Some(wrong_verifier.as_str()), 400, "invalid_grant", "InvalidGrant"),
        ("code_verifier", Some("short"), 400, "invalid_grant", "InvalidGrant"),
        ("redirect_uri", None, 400, "invalid_grant", "InvalidGrant"),
        (
            "redirect_uri",
            Some("https://localhost:8899/callback"),
            400,
            "invalid_grant",
            "InvalidGrant",
        ),
        ("code", Some("0badc0de"), 400, "invalid_grant", "InvalidGrant"),
        ("code", None, 400, "invalid_request", "InvalidRequest"),
        ("client_id", None, 400, "invalid_request", "InvalidRequest"),
        ("client_id", Some("0badc0de"), 401, "invalid_client", "ClientAuthenticationFailed"),
        // Known, and no public client.
        ("client_id", Some(CLIENT_ID), 401, "invalid_client", "ClientAuthenticationFailed"),
        ("client_secret", Some(SECRET), 401, "invalid_client", "ClientAuthenticationFailed"),
    ] {
        let code = setup.code(&asked(), OWNER, "3").await;
        let found = setup.exchange_code(&with(&code, name, value), None).await;
        assert_eq!(found, (status, json!({ "error": error })), "{name} {value:?}");
        assert_eq!(setup.last_detail(), Some(detail), "{name} {value:?}");
    }
    let code = setup.code(&asked(), OWNER, "3").await;
    let mut twice = exchanged(&code);
    twice.push(("code", &code));
    assert_eq!(setup.exchange_code(&twice, None).await.0, 400);
    // A second public client cannot use the code of the first, and does not use it up.
    setup.emulator.change(|a| a.integrations.get_mut("survey").unwrap().public_client = true);
    setup
        .emulator
        .change(|a| a.integrations.get_mut("survey").unwrap().authorization_code_grant = true);
    let other = with(&code, "client_id", Some(CLIENT_ID));
    let (status, body) = setup.exchange_code(&other, None).await;
    assert_eq!((status, body), (400, json!({ "error": "invalid_grant" })));
    assert_eq!(setup.last_detail(), Some("ClientIdMismatch"));
    assert_eq!(setup.exchange_code(&exchanged(&code), None).await.0, 200);
}

#[tokio::test]
async fn a_confidential_client_shows_its_secret() {
    let setup = start(&[]).await;
    setup.emulator.change(|account| {
        record(account).public_client = false;
        record(account).client_secret = Some(ClientSecret::from(SECRET.to_owned()));
    });
    let good = format!("{SIGN_IN}:{SECRET}");
    let wrong = format!("{SIGN_IN}:{}", SECRET.replace('c', "d"));
    let (empty, unknown) = (format!("{SIGN_IN}:"), format!("{CLIENT_ID}:{SECRET}"));
    for (basic, status, error) in [
        (None, 401, "invalid_client"),
        (Some(wrong.as_str()), 401, "invalid_client"),
        (Some(empty.as_str()), 401, "invalid_client"),
        (Some("no colon"), 400, "invalid_request"),
    ] {
        let code = setup.code(&asked(), OWNER, "3").await;
        let found = setup.exchange_code(&exchanged(&code), basic).await;
        assert_eq!(found, (status, json!({ "error": error })), "{basic:?}");
    }
    let code = setup.code(&asked(), OWNER, "3").await;
    // Another client in the form than in the header, and the secret in both places.
    assert_eq!(setup.exchange_code(&exchanged(&code), Some(&unknown)).await.0, 400);
    let both = with(&code, "client_secret", Some(SECRET));
    assert_eq!(setup.exchange_code(&both, Some(&good)).await.0, 400);
    let without = with(&code, "client_id", None);
    assert_eq!(setup.exchange_code(&without, Some(&good)).await.0, 200);
    // A public client may name itself in the header, with no secret.
    setup.emulator.change(|account| record(account).public_client = true);
    let code = setup.code(&asked(), OWNER, "3").await;
    let without = with(&code, "client_id", None);
    assert_eq!(setup.exchange_code(&without, Some(&empty)).await.0, 200);
}

#[tokio::test]
async fn a_code_is_good_once() {
    for (switch, revoked) in
        [("code-used-twice=refused", false), ("code-used-twice=refused-and-revoked", true)]
    {
        let setup = start(&[switch]).await;
        let code = setup.code(&asked(), OWNER, "3").await;
        let (_, body) = setup.exchange_code(&exchanged(&code), None).await;
        let token = body["access_token"].as_str().unwrap();
        let (status, body) = setup.exchange_code(&exchanged(&code), None).await;
        assert_eq!((status, body), (400, json!({ "error": "invalid_grant" })));
        let found = setup.get("/system/v1/serverTime", token).await.0;
        assert_eq!(found, if revoked { 401 } else { 200 }, "{switch}");
    }
}

#[tokio::test]
async fn a_code_is_good_for_a_while() {
    for (switch, late, status) in [
        ("code-lifetime=60-seconds", 59, 200),
        ("code-lifetime=60-seconds", 60, 400),
        ("code-lifetime=600-seconds", 599, 200),
        ("code-lifetime=600-seconds", 600, 400),
    ] {
        let now = Arc::new(Mutex::new(NOW));
        let shared = Arc::clone(&now);
        let time = move || Timestamp::from_second(*shared.lock().unwrap()).unwrap();
        let options = EmulatorOptions { clock: Clock::reading(time), ..options(&[switch]) };
        let setup = Setup::start("", options).await;
        let code = setup.code(&asked(), OWNER, "3").await;
        *now.lock().unwrap() += late;
        assert_eq!(setup.exchange_code(&exchanged(&code), None).await.0, status, "{switch} {late}");
    }
}

#[tokio::test]
async fn what_changed_since_the_first_step_counts() {
    type Change = fn(&mut Account);
    let changes: [(Change, &str, &str); 6] = [
        (
            |a| a.entities.get_mut("owner").unwrap().inactive = true,
            "invalid_grant",
            "EntityOrRoleDisabled",
        ),
        (
            |a| a.entities.get_mut("owner").unwrap().roles.clear(),
            "invalid_grant",
            "EntityOrRoleDisabled",
        ),
        (
            |a| record(a).authorization_code_grant = false,
            "unauthorized_client",
            "AuthorizationCodeGrantRequired",
        ),
        (|a| record(a).scopes.clear(), "invalid_scope", "ScopeMismatched"),
        (
            |a| record(a).state = crate::emulator::model::IntegrationState::Blocked,
            "invalid_grant",
            "IntegrationBlocked",
        ),
        (|a| *a.features.get_mut("OAuth 2.0").unwrap() = false, "invalid_grant", "FeatureDisabled"),
    ];
    let setup = start(&[]).await;
    let sound = setup.emulator.account();
    for (change, error, detail) in changes {
        setup.emulator.change(|account| *account = sound.clone());
        let code = setup.code(&asked(), OWNER, "3").await;
        setup.emulator.change(change);
        let (status, body): (u16, Value) = setup.exchange_code(&exchanged(&code), None).await;
        assert_eq!((status, body), (400, json!({ "error": error })), "{detail}");
        assert_eq!(setup.last_detail(), Some(detail));
    }
    assert_eq!(BACK, sound.integrations[Account::SIGN_IN].redirect_uris[0]);
}
