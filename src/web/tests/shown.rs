//! Every page that is shown in the browser, with its name.

use axum::body::to_bytes;

use super::walking::every_page;
use crate::report::set::Many as _;
use crate::report::{Reader, handbook, html, samples};
use crate::web::gate::Refusal;
use crate::web::pages::{refused, reports};
use crate::web::session::Session;

/// Those of the walk, of stored reports, and of refusals.
pub(crate) async fn pages() -> Vec<(String, String)> {
    let mut all = every_page();
    all.extend(stored());
    all.extend(refusals().await);
    all
}

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
