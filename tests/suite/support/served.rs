//! The program while it serves a page to a real browser, and what a person does there.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use super::{Browser, Emulated, Running};

/// The program while it serves a page.
pub struct Served {
    /// It runs until the page is closed.
    pub program: Running,
    /// The address that it printed, which opens once.
    pub address: String,
}

impl Served {
    /// Starts it in this folder, and waits for its address.
    pub fn start(home: &Path, args: &[String]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_netsuite-preflight"));
        command
            .args(args)
            .env_clear()
            .env("HOME", home)
            .env("PATH", "/usr/bin:/bin")
            .current_dir(home)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut program = Running::start(&mut command);
        let mut said = BufReader::new(program.stderr.take().unwrap());
        let mut line = String::new();
        while !line.trim().starts_with("http://127.0.0.1:") {
            line.clear();
            assert!(said.read_line(&mut line).unwrap() > 0, "it gives no address");
        }
        program.stderr = Some(said.into_inner());
        Self { program, address: line.trim().to_owned() }
    }

    /// Waits for its end, and gives what it said last. Nothing ever stands on standard output.
    pub fn ends(self, code: i32) -> String {
        let output = self.program.output();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(output.stdout.is_empty());
        said
    }

    /// Where its pages are, without the one-time secret.
    pub fn root(&self) -> String {
        self.address.split("/open/").next().unwrap().to_owned()
    }

    /// Has the page closed by a button of its own.
    pub fn closes(self, browser: &mut Browser, button: &str, code: i32) -> String {
        browser.click(button);
        browser.titled("Closed · netsuite-preflight");
        browser.examined("closed");
        self.ends(code)
    }
}

/// The arguments of a set-up in the browser, for this account.
pub fn setup(account: &Emulated, more: &[&str]) -> Vec<String> {
    let mut args: Vec<String> =
        ["setup", "--web", "--key-type=ec-p256"].map(str::to_owned).to_vec();
    args.extend(more.iter().map(|arg| (*arg).to_owned()));
    args.push(format!("--connect-to={}", account.emulator.addr()));
    args.push(format!("--ca-file={}", account.path("ca.pem").display()));
    args
}

/// What a person does on the pages.
impl Browser {
    /// Answers the question of the page.
    pub fn answers(&mut self, text: &str) {
        self.fills("#answer", text);
        self.click(".answer form .main");
    }

    /// Opens the address, and goes to the question which pair of files is used.
    pub fn goes_to_the_pair(&mut self, served: &Served) {
        self.open(&served.address);
        self.shows("/step/account-id", "Account");
        self.answers("1234567");
        self.shows("/step/features-done", "REST Web Services");
        self.confirms();
        self.shows("/step/pair", "Use files that I have");
    }

    /// Chooses among what the page offers.
    pub fn picks(&mut self, value: &str) {
        self.evaluate(&format!("document.querySelector('#answer').value = '{value}'"));
        self.confirms();
    }

    /// Says that it is done.
    pub fn confirms(&mut self) {
        self.click(".answer .main");
    }

    /// Goes on from the Client ID to what comes after the user: no secret, and these record types.
    pub fn goes_through_role_and_user(&mut self, records: &str) {
        self.shows("/step/client-secret", "may be left empty");
        self.confirms();
        self.shows("/step/records", "Record types");
        self.answers(records);
        self.shows("/step/role-done", "Perform Search");
        self.confirms();
        self.shows("/step/user-done", "Give Access");
        self.confirms();
    }

    /// Waits for a page, and has it examined.
    pub fn shows(&mut self, path: &str, words: &str) {
        self.at(path, words);
        self.examined(path);
    }

    /// Has the page examined where axe-core is at hand: its file is named by a variable.
    pub fn examined(&mut self, page: &str) {
        let Some(file) = std::env::var_os("NETSUITE_PREFLIGHT_AXE") else { return };
        self.evaluate(&std::fs::read_to_string(file).unwrap());
        let found = self.promised(
            "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', \
             'best-practice'] }).then(all => all.violations.map(one => one.id + ' ' + \
             one.nodes.map(node => node.target.join(' ')).join(', ')))",
        );
        assert_eq!(found, serde_json::json!([]), "{page}");
    }
}
