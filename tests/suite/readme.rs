//! README.md and docs/ tell the truth: every command in them runs, and every output in them is the
//! program's.

mod picture;
mod zsh;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use netsuite_preflight::door::FaultRule;

use crate::certificates::{LIST, READABLE, TOKEN, UPLOAD, fault, with_faults};
use crate::support::varying::assert_same;
use crate::support::{Emulated, Program};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// Shows a session at a terminal, which `setup.rs` walks and compares.
const SESSION: &str = "docs/setup.md";

/// A document for the user.
struct Page {
    /// Its path from the root of the repository.
    name: String,
    text: String,
}

impl Page {
    /// What its blocks of this language hold.
    fn blocks(&self, language: &str) -> Vec<&str> {
        let open = format!("```{language}\n");
        self.text.split(&open).skip(1).map(|block| block.split("\n```").next().unwrap()).collect()
    }

    /// The lines of every `sh` block, without their remarks.
    fn commands(&self) -> Vec<&str> {
        let lines = self.blocks("sh").into_iter().flat_map(str::lines);
        lines.map(|line| line.split("   #").next().unwrap().trim()).collect()
    }

    /// The outputs it shows: their names, and where the text of each begins and ends.
    fn outputs(&self) -> Vec<(&str, std::ops::Range<usize>)> {
        let mut found = Vec::new();
        for (at, open) in self.text.match_indices("<!-- output: ") {
            let name = self.text[at + open.len()..].split(' ').next().unwrap();
            let start = at + self.text[at..].find("-->\n").unwrap() + "-->\n".len();
            let end = start + self.text[start..].find("<!-- end -->").unwrap();
            found.push((name, start..end));
        }
        found
    }
}

/// README.md and docs/.
fn pages() -> Vec<Page> {
    let mut names = vec!["README.md".to_owned()];
    for entry in std::fs::read_dir(Path::new(ROOT).join("docs")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        names.extend(name.ends_with(".md").then(|| format!("docs/{name}")));
    }
    names.sort();
    let read = |name: String| {
        let text = std::fs::read_to_string(Path::new(ROOT).join(&name)).unwrap();
        Page { name, text }
    };
    names.into_iter().map(read).collect()
}

