//! `setup` on a real pseudo-terminal, against the emulator.

use netsuite_preflight::door::Account;
use openssl::pkey::PKey;
use tempfile::TempDir;

use crate::canary::{CLIENT_SECRET, Canary, PASSPHRASE};
use crate::support::varying::assert_same;
use crate::support::{Emulated, Program, Terminal};

/// A set-up that has not begun.
pub struct Scene {
    pub account: Emulated,
    pub home: TempDir,
}

impl Scene {
    pub fn new() -> Self {
        Self { account: Emulated::scenario("healthy"), home: tempfile::tempdir().unwrap() }
    }

    /// Started again: what was said once is kept.
    fn goes_on(&self, args: &[&str]) -> Terminal {
        let all: Vec<String> = ["setup", "--config=netsuite-preflight.toml"]
            .iter()
            .chain(args)
            .map(|arg| (*arg).to_owned())
            .collect();
        Terminal::start(self.home.path(), &all)
    }

    pub fn starts(&self, args: &[&str]) -> Terminal {
        let mut all = vec!["setup".to_owned(), "--key-type=ec-p256".to_owned()];
        all.extend(args.iter().map(|arg| (*arg).to_owned()));
        all.push(format!("--connect-to={}", self.account.emulator.addr()));
        all.push(format!("--ca-file={}", self.account.path("ca.pem").display()));
        Terminal::start(self.home.path(), &all)
    }

    /// What the administrator does on the page of the mapping; gives the Certificate ID.
    pub fn uploads_certificate(&self) -> String {
        let pem = std::fs::read(self.home.path().join("keys/certificate.pem")).unwrap();
        let mapping = (Account::INTEGRATION, Account::ROLE, Account::ENTITY);
        self.account.emulator.register(&pem, mapping).unwrap()
    }

    fn file(&self) -> String {
        std::fs::read_to_string(self.home.path().join("netsuite-preflight.toml")).unwrap()
    }
}

const APPLICATION_ID: &str = "1C61CD58-044D-497A-AA29-7A3E9A9BB924";
const OTHER_CERTIFICATE_ID: &str = "TK-kKpHx8yEeyoNBTgZpDRqwkRVXmG7QfrUAUpbx3Tg";
const ACCOUNT: &str = "\nAccount ID: ";
pub const FEATURES: &str = "Press Enter when the three are on ";
pub const PAIR: &str = "new or own [new]: ";
const KEY: &str = "\nPrivate key file: ";
const CERTIFICATE: &str = "\nCertificate file: ";
pub const CLIENT: &str = "\nClient ID: ";
pub const SECRET: &str = "Client Secret (hidden; Enter leaves it out): ";
pub const RECORDS: &str = "\nRecord types that the integration uses: ";
pub const ROLE: &str = "Press Enter when the role has them ";
pub const USER: &str = "Press Enter when the user has the role ";
pub const MAPPING: &str = "\nCertificate ID, as NetSuite shows it: ";
const FAULT: &str = "\nWhat next: ";
pub const ENTERED: &str = "Press Enter when the values are entered ";

/// The steps up to the mapping.
fn to_the_mapping(scene: &Scene, terminal: &mut Terminal) {
    terminal.answers(CLIENT, &scene.account.client.client_id);
    terminal.answers(SECRET, "");
    terminal.answers(RECORDS, "Customers, contact");
    terminal.answers(ROLE, "");
    terminal.answers(USER, "");
}

