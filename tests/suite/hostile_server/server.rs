//! The server: it takes note of the assertion, and misbehaves from a stage on.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use netsuite_preflight::door::{Protocols, ServerCertificate, Tls, tls};
use serde_json::json;

use super::forms::Form;
use super::manners::Manner;

const OWN: [(&str, &str); 3] = [
    ("webservicesDomain", "https://1234567.suitetalk.api.netsuite.com"),
    ("restDomain", "https://1234567.restlets.api.netsuite.com"),
    ("systemDomain", "https://1234567.app.netsuite.com"),
];

/// What the server knows and what it is to do.
pub(super) struct Play {
    pub form: Form,
    pub manner: Manner,
    /// The path from which on it misbehaves; before that it answers well.
    pub from: &'static str,
    pub assertion: Mutex<String>,
    pub token: String,
    /// Whether the token was handed out; before that it is no secret of the run.
    pub granted: Mutex<bool>,
}

/// The stages at which it may begin to misbehave.
pub(super) const STAGES: [&str; 3] =
    ["/rest/datacenterurls", "/oauth2/v1/token", "/services/rest/"];

impl Play {
    fn answer(&self, path: &str, body: &str) -> Vec<u8> {
        if let Some((_, assertion)) = body.split_once("client_assertion=") {
            *self.assertion.lock().unwrap() = assertion.to_owned();
        }
        let good =
            |value: serde_json::Value| answer(200, "application/json", &value.to_string(), "");
        let before = |stage: &str| {
            let at = |stage: &str| STAGES.iter().position(|one| *one == stage).unwrap();
            at(stage) < at(self.from)
        };
        if path.starts_with(STAGES[0]) && before(STAGES[0]) {
            return good(json!(OWN.into_iter().collect::<BTreeMap<_, _>>()));
        }
        if path.ends_with("/keys") {
            return good(json!({}));
        }
        let assertion = self.assertion.lock().unwrap().clone();
        let mut granted = self.granted.lock().unwrap();
        *granted |= path.ends_with(STAGES[1]) && before(STAGES[1]);
        let known = [Some(&self.token).filter(|_| *granted), Some(&assertion)];
        let written: Vec<String> =
            known.into_iter().flatten().map(|secret| self.form.write(secret)).collect();
        let said = written.join(" ");
        if path.ends_with(STAGES[1]) && before(STAGES[1]) {
            // A token comes with everything else as well.
            let granted = json!({
                "access_token": self.token, "token_type": "Bearer", "expires_in": 3600,
                "scope": said, "note": said, said.clone(): said,
            });
            return answer(200, "application/json", &granted.to_string(), &said);
        }
        let (content_type, body) = (self.manner.body)(&said);
        answer(self.manner.status, content_type, &body, &said)
    }
}

pub(super) fn answer(status: u16, content_type: &str, body: &str, said: &str) -> Vec<u8> {
    let said: String = said.chars().filter(|c| c.is_ascii_graphic() || *c == ' ').collect();
    let word = said.replace([' ', '\\', '%', '/', '+', '_', '='], "");
    let said = said.get(..6000).unwrap_or(&said);
    let mut head = format!("HTTP/1.1 {status} No {said}\r\ncontent-length: {}\r\n", body.len());
    if said.is_empty() {
        head += &format!("content-type: {content_type}\r\n");
    } else {
        head += &format!(
            "content-type: {content_type}; charset={said}\r\ndate: {said}\r\nretry-after: {said}\r\n\
             www-authenticate: Bearer realm=\"{said}\", error=\"invalid_token\", error_description=\"{said}\"\r\n\
             location: https://{word}.example/{word}?{word}\r\nx-n-operationid: {said}\r\nserver: {said}\r\n"
        );
    }
    format!("{head}\r\n{body}").into_bytes()
}

/// Serves one play after the other, on the loopback and with certificates of its own.
pub(super) struct Server {
    pub address: SocketAddr,
    pub ca: Vec<u8>,
    pub play: Arc<Mutex<Option<Arc<Play>>>>,
}

impl Server {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let Tls { acceptor, ca_pem: ca } =
            tls::make(ServerCertificate::Normal, Protocols::Http1, Timestamp::now()).unwrap();
        let play: Arc<Mutex<Option<Arc<Play>>>> = Arc::default();
        let shared = Arc::clone(&play);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (acceptor, shared) = (acceptor.clone(), Arc::clone(&shared));
                std::thread::spawn(move || {
                    let Ok(mut tls) = acceptor.accept(stream) else { return };
                    while let Some((path, body)) = request(&mut tls) {
                        let play = shared.lock().unwrap().clone().unwrap();
                        if tls.write_all(&play.answer(&path, &body)).is_err() {
                            return;
                        }
                    }
                });
            }
        });
        Self { address, ca, play }
    }
}

pub(super) fn request(stream: &mut impl Read) -> Option<(String, String)> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    let path = head.split(' ').nth(1)?.to_owned();
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).ok()?;
    Some((path, String::from_utf8(body).unwrap()))
}
