//! One request from its first byte to the last byte of its answer, faults included.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper::header::{
    ACCEPT, CONTENT_ENCODING, CONTENT_LENGTH, DATE, HeaderName, HeaderValue, LOCATION,
    PROXY_AUTHENTICATE,
};
use hyper::{Method, Request, Response, StatusCode};
use jiff::{SignedDuration, Timestamp, fmt::rfc2822::DateTimePrinter};
use serde_json::json;

use super::answer::{Answer, ServiceError};
use super::body::{self, Body, Cut};
use super::call::Call;
use super::gate::rate_limited;
use super::replayed::replayed;
use super::route::route;
use super::state::State;
use crate::emulator::faults::FaultKind;
use crate::emulator::log::{Effect, Entry};
use crate::emulator::signin::TOKEN_PATH;
use crate::emulator::signin::access_token::{LIFETIME, foreign};

/// Longest request body that is read.
const LONGEST_REQUEST: usize = 1_048_576;

/// Answers one request, or cuts the connection.
pub(super) async fn exchange(
    state: Arc<State>,
    latency: Duration,
    request: Request<Incoming>,
) -> Result<Response<Body>, Cut> {
    let (head, incoming) = request.into_parts();
    let bytes = Limited::new(incoming, LONGEST_REQUEST).collect().await.map_err(|_| Cut)?;
    let call = Call::new(head.method, &head.uri, head.version, head.headers, bytes.to_bytes());
    if let Some(replay) = &state.replay {
        return replayed(&state, replay, &call).await;
    }
    let fault = state.faults.hit(call.method.as_str(), &call.host, &call.path).cloned();
    let counted = call.path.starts_with("/services/rest/record/")
        || call.path.starts_with("/services/rest/query/");
    let place = counted.then(|| state.enter());
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    let mut answer = match (&fault, &place) {
        (Some(fault), _) if replaces(fault) => instead(&state, fault),
        (_, Some((_, true))) => rate_limited(&state.switches),
        _ => route(&state, &call),
    };
    if fault == Some(FaultKind::ErrorAfterwards) {
        answer = instead(&state, &FaultKind::UnexpectedError).having(answer.effect);
    }
    let cut = matches!(
        fault,
        Some(
            FaultKind::Close
                | FaultKind::NeverAnswer
                | FaultKind::AnswerLost
                | FaultKind::AnswerHeld
        )
    );
    note(&state, &call, &answer, cut);
    let response = send(&state, answer, fault.as_ref()).await;
    drop(place);
    response
}

fn replaces(fault: &FaultKind) -> bool {
    !matches!(
        fault,
        FaultKind::CloseMidBody
            | FaultKind::Truncate
            | FaultKind::AnswerLost
            | FaultKind::AnswerHeld
            | FaultKind::ErrorAfterwards
            | FaultKind::SlowFirstByte { .. }
            | FaultKind::SlowBody { .. }
            | FaultKind::DateSkew { .. }
            | FaultKind::NoDate
    )
}

/// The answer of whatever stands in the way.
fn instead(state: &State, fault: &FaultKind) -> Answer {
    match fault {
        FaultKind::CaptivePage => Answer::html(StatusCode::OK, "Sign in to the guest network"),
        FaultKind::Maintenance => {
            Answer::html(StatusCode::SERVICE_UNAVAILABLE, "Scheduled maintenance")
        }
        FaultKind::BadGateway => Answer::html(StatusCode::BAD_GATEWAY, "Bad Gateway"),
        FaultKind::Redirect { location } => {
            Answer::html(StatusCode::FOUND, "Found").with(LOCATION, location)
        }
        FaultKind::ProxyAuthentication => {
            Answer::html(StatusCode::PROXY_AUTHENTICATION_REQUIRED, "Proxy sign-in required")
                .with(PROXY_AUTHENTICATE, "Basic realm=\"proxy\"")
        }
        FaultKind::RateLimit => rate_limited(&state.switches),
        FaultKind::UnexpectedError => {
            let detail = "An unexpected error occurred. Error ID: jrgbpyylphhishmmlxyt";
            ServiceError::new(StatusCode::INTERNAL_SERVER_ERROR, "UNEXPECTED_ERROR", detail)
                .answer(&state.switches)
        }
        FaultKind::Json { body } => {
            Answer::new(StatusCode::OK, "application/json", body.as_bytes())
        }
        FaultKind::TokenOfCompany { company } => Answer::json(
            StatusCode::OK,
            &json!({
                "access_token": foreign(company, state.now().as_second()),
                "expires_in": LIFETIME,
                "token_type": "Bearer",
            }),
        ),
        FaultKind::InvalidJson => {
            Answer::new(StatusCode::OK, "application/json", "{\"access_token\":")
        }
        FaultKind::GarbageGzip => {
            let noise = [0x1f, 0x8b, 0x08, 0x00, 0xde, 0xad, 0xbe, 0xef, 0x00, 0xff];
            Answer::new(StatusCode::OK, "application/json", noise).with(CONTENT_ENCODING, "gzip")
        }
        _ => Answer::new(StatusCode::OK, "application/json", Vec::new()),
    }
}

