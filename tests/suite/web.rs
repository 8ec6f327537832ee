//! `setup --web` and `report show --web`, in a real browser and without one.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;

use openssl::pkey::PKey;
use tempfile::TempDir;

use crate::canary::{Canary, PASSPHRASE};
use crate::setup::Scene;
use crate::support::served::{Served, setup};
use crate::support::{Browser, Program, Signal, Terminal};

const APPLICATION_ID: &str = "1C61CD58-044D-497A-AA29-7A3E9A9BB924";
const OTHER_CERTIFICATE_ID: &str = "TK-kKpHx8yEeyoNBTgZpDRqwkRVXmG7QfrUAUpbx3Tg";

#[test]
fn from_nothing_to_a_passing_check_with_two_mistakes_two_tabs_back_and_reload() {
    let scene = Scene::new();
    let Some(mut browser) = Browser::start(scene.account.emulator.addr()) else {
        return scene.account.left_alone();
    };
    let served = Served::start(scene.home.path(), &setup(&scene.account, &["--profile=alchemer"]));
    let mut seen = String::new();
    browser.open(&served.address);
    browser.shows("/step/account-id", "Company Information");
    browser.answers("1234567");
    browser.shows("/step/features-done", "REST Web Services");
    seen += &browser.source();
    browser.confirms();
    browser.shows("/step/pair", "Make a new pair");
    browser.click("button[value='new']");
    browser.shows("/step/client-id", "Made keys/private-key.pem");
    seen += &browser.source();
    browser.answers(APPLICATION_ID);
    browser.shows("/step/client-id", "as the Application ID of an integration record is");
    // The page moves the focus once it is laid out, which may come after its text.
    let looks = std::iter::repeat_with(|| {
        browser.evaluate("document.activeElement.getAttribute('aria-invalid')")
    });
    let invalid = looks.take(500).find(|is| is == "true");
    let invalid = invalid.unwrap_or_default();
    assert_eq!(invalid, "true", "the field that is wrong has the focus");
    browser.answers(&scene.account.client.client_id);
    browser.goes_through_role_and_user("Customers, contact");
    browser.shows("/step/certificate-id", "It should be");
    let id = scene.uploads_certificate();
    browser.answers(OTHER_CERTIFICATE_ID);
    let mistake = "The Certificate ID is not this certificate's";
    browser.shows("/step/certificate-id", mistake);
    browser.evaluate("document.body.textContent = ''");
    browser.reload();
    browser.shows("/step/certificate-id", mistake);
    let linked = browser.evaluate("document.querySelector('.do a').href");
    assert!(linked.as_str().unwrap().starts_with("https://1234567.app.netsuite.com/"), "{linked}");

    // The other tab is at the same question, and answers it.
    let old = browser.new_tab();
    let root = served.root();
    browser.open(&root);
    browser.shows("/step/certificate-id", mistake);
    browser.answers(&id);
    browser.shows("/step/handed-over", "Values for Alchemer (checked)");
    for name in ["Account ID", "Client ID", "Client Secret", "Certificate ID", "Private Key"] {
        let cell = format!(
            "[...document.querySelectorAll('.fields th')].some(th => th.innerText === '{name}')"
        );
        assert_eq!(browser.evaluate(&cell), true, "{name}");
    }
    seen += &browser.source();
    browser.open(&format!("{root}/step/handed-over?form=workato"));
    browser.shows("/step/handed-over", "Values for Workato (checked)");

    // The form of the first tab is an old one now.
    let new = browser.turn_to(old);
    browser.answers(OTHER_CERTIFICATE_ID);
    browser.shows("/step/handed-over", "the form of an earlier page");
    browser.evaluate("history.back()");
    browser.shows("/step/certificate-id", "not the question that stands now");
    browser.click("a.button");
    browser.shows("/step/handed-over", "(checked)");

    browser.turn_to(new);
    browser.click(".answer .main");
    browser.shows("/end", "Check again whenever");
    seen += &browser.source();
    let said = served.closes(&mut browser, "form[action='/finish'] .main", 0);
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
    let mut served = Served::start(scene.home.path(), &setup(&scene.account, &[]));
    browser.open(&served.address);
    browser.shows("/step/account-id", "Account");
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
    browser.shows("/step/features-done", "REST Web Services");
    to(&mut browser, ".answer .main");
    browser.press("Enter");
    browser.shows("/step/pair", "Make a new pair");
    served.program.kill().unwrap();
    served.program.wait().unwrap();

    let again = ["setup", "--web", "--config=netsuite-preflight.toml"].map(str::to_owned);
    let served = Served::start(scene.home.path(), &again);
    browser.open(&served.address);
    browser.shows("/step/pair", "Make a new pair");
    // A step that is done can be gone back to.
    browser.click(".steps a[href='/step/account-id']");
    browser.shows("/step/account-id", "1234567");
    browser.click("form[action='/visit'] button");
    browser.shows("/step/account-id", "Company Information");
    browser.click(".answer .main");
    browser.shows("/step/pair", "Make a new pair");
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
    let served = Served::start(scene.home.path(), &setup(&scene.account, &[]));
    let mut seen = String::new();
    browser.goes_to_the_pair(&served);
    browser.click("button[value='own']");
    for passphrase in ["wrong", PASSPHRASE] {
        browser.shows("/step/private-key", "never sent to the browser");
        seen += &browser.source();
        browser.answers(&key_file);
        browser.shows("/passphrase", "locked.pem");
        browser.fills("#answer", passphrase);
        browser.click("form[action='/passphrase'] .main");
    }
    browser.shows("/step/certificate", "drop it on this field");
    seen += &browser.source();
    // The key instead of the certificate is thrown away.
    browser.chooses("#file", Path::new(&key_file));
    browser.wait_for("document.querySelector('#dropped').innerText.includes('private key')");
    assert!(!scene.home.path().join("keys").exists());
    browser.chooses("#file", &scene.account.path("certificate.pem"));
    browser.shows("/step/client-id", "checks passed");
    seen += &browser.source();
    let kept = std::fs::read(scene.home.path().join("keys/certificate.pem")).unwrap();
    assert!(kept.starts_with(b"-----BEGIN CERTIFICATE-----"));
    seen += &served.closes(&mut browser, "footer form button", 1);
    Canary::new(&key).search("the pages", &seen);
    scene.account.left_alone();
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
    browser.shows("/", "2 of 2 targets");
    browser.evaluate("document.querySelector('#status').value = 'fail'");
    browser.click("form.filter button");
    browser.shows("/", "1 of 2 targets");
    browser.click("tbody a");
    browser.shows("/report/0", "All targets");
    browser.evaluate("document.querySelector('#status').value = 'skipped'");
    browser.click("form.filter button");
    browser.shows("/report/0", "checks: skipped");
    served.closes(&mut browser, "footer button", 0);
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