#[test]
fn from_nothing_to_a_passing_check_with_two_mistakes() {
    let scene = Scene::new();
    let mut terminal = scene.starts(&["--profile=alchemer"]);
    terminal.answers(ACCOUNT, "1234567");
    terminal.answers(FEATURES, "");
    terminal.answers(PAIR, "");
    terminal.answers(CLIENT, APPLICATION_ID);
    let mistake = terminal.expect("Fix");
    assert!(mistake.contains("as the Application ID of an"), "{mistake}");
    to_the_mapping(&scene, &mut terminal);
    let id = scene.uploads_certificate();
    // The row above one's own in the list.
    terminal.answers(MAPPING, OTHER_CERTIFICATE_ID);
    let mistake = terminal.expect("Fix");
    assert!(mistake.contains("not this certificate's") && mistake.contains(&id), "{mistake}");
    terminal.answers(MAPPING, &id);
    let sheet = terminal.answers(ENTERED, "");
    assert!(sheet.contains("PASSED") && sheet.contains("Values for Alchemer (checked)"), "{sheet}");
    for name in ["Account ID", "Client ID", "Client Secret", "Certificate ID", "Private Key"] {
        assert!(sheet.contains(&format!("\n  {name}")), "{sheet}");
    }
    let end = terminal.ends(0);
    assert!(end.contains("The set-up is done and checked."), "{end}");
    let paper = std::fs::read_to_string(scene.home.path().join("netsuite-hand-over-default.txt"));
    let paper = paper.unwrap();
    for words in ["Values for Alchemer (checked)", &id, "From: ", "In Alchemer"] {
        assert!(paper.contains(words), "{words}: {paper}");
    }
    assert!(scene.account.emulator.log().writes().is_empty());

    // 80 columns, no colour, nothing that only some terminals understand.
    let seen = terminal.seen.replace("\r\n", "\n");
    for line in seen.lines().filter(|line| !line.contains("://") && !line.contains(" $ ")) {
        let typed = [
            APPLICATION_ID,
            OTHER_CERTIFICATE_ID,
            &id,
            "Enter keeps",
            "]: Customers, contact",
            "uses: Customers",
        ]
        .iter()
        .any(|id| line.contains(id));
        assert!(line.len() <= 80 || typed, "{line}");
        assert!(line.bytes().all(|byte| (0x20..0x7f).contains(&byte)), "{line:?}");
    }
    let file = scene.file();
    assert!(file.contains("[targets.default]\naccount_id = \"1234567\"\n"), "{file}");
    assert!(file.contains("profile = \"alchemer\"") && file.contains("\"hand-over\"]"), "{file}");
    let names: Vec<_> = std::fs::read_dir(scene.home.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(names.len(), 3, "{names:?}");

    // The file it leaves behind is all that `check` needs.
    let check = |args: &[&str]| Program::new(args).in_dir(scene.home.path());
    check(&["check", "--target", "default", "--config", "netsuite-preflight.toml"]).exits(0);
    // What it keeps of the way to NetSuite is taken from a named file alone.
    let refused = check(&["check", "--target", "default"]).exits(2).stderr;
    assert!(refused.contains("`connect_to` and `ca_file` of [targets.default]"), "{refused}");
    // The overview of the report shows the beginning of the ID.
    let shown = "NPMnv5q6XZ1IpB8h2PRmqAQJcpXmGcqBRGLqkVgyBbE";
    let same = (8..=id.len()).rev();
    document(&same.fold(seen, |seen, length| seen.replace(&id[..length], &shown[..length])));
}

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/setup.md");

/// Compares the session with the one that the documentation shows, or writes it there.
fn document(seen: &str) {
    let text = std::fs::read_to_string(DOCUMENT).unwrap();
    let (open, close) = ("```text\n", "\n```");
    let start = text.find(open).unwrap() + open.len();
    let end = start + text[start..].find(close).unwrap();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let shown: Vec<&str> = seen.trim().lines().map(str::trim_end).collect();
        let text = format!("{}{}{}", &text[..start], shown.join("\n"), &text[end..]);
        std::fs::write(DOCUMENT, text).unwrap();
    } else {
        // A terminal of plain ASCII cuts with three dots.
        let cut = |text: &str| text.replace("...", "…");
        assert_same("docs/setup.md", &cut(&text[start..end]), &cut(seen));
    }
}

