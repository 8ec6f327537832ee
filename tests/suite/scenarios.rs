//! Every scenario: `check` says of it what its file expects, through the program itself.

use std::sync::Mutex;

use netsuite_preflight::door::{Expect, Scenario, scenario};
use serde_json::Value;

use crate::support::{Emulated, Program, schema};

#[test]
fn check_says_of_each_scenario_what_its_file_expects() {
    let queue = Mutex::new(scenario::all().unwrap());
    let wrong = Mutex::new(Vec::new());
    // Most of the time is spent waiting, not computing.
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let Some(scenario) = queue.lock().unwrap().pop() else { break };
                    wrong.lock().unwrap().extend(differences(&scenario));
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} differences\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn there_are_scenarios_for_every_area() {
    use std::collections::BTreeSet;
    let areas: BTreeSet<_> = scenario::all().unwrap().iter().map(|one| one.area).collect();
    assert_eq!(areas.len(), 9, "{areas:?}");
}

fn differences(scenario: &Scenario) -> Vec<String> {
    let name = &scenario.name;
    let args = ["demo", "--format", "json", "--scenario", name];
    let (code, run) = Program::new(args).ends();
    let report = run.json();
    let mut wrong = schema::violations(&report);
    let stated = report["summary"]["exit_code"].as_i64();
    if stated != code.map(i64::from) {
        wrong.push(format!("the report states exit code {stated:?}, the program ended {code:?}"));
    }
    if code != Some(i32::from(scenario.expect.exit_code)) {
        wrong.push(format!("exit code {code:?}, expected {}", scenario.expect.exit_code));
    }
    for (key, expected) in &scenario.expect.statuses {
        let Some(entry) = find(&report, key) else {
            wrong.push(format!("{key} is not in the report"));
            continue;
        };
        let status = entry["status"].as_str().unwrap();
        let reason = entry["reason"]["code"].as_str();
        let other_reason = expected.reason.is_some() && expected.reason.as_deref() != reason;
        if status != expected.status.as_str() || other_reason {
            wrong.push(format!(
                "{key} is {status} {reason:?}, expected {} {:?}: {}",
                expected.status.as_str(),
                expected.reason,
                entry["summary"]
            ));
        }
    }
    wrong.extend(cause_differences(&scenario.expect, &report));
    wrong.extend(blanks(&report));
    wrong.into_iter().map(|what| format!("{name}: {what}")).collect()
}

/// Texts of the report in which a value was not filled in. A person is to fill in what no run can
/// know: these are not among them.
fn blanks(report: &Value) -> Vec<String> {
    const KNOWN: [&str; 14] = [
        "<record>",
        "<asked-level>",
        "<permission>",
        "<level>",
        "<feature>",
        "<netsuite-says>",
        "<scopes>",
        "<missing-scopes>",
        "<algorithm>",
        "<status>",
        "<script>",
        "<missing-object>",
        "<instead>",
        "<guard>",
    ];
    let checks = report["checks"].as_array().into_iter().flatten();
    let texts = checks.map(|entry| (entry["id"].to_string(), entry.to_string()));
    texts
        .flat_map(|(id, text)| {
            let left = KNOWN.into_iter().filter(move |blank| text.contains(blank));
            left.map(move |blank| format!("{id} leaves {blank} unfilled"))
        })
        .collect()
}

/// What is wrong with the causes: one that is at work and not named, one that should come first
/// and does not, one that is named although a check that passed excludes it.
pub fn cause_differences(expect: &Expect, report: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    for (key, causes) in &expect.causes {
        let named = named(report, key);
        for cause in causes.iter().filter(|cause| !named.contains(cause)) {
            wrong.push(format!("{key} does not name {cause}, but {named:?}"));
        }
    }
    for (key, cause) in &expect.first {
        let named = named(report, key);
        if named.first() != Some(cause) {
            wrong.push(format!("{key} puts {:?} before {cause}", named.first()));
        }
    }
    for entry in report["checks"].as_array().into_iter().flatten() {
        let key = entry["id"].as_str().unwrap();
        for (cause, excluded_by) in EXCLUDED {
            let passed = |check: &&str| find(report, check).is_some_and(|e| e["status"] == "pass");
            if excluded_by.iter().all(passed) && named(report, key).iter().any(|c| c == cause) {
                wrong.push(format!("{key} names {cause}, which {excluded_by:?} exclude"));
            }
        }
    }
    wrong
}

