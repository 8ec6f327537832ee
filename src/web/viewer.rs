//! Stored reports as pages: the support desk's view. Read only.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
use crate::report::Report;
use crate::report::set::Many;

/// What is looked at.
pub enum Seen {
    /// One report.
    One(Box<Report>),
    /// Those of many targets, read one at a time.
    Set(Box<dyn Many + Send>),
}

/// What every handler is given.
struct Viewer {
    seen: Mutex<Seen>,
    session: Arc<Session>,
    /// What the file is called.
    name: String,
}

/// The pages over a report, or over a set of them.
pub fn pages(seen: Seen, name: String, session: Arc<Session>) -> Router {
    let state = Arc::new(Viewer { seen: Mutex::new(seen), session, name });
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
    fn held(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn frame(&self) -> reports::Frame<'_> {
        reports::Frame { name: &self.name, token: self.session.token() }
    }
}

async fn start(State(viewer): State<Arc<Viewer>>, uri: Uri) -> Response {
    let query = Fields::read(uri.query().unwrap_or_default().as_bytes());
    match &*viewer.held() {
        Seen::One(report) => html(reports::one(&viewer.frame(), report, None, query.get("status"))),
        Seen::Set(set) => {
            let filter = reports::Filter::new(query.get("target"), query.get("status"));
            html(reports::many(&viewer.frame(), set.targets(), &filter))
        }
    }
}

async fn report(
    State(viewer): State<Arc<Viewer>>,
    Path(number): Path<String>,
    uri: Uri,
) -> Response {
    let query = Fields::read(uri.query().unwrap_or_default().as_bytes());
    let mut seen = viewer.held();
    let Seen::Set(set) = &mut *seen else { return refused::page(Refusal::Missing) };
    let found = number.parse::<usize>().ok().and_then(|at| Some((at, set.targets().get(at)?)));
    let Some((at, name)) = found.map(|(at, target)| (at, target.name.clone())) else {
        return refused::page(Refusal::Missing);
    };
    match set.report(at) {
        Ok(Some(report)) => {
            html(reports::one(&viewer.frame(), &report, Some(&name), query.get("status")))
        }
        Ok(None) => refused::page(Refusal::Missing),
        // The file was changed or taken away meanwhile.
        Err(_) => refused::page(Refusal::Unreadable),
    }
}

async fn finish(State(viewer): State<Arc<Viewer>>) -> Response {
    viewer.session.end();
    html(reports::closed())
}
