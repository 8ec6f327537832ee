//! Accepts connections and serves HTTP/1.1 or HTTP/2 on them.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use openssl::ssl::{Ssl, SslAcceptor};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_openssl::SslStream;

use super::Listener;
use super::exchange::exchange;
use super::state::State;

/// Accepts until it is aborted; its connections end with it.
pub(super) async fn accept(
    listener: TcpListener,
    acceptor: SslAcceptor,
    kind: Listener,
    latency: Duration,
    state: Arc<State>,
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
    state: Arc<State>,
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
