//! HTTP/1.1 by hand, so that it can be done wrong.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;

use openssl::ssl::SslStream;

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

pub(super) fn serve(
    stream: &mut SslStream<TcpStream>,
    script: &super::Script,
    seen: &Mutex<Vec<Seen>>,
) {
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

pub(super) fn until_closed(stream: &mut impl Read) {
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
