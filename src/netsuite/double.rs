//! A stand-in for NetSuite in tests: real TLS on the loopback, and any misbehaviour that is wanted.
//! A double that was never asked fails its test.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use openssl::ssl::{SslAcceptor, SslStream};

use super::http::options::Sleep;
use super::http::{Client, HttpOptions};
use crate::emulator::tls::{self, Protocols, ServerCertificate, Tls};
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
    /// TLS with a certificate that is valid from tomorrow on.
    NotYet,
    /// TLS 1.1 at most.
    OldTls,
    /// Takes the connection and says nothing.
    Silent,
    /// Takes the connection and cuts it.
    Cut,
    /// Speaks HTTP without TLS.
    Plain,
}

/// The time at which clients of a double live: 2026-11-23T20:00:00Z.
pub const NOW: i64 = 1_795_464_000;

type Script = dyn Fn(&SeenRequest) -> Behaviour + Send + Sync;

/// The stand-in. Serves until it is dropped.
pub struct Double {
    address: SocketAddr,
    ca: Vec<u8>,
    connections: Arc<AtomicUsize>,
    seen: Arc<Mutex<Vec<SeenRequest>>>,
    stop: Arc<AtomicBool>,
    waits: Arc<Mutex<Vec<Duration>>>,
}

impl Double {
    /// A well-behaved TLS server that answers from a script.
    pub fn serving(script: impl Fn(&SeenRequest) -> Behaviour + Send + Sync + 'static) -> Self {
        Self::start(Greeting::Tls, script)
    }

    /// A server that gives one answer to everything.
    pub fn answering(status: u16, content_type: &'static str, body: &'static str) -> Self {
        Self::serving(move |_| Behaviour::new(status, content_type, body))
    }

    /// A server that never gets as far as HTTP.
    pub fn greeting(greeting: Greeting) -> Self {
        Self::start(greeting, |_| Behaviour::Cut)
    }

    fn start(
        greeting: Greeting,
        script: impl Fn(&SeenRequest) -> Behaviour + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let certificate = match greeting {
            Greeting::WrongHost => ServerCertificate::WrongHost,
            Greeting::Expired => ServerCertificate::Expired,
            Greeting::NotYet => ServerCertificate::NotYet,
            Greeting::OldTls => ServerCertificate::OldTls,
            _ => ServerCertificate::Normal,
        };
        let Tls { acceptor, ca_pem: ca } =
            tls::make(certificate, Protocols::Http1, Timestamp::now()).unwrap();
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
    pub fn seen(&self) -> Vec<SeenRequest> {
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
    seen: &Mutex<Vec<SeenRequest>>,
) {
    match greeting {
        Greeting::Silent => until_closed(&mut stream),
        // What was sent stays unread, hence the other side sees a reset.
        Greeting::Cut => drop(stream.peek(&mut [0])),
        Greeting::Plain => {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
            until_closed(&mut stream);
        }
        Greeting::Tls
        | Greeting::WrongHost
        | Greeting::Expired
        | Greeting::NotYet
        | Greeting::OldTls => {
            if let Ok(mut tls) = acceptor.accept(stream) {
                serve(&mut tls, script, seen);
            }
        }
    }
}

// HTTP/1.1 by hand, so that it can be done wrong.

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct SeenRequest {
    /// Method.
    pub method: String,
    /// Path with query.
    pub path: String,
    /// Header names in lower case, with values.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: String,
    /// How many requests came over the same connection before it.
    pub earlier: usize,
}

impl SeenRequest {
    /// The first value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

/// What the double does with a request.
#[derive(Debug, Clone)]
pub enum Behaviour {
    /// A proper answer.
    Answer {
        /// HTTP status.
        status: u16,
        /// Header lines.
        headers: Vec<(&'static str, String)>,
        /// Body.
        body: String,
    },
    /// Cuts the connection without a word.
    Cut,
    /// Says nothing and keeps the connection.
    Silent,
    /// Announces more than it sends, then closes.
    Truncated,
    /// Sends headers and a part of the body, then nothing.
    Stalled,
    /// Sends a body without end.
    Endless,
    /// Sends something that is not HTTP.
    Garbage,
}

impl Behaviour {
    /// A proper answer.
    pub fn new(status: u16, content_type: &'static str, body: impl Into<String>) -> Self {
        let headers = vec![("content-type", content_type.to_owned())];
        Self::Answer { status, headers, body: body.into() }
    }

    /// A JSON answer.
    pub fn json(status: u16, body: impl Into<String>) -> Self {
        Self::new(status, "application/json", body)
    }

    /// Adds a header.
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        if let Self::Answer { headers, .. } = &mut self {
            headers.push((name, value.into()));
        }
        self
    }
}

fn serve(stream: &mut SslStream<TcpStream>, script: &Script, seen: &Mutex<Vec<SeenRequest>>) {
    let mut earlier = 0;
    while let Some(request) = read_request(stream, earlier) {
        earlier += 1;
        seen.lock().unwrap().push(request.clone());
        let reply = script(&request);
        if !send(stream, &reply) {
            return;
        }
    }
}

/// Sends the reply; whether the connection is good for another one.
fn send(stream: &mut SslStream<TcpStream>, reply: &Behaviour) -> bool {
    let part =
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{\"a\":";
    match reply {
        Behaviour::Answer { status, headers, body } => {
            let mut head =
                format!("HTTP/1.1 {status} Status\r\ncontent-length: {}\r\n", body.len());
            for (name, value) in headers {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
            let whole = format!("{head}\r\n{body}");
            stream.write_all(whole.as_bytes()).is_ok()
        }
        Behaviour::Cut => false,
        Behaviour::Silent => {
            until_closed(stream);
            false
        }
        Behaviour::Truncated => {
            let _ = stream.write_all(part);
            let _ = stream.shutdown();
            false
        }
        Behaviour::Stalled => {
            let _ = stream.write_all(part);
            until_closed(stream);
            false
        }
        Behaviour::Endless => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n");
            while stream.write_all(&[b' '; 65_536]).is_ok() {}
            false
        }
        Behaviour::Garbage => {
            let _ = stream.write_all(b"SSH-2.0-OpenSSH_9.6\r\n");
            until_closed(stream);
            false
        }
    }
}

fn until_closed(stream: &mut impl Read) {
    let mut buffer = [0; 1024];
    while matches!(stream.read(&mut buffer), Ok(n) if n > 0) {}
}

fn read_request(stream: &mut impl Read, earlier: usize) -> Option<SeenRequest> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.push(byte[0]);
    }
    let text = String::from_utf8(head).unwrap();
    let mut lines = text.lines();
    let mut first = lines.next()?.split(' ');
    let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let mut body = vec![0; length.map_or(0, |(_, value)| value.parse().unwrap())];
    stream.read_exact(&mut body).ok()?;
    Some(SeenRequest { method, path, headers, body: String::from_utf8(body).unwrap(), earlier })
}
