//! The port that a redirect arrives at: on the loopback addresses alone, for one redirect.
//!
//! Any page of any site can make a browser send requests here, so a request has to be what a
//! redirect is: GET of the one path, for the one host, as a page of its own, with the `state` of this
//! sign-in. Everything else is refused in fixed words and changes nothing.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderMap, HeaderName};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use openssl::ssl::{Ssl, SslAcceptor};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_openssl::SslStream;

use crate::oauth::code_grant::{BrowserStop, CALLBACK};

/// Connections at once; more are closed unread.
const MOST_CONNECTIONS: usize = 64;
/// The most that is read of a request's head. The browser sends along whatever cookies other
/// programs on this machine left for `localhost`.
const HEAD_LIMIT: usize = 64 * 1024;
/// The longest query that is looked at.
const QUERY_LIMIT: usize = 8 * 1024;
/// Time for the head of a request, and for a connection as a whole.
const HEAD_TIME: Duration = Duration::from_secs(5);
const CONNECTION_TIME: Duration = Duration::from_secs(10);
/// Before the next try where the system gives no connection.
const PAUSE: Duration = Duration::from_millis(100);
/// Time to bring the last page out.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// What a browser shows in the end. It holds nothing of the request.
pub(crate) const PAGE: &str = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
    <meta name=\"color-scheme\" content=\"light dark\"><title>netsuite-preflight</title></head>\
    <body><main><h1>netsuite-preflight has its answer</h1><p>You can close this page and go back to \
    it.</p></main></body></html>";

/// Listens for one redirect.
pub(super) struct Listener {
    sockets: Vec<TcpListener>,
    tls: Option<SslAcceptor>,
    host: String,
}

impl Listener {
    /// Takes the port on 127.0.0.1 and, where this machine has it, on `::1`: browsers go to either
    /// for `localhost`.
    pub(super) async fn bind(port: u16, tls: Option<SslAcceptor>) -> Result<Self, BrowserStop> {
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::AddrInUse => BrowserStop::PortTaken(port),
            _ => BrowserStop::NoListener { port, reason: error.to_string() },
        };
        let first = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(failed)?;
        let bound = first.local_addr().map_err(failed)?.port();
        let mut sockets = vec![first];
        match TcpListener::bind((Ipv6Addr::LOCALHOST, bound)).await {
            Ok(socket) => sockets.push(socket),
            // Who has the port there would get the code of a browser that prefers that address.
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(failed(error)),
            Err(_) => {}
        }
        Ok(Self { sockets, tls, host: format!("localhost:{bound}") })
    }

    /// Where it listens.
    #[cfg(test)]
    pub(super) fn addresses(&self) -> Vec<SocketAddr> {
        self.sockets.iter().filter_map(|socket| socket.local_addr().ok()).collect()
    }

    /// Waits for the redirect and gives its query. When the time is over, whether a redirect came
    /// that was not of this sign-in.
    pub(super) async fn wait(
        self,
        ours: impl Fn(&str) -> bool + Send + Sync + 'static,
        time: Duration,
    ) -> Result<String, bool> {
        let (sender, mut redirected) = oneshot::channel();
        let gate = Arc::new(Gate {
            host: self.host,
            ours: Box::new(ours),
            sender: Mutex::new(Some(sender)),
            stranger: AtomicBool::new(false),
        });
        let mut connections = JoinSet::new();
        let over = tokio::time::sleep(time);
        tokio::pin!(over);
        let mut sockets = self.sockets.into_iter();
        let (first, second) = (sockets.next(), sockets.next());
        let query = loop {
            let accepted = tokio::select! {
                query = &mut redirected => break query.ok(),
                () = &mut over => break None,
                accepted = accept(first.as_ref()) => accepted,
                accepted = accept(second.as_ref()) => accepted,
                Some(_) = connections.join_next() => continue,
            };
            match accepted {
                Ok((stream, peer)) if peer.ip().is_loopback() => {
                    if connections.len() < MOST_CONNECTIONS {
                        connections.spawn(serve(stream, self.tls.clone(), Arc::clone(&gate)));
                    }
                }
                Ok(_) => {}
                // No descriptor is left: one of the connections has to end first.
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        };
        drop((first, second));
        let Some(query) = query else { return Err(gate.stranger.load(Ordering::SeqCst)) };
        let end = async { while connections.join_next().await.is_some() {} };
        // Slow ones are not waited for; dropping the set closes them.
        let _ = timeout(LAST_WORDS, end).await;
        Ok(query)
    }
}

