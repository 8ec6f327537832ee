//! The README tells the truth: every command in it runs, and every output in it is the program's.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use netsuite_preflight::door::FaultRule;

use crate::certificates::{LIST, READABLE, TOKEN, UPLOAD, fault, with_faults};
use crate::support::varying::assert_same;
use crate::support::{Emulated, Program};

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");

/// The lines of every `sh` block.
fn commands(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for block in text.split("```sh\n").skip(1) {
        let block = block.split("\n```").next().unwrap();
        found.extend(block.lines().map(str::to_owned));
    }
    found
}

/// Ends the server however the test ends.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn shell(line: &str, home: &std::path::Path, account: &Emulated) -> Command {
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_netsuite-preflight"));
    let path = format!("{}:/usr/bin:/bin", program.parent().unwrap().display());
    let mut command = Command::new("sh");
    command
        .args(["-e", "-c", line])
        .env_clear()
        .env("PATH", path)
        .env("HOME", home)
        .env("CLIENT_ID", &account.client.client_id)
        .env("CERTIFICATE_ID", &account.client.certificate_id)
        .env("NETSUITE_PREFLIGHT_CONNECT_TO", account.emulator.addr().to_string())
        .env("NETSUITE_PREFLIGHT_CA_FILE", account.path("ca.pem"))
        .current_dir(home);
    command
}

