//! `setup --sign-in`: the account learned and the mapping made by an administrator's sign-in, on a
//! real pseudo-terminal, against the emulator.

use tempfile::TempDir;

use crate::setup::{CLIENT, ENTERED, FEATURES, MAPPING, PAIR, RECORDS, ROLE, SECRET, USER};
use crate::sign_in::{ALLOWS, Browser, Does, SIGN_IN, account, follow, free_port};
use crate::support::{Emulated, Terminal};

const ROLES: &str = "\nID of the role";
const USERS: &str = "\nID of the user";
const AGREED: &str = "\nMake this mapping, yes or no: ";

struct Scene {
    account: Emulated,
    home: TempDir,
}

impl Scene {
    fn new(scenario: &str) -> Self {
        Self { account: account(scenario), home: tempfile::tempdir().unwrap() }
    }

    fn starts(&self) -> Terminal {
        let all = [
            "setup".to_owned(),
            "--key-type=ec-p256".to_owned(),
            "--config=netsuite-preflight.toml".to_owned(),
            "--sign-in".to_owned(),
            format!("--sign-in-client-id={SIGN_IN}"),
            format!("--sign-in-port={}", free_port()),
            format!("--connect-to={}", self.account.emulator.addr()),
            format!("--ca-file={}", self.account.path("ca.pem").display()),
        ];
        Terminal::start(self.home.path(), &all)
    }

    /// The browser is played: somebody signs in at the address that is shown.
    fn signs_in(&self, terminal: &mut Terminal, does: &Does) -> String {
        let before = terminal.expect("_method=S256");
        let start = before.rfind("https://").unwrap();
        let shown = format!("{}_method=S256", &before[start..]);
        let rest = terminal.expect("\n");
        let address = format!("{shown}{}", rest.trim());
        let redirect =
            Browser(&self.account).sign_in(&address, does.email, does.role, does.decision);
        assert!(follow(&redirect).starts_with("HTTP/1.1 200 "));
        redirect
    }

    /// The steps between the account and the mapping.
    fn to_the_mapping(&self, terminal: &mut Terminal) {
        terminal.answers(FEATURES, "");
        terminal.answers(PAIR, "");
        terminal.answers(CLIENT, &self.account.client.client_id);
        terminal.answers(SECRET, "");
        terminal.answers(RECORDS, "customer, contact");
        terminal.answers(ROLE, "");
        terminal.answers(USER, "");
    }

    fn posts(&self) -> usize {
        let lines = self.account.emulator.log().lines();
        let posted = |line: &&String| line.starts_with("POST ") && line.ends_with("/certificates");
        lines.iter().filter(posted).count()
    }
}

#[test]
fn neither_the_account_nor_the_certificate_id_is_typed() {
    let scene = Scene::new("healthy");
    let mut terminal = scene.starts();
    let redirect = scene.signs_in(&mut terminal, &ALLOWS);
    scene.to_the_mapping(&mut terminal);
    // One sign-in serves for both.
    let roles = terminal.answers(ROLES, "1042");
    assert!(roles.contains("1042  Survey integration role"), "{roles}");
    let users = terminal.answers(USERS, "2207");
    assert!(users.contains("2207  "), "{users}");
    let shown = terminal.expect(AGREED);
    for part in ["Survey integration role (ID 1042)", "(ID 2207)", "Client ID ", "1234567"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    // Only yes is yes.
    terminal.types("ok");
    terminal.expect("Type yes or no.");
    assert_eq!(scene.posts(), 0);
    terminal.answers(AGREED, "yes");
    let proved = terminal.answers(ENTERED, "");
    assert!(proved.contains("the mapping works"), "{proved}");
    assert!(proved.contains("PASSED") && proved.contains("(checked)"), "{proved}");
    terminal.ends(0);
    assert_eq!(scene.posts(), 1, "once, after the yes");
    let file = std::fs::read_to_string(scene.home.path().join("netsuite-preflight.toml")).unwrap();
    for kept in ["account_id = \"1234567\"", "certificate_id = ", "sign_in_client_id = "] {
        assert!(file.contains(kept), "{kept}: {file}");
    }
    // Nothing of the sign-in is shown or kept.
    let code = redirect.split("code=").nth(1).unwrap().split('&').next().unwrap();
    for secret in [code, "eyJ", "owner@example.com"] {
        assert!(!terminal.seen.contains(secret) && !file.contains(secret), "{secret}");
    }
}

#[test]
fn what_the_sign_in_does_not_bring_is_typed_or_signed_in_for_again() {
    let scene = Scene::new("healthy");
    let mut terminal = scene.starts();
    scene.signs_in(&mut terminal, &Does { decision: "deny", ..ALLOWS });
    let flat = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let denied = flat(terminal.answers("\nAccount ID: ", "again"));
    assert!(denied.contains("was denied in the browser"), "{denied}");
    // A role that may not read roles.
    let clerk = Does { email: "clerk@example.com", role: "1043", decision: "allow" };
    scene.signs_in(&mut terminal, &clerk);
    scene.to_the_mapping(&mut terminal);
    let refused = flat(terminal.answers(MAPPING, "again"));
    assert!(refused.contains("were not listed"), "{refused}");
    scene.signs_in(&mut terminal, &ALLOWS);
    terminal.expect(ROLES);
    terminal.interrupts();
    terminal.ends(1);
    assert_eq!(scene.posts(), 0);
}
