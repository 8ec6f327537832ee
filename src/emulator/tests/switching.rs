//! Switches that change an answer, each in its forms. Those about records are tested in `records`.

use serde_json::{Value, json};

use super::client::{
    CLIENT_ID, NOW, RESTLETS, SUITETALK, Setup, TOKEN, code, detail, options, read,
};
use crate::emulator::signin::request::Jws;

const BAD_KEY: &str = "kid";
const BAD_SCOPE: &str = "scope";

/// The answer to an assertion with one fault, under some switches.
async fn fault(which: &str, switches: &[&str]) -> (u16, String, Option<String>) {
    let setup = Setup::start("", options(switches)).await;
    let (mut header, mut claims) = (setup.header(), setup.claims());
    match which {
        BAD_KEY => header["kid"] = json!("unknown"),
        BAD_SCOPE => claims["scope"] = json!("suite_analytics"),
        _ => claims["iss"] = json!("unknown"),
    }
    let response = setup.post_token(&setup.assertion(&header, &claims)).await;
    let challenge = response.headers().get("www-authenticate").cloned();
    let challenge = challenge.map(|value| value.to_str().unwrap().to_owned());
    let (status, body) = read(response).await;
    (status, body["error"].as_str().unwrap().to_owned(), challenge)
}

#[tokio::test]
async fn forms_of_a_token_fault() {
    let cases: [(&str, &[&str], u16, &str); 9] = [
        ("iss", &["token-fault=500-server-error"], 500, "server_error"),
        ("iss", &["token-fault=400-invalid-grant"], 400, "invalid_grant"),
        ("iss", &["token-fault=400-invalid-client"], 400, "invalid_client"),
        ("iss", &["token-fault=401-invalid-client"], 401, "invalid_client"),
        (BAD_KEY, &["unknown-key=400-invalid-client"], 400, "invalid_client"),
        ("iss", &["unknown-key=400-invalid-client"], 500, "server_error"),
        (BAD_KEY, &["token-fault=400-invalid-grant"], 400, "invalid_grant"),
        (BAD_SCOPE, &["scope-fault=400-invalid-scope"], 400, "invalid_scope"),
        (BAD_SCOPE, &["scope-fault=as-token-fault"], 500, "server_error"),
    ];
    for (which, switches, status, error) in cases {
        let (found, text, challenge) = fault(which, switches).await;
        assert_eq!((found, text.as_str()), (status, error), "{which} {switches:?}");
        let basic = (status == 401).then(|| "Basic realm=\"1234567\"".to_owned());
        assert_eq!(challenge, basic);
    }
}

/// Whether an assertion with changed claims is taken under a switch.
async fn taken(switch: &str, changes: &[(&str, Value)]) -> bool {
    let setup = Setup::start("", options(&[switch])).await;
    let mut claims = setup.claims();
    for (name, value) in changes {
        claims[*name] = value.clone();
    }
    setup.exchange(&setup.header(), &claims).await.0 == 200
}

#[tokio::test]
async fn how_strictly_an_assertion_is_judged() {
    let hour = [("exp", json!(NOW + 3600))];
    assert!(taken("assertion-lifetime=60-minutes", &hour).await);
    assert!(!taken("assertion-lifetime=under-60-minutes", &hour).await);
    let longer = [("exp", json!(NOW + 7200))];
    assert!(taken("assertion-lifetime=two-hours", &longer).await);
    let ahead = [("iat", json!(NOW + 200)), ("exp", json!(NOW + 500))];
    assert!(!taken("clock-tolerance=60-seconds", &ahead).await);
    assert!(taken("clock-tolerance=300-seconds", &ahead).await);
    assert!(!taken("clock-tolerance=none", &[("iat", json!(NOW + 1))]).await);
    let decimals = [("iat", json!(NOW as f64 + 0.5)), ("exp", json!(NOW as f64 + 300.25))];
    assert!(!taken("fractional-times=refused", &decimals).await);
    assert!(taken("fractional-times=accepted", &decimals).await);
    let restlets = [("aud", json!(format!("https://{RESTLETS}{TOKEN}")))];
    assert!(taken("audience=account-hosts", &restlets).await);
    assert!(!taken("audience=suitetalk-only", &restlets).await);
    assert!(taken("audience=unchecked", &[("aud", json!("elsewhere"))]).await);
    assert!(!taken("client-id-parameter=required", &[]).await);
    assert!(taken("client-id-parameter=optional", &[]).await);
}

