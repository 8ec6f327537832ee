//! The record, query, system and certificate services.

use reqwest::Method;
use serde_json::{Value, json};

use super::client::{CLIENT_ID, RESTLETS, SUITETALK, Setup, code, detail, options, read};
use crate::emulator::model::GrantedLevel;

const ABSENT: &str = "Permission Violation: You need  the 'Lists -> Customers' permission to access \
                      this page. Please contact your account administrator.";

/// One emulator with changes and switches, a token, and one GET.
async fn get(changes: &str, switches: &[&str], path: &str) -> (u16, Value) {
    let setup = Setup::start(changes, options(switches)).await;
    let token = setup.token().await;
    setup.get(path, &token).await
}

#[tokio::test]
async fn refusals_of_a_list() {
    let absent = "roles.integration.permissions.LIST_CUSTJOB = 'none'";
    let (status, body) = get(absent, &[], "/record/v1/customer?limit=1").await;
    assert_eq!((status, code(&body), detail(&body)), (403, "INSUFFICIENT_PERMISSION", ABSENT));
    let (status, body) = get(absent, &[], "/record/v1/customer/101").await;
    assert_eq!((status, detail(&body)), (403, ABSENT));
    let switch = ["list-refusal=400-invalid-parameter", "record-refusal=404-not-found"];
    let (status, body) = get(absent, &switch, "/record/v1/customer").await;
    assert_eq!((status, code(&body)), (400, "INVALID_PARAMETER"));
    let (status, body) = get(absent, &switch, "/record/v1/customer/101").await;
    assert_eq!((status, code(&body)), (404, "NONEXISTENT_ID"));

    let low = "roles.integration.permissions.ADMI_CASESTATUS = 'view'";
    let (status, body) = get(low, &[], "/record/v1/supportCaseStatus").await;
    assert_eq!(status, 403);
    assert!(
        detail(&body).contains("You need a higher level of the 'Setup -> Support Case Status'")
    );

    let quoted = format!("{absent}\nrecords.customer.quoted_permission = 'Lists -> Currency'");
    let (_, body) = get(&quoted, &[], "/record/v1/customer").await;
    assert!(detail(&body).contains("You need  the 'Lists -> Currency' permission"));

    let custom = "roles.integration.permissions.LIST_CUSTRECORDENTRY = 'none'";
    let (_, body) = get(custom, &[], "/record/v1/customrecord_survey_answer").await;
    assert!(detail(&body).contains("higher permission for custom record type customrecord_survey"));
}

#[tokio::test]
async fn types_that_are_special() {
    let (status, body) = get("", &[], "/record/v1/campaign").await;
    assert_eq!((status, code(&body)), (405, "INVALID_METHOD"));
    let valid = "This operation is not allowed for a campaign record. Use one of the following \
                 valid operations: edit, create, delete, load.";
    assert_eq!(detail(&body), valid);
    let beta = "records.customer.list = 'beta'";
    let (status, body) = get(beta, &[], "/record/v1/customer").await;
    assert!(status == 403 && detail(&body).contains("only available as a beta record"));
    assert_eq!(get(beta, &["beta-status=400"], "/record/v1/customer").await.0, 400);
    for path in ["/record/v1/file", "/record/v1/bad-path"] {
        let (status, body) = get("", &[], path).await;
        assert!(status == 404 && detail(&body).contains("does not exist"), "{body}");
    }
    let off = "features.'Customer Support and Service' = false";
    assert_eq!(get(off, &[], "/record/v1/supportCase").await.0, 404);
    let switch = ["type-feature-off=400-invalid-parameter"];
    assert_eq!(get(off, &switch, "/record/v1/supportCase").await.0, 400);
}

