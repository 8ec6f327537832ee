//! Documents that somebody else wrote: whatever they hold, nothing of it runs and nothing reaches
//! the terminal raw. Each is refused where it is read, by the name of the member.

use std::path::{Path, PathBuf};

use netsuite_preflight::door::Exchanges;
use serde_json::{Value, json};

use crate::support::{Program, formats};

/// What a shell, a terminal or a reader of lines would obey.
const HOSTILE: [&str; 5] =
    ["customer\ntouch ran\n#", "a\u{1b}]0;x\u{7}", "a\u{9b}2J", "a\u{202e}b", "a\u{2028}b\0"];

fn recorded() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/exchanges/healthy.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn cases() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/cases/security");
    if !folder.is_dir() {
        println!("skipped: no cases here");
    }
    folder.is_dir().then_some(folder)
}

/// Only what a person may see: no control character but the ends of lines.
#[track_caller]
fn harmless(text: &str) {
    let obeyed = |c: char| c != '\n' && netsuite_preflight::door::plain::obeyed(c);
    assert!(!text.contains(obeyed), "{text:?}");
}

/// The command, with this file behind the flag or as its last argument, refuses it.
#[track_caller]
fn refused(args: &[&str], file: &Path) -> String {
    let run = Program::new(args).in_dir(file.parent().unwrap());
    // To say what is wrong with a report is what `verify` is for.
    let run = run.arg("--", file).exits(if args.contains(&"verify") { 1 } else { 2 });
    harmless(&run.stderr);
    harmless(&run.stdout);
    assert!(!file.with_file_name("ran").exists(), "a command of the file ran");
    format!("{}{}", run.stdout, run.stderr)
}

fn written(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn places(at: &str, value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(_) => found.push(at.to_owned()),
        Value::Array(all) => {
            all.iter().enumerate().for_each(|(i, v)| places(&format!("{at}/{i}"), v, found));
        }
        Value::Object(all) => {
            for (name, member) in all {
                places(&format!("{at}/{}", name.replace('/', "~1")), member, found);
            }
        }
        _ => {}
    }
}

#[test]
fn no_text_of_recorded_exchanges_is_more_than_it_shows() {
    let whole = recorded();
    let mut all = Vec::new();
    places("", &whole, &mut all);
    assert!(all.len() > 100);
    for (place, hidden) in all.iter().zip(HOSTILE.iter().cycle()) {
        let mut document = whole.clone();
        *document.pointer_mut(place).unwrap() = json!(hidden);
        let told = Exchanges::read(document.to_string().as_bytes()).unwrap_err().to_string();
        assert!(told.contains("control character") && told.contains("line 1"), "{place}: {told}");
        harmless(&told);
    }
}

#[test]
fn recorded_exchanges_are_read_as_what_they_are() {
    for (place, wrong) in [
        ("/records/0", json!("customer; touch ran")),
        ("/records/0", json!("customer:delete")),
        ("/account_id", json!("1234567; touch ran")),
        ("/account_id", json!("1234567.example/")),
        ("/certificate_id", json!("$(touch ran)")),
        ("/run_id", json!("`touch ran`")),
        ("/tool/version", json!("1 && touch ran")),
        ("/exchanges/0/method", json!("FETCH")),
        ("/exchanges/0/host", json!("a.example/x")),
        ("/exchanges/0/path", json!("no/slash")),
        ("/exchanges/0/query", json!("a b")),
        ("/exchanges/0/sent", json!("yesterday")),
        ("/exchanges/0/status", json!(7)),
        ("/exchanges/0/body/kind", json!("picture")),
        ("/exchanges/0/headers/content-type", json!("x".repeat(20_000))),
        ("/exchanges/0/headers/location-host", json!("user@host")),
    ] {
        let mut document = recorded();
        match document.pointer_mut(place) {
            Some(member) => *member = wrong,
            None => document["exchanges"][0]["headers"]["location-host"] = wrong,
        }
        let told = Exchanges::read(document.to_string().as_bytes()).unwrap_err().to_string();
        assert!(told.contains("line") && !told.contains("touch"), "{place}: {told}");
    }
    let mut later = recorded();
    later["later"] = json!({"more": ["text"]});
    later["exchanges"][0]["later"] = json!(1);
    assert!(Exchanges::read(later.to_string().as_bytes()).is_ok());
}

