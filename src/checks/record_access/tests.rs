use serde_json::json;

use super::*;
use crate::checks::context::Inputs;
use crate::checks::testing::online::{claims, outcome, record, signed_in, signed_in_with};
use crate::engine::Status;
use crate::netsuite::double::{Behaviour, Double, SeenRequest};
use crate::netsuite::http::{Client, HttpOptions};
use crate::types::Scope;

const ROWS: &str = r#"{"count":1,"items":[{"links":[],"id":"101"}],"totalResults":3}"#;
const NO_ROWS: &str = r#"{"count":0,"items":[],"totalResults":0}"#;

fn error(status: u16, code: &str, detail: &str) -> Behaviour {
    let body =
        json!({ "status": status, "o:errorDetails": [{ "detail": detail, "o:errorCode": code }] });
    Behaviour::json(status, body.to_string())
}

fn not_offered() -> Behaviour {
    let text = "This operation is not allowed for a campaign record. Use one of the following valid operations: edit, create, delete, load.";
    error(405, "INVALID_METHOD", text)
}

/// Serves a list, a query and a row.
fn serving(list: Behaviour, query: Behaviour, row: Behaviour) -> Double {
    Double::serving(move |seen: &SeenRequest| {
        if seen.path.contains("/suiteql") {
            query.clone()
        } else if seen.path.contains("limit=1") {
            list.clone()
        } else {
            row.clone()
        }
    })
}

async fn listed(reply: Behaviour) -> Verdict {
    let double = serving(reply, Behaviour::Cut, Behaviour::Cut);
    record(&SPEC, &signed_in(double.client()), "customer").await
}

async fn read(reply: Behaviour) -> Verdict {
    let double = serving(Behaviour::json(200, ROWS), Behaviour::Cut, reply);
    record(&SPEC, &signed_in(double.client()), "customer").await
}

fn fact<'a>(verdict: &'a Verdict, key: &str) -> Option<&'a str> {
    verdict.facts().iter().find(|fact| fact.key == key).map(|fact| fact.value.as_str())
}

