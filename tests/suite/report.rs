//! The forms of a report and the `report` command, as a pipeline and a support desk use them.

use std::path::Path;

use netsuite_preflight::door::Format;
use serde_json::{Value, json};
use strum::VariantArray as _;

use crate::support::files::is_private;
use crate::support::{Program, formats};

/// How many entries the demo has: one per check, and two record types instead of one.
fn entries() -> usize {
    netsuite_preflight::door::ALL.len() + 1
}

/// What a form says of the verdict.
fn says_failed(form: Format, text: &str) -> bool {
    match form {
        Format::Human | Format::Short => text.contains("✗ FAILED"),
        Format::Json => text.contains("\"verdict\": \"fail\"") && text.contains("\"exit_code\": 1"),
        Format::Junit => {
            text.contains("<property name=\"verdict\" value=\"fail\"/>")
                && text.contains(&format!("tests=\"{}\" failures=\"1\" errors=\"0\"", entries()))
        }
        Format::Markdown => text.starts_with("# ✗ FAILED") && text.contains("Exit code 1"),
        Format::Html => text.contains("FAILED</span>") && text.contains("Exit code 1"),
        Format::OpenMetrics => {
            text.contains("verdict=\"fail\"} 1\n")
                && text.contains("_exit_code{")
                && text.ends_with("# EOF\n")
        }
    }
}

/// Every form that can be saved, with its extension.
fn saved_forms() -> Vec<(Format, &'static str)> {
    Format::VARIANTS.iter().filter_map(|form| Some((*form, form.extension()?))).collect()
}

#[test]
fn every_form_is_documented() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/pipelines.md");
    let page = std::fs::read_to_string(page).unwrap();
    for form in Format::VARIANTS {
        let extension = form.extension().map_or("none".to_owned(), |e| format!("`.{e}`"));
        let row = format!("| `{}` | {extension} | {} |", form.name(), form.about());
        assert!(page.contains(&row), "docs/pipelines.md lacks the row\n{row}");
    }
}

