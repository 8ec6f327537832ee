//! The same cause is found whichever of the conflicting forms the server uses: every switch of the
//! emulator, every choice.

use std::collections::BTreeSet;
use std::sync::Mutex;

use netsuite_preflight::door::SWITCHES;
use netsuite_preflight::door::scenario;
use serde_json::Value;

use crate::scenarios::find;
use crate::support::{Emulated, Program};

/// Which scenarios a switch can matter to.
const MATTERS_TO: &[(&str, &[&str])] = &[
    (
        "token-fault",
        &[
            "certificate-revoked",
            "key-of-another-certificate",
            "client-id-unknown",
            "integration-blocked",
            "clock-ten-minutes-ahead",
            "two-expired-and-blocked",
        ],
    ),
    ("unknown-key", &["certificate-revoked", "certificate-never-uploaded"]),
    ("scope-fault", &["scope-not-ticked", "two-key-of-another-and-scope-not-ticked"]),
    ("unknown-client-detail", &["client-id-unknown"]),
    ("grant-box-detail", &["grant-box-unticked"]),
    ("audience", &["healthy"]),
    ("assertion-lifetime", &["healthy"]),
    ("clock-tolerance", &["clock-two-minutes-behind", "clock-ten-minutes-ahead"]),
    ("fractional-times", &["healthy"]),
    // `required` is left out: this program sends the documented form, which Oracle's sample shows.
    ("client-id-parameter", &[]),
    ("login-permission", &["login-permission-missing"]),
    ("token-subject", &["healthy"]),
    ("token-type", &["healthy"]),
    ("expires-in", &["healthy"]),
    ("rest-not-admitted", &["rest-permission-missing-401", "login-permission-missing"]),
    ("rest-feature-off", &["rest-feature-off"]),
    ("server-time-permission", &["rest-permission-missing-401", "rest-permission-missing-403"]),
    ("list-refusal", &["record-permission-absent", "two-customer-refused-and-case-feature-off"]),
    ("record-refusal", &["record-permission-absent"]),
    ("type-feature-off", &["type-feature-off"]),
    ("beta-status", &["record-beta"]),
    ("restricted-row", &["record-restricted-rows-listed"]),
    ("restricted-rows-in-lists", &["record-restricted-rows-listed"]),
    ("workbook-missing-list", &["workbook-permission-missing", "workbook-feature-off"]),
    ("workbook-missing-query", &["workbook-permission-missing", "workbook-permission-too-low"]),
    ("unknown-table", &["healthy"]),
    ("script-failure", &["record-script-fails"]),
    ("metadata-catalog", &["type-feature-off", "record-permission-absent"]),
    (
        "metadata-catalog-names",
        &["healthy", "type-feature-off", "form-create-opened", "record-permission-absent"],
    ),
    ("rest-headers", &["healthy", "record-permission-absent"]),
    ("governance-refusal", &["healthy"]),
    ("retry-after", &["record-rate-limited"]),
    ("rate-limit-body", &["record-rate-limited"]),
    // These decide whether a form can be asked for at all; the scenarios of forms hold both ways.
    ("form-unknown-property", &[]),
    ("write-unknown-property", &[]),
    ("form-description", &[]),
    ("datacenterurls-case", &["account-sandbox"]),
    ("unknown-account-host", &["account-unknown"]),
    ("long-certificate", &["certificate-past-two-years"]),
    // These are about uploading and revoking, which `check` never does.
    ("certificate-upload-refusal", &[]),
    ("certificate-upload-status", &[]),
    ("own-certificates", &["certificate-list-readable"]),
    ("revoked-again", &[]),
    // These matter to the sign-in of an administrator alone.
    ("redirect-http", &[]),
    ("redirect-port", &[]),
    ("authorize-refusal", &[]),
    ("code-grant-on-m2m-record", &[]),
    ("code-challenge", &[]),
    ("code-lifetime", &[]),
    ("code-used-twice", &[]),
    ("login-audit-query", &["healthy"]),
    ("login-audit-row", &["certificate-revoked"]),
    ("login-audit-delay", &["certificate-revoked"]),
    ("login-audit-time", &["certificate-revoked"]),
    ("certificates-of-another-client", &["certificate-list-readable"]),
    ("certificate-upload-role", &[]),
    ("error-type", &["record-permission-absent", "custom-record-refused"]),
];

#[test]
fn every_switch_is_in_the_table() {
    let there: BTreeSet<&str> = SWITCHES.iter().map(|switch| switch.name).collect();
    let told: BTreeSet<&str> = MATTERS_TO.iter().map(|(name, _)| *name).collect();
    assert_eq!(told, there);
}

#[test]
fn the_same_cause_is_found_whichever_form_the_server_uses() {
    let mut cases = Vec::new();
    for switch in SWITCHES {
        let scenarios = MATTERS_TO.iter().find(|(name, _)| *name == switch.name).unwrap().1;
        for value in switch.choices.iter().map(|choice| choice.value) {
            cases.extend(scenarios.iter().map(|name| (switch.name, value, *name)));
        }
    }
    assert!(cases.len() > 80, "{}", cases.len());
    let queue = Mutex::new(cases);
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let Some((switch, value, name)) = queue.lock().unwrap().pop() else { break };
                    let found = differences(switch, value, name);
                    let told = found.into_iter().map(|w| format!("{name}, {switch}={value}: {w}"));
                    wrong.lock().unwrap().extend(told);
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} differences\n{}", wrong.len(), wrong.join("\n"));
}

fn differences(switch: &str, value: &str, name: &str) -> Vec<String> {
    let expect = scenario::find(name).unwrap().expect;
    let account = Emulated::switched(name, &[(switch, value)]);
    let mut args = account.check_args();
    args.extend(account.client.records.iter().map(|record| format!("--record={record}")));
    args.extend(account.client.args.iter().cloned());
    args.push("--format=json".to_owned());
    let (code, run) = Program::new(args).ends();
    let report = run.json();
    let mut wrong = Vec::new();
    let named = named_anywhere(&report);
    for (key, causes) in &expect.causes {
        for cause in causes.iter().filter(|cause| !named.contains(*cause)) {
            wrong.push(format!("{cause}, expected at {key}, is named nowhere: {named:?}"));
        }
    }
    for (key, status) in &expect.statuses {
        let now = find(&report, key).and_then(|entry| entry["status"].as_str());
        if status.status.as_str() == "fail" && now == Some("pass") {
            wrong.push(format!("{key} passes although the fault touches it"));
        }
    }
    if expect.causes.is_empty() && code != Some(i32::from(expect.exit_code)) {
        wrong.push(format!("exit code {code:?}, expected {}", expect.exit_code));
    }
    wrong
}

/// Every cause that the report names as likely or possible.
fn named_anywhere(report: &Value) -> BTreeSet<String> {
    let entries = report["checks"].as_array().into_iter().flatten();
    let causes = entries.filter_map(|entry| entry["causes"].as_array()).flatten();
    causes
        .filter(|cause| cause["rank"] != "ruled_out")
        .map(|cause| cause["id"].as_str().unwrap().to_owned())
        .collect()
}