#[tokio::test]
async fn rows_that_are_refused() {
    let rows = "records.task.rows = [{ id = 1, name = 'a', guard = 'workflow-lock' }, \
                { id = 2, name = 'b', guard = 'administrator-record' }, \
                { id = 3, name = 'c', guard = 'subsidiary-restriction' }]";
    let setup = Setup::start(rows, options(&[])).await;
    let token = setup.token().await;
    let expected = [
        ("1", 400, "USER_ERROR", "locked by a user defined workflow"),
        ("2", 400, "USER_ERROR", "only an administrator is allowed to edit"),
        ("3", 403, "INSUFFICIENT_PERMISSION", "subsidiary restrictions on your role prevent you"),
        ("4", 404, "NONEXISTENT_ID", "Provide a valid record instance ID."),
        ("0", 400, "INVALID_ID", "Invalid record instance identifier '0'"),
        ("x", 400, "INVALID_ID", "Invalid record instance identifier 'x'"),
        ("eid:7", 404, "NONEXISTENT_ID", "for external ID '7' does not exist"),
    ];
    for (id, status, expected_code, words) in expected {
        let (found, body) = setup.get(&format!("/record/v1/task/{id}"), &token).await;
        assert_eq!((found, code(&body)), (status, expected_code), "{id}");
        assert!(detail(&body).contains(words), "{body}");
    }
    let (status, body) = setup.get("/record/v1/invoice/77", &token).await;
    assert!(status == 400 && detail(&body).contains("Transaction type specified is incorrect."));
}

#[tokio::test]
async fn restrictions_hide_rows() {
    let restricted = "roles.integration.subsidiaries = [2]";
    let (status, body) = get(restricted, &[], "/record/v1/customer").await;
    assert_eq!((status, &body["totalResults"]), (200, &json!(1)));
    assert_eq!(get(restricted, &[], "/record/v1/customer/101").await.0, 403);
    let switches = ["restricted-row=404-not-found", "restricted-rows-in-lists=listed"];
    let (_, body) = get(restricted, &switches, "/record/v1/customer").await;
    assert_eq!(body["totalResults"], 3);
    assert_eq!(get(restricted, &switches, "/record/v1/customer/101").await.0, 404);
}

#[tokio::test]
async fn pages_of_a_list() {
    let setup = Setup::start("", options(&[])).await;
    let token = setup.token().await;
    let (_, page) = setup.get("/record/v1/CUSTOMER?limit=2&offset=2", &token).await;
    assert_eq!((&page["count"], &page["hasMore"]), (&json!(1), &json!(false)));
    let href = format!("https://{SUITETALK}/services/rest/record/v1/customer/103");
    assert_eq!(page["items"][0]["links"][0]["href"], href);
    for wrong in ["limit=0", "limit=1001", "limit=2&offset=3", "fields=name", "limit=a"] {
        let (status, body) = setup.get(&format!("/record/v1/customer?{wrong}"), &token).await;
        assert_eq!((status, code(&body)), (400, "INVALID_PARAMETER"), "{wrong}");
    }
}

#[tokio::test]
async fn filters_of_a_list() {
    let setup = Setup::start("", options(&[])).await;
    let token = setup.token().await;
    for (filter, found) in [
        ("id IS 101", 1),
        ("id IS 1", 0),
        ("name START_WITH \"birch\"", 1),
        ("name CONTAIN o AND subsidiary EQUAL 2", 1),
        ("id ANY_OF [101, 103]", 2),
        ("id ANY_OF_NOT [101, 103]", 1),
        ("id GREATER 101", 2),
    ] {
        let path = format!("/record/v1/customer?q={}", filter.replace(' ', "%20"));
        let (status, body) = setup.get(&path, &token).await;
        assert_eq!((status, &body["totalResults"]), (200, &json!(found)), "{filter}");
    }
    for wrong in ["", "id", "id IS", "shoe IS 1", "id LIKES 1", "id ANY_OF 1", "id IS 1 AND"] {
        let path = format!("/record/v1/customer?q={}", wrong.replace(' ', "%20"));
        let (status, body) = setup.get(&path, &token).await;
        assert_eq!((status, code(&body)), (400, "INVALID_PARAMETER"), "{wrong}");
        assert_eq!(detail(&body), "Invalid search query. Provide a valid search query.");
    }
}

#[tokio::test]
async fn a_part_that_the_type_does_not_have() {
    let (status, body) = get("", &[], "/record/v1/customer/101/attachedFiles").await;
    assert_eq!((status, detail(&body)), (400, "Unknown field name 'attachedFiles'."));
    let (status, body) = get("", &[], "/record/v1/customer/101/a/b").await;
    assert_eq!((status, code(&body)), (400, "INVALID_URL"));
}