/// A report of the demo, saved in a folder.
fn saved(folder: &Path, name: &str, scenario: &str) -> Value {
    let path = folder.join(name);
    let args = ["demo", "--scenario", scenario, "--format=short"];
    Program::new(args).arg("--save", &path).ends();
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[test]
fn the_same_failing_run_has_the_same_verdict_in_every_form() {
    for form in Format::VARIANTS {
        let args = ["demo", "--scenario=certificate-revoked", "--format", form.name()];
        let run = Program::new(args).exits(1);
        assert!(says_failed(*form, &run.stdout), "{form:?}\n{}", run.stdout);
    }
}

#[test]
fn one_run_is_saved_in_all_forms_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut args = vec!["demo".to_owned(), "--scenario=certificate-revoked".to_owned()];
    args.extend(saved_forms().iter().map(|(_, extension)| format!("--save=report.{extension}")));
    args.push("--format=short".to_owned());
    let run = Program::new(&args).in_dir(folder.path()).exits(1);
    assert!(says_failed(Format::Short, &run.stdout));
    for (form, extension) in saved_forms() {
        let path = folder.path().join(format!("report.{extension}"));
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(says_failed(form, &text), "{extension}\n{text}");
        assert!(is_private(&path), "{extension}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), saved_forms().len());
}

#[test]
fn places_that_cannot_be_saved_to_are_refused_before_the_run() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("key.json"), "not a key").unwrap();
    let refused = |args: &[&str], says: &str| {
        let all = ["check", "--offline", "--account-id=1234567"].iter().chain(args);
        let run = Program::new(all).in_dir(folder.path()).exits(2);
        assert!(run.stderr.contains(says), "{args:?}: {}", run.stderr);
    };
    refused(&["--save=report.pdf"], ".json (json), .xml (junit), .md (markdown), .html (html)");
    refused(&["--save=report"], ".prom (openmetrics)");
    refused(&["--save=no/such/folder/report.json"], "--save");
    refused(&["--save=a.json", "--save=./a.json"], "same file");
    refused(&["--save=a.json", "--output=a.json"], "same file");
    refused(&["--private-key=key.json", "--save=key.json"], "input of this run");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_warning_that_counts_is_red_in_the_ci_system() {
    // A Client ID that had to be trimmed is a warning.
    for (fail_on, code, red) in [("fail", 0, false), ("warn", 4, true)] {
        let id = format!(" {}", "0f".repeat(32));
        let args = ["check", "--offline", "--format=junit", "--fail-on", fail_on];
        let run = Program::new(args).arg("--client-id", &id).exits(code);
        assert_eq!(run.stdout.contains("<failure "), red, "{}", run.stdout);
    }
}

#[test]
fn the_path_of_a_support_desk() {
    let folder = tempfile::tempdir().unwrap();
    let before = saved(folder.path(), "before.json", "certificate-revoked");
    saved(folder.path(), "after.json", "healthy");
    let program = |args: &[&str]| Program::new(args).in_dir(folder.path());

    let verified = program(&["report", "verify", "before.json"]).exits(0);
    assert!(verified.stdout.contains("Verified."), "{}", verified.stdout);
    for form in Format::VARIANTS {
        // A failing report is shown as well as any other.
        let shown = program(&["report", "show", "before.json", "--format", form.name()]).exits(0);
        assert!(says_failed(*form, &shown.stdout), "{form:?}\n{}", shown.stdout);
    }
    assert_eq!(
        program(&["report", "show", "before.json", "--format=json"]).exits(0).json(),
        before
    );
    let text = std::fs::read(folder.path().join("before.json")).unwrap();
    let piped = program(&["report", "show", "-", "--format=short"]).stdin(text).exits(0);
    assert!(says_failed(Format::Short, &piped.stdout));

    let diff = program(&["report", "diff", "before.json", "after.json"]).exits(0);
    assert!(diff.stdout.contains("Fixed: token-exchange."), "{}", diff.stdout);
    let back = program(&["report", "diff", "after.json", "before.json", "--format=json"]).exits(1);
    assert_eq!(back.json()["worse"], true);
    let entries = back.json()["entries"].as_array().unwrap().clone();
    let exchange = entries.iter().find(|entry| entry["entry"] == "token-exchange").unwrap();
    assert_eq!((&exchange["change"], &exchange["old"]), (&json!("broken"), &json!("pass")));
    let inputs = ["report", "show", "before.json", "--format=html", "--output=before.json"];
    assert!(program(&inputs).exits(2).stderr.contains("input of this run"));
}

#[test]
fn verify_says_what_is_wrong_and_quotes_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let sound = saved(folder.path(), "sound.json", "healthy");
    let says = |document: &Value, says: &str| {
        let text = document.to_string();
        let run = Program::new(["report", "verify", "-"]).stdin(text.clone()).exits(1);
        assert!(run.stdout.contains(says), "{says}\n{}", run.stdout);
        let run = Program::new(["report", "verify", "-", "--format=json"]).stdin(text).exits(1);
        assert_eq!(run.json()["ok"], false);
        run.stdout
    };
    let mut changed = sound.clone();
    changed["checks"][0]["summary"] = json!("Splendid.");
    says(&changed, "changed after it was written");
    let mut gap = sound.clone();
    gap["run"].as_object_mut().unwrap().remove("mode");
    says(&gap, "not built like a report");
    let mut leaky = sound.clone();
    let secret = "5ec2e75ec2e75ec2e75ec2e7c0ffee11c0ffee115ec2e75ec2e75ec2e75ec2e7";
    leaky["checks"][2]["summary"] = json!(format!("It was {secret}."));
    let told = says(&leaky, "/checks/2/summary holds 64 hexadecimal characters");
    assert!(!told.contains("5ec2e7"), "{told}");
    says(&json!({"a": 1}), "no report");
    let hidden = sound.to_string().replacen('{', "{\"summary\": \"other\",", 1);
    let run = Program::new(["report", "verify", "-"]).stdin(hidden.clone()).exits(1);
    assert!(run.stdout.contains("a member stands twice"), "{}", run.stdout);
    let run = Program::new(["report", "show", "-"]).stdin(hidden).exits(2);
    assert!(run.stderr.contains("two different documents"), "{}", run.stderr);
}

