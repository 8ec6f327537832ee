//! What the person does: each of these is a POST with the word of the session, and goes to the
//! walk. Afterwards the browser is sent to what stands then.

use std::sync::Arc;

use axum::extract::{Extension, State};
use axum::response::Response;

use super::desk::{At, Heard};
use super::form::Fields;
use super::gate::Refusal;
use super::guard::Posted;
use super::pages::{end, refused};
use super::walked::{Walked, html, on};
use crate::setup::{AnswerForm, Response as Said, SetupStep};
use crate::types::{Secret, SecretKind};

/// For which view a form was made.
pub(super) fn number(fields: &Fields) -> u64 {
    // No view has this number, so that a form without one is an old one.
    fields.get("number").parse().unwrap_or(u64::MAX)
}

pub(super) async fn answer(
    State(walked): State<Arc<Walked>>,
    Extension(posted): Extension<Posted>,
) -> Response {
    let view = walked.window.now();
    let At::Question(field) = view.at else { return on(false) };
    let given = posted.fields.get("answer");
    let said = match view.walk.ask(field).kind {
        AnswerForm::Secret => {
            let given = Some(given.trim()).filter(|given| !given.is_empty());
            Said::Secret(given.map(|given| Secret::new(SecretKind::ClientSecret, given)))
        }
        _ => Said::Answer(given.to_owned()),
    };
    on(walked.window.say(number(&posted.fields), Heard::Answer(said)).await)
}

pub(super) async fn back(
    State(walked): State<Arc<Walked>>,
    Extension(posted): Extension<Posted>,
) -> Response {
    on(walked.window.say(number(&posted.fields), Heard::Answer(Said::Back)).await)
}

pub(super) async fn visit(
    State(walked): State<Arc<Walked>>,
    Extension(posted): Extension<Posted>,
) -> Response {
    let wanted = posted.fields.get("step").parse::<SetupStep>().ok();
    let Some(step) = wanted.filter(|step| *step < SetupStep::Check) else {
        return refused::page(Refusal::Missing);
    };
    on(walked.window.say(number(&posted.fields), Heard::Answer(Said::Visit(step))).await)
}

pub(super) async fn passphrase(
    State(walked): State<Arc<Walked>>,
    Extension(posted): Extension<Posted>,
) -> Response {
    if !matches!(walked.window.now().at, At::Passphrase { .. }) {
        return on(false);
    }
    let given = Some(posted.fields.get("answer")).filter(|given| !given.is_empty());
    let secret = given.map(|given| Secret::new(SecretKind::Passphrase, given));
    on(walked.window.say(number(&posted.fields), Heard::Passphrase(secret)).await)
}

/// Ends the session and the program. This is the last page.
pub(super) async fn finish(State(walked): State<Arc<Walked>>) -> Response {
    let view = walked.window.now();
    walked.window.leave();
    walked.session.end();
    html(end::closed(&view.at, &view.walk, &walked.about))
}
