//! Answers from recorded exchanges.

use hyper::body::Bytes;
use hyper::header::{
    CONTENT_TYPE, DATE, HeaderName, HeaderValue, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE,
};
use hyper::{Response, StatusCode};
use jiff::SignedDuration;
use jiff::fmt::rfc2822::{DateTimeParser, DateTimePrinter};
use serde_json::{Value, json};

use super::answer::Answer;
use super::body::{self, Body, Cut};
use super::call::Call;
use super::exchange::note;
use super::state::State;
use crate::emulator::log::Effect;
use crate::emulator::replay::Replay;
use crate::types::exchanges::{Headers, NoAnswer};

/// Answers one request as it was answered when it was recorded. Answers that came too late never
/// come; all other ways of giving no answer become a cut connection.
pub(super) async fn replayed(
    state: &State,
    replay: &Replay,
    call: &Call,
) -> Result<Response<Body>, Cut> {
    let question = question(&call.body);
    let query = call.raw_query.as_deref().unwrap_or_default();
    let place = (call.method.as_str(), call.host.as_str(), call.path.as_str());
    let Some(recorded) = replay.next(place, query, &question) else {
        let text = "this request is not among the recorded exchanges";
        let answer = Answer::json(StatusCode::NOT_IMPLEMENTED, &json!({ "title": text }));
        note(state, call, &answer, false);
        return Ok(response(answer));
    };
    let status = recorded.status.and_then(|status| StatusCode::from_u16(status).ok());
    let shift = state.now().duration_since(recorded.sent);
    let mut answer = Answer::empty(status.unwrap_or(StatusCode::BAD_GATEWAY), Effect::None);
    note(state, call, &answer, status.is_none());
    if status.is_none() {
        if recorded.no_answer == Some(NoAnswer::TimedOut) {
            std::future::pending::<()>().await;
        }
        return Err(Cut);
    }
    answer.body = replay.body(&recorded.body, answer.status.as_u16(), shift);
    answer.headers = headers(&recorded.headers, shift);
    Ok(response(answer))
}

fn question(body: &Bytes) -> String {
    let body = serde_json::from_slice::<Value>(body).ok();
    let question = body.as_ref().and_then(|body| body.get("q")?.as_str());
    question.unwrap_or_default().to_owned()
}

fn response(answer: Answer) -> Response<Body> {
    let mut response = Response::new(body::whole(answer.body));
    *response.status_mut() = answer.status;
    response.headers_mut().extend(answer.headers);
    response
}

fn headers(recorded: &Headers, shift: SignedDuration) -> Vec<(HeaderName, HeaderValue)> {
    let date = recorded.date.as_deref().map(|text| moved(text, shift));
    let values = [
        (CONTENT_TYPE, recorded.content_type.clone()),
        (DATE, date),
        (RETRY_AFTER, recorded.retry_after.map(|seconds| seconds.to_string())),
        (WWW_AUTHENTICATE, recorded.www_authenticate.clone()),
        (LOCATION, recorded.location_host.as_ref().map(|host| format!("https://{host}/"))),
    ];
    let usable = values
        .into_iter()
        .filter_map(|(name, value)| Some((name, HeaderValue::from_str(&value?).ok()?)));
    usable.collect()
}

/// A date of HTTP, moved; one that cannot be read stays as it is.
fn moved(text: &str, shift: SignedDuration) -> String {
    let read = DateTimeParser::new().parse_timestamp(text.trim()).ok();
    // Rounded, because the date has whole seconds and the shift is mostly whole seconds and a bit.
    let shift = SignedDuration::from_secs(shift.as_secs());
    read.and_then(|at| at.checked_add(shift).ok())
        .and_then(|at| DateTimePrinter::new().timestamp_to_rfc9110_string(&at).ok())
        .unwrap_or_else(|| text.to_owned())
}