#[tokio::test]
async fn queries() {
    let setup = Setup::start("", options(&[])).await;
    let token = setup.token().await;
    let (status, body) =
        setup.query("SELECT id FROM transaction WHERE recordtype = 'salesorder'", &token).await;
    assert_eq!((status, &body["items"][1]["id"]), (200, &json!("9002")));
    let (_, body) = setup.query("SELECT COUNT(*) AS n FROM item", &token).await;
    assert_eq!(body["items"][0]["n"], "4");
    for (q, words) in [
        ("SELECT id FROM rolepermissions", "Record 'rolepermissions' was not found."),
        ("SELECT id FROM nothing", "Invalid search type: nothing."),
        ("SELECT shoe FROM customer", "Available identifiers are: {customer=customer}."),
        ("SELECT FROM WHERE", "Failed to parse SQL"),
    ] {
        let (status, body) = setup.query(q, &token).await;
        assert_eq!((status, code(&body)), (400, "INVALID_PARAMETER"));
        assert_eq!(body["o:errorDetails"][0]["o:errorQueryParam"], "q");
        assert!(detail(&body).contains(words), "{body}");
    }
    let plain =
        setup.request(Method::POST, "/query/v1/suiteql", &token).body("{\"q\":\"SELECT 1\"}");
    assert_eq!(read(plain.send().await.unwrap()).await.0, 400);
}

#[tokio::test]
async fn an_administrator_sees_everything() {
    let setup = Setup::start("", options(&[])).await;
    setup.emulator.change(|account| {
        account.certificates[0].role = "administrator".into();
        account.certificates[0].entity = "owner".into();
    });
    let token = setup.token().await;
    assert_eq!(setup.get("/system/v1/governanceLimits", &token).await.0, 200);
    let (status, body) =
        setup.query("SELECT permkey, permlevel FROM rolepermissions", &token).await;
    assert_eq!(status, 200);
    assert!(body["totalResults"].as_u64() > Some(20));
    let path = format!("/auth/oauth2/v1/clients/{CLIENT_ID}/certificates");
    let (status, list) = setup.get(&path, &token).await;
    assert_eq!((status, &list[0]["certificate_id"]), (200, &json!(setup.kid)));
    assert_eq!((&list[0]["role"]["id"], &list[0]["revoked"]), (&json!(3), &json!(false)));
    assert_eq!(list[0]["valid_until"], "2026-11-24");
}

#[tokio::test]
async fn others_do_not() {
    let setup = Setup::start("", options(&[])).await;
    let token = setup.token().await;
    assert_eq!(setup.get("/system/v1/governanceLimits", &token).await.0, 403);
    let path = format!("/auth/oauth2/v1/clients/{CLIENT_ID}/certificates");
    assert_eq!(setup.get(&path, &token).await.0, 403);
    let keys = setup.http.get(setup.url(RESTLETS, "/services/rest/auth/oauth2/v1/keys"));
    assert_eq!(read(keys.send().await.unwrap()).await.1["keys"][0]["kty"], "RSA");
}

#[tokio::test]
async fn the_catalogue() {
    let absent = "roles.integration.permissions.LIST_CUSTJOB = 'none'";
    let (status, body) = get(absent, &[], "/record/v1/metadata-catalog?select=customer,task").await;
    assert_eq!((status, body["items"].as_array().unwrap().len()), (200, 2));
    for (switch, expected) in [
        ("metadata-catalog-names=lower-case", "salesorder"),
        ("metadata-catalog-names=camel-case", "salesOrder"),
    ] {
        let (_, body) = get("", &[switch], "/record/v1/metadata-catalog?select=salesOrder").await;
        assert_eq!(body["items"][0]["name"], expected);
    }
    let by_role = ["metadata-catalog=by-role"];
    assert_eq!(get(absent, &by_role, "/record/v1/metadata-catalog/customer").await.0, 404);
    for (release, form) in [("2026.1", true), ("2025.2", false)] {
        let setup = Setup::start(&format!("release = '{release}'"), options(&[])).await;
        let token = setup.token().await;
        let request = setup
            .request(Method::GET, "/record/v1/metadata-catalog/customer", &token)
            .header("accept", "application/swagger+json");
        let (_, body) = read(request.send().await.unwrap()).await;
        let media = "application/vnd.oracle.resource+json; type=create-form";
        let content = &body["paths"]["/customer"]["post"]["responses"]["200"]["content"];
        assert_eq!(content.get(media).is_some(), form, "{release}");
    }
}

