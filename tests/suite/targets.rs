//! The configuration file, and many targets in one run.

use std::collections::BTreeSet;

use netsuite_preflight::door::ReportSet;
use serde_json::Value;

use crate::support::files::is_private;
use crate::support::program::Finished;
use crate::support::{Emulated, Program, formats, schema};

/// The program on a configuration file that lies beside the credentials.
fn on(account: &Emulated, text: &str, args: &[&str]) -> Program {
    let path = account.write("netsuite-preflight.toml", text.as_bytes());
    Program::new(["check"].iter().chain(args)).arg("--config", path)
}

fn ids(report: &Value) -> BTreeSet<&str> {
    report["checks"].as_array().unwrap().iter().map(|c| c["id"].as_str().unwrap()).collect()
}

#[test]
fn a_single_target_needs_no_name_and_paths_start_at_the_file() {
    let account = Emulated::scenario("healthy");
    let text = account.defaults() + &account.target("only") + "records = ['customer']\n";
    // The working directory is another one.
    let run = on(&account, &text, &["--format", "json"]).exits(0);
    let report = run.json();
    assert_eq!(schema::violations(&report), Vec::<String>::new());
    assert!(ids(&report).contains("record-access"));
    // Also where it is the only one, its name stands in the report.
    assert_eq!(report["target"]["name"], "only");
    assert_eq!(report["run"]["options"]["timeout_s"], 30);
    // The default place is the working directory.
    let run = Program::new(["check", "--format", "json", "--target", "only"])
        .in_dir(account.path("ca.pem").parent().unwrap())
        .arg("--connect-to", account.emulator.addr().to_string())
        .arg("--ca-file", "ca.pem")
        .exits(0);
    assert_eq!(run.json()["target"]["account_id"], report["target"]["account_id"]);
}

#[test]
fn a_file_that_was_merely_found_does_not_say_where_the_sign_in_goes() {
    let account = Emulated::scenario("healthy");
    let folder = account.path("ca.pem").parent().unwrap().to_owned();
    let text = account.defaults() + &account.target("only");
    account.write("netsuite-preflight.toml", text.as_bytes());
    let found = |args: &[&str]| Program::new(["check"].iter().chain(args)).in_dir(&folder);
    for args in [&[][..], &["--target=only"], &["--all"], &["--offline"]] {
        let told = found(args).exits(2).stderr;
        for words in
            ["`connect_to` and `ca_file`", "--config netsuite-preflight.toml", "[targets.only]"]
        {
            assert!(told.contains(words), "{told}");
        }
    }
    assert!(account.emulator.log().entries().is_empty(), "nothing was sent");
    let address = account.emulator.addr().to_string();
    // A flag and a variable stand over the file, each for its key.
    let half = found(&[]).env("NETSUITE_PREFLIGHT_CONNECT_TO", &address).exits(2).stderr;
    assert!(half.contains("`ca_file` of") && !half.contains("connect_to`"), "{half}");
    let by_variable = found(&["--format=json"])
        .env("NETSUITE_PREFLIGHT_CONNECT_TO", &address)
        .env("NETSUITE_PREFLIGHT_CA_FILE", "ca.pem")
        .exits(0);
    assert_eq!(by_variable.json()["environment"]["connect_to"], address);
    let named = ["--config=netsuite-preflight.toml", "--format=json"];
    assert_eq!(found(&named).exits(0).json()["environment"]["connect_to"], address);
    // A file without these keys is read as ever.
    let plain = "[targets.only]\naccount_id = '1234567'\n";
    account.write("netsuite-preflight.toml", plain.as_bytes());
    let run = found(&["--offline", "--format=json"]).exits(0);
    assert_eq!(run.json()["environment"]["connect_to"], Value::Null);
    let cases = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let cases = cases.join("../shared/cases/security/connect-to");
    if cases.is_dir() {
        let told = Program::new(["check"]).in_dir(&cases).exits(2).stderr;
        assert!(told.contains("`connect_to` and `ca_file` of [targets.default]"), "{told}");
    } else {
        println!("skipped: no cases here");
    }
}

