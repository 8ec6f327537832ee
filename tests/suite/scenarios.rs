//! Every scenario: `check` says of it what its file expects, through the program itself.

use std::sync::Mutex;

use netsuite_preflight::emulator::scenario::{self, Scenario};
use serde_json::Value;

use crate::support::{Program, schema};

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
    wrong.into_iter().map(|what| format!("{name}: {what}")).collect()
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
