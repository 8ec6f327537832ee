//! `setup` on a real pseudo-terminal, against the emulator.

use std::path::Path;

use netsuite_preflight::emulator::Account;
use tempfile::TempDir;

use crate::support::{Emulated, Program, Terminal};

/// A set-up that has not begun.
struct Scene {
    account: Emulated,
    home: TempDir,
}

impl Scene {
    fn new() -> Self {
        Self { account: Emulated::scenario("healthy"), home: tempfile::tempdir().unwrap() }
    }

    fn starts(&self, args: &[&str]) -> Terminal {
        let mut all = vec!["setup".to_owned(), "--key-type=ec-p256".to_owned()];
        all.extend(args.iter().map(|arg| (*arg).to_owned()));
        all.push(format!("--connect-to={}", self.account.emulator.addr()));
        all.push(format!("--ca-file={}", self.account.path("ca.pem").display()));
        Terminal::start(self.home.path(), &all, &[])
    }

    /// What the administrator does on the page of the mapping; gives the Certificate ID.
    fn uploads_certificate(&self) -> String {
        let pem = std::fs::read(self.home.path().join("keys/certificate.pem")).unwrap();
        let mapping = (Account::INTEGRATION, Account::ROLE, Account::ENTITY);
        self.account.emulator.register(&pem, mapping).unwrap()
    }

    fn file(&self) -> String {
        std::fs::read_to_string(self.home.path().join("netsuite-preflight.toml")).unwrap()
    }
}

const APPLICATION_ID: &str = "1C61CD58-044D-497A-AA29-7A3E9A9BB924";
const FEATURES: &str = "Press Enter when the three features are on ";
const PAIR: &str = "new or own [new]: ";
const ROLE: &str = "Press Enter when the role has these permissions and a user has the role ";
const SECRET: &str = "Client Secret (optional; hidden, and kept nowhere): ";
const RECORDS: &str = "Record types that the integration uses: ";
const MAPPING: &str = "Certificate ID, as NetSuite shows it: ";
const FIRST_CHECK: &str = "Press Enter for the first check ";

/// From nothing to a passing check, with two mistakes on the way.
fn whole_walk(scene: &Scene) -> Terminal {
    let mut terminal = scene.starts(&["--profile=alchemer"]);
    terminal.answers("\nAccount ID: ", "1234567");
    terminal.answers(FEATURES, "");
    terminal.answers(PAIR, "");
    terminal.answers("\nClient ID: ", APPLICATION_ID);
    terminal.answers("\nClient ID: ", &scene.account.client.client_id);
    terminal.answers(SECRET, "");
    terminal.answers(RECORDS, "customer contact");
    terminal.answers(ROLE, "");
    terminal.expect("Step 6 of 8");
    let id = scene.uploads_certificate();
    // The row above one's own in the list.
    terminal.answers(MAPPING, &scene.account.client.certificate_id);
    terminal.answers(MAPPING, &id);
    terminal.answers(FIRST_CHECK, "");
    terminal
}

#[test]
fn from_nothing_to_a_passing_check_with_two_mistakes() {
    let scene = Scene::new();
    let mut terminal = whole_walk(&scene);
    terminal.ends(0);
    println!("{}", terminal.seen);
}