#[test]
fn every_form_shows_the_address_that_stood_in_for_netsuite() {
    let account = Emulated::scenario("healthy");
    let address = account.emulator.addr().to_string();
    let text = account.defaults() + &account.target("only");
    for format in formats() {
        for args in [&["--format", format][..], &["--format", format, "--all"]] {
            let run = on(&account, &text, args).exits(0);
            // The head of the document, before its entries.
            let head = match format {
                "human" | "short" => run.stdout.lines().take(12).collect::<Vec<_>>().join("\n"),
                _ => run.stdout,
            };
            let shown = head.contains(&address) || head.contains(&address.replace('.', "\\."));
            assert!(shown, "{format} {args:?}\n{head}");
        }
    }
}

#[test]
fn flag_then_variable_then_file_then_default() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("c.toml");
    std::fs::write(&path, "[targets.a]\naccount_id = '1111111'\n").unwrap();
    let account = |variable: Option<&str>, flag: Option<&str>| {
        let mut run = Program::new(["check", "--offline", "--format=json"]).arg("--config", &path);
        if let Some(id) = variable {
            run = run.env("NETSUITE_ACCOUNT_ID", id);
        }
        if let Some(id) = flag {
            run = run.arg("--account-id", id);
        }
        run.exits(0).json()["target"]["account_id"].as_str().unwrap().to_owned()
    };
    assert_eq!(account(None, None), "1111111");
    assert_eq!(account(Some(""), None), "1111111");
    assert_eq!(account(Some("2222222"), None), "2222222");
    assert_eq!(account(Some("2222222"), Some("3333333")), "3333333");
}

#[test]
fn what_is_missing_or_unknown_is_named() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("c.toml");
    let check = |text: &str, args: &[&str]| {
        std::fs::write(&path, text).unwrap();
        let args = ["check", "--offline"].iter().chain(args);
        Program::new(args).arg("--config", &path).exits(2).stderr
    };
    let two = "[targets.sandbox]\naccount_id = '1'\n[targets.production]\naccount_id = '2'\n";
    let several = check(two, &[]);
    assert!(several.contains("production, sandbox") && several.contains("--all"), "{several}");
    assert!(check(two, &["--target", "sandbx"]).contains("is sandbox meant?"));
    assert!(check("[targets.a]\nacount_id = '1'", &[]).contains("is account_id meant?"));
    assert!(check("[target.a]", &[]).contains("is targets meant?"));
    assert!(check("[targets.a\n", &[]).contains("line 1"));
    assert!(check("[targets.a]\ntimeout = 700\naccount_id = '1'", &[]).contains("timeout: "));
    assert!(check("", &["--all"]).contains("no targets"));
    for args in [&["check", "--target", "a"][..], &["check", "--all"], &["check", "--config", "x"]]
    {
        let run = Program::new(args).exits(2);
        assert!(run.stderr.contains("no such configuration file"), "{}", run.stderr);
    }
    for alone in ["--jobs=2", "--shard=0/2", "--output-dir=d"] {
        Program::new(["check", "--offline", "--account-id=1", alone]).exits(2);
    }
}

#[test]
fn a_secret_in_the_file_is_refused_and_not_shown() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("c.toml");
    for line in [
        "client_secret = 'hunter2hunter2'",
        "passphrase = 'hunter2hunter2'",
        "private_key = '''-----BEGIN PRIVATE KEY-----\nhunter2hunter2'''",
        "passphrase = hunter2hunter2",
    ] {
        std::fs::write(&path, format!("[targets.a]\naccount_id = '1'\n{line}\n")).unwrap();
        let run = Program::new(["check", "--offline"]).arg("--config", &path).exits(2);
        assert!(!run.stderr.contains("hunter2"), "{}", run.stderr);
        assert!(!run.stderr.is_empty());
        let (_, run) = Program::new(["check", "--offline", "--all", "--format=json"])
            .arg("--config", &path)
            .ends();
        assert!(!run.stdout.contains("hunter2") && !run.stderr.contains("hunter2"));
    }
}

