//! The pages of the walk: what each address shows. What has an effect is in [`super::answered`].

use std::path::PathBuf;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Json, Response};
use axum::routing::{get, post};
use axum::{Router, response::Html};
use maud::Markup;
use serde::Serialize;
use strum::VariantArray as _;

use super::answered;
use super::desk::{At, View, Window};
use super::dropped;
use super::form::Fields;
use super::gate::{Refusal, WITH_FORMS};
use super::guard::see;
use super::live::Standing;
use super::pages::{self, end, question, refused, working};
use super::server::now;
use super::session::Session;
use crate::setup::{Field, guide};

/// What the pages say about the walk besides its questions.
#[derive(Debug, Clone)]
pub struct About {
    /// The name of the target.
    pub target: String,
    /// Where progress is kept.
    pub file: String,
    /// The folder in which paths start.
    pub folder: String,
    /// Where a dropped certificate is written to.
    pub pairs: PathBuf,
    /// The command that checks this target again.
    pub again: Option<String>,
    /// The options that name the target.
    pub options: Option<String>,
}

/// What every handler is given.
#[derive(Debug)]
pub struct Walked {
    pub(super) window: Window,
    pub(super) session: Arc<Session>,
    pub(super) about: About,
}

/// Every page of the walk.
pub fn pages(window: Window, session: Arc<Session>, about: About) -> Router {
    let state = Arc::new(Walked { window, session, about });
    Router::new()
        .route("/", get(start))
        .route("/step/{field}", get(step))
        .route("/working", get(work))
        .route("/passphrase", get(passphrase).post(answered::passphrase))
        .route("/end", get(the_end))
        .route("/progress", get(progress))
        .route("/certificate.pem", get(dropped::certificate))
        .route("/answer", post(answered::answer))
        .route("/back", post(answered::back))
        .route("/visit", post(answered::visit))
        .route("/certificate", post(dropped::drop_file))
        .route("/finish", post(answered::finish))
        .with_state(state)
}

/// Where a page says that a form was of an earlier page.
const OLD: &str = "old";

/// The page that was asked for, where it shows what stands now.
pub(super) fn html(markup: Markup) -> Response {
    (StatusCode::OK, [WITH_FORMS], Html(markup.into_string())).into_response()
}

async fn start(State(walked): State<Arc<Walked>>, uri: Uri) -> Response {
    let query = uri.query().filter(|query| *query == OLD);
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    see(&format!("{}{query}", walked.window.now().at.path()))
}

/// Sends the browser to what stands now; says so where its form was too old.
pub(super) fn on(said: bool) -> Response {
    if said { see("/") } else { see(&format!("/?{OLD}")) }
}

impl Walked {
    pub(super) fn frame(&self, view: &View, title: &str) -> pages::Frame {
        pages::Frame {
            title: title.to_owned(),
            token: self.session.token(),
            number: view.number,
            target: self.about.target.clone(),
            file: self.about.file.clone(),
            done: view.walk.draft().done.clone(),
            step: view.at.step(),
            live: false,
            old: false,
        }
    }
}

async fn step(State(walked): State<Arc<Walked>>, Path(name): Path<String>, uri: Uri) -> Response {
    let Some(field) = Field::VARIANTS.iter().copied().find(|field| field.as_str() == name) else {
        return refused::page(Refusal::Missing);
    };
    let view = walked.window.now();
    let query = Fields::read(uri.query().unwrap_or_default().as_bytes());
    let ask = view.walk.ask(field);
    let title = guide().step(field.step()).map(|text| text.title.clone()).unwrap_or_default();
    let mut frame = walked.frame(&view, &title);
    frame.old = uri.query() == Some(OLD);
    match view.at {
        At::Question(now) if now == field => {
            let context = question::Context { ask: &ask, walk: &view.walk, about: &walked.about };
            html(frame.around(question::page(&context, &frame, query.get("form"))))
        }
        _ => {
            frame.step = Some(field.step());
            html(frame.around(question::earlier(&ask, &frame, &view.at.path())))
        }
    }
}

async fn work(State(walked): State<Arc<Walked>>) -> Response {
    let view = walked.window.now();
    let At::Work(task) = &view.at else { return see("/") };
    let standing = walked.window.live.standing(now());
    let title = working::title(*task, !standing.sign_in.is_empty());
    let mut frame = walked.frame(&view, title);
    frame.live = true;
    html(frame.around(working::page(*task, &standing)))
}

async fn passphrase(State(walked): State<Arc<Walked>>) -> Response {
    let view = walked.window.now();
    let At::Passphrase { of } = &view.at else { return see("/") };
    let frame = walked.frame(&view, "Passphrase");
    html(frame.around(question::passphrase(of, &frame)))
}

async fn the_end(State(walked): State<Arc<Walked>>) -> Response {
    let view = walked.window.now();
    let At::End(ended) = &view.at else { return see("/") };
    let frame = walked.frame(&view, end::title(ended));
    html(frame.around(end::page(ended, &view.walk, &walked.about, &frame)))
}

/// How the work stands, and where to go when it is over.
#[derive(Debug, Serialize)]
struct Progress {
    working: bool,
    #[serde(flatten)]
    standing: Standing,
}

async fn progress(State(walked): State<Arc<Walked>>) -> Response {
    let working = matches!(walked.window.now().at, At::Work(_));
    let standing = walked.window.live.standing(now());
    Json(Progress { working, standing }).into_response()
}

/// A short answer in words, for a script.
pub(super) fn plain(status: StatusCode, text: &str) -> Response {
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text.to_owned()).into_response()
}
