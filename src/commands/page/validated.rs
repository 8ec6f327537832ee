//! Every page of the browser before an HTML validator, where one is at hand: the file of the Nu Html
//! Checker, `vnu.jar`, is named by a variable. One start of Java reads them all.

use std::process::Command;

use crate::emulator::tests::client::{APP, Seen, Setup, asked, options};
use crate::sign_in::PAGE;
use crate::web::tests::shown;

/// What the browser shows of a sign-in: the emulated pages, and the one after the redirect.
async fn signing_in() -> Vec<(String, String)> {
    let setup = Setup::start("", options(&[])).await;
    let log_in = setup.open(APP, &asked()).await;
    let (_, after) = log_in.page().split_once("name=\"flow\" value=\"").unwrap();
    let flow = after.split('"').next().unwrap();
    let consent = setup.submit(&[("flow", flow), ("email", "owner@example.com")]).await;
    let ended = setup.submit(&[("flow", "0"), ("decision", "allow")]).await;
    let named = |name: &str, seen: &Seen| (name.to_owned(), seen.page().to_owned());
    vec![
        named("log in", &log_in),
        named("consent", &consent),
        named("notice", &ended),
        ("redirected".to_owned(), PAGE.to_owned()),
    ]
}

#[tokio::test]
async fn no_page_has_an_error_for_an_html_validator() {
    let Some(jar) = std::env::var_os("NETSUITE_PREFLIGHT_VNU") else {
        eprintln!("skipped: NETSUITE_PREFLIGHT_VNU names no vnu.jar");
        return;
    };
    let mut pages = shown::pages().await;
    pages.extend(signing_in().await);
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for (at, (name, page)) in pages.iter().enumerate() {
        let letters = name.replace(|c: char| !c.is_ascii_alphanumeric(), "-");
        let file = folder.path().join(format!("{at}-{letters}.html"));
        std::fs::write(&file, page).unwrap();
        files.push(file);
    }
    // Its grammar needs more of a stack than Java gives by itself.
    let mut java = Command::new("java");
    java.args(["-Xss8m", "-jar"])
        .arg(jar)
        .args(["--errors-only", "--stdout", "--format", "gnu"])
        .args(&files);
    let said = java.output().unwrap();
    let found = String::from_utf8_lossy(&said.stdout).into_owned();
    let found = found + &String::from_utf8_lossy(&said.stderr);
    assert!(said.status.success() && found.is_empty(), "{} pages: {found}", files.len());
}