#[tokio::test]
async fn a_row_listed_and_read_is_the_only_pass() {
    let double = serving(
        Behaviour::json(200, ROWS),
        Behaviour::Cut,
        Behaviour::json(200, r#"{"id":"101"}"#),
    );
    let verdict = record(&SPEC, &signed_in(double.client()), "customer").await;
    assert_eq!(verdict.status(), Status::Pass);
    let paths: Vec<String> = double.seen().into_iter().map(|seen| seen.path).collect();
    let base = "/services/rest/record/v1/customer";
    assert_eq!(paths, [format!("{base}?limit=1"), format!("{base}/101")]);
}

#[tokio::test]
async fn only_the_record_asked_for_counts_as_read() {
    for body in [r#"{"id":101}"#, r#"{"links":[],"entityId":"A"}"#] {
        assert_eq!(read(Behaviour::json(200, body)).await.status(), Status::Pass, "{body}");
    }
    for body in [
        ROWS,
        r#"{"id":"101","items":[]}"#,
        r#"{"id":"102","links":[]}"#,
        r#"{"id":null,"links":[]}"#,
        r#"{"name":"x"}"#,
    ] {
        let verdict = read(Behaviour::json(200, body)).await;
        assert_eq!(outcome(&verdict), (Status::Inconclusive, "unexpected-answer"), "{body}");
    }
}

#[tokio::test]
async fn no_rows_prove_nothing() {
    let verdict = listed(Behaviour::json(200, NO_ROWS)).await;
    assert_eq!(outcome(&verdict), (Status::Inconclusive, "empty-list"));
    assert_eq!(verdict.reason().unwrap().code, ReasonCode::Empty);
    let double = Double::answering(200, "application/json", NO_ROWS);
    let inputs = Inputs { accept_empty: true, ..Inputs::default() };
    let context = signed_in_with(double.client(), inputs, &claims());
    let verdict = record(&SPEC, &context, "customer").await;
    assert_eq!(outcome(&verdict), (Status::Warn, "empty-list"));
}

#[tokio::test]
async fn netsuites_quoted_permission_is_reported_and_not_the_expected_one() {
    let absent = "Permission Violation: You need  the 'Lists -> Currency' permission to access this page. Please contact your account administrator.";
    let verdict = listed(error(403, "INSUFFICIENT_PERMISSION", absent)).await;
    assert_eq!(outcome(&verdict), (Status::Fail, "permission-absent"));
    assert_eq!(fact(&verdict, "quoted_permission"), Some("Lists -> Currency"));
    assert_eq!(fact(&verdict, "permission"), Some("Lists > Currency (LIST_CURRENCY)"));
    let low = "Permission Violation: You need a higher level of the 'Lists -> Customers' permission to access this page. Please contact your account administrator.";
    let verdict = listed(error(403, "INSUFFICIENT_PERMISSION", low)).await;
    assert_eq!(outcome(&verdict), (Status::Fail, "level-too-low"));
    assert_eq!(fact(&verdict, "permission"), Some("Lists > Customers (LIST_CUSTJOB)"));
    assert_eq!(fact(&verdict, "permission_level"), Some("View"));
}

#[tokio::test]
async fn workbook_is_not_blamed_where_a_query_was_answered() {
    let role = "Your current role does not have permission to perform this action.";
    let refusal = error(400, "USER_ERROR", role);
    let double = serving(refusal.clone(), Behaviour::Cut, Behaviour::Cut);
    let context = signed_in(double.client());
    context.facts.queries_answered.set(()).unwrap();
    let verdict = record(&SPEC, &context, "customer").await;
    assert_eq!(outcome(&verdict), (Status::Fail, "role-not-admitted"));
    assert!(!verdict.summary().contains("Workbook"), "{}", verdict.summary());
    // A row is read without it in any case.
    assert_eq!(outcome(&read(refusal).await), (Status::Fail, "role-not-admitted"));
    let card = crate::checks::cards::Card::of(&SPEC);
    for step in &card.findings["role-not-admitted"].fix {
        assert!(!step.text.contains("Workbook"), "{}", step.text);
    }
    for cause in crate::diagnosis::causes().all() {
        let told = |answer: &String| answer == "role-not-admitted";
        let mut behind = cause.behind.iter().filter(|behind| behind.check == "record-access");
        let led = behind.any(|behind| behind.answers.iter().any(told));
        assert!(!led || !cause.id.starts_with("workbook-"), "{}", cause.id);
    }
}

#[tokio::test]
async fn refusals_of_the_list() {
    let role = "Your current role does not have permission to perform this action.";
    let beta = "The account record is only available as a beta record. Enable the REST Record Service (Beta) feature in Setup > Company > Enable Features to work with this record.";
    let restriction = "The restrictions on your role deny you access to this record.";
    for (reply, expected) in [
        (error(403, "INSUFFICIENT_PERMISSION", "Refused."), "permission-refused"),
        (error(400, "INVALID_PARAMETER", "The object cannot be read."), "type-not-readable"),
        (Behaviour::json(400, "{}"), "type-not-readable"),
        (error(404, "NONEXISTENT_ID", "Record type 'customer' does not exist."), "type-not-found"),
        (Behaviour::json(404, ""), "type-not-found"),
        (error(403, "INSUFFICIENT_PERMISSION", beta), "beta-record"),
        // The words for a missing Workbook, and no record permission is blamed.
        (error(400, "USER_ERROR", role), "workbook-missing"),
        (error(403, "INSUFFICIENT_PERMISSION", restriction), "role-restricted"),
    ] {
        let verdict = listed(reply).await;
        assert_eq!(outcome(&verdict), (Status::Fail, expected));
        assert_eq!(fact(&verdict, "permission"), Some("Lists > Customers (LIST_CUSTJOB)"));
    }
}

#[tokio::test]
async fn a_row_refused_for_its_own_reason_only_warns() {
    for text in [
        "Error while accessing a resource. This record has been locked by a user defined workflow.",
        "Error while accessing a resource. For security reasons, only an administrator is allowed to edit an administrator record.",
        "Permission Violation: The subsidiary restrictions on your role prevent you from seeing this record.",
    ] {
        let verdict = read(error(400, "USER_ERROR", text)).await;
        assert_eq!(outcome(&verdict), (Status::Warn, "row-refused"), "{text}");
    }
}

#[tokio::test]
async fn other_answers_to_reading_the_row() {
    let lacks =
        "Permission Violation: You need  the 'Lists -> Customers' permission to access this page.";
    let gone = "The record instance does not exist. Provide a valid record instance ID.";
    for (reply, expected) in [
        (error(403, "INSUFFICIENT_PERMISSION", lacks), (Status::Fail, "permission-absent")),
        (error(403, "INSUFFICIENT_PERMISSION", "No."), (Status::Fail, "permission-refused")),
        (error(403, "USER_ERROR", "No."), (Status::Inconclusive, "unexpected-answer")),
        (error(403, "USER_ERROR", ""), (Status::Inconclusive, "unexpected-answer")),
        (Behaviour::json(403, ""), (Status::Inconclusive, "unexpected-answer")),
        (
            Behaviour::json(403, r#"{"message":"Forbidden"}"#),
            (Status::Inconclusive, "unexpected-answer"),
        ),
        (error(404, "NONEXISTENT_ID", gone), (Status::Inconclusive, "row-not-found")),
        (error(400, "USER_ERROR", "Something."), (Status::Inconclusive, "unexpected-answer")),
        (Behaviour::json(200, "[]"), (Status::Inconclusive, "unexpected-answer")),
        (Behaviour::new(200, "text/html", "<html>"), (Status::Inconclusive, "html-answer")),
        (
            error(401, "INVALID_LOGIN", "Invalid login attempt."),
            (Status::Inconclusive, "login-refused"),
        ),
    ] {
        assert_eq!(outcome(&read(reply).await), expected);
    }
}

#[tokio::test]
async fn answers_that_decide_nothing() {
    for (reply, expected, code) in [
        (Behaviour::json(429, ""), "too-many-requests", ReasonCode::RateLimited),
        (
            error(500, "UNEXPECTED_ERROR", "An unexpected error occurred. Error ID: abc"),
            "server-fault",
            ReasonCode::NoAnswer,
        ),
        (Behaviour::new(503, "text/html", "<html>"), "server-fault", ReasonCode::NoAnswer),
        (Behaviour::new(200, "text/html", "<html>"), "html-answer", ReasonCode::NoAnswer),
        (Behaviour::json(200, "{}"), "unexpected-answer", ReasonCode::Ambiguous),
        (
            Behaviour::json(200, r#"{"items":[{"id":"../1"}]}"#),
            "unexpected-answer",
            ReasonCode::Ambiguous,
        ),
        (Behaviour::json(302, ""), "unexpected-answer", ReasonCode::Ambiguous),
        (Behaviour::json(401, ""), "login-refused", ReasonCode::Ambiguous),
        (Behaviour::json(403, ""), "unexpected-answer", ReasonCode::Ambiguous),
        (
            Behaviour::json(403, r#"{"message":"Forbidden"}"#),
            "unexpected-answer",
            ReasonCode::Ambiguous,
        ),
        (
            Behaviour::json(403, r#"{"detail":"Blocked."}"#),
            "unexpected-answer",
            ReasonCode::Ambiguous,
        ),
        (Behaviour::Cut, "no-answer", ReasonCode::NoAnswer),
        (Behaviour::Truncated, "no-answer", ReasonCode::NoAnswer),
    ] {
        let shown = format!("{reply:?}");
        let verdict = listed(reply).await;
        assert_eq!(outcome(&verdict), (Status::Inconclusive, expected), "{shown}");
        assert_eq!(verdict.reason().unwrap().code, code, "{shown}");
    }
}

#[tokio::test]
async fn a_type_without_list_is_found_through_suiteql() {
    let row = Behaviour::json(200, r#"{"id":"101","links":[]}"#);
    let double = serving(not_offered(), Behaviour::json(200, ROWS), row);
    let verdict = record(&SPEC, &signed_in(double.client()), "account").await;
    assert_eq!(verdict.status(), Status::Pass);
    let query = &double.seen()[1];
    assert_eq!(
        (query.method.as_str(), query.body.as_str()),
        ("POST", r#"{"q":"SELECT id FROM Account"}"#)
    );

    let hidden = error(400, "INVALID_PARAMETER", "Record 'Account' was not found.");
    let double = serving(not_offered(), hidden, Behaviour::Cut);
    let verdict = record(&SPEC, &signed_in(double.client()), "account").await;
    assert_eq!(outcome(&verdict), (Status::Inconclusive, "no-list"));

    let double = serving(not_offered(), Behaviour::json(200, NO_ROWS), Behaviour::Cut);
    let verdict = record(&SPEC, &signed_in(double.client()), "account").await;
    assert_eq!(outcome(&verdict), (Status::Inconclusive, "empty-list"));
}

#[tokio::test]
async fn custom_and_unlisted_types_work_too() {
    let text = "Permission Violation: You need a higher permission for custom record type Event to access this page.";
    let double = Double::serving(move |_| error(403, "INSUFFICIENT_PERMISSION", text));
    let context = signed_in(double.client());
    let custom = record(&SPEC, &context, "customrecord_event").await;
    assert_eq!(outcome(&custom), (Status::Fail, "custom-record-refused"));
    assert!(fact(&custom, "permission").unwrap().contains(", or "));
    let double = not_offered();
    let double = serving(double, Behaviour::Cut, Behaviour::Cut);
    let unlisted = record(&SPEC, &signed_in(double.client()), "brandNewType").await;
    assert_eq!(outcome(&unlisted), (Status::Inconclusive, "no-list"));
}

#[tokio::test]
async fn a_name_that_may_be_wrong_accuses_nobody() {
    let gone = "Record type 'x' does not exist.";
    let lacks =
        "Permission Violation: You need  the 'Lists -> Customers' permission to access this page.";
    for name in ["customrecord_event", "brandNewType"] {
        for (reply, expected) in [
            (
                error(400, "INVALID_PARAMETER", "The object cannot be read."),
                (Status::Inconclusive, "type-not-readable"),
            ),
            (Behaviour::json(400, "{}"), (Status::Inconclusive, "type-not-readable")),
            (Behaviour::json(404, ""), (Status::Inconclusive, "type-not-found")),
            (error(404, "NONEXISTENT_ID", gone), (Status::Fail, "type-not-found")),
            (error(400, "USER_ERROR", lacks), (Status::Fail, "permission-absent")),
        ] {
            let double = serving(reply, Behaviour::Cut, Behaviour::Cut);
            let verdict = record(&SPEC, &signed_in(double.client()), name).await;
            assert_eq!(outcome(&verdict), expected, "{name}");
            let doubted = verdict.summary().contains("Or the name is wrong");
            assert_eq!(doubted, verdict.status() == Status::Inconclusive, "{name}");
        }
    }
}

#[tokio::test]
async fn a_token_for_other_services_is_not_tried() {
    let client = Client::new(HttpOptions::default()).unwrap();
    let inputs = Inputs { scopes: vec![Scope::Restlets], ..Inputs::default() };
    let context = signed_in_with(client, inputs, &claims());
    let verdict = record(&SPEC, &context, "customer").await;
    assert_eq!(verdict.status(), Status::Skipped);
    assert_eq!(verdict.reason().unwrap().code, ReasonCode::NotApplicable);
}

#[tokio::test]
async fn levels_above_view_are_not_probed() {
    let client = Client::new(HttpOptions::default()).unwrap();
    let verdict = record(&SPEC, &signed_in(client), "customer:edit").await;
    assert_eq!(verdict.reason().unwrap().code, ReasonCode::NotProbed);
}

const SCRIPT: &str = "Error while accessing a resource. {\"type\":\"error.SuiteScriptError\",\
    \"name\":\"INVALID_RCRD_TYPE\",\"message\":\"The record type [CUSTOMRECORD_LOYALTY] is invalid.\",\
    \"stack\":[\"beforeLoad(/SuiteApps/com.example.loyalty/ue.js:42)\"]}";

#[tokio::test]
async fn a_script_that_fails_is_named_and_blames_nobody_else() {
    for status in [400, 500] {
        let reply = error(status, "USER_ERROR", SCRIPT);
        let double = Double::serving(move |seen| match seen.path.ends_with("/customer/101") {
            true => reply.clone(),
            false => Behaviour::json(200, r#"{"count":1,"items":[{"id":"101"}]}"#),
        });
        let verdict = record(&SPEC, &signed_in(double.client()), "customer").await;
        assert_eq!(outcome(&verdict), (Status::Inconclusive, "script-failed"));
        assert_eq!(fact(&verdict, "script"), Some("/SuiteApps/com.example.loyalty/ue.js"));
        assert_eq!(fact(&verdict, "missing_object"), Some("CUSTOMRECORD_LOYALTY"));
        assert_eq!(fact(&verdict, "list"), Some("answered"));
        let summary = verdict.summary();
        assert!(summary.contains("ue.js") && summary.contains("CUSTOMRECORD_LOYALTY"), "{summary}");
        let said = verdict.facts().iter().find(|fact| fact.key == "netsuite_says").unwrap();
        assert_eq!(said.source.as_deref(), Some("NetSuite's own words"));
    }
}

#[tokio::test]
async fn a_type_that_rest_offers_to_nobody_is_no_matter_of_permission() {
    for name in ["file", "FOLDER"] {
        let text = format!("Record type '{name}' does not exist.");
        let double = Double::serving(move |_| error(404, "NONEXISTENT_ID", &text));
        let verdict = record(&SPEC, &signed_in(double.client()), name).await;
        assert_eq!(outcome(&verdict), (Status::Fail, "type-not-offered"), "{name}");
        assert!(verdict.params().iter().any(|(key, text)| *key == "instead" && !text.is_empty()));
    }
}

#[tokio::test]
async fn what_came_in_place_of_a_list_is_named() {
    let soap = "<soapenv:Envelope><soapenv:Body><soapenv:Fault><faultstring>Not here.</faultstring>\
                </soapenv:Fault></soapenv:Body></soapenv:Envelope>";
    for (reply, words) in [
        (
            Behaviour::new(200, "text/html", "<html><title>Guest \u{1b}[31m network</title>"),
            "An HTML page titled \"Guest \u{fffd}[31m network\" came instead of the list",
        ),
        (Behaviour::new(200, "text/xml", soap), "was 200 with a SOAP fault"),
        (
            Behaviour::json(418, r#"{"code":"TEAPOT","message":"Short."}"#),
            "was 418 with an error in a form of its own",
        ),
    ] {
        let verdict = listed(reply).await;
        assert_eq!(verdict.status(), Status::Inconclusive);
        assert!(verdict.summary().contains(words), "{}", verdict.summary());
    }
    let verdict = listed(Behaviour::new(200, "text/xml", soap)).await;
    assert_eq!(fact(&verdict, "netsuite_says"), Some("Not here."));
    assert_eq!(fact(&verdict, "content_type"), Some("text/xml"));
}