/// Three that are fine, and one of each way in which a target can be wrong.
fn fleet(account: &Emulated) -> String {
    let mut text = account.defaults();
    for name in ["a1", "a2", "a3", "b-certificate", "c-file", "d-key", "e-record", "f-down"] {
        text += &account.target(name);
        text += match name {
            "c-file" => "private_key = 'missing.pem'\n",
            "d-key" => "acount_id = '1'\n",
            "e-record" => "records = ['custommer']\n",
            // Port 9 (discard): nothing listens there.
            "f-down" => "connect_to = '127.0.0.1:9'\n",
            _ => "",
        };
    }
    let wrong = format!("certificate_id = '{}'", "A".repeat(43));
    let (before, after) = text.split_once("[targets.b-certificate]").unwrap();
    let right = format!("certificate_id = '{}'", account.client.certificate_id);
    format!("{before}[targets.b-certificate]{}", after.replacen(&right, &wrong, 1))
}

fn set(run: &Finished) -> (ReportSet, Value) {
    let value = run.json();
    for report in value["reports"].as_array().unwrap() {
        assert_eq!(schema::violations(report), Vec::<String>::new());
    }
    (serde_json::from_value(value.clone()).unwrap(), value)
}

#[test]
fn one_bad_target_never_stops_the_others() {
    let account = Emulated::scenario("healthy");
    let text = fleet(&account);
    let dir = account.path("reports");
    // What an earlier run left for a target that can no longer be checked.
    std::fs::create_dir(&dir).unwrap();
    let earlier = r#"{"schema": {"name": "netsuite-preflight/report", "version": 1}}"#;
    std::fs::write(dir.join("c-file.json"), earlier).unwrap();
    let args = ["--all", "--format=json", "--jobs=3"];
    let (code, run) = on(&account, &text, &args).arg("--output-dir", &dir).ends();
    assert_eq!(code, Some(1), "{}", run.stderr);
    let (set, value) = set(&run);
    assert_eq!(schema::set_violations(&value), Vec::<String>::new());
    let exits: Vec<(&str, u8)> =
        set.targets.iter().map(|target| (target.name.as_str(), target.exit_code)).collect();
    assert_eq!(
        exits,
        [
            ("a1", 0),
            ("a2", 0),
            ("a3", 0),
            ("b-certificate", 1),
            ("c-file", 2),
            ("d-key", 2),
            ("e-record", 2),
            ("f-down", 1)
        ]
    );
    let counts = set.summary.counts;
    assert_eq!((counts.targets, counts.pass, counts.fail, counts.error), (8, 3, 2, 3));
    assert_eq!(set.summary.exit_code, 1);
    for (name, says) in
        [("c-file", "missing.pem"), ("d-key", "account_id"), ("e-record", "customer")]
    {
        let target = set.targets.iter().find(|target| target.name == name).unwrap();
        assert!(target.error.as_ref().unwrap().contains(says), "{target:?}");
        assert!(target.run_id.is_none());
    }
    let verify =
        |value: &Value| Program::new(["report", "verify", "-"]).stdin(value.to_string()).ends();
    assert_eq!(verify(&value).0, Some(0), "{}", verify(&value).1.stdout);
    for (change, says) in [
        (("/targets/0/name", Value::from("a9")), "The list of targets: the report was changed"),
        (("/summary/counts/fail", Value::from(1)), "does not follow from the targets"),
        (("/targets/0/run_id", Value::Null), "belongs to none of its targets"),
        (("/targets/4/run_id", Value::from("r")), "c-file: its report is missing"),
        (("/targets/4/error", Value::from("5e".repeat(32))), "/targets/4/error holds 64"),
    ] {
        let mut changed = value.clone();
        *changed.pointer_mut(change.0).unwrap() = change.1;
        let (code, told) = verify(&changed);
        assert!(code == Some(1) && told.stdout.contains(says), "{says}: {}", told.stdout);
    }
    let ids: Vec<&String> = set.targets.iter().filter_map(|t| t.run_id.as_ref()).collect();
    assert_eq!(ids, set.reports.iter().map(|report| &report.run.id).collect::<Vec<_>>());
    // One file per report, private, and each is the report of the set.
    let mut files: Vec<_> = std::fs::read_dir(&dir).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    assert_eq!(files.len(), 5);
    for (file, report) in files.iter().zip(&set.reports) {
        let saved: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        assert_eq!(saved, serde_json::to_value(report).unwrap());
        assert!(is_private(file), "{}", file.display());
    }
}