#[test]
fn nothing_of_recorded_exchanges_reaches_the_shell_that_reads_the_lines() {
    let folder = tempfile::tempdir().unwrap();
    for (at, hidden) in HOSTILE.iter().enumerate() {
        for place in ["/records/0", "/account_id", "/exchanges/0/host"] {
            let mut document = recorded();
            *document.pointer_mut(place).unwrap() = json!(hidden);
            let path = written(folder.path(), &format!("{at}.json"), &document.to_string());
            let run = Program::new([Path::new("emulate"), Path::new("--replay"), &path]).exits(2);
            assert!(run.stderr.contains("control character"), "{}", run.stderr);
            harmless(&run.stderr);
        }
    }
    let text = recorded().to_string();
    let twice = text.replacen('{', "{\"records\":[\"customer:view\"],", 1);
    let path = written(folder.path(), "twice.json", &twice);
    let run = Program::new([Path::new("emulate"), Path::new("--replay"), &path]).exits(2);
    assert!(run.stderr.contains("twice in one object: the member records"), "{}", run.stderr);
    if let Some(path) = cases().map(|cases| cases.join("exchanges-records-newline.json")) {
        let run = Program::new([Path::new("emulate"), Path::new("--replay"), &path]).exits(2);
        assert!(run.stderr.contains("records[0]"), "{}", run.stderr);
    }
}

#[test]
fn received_reports_and_sets_are_refused_by_member() {
    let folder = tempfile::tempdir().unwrap();
    let run = Program::new(["demo", "--scenario=certificate-revoked", "--format=json"]).exits(1);
    let report = run.json();
    for (place, wrong, names) in [
        ("/checks/3/summary", json!(HOSTILE[1]), "checks[3].summary"),
        ("/checks/0/id", json!(HOSTILE[2]), "checks[0].id"),
        ("/run/mode", json!(HOSTILE[3]), "run.mode"),
        ("/target/records", json!([HOSTILE[0]]), "target.records[0]"),
        ("/target/account_id", json!("$(touch ran)"), "target.account_id"),
        ("/target/hosts/0", json!("a b"), "target.hosts"),
        ("/checks/0/docs", json!("javascript:alert(1);"), "checks[0].docs"),
    ] {
        let mut document = report.clone();
        *document.pointer_mut(place).unwrap() = wrong;
        let path = written(folder.path(), "report.json", &document.to_string());
        let set = json!({
            "schema": {"name": "netsuite-preflight/report-set", "version": 1},
            "summary": {}, "targets": [], "reports": [document],
        });
        let set = written(folder.path(), "set.json", &set.to_string());
        for (path, names) in [(&path, names.to_owned()), (&set, names.to_owned())] {
            for command in ["show", "verify"] {
                let told = refused(&["report", command], path);
                assert!(told.contains(&names), "{told}");
            }
        }
    }
    let Some(cases) = cases() else { return };
    for name in ["report-enum-escape.json", "report-cause-id-escape.json"] {
        let copy = folder.path().join(name);
        std::fs::copy(cases.join(name), &copy).unwrap();
        for command in ["show", "verify"] {
            refused(&["report", command], &copy);
        }
    }
}

#[test]
fn unread_members_of_a_later_report_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut report = Program::new(["demo", "--format=json"]).exits(0).json();
    report["later"] = json!({"more": "text"});
    let path = written(folder.path(), "report.json", &report.to_string());
    let run = Program::new(["report", "show", "--format=short"]).arg("--", &path).exits(0);
    assert!(run.stdout.contains("PASSED"), "{}", run.stdout);
}

