//! `--save-exchanges` and `emulate --replay`: what a run was answered can be asked for again.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use netsuite_preflight::door::ClientInputs;
use netsuite_preflight::door::{Changes, HEALTHY, Stage};
use netsuite_preflight::door::{Digest, Exchanges, Report};
use serde_json::{Value, json};

use crate::support::files::is_private;
use crate::support::pieces::Pieces;
use crate::support::{Emulated, Program, Running, Signal};

/// Scenarios that a replay cannot show, by parts of their names.
const LEFT_OUT: [(&str, &str); 6] = [
    ("token-never-answered", "an answer that never comes, and the waiting for it"),
    ("tls-", "another TLS than that of the recorded host: a replay answers or cuts the connection"),
    ("cut-before-tls", "the same"),
    ("connection-refused", "nobody listens"),
    ("two-refused-and", "nobody listens"),
    ("account-id-malformed", "nothing is asked"),
];

const STORED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/exchanges");

fn of_client(mut args: Vec<String>, client: &ClientInputs) -> Vec<String> {
    args.extend(client.scopes.iter().map(|scope| format!("--scope={scope}")));
    args.extend(client.records.iter().map(|record| format!("--record={record}")));
    args.extend(client.args.iter().cloned());
    args.push("--format=json".to_owned());
    args
}

/// Runs the scenario and keeps what it was answered.
fn record(account: &Emulated) -> (Option<i32>, Value, PathBuf) {
    let path = account.path("exchanges.json");
    let mut args = of_client(account.check_args(), &account.client);
    args.push(format!("--save-exchanges={}", path.display()));
    let (code, run) = Program::new(&args).ends();
    assert!(run.stderr.contains("exchanges saved to"), "{}", run.stderr);
    (code, run.json(), path)
}

