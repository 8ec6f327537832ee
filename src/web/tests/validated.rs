//! Every page of the browser before an HTML validator, where one is at hand: the file of the Nu Html
//! Checker, `vnu.jar`, is named by a variable. One start of Java reads them all.

use std::process::Command;

use axum::body::to_bytes;

use super::walking::every_page;
use crate::emulator::tests::client::{APP, Seen, Setup, asked, options};
use crate::report::set::Many as _;
use crate::report::{Reader, handbook, html, samples};
use crate::sign_in::PAGE;
use crate::web::gate::Refusal;
use crate::web::pages::{refused, reports};
use crate::web::session::Session;

/// Pages whose addresses take a stored report, and the last one.
fn stored() -> Vec<(String, String)> {
    let session = Session::new(std::time::Instant::now()).unwrap();
    let frame = reports::Frame { name: "all.json", token: session.token() };
    let report = samples::report();
    let set = samples::set(&[("shop", samples::report()), ("depot", samples::passed())]);
    let many = |target, status| {
        reports::many(&frame, set.targets(), &reports::Filter::new(target, status)).into_string()
    };
    let one = |name, status| reports::one(&frame, &report, name, status).into_string();
    let named = |name: &str, page: String| (name.to_owned(), page);
    vec![
        named("set", many("", "")),
        named("set, filtered", many("shop", "fail")),
        named("set, nothing left", many("no such target", "")),
        named("report", one(None, "")),
        named("report of a set, filtered", one(Some("shop"), "fail")),
        named("closed", reports::closed().into_string()),
        named("report file", html::render(&report, handbook(), &Reader::default())),
    ]
}

async fn refusals() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for refusal in [Refusal::Session, Refusal::Missing] {
        let body = to_bytes(refused::page(refusal).into_body(), 1 << 20).await.unwrap();
        all.push((format!("{refusal:?}"), String::from_utf8(body.to_vec()).unwrap()));
    }
    all
}

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
    let mut pages = every_page();
    pages.extend(stored());
    pages.extend(refusals().await);
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
