//! The commands of a report, run as they are printed.

use std::path::Path;
use std::process::Command;

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

/// Each carries the target of the run, and none is wrong usage.
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
        let file = account.write("t.toml", text.as_bytes());
        let folder = tempfile::tempdir().unwrap();
        let args = ["check", "--target=survey"];
        let (_, run) = Program::new(args).arg("--config", &file).in_dir(folder.path()).ends();
        let commands = commands(&run.stdout);
        assert!(!commands.is_empty(), "{name}: {}", run.stdout);
        for command in commands {
            let about_target = ["check", "certificates"]
                .iter()
                .any(|word| command.starts_with(&format!("netsuite-preflight {word}")));
            assert!(!about_target || command.contains("--target survey"), "{name}: {command}");
            let command = command.replace("DETAIL", "MissingKey");
            let ended = in_a_shell(&command, folder.path());
            let code = ended.status.code();
            let stderr = String::from_utf8_lossy(&ended.stderr);
            assert!(matches!(code, Some(0 | 1 | 3)), "{name}: {command}: {code:?} {stderr}");
            tried += 1;
        }
    }
    assert!(tried > 20, "{tried}");
}

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