#[test]
fn ctrl_c_loses_nothing() {
    let scene = Scene::new();
    let mut terminal = scene.starts(&[]);
    terminal.answers(ACCOUNT, "https://1234567.app.netsuite.com/app/center/card.nl");
    terminal.answers(FEATURES, "");
    terminal.answers(PAIR, "new");
    terminal.answers(CLIENT, &scene.account.client.client_id);
    // At the hidden question, where the terminal is in another state.
    terminal.expect(SECRET);
    terminal.interrupts();
    let words = terminal.ends(1);
    let again = "netsuite-preflight setup --config netsuite-preflight.toml";
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains(&format!("`{again}` goes on here")), "{words}");
    assert!(scene.file().contains("done = [\"account\", \"features\", \"key\"]"));
    assert!(!scene.file().contains("client_id"), "until the next answer it may be the secret");
    for kept in ["connect_to = \"127.0.0.1:", "ca_file = ", "key_type = \"ec-p256\""] {
        assert!(scene.file().contains(kept), "{kept}: {}", scene.file());
    }

    let mut terminal = scene.goes_on(&[]);
    let greeting = terminal.answers(CLIENT, &scene.account.client.client_id);
    assert!(greeting.contains("Done already: account, features, key."), "{greeting}");
    terminal.answers(SECRET, "");
    terminal.answers(RECORDS, "customer");
    terminal.expect(ROLE);
    terminal.interrupts();
    terminal.ends(1);
    // An answer that was accepted is kept, though its step was not done.
    assert!(scene.file().contains("records = [\"customer"), "{}", scene.file());

    // From a step again: its value is offered, and so are those after it.
    let key = std::fs::read(scene.home.path().join("keys/private-key.pem")).unwrap();
    let mut terminal = scene.goes_on(&["--from=account"]);
    terminal.answers("Account ID [1234567]: ", "");
    terminal.answers(FEATURES, "no");
    terminal.answers(FEATURES, "YES");
    terminal.answers("new or own [own]: ", "new");
    let refused = terminal.answers("new or own [own]: ", "Own");
    assert!(refused.contains("exists already"), "{refused}");
    terminal.answers("Private key file [keys/private-key.pem]: ", "keys");
    let folder = terminal.answers("Private key file [keys/private-key.pem]: ", "");
    assert!(folder.contains("keys"), "{folder}");
    terminal.answers("Certificate file [keys/certificate.pem]: ", "nowhere.pem");
    let missing = terminal.expect("Certificate file [keys/certificate.pem]: ");
    assert!(missing.contains("nowhere.pem: no such file"), "{missing}");
    terminal.types("B");
    terminal.expect("Private key file [keys/private-key.pem]: ");
    terminal.interrupts();
    terminal.ends(1);
    let now = std::fs::read(scene.home.path().join("keys/private-key.pem")).unwrap();
    assert_eq!(key, now, "a key is never overwritten");
    // Nothing of this set-up came as far as NetSuite.
    assert!(scene.account.emulator.log().entries().is_empty());
    std::mem::forget(scene.account);
}

#[test]
fn a_first_check_that_fails_is_stayed_on_until_it_is_fixed() {
    let scene = Scene::new();
    let mut terminal = scene.starts(&["--target=shop"]);
    terminal.answers(ACCOUNT, "1234567");
    terminal.answers(FEATURES, "");
    terminal.answers(PAIR, "new");
    to_the_mapping(&scene, &mut terminal);
    let shown = terminal.expect(MAPPING);
    let id = shown.split("should be").nth(1).unwrap().split_whitespace().next().unwrap();
    terminal.types(id.trim_end_matches('.'));
    let failed = terminal.answers(FAULT, "perhaps");
    assert!(failed.contains("FAILED") && failed.contains("check --target shop"), "{failed}");
    let refused = terminal.answers(FAULT, "missing key");
    assert!(refused.contains("perhaps"), "{refused}");
    let explained = terminal.answers(FAULT, "sheet");
    assert!(explained.contains("MissingKey"), "{explained}");
    let unproved = terminal.answers(ENTERED, "b");
    assert!(unproved.contains("NOT PROVED"), "{unproved}");
    scene.uploads_certificate();
    terminal.answers(&MAPPING.replace(": ", ""), "");
    let proved = terminal.answers(ENTERED, "");
    assert!(proved.contains("(checked)"), "{proved}");
    let end = terminal.ends(0);
    let command = "check --target shop --config netsuite-preflight.toml";
    let joined = end.split_whitespace().filter(|word| *word != "\\").collect::<Vec<_>>().join(" ");
    assert!(joined.contains(command), "{end}");
    assert!(scene.file().contains("[targets.shop]"));
}