#[test]
fn whoever_reads_a_changed_report_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut changed = saved(folder.path(), "sound.json", "healthy");
    changed["checks"][0]["summary"] = json!("Splendid.");
    std::fs::write(folder.path().join("changed.json"), changed.to_string()).unwrap();
    for (args, told) in [
        (vec!["report", "show", "sound.json"], false),
        (vec!["report", "show", "changed.json"], true),
        (vec!["report", "diff", "sound.json", "changed.json"], true),
    ] {
        let run = Program::new(args).in_dir(folder.path()).exits(0);
        let warned = run.stderr.contains("do not rely on changed.json: the report was changed");
        assert_eq!(warned, told, "{}", run.stderr);
    }
}

#[test]
fn sound_reports_of_every_kind_of_failure_hold_nothing_like_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    for scenario in ["healthy", "certificate-revoked", "record-permission-absent", "token-garbage"]
    {
        saved(folder.path(), "report.json", scenario);
        Program::new(["report", "verify", "report.json"]).in_dir(folder.path()).exits(0);
    }
}

#[test]
fn what_is_no_report_is_named_plainly() {
    let folder = tempfile::tempdir().unwrap();
    let mut newer = saved(folder.path(), "sound.json", "healthy");
    newer["schema"]["version"] = json!(2);
    let newer = newer.to_string();
    for (bytes, says) in [
        ("", "empty"),
        ("<?xml version=\"1.0\"?>", "no JSON"),
        ("{\"schema\":", "no JSON"),
        ("[[[[", "no JSON"),
        ("{}", "no report"),
        (newer.as_str(), "version 2"),
    ] {
        let run = Program::new(["report", "show", "-"]).stdin(bytes).exits(2);
        assert!(run.stderr.contains(says), "{says}: {}", run.stderr);
        let args = ["report", "diff", "sound.json", "-"];
        let run = Program::new(args).in_dir(folder.path()).stdin(bytes).exits(2);
        assert!(run.stderr.contains(says), "{says}: {}", run.stderr);
    }
    Program::new(["report", "verify", "-"]).stdin(newer).exits(2);
    Program::new(["report", "show", "missing.json"]).exits(2);
    Program::new(["report", "diff", "-", "-"]).exits(2);
}

#[test]
fn a_file_of_any_size_is_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let file = std::fs::File::create(folder.path().join("huge.json")).unwrap();
    file.set_len(65 * 1024 * 1024).unwrap();
    let show = || Program::new(["report", "show", "huge.json"]).in_dir(folder.path()).exits(2);
    let told = show().stderr;
    assert!(told.contains("no JSON document (byte 0)"), "{told}");
    let begin = r#"{"schema": {"name": "netsuite-preflight/report", "version": 1}, "later": ""#;
    let text = begin.to_owned() + &"a".repeat(65 * 1024 * 1024) + "\"}";
    std::fs::write(folder.path().join("huge.json"), text).unwrap();
    let told = show().stderr;
    assert!(told.contains("64 MiB"), "{told}");
}