#[test]
fn people_read_one_line_per_target_and_what_did_not_pass() {
    let account = Emulated::scenario("healthy");
    let text = fleet(&account);
    for form in ["human", "short"] {
        let out = account.path("out.txt");
        let (code, run) =
            on(&account, &text, &["--all", "--format", form]).arg("--output", &out).ends();
        assert_eq!((code, run.stdout.as_str()), (Some(1), ""), "{}", run.stderr);
        let text = std::fs::read_to_string(&out).unwrap();
        assert!(text.starts_with("✗ FAILED  8 targets: 2 failed · 3 not checked · 3 passed\n"));
        for name in ["a1", "b-certificate", "c-file", "f-down"] {
            let named =
                |line: &&str| line.contains(&format!(" {name} ")) && !line.contains("--target");
            let lines = text.lines().filter(named).count();
            assert_eq!(lines, if name.starts_with(['a', 'c']) { 1 } else { 2 }, "{name}\n{text}");
        }
        assert!(text.contains("token-exchange") && text.ends_with("a check failed\n"), "{text}");
    }
}

#[test]
fn every_form_names_every_target_and_the_one_that_was_not_checked() {
    let account = Emulated::scenario("healthy");
    let text = fleet(&account);
    let json = account.path("set.json");
    let saved: Vec<_> = ["xml", "md", "html", "prom", "txt"]
        .iter()
        .map(|extension| account.path(&format!("all.{extension}")))
        .collect();
    let mut run = on(&account, &text, &["--all", "--format=junit"]).arg("--save", &json);
    for file in &saved {
        run = run.arg("--save", file);
    }
    let (code, run) = run.ends();
    assert_eq!(code, Some(1), "{}", run.stderr);
    let read = |file: &std::path::PathBuf| std::fs::read_to_string(file).unwrap();
    assert_eq!(read(&saved[0]), run.stdout);
    // The report does not know with which options its command was given.
    let options = regex::Regex::new(r"(<span>)?--(config|target) [^ \n<]+(</span>)?").unwrap();
    for (at, format) in ["junit", "markdown", "html", "openmetrics", "human"].iter().enumerate() {
        let document = read(&saved[at]);
        for name in ["a1", "b-certificate", "c-file", "d-key", "e-record", "f-down"] {
            assert!(document.contains(name), "{format} does not name {name}");
        }
        // What was written together is what is shown of the json later.
        let show = ["report", "show", "--details", "--format", format];
        let shown = Program::new(show).arg("--", &json).exits(0);
        let bare = |text: &str| options.replace_all(text, "").replace(' ', "");
        assert_eq!(bare(&shown.stdout), bare(&document), "{format}");
    }
    let junit = read(&saved[0]);
    assert_eq!(junit.matches("type=\"not-checked\"").count(), 3, "{junit}");
    assert!(junit.contains("missing.pem"), "{junit}");
    assert_eq!(read(&saved[1]).matches("NOT CHECKED").count(), 3);
    assert_eq!(read(&saved[2]).matches("NOT CHECKED").count(), 6);
    assert_eq!(read(&saved[3]).matches("_exit_code{target=").count(), 8);
    assert!(read(&saved[4]).starts_with("✗ FAILED  8 targets"));
}

