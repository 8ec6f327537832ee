//! `setup --web` and `report show --web`, in a real browser and without one.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};

use openssl::pkey::PKey;
use tempfile::TempDir;

use crate::canary::{Canary, PASSPHRASE};
use crate::setup::Scene;
use crate::sign_in::{SIGN_IN, account, free_port};
use crate::support::{Browser, Emulated, Program, Running, Signal, Terminal};

const APPLICATION_ID: &str = "1C61CD58-044D-497A-AA29-7A3E9A9BB924";
const OTHER_CERTIFICATE_ID: &str = "TK-kKpHx8yEeyoNBTgZpDRqwkRVXmG7QfrUAUpbx3Tg";

/// The program while it serves a page.
struct Served {
    program: Running,
    address: String,
}

impl Served {
    fn start(home: &Path, args: &[String]) -> Self {
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
    fn ends(self, code: i32) -> String {
        let output = self.program.output();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(output.stdout.is_empty());
        said
    }
}

/// The arguments of a set-up of this scene.
fn setup(scene: &Scene, more: &[&str]) -> Vec<String> {
    let mut args: Vec<String> =
        ["setup", "--web", "--key-type=ec-p256"].map(str::to_owned).to_vec();
    args.extend(more.iter().map(|arg| (*arg).to_owned()));
    args.push(format!("--connect-to={}", scene.account.emulator.addr()));
    args.push(format!("--ca-file={}", scene.account.path("ca.pem").display()));
    args
}

/// Answers the question of the page.
fn answers(browser: &mut Browser, text: &str) {
    browser.fills("#answer", text);
    browser.click(".answer form .main");
}

/// Says that it is done.
fn confirms(browser: &mut Browser) {
    browser.click(".answer .main");
}

/// Waits for a page, and has it examined.
fn shows(browser: &mut Browser, path: &str, words: &str) {
    browser.at(path, words);
    examined(browser, path);
}

/// Has the page examined where axe-core is at hand: its file is named by a variable.
fn examined(browser: &mut Browser, page: &str) {
    let Some(file) = std::env::var_os("NETSUITE_PREFLIGHT_AXE") else { return };
    browser.evaluate(&std::fs::read_to_string(file).unwrap());
    let found = browser.promised(
        "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', \
         'best-practice'] }).then(all => all.violations.map(one => one.id + ' ' + \
         one.nodes.map(node => node.target.join(' ')).join(', ')))",
    );
    assert_eq!(found, serde_json::json!([]), "{page}");
}

#[test]
fn from_nothing_to_a_passing_check_with_two_mistakes_two_tabs_back_and_reload() {
    let scene = Scene::new();
    let Some(mut browser) = Browser::start(scene.account.emulator.addr()) else {
        return scene.account.left_alone();
    };
    let served = Served::start(scene.home.path(), &setup(&scene, &["--profile=alchemer"]));
    let mut seen = String::new();
    browser.open(&served.address);
    shows(&mut browser, "/step/account-id", "Company Information");
    answers(&mut browser, "1234567");
    shows(&mut browser, "/step/features-done", "REST Web Services");
    seen += &browser.source();
    confirms(&mut browser);
    shows(&mut browser, "/step/pair", "Make a new pair");
    browser.click("button[value='new']");
    shows(&mut browser, "/step/client-id", "Made keys/private-key.pem");
    seen += &browser.source();
    answers(&mut browser, APPLICATION_ID);
    shows(&mut browser, "/step/client-id", "as the Application ID of an integration record is");
    // The page moves the focus once it is laid out, which may come after its text.
    let looks = std::iter::repeat_with(|| {
        browser.evaluate("document.activeElement.getAttribute('aria-invalid')")
    });
    let invalid = looks.take(500).find(|is| is == "true");
    let invalid = invalid.unwrap_or_default();
    assert_eq!(invalid, "true", "the field that is wrong has the focus");
    answers(&mut browser, &scene.account.client.client_id);
    shows(&mut browser, "/step/client-secret", "may be left empty");
    confirms(&mut browser);
    shows(&mut browser, "/step/records", "Record types");
    answers(&mut browser, "Customers, contact");
    shows(&mut browser, "/step/role-done", "Perform Search");
    confirms(&mut browser);
    shows(&mut browser, "/step/user-done", "Give Access");
    confirms(&mut browser);
    shows(&mut browser, "/step/certificate-id", "It should be");
    let id = scene.uploads_certificate();
    answers(&mut browser, OTHER_CERTIFICATE_ID);
    let mistake = "The Certificate ID is not this certificate's";
    shows(&mut browser, "/step/certificate-id", mistake);
    browser.evaluate("document.body.textContent = ''");
    browser.reload();
    shows(&mut browser, "/step/certificate-id", mistake);
    let linked = browser.evaluate("document.querySelector('.do a').href");
    assert!(linked.as_str().unwrap().starts_with("https://1234567.app.netsuite.com/"), "{linked}");

    // The other tab is at the same question, and answers it.
    let old = browser.new_tab();
    let root = served.address.split("/open/").next().unwrap().to_owned();
    browser.open(&root);
    shows(&mut browser, "/step/certificate-id", mistake);
    answers(&mut browser, &id);
    shows(&mut browser, "/step/handed-over", "Values for Alchemer (checked)");
    for name in ["Account ID", "Client ID", "Client Secret", "Certificate ID", "Private Key"] {
        let cell = format!(
            "[...document.querySelectorAll('.fields th')].some(th => th.innerText === '{name}')"
        );
        assert_eq!(browser.evaluate(&cell), true, "{name}");
    }
    seen += &browser.source();
    browser.open(&format!("{root}/step/handed-over?form=workato"));
    shows(&mut browser, "/step/handed-over", "Values for Workato (checked)");

    // The form of the first tab is an old one now.
    let new = browser.turn_to(old);
    answers(&mut browser, OTHER_CERTIFICATE_ID);
    shows(&mut browser, "/step/handed-over", "the form of an earlier page");
    browser.evaluate("history.back()");
    shows(&mut browser, "/step/certificate-id", "not the question that stands now");
    browser.click("a.button");
    shows(&mut browser, "/step/handed-over", "(checked)");

    browser.turn_to(new);
    browser.click(".answer .main");
    shows(&mut browser, "/end", "Check again whenever");
    seen += &browser.source();
    browser.click("form[action='/finish'] .main");
    browser.titled("Closed · netsuite-preflight");
    examined(&mut browser, "closed");
    let said = served.ends(0);
    assert!(said.contains("The page is closed."), "{said}");

    let key = std::fs::read(scene.home.path().join("keys/private-key.pem")).unwrap();
    Canary::new(&key).search("the pages", &seen);
    assert!(scene.account.emulator.log().writes().is_empty());
    let check = ["check", "--target=default", "--config=netsuite-preflight.toml"];
    Program::new(check).in_dir(scene.home.path()).exits(0);
}

#[test]
fn a_killed_set_up_goes_on_where_it_was_by_keyboard_alone_and_in_the_terminal() {
    let scene = Scene::new();
    let Some(mut browser) = Browser::start(scene.account.emulator.addr()) else {
        return scene.account.left_alone();
    };
    let mut served = Served::start(scene.home.path(), &setup(&scene, &[]));
    browser.open(&served.address);
    shows(&mut browser, "/step/account-id", "Account");
    let to = |browser: &mut Browser, what: &str| {
        let there = format!("document.activeElement.matches({what:?})");
        let reached = (0..40).any(|_| {
            browser.press("Tab");
            browser.evaluate(&there) == true
        });
        assert!(reached, "{what} cannot be reached by keyboard");
    };
    to(&mut browser, "#answer");
    browser.types("1234567");
    browser.press("Enter");
    shows(&mut browser, "/step/features-done", "REST Web Services");
    to(&mut browser, ".answer .main");
    browser.press("Enter");
    shows(&mut browser, "/step/pair", "Make a new pair");
    served.program.kill().unwrap();
    served.program.wait().unwrap();

    let again = ["setup", "--web", "--config=netsuite-preflight.toml"].map(str::to_owned);
    let served = Served::start(scene.home.path(), &again);
    browser.open(&served.address);
    shows(&mut browser, "/step/pair", "Make a new pair");
    // A step that is done can be gone back to.
    browser.click(".steps a[href='/step/account-id']");
    shows(&mut browser, "/step/account-id", "1234567");
    browser.click("form[action='/visit'] button");
    shows(&mut browser, "/step/account-id", "Company Information");
    browser.click(".answer .main");
    shows(&mut browser, "/step/pair", "Make a new pair");
    served.program.signal(Signal::INT).unwrap();
    let said = served.ends(1);
    assert!(said.contains("`netsuite-preflight setup --web --config"), "{said}");

    let args = ["setup", "--config=netsuite-preflight.toml"].map(str::to_owned);
    let mut terminal = Terminal::start(scene.home.path(), &args);
    terminal.expect("new or own [new]: ");
    terminal.interrupts();
    terminal.ends(1);
    scene.account.left_alone();
}

#[test]
fn a_passphrase_goes_in_and_never_out_and_a_certificate_is_dropped() {
    let scene = Scene::new();
    let Some(mut browser) = Browser::start(scene.account.emulator.addr()) else {
        return scene.account.left_alone();
    };
    let key = scene.account.client.private_key.expose().to_vec();
    let cipher = openssl::symm::Cipher::aes_256_cbc();
    let locked = PKey::private_key_from_pem(&key)
        .unwrap()
        .private_key_to_pem_pkcs8_passphrase(cipher, PASSPHRASE.as_bytes())
        .unwrap();
    let key_file = scene.account.write("locked.pem", &locked).display().to_string();
    let served = Served::start(scene.home.path(), &setup(&scene, &[]));
    let mut seen = String::new();
    browser.open(&served.address);
    shows(&mut browser, "/step/account-id", "Account");
    answers(&mut browser, "1234567");
    shows(&mut browser, "/step/features-done", "REST Web Services");
    confirms(&mut browser);
    shows(&mut browser, "/step/pair", "Use files that I have");
    browser.click("button[value='own']");
    for passphrase in ["wrong", PASSPHRASE] {
        shows(&mut browser, "/step/private-key", "never sent to the browser");
        seen += &browser.source();
        answers(&mut browser, &key_file);
        shows(&mut browser, "/passphrase", "locked.pem");
        browser.fills("#answer", passphrase);
        browser.click("form[action='/passphrase'] .main");
    }
    shows(&mut browser, "/step/certificate", "drop it on this field");
    seen += &browser.source();
    // The key instead of the certificate is thrown away.
    browser.chooses("#file", Path::new(&key_file));
    browser.wait_for("document.querySelector('#dropped').innerText.includes('private key')");
    assert!(!scene.home.path().join("keys").exists());
    browser.chooses("#file", &scene.account.path("certificate.pem"));
    shows(&mut browser, "/step/client-id", "checks passed");
    seen += &browser.source();
    let kept = std::fs::read(scene.home.path().join("keys/certificate.pem")).unwrap();
    assert!(kept.starts_with(b"-----BEGIN CERTIFICATE-----"));
    browser.click("footer form button");
    browser.titled("Closed · netsuite-preflight");
    examined(&mut browser, "closed");
    seen += &served.ends(1);
    Canary::new(&key).search("the pages", &seen);
    scene.account.left_alone();
}

/// Follows the link of the page in another tab, and comes back.
fn signs_in(browser: &mut Browser, decision: &str) {
    shows(browser, "/working", "Sign in to NetSuite");
    let link = browser.evaluate("document.getElementById('sign-in').href");
    let page = browser.new_tab();
    browser.open(link.as_str().unwrap());
    browser.titled("NetSuite - Customer Login");
    examined(browser, "log in");
    browser.click("input[value='owner@example.com']");
    browser.click("button");
    browser.titled("NetSuite - Application Authorization");
    examined(browser, "consent");
    browser.click("input[value='3']");
    browser.click(&format!("button[value='{decision}']"));
    browser.titled("netsuite-preflight");
    examined(browser, "redirected");
    browser.turn_to(page);
}

#[test]
fn an_administrator_signs_in_and_the_mapping_is_made_from_the_page() {
    let account = account("healthy");
    let Some(mut browser) = Browser::start(account.emulator.addr()) else {
        return account.left_alone();
    };
    let home = tempfile::tempdir().unwrap();
    let args = [
        "setup".to_owned(),
        "--web".to_owned(),
        "--key-type=ec-p256".to_owned(),
        "--sign-in".to_owned(),
        format!("--sign-in-client-id={SIGN_IN}"),
        format!("--sign-in-port={}", free_port()),
        format!("--connect-to={}", account.emulator.addr()),
        format!("--ca-file={}", account.path("ca.pem").display()),
    ];
    let served = Served::start(home.path(), &args);
    browser.open(&served.address);
    signs_in(&mut browser, "deny");
    shows(&mut browser, "/step/account-id", "the sign-in was denied in the browser");
    browser.click("button[form='other']");
    shows(&mut browser, "/working", "Sign in to NetSuite");
    // Loaded again, and looked at from a step before: it still waits for the same sign-in.
    browser.reload();
    shows(&mut browser, "/working", "Sign in to NetSuite");
    let root = served.address.split("/open/").next().unwrap().to_owned();
    browser.open(&format!("{root}/step/account-id"));
    shows(&mut browser, "/step/account-id", "not the question that stands now");
    browser.click("a.button");
    signs_in(&mut browser, "allow");
    shows(&mut browser, "/step/features-done", "REST Web Services");
    confirms(&mut browser);
    shows(&mut browser, "/step/pair", "Make a new pair");
    browser.click("button[value='new']");
    shows(&mut browser, "/step/client-id", "Made keys/private-key.pem");
    answers(&mut browser, &account.client.client_id);
    shows(&mut browser, "/step/client-secret", "may be left empty");
    confirms(&mut browser);
    shows(&mut browser, "/step/records", "Record types");
    answers(&mut browser, "Customers, contact");
    shows(&mut browser, "/step/role-done", "Perform Search");
    confirms(&mut browser);
    shows(&mut browser, "/step/user-done", "Give Access");
    confirms(&mut browser);
    shows(&mut browser, "/step/mapped-role", "Survey integration role (1042)");
    browser.evaluate("document.querySelector('#answer').value = '1042'");
    browser.click(".answer .main");
    shows(&mut browser, "/step/mapped-entity", "(2207)");
    browser.evaluate("document.querySelector('#answer').value = '2207'");
    browser.click(".answer .main");
    shows(&mut browser, "/step/mapping-agreed", "Survey integration role (ID 1042)");
    assert!(account.emulator.log().writes().is_empty(), "nothing before the yes");
    browser.click("button[value='yes']");
    shows(&mut browser, "/step/handed-over", "Values for Alchemer (checked)");
    browser.click("footer form button");
    browser.titled("Closed · netsuite-preflight");
    examined(&mut browser, "closed");
    served.ends(1);
}

#[test]
fn a_refused_sign_in_is_explained_on_the_page_by_its_detail() {
    let account = Emulated::scenario("certificate-revoked");
    let Some(mut browser) = Browser::start(account.emulator.addr()) else {
        return account.left_alone();
    };
    let home = tempfile::tempdir().unwrap();
    let args = [
        "setup".to_owned(),
        "--web".to_owned(),
        format!("--connect-to={}", account.emulator.addr()),
        format!("--ca-file={}", account.path("ca.pem").display()),
    ];
    let served = Served::start(home.path(), &args);
    let file = |name: &str| account.path(name).display().to_string();
    browser.open(&served.address);
    browser.at("/step/account-id", "Account");
    answers(&mut browser, "1234567");
    browser.at("/step/features-done", "REST Web Services");
    confirms(&mut browser);
    browser.at("/step/pair", "Make a new pair");
    browser.click("button[value='own']");
    browser.at("/step/private-key", "Private key file");
    answers(&mut browser, &file("private-key.pem"));
    browser.at("/step/certificate", "Certificate file");
    answers(&mut browser, &file("certificate.pem"));
    browser.at("/step/client-id", "checks passed");
    answers(&mut browser, &account.client.client_id);
    browser.at("/step/client-secret", "may be left empty");
    confirms(&mut browser);
    browser.at("/step/records", "Record types");
    answers(&mut browser, "customer");
    browser.at("/step/role-done", "Perform Search");
    confirms(&mut browser);
    browser.at("/step/user-done", "Give Access");
    confirms(&mut browser);
    browser.at("/step/certificate-id", "It should be");
    answers(&mut browser, &account.client.certificate_id);
    shows(&mut browser, "/step/fault", "Ask the Login Audit Trail");
    browser.fills("#detail", "missingkey");
    browser.press("Enter");
    shows(&mut browser, "/step/fault", "NetSuite's reason is MissingKey");
    browser.click("button[value='sheet']");
    shows(&mut browser, "/step/handed-over", "(NOT PROVED)");
    browser.click("footer form button");
    browser.titled("Closed · netsuite-preflight");
    served.ends(1);
}

#[test]
fn a_set_of_reports_is_filtered_and_closed() {
    let nobody = SocketAddr::from(([127, 0, 0, 1], 9));
    let Some(mut browser) = Browser::start(nobody) else { return };
    let home = tempfile::tempdir().unwrap();
    let config = "[targets.shop]\naccount_id = '1234567'\n[targets.depot]\naccount_id = 'x y'\n";
    std::fs::write(home.path().join("all.toml"), config).unwrap();
    let check = ["check", "--all", "--offline", "--config=all.toml", "--format=json"];
    let set = Program::new(check).in_dir(home.path()).exits(1).stdout;
    std::fs::write(home.path().join("all.json"), set).unwrap();
    let args = ["report", "show", "all.json", "--web"].map(str::to_owned);
    let served = Served::start(home.path(), &args);
    browser.open(&served.address);
    shows(&mut browser, "/", "2 of 2 targets");
    browser.evaluate("document.querySelector('#status').value = 'fail'");
    browser.click("form.filter button");
    shows(&mut browser, "/", "1 of 2 targets");
    browser.click("tbody a");
    shows(&mut browser, "/report/0", "All targets");
    browser.evaluate("document.querySelector('#status').value = 'skipped'");
    browser.click("form.filter button");
    shows(&mut browser, "/report/0", "checks: skipped");
    browser.click("footer button");
    browser.titled("Closed · netsuite-preflight");
    examined(&mut browser, "closed");
    served.ends(0);
}

#[test]
fn enter_gives_a_new_address_which_takes_the_session_over() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &["setup", "--web"].map(str::to_owned));
    let address = |terminal: &mut Terminal| {
        terminal.expect("http://");
        terminal.expect("\n").trim().to_owned()
    };
    let first = address(&mut terminal);
    terminal.expect("Enter gives a new address");
    terminal.types("");
    let second = address(&mut terminal);
    let (host, old) = first.split_once('/').unwrap();
    let new = second.split_once('/').unwrap().1;
    assert_ne!(old, new);
    let ask = |path: &str| {
        let mut stream = TcpStream::connect(host).unwrap();
        let request = format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    assert!(ask(old).starts_with("HTTP/1.1 403 "));
    assert!(ask(new).starts_with("HTTP/1.1 303 "));
    terminal.interrupts();
    terminal.ends(1);
}

#[test]
fn a_port_is_named_taken_or_interrupted() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let refused = Program::new(["setup", "--web", "--web-port", &port]).exits(1);
    assert!(refused.stderr.contains("is taken by another program"), "{}", refused.stderr);
    Program::new(["setup", "--web-port=4123"]).exits(2);
    Program::new(["report", "show", "x.json", "--web", "--format=html"]).exits(2);

    let home: TempDir = tempfile::tempdir().unwrap();
    let served = Served::start(home.path(), &["setup", "--web"].map(str::to_owned));
    served.program.signal(Signal::INT).unwrap();
    assert!(served.ends(1).contains("`netsuite-preflight setup --web` goes on here"));
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0, "nothing was done");
}
