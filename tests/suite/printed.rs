//! The commands of a report, run as they are printed.

use std::path::Path;
#[cfg(unix)]
use std::process::Command;

use clap::Parser as _;
use netsuite_preflight::door::Cli;
use scraper::{Html, Selector};
use serde_json::Value;

#[cfg(unix)]
use crate::support::{Emulated, Program};

/// The program's commands on a page, continued lines put together.
fn commands(page: &str) -> Vec<String> {
    let joined = page.replace("\\\n", " ");
    joined
        .lines()
        .filter_map(|line| line.find("netsuite-preflight ").and_then(|at| line.get(at..)))
        .map(|command| command.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

/// The program's commands in the documents that a person reads of one run: plain text, Markdown and
/// HTML.
fn shown(folder: &Path) -> Vec<String> {
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let mut found = commands(&read("report.txt"));
    // The first line names the program and its version.
    found.retain(|line| !line.contains(" · "));
    let markdown = read("report.md");
    let mut inside = false;
    for line in markdown.lines().map(str::trim) {
        match line.starts_with("```") {
            true => inside = !inside,
            false if inside => found.push(line.to_owned()),
            false => {}
        }
    }
    let html = Html::parse_document(&read("report.html"));
    let code = Selector::parse("pre > code").unwrap();
    found.extend(html.select(&code).map(|code| code.text().collect::<String>()));
    found.retain(|command| command.starts_with("netsuite-preflight "));
    found
}

/// The program's commands in the JSON of a run, which know no target.
fn in_json(report: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut values = vec![report];
    while let Some(value) = values.pop() {
        match value {
            Value::Array(all) => values.extend(all),
            Value::Object(members) => {
                found.extend(members.get("command").and_then(Value::as_str).map(str::to_owned));
                values.extend(members.values());
            }
            _ => {}
        }
    }
    found.retain(|command| command.starts_with("netsuite-preflight "));
    found
}

/// What is wrong with the commands in the documents of a run. Each is read as the program reads its
/// command line, without running it; words in capitals are for a person to fill in.
pub fn wrong_usage(folder: &Path, report: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let shown = shown(folder);
    if report["run"]["mode"] == "demo" {
        // There is no account to look into, and no file is left.
        let needs =
            ["check", "certificates", "repair"].map(|name| format!("netsuite-preflight {name}"));
        let lost = shown.iter().filter(|command| {
            needs.iter().any(|start| command.starts_with(start)) || command.contains("DETAIL")
        });
        wrong.extend(lost.map(|command| format!("after a demonstration: {command}")));
    }
    for command in shown.into_iter().chain(in_json(report)) {
        let filled = command.replace("DETAIL", "MissingKey");
        let words = shlex::split(&filled).unwrap_or_default();
        let parsed = Cli::try_parse_from(&words);
        if command.contains(['<', '>']) || words.len() < 2 || parsed.is_err() {
            let why = parsed.err().map(|error| error.to_string()).unwrap_or_default();
            wrong.push(format!("no command: {command}: {why}"));
        }
    }
    wrong
}

/// Each carries the target of the run, and none is wrong usage.
#[cfg(unix)]
#[test]
fn every_command_of_a_report_runs_as_printed() {
    let mut tried = 0;
    for name in [
        "certificate-revoked",
        "certificate-expired",
        "certificate-ends-soon",
        "record-permission-absent",
        "record-empty",
        "administrator-role",
        "key-of-another-certificate",
        "workbook-feature-off",
    ] {
        let account = Emulated::scenario(name);
        let text = account.defaults() + &account.target("survey") + "records = ['customer']\n";
        account.write("t.toml", text.as_bytes());
        let folder = account.path("");
        let (_, run) =
            Program::new(["check", "--target=survey", "--config=t.toml"]).in_dir(&folder).ends();
        let commands = commands(&run.stdout);
        assert!(!commands.is_empty(), "{name}: {}", run.stdout);
        for command in commands {
            let about_target = ["check", "certificates"]
                .iter()
                .any(|word| command.starts_with(&format!("netsuite-preflight {word}")));
            assert!(!about_target || command.contains("--target survey"), "{name}: {command}");
            let command = command.replace("DETAIL", "MissingKey");
            let ended = in_a_shell(&command, &folder);
            let code = ended.status.code();
            let stderr = String::from_utf8_lossy(&ended.stderr);
            assert!(matches!(code, Some(0 | 1 | 3)), "{name}: {command}: {code:?} {stderr}");
            tried += 1;
        }
    }
    assert!(tried > 20, "{tried}");
}

#[cfg(unix)]
fn in_a_shell(command: &str, folder: &Path) -> std::process::Output {
    let program = Path::new(env!("CARGO_BIN_EXE_netsuite-preflight"));
    let path = format!("{}:/usr/bin:/bin", program.parent().unwrap().display());
    Command::new("sh")
        .args(["-c", command])
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .env("PATH", path)
        .output()
        .unwrap()
}