#[test]
fn every_command_of_the_readme_runs() {
    let text = std::fs::read_to_string(README).unwrap();
    let account = Emulated::scenario("healthy");
    // Where a certificate is renewed, so that the other commands keep theirs.
    let (renewal, renewal_home) = (Emulated::scenario(READABLE), tempfile::tempdir().unwrap());
    std::fs::create_dir(renewal_home.path().join("keys")).unwrap();
    install(&renewal, renewal_home.path());
    let home = tempfile::tempdir().unwrap();
    let mut ran = 0;
    let mut server = None;
    let fleet = Fleet::of_the_readme(&text, &account);
    for line in commands(&text) {
        let line = line.split("   #").next().unwrap().trim();
        match line {
            // Run by whoever reads this, in just this way.
            "cargo run --release -- demo" | "cargo test" => continue,
            // The variables are read below, together with the command that needs them.
            ". ./emulated.env" => continue,
            _ => {}
        }
        assert!(line.starts_with("netsuite-preflight "), "what is `{line}`?");
        ran += 1;
        if line.contains("netsuite-preflight emulate") {
            server = Some(serve(line, home.path(), &account));
            continue;
        }
        if line.contains("--all") || line.contains("--target") {
            let output = shell(line, fleet.folder.path(), &account).output().unwrap();
            assert!(output.status.success(), "{line}\n{}", String::from_utf8_lossy(&output.stderr));
            continue;
        }
        // Up to here the README speaks of the user's own account and files.
        let line = if server.is_some() {
            format!(". ./emulated.env; {line}")
        } else if line.contains("--client-id") {
            install(&account, home.path());
            line.to_owned()
        } else if line.contains("certificates ") {
            format!("{}; {line}", variables(&renewal))
        } else if line.contains("check") && !line.contains("--offline") && !line.contains("list") {
            format!("{}; {line}", variables(&account))
        } else {
            line.to_owned()
        };
        let (home, account) = match line.contains("certificates ") {
            true => (&renewal_home, &renewal),
            false => (&home, &account),
        };
        let output = shell(&line, home.path(), account).output().unwrap();
        assert!(
            output.status.success(),
            "{line}\n{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    assert!(ran >= 9, "the README shows {ran} commands");
}

/// Starts the server and reads what it prints, to the last line, into the file that the README's
/// redirection names.
fn serve(line: &str, home: &std::path::Path, account: &Emulated) -> Server {
    let (command, file) = line.split_once('>').unwrap();
    let mut shell = shell(&format!("exec {command}"), home, account);
    let mut server = Server(shell.stdout(Stdio::piped()).spawn().unwrap());
    let mut printed = String::new();
    for line in BufReader::new(server.0.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        printed.push_str(&line);
        printed.push('\n');
        if line.starts_with("# Records") {
            break;
        }
    }
    std::fs::write(home.join(file.trim()), printed).unwrap();
    server
}

/// The configuration file that the README shows, with the identifiers of an emulated account and its
/// key pair in the places that the file names.
struct Fleet {
    folder: tempfile::TempDir,
    text: String,
}

impl Fleet {
    fn of_the_readme(readme: &str, account: &Emulated) -> Self {
        let block = readme.split("```toml\n").nth(1).unwrap().split("\n```").next().unwrap();
        let mut text = String::new();
        for line in block.lines() {
            let key = line.split(" = ").next().unwrap();
            let value = match key {
                "account_id" => &account.client.account_id,
                "client_id" => &account.client.client_id,
                "certificate_id" => &account.client.certificate_id,
                _ => {
                    text += &format!("{line}\n");
                    continue;
                }
            };
            text += &format!("{key} = \"{value}\"\n");
        }
        let fleet = Self { folder: tempfile::tempdir().unwrap(), text };
        let home = fleet.folder.path();
        std::fs::create_dir(home.join("keys")).unwrap();
        install(account, home);
        std::fs::copy(account.path("private-key.pem"), home.join("keys/webshop.pem")).unwrap();
        fleet.write(&fleet.text);
        fleet
    }

    fn write(&self, text: &str) {
        std::fs::write(self.folder.path().join("netsuite-preflight.toml"), text).unwrap();
    }

    /// What the program says where one Certificate ID is wrong and one key file is missing.
    fn broken(readme: &str) -> String {
        let account = Emulated::scenario("healthy");
        let fleet = Self::of_the_readme(readme, &account);
        let (before, after) = fleet.text.split_once("[targets.warehouse]").unwrap();
        let id = &account.client.certificate_id;
        fleet.write(&format!(
            "{before}[targets.warehouse]{}",
            after.replacen(id, &"A".repeat(43), 1)
        ));
        std::fs::remove_file(fleet.folder.path().join("keys/webshop.pem")).unwrap();
        Program::new(["check", "--all", "--format=short"])
            .in_dir(fleet.folder.path())
            .env("NETSUITE_PREFLIGHT_CONNECT_TO", account.emulator.addr().to_string())
            .env("NETSUITE_PREFLIGHT_CA_FILE", account.path("ca.pem"))
            .exits(1)
            .stdout
    }
}

/// The pair that is registered takes the place of the one just made.
fn install(account: &Emulated, home: &std::path::Path) {
    for name in ["private-key.pem", "certificate.pem"] {
        std::fs::copy(account.path(name), home.join("keys").join(name)).unwrap();
    }
}

fn variables(account: &Emulated) -> String {
    format!(
        "export NETSUITE_ACCOUNT_ID={} NETSUITE_CLIENT_ID={} NETSUITE_CERTIFICATE_ID={} \
         NETSUITE_PRIVATE_KEY_FILE=keys/private-key.pem NETSUITE_CERTIFICATE_FILE=keys/certificate.pem",
        account.client.account_id, account.client.client_id, account.client.certificate_id,
    )
}

/// What the program prints for each output that the README shows.
fn outputs(readme: &str) -> BTreeMap<&'static str, String> {
    let home = tempfile::tempdir().unwrap();
    let generate = Program::new(["generate", "--out", "keys", "--key-type", "ec-p256"])
        .arg("--account-id", "1234567")
        .in_dir(home.path())
        .exits(0);
    let account = Emulated::scenario("healthy");
    let mut args = account.check_args();
    args.extend(["--record=customer".to_owned(), "--record=salesOrder".to_owned()]);
    let check = Program::new(&args).exits(0);
    let revoked = Program::new(["demo", "--scenario", "certificate-revoked"]).exits(1);
    let role = Program::new(["role", "plan", "--record", "customer:edit"]).exits(0);
    let save = |scenario: &str, file: &str| {
        let args = ["demo", "--scenario", scenario, "--format=short", "--save", file];
        Program::new(args).in_dir(home.path()).ends();
    };
    save("certificate-revoked", "before.json");
    save("healthy", "after.json");
    let diff = Program::new(["report", "diff", "before.json", "after.json"]);
    let diff = diff.in_dir(home.path()).exits(0);
    let profile = Program::new(["check", "--only=profile-fit", "--profile=nango"])
        .arg("--private-key", "keys/private-key.pem")
        .arg("--certificate", "keys/certificate.pem")
        .in_dir(home.path())
        .exits(1);
    // Each ends with the exit code of a failed check.
    let failing = |scenario: &str| {
        Program::new(["demo", "--scenario", scenario, "--format", "short"]).exits(1).stdout
    };
    BTreeMap::from([
        ("fails-key", failing("key-of-another-certificate")),
        ("fails-role", failing("rest-permission-missing-400")),
        ("fails-records", failing("two-customer-refused-and-case-feature-off")),
        ("fails-proxy", failing("tls-inspection")),
        ("fails-clock", failing("two-clock-ahead-and-blocked")),
        ("profile", profile.stdout),
        ("diff", diff.stdout),
        ("rotate", rotation(Vec::new(), 0)),
        ("interrupted", {
            let lost = [(UPLOAD, 1, "answer-lost"), (LIST, 2, "close"), (TOKEN, 2, "close")];
            rotation(lost.map(|(pattern, from, kind)| fault(pattern, from, kind)).into(), 3)
        }),
        ("generate", generate.stdout),
        ("check", check.stdout),
        ("revoked", revoked.stdout),
        ("role", role.stdout),
        ("fleet", Fleet::broken(readme)),
    ])
}

/// `certificates rotate` as the README tells it, while these faults happen.
fn rotation(faults: Vec<FaultRule>, exit: i32) -> String {
    let account = with_faults(faults);
    let home = tempfile::tempdir().unwrap();
    let keys = home.path().join("keys");
    std::fs::create_dir(&keys).unwrap();
    install(&account, home.path());
    let mut args: Vec<String> =
        ["certificates", "rotate", "--out", "new-keys"].map(str::to_owned).into();
    args.push("--key-type=ec-p256".to_owned());
    args.extend(account.account_args());
    args.push("--private-key=keys/private-key.pem".to_owned());
    Program::new(&args).in_dir(home.path()).exits(exit).stdout
}

#[test]
fn every_output_of_the_readme_is_the_programs() {
    let mut text = std::fs::read_to_string(README).unwrap();
    let readme = text.clone();
    let update = std::env::var_os("UPDATE_DOCS").is_some();
    for (name, output) in outputs(&readme) {
        let (open, close) = (format!("<!-- output: {name} -->\n"), "<!-- end -->");
        let start = text.find(&open).unwrap_or_else(|| panic!("no output {name}")) + open.len();
        let end = start + text[start..].find(close).unwrap();
        let shown = text[start..end].trim().trim_start_matches("```text").trim_end_matches("```");
        if update {
            let block = format!("\n```text\n{}\n```\n\n", output.trim_end());
            text.replace_range(start..end, &block);
        } else {
            assert_same(&format!("README output {name}"), shown, &output);
        }
    }
    if update {
        std::fs::write(README, text).unwrap();
    }
}