#[test]
fn newer_members_and_sets_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let one = saved(folder.path(), "one.json", "certificate-revoked");
    let mut later = one.clone();
    later["later"] = json!({"more": true});
    let shown = Program::new(["report", "show", "-", "--format=json"]).stdin(later.to_string());
    assert_eq!(shown.exits(0).json(), later, "what is not known is kept");
    let set = json!({
        "schema": {"name": "netsuite-preflight/report-set", "version": 1},
        "summary": {}, "reports": [one, later],
    });
    for format in formats() {
        let args = ["report", "show", "-", "--format", format];
        let run = Program::new(args).stdin(set.to_string()).exits(0);
        assert!(run.stdout.contains("1234567"), "{format}\n{}", run.stdout);
    }
    let run = Program::new(["report", "diff", "-", "one.json"]).in_dir(folder.path());
    let told = run.stdin(set.to_string()).exits(2).stderr;
    assert!(told.contains("holds 2 reports, and one.json holds one"), "{told}");
}

#[test]
fn sets_are_compared_and_the_target_that_was_changed_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let set = |name: &str, of_b: &str, code: i32| {
        let config = format!("[targets.a]\naccount_id = '1'\n[targets.b]\naccount_id = '{of_b}'\n");
        std::fs::write(folder.path().join("c.toml"), config).unwrap();
        let args = ["check", "--all", "--offline", "--config=c.toml", "--format=json"];
        let run = Program::new(args).arg("--output", name).in_dir(folder.path());
        run.exits(code);
    };
    set("yesterday.json", "1234567", 0);
    set("today.json", "x y", 1);
    let report = |args: &[&str], code: i32| {
        let args = ["report"].iter().chain(args);
        Program::new(args).in_dir(folder.path()).exits(code)
    };
    let diff = report(&["diff", "yesterday.json", "today.json"], 1);
    for words in
        ["Worse than before (1)", "  b  was PASSED, now FAILED", "account-id", "1 target is"]
    {
        assert!(diff.stdout.contains(words), "{words}\n{}", diff.stdout);
    }
    let back = report(&["diff", "today.json", "yesterday.json", "--format=json"], 0).json();
    assert_eq!((&back["worse"], &back["targets"][0]["change"]), (&json!(false), &json!("better")));
    let verified = report(&["verify", "today.json"], 0);
    assert!(verified.stdout.ends_with("Verified.\n"), "{}", verified.stdout);
    let text = std::fs::read_to_string(folder.path().join("today.json")).unwrap();
    let whitened = text.replacen("\"name\":\"b\"", "\"name\":\"c\"", 1);
    std::fs::write(folder.path().join("changed.json"), whitened).unwrap();
    let told = report(&["verify", "changed.json"], 1).stdout;
    assert!(told.contains("✗ seal      The list of targets: the report was changed"), "{told}");
    let other = text.replacen("This is no account ID", "This is an account ID", 1);
    assert_ne!(other, text);
    std::fs::write(folder.path().join("changed.json"), other).unwrap();
    let told = report(&["verify", "changed.json"], 1).stdout;
    let own = told.split("changed.json: ").find(|part| part.starts_with("b, ")).unwrap();
    assert!(own.contains("✗ checksum"), "{told}");
}

#[test]
fn the_schema_is_the_published_one() {
    let published = include_str!("../../docs/report.schema.json");
    assert_eq!(Program::new(["report", "schema"]).exits(0).stdout, published);
}

/// A passphrase that is a usual word is taken out of the names of hosts too.
#[test]
fn a_report_that_lost_a_usual_word_is_still_one() {
    let key = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/keys/ec-p256.pem");
    for word in ["netsuite", "suitetalk", "1234567", "production", "certificate"] {
        let folder = tempfile::tempdir().unwrap();
        let run = Program::new(["check", "--offline", "--account-id=1234567", "--format=json"])
            .arg("--private-key", key)
            .env("NETSUITE_PRIVATE_KEY_PASSPHRASE", word);
        let (_, run) = run.ends();
        assert!(run.stdout.contains("[redacted]"), "{word}");
        let path = folder.path().join("report.json");
        std::fs::write(&path, &run.stdout).unwrap();
        Program::new(["report", "verify"]).arg("--", &path).exits(0);
        Program::new(["report", "show"]).arg("--", &path).exits(0);
    }
}
