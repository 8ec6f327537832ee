//! One request from its first byte to the last byte of its answer, faults included.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, Limited, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::header::{
    ACCEPT, CONTENT_ENCODING, CONTENT_LENGTH, DATE, HeaderName, HeaderValue, LOCATION,
    PROXY_AUTHENTICATE,
};
use hyper::service::service_fn;
use hyper::{Method, Response, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use jiff::fmt::rfc2822::DateTimePrinter;
use jiff::{SignedDuration, Timestamp};
use openssl::ssl::{Ssl, SslAcceptor};
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_openssl::SslStream;

use super::Listener;
use super::message::{Reply, Request, ServiceError};
use super::route::{is_record_path, is_rest_service, route};
use super::state::{ServerState, rate_limited};
use crate::emulator::faults::FaultKind;
use crate::emulator::log::{Effect, LoggedRequest};
use crate::emulator::signin::TOKEN_PATH;
use crate::emulator::signin::access_token::{LIFETIME, foreign};
use crate::emulator::signin::authorize::AUTHORIZE_PATH;
use crate::emulator::switches::RestHeaders;
use crate::types::exchanges::NoAnswerReason;

/// Longest request body that is read.
const LONGEST_REQUEST: usize = 1_048_576;

/// Answers one request, or cuts the connection.
async fn exchange(
    state: Arc<ServerState>,
    latency: Duration,
    incoming: hyper::Request<Incoming>,
) -> Result<Response<Body>, Cut> {
    let (head, body) = incoming.into_parts();
    let bytes = Limited::new(body, LONGEST_REQUEST).collect().await.map_err(|_| Cut)?;
    let request =
        Request::new(head.method, &head.uri, head.version, head.headers, bytes.to_bytes());
    if let Some(replay) = &state.replay {
        let answer = replay.answer(&request, state.now());
        let nothing = || Reply::empty(StatusCode::BAD_GATEWAY, Effect::None);
        note(&state, &request, answer.as_ref().unwrap_or(&nothing()), answer.is_err());
        return match answer {
            Ok(Reply { status, headers, body, .. }) => Ok(response(status, headers, whole(body))),
            // Answers that came too late never come; all other ways of giving none are a cut.
            Err(Some(NoAnswerReason::TimedOut)) => std::future::pending().await,
            Err(_) => Err(Cut),
        };
    }
    let fault = state.faults.hit(request.method.as_str(), &request.host, &request.path).cloned();
    let place = is_record_path(&request).then(|| state.enter());
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    let mut answer = match (&fault, &place) {
        (Some(fault), _) if replaces(fault) => instead(&state, fault),
        (_, Some((_, true))) => rate_limited(&state.switches),
        _ => route(&state, &request),
    };
    if fault == Some(FaultKind::ErrorAfterwards) {
        answer = instead(&state, &FaultKind::UnexpectedError).having(answer.effect);
    }
    let dressed = state.switches.rest_headers == RestHeaders::Sent
        && speaks_itself(fault.as_ref())
        && is_rest_service(&state, &request);
    if dressed {
        answer = answer.dressed(state.next_operation());
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
    note(&state, &request, &answer, cut);
    let response = send(&state, answer, fault.as_ref()).await;
    drop(place);
    response
}

/// Answers a request that did not come over the network, and notes it.
pub(super) fn served(state: &ServerState, request: &Request) -> Reply {
    let answer = route(state, request);
    note(state, request, &answer, false);
    answer
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

/// Whether NetSuite itself answers, and not what stands in the way.
fn speaks_itself(fault: Option<&FaultKind>) -> bool {
    fault.is_none_or(|fault| {
        !replaces(fault) || matches!(fault, FaultKind::RateLimit | FaultKind::UnexpectedError)
    })
}

/// The answer of whatever stands in the way.
fn instead(state: &ServerState, fault: &FaultKind) -> Reply {
    match fault {
        FaultKind::CaptivePage => Reply::html(StatusCode::OK, "Sign in to the guest network"),
        FaultKind::Maintenance => {
            Reply::html(StatusCode::SERVICE_UNAVAILABLE, "Scheduled maintenance")
        }
        FaultKind::BadGateway => Reply::html(StatusCode::BAD_GATEWAY, "Bad Gateway"),
        FaultKind::Redirect { location } => {
            Reply::html(StatusCode::FOUND, "Found").with(LOCATION, location)
        }
        FaultKind::ProxyAuthentication => {
            Reply::html(StatusCode::PROXY_AUTHENTICATION_REQUIRED, "Proxy sign-in required")
                .with(PROXY_AUTHENTICATE, "Basic realm=\"proxy\"")
        }
        FaultKind::RateLimit => rate_limited(&state.switches),
        FaultKind::UnexpectedError => {
            let detail = "An unexpected error occurred. Error ID: jrgbpyylphhishmmlxyt";
            ServiceError::new(StatusCode::INTERNAL_SERVER_ERROR, "UNEXPECTED_ERROR", detail)
                .answer(&state.switches)
        }
        FaultKind::Json { body } => Reply::new(StatusCode::OK, "application/json", body.as_bytes()),
        FaultKind::TokenOfCompany { company } => Reply::json(
            StatusCode::OK,
            &json!({
                "access_token": foreign(company, state.now().as_second()),
                "expires_in": LIFETIME,
                "token_type": "Bearer",
            }),
        ),
        FaultKind::InvalidJson => {
            Reply::new(StatusCode::OK, "application/json", "{\"access_token\":")
        }
        FaultKind::GarbageGzip => {
            let noise = [0x1f, 0x8b, 0x08, 0x00, 0xde, 0xad, 0xbe, 0xef, 0x00, 0xff];
            Reply::new(StatusCode::OK, "application/json", noise).with(CONTENT_ENCODING, "gzip")
        }
        _ => Reply::new(StatusCode::OK, "application/json", Vec::new()),
    }
}

fn note(state: &ServerState, request: &Request, answer: &Reply, cut: bool) {
    let token = request.path == TOKEN_PATH;
    let reads = [Method::GET, Method::HEAD, Method::OPTIONS].contains(&request.method)
        || (request.method == Method::POST
            && (token
                || request.path == AUTHORIZE_PATH
                || request.path.ends_with("/query/v1/suiteql")));
    let path = match &request.raw_query {
        Some(query) if !token => format!("{}?{query}", request.path),
        _ => request.path.clone(),
    };
    state.log.add(LoggedRequest {
        method: request.method.to_string(),
        host: request.host.clone(),
        path,
        status: (!cut).then(|| answer.status.as_u16()),
        could_write: !reads && answer.effect != Effect::Form,
        guarded_form: guarded_form(request),
        changed: answer.effect == Effect::Changed,
        http2: request.http2,
    });
}

/// Whether a request asks for a form as carefully as can be.
fn guarded_form(request: &Request) -> bool {
    let accept = request.header(&ACCEPT).unwrap_or("").replace(' ', "");
    let kind = match request.method {
        Method::POST => "type=create-form",
        Method::PATCH => "type=edit-form",
        _ => return false,
    };
    let strict = request.header_named("x-netsuite-propertynamevalidation") == Some("Error");
    let body = serde_json::from_slice::<serde_json::Value>(&request.body).ok();
    let alone =
        body.as_ref().and_then(serde_json::Value::as_object).is_some_and(|all| all.len() == 1);
    accept.ends_with(kind) && strict && alone
}

async fn send(
    state: &ServerState,
    answer: Reply,
    fault: Option<&FaultKind>,
) -> Result<Response<Body>, Cut> {
    let length = answer.body.len();
    let mut promised = None;
    let body = match fault {
        Some(FaultKind::Close | FaultKind::AnswerLost) => return Err(Cut),
        Some(FaultKind::NeverAnswer | FaultKind::AnswerHeld) => std::future::pending().await,
        Some(FaultKind::SlowFirstByte { milliseconds }) => {
            tokio::time::sleep(Duration::from_millis(*milliseconds)).await;
            whole(answer.body)
        }
        Some(FaultKind::SlowBody { milliseconds }) => {
            dripping(answer.body, Duration::from_millis(*milliseconds))
        }
        Some(FaultKind::CloseMidBody) => {
            promised = Some(length);
            cut_in_half(answer.body)
        }
        Some(FaultKind::Truncate) => {
            promised = Some(length + 100);
            unmeasured(answer.body)
        }
        Some(FaultKind::Oversized { bytes }) => oversized(*bytes),
        _ => whole(answer.body),
    };
    let mut response = response(answer.status, answer.headers, body);
    let headers = response.headers_mut();
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

fn response(
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Body,
) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    for (name, value) in headers {
        response.headers_mut().append(name, value);
    }
    response
}

fn stamp(headers: &mut hyper::HeaderMap, now: Timestamp, shift: i64) {
    let at = now.checked_add(SignedDuration::from_secs(shift)).unwrap_or(now);
    let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&at);
    if let Some(value) = date.ok().and_then(|date| HeaderValue::from_str(&date).ok()) {
        headers.insert(DATE, value);
    }
    headers.insert(HeaderName::from_static("server"), HeaderValue::from_static("emulator"));
}

// Accepts connections and serves HTTP/1.1 or HTTP/2 on them.

/// Accepts until it is aborted; its connections end with it.
pub(super) async fn accept(
    listener: TcpListener,
    acceptor: SslAcceptor,
    kind: Listener,
    latency: Duration,
    state: Arc<ServerState>,
) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else { continue };
                let (acceptor, state) = (acceptor.clone(), Arc::clone(&state));
                connections.spawn(async move {
                    match kind {
                        Listener::Silent => {
                            std::future::pending::<()>().await;
                            drop(stream);
                        }
                        Listener::ClosesBeforeTls | Listener::Refuses => drop(stream),
                        Listener::Normal => {
                            serve(stream, &acceptor, latency, state).await;
                        }
                    }
                });
            }
        }
    }
}