/// Runs the same command against the recorded answers, with files as the report tells of.
fn replay(path: &Path, report: &Value, client: &ClientInputs) -> (Option<i32>, Value) {
    let report: Report = serde_json::from_value(report.clone()).unwrap();
    let recorded = Exchanges::read(&std::fs::read(path).unwrap()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let folder_of_stage = Some(folder.path().to_owned());
    let changes = Changes {
        replay: Some(recorded),
        report: Some(Box::new(report)),
        folder: folder_of_stage,
        ..Changes::default()
    };
    let stage = Stage::set(HEALTHY, &changes).unwrap();
    assert!(stage.left_out.is_empty(), "{:?}", stage.left_out);
    let pointing = json!({
        "address": stage.emulator.addr().to_string(),
        "ca_file": stage.ca_file, "account_id": stage.client.account_id,
        "client_id": stage.client.client_id, "certificate_id": stage.client.certificate_id,
        "private_key_file": stage.private_key, "certificate_file": stage.certificate,
    });
    let (code, run) = Program::new(of_client(pointed(&pointing), client)).ends();
    let entries = stage.emulator.log().entries();
    assert!(!entries.is_empty(), "the replay was never asked");
    let unknown: Vec<_> = entries.iter().filter(|entry| entry.status == Some(501)).collect();
    assert!(unknown.is_empty(), "not recorded: {unknown:?}");
    let report = run.json();
    let reached = entries.iter().any(|entry| entry.status.is_some());
    assert_eq!(report["environment"]["replay"], reached, "an answer says that it was recorded");
    (code, report)
}

/// `check` with what the emulator printed.
fn pointed(pointing: &Value) -> Vec<String> {
    let flags = [
        ("--connect-to", "address"),
        ("--ca-file", "ca_file"),
        ("--account-id", "account_id"),
        ("--client-id", "client_id"),
        ("--certificate-id", "certificate_id"),
        ("--private-key", "private_key_file"),
        ("--certificate", "certificate_file"),
    ];
    let given = |(flag, name): (&str, &str)| Some(format!("{flag}={}", pointing[name].as_str()?));
    [vec!["check".to_owned()], flags.into_iter().filter_map(given).collect()].concat()
}

fn statuses(report: &Value) -> BTreeMap<&str, &str> {
    let checks = report["checks"].as_array().unwrap().iter();
    checks.map(|c| (c["id"].as_str().unwrap(), c["status"].as_str().unwrap())).collect()
}

/// How each entry ended, with its causes in their order, and its findings where it did not pass: how
/// an identifier was spelled that was read all the same is not made again.
fn outcomes(report: &Value) -> BTreeMap<String, String> {
    let outcome = |check: &Value| {
        let findings: Vec<&Value> = check["evidence"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|fact| fact["key"] == "finding" && check["status"] != "pass")
            .map(|fact| &fact["value"])
            .collect();
        let causes = check["causes"].as_array().unwrap().iter();
        let causes: Vec<_> = causes.map(|one| (&one["id"], &one["rank"])).collect();
        let name = format!("{}:{}", check["id"], check["subject"]);
        (name, format!("{} {findings:?} {causes:?}", check["status"]))
    };
    report["checks"].as_array().unwrap().iter().map(outcome).collect()
}

/// What differs between the run and the one against its recorded answers.
fn difference(name: &str) -> Option<String> {
    let account = Emulated::scenario(name);
    let (code, report, path) = record(&account);
    let (again, second) = replay(&path, &report, &account.client);
    let (first, second) = (outcomes(&report), outcomes(&second));
    let all: BTreeSet<&String> = first.keys().chain(second.keys()).collect();
    let differ: Vec<String> = all
        .into_iter()
        .filter(|id| first.get(*id) != second.get(*id))
        .map(|id| format!("{id}\n  {:?}\n  {:?}", first.get(id), second.get(id)))
        .collect();
    let right = differ.is_empty() && code == again;
    (!right).then(|| format!("{name}: {code:?}, then {again:?}\n{}", differ.join("\n")))
}

#[test]
fn recorded_answers_and_the_report_lead_to_the_same_verdicts_and_causes() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/scenarios");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let names: Vec<String> =
        files.map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    for (part, _) in LEFT_OUT {
        assert!(names.iter().any(|name| name.contains(part)), "no scenario is left out by {part}");
    }
    let left_out = |name: &&String| LEFT_OUT.iter().any(|(part, _)| name.contains(part));
    let shown: Vec<&String> = names.iter().filter(|name| !left_out(name)).collect();
    assert!(shown.len() > 100, "{}", shown.len());
    let failed: Vec<String> = std::thread::scope(|scope| {
        let parts = shown.chunks(shown.len().div_ceil(4));
        let work = |part: &[&String]| part.iter().filter_map(|name| difference(name)).collect();
        let threads: Vec<_> =
            parts.map(|part| scope.spawn(move || -> Vec<String> { work(part) })).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
}

/// `emulate --replay` as it is started by hand; gives what it says at its end.
fn through_the_program(file: &Path, check: impl FnOnce(Vec<String>)) -> String {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("netsuite-preflight"));
    command
        .args(["emulate", "--format=json", "--replay"])
        .arg(file)
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut server = Running::start(&mut command);
    let mut printed = String::new();
    for line in BufReader::new(server.stdout.take().unwrap()).lines() {
        printed += &line.unwrap();
        if printed.ends_with('}') {
            break;
        }
    }
    check(pointed(&serde_json::from_str(&printed).unwrap()));
    server.signal(Signal::TERM).unwrap();
    let output = server.output();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{told}");
    told
}

#[test]
fn stored_recordings_are_served() {
    for (name, exit, status) in [("healthy.json", 0, "pass"), ("token-refused.json", 1, "fail")] {
        let told = through_the_program(&Path::new(STORED).join(name), |mut args| {
            args.extend(["--record=customer", "--format=json"].map(str::to_owned));
            let report = Program::new(&args).exits(exit).json();
            assert_eq!(statuses(&report)["token-exchange"], status, "{name}");
        });
        assert!(told.contains("requests served") && !told.contains("not in the file"), "{told}");
    }
}

/// With the report the client has the same faults again; what it cannot have is named.
#[test]
fn the_report_brings_back_what_only_the_client_knew() {
    let account = Emulated::scenario("key-of-another-certificate");
    let (code, mut report, exchanges) = record(&account);
    assert_eq!(code, Some(1));
    let folder = tempfile::tempdir().unwrap();
    let exchanges = exchanges.to_str().unwrap();
    let program = assert_cmd::cargo::cargo_bin!("netsuite-preflight").to_str().unwrap();
    let check = [program, "check", "--record=customer", "--record=contact", "--format=json"];
    let emulate = |report: &Value, code: i32| {
        std::fs::write(folder.path().join("report.json"), report.to_string()).unwrap();
        let args = ["emulate", "--replay", exchanges, "--report", "report.json", "--"];
        Program::new(args.iter().chain(&check)).in_dir(folder.path()).exits(code)
    };
    let run = emulate(&report, 1);
    assert_eq!(outcomes(&run.json()), outcomes(&report));
    assert!(!run.stderr.contains("the report found more"), "{}", run.stderr);
    let mut checks = report["checks"].as_array_mut().unwrap().iter_mut();
    let file = checks.find(|check| check["id"] == "private-key-file").unwrap();
    file["status"] = json!("warn");
    let told = emulate(&report, 1).stderr;
    assert!(told.contains("does not show: private-key-file (warn)"), "{told}");
    report["run"]["id"] = json!("0".repeat(32));
    let told = emulate(&report, 2).stderr;
    assert!(told.contains("report of another run"), "{told}");
    report["checks"][0]["summary"] = json!("a\nb");
    assert!(emulate(&report, 2).stderr.contains("control character"));
    let alone = ["emulate", "--report", "report.json"];
    Program::new(alone).in_dir(folder.path()).exits(2);
}

/// A server that repeats the access token in an error text, whole and long, or wrapped.
#[test]
fn a_repeated_token_is_taken_out_whole() {
    let claims = json!({"iss": "y".repeat(900), "sub": "1042;2207"});
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let header = part(&json!({"alg": "RS256", "typ": "JWT"}));
    let token = format!("{header}.{}.{}", part(&claims), URL_SAFE_NO_PAD.encode("replayed"));
    let chars: Vec<char> = token.chars().collect();
    let lines: Vec<String> = chars.chunks(40).map(|line| line.iter().collect()).collect();
    let recorded = std::fs::read(Path::new(STORED).join("healthy.json")).unwrap();
    for said in [token.clone(), lines.join(" "), lines.join(", "), token[30..].to_owned()] {
        let mut document: Value = serde_json::from_slice(&recorded).unwrap();
        for exchange in document["exchanges"].as_array_mut().unwrap() {
            let path = exchange["path"].as_str().unwrap().to_owned();
            if path.ends_with("/token") {
                exchange["body"]["claims"] = claims.clone();
            } else if path.ends_with("/record/v1/customer") {
                exchange["status"] = json!(400);
                exchange["headers"]["www-authenticate"] = json!(format!("Bearer {said}"));
                let detail = format!("Invalid token {said}");
                exchange["body"] =
                    json!({"kind": "error", "details": [{"code": "USER_ERROR", "detail": detail}]});
            }
        }
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("echo.json");
        std::fs::write(&file, document.to_string()).unwrap();
        searched_for_pieces(&file, &token);
    }
}

/// Recordings made elsewhere, where they are at hand.
#[test]
fn the_recordings_of_a_repeated_token_show_none() {
    for name in ["exchanges-token-echo.json", "exchanges-token-echo-wrapped.json"] {
        let file =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/cases/security").join(name);
        if !file.exists() {
            eprintln!("left out: {} is not at hand", file.display());
            continue;
        }
        let recorded: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        let all = recorded["exchanges"].as_array().unwrap();
        let claims = all.iter().map(|one| &one["body"]["claims"]).find(|one| one.is_object());
        let part = URL_SAFE_NO_PAD.encode(claims.unwrap().to_string());
        searched_for_pieces(&file, &part);
    }
}

/// Replays the file; nothing that the check writes holds 24 characters of the token.
fn searched_for_pieces(file: &Path, token: &str) {
    let folder = tempfile::tempdir().unwrap();
    through_the_program(file, |mut args| {
        args.push("--record=customer".to_owned());
        args.push("--save-exchanges=again.json".to_owned());
        args.extend(["json", "html", "md", "xml", "txt"].map(|end| format!("--save=report.{end}")));
        let (_, run) = Program::new(&args).in_dir(folder.path()).ends();
        let mut texts = vec![run.stdout.clone(), run.stderr.clone()];
        for name in
            ["again.json", "report.json", "report.html", "report.md", "report.xml", "report.txt"]
        {
            texts.push(std::fs::read_to_string(folder.path().join(name)).unwrap());
        }
        assert!(texts[3].contains("[redacted]"), "{}", texts[3]);
        let pieces = Pieces::of([token.as_bytes()]);
        for text in texts {
            pieces.search(&file.display().to_string(), &text);
        }
        Program::new(["report", "verify", "report.json"]).in_dir(folder.path()).exits(0);
    });
}

#[test]
fn what_was_not_recorded_is_told() {
    let told = through_the_program(&Path::new(STORED).join("healthy.json"), |mut args| {
        args.push("--record=vendor".to_owned());
        let (code, run) = Program::new(&args).ends();
        assert!(matches!(code, Some(1 | 3)), "{}", run.stdout);
    });
    let asked =
        "not in the file: GET 1234567.suitetalk.api.netsuite.com/services/rest/record/v1/vendor";
    assert!(told.contains(asked), "{told}");
}

#[test]
fn names_of_the_account_are_kept_and_no_values() {
    let account = Emulated::scenario("healthy");
    let (code, _, path) = record(&account);
    assert_eq!(code, Some(0));
    assert!(is_private(&path));
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(!text.contains(&account.client.client_id), "the whole Client ID");
    let document = Exchanges::read(text.as_bytes()).unwrap();
    assert_eq!(document.account_id, account.client.account_id.parse().ok());
    assert_eq!(document.certificate_id, account.client.certificate_id.parse().ok());
    let allowed = |members: &Value, names: &[&str], place: &str| {
        let all = members.as_object().unwrap().keys();
        let more: Vec<_> = all.filter(|name| !names.contains(&name.as_str())).collect();
        assert!(more.is_empty(), "{place} keeps {more:?}");
    };
    let (mut rows, mut tokens) = (0, 0);
    for exchange in &document.exchanges {
        match &exchange.body {
            Digest::Token { claims, members } => {
                tokens += 1;
                allowed(&Value::Object(members.clone()), &["token_type", "expires_in"], "token");
                let claims = Value::Object(claims.clone().unwrap());
                allowed(&claims, &["sub", "aud", "scope", "exp"], "token");
            }
            Digest::Json { members } if exchange.path.contains("/record/v1/customer") => {
                rows += 1;
                allowed(members, &["id", "items", "links"], &exchange.path);
                for row in members["items"].as_array().into_iter().flatten() {
                    allowed(row, &["id"], &exchange.path);
                }
            }
            _ => {}
        }
    }
    assert!(rows > 0 && tokens > 0, "{text}");
}

#[test]
fn what_cannot_be_served_or_saved_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let newer = json!({"schema": {"name": "netsuite-preflight/exchanges", "version": 2}});
    for (bytes, says) in [
        (String::new(), "holds no exchanges"),
        ("[".repeat(100_000), "holds no exchanges"),
        (json!({"schema": {"name": "other", "version": 1}}).to_string(), "another document"),
        (newer.to_string(), "version 2"),
    ] {
        std::fs::write(folder.path().join("file"), bytes).unwrap();
        let run = Program::new(["emulate", "--replay", "file"]).in_dir(folder.path()).exits(2);
        assert!(run.stderr.contains(says), "{says}: {}", run.stderr);
    }
    assert!(Command::new("mkfifo").arg(folder.path().join("pipe")).status().unwrap().success());
    for file in ["/dev/zero", ".", "pipe", "missing"] {
        let run = Program::new(["emulate", "--replay", file]).in_dir(folder.path()).exits(2);
        assert!(run.stderr.contains("cannot be read"), "{file}: {}", run.stderr);
    }
    let both = ["emulate", "--replay", "file", "--scenario", "healthy"];
    Program::new(both).in_dir(folder.path()).exits(2);
    std::fs::write(folder.path().join("c.toml"), "[targets.a]\naccount_id = '1'\n").unwrap();
    let all = ["check", "--all", "--config=c.toml", "--save-exchanges=e.json"];
    let run = Program::new(all).in_dir(folder.path()).exits(2);
    assert!(run.stderr.contains("--target"), "{}", run.stderr);
    for file in ["no/such/e.json", "c.toml"] {
        let args = ["check", "--offline", "--config=c.toml", "--save-exchanges", file];
        let run = Program::new(args).in_dir(folder.path()).exits(2);
        assert!(run.stderr.contains("--save-exchanges"), "{file}: {}", run.stderr);
    }
    for command in ["show", "verify"] {
        let run =
            Program::new(["report", command]).arg("--", format!("{STORED}/healthy.json")).exits(2);
        assert!(run.stderr.contains("emulate --replay"), "{}", run.stderr);
    }
}
