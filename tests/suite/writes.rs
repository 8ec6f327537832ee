//! Data is never changed: what the emulated account was asked, over the whole list of scenarios.

use std::collections::BTreeMap;
use std::sync::Mutex;

use netsuite_preflight::door::Clock;
use netsuite_preflight::door::LoggedRequest;
use netsuite_preflight::door::ThreadedEmulator;
use netsuite_preflight::door::{CheckResult, Status};
use netsuite_preflight::door::{Scenario, scenario};

use crate::online::checked;
use crate::scenarios::find;
use crate::support::Program;

/// Form requests seen, by scenario.
type Forms = BTreeMap<String, Vec<LoggedRequest>>;

#[test]
fn nothing_is_written_in_any_scenario() {
    let queue = Mutex::new(scenario::all().unwrap());
    let forms = Mutex::new(Forms::new());
    let faults = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let Some(scenario) = queue.lock().unwrap().pop() else { break };
                    let (seen, wrong) = watched(&scenario);
                    forms.lock().unwrap().insert(scenario.name.clone(), seen);
                    faults.lock().unwrap().extend(wrong);
                }
            });
        }
    });
    let faults = faults.into_inner().unwrap();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    forms_are_asked_for_where_that_is_wanted(&forms.into_inner().unwrap());
}

/// The form requests of a run, and whatever it did that it must not do.
fn watched(scenario: &Scenario) -> (Vec<LoggedRequest>, Vec<String>) {
    let before = rows(&scenario.prepare(&Clock::system()).unwrap().account);
    // An identifier that is malformed ends the run before the network.
    let Some((emulator, _)) = checked(scenario) else { return (Vec::new(), Vec::new()) };
    let name = &scenario.name;
    let wanted = scenario.client.args.iter().any(|arg| arg == "--probe-writes");
    let mut faults = Vec::new();
    let mut forms = Vec::new();
    for entry in emulator.log().entries() {
        let form = entry.guarded_form;
        let only_reads = entry.method == "GET"
            || (entry.method == "POST"
                && (entry.path.ends_with("/token") || entry.path.contains("/query/v1/suiteql?")));
        if entry.changed {
            faults.push(format!("{name}: {} {} changed data", entry.method, entry.path));
        }
        let allowed = only_reads || (form && wanted);
        if !allowed {
            faults.push(format!("{name}: {} {} could write", entry.method, entry.path));
        }
        if entry.could_write && !form {
            faults.push(format!("{name}: {} {} is a write", entry.method, entry.path));
        }
        if form {
            forms.push(entry);
        }
    }
    if rows(&emulator.account()) != before {
        faults.push(format!("{name}: a record was made, changed or deleted"));
    }
    (forms, faults)
}

fn rows(account: &netsuite_preflight::door::Account) -> Vec<String> {
    account.records.iter().map(|(name, record)| format!("{name} {:?}", record.rows)).collect()
}

/// The watch is worth something only if it sees form requests where there are some.
fn forms_are_asked_for_where_that_is_wanted(forms: &Forms) {
    let sent = |name: &str| -> Vec<(&str, Option<u16>)> {
        forms[name].iter().map(|entry| (entry.method.as_str(), entry.status)).collect()
    };
    assert_eq!(
        sent("form-create-opened").iter().filter(|(method, _)| *method == "PATCH").count(),
        1
    );
    assert_eq!(sent("form-refused-level"), [("POST", Some(403))]);
    for unsent in
        ["form-not-described", "form-without-mandatory-field", "form-older-release", "healthy"]
    {
        assert_eq!(sent(unsent), [], "{unsent}");
    }
    // A release that lies is asked once for each type and level, and refuses for another guard.
    let lying = sent("form-older-release-described");
    assert!(
        !lying.is_empty() && lying.iter().all(|sent| *sent == ("POST", Some(400))),
        "{lying:?}"
    );
    // Once shown that forms are not honoured, nothing further is sent.
    assert_eq!(sent("form-older-release-property-ignored"), [("POST", Some(400))]);
}

#[test]
fn the_guard_or_refusal_is_named() {
    for (name, level, status, word) in [
        ("form-refused-level", "create", Status::Fail, "too low a level"),
        ("form-refused-permission-absent", "create", Status::Fail, "Currency"),
        ("form-not-described", "edit", Status::Skipped, "does not list the"),
        ("form-without-mandatory-field", "create", Status::Skipped, "no mandatory field"),
        (
            "form-older-release-described",
            "create",
            Status::Inconclusive,
            "a property that does not exist",
        ),
        ("form-older-release-property-ignored", "create", Status::Inconclusive, "taken for a real"),
        ("form-older-release-property-ignored", "edit", Status::Skipped, "earlier form request"),
        ("record-edit-not-probed", "edit", Status::Skipped, "only reads"),
    ] {
        let found = results(name);
        let entry = found.1.iter().find(|result| {
            result.key.check.as_str() == "record-access" && result.key.to_string().ends_with(level)
        });
        let verdict = &entry.unwrap().verdict;
        assert_eq!(verdict.status(), status, "{name}");
        assert!(verdict.summary().contains(word), "{name}: {}", verdict.summary());
    }
}

fn results(name: &str) -> (ThreadedEmulator, Vec<CheckResult>) {
    checked(&scenario::find(name).unwrap()).unwrap()
}

#[test]
fn what_was_not_tried_says_how_it_can_be() {
    let demo =
        |name| Program::new(["demo", "--format", "json", "--scenario", name]).ends().1.json();
    let report = demo("record-edit-not-probed");
    let entry = find(&report, "record-access:customer:edit").unwrap();
    assert_eq!(entry["reason"]["code"], "not-probed");
    let guidance = entry["fix"].to_string();
    for flag in ["--probe-writes --record customer:edit", "--role-file"] {
        assert!(guidance.contains(flag), "{flag}: {guidance}");
    }
    let report = demo("form-create-opened");
    let full = find(&report, "record-access:customer:full").unwrap();
    assert!(full["fix"].to_string().contains("--role-file"));
    let evidence = find(&report, "record-access:customer:create").unwrap()["evidence"].to_string();
    assert!(evidence.contains("inferred"), "{evidence}");
}

#[test]
fn a_corrected_clock_is_said_where_it_was_corrected() {
    let demo =
        |name| Program::new(["demo", "--format", "json", "--scenario", name]).ends().1.json();
    let corrected = demo("clock-ten-minutes-ahead-corrected");
    let plain = demo("clock-ten-minutes-ahead");
    for id in ["clock", "token-exchange"] {
        let evidence = |report| find(report, id).unwrap()["evidence"].to_string();
        assert!(evidence(&corrected).contains("iat_correction_seconds"), "{id}");
        assert!(!evidence(&plain).contains("iat_correction_seconds"), "{id}");
    }
}