/// Serves one connection. A client that goes away, or does not trust the certificate, is no event.
async fn serve(
    stream: TcpStream,
    acceptor: &SslAcceptor,
    latency: Duration,
    state: Arc<ServerState>,
) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let ssl = Ssl::new(acceptor.context()).ok()?;
    let mut stream = SslStream::new(ssl, stream).ok()?;
    Pin::new(&mut stream).accept().await.ok()?;
    let service = service_fn(move |request| exchange(Arc::clone(&state), latency, request));
    let mut builder = Builder::new(TokioExecutor::new());
    // The Date comes from the emulator's own clock, or is left out as asked.
    builder.http1().auto_date_header(false);
    builder.http2().auto_date_header(false);
    builder.serve_connection(TokioIo::new(stream), service).await.ok()
}

// Bodies that end as they should, and bodies that do not.

/// The connection is to be cut here.
#[derive(Debug, thiserror::Error)]
#[error("the emulator cuts the connection, as asked")]
struct Cut;

type Body = UnsyncBoxBody<Bytes, Cut>;

type Piece = Result<Frame<Bytes>, Cut>;

/// All of it at once.
fn whole(bytes: Vec<u8>) -> Body {
    Full::new(Bytes::from(bytes)).map_err(|never: Infallible| match never {}).boxed_unsync()
}