pub(super) fn note(state: &State, call: &Call, answer: &Answer, cut: bool) {
    let token = call.path == TOKEN_PATH;
    let reads = [Method::GET, Method::HEAD, Method::OPTIONS].contains(&call.method)
        || (call.method == Method::POST && (token || call.path.ends_with("/query/v1/suiteql")));
    let path = match &call.raw_query {
        Some(query) if !token => format!("{}?{query}", call.path),
        _ => call.path.clone(),
    };
    state.log.add(Entry {
        method: call.method.to_string(),
        host: call.host.clone(),
        path,
        status: (!cut).then(|| answer.status.as_u16()),
        could_write: !reads && answer.effect != Effect::Form,
        guarded_form: guarded_form(call),
        changed: answer.effect == Effect::Changed,
        http2: call.http2,
    });
}

/// Whether a request asks for a form as carefully as can be.
fn guarded_form(call: &Call) -> bool {
    let accept = call.header(&ACCEPT).unwrap_or("").replace(' ', "");
    let kind = match call.method {
        Method::POST => "type=create-form",
        Method::PATCH => "type=edit-form",
        _ => return false,
    };
    let strict = call.header_named("x-netsuite-propertynamevalidation") == Some("Error");
    let body = serde_json::from_slice::<serde_json::Value>(&call.body).ok();
    let alone =
        body.as_ref().and_then(serde_json::Value::as_object).is_some_and(|all| all.len() == 1);
    accept.ends_with(kind) && strict && alone
}

async fn send(
    state: &State,
    answer: Answer,
    fault: Option<&FaultKind>,
) -> Result<Response<Body>, Cut> {
    let length = answer.body.len();
    let mut promised = None;
    let body = match fault {
        Some(FaultKind::Close | FaultKind::AnswerLost) => return Err(Cut),
        Some(FaultKind::NeverAnswer | FaultKind::AnswerHeld) => std::future::pending().await,
        Some(FaultKind::SlowFirstByte { milliseconds }) => {
            tokio::time::sleep(Duration::from_millis(*milliseconds)).await;
            body::whole(answer.body)
        }
        Some(FaultKind::SlowBody { milliseconds }) => {
            body::dripping(answer.body, Duration::from_millis(*milliseconds))
        }
        Some(FaultKind::CloseMidBody) => {
            promised = Some(length);
            body::cut_in_half(answer.body)
        }
        Some(FaultKind::Truncate) => {
            promised = Some(length + 100);
            body::unmeasured(answer.body)
        }
        Some(FaultKind::Oversized { bytes }) => body::oversized(*bytes),
        _ => body::whole(answer.body),
    };
    let mut response = Response::new(body);
    *response.status_mut() = answer.status;
    let headers = response.headers_mut();
    for (name, value) in answer.headers {
        headers.append(name, value);
    }
    if let Some(promised) = promised {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(promised));
    }
    let shift = match fault {
        Some(FaultKind::DateSkew { seconds }) => *seconds,
        _ => 0,
    };
    if !matches!(fault, Some(FaultKind::NoDate)) {
        stamp(headers, state.now(), shift);
    }
    Ok(response)
}

fn stamp(headers: &mut hyper::HeaderMap, now: Timestamp, shift: i64) {
    let at = now.checked_add(SignedDuration::from_secs(shift)).unwrap_or(now);
    let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&at);
    if let Some(value) = date.ok().and_then(|date| HeaderValue::from_str(&date).ok()) {
        headers.insert(DATE, value);
    }
    headers.insert(HeaderName::from_static("server"), HeaderValue::from_static("emulator"));
}
