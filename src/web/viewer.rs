//! Stored reports as pages: the support desk's view. Read only.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::{get, post};
use maud::Markup;

use super::form::Fields;
use super::gate::{Refusal, WITH_FORMS};
use super::pages::{refused, reports};
use super::session::Session;
use crate::report::stored::Stored;

/// What every handler is given.
#[derive(Debug)]
struct Viewer {
    stored: Stored,
    session: Arc<Session>,
    /// What the file is called.
    name: String,
}

/// The pages over a report, or over a set of them.
pub fn pages(stored: Stored, name: String, session: Arc<Session>) -> Router {
    let state = Arc::new(Viewer { stored, session, name });
    Router::new()
        .route("/", get(start))
        .route("/report/{number}", get(report))
        .route("/finish", post(finish))
        .with_state(state)
}

fn html(markup: Markup) -> Response {
    (StatusCode::OK, [WITH_FORMS], Html(markup.into_string())).into_response()
}

impl Viewer {
    fn frame(&self) -> reports::Frame<'_> {
        reports::Frame { name: &self.name, token: self.session.token() }
    }
}

async fn start(State(viewer): State<Arc<Viewer>>, uri: Uri) -> Response {
    let query = Fields::read(uri.query().unwrap_or_default().as_bytes());
    match viewer.stored.reports() {
        [only] if !viewer.stored.is_set() => {
            html(reports::one(&viewer.frame(), only, None, query.get("status")))
        }
        _ => {
            let targets = viewer.stored.targets();
            let shown = targets.shown();
            let filter = reports::Filter::new(query.get("target"), query.get("status"));
            html(reports::many(&viewer.frame(), &shown, &filter))
        }
    }
}

async fn report(
    State(viewer): State<Arc<Viewer>>,
    Path(number): Path<String>,
    uri: Uri,
) -> Response {
    let query = Fields::read(uri.query().unwrap_or_default().as_bytes());
    let targets = viewer.stored.targets();
    let shown = targets.shown();
    let found = number.parse::<usize>().ok().and_then(|number| shown.get(number));
    match found.and_then(|shown| Some((shown, shown.report?))) {
        Some((shown, report)) if viewer.stored.is_set() => {
            html(reports::one(&viewer.frame(), report, shown.name, query.get("status")))
        }
        _ => refused::page(Refusal::Missing),
    }
}

async fn finish(State(viewer): State<Arc<Viewer>>) -> Response {
    viewer.session.end();
    html(reports::closed())
}