#[tokio::test]
async fn details_in_the_audit_trail() {
    for name in ["UnknownIntegration", "InvalidIntegration", "InvalidIssuer"] {
        let setup = Setup::start("", options(&[&format!("unknown-client-detail={name}")])).await;
        let mut claims = setup.claims();
        claims["iss"] = json!(CLIENT_ID.replace('6', "7"));
        setup.exchange(&setup.header(), &claims).await;
        assert_eq!(setup.last_detail(), Some(name));
    }
    let unticked = "integrations.survey.client_credentials_grant = false";
    for (value, detail) in [
        ("blank", None),
        ("AuthorizationCodeGrantRequired", Some("AuthorizationCodeGrantRequired")),
    ] {
        let setup = Setup::start(unticked, options(&[&format!("grant-box-detail={value}")])).await;
        setup.exchange(&setup.header(), &setup.claims()).await;
        assert_eq!(setup.last_detail(), detail);
    }
}

#[tokio::test]
async fn forms_of_a_token() {
    for (value, subject) in [
        ("role-entity", "1042;2207"),
        ("five-parts", "1234567;0;1042;2207;N"),
        ("entity-role", "2207;1042"),
    ] {
        let setup = Setup::start("", options(&[&format!("token-subject={value}")])).await;
        assert_eq!(Jws::read(&setup.token().await).unwrap().payload["sub"], subject);
    }
    let setup = Setup::start("", options(&["token-type=bearer", "expires-in=string"])).await;
    let (_, body) = setup.exchange(&setup.header(), &setup.claims()).await;
    assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("bearer"), &json!("3600")));
}

#[tokio::test]
async fn a_role_that_is_not_admitted() {
    let no_login = "roles.integration.permissions.ADMI_LOGIN_OAUTH2 = 'none'";
    let no_rest = "roles.integration.permissions.ADMI_RESTWEBSERVICES = 'none'";
    for (switch, status, error) in [
        ("rest-not-admitted=401-invalid-login", 401, "INVALID_LOGIN"),
        ("rest-not-admitted=403-forbidden", 403, "INSUFFICIENT_PERMISSION"),
    ] {
        for changes in [no_login, no_rest] {
            let setup = Setup::start(changes, options(&[switch])).await;
            let token = setup.token().await;
            let (found, body) = setup.get("/record/v1/customer", &token).await;
            assert_eq!((found, code(&body)), (status, error), "{changes}");
            let time = setup.get("/system/v1/serverTime", &token).await.0;
            assert_eq!(time, if changes == no_rest { 200 } else { status });
        }
    }
    let setup = Setup::start(no_rest, options(&["server-time-permission=needed"])).await;
    assert_eq!(setup.get("/system/v1/serverTime", &setup.token().await).await.0, 401);
    let setup = Setup::start(no_login, options(&["login-permission=at-token"])).await;
    assert_eq!(setup.exchange(&setup.header(), &setup.claims()).await.0, 500);
    assert_eq!(setup.last_detail(), Some("EntityOrRoleDisabled"));
}

#[tokio::test]
async fn features_and_the_workbook() {
    let off = "features.'REST Web Services' = false";
    for (switch, media) in [
        ("rest-feature-off=404-json", "application/vnd"),
        ("rest-feature-off=404-html", "text/html"),
    ] {
        let setup = Setup::start(off, options(&[switch])).await;
        let token = setup.token().await;
        let request = setup.request(reqwest::Method::GET, "/record/v1/customer", &token);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 404);
        assert!(response.headers()["content-type"].to_str().unwrap().starts_with(media));
    }
    for changes in [
        "roles.integration.permissions.REPO_ANALYTICS = 'view'",
        "features.'SuiteAnalytics Workbook' = false",
    ] {
        for (value, status, error) in [
            ("400-user-error", 400, "USER_ERROR"),
            ("403-forbidden", 403, "INSUFFICIENT_PERMISSION"),
            ("400-invalid-parameter", 400, "INVALID_PARAMETER"),
        ] {
            let list = format!("workbook-missing-list={value}");
            let query = format!("workbook-missing-query={value}");
            let setup = Setup::start(changes, options(&[&list, &query])).await;
            let token = setup.token().await;
            for (found, body) in [
                setup.get("/record/v1/customer", &token).await,
                setup.get("/record/v1/customer?q=id%20IS%20101", &token).await,
                setup.query("SELECT 1", &token).await,
            ] {
                assert_eq!((found, code(&body)), (status, error), "{value}");
            }
            assert_eq!(setup.get("/record/v1/customer/101", &token).await.0, 200);
        }
    }
    let setup = Setup::start("", options(&["governance-refusal=400"])).await;
    let (status, body) = setup.get("/system/v1/governanceLimits", &setup.token().await).await;
    assert_eq!(status, 400);
    // Those words belong to a missing Workbook alone.
    assert!(!detail(&body).contains("Your current role"), "{body}");
}

