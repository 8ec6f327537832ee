//! The authorize page: what it checks, what it shows, and how it sends the browser back.

use super::client::{APP, BACK, CHALLENGE, SIGN_IN, STATE, Seen, Setup, asked, options};
use crate::emulator::model::{Account, IntegrationState};

async fn start(switches: &[&str]) -> Setup {
    Setup::start("", options(switches)).await
}

/// The right request with one parameter changed, or left out.
fn with(name: &'static str, value: Option<&'static str>) -> Vec<(&'static str, &'static str)> {
    let mut parameters = asked();
    parameters.retain(|(own, _)| *own != name);
    parameters.extend(value.map(|value| (name, value)));
    parameters
}

#[tokio::test]
async fn somebody_logs_in_chooses_a_role_and_allows() {
    let setup = start(&[]).await;
    for host in [APP, "system.netsuite.com", "localhost"] {
        let page = setup.open(host, &asked()).await;
        let html = page.page();
        assert!(html.contains("<title>NetSuite - Customer Login</title>"), "{html}");
        assert!(html.contains("No password is asked for") && html.contains("owner@example.com"));
        // An entity without an address logs in nowhere.
        assert!(!html.contains("Integration, Survey"));
    }
    let flow = setup.log_in(&asked(), "owner@example.com").await;
    let end = setup.submit(&[("flow", &flow), ("role", "3"), ("decision", "allow")]).await;
    let Seen::SentBack(to, parameters) = &end else { panic!("{}", end.page()) };
    let names: Vec<&str> = parameters.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(to, BACK);
    assert_eq!(names, ["state", "role", "entity", "company", "code"]);
    for (name, value) in [("state", STATE), ("role", "3"), ("entity", "-5"), ("company", "1234567")]
    {
        assert_eq!(end.value(name), Some(value));
    }
    assert_eq!(end.value("code").map(str::len), Some(64));
    // The form is good for one answer.
    let again = setup.submit(&[("flow", &flow), ("role", "3"), ("decision", "allow")]).await;
    assert!(again.page().contains("has ended"));
    assert!(setup.emulator.log().writes().is_empty());
}

#[tokio::test]
async fn somebody_denies() {
    let setup = start(&[]).await;
    let flow = setup.log_in(&asked(), "owner@example.com").await;
    let end = setup.submit(&[("flow", &flow), ("role", "1042"), ("decision", "deny")]).await;
    assert_eq!((end.value("error"), end.value("code")), (Some("access_denied"), None));
    assert_eq!((end.value("role"), end.value("entity")), (Some("1042"), Some("-5")));
    assert_eq!(end.value("state"), Some(STATE));
    assert_eq!(setup.last_detail(), Some("AuthorizationExplicitlyDenied"));
}

#[tokio::test]
async fn an_unknown_client_or_redirect_uri_is_sent_nowhere() {
    let setup = start(&[]).await;
    for (name, value, detail) in [
        ("client_id", Some("0badc0de"), "UnknownIntegration"),
        ("client_id", None, "UnknownIntegration"),
        ("redirect_uri", Some("http://localhost:9000/callback"), "InvalidRedirectURI"),
        ("redirect_uri", Some("http://localhost:8899/callback/"), "InvalidRedirectURI"),
        ("redirect_uri", Some("http://127.0.0.1:8899/callback"), "InvalidRedirectURI"),
        ("redirect_uri", Some("https://evil.example/callback"), "InvalidRedirectURI"),
        ("redirect_uri", None, "InvalidRedirectURI"),
    ] {
        let seen = setup.open(APP, &with(name, value)).await;
        assert!(seen.page().contains("NetSuite - Error"), "{name} {value:?}");
        assert_eq!(setup.last_detail(), Some(detail), "{name} {value:?}");
    }
    // Twice is as good as none.
    let mut twice = asked();
    twice.push(("redirect_uri", BACK));
    assert!(setup.open(APP, &twice).await.page().contains("NetSuite - Error"));
}

#[tokio::test]
async fn a_wrong_request_is_sent_back_with_its_error() {
    let setup = start(&[]).await;
    let long: &'static str = Box::leak("s".repeat(1025).into_boxed_str());
    for (name, value, error, detail) in [
        ("response_type", Some("token"), "unsupported_response_type", "UnsupportedResponseType"),
        ("response_type", None, "invalid_request", "InvalidRequest"),
        ("state", Some("ykv2XLx1BpT5Q0F3MRPHb"), "invalid_request", "InvalidState"),
        ("state", Some(long), "invalid_request", "InvalidState"),
        ("state", Some("ykv2XLx1BpT5Q0F3MRPHb\u{e4}"), "invalid_request", "InvalidState"),
        ("state", None, "invalid_request", "InvalidState"),
        ("scope", Some("everything"), "invalid_scope", "InvalidScope"),
        ("scope", Some("rest_webservices restlets"), "invalid_scope", "ScopeMismatched"),
        ("scope", None, "invalid_scope", "InvalidScope"),
        ("code_challenge", Some("short"), "invalid_request", "InvalidRequest"),
        ("code_challenge", None, "invalid_request", "InvalidRequest"),
        ("code_challenge_method", Some("plain"), "invalid_request", "InvalidRequest"),
        ("code_challenge_method", None, "invalid_request", "InvalidRequest"),
        ("prompt", Some("select_account"), "invalid_request", "InvalidRequest"),
    ] {
        let seen = setup.open(APP, &with(name, value)).await;
        let Seen::SentBack(to, _) = &seen else { panic!("{name} {value:?}: {}", seen.page()) };
        assert_eq!((to.as_str(), seen.value("error")), (BACK, Some(error)), "{name} {value:?}");
        assert_eq!(setup.last_detail(), Some(detail), "{name} {value:?}");
        assert_eq!(seen.value("code"), None);
    }
    let none = setup.open(APP, &with("prompt", Some("none"))).await;
    assert_eq!(none.value("error"), Some("login_required"));
    for prompt in ["login", "consent", "login consent"] {
        assert!(setup.open(APP, &with("prompt", Some(prompt))).await.page().contains("Log In"));
    }
    let longest: &'static str = Box::leak("~".repeat(1024).into_boxed_str());
    assert!(setup.open(APP, &with("state", Some(longest))).await.page().contains("Log In"));
}