/// The command line as a shell of this name reads it.
fn shell(name: &str, line: &str, home: &Path, account: &Emulated) -> Command {
    let program = Path::new(env!("CARGO_BIN_EXE_netsuite-preflight"));
    let path = format!("{}:/usr/bin:/bin", program.parent().unwrap().display());
    let mut command = Command::new(name);
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
fn every_command_of_the_documents_runs_in_bash() {
    run_pages("bash");
}

#[test]
fn every_command_of_the_documents_runs_in_zsh() {
    run_pages("zsh");
}

fn run_pages(shell: &str) {
    if !Path::new("/bin").join(shell).exists() && !Path::new("/usr/bin").join(shell).exists() {
        eprintln!("skipped: there is no {shell} here");
        return;
    }
    let account = Emulated::scenario("healthy");
    // Where a certificate is renewed, so that the other pages keep theirs.
    let renewal = Emulated::scenario(READABLE);
    let mut ran = 0;
    for page in pages() {
        let renews = page.text.contains("netsuite-preflight certificates ");
        ran += run_commands(shell, &page, if renews { &renewal } else { &account });
    }
    assert!(ran >= 40, "the documents show {ran} commands");
}

/// Runs what a page shows, from its top to its end in one folder, and says how many commands it was.
fn run_commands(name: &str, page: &Page, account: &Emulated) -> usize {
    let home = tempfile::tempdir().unwrap();
    let commands = page.commands();
    let makes_keys = commands.iter().any(|line| line.contains("generate --out keys"));
    if !makes_keys {
        install(account, home.path());
    }
    if let [block] = page.blocks("toml")[..] {
        targets(block, account, home.path());
    }
    let mut ran = 0;
    for line in commands {
        match line {
            // Run by whoever reads this, in just this way.
            "cargo run -- demo" | "cargo test" if page.name == "README.md" => continue,
            // Asks; walked in `setup.rs`.
            "netsuite-preflight setup" => continue,
            _ => {}
        }
        assert!(line.starts_with("netsuite-preflight "), "{}: what is `{line}`?", page.name);
        ran += 1;
        if line.contains("--client-id") {
            install(account, home.path());
        }
        let in_a_file = line.contains("--all") || line.contains("--target");
        let asks = line.contains(" check") && !line.contains("--offline") && !line.contains("list");
        let emulated = line.contains("netsuite-preflight emulate");
        let line = if (asks && !in_a_file && !emulated && !line.contains("--client-id"))
            || line.contains("certificates ")
        {
            format!("{}; {line}", variables(account))
        } else {
            line.to_owned()
        };
        // A fleet takes no address from a variable.
        let all = format!(" check --connect-to {} --all", account.emulator.addr());
        let line = line.replace(" check --all", &all);
        let output = shell(name, &line, home.path(), account).output().unwrap();
        assert!(
            output.status.success(),
            "{}: {line}\n{}{}",
            page.name,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    ran
}

/// Writes the configuration file that a page shows, with the identifiers of an emulated account and
/// its key pair in the places that the file names. Gives its text.
fn targets(block: &str, account: &Emulated, home: &Path) -> String {
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
    install(account, home);
    std::fs::copy(account.path("private-key.pem"), home.join("keys/webshop.pem")).unwrap();
    std::fs::write(home.join("netsuite-preflight.toml"), &text).unwrap();
    text
}

/// What the program says of that file where one Certificate ID is wrong and one key file is missing.
fn fleet(pages: &[Page]) -> String {
    let block = pages.iter().find_map(|page| page.blocks("toml").first().copied()).unwrap();
    let account = Emulated::scenario("healthy");
    let home = tempfile::tempdir().unwrap();
    let text = targets(block, &account, home.path());
    let (before, after) = text.split_once("[targets.warehouse]").unwrap();
    let after = after.replacen(&account.client.certificate_id, &"A".repeat(43), 1);
    let wrong = format!("{before}[targets.warehouse]{after}");
    std::fs::write(home.path().join("netsuite-preflight.toml"), wrong).unwrap();
    std::fs::remove_file(home.path().join("keys/webshop.pem")).unwrap();
    let address = account.emulator.addr().to_string();
    let run = Program::new(["check", "--all", "--format=short"])
        .in_dir(home.path())
        .arg("--connect-to", &address)
        .env("NETSUITE_PREFLIGHT_CA_FILE", account.path("ca.pem"))
        .exits(1);
    // Whoever reads the page has no emulator.
    run.stdout.replace(&format!(" --connect-to {address}"), "")
}

/// The pair that is registered, in place of one made before.
fn install(account: &Emulated, home: &Path) {
    std::fs::create_dir_all(home.join("keys")).unwrap();
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

/// What the program prints for each output that the documents show.
fn outputs(pages: &[Page]) -> BTreeMap<&'static str, String> {
    let home = tempfile::tempdir().unwrap();
    let generate = Program::new(["generate", "--out", "keys", "--key-type", "ec-p256"])
        .arg("--account-id", "1234567")
        .in_dir(home.path())
        .exits(0);
    let account = Emulated::scenario("healthy");
    let mut args = account.check_args();
    let mut expiry = args.clone();
    args.extend(["--record=customer".to_owned(), "--record=salesOrder".to_owned()]);
    let check = Program::new(&args).exits(0);
    expiry.extend(
        ["--only=certificate-expiry", "--fail-on=warn", "--format=short"].map(str::to_owned),
    );
    let expiry = Program::new(&expiry).exits(0);
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
    std::fs::copy(home.path().join("after.json"), home.path().join("report.json")).unwrap();
    let verify = Program::new(["report", "verify", "report.json"]).in_dir(home.path()).exits(0);
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
        ("fails-role", failing("rest-permission-missing-403")),
        ("fails-records", failing("two-customer-refused-and-case-feature-off")),
        ("fails-proxy", failing("tls-inspection")),
        ("fails-clock", failing("two-clock-ahead-and-blocked")),
        ("profile", profile.stdout),
        ("diff", diff.stdout),
        ("verify", verify.stdout),
        ("expiry", expiry.stdout),
        ("rotate", rotation(Vec::new(), 0)),
        ("interrupted", {
            let lost = [(UPLOAD, 1, "answer-lost"), (LIST, 2, "close"), (TOKEN, 2, "close")];
            rotation(lost.map(|(pattern, from, kind)| fault(pattern, from, kind)).into(), 3)
        }),
        ("generate", generate.stdout),
        ("check", check.stdout),
        ("revoked", revoked.stdout),
        ("role", role.stdout),
        ("fleet", fleet(pages)),
    ])
}

/// `certificates rotate` as the documents tell it, while these faults happen.
fn rotation(faults: Vec<FaultRule>, exit: i32) -> String {
    let account = with_faults(faults);
    let home = tempfile::tempdir().unwrap();
    install(&account, home.path());
    // In variables, because the command on the page does not name the account.
    let args = ["certificates", "rotate", "--out", "new-keys", "--key-type=ec-p256"];
    let mut program = Program::new(args).in_dir(home.path());
    for arg in account.account_args() {
        let (flag, value) = arg.trim_start_matches("--").split_once('=').unwrap();
        let owner = match flag {
            "connect-to" | "ca-file" => "NETSUITE_PREFLIGHT",
            _ => "NETSUITE",
        };
        let name = format!("{owner}_{}", flag.to_uppercase().replace('-', "_"));
        program = program.env(&name, value);
    }
    program.env("NETSUITE_PRIVATE_KEY_FILE", "keys/private-key.pem").exits(exit).stdout
}

#[test]
fn every_output_of_the_documents_is_the_programs() {
    let mut pages = pages();
    let printed = outputs(&pages);
    let update = std::env::var_os("UPDATE_DOCS").is_some();
    let mut shown = Vec::new();
    for page in &mut pages {
        let mut text = page.text.clone();
        // From the end on, so that what was found before stays where it is.
        for (name, place) in page.outputs().into_iter().rev() {
            let output = printed.get(name).unwrap_or_else(|| panic!("what is output {name}?"));
            shown.push(name.to_owned());
            if update {
                text.replace_range(place, &format!("\n```text\n{}\n```\n\n", output.trim_end()));
                continue;
            }
            let block = page.text[place].trim();
            let block = block.trim_start_matches("```text").trim_end_matches("```");
            assert_same(&format!("{}, output {name}", page.name), block, output);
        }
        if update && text != page.text {
            std::fs::write(Path::new(ROOT).join(&page.name), text).unwrap();
        }
        let blocks = page.blocks("text").len();
        let compared = page.outputs().len() + usize::from(page.name == SESSION);
        assert_eq!(blocks, compared, "{}: a block of text that nothing compares", page.name);
    }
    shown.sort();
    assert_eq!(shown, printed.keys().copied().collect::<Vec<_>>(), "each output in one place");
}

#[test]
fn the_readme_is_short_and_leads_to_every_page() {
    let pages = pages();
    let readme = pages.iter().find(|page| page.name == "README.md").unwrap();
    let lines = readme.text.lines().count();
    assert!(lines <= 200, "README.md has {lines} lines; what is longer belongs into docs/");
    for command in ["cargo run -- demo", "cargo test"] {
        assert!(readme.commands().contains(&command), "{command}");
    }
    for page in pages.iter().filter(|page| page.name != "README.md") {
        assert!(readme.text.contains(&format!("]({})", page.name)), "no link to {}", page.name);
    }
}

#[test]
fn every_link_between_documents_leads_somewhere() {
    for page in pages() {
        let folder = Path::new(ROOT).join(&page.name).parent().unwrap().to_owned();
        for link in page.text.split("](").skip(1) {
            let link = link.split(')').next().unwrap();
            if link.contains("://") {
                continue;
            }
            let (file, section) = link.split_once('#').unwrap_or((link, ""));
            let path = folder.join(file);
            assert!(path.exists(), "{}: {link} is missing", page.name);
            if section.is_empty() {
                continue;
            }
            let text = std::fs::read_to_string(path).unwrap();
            let headings = text.lines().filter(|line| line.starts_with('#'));
            let anchor =
                |line: &str| line.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
            assert!(headings.map(anchor).any(|one| one == section), "{}: {link}", page.name);
        }
    }
}