/// Causes and the checks whose passing proves them innocent.
const EXCLUDED: &[(&str, &[&str])] = &[
    ("key-of-another-certificate", &["key-matches-certificate", "certificate-id-matches"]),
    ("certificate-id-wrong", &["certificate-id-matches"]),
    ("certificate-expired", &["certificate-expiry"]),
    ("certificate-not-yet-valid", &["certificate-expiry"]),
    ("certificate-cap-passed", &["certificate-expiry"]),
    ("clock-wrong", &["clock"]),
    ("key-too-weak", &["key-strength", "certificate-key"]),
    ("key-of-another-kind", &["key-strength", "certificate-key"]),
    ("scope-not-ticked", &["token-scope"]),
    ("account-unknown", &["account-exists"]),
    ("egress-blocked", &["connection", "account-exists"]),
    ("workbook-permission-missing", &["query-service"]),
    ("workbook-feature-off", &["query-service"]),
];

/// The causes that an entry names as likely or possible, best first.
fn named(report: &Value, key: &str) -> Vec<String> {
    let causes = find(report, key).and_then(|entry| entry["causes"].as_array());
    let left = causes.into_iter().flatten().filter(|cause| cause["rank"] != "ruled_out");
    left.map(|cause| cause["id"].as_str().unwrap().to_owned()).collect()
}

/// The scenarios that have causes: how many, with two faults, and with a cause that must come
/// first.
#[test]
fn a_quarter_of_the_faulty_scenarios_has_two_faults() {
    let all = scenario::all().unwrap();
    let faulty: Vec<_> = all.iter().filter(|one| !one.expect.causes.is_empty()).collect();
    let two = faulty.iter().filter(|one| one.expect.faults == 2).count();
    let separable = faulty.iter().filter(|one| !one.expect.first.is_empty()).count();
    assert!(faulty.len() >= 110, "{}", faulty.len());
    assert!(two * 4 >= faulty.len(), "{two} of {}", faulty.len());
    assert!(separable * 3 >= faulty.len() * 2, "{separable} of {}", faulty.len());
    for one in faulty.iter().filter(|one| one.expect.faults == 2) {
        let causes: usize = one.expect.causes.values().map(Vec::len).sum();
        assert!(
            causes >= 2 || one.expect.statuses.values().any(|s| s.reason.is_some()),
            "{}",
            one.name
        );
    }
    // What fails has to be explained in every scenario.
    for one in all.iter().filter(|one| one.expect.exit_code == 1) {
        assert!(
            !one.expect.causes.is_empty() || one.expect.faults == 0,
            "{} has no cause",
            one.name
        );
    }
}

/// With what the Login Audit Trail shows, the cause at work is likely.
#[test]
fn the_audit_trail_names_the_cause_of_a_refused_sign_in() {
    let mut told = 0;
    for scenario in scenario::all().unwrap() {
        let Some(detail) = &scenario.expect.audit_detail else { continue };
        let Some(causes) = scenario.expect.causes.get("token-exchange") else { continue };
        let account = Emulated::scenario(&scenario.name);
        let mut args = account.check_args();
        args.extend(["--skip=records".to_owned(), "--format=json".to_owned()]);
        args.push(format!("--audit-detail={}", detail.to_lowercase()));
        args.extend(account.client.scopes.iter().map(|scope| format!("--scope={scope}")));
        let report = Program::new(args).exits(1).json();
        let entry = find(&report, "token-exchange").unwrap();
        let rank_of = |cause: &str| {
            let causes = entry["causes"].as_array().unwrap();
            causes.iter().find(|one| one["id"] == cause).map(|one| one["rank"].clone())
        };
        let likely = causes.iter().any(|cause| rank_of(cause).is_some_and(|rank| rank == "likely"));
        assert!(likely, "{}: {detail} does not lead to {causes:?}", scenario.name);
        assert!(entry["evidence"].to_string().contains(detail.as_str()), "{}", scenario.name);
        told += 1;
    }
    assert!(told >= 18, "{told}");
}

/// The entry of a check, with its subject after a colon where it has one.
pub fn find<'a>(report: &'a Value, key: &str) -> Option<&'a Value> {
    let (id, subject) = match key.split_once(':') {
        Some((id, subject)) => (id, Some(subject)),
        None => (key, None),
    };
    report["checks"]
        .as_array()?
        .iter()
        .find(|entry| entry["id"] == id && entry["subject"].as_str() == subject)
}