#[tokio::test]
async fn a_record_that_serves_nobody() {
    type Change = fn(&mut Account);
    fn record(account: &mut Account) -> &mut crate::emulator::model::Integration {
        account.integrations.get_mut(Account::SIGN_IN).unwrap()
    }
    let changes: [(Change, &str); 4] = [
        (|a| record(a).state = IntegrationState::Blocked, "IntegrationBlocked"),
        (|a| record(a).authorization_code_grant = false, "AuthorizationCodeGrantRequired"),
        (|a| record(a).scopes.clear(), "ScopeMismatched"),
        (|a| *a.features.get_mut("OAuth 2.0").unwrap() = false, "FeatureDisabled"),
    ];
    for (switch, sent_back) in
        [("authorize-refusal=page", false), ("authorize-refusal=redirect", true)]
    {
        let setup = start(&[switch]).await;
        let sound = setup.emulator.account();
        for (change, detail) in changes {
            setup.emulator.change(|account| *account = sound.clone());
            setup.emulator.change(change);
            let seen = setup.open(APP, &asked()).await;
            assert_eq!(seen.value("error").is_some(), sent_back, "{detail}");
            assert_eq!(setup.last_detail(), Some(detail));
        }
    }
}

#[tokio::test]
async fn who_can_sign_in_and_in_which_role() {
    let setup = start(&[]).await;
    let open = async |email: &str| {
        let page = setup.open(APP, &asked()).await;
        let (_, after) = page.page().split_once("name=\"flow\" value=\"").unwrap();
        let flow = after.split('"').next().unwrap().to_owned();
        (setup.submit(&[("flow", &flow), ("email", email)]).await, flow)
    };
    for email in ["former@example.com", "nobody@example.com", ""] {
        let (seen, flow) = open(email).await;
        assert!(seen.page().contains("invalid email address or password"), "{email}");
        // Nobody is logged in, and nothing can be allowed.
        let pushed = setup.submit(&[("flow", &flow), ("role", "3"), ("decision", "allow")]).await;
        assert!(pushed.page().contains("invalid email address or password"));
    }
    let (seen, flow) = open("clerk@example.com").await;
    assert!(seen.page().contains("manages authorized applications and cannot sign in"));
    // Neither a role that cannot, nor one that is not hers.
    for role in ["1044", "3", "1042", ""] {
        let fields = [("flow", flow.as_str()), ("role", role), ("decision", "allow")];
        let seen = setup.submit(&fields).await;
        assert!(seen.page().contains("cannot authorize an application"), "{role}");
    }
    let end = setup.submit(&[("flow", &flow), ("role", "1043"), ("decision", "allow")]).await;
    assert_eq!((end.value("role"), end.value("entity")), (Some("1043"), Some("2301")));
    // Where no role is left, one can still deny.
    setup.emulator.change(|a| a.roles.get_mut("reader").unwrap().inactive = true);
    let (seen, flow) = open("clerk@example.com").await;
    assert!(seen.page().contains("None of these roles") && !seen.page().contains("Allow"));
    let end = setup.submit(&[("flow", &flow), ("decision", "deny")]).await;
    assert_eq!((end.value("error"), end.value("role")), (Some("access_denied"), None));
}

#[tokio::test]
async fn switches_of_the_page() {
    let https = with("redirect_uri", Some("https://localhost:8899/callback"));
    let port = with("redirect_uri", Some("http://localhost:9000/callback"));
    let confidential = |a: &mut Account| {
        a.integrations.get_mut(Account::SIGN_IN).unwrap().public_client = false;
    };
    let m2m = |a: &mut Account| {
        a.integrations.get_mut(Account::SIGN_IN).unwrap().client_credentials_grant = true;
    };
    let bare: Vec<_> =
        asked().into_iter().filter(|(name, _)| !name.starts_with("code_challenge")).collect();
    for (switch, parameters, change, opens) in [
        ("redirect-http=accepted", asked(), None, true),
        ("redirect-http=refused", asked(), None, false),
        ("redirect-http=refused", https, None, true),
        ("redirect-port=exact", port.clone(), None, false),
        ("redirect-port=any-port", port, None, true),
        ("code-grant-on-m2m-record=served", asked(), Some(m2m as fn(&mut Account)), true),
        ("code-grant-on-m2m-record=refused", asked(), Some(m2m), false),
        ("code-grant-on-m2m-record=refused", asked(), None, true),
        ("code-challenge=optional", bare.clone(), Some(confidential), true),
        ("code-challenge=required", bare.clone(), Some(confidential), false),
        ("code-challenge=optional", bare, None, false),
    ] {
        let setup = start(&[switch]).await;
        change.into_iter().for_each(|change| setup.emulator.change(change));
        let opened = match setup.open(APP, &parameters).await {
            Seen::Page(status, html) => status == 200 && html.contains("Customer Login"),
            Seen::SentBack(..) => false,
        };
        assert_eq!(opened, opens, "{switch} {parameters:?}");
    }
    assert_eq!((SIGN_IN.len(), CHALLENGE.len()), (64, 43));
}