#[tokio::test]
async fn the_words_for_a_missing_workbook_are_those_seen() {
    let changes = "roles.integration.permissions.REPO_ANALYTICS = 'none'";
    let setup = Setup::start(changes, options(&[])).await;
    let token = setup.token().await;
    let words = "Your current role does not have permission to perform this action. Please contact \
                 your account administrator.";
    for (status, body) in [
        setup.get("/record/v1/customer", &token).await,
        setup.query("SELECT id FROM customer", &token).await,
    ] {
        assert_eq!((status, code(&body), detail(&body)), (400, "USER_ERROR", words));
    }
    assert_eq!(setup.get("/record/v1/customer/101", &token).await.0, 200);
}

#[tokio::test]
async fn tables_that_are_hidden_and_tables_that_do_not_exist() {
    for (switch, unknown) in [
        ("unknown-table=invalid-search-type", "Invalid search type: nothing."),
        ("unknown-table=record-not-found", "Record 'nothing' was not found."),
    ] {
        let off = "features.'Customer Support and Service' = false";
        let setup = Setup::start(off, options(&[switch])).await;
        let token = setup.token().await;
        for (table, words) in [
            ("nothing", unknown),
            ("rolepermissions", "Record 'rolepermissions' was not found."),
            ("supportcase", "Record 'supportcase' was not found."),
        ] {
            let (_, body) = setup.query(&format!("SELECT id FROM {table}"), &token).await;
            assert!(detail(&body).ends_with(words), "{body}");
        }
    }
}

#[tokio::test]
async fn what_the_rest_services_send_along() {
    for (switch, sent) in [("rest-headers=sent", true), ("rest-headers=absent", false)] {
        let setup = Setup::start("", options(&[switch])).await;
        let token = setup.token().await;
        let mut operations = Vec::new();
        for path in ["/record/v1/customer", "/record/v1/nothing", "/system/v1/serverTime"] {
            let response = setup.request(reqwest::Method::GET, path, &token).send().await.unwrap();
            let headers = response.headers().clone();
            let media = headers["content-type"].to_str().unwrap();
            assert_eq!(media.ends_with("; charset=UTF-8"), sent, "{media}");
            let cookie = headers.get("set-cookie").map(|value| value.to_str().unwrap());
            assert_eq!(cookie.is_some_and(|c| c.starts_with("NS_ROUTING_VERSION=LAGGING")), sent);
            for name in ["vary", "strict-transport-security", "x-n-operationid"] {
                assert_eq!(headers.contains_key(name), sent, "{name}");
            }
            operations.extend(headers.get("x-n-operationid").cloned());
        }
        operations.dedup();
        assert_eq!(operations.len(), if sent { 3 } else { 0 });
        // What came with a cookie is refused when it comes back with it (failures N5).
        let request = setup.request(reqwest::Method::GET, "/record/v1/customer", &token);
        let answer = request.header("cookie", "NS_ROUTING_VERSION=LAGGING").send().await.unwrap();
        assert_eq!(answer.status(), 401);
    }
}

#[tokio::test]
async fn hosts_that_do_not_serve_records() {
    let setup = Setup::start("", options(&[])).await;
    let token = setup.token().await;
    let path = "/services/rest/record/v1/customer";
    let ask = async |host: &str| {
        let request = setup.http.get(setup.url(host, path));
        let response =
            request.header("authorization", format!("Bearer {token}")).send().await.unwrap();
        let media = response.headers()["content-type"].to_str().unwrap().to_owned();
        (response.status().as_u16(), media, response.text().await.unwrap())
    };
    let (status, _, body) = ask(RESTLETS).await;
    assert_eq!(status, 401);
    assert!(body.contains("\"code\":\"INVALID_LOGIN_ATTEMPT\""), "{body}");
    let (status, media, body) = ask("rest.netsuite.com").await;
    assert_eq!((status, media.starts_with("text/xml")), (200, true));
    assert!(body.contains("<soapenv:Fault>"), "{body}");
    assert_eq!(ask("localhost").await.0, 200);
}