/// All of it, of a length that the body does not tell: the headers say what they like.
fn unmeasured(bytes: Vec<u8>) -> Body {
    StreamBody::new(stream::iter([Piece::Ok(Frame::data(bytes.into()))])).boxed_unsync()
}

/// Half of it, then the cut.
fn cut_in_half(mut bytes: Vec<u8>) -> Body {
    bytes.truncate(bytes.len() / 2);
    let pieces = stream::iter([Piece::Ok(Frame::data(bytes.into())), Err(Cut)]);
    // A pause, so that the first half is sent before the cut.
    StreamBody::new(pieces.then(|piece| async {
        tokio::task::yield_now().await;
        piece
    }))
    .boxed_unsync()
}

/// One byte at a time.
fn dripping(bytes: Vec<u8>, pause: Duration) -> Body {
    let pieces = stream::iter(bytes).then(move |byte| async move {
        tokio::time::sleep(pause).await;
        Piece::Ok(Frame::data(Bytes::from(vec![byte])))
    });
    StreamBody::new(pieces).boxed_unsync()
}

/// So many bytes of a JSON text that never ends.
fn oversized(bytes: usize) -> Body {
    const PIECE: usize = 65_536;
    let pieces = stream::unfold((bytes, true), |(left, first)| async move {
        if left == 0 {
            return None;
        }
        let length = left.min(PIECE);
        let mut piece = vec![b'a'; length];
        if let (true, Some(start)) = (first, piece.first_mut()) {
            *start = b'"';
        }
        Some((Piece::Ok(Frame::data(piece.into())), (left - length, false)))
    });
    StreamBody::new(pieces).boxed_unsync()
}