#[test]
fn a_fleet_that_could_only_not_be_checked_ends_with_2_and_a_document() {
    let account = Emulated::scenario("healthy");
    let text = account.defaults() + &account.target("a") + "[targets.b]\naccount_id = '1'\n";
    let (code, run) = on(&account, &text, &["--all", "--format=json"]).ends();
    let (set, _) = set(&run);
    assert_eq!((code, set.summary.exit_code), (Some(2), 2));
    let error = set.targets[1].error.as_ref().unwrap();
    assert!(error.contains("--client-id"), "{error}");
}

#[test]
fn shards_cover_every_target_exactly_once() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("c.toml");
    let names: Vec<String> = (0..7).map(|n| format!("t{n}")).collect();
    let text: String =
        names.iter().map(|name| format!("[targets.{name}]\naccount_id = '1234567'\n")).collect();
    std::fs::write(&path, text).unwrap();
    let base = ["check", "--all", "--offline", "--format=json"];
    let mut seen = Vec::new();
    for index in 0..3 {
        let shard = format!("--shard={index}/3");
        let flag = Program::new(base).arg("--config", &path);
        let by_variable = flag
            .env("NETSUITE_PREFLIGHT_SHARD_INDEX", index.to_string())
            .env("NETSUITE_PREFLIGHT_SHARD_COUNT", "3")
            .exits(0);
        let by_flag =
            Program::new(base.iter().copied().chain([shard.as_str()])).arg("--config", &path);
        let names = |run: &Finished| -> Vec<String> {
            set(run).0.targets.into_iter().map(|target| target.name).collect()
        };
        let part = names(&by_variable);
        assert_eq!(part, names(&by_flag.exits(0)));
        seen.extend(part);
    }
    seen.sort();
    assert_eq!(seen, names);
    // An empty part is no part that passed.
    for format in formats() {
        let run = Program::new(["check", "--all", "--offline", "--format", format]);
        let run = run.arg("--config", &path).arg("--shard", "7/8").exits(0);
        match format {
            "json" => {
                let (set, value) = set(&run);
                assert_eq!(
                    (set.targets.len(), &value["summary"]["verdict"]),
                    (0, &"inconclusive".into())
                );
                assert_eq!(schema::set_violations(&value), Vec::<String>::new());
            }
            "openmetrics" => {
                assert!(run.stdout.contains("targets{verdict=\"pass\"} 0\n"), "{}", run.stdout);
            }
            _ => assert!(run.stdout.contains("NOTHING CHECKED"), "{format}: {}", run.stdout),
        }
        assert!(!run.stdout.contains("PASSED"), "{format}: {}", run.stdout);
        assert!(run.stderr.contains("nothing is checked"), "{}", run.stderr);
    }
    for wrong in ["3/3", "1", "x/y"] {
        Program::new(base).arg("--config", &path).arg("--shard", wrong).exits(2);
    }
}

/// NetSuite counts the requests of all targets of an account against one limit.
#[test]
fn targets_of_one_account_stay_below_its_limit_together() {
    let account = Emulated::changed("healthy", |prepared| {
        prepared.account.concurrency_limit = 5;
        prepared.options.latency = std::time::Duration::from_millis(5);
    });
    let mut text = account.defaults() + "records = ['customer', 'contact']\n";
    for name in ["a", "b", "c", "d", "e", "f", "g", "h"] {
        text += &account.target(name);
    }
    let run = on(&account, &text, &["--all", "--jobs=8", "--format=short"]).exits(0);
    assert!(run.stdout.starts_with("✓ PASSED  8 targets: 8 passed"), "{}", run.stdout);
    let log = account.emulator.log();
    assert_eq!(log.entries().iter().filter(|entry| entry.status == Some(429)).count(), 0);
    let most = log.in_flight().into_iter().max();
    assert!(matches!(most, Some(1..=2)), "{most:?} in flight");
}