#[tokio::test]
async fn a_script_that_fails_when_a_record_is_loaded() {
    let script = "records.contact.load_error = { script = '/SuiteScripts/contact.js', \
                  name = 'RCRD_DSNT_EXIST', message = 'That record does not exist. id: 7' }";
    for (value, status, expected) in
        [("400-user-error", 400, "USER_ERROR"), ("500-unexpected-error", 500, "UNEXPECTED_ERROR")]
    {
        let setup = Setup::start(script, options(&[&format!("script-failure={value}")])).await;
        let token = setup.token().await;
        assert_eq!(setup.get("/record/v1/contact", &token).await.0, 200);
        let (found, body) = setup.get("/record/v1/contact/201", &token).await;
        assert_eq!((found, code(&body)), (status, expected));
        for part in ["error.SuiteScriptError", "/SuiteScripts/contact.js", "RCRD_DSNT_EXIST"] {
            assert!(detail(&body).contains(part), "{body}");
        }
    }
}

#[tokio::test]
async fn the_concurrency_limit() {
    for (switches, retry, valid) in [
        (["retry-after=absent", "rate-limit-body=valid"], None, true),
        (["retry-after=present", "rate-limit-body=as-printed"], Some("1"), false),
    ] {
        let setup = Setup::start("concurrency_limit = 0", options(&switches)).await;
        let token = setup.token().await;
        let request = setup.request(reqwest::Method::GET, "/record/v1/customer", &token);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 429);
        let found = response.headers().get("retry-after").map(|v| v.to_str().unwrap().to_owned());
        assert_eq!(found.as_deref(), retry);
        let text = response.text().await.unwrap();
        assert!(text.contains("CONCURRENCY_LIMIT_EXCEEDED"));
        assert_eq!(serde_json::from_str::<Value>(&text).is_ok(), valid);
    }
}

#[tokio::test]
async fn domains_of_an_account() {
    let ask = async |switch: &str, query: &str| {
        let setup = Setup::start("id = '1234567_SB1'", options(&[switch])).await;
        let path = format!("/rest/datacenterurls{query}");
        let response = setup.http.get(setup.url("rest.netsuite.com", &path)).send().await.unwrap();
        let status = response.status().as_u16();
        (status, response.text().await.unwrap())
    };
    let own = "1234567-sb1.suitetalk.api.netsuite.com";
    assert!(ask("datacenterurls-case=ignored", "?account=1234567_sb1").await.1.contains(own));
    let strict = ask("datacenterurls-case=significant", "?account=1234567_sb1").await;
    assert!(strict.0 == 200 && strict.1.contains("https://system.netsuite.com"));
    let (status, text) = ask("datacenterurls-case=ignored", "?account=1234567-sb1").await;
    assert_eq!((status, text.as_str()), (400, "Company Id is invalid"));
    assert!(
        ask("datacenterurls-case=ignored", "?account=a.b").await.1.contains("Company ID is inv")
    );
    assert!(ask("datacenterurls-case=ignored", "").await.1.contains("required field: account."));
}

#[tokio::test]
async fn hosts_that_are_not_the_accounts() {
    for (switch, status) in
        [("unknown-account-host=404-html", 404), ("unknown-account-host=500-server-error", 500)]
    {
        let setup = Setup::start("", options(&[switch])).await;
        let response = setup.post_to("9999999.suitetalk.api.netsuite.com", "a.b.c").await;
        assert_eq!(response.status(), status);
        assert!(setup.emulator.audit_trail().is_empty());
    }
    let setup = Setup::start("", options(&[])).await;
    let token = setup.token().await;
    let url = setup.url(SUITETALK, "/services/rest/system/v1/serverTime");
    let call = |name: &str, value: &str| setup.http.get(&url).header(name, value);
    let bearer = format!("Bearer {token}");
    let with_cookie = call("authorization", &bearer).header("cookie", "JSESSIONID=1");
    for (request, status, challenge) in [
        (with_cookie, 401, "Bearer realm=\"1234567\", error=\"invalid_token\""),
        (setup.http.get(&url), 401, "Bearer realm"),
        (call("authorization", "Bearer nonsense"), 400, "error=\"invalid_request\""),
        (call("authorization", &format!("{bearer}AAAA")), 401, "invalid_token"),
    ] {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status);
        let found = response.headers()["www-authenticate"].to_str().unwrap().to_owned();
        assert!(found.contains(challenge), "{found}");
    }
}
