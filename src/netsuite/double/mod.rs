//! A stand-in for NetSuite in tests: real TLS on the loopback, and any misbehaviour that is wanted.
//! A double that was never asked fails its test.

mod authority;
mod wire;

use std::io::Write as _;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use openssl::ssl::SslAcceptor;

pub use wire::{Reply, Seen};

use super::http::options::Sleep;
use super::http::{Client, HttpOptions};
use crate::types::Clock;

/// How the double meets a new connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Greeting {
    /// TLS with a good certificate.
    Tls,
    /// TLS with a certificate for another host.
    WrongHost,
    /// TLS with a certificate that expired long ago.
    Expired,
    /// Takes the connection and says nothing.
    Silent,
    /// Takes the connection and cuts it.
    Cut,
    /// Speaks HTTP without TLS.
    Plain,
}

/// The time at which clients of a double live: 2026-11-23T20:00:00Z.
pub const NOW: i64 = 1_795_464_000;

type Script = dyn Fn(&Seen) -> Reply + Send + Sync;

/// The stand-in. Serves until it is dropped.
pub struct Double {
    address: SocketAddr,
    ca: Vec<u8>,
    connections: Arc<AtomicUsize>,
    seen: Arc<Mutex<Vec<Seen>>>,
    stop: Arc<AtomicBool>,
    waits: Arc<Mutex<Vec<Duration>>>,
}

impl Double {
    /// A well-behaved TLS server that answers from a script.
    pub fn serving(script: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        Self::start(Greeting::Tls, script)
    }

    /// A server that gives one answer to everything.
    pub fn answering(status: u16, content_type: &'static str, body: &'static str) -> Self {
        Self::serving(move |_| Reply::new(status, content_type, body))
    }

    /// A server that never gets as far as HTTP.
    pub fn greeting(greeting: Greeting) -> Self {
        Self::start(greeting, |_| Reply::Cut)
    }

    fn start(greeting: Greeting, script: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (ca, acceptor) = authority::acceptor(greeting);
        let double = Self {
            address,
            ca,
            connections: Arc::default(),
            seen: Arc::default(),
            stop: Arc::default(),
            waits: Arc::default(),
        };
        let (connections, seen, stop) =
            (Arc::clone(&double.connections), Arc::clone(&double.seen), Arc::clone(&double.stop));
        let script: Arc<Script> = Arc::new(script);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                connections.fetch_add(1, Ordering::SeqCst);
                let (acceptor, script, seen) =
                    (acceptor.clone(), Arc::clone(&script), Arc::clone(&seen));
                std::thread::spawn(move || meet(greeting, stream, &acceptor, &*script, &seen));
            }
        });
        double
    }

    /// Options that lead to this double. Waits are noted instead of waited.
    pub fn options(&self) -> HttpOptions {
        let waits = Arc::clone(&self.waits);
        HttpOptions {
            connect_to: Some(("127.0.0.1".to_owned(), self.address.port())),
            extra_ca: Some(self.ca.clone()),
            clock: Clock::fixed(Timestamp::from_second(NOW).unwrap()),
            sleep: Sleep::new(move |time| {
                waits.lock().unwrap().push(time);
                Box::pin(std::future::ready(()))
            }),
            ..HttpOptions::default()
        }
    }

    /// A client that leads to this double.
    pub fn client(&self) -> Client {
        Client::new(self.options()).unwrap()
    }

    /// A client with a very short time limit.
    pub fn hasty_client(&self) -> Client {
        let timeout = Duration::from_millis(200);
        let options = HttpOptions { timeout, ..self.options() };
        Client::new(options).unwrap()
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Every request so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// Every wait so far.
    pub fn waits(&self) -> Vec<Duration> {
        self.waits.lock().unwrap().clone()
    }
}

impl Drop for Double {
    fn drop(&mut self) {
        let hits = self.connections.load(Ordering::SeqCst);
        self.stop.store(true, Ordering::SeqCst);
        // Wakes the listener, so that it sees the flag.
        drop(TcpStream::connect(self.address));
        assert!(hits > 0 || std::thread::panicking(), "this double was never asked");
    }
}

fn meet(
    greeting: Greeting,
    mut stream: TcpStream,
    acceptor: &SslAcceptor,
    script: &Script,
    seen: &Mutex<Vec<Seen>>,
) {
    match greeting {
        Greeting::Silent => wire::until_closed(&mut stream),
        // What was sent stays unread, hence the other side sees a reset.
        Greeting::Cut => drop(stream.peek(&mut [0])),
        Greeting::Plain => {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
            wire::until_closed(&mut stream);
        }
        Greeting::Tls | Greeting::WrongHost | Greeting::Expired => {
            if let Ok(mut tls) = acceptor.accept(stream) {
                wire::serve(&mut tls, script, seen);
            }
        }
    }
}