#[test]
fn what_did_not_pass_is_annotated_beside_the_report() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("c.toml");
    std::fs::write(&path, "[targets.a]\naccount_id = 'x y'\n[targets.b]\naccount_id = ''\n")
        .unwrap();
    let args = ["check", "--all", "--offline", "--annotate=github", "--format=json"];
    let (code, run) = Program::new(args).arg("--config", &path).ends();
    assert_eq!(code, Some(1));
    // A runner obeys these and nothing else that was printed.
    let commands: Vec<&str> = run.stderr.lines().filter(|line| line.starts_with("::")).collect();
    assert!(commands[0].starts_with("::error title=a%3A FAILED::account-id: "), "{commands:?}");
    assert!(commands[1].starts_with("::error title=b%3A NOT CHECKED::"), "{commands:?}");
    assert!(commands.len() == 2 && set(&run).0.targets.len() == 2);
    let args = ["check", "--offline", "--annotate=github", "--account-id=x y"];
    let run = Program::new(args).exits(1);
    let line = run.stderr.lines().find(|line| line.starts_with("::error")).unwrap();
    assert!(line.starts_with("::error title=account-id failed%2C no account ID read::"), "{line}");
}

#[test]
fn an_address_from_a_variable_alone_is_not_that_of_a_fleet() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("c.toml");
    std::fs::write(&path, "[targets.a]\naccount_id = '1234567'\n").unwrap();
    let all = |args: &[&str]| {
        let args = ["check", "--all"].iter().chain(args);
        let run = Program::new(args).arg("--config", &path);
        run.env("NETSUITE_PREFLIGHT_CONNECT_TO", "127.0.0.1:9")
    };
    let refused = all(&[]).exits(2);
    assert!(refused.stderr.contains("NETSUITE_PREFLIGHT_CONNECT_TO"), "{}", refused.stderr);
    assert_eq!(refused.stdout, "");
    all(&["--offline"]).exits(0);
}

#[test]
fn what_stands_for_one_account_is_refused_for_all() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("c.toml");
    std::fs::write(&path, "[targets.a]\naccount_id = '1'\n[targets.b]\naccount_id = '2'\n")
        .unwrap();
    let all = || Program::new(["check", "--all", "--offline"]).arg("--config", &path);
    all().arg("--account-id", "3").exits(2);
    let run = all().env("NETSUITE_ACCOUNT_ID", "3").exits(2);
    assert!(run.stderr.contains("NETSUITE_ACCOUNT_ID"), "{}", run.stderr);
    let run = all().arg("--output", &path).exits(2);
    assert!(run.stderr.contains("input of this run"), "{}", run.stderr);
    all().arg("--output-dir", &path).exits(2);
    for (option, value, says) in [
        ("--record", "customer:x", "permission level"),
        ("--profile", "alchmer", "alchemer"),
        ("--ca-file", "missing.pem", "missing.pem"),
    ] {
        let run = all().arg(option, value).exits(2);
        assert!(run.stderr.contains(says), "{}", run.stderr);
        assert_eq!((run.stderr.lines().count(), run.stdout.as_str()), (1, ""), "{}", run.stderr);
    }
    all().exits(0);
}

#[test]
fn standard_input_is_the_key_of_one_target() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("c.toml");
    let all = |text: &str| {
        std::fs::write(&path, text).unwrap();
        Program::new(["check", "--all", "--offline", "--format=json"]).arg("--config", &path)
    };
    let key = include_str!("../../fixtures/keys/ec-p256.pem");
    let three = "[defaults]\nprivate_key = '-'\n[targets.a]\n[targets.b]\n[targets.c]\n\
                 private_key = 'c.pem'\n";
    let run = all(three).stdin(key).exits(2);
    assert!(run.stderr.contains("stands for the targets a, b, and"), "{}", run.stderr);
    assert_eq!((run.stderr.lines().count(), run.stdout.as_str()), (1, ""), "{}", run.stderr);
    // Another one of the same file may be read, by a run that means it alone.
    let run = all(three).arg("--shard", "0/3").stdin(key).exits(0);
    assert_eq!(set(&run).0.reports[0].target.public_key.as_ref().unwrap().kind, "ec");
}
