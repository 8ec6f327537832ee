//! A stand-in for NetSuite in tests: real TLS on the loopback, and any misbehaviour that is wanted.
//! A double that was never asked fails its test.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::ssl::{SslAcceptor, SslMethod, SslStream};
use openssl::x509::extension::{BasicConstraints, SubjectAlternativeName};
use openssl::x509::{X509, X509Builder, X509NameBuilder};

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
        let (ca, acceptor) = acceptor(greeting);
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
        Greeting::Silent => until_closed(&mut stream),
        // What was sent stays unread, hence the other side sees a reset.
        Greeting::Cut => drop(stream.peek(&mut [0])),
        Greeting::Plain => {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
            until_closed(&mut stream);
        }
        Greeting::Tls | Greeting::WrongHost | Greeting::Expired => {
            if let Ok(mut tls) = acceptor.accept(stream) {
                serve(&mut tls, script, seen);
            }
        }
    }
}

// HTTP/1.1 by hand, so that it can be done wrong.

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Seen {
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

impl Seen {
    /// The first value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

/// What the double does with a request.
#[derive(Debug, Clone)]
pub enum Reply {
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

impl Reply {
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

fn serve(stream: &mut SslStream<TcpStream>, script: &Script, seen: &Mutex<Vec<Seen>>) {
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
fn send(stream: &mut SslStream<TcpStream>, reply: &Reply) -> bool {
    let part =
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{\"a\":";
    match reply {
        Reply::Answer { status, headers, body } => {
            let mut head =
                format!("HTTP/1.1 {status} Status\r\ncontent-length: {}\r\n", body.len());
            for (name, value) in headers {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
            let whole = format!("{head}\r\n{body}");
            stream.write_all(whole.as_bytes()).is_ok()
        }
        Reply::Cut => false,
        Reply::Silent => {
            until_closed(stream);
            false
        }
        Reply::Truncated => {
            let _ = stream.write_all(part);
            let _ = stream.shutdown();
            false
        }
        Reply::Stalled => {
            let _ = stream.write_all(part);
            until_closed(stream);
            false
        }
        Reply::Endless => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n");
            while stream.write_all(&[b' '; 65_536]).is_ok() {}
            false
        }
        Reply::Garbage => {
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

fn read_request(stream: &mut impl Read, earlier: usize) -> Option<Seen> {
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
    Some(Seen { method, path, headers, body: String::from_utf8(body).unwrap(), earlier })
}

// A certificate authority of its own for each double.

/// The authority's certificate in PEM, and a TLS server with a certificate from it.
fn acceptor(greeting: Greeting) -> (Vec<u8>, SslAcceptor) {
    let ca_key = key();
    let mut builder = draft("Test authority", "Test authority", &ca_key, greeting, 1);
    builder.append_extension(BasicConstraints::new().critical().ca().build().unwrap()).unwrap();
    builder.sign(&ca_key, MessageDigest::sha256()).unwrap();
    let ca = builder.build();

    let leaf_key = key();
    let mut builder = draft("Double", "Test authority", &leaf_key, greeting, 2);
    let names: &[&str] = match greeting {
        Greeting::WrongHost => &["elsewhere.example"],
        _ => &["*.suitetalk.api.netsuite.com", "*.restlets.api.netsuite.com", "rest.netsuite.com"],
    };
    let mut alternative = SubjectAlternativeName::new();
    for name in names {
        alternative.dns(name);
    }
    let extension = alternative.build(&builder.x509v3_context(Some(&ca), None)).unwrap();
    builder.append_extension(extension).unwrap();
    builder.sign(&ca_key, MessageDigest::sha256()).unwrap();

    let mut acceptor = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls_server()).unwrap();
    acceptor.set_private_key(&leaf_key).unwrap();
    acceptor.set_certificate(&builder.build()).unwrap();
    (ca.to_pem().unwrap(), acceptor.build())
}

fn key() -> PKey<Private> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}

fn draft(
    subject: &str,
    issuer: &str,
    key: &PKey<Private>,
    greeting: Greeting,
    serial: u32,
) -> X509Builder {
    let name = |text: &str| {
        let mut name = X509NameBuilder::new().unwrap();
        name.append_entry_by_nid(Nid::COMMONNAME, text).unwrap();
        name.build()
    };
    let end = match greeting {
        Greeting::Expired => Asn1Time::from_unix(86_400 * 365).unwrap(),
        _ => Asn1Time::days_from_now(2).unwrap(),
    };
    let mut builder = X509::builder().unwrap();
    builder.set_version(2).unwrap();
    builder
        .set_serial_number(&BigNum::from_u32(serial).unwrap().to_asn1_integer().unwrap())
        .unwrap();
    builder.set_subject_name(&name(subject)).unwrap();
    builder.set_issuer_name(&name(issuer)).unwrap();
    builder.set_not_before(&Asn1Time::from_unix(0).unwrap()).unwrap();
    builder.set_not_after(&end).unwrap();
    builder.set_pubkey(key).unwrap();
    builder
}
