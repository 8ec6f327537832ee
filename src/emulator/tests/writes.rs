//! Requests that write, and those that only look like it.

use reqwest::Method;
use serde_json::{Value, json};

use super::client::{Setup, code, detail, options, read};
use crate::emulator::model::Grant;

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

fn grant(setup: &Setup, level: Grant) {
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
    grant(&setup, Grant::Create);
    let (status, _) =
        send(&setup, Method::POST, "/record/v1/customer", FORM, json!({ "no_such": 1 })).await;
    assert_eq!(status, 200);
    let path = "/record/v1/customer/101";
    assert_eq!(send(&setup, Method::PATCH, path, EDIT, json!({})).await.0, 403);
    grant(&setup, Grant::Edit);
    assert_eq!(send(&setup, Method::PATCH, path, EDIT, json!({})).await.0, 200);
    assert_eq!(rows(&setup), 3);
    assert!(setup.emulator.log().entries().iter().all(|entry| !entry.changed));

    let strict = Setup::start("", options(&["form-unknown-property=refused"])).await;
    grant(&strict, Grant::Create);
    let (status, body) =
        send(&strict, Method::POST, "/record/v1/customer", FORM, json!({ "no_such": 1 })).await;
    assert_eq!((status, code(&body)), (400, "INVALID_CONTENT"));
    assert_eq!(body["o:errorDetails"][0]["o:errorPath"], "no_such");
}

#[tokio::test]
async fn before_forms_a_form_request_is_a_write() {
    let setup = Setup::start("release = '2025.2'", options(&[])).await;
    grant(&setup, Grant::Full);
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
