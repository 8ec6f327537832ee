//! What an administrator who signed in reads of the account, and what others do not.

use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};

use super::client::{CLIENT_ID, NOW, Setup, code, detail, options, read};
use crate::emulator::server::EmulatorOptions;
use crate::emulator::tls::{KeyChoice, certificate};
use crate::types::Clock;

/// The query of a program that looks for the rows of one attempt.
const ROWS: &str = "SELECT TO_CHAR(date, 'YYYY-MM-DD HH24:MI:SS') AS at, detail, status, \
                    oAuthAppName, user, role, requestUri, emailAddress FROM LoginAudit WHERE date > \
                    TO_TIMESTAMP('2026-11-23 11:59:00', 'YYYY-MM-DD HH24:MI:SS') ORDER BY date DESC \
                    FETCH FIRST 200 ROWS ONLY";

fn items(body: &Value) -> &Vec<Value> {
    body["items"].as_array().unwrap()
}

async fn refuse(setup: &Setup) {
    let mut header = setup.header();
    header["kid"] = json!("custcertificate3");
    assert_eq!(setup.exchange(&header, &setup.claims()).await.0, 500);
}

#[tokio::test]
async fn the_row_of_a_refused_sign_in_with_its_detail() {
    let setup = Setup::start("", options(&[])).await;
    refuse(&setup).await;
    let token = setup.administrator().await;
    let (status, body) = setup.query(ROWS, &token).await;
    assert_eq!(status, 200, "{body}");
    let row = items(&body).iter().find(|row| row["detail"] == "MissingKey").unwrap();
    assert_eq!(row["at"], "2026-11-23 12:00:00");
    assert_eq!(
        (&row["status"], &row["oauthappname"]),
        (&json!("Failure"), &json!("Survey integration"))
    );
    assert_eq!(row["requesturi"], "/services/rest/auth/oauth2/v1/token");
    // The certificate is not known, and so is nobody.
    assert!(row.get("user").is_none() && row.get("role").is_none());
    let own = items(&body).iter().find(|row| row["oauthappname"] == "Preflight sign-in").unwrap();
    assert_eq!(
        (&own["user"], &own["role"], &own["status"]),
        (&json!("-5"), &json!("3"), &json!("Success"))
    );
    // Where the certificate is known, so are its role and entity.
    setup.emulator.change(|account| account.certificates[0].revoked = true);
    assert_eq!(setup.exchange(&setup.header(), &setup.claims()).await.0, 500);
    let (_, body) = setup
        .query(&format!("{} AND user = 2207", ROWS.split(" ORDER").next().unwrap()), &token)
        .await;
    assert_eq!((items(&body).len(), &items(&body)[0]["role"]), (1, &json!("1042")));
    // A date that is not written out has no time.
    let (_, body) = setup.query("SELECT date FROM LoginAudit WHERE ROWNUM <= 1", &token).await;
    assert_eq!(items(&body)[0]["date"], "11/23/2026");
    let writes = setup.emulator.log().writes();
    assert!(writes.is_empty(), "{writes:?}");
    let lines = setup.emulator.log().lines();
    assert_eq!(lines.iter().filter(|line| line.ends_with("/query/v1/suiteql")).count(), 3);
}

