//! What reaches the terminal and the log of a CI system: words of others never give it orders.

use serde_json::{Value, json};

use crate::support::{Emulated, Program, formats};

/// A title of a window, colours, a cleared screen, C1, reversed text, nothing visible, line breaks.
const HOSTILE: &str =
    "x\u{1b}]0;T\u{7}\u{1b}[31m\u{9b}2J\u{202e}\u{2066}\u{200b}\u{200e}\u{61c}\u{2028}\r\u{8}y";
const COMMANDS: &str = "::set-output name=a::b\n  ::add-mask::c ##[error]d ##vso[task.complete]e ##teamcity[x] [[ATTACHMENT|/f]]";

fn obeyed(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}'
            | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[track_caller]
fn calm(place: &str, text: &str) {
    let found = text.chars().find(|c| obeyed(*c));
    assert_eq!(found, None, "{place}:\n{text:?}");
}

#[track_caller]
fn no_orders(place: &str, text: &str) {
    for order in ["##[", "##vso[", "##teamcity[", "[[ATTACHMENT|"] {
        assert!(!text.contains(order), "{place}: {order}\n{text}");
    }
    let order = text.lines().find(|line| line.trim_start().starts_with("::"));
    assert_eq!(order, None, "{place}\n{text}");
}

fn report() -> Value {
    let account = Emulated::scenario("certificate-revoked");
    let mut args = account.check_args();
    args.push("--record=customer".to_owned());
    args.push("--format=json".to_owned());
    Program::new(&args).exits(1).json()
}

/// The same report with a text in each string that is free text, and so may hold anything that can
/// be seen.
fn spoiled(report: &Value, text: &str) -> Value {
    let mut report = report.clone();
    for check in report["checks"].as_array_mut().unwrap() {
        for member in ["title", "summary"] {
            check[member] = text.into();
        }
        for cause in check["causes"].as_array_mut().unwrap() {
            cause["title"] = text.into();
            cause["because"] = json!([text]);
        }
    }
    report["later"] = json!({ text: text });
    report
}

#[test]
fn a_received_report_gives_no_orders() {
    let report = report();
    let hostile = spoiled(&report, HOSTILE);
    let commands = spoiled(&report, &COMMANDS.replace('\n', " "));
    for format in formats() {
        let show = ["report", "show", "-", "--format", format];
        let run = Program::new(show).stdin(hostile.to_string()).exits(2);
        calm(format, &run.stderr);
        let run =
            Program::new(show).env("GITHUB_ACTIONS", "true").stdin(commands.to_string()).exits(0);
        no_orders(format, &run.stdout);
        no_orders(format, &run.stderr);
        if format == "json" {
            assert_eq!(run.json(), commands, "nothing is lost");
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("report.json");
    std::fs::write(&other, report.to_string()).unwrap();
    for (document, variable) in [(&hostile, "HOME_OF_NONE"), (&commands, "TF_BUILD")] {
        for format in ["human", "json"] {
            for words in [&["report", "verify"][..], &["report", "diff", other.to_str().unwrap()]] {
                let program = Program::new(words).arg("-", format!("--format={format}"));
                let (_, run) = program.env(variable, "1").stdin(document.to_string()).ends();
                calm(format, &run.stdout);
                calm(format, &run.stderr);
                if variable == "TF_BUILD" {
                    no_orders(format, &run.stdout);
                    no_orders(format, &run.stderr);
                }
            }
        }
    }
}

#[test]
fn messages_about_values_give_no_orders() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let key = serde_json::to_string(HOSTILE).unwrap().replace("\\b", "\\u0008");
    let wrong = write("wrong.toml", format!("[targets.a]\n{key} = 1\n"));
    let names = write("names.toml", format!("[targets.{key}]\naccount_id = '1'\n[targets.b]\n"));
    let profile = write("profile.toml", format!("{key} = 1\n"));
    let mut enumerated = report();
    enumerated["run"]["mode"] = HOSTILE.into();
    let enumerated = write("report.json", enumerated.to_string());
    let given = HOSTILE.replace('\r', "");
    for line in [
        vec!["check", "--offline", "--config", &wrong, "--target", "a"],
        vec!["check", "--offline", "--config", &names],
        vec!["check", "--offline", "--account-id=1", "--profile", &profile],
        vec!["report", "show", &enumerated],
        vec!["report", "verify", &enumerated],
        vec!["check", "--offline", "--private-key", &given],
        vec!["check", "--offline", "--config", &given],
        vec!["check", "--offline", "--account-id=1", "--record", &given],
        vec!["check", "--offline", "--only", &given],
        vec!["check", "--format", &given],
        vec!["check", "--offline", "--account-id=1", "--audit-detail", &given],
        vec!["check", &given],
        vec![&given],
        vec!["demo", "--scenario", &given],
        vec!["emulate", "--switch", &given],
        vec!["explain", &given],
        vec!["list", &given],
    ] {
        let (code, run) = Program::new(&line).ends();
        assert!(matches!(code, Some(1 | 2)), "{line:?} {code:?} {}", run.stderr);
        calm(&format!("{line:?}"), &run.stdout);
        calm(&format!("{line:?}"), &run.stderr);
    }
}

#[test]
fn an_empty_variable_is_unset() {
    let mut line = vec!["check", "--offline", "--account-id=1234567"];
    for variable in [
        "NETSUITE_ACCOUNT_ID",
        "NETSUITE_CLIENT_ID",
        "NETSUITE_CLIENT_SECRET",
        "NETSUITE_CERTIFICATE_ID",
        "NETSUITE_PRIVATE_KEY",
        "NETSUITE_PRIVATE_KEY_FILE",
        "NETSUITE_PRIVATE_KEY_PASSPHRASE",
        "NETSUITE_CERTIFICATE_FILE",
        "NETSUITE_PREFLIGHT_CA_FILE",
        "NETSUITE_PREFLIGHT_CONNECT_TO",
    ] {
        Program::new(&line).env(variable, "").exits(0);
        Program::new(["list", "checks"]).env(variable, "").exits(0);
        let said = Program::new(["certificates", "list"]).env(variable, "").exits(2).stderr;
        assert!(said.contains("--private-key"), "{variable}: {said}");
        Program::new(["role", "plan", "--record=customer"]).env(variable, "").exits(0);
    }
    line.push("--format=short");
    Program::new(&line).env("CI", "").exits(0);
}
