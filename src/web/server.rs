//! The server: on the loopback addresses alone, until the session is over.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::header;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse as _;
use axum::routing::get;
use tokio::net::TcpListener;

use super::gate::Refusal;
use super::guard::{Guard, OPEN, stand};
use super::pages::refused;
use super::session::{Key, Session};

pub(super) const STYLE: &str =
    concat!(include_str!("../report/style.css"), include_str!("style.css"));
pub(super) const SCRIPT: &str = include_str!("script.js");
const ICON: &str = include_str!("icon.svg");

/// After the end the last page still loads what it is dressed in.
const GRACE: Duration = Duration::from_millis(700);
/// Time for connections that are in use.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// The page cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port.
    #[error(
        "port {0} of this machine is taken by another program; name another with --web-port, or \
         leave it out to take a free one"
    )]
    PortTaken(u16),
    /// Anything else.
    #[error("no page can be served on 127.0.0.1: {0}; allow this program to listen there")]
    Listen(io::Error),
}

/// How serving ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// By the person, or because all is done.
    Finished,
    /// Nobody asked for a page for half an hour.
    Idle,
}

/// A server that has its port and answers nobody yet.
#[derive(Debug)]
pub struct Server {
    sockets: Vec<TcpListener>,
    port: u16,
}

impl Server {
    /// Takes the port on 127.0.0.1 and, where this machine has it and it is free, on `::1`. 0 takes
    /// a free one.
    ///
    /// # Errors
    /// When the system does not give it.
    pub async fn bind(port: u16) -> Result<Self, StartError> {
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::AddrInUse => StartError::PortTaken(port),
            _ => StartError::Listen(error),
        };
        let first = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(failed)?;
        let port = first.local_addr().map_err(failed)?.port();
        let mut sockets = vec![first];
        // The printed address is that of IPv4; a browser goes nowhere else by itself.
        sockets.extend(TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await.ok());
        Ok(Self { sockets, port })
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Where it listens.
    #[cfg(test)]
    pub(super) fn addresses(&self) -> Vec<std::net::SocketAddr> {
        self.sockets.iter().filter_map(|socket| socket.local_addr().ok()).collect()
    }

    /// The address that is opened, with its secret.
    #[must_use]
    pub fn address(&self, secret: &Key) -> String {
        address(self.port, secret)
    }

    /// Serves these pages until the session is over.
    ///
    /// # Errors
    /// When the system takes the port away.
    pub async fn serve(self, session: Arc<Session>, pages: Router) -> io::Result<Ended> {
        let now = || tokio::time::Instant::now().into_std();
        let app = guarded(pages, self.port, Arc::clone(&session));
        let served = self.sockets.into_iter().map(|socket| {
            let over = Arc::clone(&session);
            let server = axum::serve(socket, app.clone());
            let over = async move {
                over.over(now).await;
                tokio::time::sleep(GRACE).await;
            };
            Box::pin(async move { server.with_graceful_shutdown(over).await })
        });
        let served = futures_util::future::try_join_all(served);
        let over = async {
            session.over(now).await;
            tokio::time::sleep(GRACE + LAST_WORDS).await;
        };
        tokio::select! {
            served = served => drop(served?),
            // A connection that stays open is not waited for.
            () = over => {}
        }
        Ok(if session.was_ended() { Ended::Finished } else { Ended::Idle })
    }
}

/// The address that is opened, with its secret.
#[must_use]
pub fn address(port: u16, secret: &Key) -> String {
    format!("http://127.0.0.1:{port}{OPEN}{}", secret.expose())
}

/// The pages behind the guard, with what every page loads.
pub(super) fn guarded(pages: Router, port: u16, session: Arc<Session>) -> Router {
    let guard = Arc::new(Guard::new(port, session));
    let asset = |kind: &'static str, text: &'static str| {
        get(move || async move { ([(header::CONTENT_TYPE, kind)], text).into_response() })
    };
    pages
        .route("/style.css", asset("text/css; charset=utf-8", STYLE))
        .route("/script.js", asset("text/javascript; charset=utf-8", SCRIPT))
        .route("/icon.svg", asset("image/svg+xml", ICON))
        .fallback(|| async { refused::page(Refusal::Missing) })
        .method_not_allowed_fallback(|| async { refused::page(Refusal::Method) })
        .layer(from_fn_with_state(guard, stand))
}

/// The time of the session.
#[must_use]
pub fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}