#[tokio::test]
async fn rows_come_in_the_order_asked_for() {
    let now = Arc::new(Mutex::new(NOW));
    let shared = Arc::clone(&now);
    let time = move || Timestamp::from_second(*shared.lock().unwrap()).unwrap();
    let options = EmulatorOptions { clock: Clock::reading(time), ..options(&[]) };
    let setup = Setup::start("", options).await;
    for _ in 0..3 {
        refuse(&setup).await;
        *now.lock().unwrap() += 1;
    }
    let token = setup.administrator().await;
    let times = async |query: &str| -> Vec<String> {
        let text = format!(
            "SELECT TO_CHAR(date, 'SS') AS s FROM LoginAudit WHERE status = 'Failure'{query}"
        );
        let (status, body) = setup.query(&text, &token).await;
        assert_eq!(status, 200, "{body}");
        items(&body).iter().map(|row| row["s"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(times(" ORDER BY date DESC").await, ["02", "01", "00"]);
    assert_eq!(times(" ORDER BY date FETCH FIRST 2 ROWS ONLY").await, ["00", "01"]);
    // ROWNUM counts before the rows are in order.
    assert_eq!(times(" AND ROWNUM <= 2 ORDER BY date DESC").await, ["01", "00"]);
    let after = " AND date >= TO_TIMESTAMP('2026-11-23 12:00:01', 'YYYY-MM-DD HH24:MI:SS')";
    assert_eq!(times(after).await, ["01", "02"]);
    assert_eq!(times(&after.replace(">=", "<")).await, ["00"]);
}

#[tokio::test]
async fn roles_their_permissions_and_who_holds_them() {
    let setup = Setup::start("roles.reader.inactive = true", options(&[])).await;
    let token = setup.administrator().await;
    let ask = async |text: &str| {
        let (status, body) = setup.query(text, &token).await;
        assert_eq!(status, 200, "{text}: {body}");
        let mut rows = items(&body).clone();
        rows.iter_mut().for_each(|row| drop(row.as_object_mut().unwrap().remove("links")));
        Value::Array(rows)
    };
    let role =
        ask("SELECT id, name, isinactive FROM role WHERE id IN (1042, 1043) ORDER BY id").await;
    assert_eq!(
        role,
        json!([
            { "id": "1042", "name": "Survey integration role", "isinactive": "F" },
            { "id": "1043", "name": "Reader", "isinactive": "T" },
        ])
    );
    let permission =
        ask("SELECT * FROM rolepermissions WHERE role = 1043 AND permkey = 'LIST_CUSTJOB'").await;
    let wanted = json!([{
        "name": "Customers", "permkey": "LIST_CUSTJOB", "permlevel": "1", "restriction": "-1",
        "role": "1043",
    }]);
    assert_eq!(permission, wanted);
    let employee =
        ask("SELECT rolesforsearch, isinactive, giveaccess FROM employee WHERE id = -5").await;
    assert_eq!(
        employee,
        json!([{ "rolesforsearch": "3, 1042", "isinactive": "F", "giveaccess": "T" }])
    );
    let roles = ask("SELECT role FROM employeerolesforsearch WHERE entity = 2207").await;
    assert_eq!(roles, json!([{ "role": "1042" }]));
    let entity =
        ask("SELECT type, isinactive FROM entity WHERE id IN (101, 2302) ORDER BY id").await;
    assert_eq!(
        entity,
        json!([{ "type": "CustJob", "isinactive": "F" }, { "type": "Employee", "isinactive": "T" }])
    );
}

#[tokio::test]
async fn a_role_without_the_permission_finds_no_such_record() {
    let setup = Setup::start("", options(&[])).await;
    let token = setup.signed_in("clerk@example.com", "1043").await;
    for table in
        ["LoginAudit", "role", "rolepermissions", "employeerolesforsearch", "employee", "entity"]
    {
        let (status, body) = setup.query(&format!("SELECT * FROM {table}"), &token).await;
        let text = format!("Record '{table}' was not found.");
        assert_eq!((status, code(&body)), (400, "INVALID_PARAMETER"));
        assert!(detail(&body).contains(&text), "{body}");
    }
    assert_eq!(setup.get(&path(), &token).await.0, 403);
    // Without Workbook nothing can be queried at all (facts-2026-11 F1).
    let changes = "roles.reader.permissions.REPO_ANALYTICS = 'none'";
    let setup = Setup::start(changes, options(&[])).await;
    let token = setup.signed_in("clerk@example.com", "1043").await;
    let (status, body) = setup.query(ROWS, &token).await;
    assert_eq!((status, code(&body)), (400, "USER_ERROR"));
    let changes = "roles.reader.permissions.ADMI_AUDITLOGIN = 'full'";
    let setup = Setup::start(changes, options(&[])).await;
    let token = setup.signed_in("clerk@example.com", "1043").await;
    assert_eq!(setup.query(ROWS, &token).await.0, 200);
}

#[tokio::test]
async fn switches_of_the_login_audit_trail() {
    for (switch, rows) in [
        ("login-audit-row=written", Some(1)),
        ("login-audit-row=none", Some(0)),
        ("login-audit-delay=none", Some(1)),
        ("login-audit-delay=60-seconds", Some(0)),
        ("login-audit-time=utc", Some(1)),
        ("login-audit-time=pacific", Some(0)),
        ("login-audit-query=readable", Some(1)),
        ("login-audit-query=record-not-found", None),
    ] {
        let setup = Setup::start("", options(&[switch])).await;
        refuse(&setup).await;
        let token = setup.administrator().await;
        let (status, body) = setup.query(ROWS, &token).await;
        let found = (status == 200)
            .then(|| items(&body).iter().filter(|row| row["detail"] == "MissingKey").count());
        assert_eq!(found, rows, "{switch}: {body}");
        let hidden = detail(&body).contains("Record 'LoginAudit' was not found");
        assert_eq!(hidden, rows.is_none());
        if switch.ends_with("pacific") {
            let (_, body) = setup.query(&ROWS.replace(" 11:", " 03:"), &token).await;
            assert_eq!(items(&body)[0]["at"], "2026-11-23 04:00:00");
        }
    }
}

// Mappings: the rotation endpoint for somebody who signed in.

fn path() -> String {
    format!("/auth/oauth2/v1/clients/{CLIENT_ID}/certificates")
}

fn made() -> String {
    let key = KeyChoice::EcP256.generate().unwrap();
    let made = certificate(&key, NOW - 300, NOW + 30 * 86_400).unwrap();
    String::from_utf8(made.to_pem().unwrap()).unwrap()
}

async fn post(setup: &Setup, token: &str, role: i64, entity: &str) -> (u16, Value) {
    let body = json!({ "fileContent": made(), "role": role, "entity": entity });
    let request = setup.request(Method::POST, &path(), token).body(body.to_string());
    read(request.send().await.unwrap()).await
}

#[tokio::test]
async fn an_administrator_maps_a_certificate_to_any_role_and_entity() {
    let setup = Setup::start("", options(&[])).await;
    let token = setup.administrator().await;
    let (status, body) = post(&setup, &token, 1043, "101").await;
    assert_eq!((status, &body["entity_role_id"]["rol"]), (200, &json!(1043)), "{body}");
    let (_, rows) = setup.get(&path(), &token).await;
    assert_eq!(rows[1]["entity"]["id"], 101);
    assert_eq!(rows[1]["role"]["name"], "Reader");
    let revoke = format!("{}/{}/revoke", path(), body["certificate_id"].as_str().unwrap());
    let request = setup.request(Method::POST, &revoke, &token);
    assert_eq!(request.send().await.unwrap().status().as_u16(), 200);
    assert!(setup.emulator.account().certificates[1].revoked);
    // Both are seen as what they are.
    assert_eq!(setup.emulator.log().writes().len(), 2);
}

#[tokio::test]
async fn switches_of_the_mapping() {
    for (switch, role, entity, status) in [
        ("certificate-upload-role=taken", 1044, "2207", 200),
        ("certificate-upload-role=refused", 1044, "2207", 400),
        ("certificate-upload-role=refused", 1042, "2207", 200),
        ("certificates-of-another-client=served", 1042, "2207", 200),
        ("certificates-of-another-client=refused", 1042, "2207", 403),
    ] {
        let setup = Setup::start("", options(&[switch])).await;
        let token = setup.administrator().await;
        let (found, body) = post(&setup, &token, role, entity).await;
        assert_eq!(found, status, "{switch}: {body}");
    }
}