#[test]
fn without_a_terminal_it_says_what_to_run() {
    let run = Program::new(["setup"]).stdin("1234567\n").exits(2);
    for words in ["generate --out keys", "check --offline", "README"] {
        assert!(run.stderr.contains(words), "{}", run.stderr);
    }
    assert_eq!(std::fs::read_dir(run.home()).unwrap().count(), 0);
}

#[test]
fn wrong_options_are_told_before_anything_is_asked() {
    let scene = Scene::new();
    for (args, words) in [
        (["--from=mapping"], "begin with `--from key`"),
        (["--from=maping"], "the steps are account"),
        (["--profile=alchemist"], "is no profile"),
        (["--target=../x"], "letters, digits"),
    ] {
        let mut terminal = scene.starts(&args);
        let said = terminal.ends(2);
        assert!(said.replace('\n', " ").contains(words), "{said}");
    }
    std::mem::forget(scene.account);
}

#[test]
fn no_secret_is_shown_or_kept() {
    let scene = Scene::new();
    let key = scene.account.client.private_key.expose().to_vec();
    let canary = Canary::new(&key);
    let locked = PKey::private_key_from_pem(&key)
        .unwrap()
        .private_key_to_pem_pkcs8_passphrase(
            openssl::symm::Cipher::aes_256_cbc(),
            PASSPHRASE.as_bytes(),
        )
        .unwrap();
    let key_file = scene.account.write("locked.pem", &locked).display().to_string();
    let certificate = scene.account.path("certificate.pem").display().to_string();
    let mut terminal = scene.starts(&[]);
    terminal.answers(ACCOUNT, "1234567");
    terminal.answers(FEATURES, "");
    terminal.answers(PAIR, "own");
    terminal.answers(KEY, &key_file);
    terminal.expect("Passphrase for the private key");
    terminal.types_unseen("wrong");
    terminal.answers(KEY, &key_file);
    terminal.expect("Passphrase for the private key");
    terminal.types_unseen(PASSPHRASE);
    terminal.answers(CERTIFICATE, &certificate);
    // The key itself where the Client ID belongs: the pasted lines answer no other question.
    terminal.expect(CLIENT);
    terminal.types_unseen(std::str::from_utf8(&key).unwrap().trim_end());
    let mistake = terminal.expect("Fix");
    assert!(mistake.contains("key or certificate"), "{mistake}");
    // The secret where the Client ID belongs, found out by the secret itself.
    terminal.expect(CLIENT);
    terminal.types_unseen(CLIENT_SECRET);
    terminal.expect(SECRET);
    terminal.types_unseen(CLIENT_SECRET);
    let mistake = terminal.expect("Fix");
    assert!(mistake.contains("Client Secret"), "{mistake}");
    terminal.answers(CLIENT, &scene.account.client.client_id);
    terminal.expect(SECRET);
    terminal.types_unseen(CLIENT_SECRET);
    terminal.answers(RECORDS, "customer contact");
    terminal.answers(ROLE, "");
    terminal.answers(USER, "");
    terminal.answers(MAPPING, &scene.account.client.certificate_id);
    // The passphrase that serves is asked for once.
    terminal.answers(ENTERED, "");
    terminal.ends(0);
    canary.search("the terminal", &terminal.seen);
    canary.search_files(scene.home.path());
}