#[test]
fn a_journal_that_somebody_else_wrote_names_no_other_file() {
    let folder = tempfile::tempdir().unwrap();
    let journal = |account: &str| {
        let id = "A".repeat(43);
        let elsewhere = folder.path().join("elsewhere.pem").display().to_string();
        json!({
            "schema": {"name": "netsuite-preflight/rotation", "version": 1},
            "step": "old-revoked", "account_id": account, "client_id": "0123…cdef",
            "role": 1, "entity": 2, "updated_at": "2026-11-23T20:00:00Z",
            "old": {"certificate_id": id, "private_key_file": null, "certificate_file": null},
            "new": {"certificate_id": id, "private_key_file": elsewhere, "certificate_file": null},
        })
    };
    for (document, says) in [
        (journal("1234567\n$(touch ran)"), "account_id holds a control"),
        (journal("$(touch ran)"), "no account ID"),
    ] {
        written(folder.path(), "rotation.json", &document.to_string());
        let run = Program::new(["certificates", "rotate"]).arg("--resume", folder.path()).exits(2);
        assert!(run.stderr.contains(says), "{}", run.stderr);
        harmless(&run.stderr);
    }
}

#[test]
fn configuration_profiles_and_roles_are_refused_by_place() {
    let folder = tempfile::tempdir().unwrap();
    let config = "[targets.a]\naccount_id = \"1234567\\u001b[31m\"\n";
    let config = written(folder.path(), "c.toml", config);
    let run = Program::new(["check", "--offline"]).arg("--config", &config).exits(2);
    assert!(run.stderr.contains("account_id") && run.stderr.contains("[targets.a]"));
    harmless(&run.stderr);
    let profile = "id = 'own'\nname = \"a\\u009b2J\"\nsource = 's'\ndate = '2026-11-23'\n\
                   grade = 'documented'\n";
    let profile = written(folder.path(), "own.toml", profile);
    let run = Program::new(["role", "plan"]).arg("--profile", &profile).exits(2);
    assert!(run.stderr.contains("name holds a control"), "{}", run.stderr);
    harmless(&run.stderr);
    let role = "<role scriptid=\"customrole_a\"><name>a&#27;[31mb</name></role>";
    let role = written(folder.path(), "role.xml", role);
    let run = Program::new(["role", "compare", "--record=customer"]).arg("--", &role);
    let (code, run) = run.ends();
    assert_ne!(code, Some(0));
    assert!(format!("{}{}", run.stdout, run.stderr).contains("control character"));
    harmless(&run.stderr);
    harmless(&run.stdout);
}

/// A name that is none is told the same way everywhere: it may be a key.
#[test]
fn what_stands_in_the_place_of_a_target_is_not_shown() {
    let key = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg+AAAAAAAAAAAAAAAAAAAAAAAA";
    let folder = tempfile::tempdir().unwrap();
    let text = format!("[targets.a]\naccount_id = '1234567'\n[targets.'{key}']\n");
    let config = written(folder.path(), "c.toml", &text);
    for format in formats() {
        let run = Program::new(["check", "--offline", "--all", "--format", format]);
        let (_, run) = run.arg("--config", &config).ends();
        for text in [&run.stdout, &run.stderr] {
            assert!(!text.contains(&key[..24]), "{format}: {text}");
        }
        assert!(run.stdout.contains("a name that is not shown"), "{format}: {}", run.stdout);
    }
}

/// What the lines cannot carry would name another folder to the shell that reads them.
#[test]
fn the_lines_for_a_shell_name_the_folder_or_nothing() {
    for hidden in ["a\u{1b}[2Jb", "a\tb", "a\u{2028}b"] {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join(hidden);
        let run = Program::new(["emulate", "--port=0"]).arg("--dir", &dir).exits(2);
        assert!(run.stderr.contains("--dir holds a control character"), "{}", run.stderr);
        harmless(&run.stderr);
        assert!(!dir.exists());
    }
}

/// A reader's own words quote the document.
#[test]
fn a_key_in_a_received_report_is_not_repeated() {
    let key = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg+AAAAAAAAAAAAAAAAAAAAAAAA";
    let folder = tempfile::tempdir().unwrap();
    let made = Program::new(["check", "--offline", "--account-id=1234567", "--format=json"]);
    let mut report = made.exits(0).json();
    report["summary"]["counts"]["pass"] = json!(key);
    let report = written(folder.path(), "report.json", &report.to_string());
    for verb in ["show", "verify"] {
        let (code, run) = Program::new(["report", verb]).arg("--", &report).ends();
        assert_ne!(code, Some(0));
        assert!(!format!("{}{}", run.stdout, run.stderr).contains(&key[..24]), "{verb}");
    }
}
