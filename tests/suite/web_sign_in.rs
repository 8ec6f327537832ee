//! `setup --web` with an administrator's sign-in, and where NetSuite refuses one.

use crate::sign_in::{SIGN_IN, account, free_port};
use crate::support::served::{Served, setup};
use crate::support::{Browser, Emulated};

/// Follows the link of the page in another tab, and comes back.
fn signs_in(browser: &mut Browser, decision: &str) {
    browser.shows("/working", "Sign in to NetSuite");
    let link = browser.evaluate("document.getElementById('sign-in').href");
    let page = browser.new_tab();
    browser.open(link.as_str().unwrap());
    browser.titled("NetSuite - Customer Login");
    browser.examined("log in");
    browser.click("input[value='owner@example.com']");
    browser.click("button");
    browser.titled("NetSuite - Application Authorization");
    browser.examined("consent");
    browser.click("input[value='3']");
    browser.click(&format!("button[value='{decision}']"));
    browser.titled("netsuite-preflight");
    browser.examined("redirected");
    browser.turn_to(page);
}

#[test]
fn an_administrator_signs_in_and_the_mapping_is_made_from_the_page() {
    let account = account("healthy");
    let Some(mut browser) = Browser::start(account.emulator.addr()) else {
        return account.left_alone();
    };
    let home = tempfile::tempdir().unwrap();
    let client = format!("--sign-in-client-id={SIGN_IN}");
    let port = format!("--sign-in-port={}", free_port());
    let args = setup(&account, &["--sign-in", &client, &port]);
    let served = Served::start(home.path(), &args);
    browser.open(&served.address);
    signs_in(&mut browser, "deny");
    browser.shows("/step/account-id", "the sign-in was denied in the browser");
    browser.click("button[form='other']");
    browser.shows("/working", "Sign in to NetSuite");
    // Loaded again, and looked at from a step before: it still waits for the same sign-in.
    browser.reload();
    browser.shows("/working", "Sign in to NetSuite");
    let root = served.root();
    browser.open(&format!("{root}/step/account-id"));
    browser.shows("/step/account-id", "not the question that stands now");
    browser.click("a.button");
    signs_in(&mut browser, "allow");
    browser.shows("/step/features-done", "REST Web Services");
    browser.confirms();
    browser.shows("/step/pair", "Make a new pair");
    browser.click("button[value='new']");
    browser.shows("/step/client-id", "Made keys/private-key.pem");
    browser.answers(&account.client.client_id);
    browser.goes_through_role_and_user("Customers, contact");
    browser.shows("/step/mapped-role", "Survey integration role (1042)");
    browser.picks("1042");
    browser.shows("/step/mapped-entity", "(2207)");
    browser.picks("2207");
    browser.shows("/step/mapping-agreed", "Survey integration role (ID 1042)");
    assert!(account.emulator.log().writes().is_empty(), "nothing before the yes");
    browser.click("button[value='yes']");
    browser.shows("/step/handed-over", "Values for Alchemer (checked)");
    served.closes(&mut browser, "footer form button", 1);
}

#[test]
fn a_refused_sign_in_is_explained_on_the_page_by_its_detail() {
    let account = Emulated::scenario("certificate-revoked");
    let Some(mut browser) = Browser::start(account.emulator.addr()) else {
        return account.left_alone();
    };
    let home = tempfile::tempdir().unwrap();
    let served = Served::start(home.path(), &setup(&account, &[]));
    let file = |name: &str| account.path(name).display().to_string();
    browser.goes_to_the_pair(&served);
    browser.click("button[value='own']");
    browser.at("/step/private-key", "Private key file");
    browser.answers(&file("private-key.pem"));
    browser.at("/step/certificate", "Certificate file");
    browser.answers(&file("certificate.pem"));
    browser.at("/step/client-id", "checks passed");
    browser.answers(&account.client.client_id);
    browser.goes_through_role_and_user("customer");
    browser.at("/step/certificate-id", "It should be");
    browser.answers(&account.client.certificate_id);
    browser.shows("/step/fault", "Ask the Login Audit Trail");
    browser.fills("#detail", "missingkey");
    browser.press("Enter");
    browser.shows("/step/fault", "NetSuite's reason is MissingKey");
    browser.click("button[value='sheet']");
    browser.shows("/step/handed-over", "(NOT PROVED)");
    served.closes(&mut browser, "footer form button", 1);
}