// Requests that write, and those that only look like it.

const FORM: &str = "application/vnd.oracle.resource+json; type=create-form";
const EDIT: &str = "application/vnd.oracle.resource+json; type=edit-form";

async fn send(
    setup: &Setup,
    method: Method,
    path: &str,
    accept: &str,
    body: Value,
) -> (u16, Value) {
    let token = setup.token().await;
    let request = setup
        .request(method, path, &token)
        .header("accept", accept)
        .header("x-netsuite-propertynamevalidation", "Error")
        .body(body.to_string());
    read(request.send().await.unwrap()).await
}

fn rows(setup: &Setup) -> usize {
    setup.emulator.account().records["customer"].rows.len()
}

fn grant(setup: &Setup, level: GrantedLevel) {
    setup.emulator.change(|account| {
        let role = account.roles.get_mut("integration").unwrap();
        role.permissions.insert("LIST_CUSTJOB".into(), level);
    });
}

#[tokio::test]
async fn forms_open_at_their_level_and_change_nothing() {
    let setup = Setup::start("", options(&[])).await;
    let (status, body) =
        send(&setup, Method::POST, "/record/v1/customer", FORM, json!({ "no_such": 1 })).await;
    assert_eq!(status, 403);
    assert!(detail(&body).contains("You need a higher level of the 'Lists -> Customers'"));
    assert_eq!(setup.emulator.log().writes().len(), 1);
    grant(&setup, GrantedLevel::Create);
    let (status, _) =
        send(&setup, Method::POST, "/record/v1/customer", FORM, json!({ "no_such": 1 })).await;
    assert_eq!(status, 200);
    let path = "/record/v1/customer/101";
    assert_eq!(send(&setup, Method::PATCH, path, EDIT, json!({})).await.0, 403);
    grant(&setup, GrantedLevel::Edit);
    assert_eq!(send(&setup, Method::PATCH, path, EDIT, json!({})).await.0, 200);
    assert_eq!(rows(&setup), 3);
    assert!(setup.emulator.log().entries().iter().all(|entry| !entry.changed));

    let strict = Setup::start("", options(&["form-unknown-property=refused"])).await;
    grant(&strict, GrantedLevel::Create);
    let (status, body) =
        send(&strict, Method::POST, "/record/v1/customer", FORM, json!({ "no_such": 1 })).await;
    assert_eq!((status, code(&body)), (400, "INVALID_CONTENT"));
    assert_eq!(body["o:errorDetails"][0]["o:errorPath"], "no_such");
}

#[tokio::test]
async fn before_forms_a_form_request_is_a_write() {
    let setup = Setup::start("release = '2025.2'", options(&[])).await;
    grant(&setup, GrantedLevel::Full);
    let post = |body| send(&setup, Method::POST, "/record/v1/customer", FORM, body);
    assert_eq!(post(json!({ "no_such": 1 })).await.0, 400);
    assert_eq!(rows(&setup), 3);
    assert_eq!(post(json!({ "name": "Delta" })).await.0, 204);
    assert_eq!(rows(&setup), 4);
    let path = "/record/v1/customer/104";
    assert_eq!(send(&setup, Method::PATCH, path, "*/*", json!({ "name": "D" })).await.0, 204);
    assert_eq!(setup.emulator.account().records["customer"].rows[3].name, "D");
    assert_eq!(send(&setup, Method::DELETE, path, "*/*", json!({})).await.0, 204);
    assert_eq!(rows(&setup), 3);
    let log = setup.emulator.log();
    assert_eq!(log.writes().len(), 4);
    assert_eq!(log.entries().iter().filter(|entry| entry.changed).count(), 3);
    assert_eq!(send(&setup, Method::PUT, path, "*/*", json!({})).await.0, 405);
}