async fn accept(socket: Option<&TcpListener>) -> io::Result<(TcpStream, SocketAddr)> {
    match socket {
        Some(socket) => socket.accept().await,
        None => std::future::pending().await,
    }
}

/// What a request has to fit, and where the one that does goes.
struct Gate {
    host: String,
    ours: Box<dyn Fn(&str) -> bool + Send + Sync>,
    sender: Mutex<Option<oneshot::Sender<String>>>,
    stranger: AtomicBool,
}

async fn serve(stream: TcpStream, tls: Option<SslAcceptor>, gate: Arc<Gate>) {
    let serve = async {
        match tls {
            None => connection(TokioIo::new(stream), gate).await,
            Some(acceptor) => {
                let Ok(ssl) = Ssl::new(acceptor.context()) else { return };
                let Ok(mut stream) = SslStream::new(ssl, stream) else { return };
                if std::pin::Pin::new(&mut stream).accept().await.is_ok() {
                    connection(TokioIo::new(stream), gate).await;
                }
            }
        }
    };
    let _ = timeout(CONNECTION_TIME, serve).await;
}

async fn connection<T>(io: TokioIo<T>, gate: Arc<Gate>)
where
    TokioIo<T>: hyper::rt::Read + hyper::rt::Write + Unpin,
{
    let answer = |request: Request<Incoming>| {
        std::future::ready(Ok::<_, Infallible>(gate.answer(
            request.method(),
            request.uri(),
            request.headers(),
        )))
    };
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .keep_alive(false)
        .max_buf_size(HEAD_LIMIT);
    let _ = http.serve_connection(io, service_fn(answer)).await;
}

impl Gate {
    fn answer(
        &self,
        method: &Method,
        uri: &hyper::Uri,
        headers: &HeaderMap,
    ) -> Response<Full<Bytes>> {
        let refused = |status| page(status, "Refused.\n", "text/plain; charset=utf-8");
        // Another name for this machine is what DNS rebinding looks like.
        if only(headers, header::HOST).is_none_or(|host| host != self.host.as_bytes()) {
            return refused(StatusCode::MISDIRECTED_REQUEST);
        }
        if method != Method::GET {
            return refused(StatusCode::METHOD_NOT_ALLOWED);
        }
        if uri.path() != CALLBACK || uri.authority().is_some() {
            return refused(StatusCode::NOT_FOUND);
        }
        if !is_navigation(headers) {
            return refused(StatusCode::FORBIDDEN);
        }
        let query = uri.query().unwrap_or_default();
        if query.len() > QUERY_LIMIT || !(self.ours)(query) {
            self.stranger.store(true, Ordering::SeqCst);
            return refused(StatusCode::BAD_REQUEST);
        }
        let sender = self.sender.lock().unwrap_or_else(PoisonError::into_inner).take();
        match sender {
            Some(sender) => {
                // Nobody waits any more only when the time has just run out.
                let _ = sender.send(query.to_owned());
                page(StatusCode::OK, PAGE, "text/html; charset=utf-8")
            }
            None => refused(StatusCode::GONE),
        }
    }
}

/// The value of a header that stands there once.
fn only(headers: &HeaderMap, name: HeaderName) -> Option<&[u8]> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    values.next().is_none().then(|| value.as_bytes())
}

/// Whether the browser goes to the page as such, which is what a redirect does. A script's request
/// carries `Origin`, and browsers say of each request what it is for.
fn is_navigation(headers: &HeaderMap) -> bool {
    let says = |name: &'static str, wanted: &str| {
        let value = headers.get(HeaderName::from_static(name));
        value.is_none_or(|value| value.as_bytes() == wanted.as_bytes())
    };
    !headers.contains_key(header::ORIGIN)
        && says("sec-fetch-mode", "navigate")
        && says("sec-fetch-dest", "document")
}

fn page(status: StatusCode, text: &'static str, kind: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from_static(text.as_bytes())));
    *response.status_mut() = status;
    for (name, value) in [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        response.headers_mut().insert(name, header::HeaderValue::from_static(value));
    }
    response
}
