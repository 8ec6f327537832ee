//! A server that repeats the assertion and the access token in every place of its answers, in many
//! forms: no piece of 24 characters comes out anywhere.

use std::collections::{BTreeMap, HashSet};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::ssl::{SslAcceptor, SslMethod};
use openssl::x509::extension::{BasicConstraints, SubjectAlternativeName};
use openssl::x509::{X509, X509Builder, X509NameBuilder};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use crate::support::Program;

const PIECE: usize = 24;
const KEYS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/keys");
const CLIENT_ID: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const OWN: [(&str, &str); 3] = [
    ("webservicesDomain", "https://1234567.suitetalk.api.netsuite.com"),
    ("restDomain", "https://1234567.restlets.api.netsuite.com"),
    ("systemDomain", "https://1234567.app.netsuite.com"),
];

/// How the server writes a secret.
#[derive(Clone, Copy, Debug)]
enum Form {
    Plain,
    Upper,
    Wrapped(&'static str),
    Pieces,
    Base64,
    Base64Url,
    Hex,
    UpperHex,
    Percent,
    Escaped,
    CutOff,
}

const FORMS: [Form; 16] = [
    Form::Plain,
    Form::Upper,
    Form::Wrapped(" "),
    Form::Wrapped("\n"),
    Form::Wrapped("\r\n\t"),
    Form::Wrapped("\u{a0}"),
    Form::Wrapped("\\n"),
    Form::Wrapped("\u{200b}"),
    Form::Pieces,
    Form::Base64,
    Form::Base64Url,
    Form::Hex,
    Form::UpperHex,
    Form::Percent,
    Form::Escaped,
    Form::CutOff,
];

impl Form {
    fn write(self, secret: &str) -> String {
        let chunks = |size: usize| -> Vec<String> {
            let chars: Vec<char> = secret.chars().collect();
            chars.chunks(size).map(|part| part.iter().collect()).collect()
        };
        match self {
            Self::Plain => secret.to_owned(),
            Self::Upper => secret.to_uppercase(),
            Self::Wrapped(between) => chunks(40).join(between),
            Self::Pieces => chunks(29).join(" and then "),
            Self::Base64 => STANDARD.encode(format!("x{secret}")),
            Self::Base64Url => URL_SAFE_NO_PAD.encode(secret),
            Self::Hex => hex(secret),
            Self::UpperHex => hex(secret).to_uppercase(),
            Self::Percent => utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string(),
            Self::Escaped => secret.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect(),
            Self::CutOff => secret[..secret.len().saturating_sub(15)].to_owned(),
        }
    }
}

fn hex(text: &str) -> String {
    text.bytes().map(|b| format!("{b:02x}")).collect()
}

/// How the server answers everything that it does not have to answer well.
#[derive(Clone, Copy, Debug)]
struct Manner {
    status: u16,
    body: fn(&str) -> (&'static str, String),
}

const MANNERS: [Manner; 10] = [
    Manner {
        status: 400,
        body: |said| {
            ("application/json", json!({"error": said, "error_description": said}).to_string())
        },
    },
    Manner {
        status: 401,
        body: |said| {
            (
                "application/json",
                json!({"error": "invalid_client", "error_description": said, said: said})
                    .to_string(),
            )
        },
    },
    Manner {
        status: 400,
        body: |said| ("application/vnd.oracle.resource+json", details(said, "USER_ERROR")),
    },
    Manner {
        status: 403,
        body: |said| {
            (
                "application/vnd.oracle.resource+json",
                details(&format!("Invalid token {said}."), said),
            )
        },
    },
    Manner {
        status: 500,
        body: |said| {
            (
                "text/html",
                format!(
                    "<!DOCTYPE html><html><title>{said}</title><body><p>{said}</p></body></html>"
                ),
            )
        },
    },
    Manner { status: 404, body: |said| ("text/plain", format!("Not found: {said}")) },
    Manner { status: 400, body: |said| ("text/plain", said.to_owned()) },
    Manner { status: 302, body: |said| ("text/plain", said.to_owned()) },
    Manner {
        status: 200,
        body: |said| {
            ("application/json", json!({
        "items": [{"id": said, "name": said, "links": [{"href": said}]}, said], "id": said, "name": said, "serverTime": said,
        "links": [said], "openapi": said, said: {"deep": [said]}, "accountConcurrencyLimit": said,
    }).to_string())
        },
    },
    Manner {
        status: 200,
        body: |said| {
            (
                "application/json",
                json!([{
                    "certificate_id": said, "revoked": said, "valid_from": said, "algorithm": said,
                    "role": {"id": said, "name": said}, "entity": {"id": said, "name": said},
                }])
                .to_string(),
            )
        },
    },
];

fn details(detail: &str, code: &str) -> String {
    json!({
        "type": detail, "title": detail, "status": 400,
        "o:errorDetails": [{"detail": detail, "o:errorCode": code, "o:errorUrl": detail}],
    })
    .to_string()
}

/// What the server knows and what it is to do.
struct Play {
    form: Form,
    manner: Manner,
    /// The path from which on it misbehaves; before that it answers well.
    from: &'static str,
    assertion: Mutex<String>,
    token: String,
    /// Whether the token was handed out; before that it is no secret of the run.
    granted: Mutex<bool>,
}

/// The stages at which it may begin to misbehave.
const STAGES: [&str; 3] = ["/rest/datacenterurls", "/oauth2/v1/token", "/services/rest/"];

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

fn answer(status: u16, content_type: &str, body: &str, said: &str) -> Vec<u8> {
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
struct Server {
    address: SocketAddr,
    ca: Vec<u8>,
    play: Arc<Mutex<Option<Arc<Play>>>>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (ca, acceptor) = acceptor();
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

fn request(stream: &mut impl Read) -> Option<(String, String)> {
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

fn acceptor() -> (Vec<u8>, SslAcceptor) {
    let (ca_key, key) = (new_key(), new_key());
    let mut builder = draft("Hostile authority", &ca_key, 1);
    builder.append_extension(BasicConstraints::new().critical().ca().build().unwrap()).unwrap();
    builder.sign(&ca_key, MessageDigest::sha256()).unwrap();
    let ca = builder.build();
    let mut builder = draft("Hostile server", &key, 2);
    let names =
        ["*.suitetalk.api.netsuite.com", "*.restlets.api.netsuite.com", "rest.netsuite.com"];
    let mut alternative = SubjectAlternativeName::new();
    for name in names {
        alternative.dns(name);
    }
    let extension = alternative.build(&builder.x509v3_context(Some(&ca), None)).unwrap();
    builder.append_extension(extension).unwrap();
    builder.sign(&ca_key, MessageDigest::sha256()).unwrap();
    let mut acceptor = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls_server()).unwrap();
    acceptor.set_private_key(&key).unwrap();
    acceptor.set_certificate(&builder.build()).unwrap();
    (ca.to_pem().unwrap(), acceptor.build())
}

fn new_key() -> PKey<Private> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}

fn draft(subject: &str, key: &PKey<Private>, serial: u32) -> X509Builder {
    let name = |text: &str| {
        let mut name = X509NameBuilder::new().unwrap();
        name.append_entry_by_nid(Nid::COMMONNAME, text).unwrap();
        name.build()
    };
    let mut builder = X509::builder().unwrap();
    builder.set_version(2).unwrap();
    let serial = BigNum::from_u32(serial).unwrap().to_asn1_integer().unwrap();
    builder.set_serial_number(&serial).unwrap();
    builder.set_subject_name(&name(subject)).unwrap();
    builder.set_issuer_name(&name("Hostile authority")).unwrap();
    builder.set_not_before(&Asn1Time::from_unix(0).unwrap()).unwrap();
    builder.set_not_after(&Asn1Time::days_from_now(2).unwrap()).unwrap();
    builder.set_pubkey(key).unwrap();
    builder
}

/// Every piece of 24 characters of the secrets, in every form and without regard to case.
fn pieces(secrets: &[&str]) -> HashSet<Vec<u8>> {
    let mut found = HashSet::new();
    for secret in secrets {
        let inside = |padded: String| {
            let encoded = STANDARD.encode(padded);
            encoded[4..encoded.len() - 4].to_owned()
        };
        if secret.is_empty() {
            continue;
        }
        let percent = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
        for form in [
            (*secret).to_owned(),
            inside(format!("xxx{secret}xxx")),
            inside(format!("xxxx{secret}xxx")),
            inside(format!("xxxxx{secret}xxx")),
            URL_SAFE_NO_PAD.encode(secret),
            hex(secret),
            percent,
        ] {
            let lower = form.to_lowercase();
            found.extend(lower.as_bytes().windows(PIECE).map(<[u8]>::to_vec));
        }
    }
    found
}

fn search(pieces: &HashSet<Vec<u8>>, place: &str, text: &str) {
    let lower = text.to_lowercase();
    let bare: String = lower.chars().filter(|c| !c.is_whitespace()).collect();
    let joined = lower.replace("\\n", "").replace("\\u00a0", "").replace("\\r", "");
    for form in [&lower, &bare, &joined] {
        let hit = form.as_bytes().windows(PIECE).find(|window| pieces.contains(*window));
        let hit = hit.map(|hit| String::from_utf8_lossy(hit).into_owned());
        assert_eq!(hit, None, "{place}\n{text}");
    }
}

/// One check against the play, all that it writes searched.
fn run(server: &Server, form: Form, manner: Manner, from: &'static str, nth: usize) {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let claims = format!(
        "{{\"sub\":\"7;8\",\"aud\":\"{CLIENT_ID}\",\"scope\":[\"rest_webservices\"],\"n\":{nth}}}"
    );
    let signature: Vec<u8> = (0..8_u8)
        .flat_map(|n| openssl::sha::sha256(&[n, u8::try_from(nth % 256).unwrap()]))
        .collect();
    let token = format!(
        "{}.{}.{}",
        part(r#"{"alg":"RS256","typ":"JWT"}"#),
        part(&claims),
        URL_SAFE_NO_PAD.encode(signature)
    );
    let play = Arc::new(Play {
        form,
        manner,
        from,
        assertion: Mutex::default(),
        granted: Mutex::default(),
        token: token.clone(),
    });
    *server.play.lock().unwrap() = Some(Arc::clone(&play));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("ca.pem"), &server.ca).unwrap();
    let key = std::fs::read(Path::new(KEYS).join("ec-p256.pem")).unwrap();
    std::fs::write(folder.path().join("key.pem"), key).unwrap();
    let certificate =
        X509::from_pem(&std::fs::read(Path::new(KEYS).join("ec-p256.certificate.pem")).unwrap());
    let id = URL_SAFE_NO_PAD.encode(openssl::sha::sha256(&certificate.unwrap().to_der().unwrap()));
    let format = ["human", "short", "json", "markdown", "junit", "html"][nth % 6];
    let mut args: Vec<String> = [
        "check",
        "--account-id=1234567",
        "--record=customer:edit",
        "--probe-writes",
        "--private-key=key.pem",
        "--ca-file=ca.pem",
        "--save-exchanges=exchanges.json",
        "--timeout=20",
    ]
    .map(str::to_owned)
    .to_vec();
    args.push(format!("--client-id={CLIENT_ID}"));
    args.push(format!("--certificate-id={id}"));
    args.push(format!("--certificate={KEYS}/ec-p256.certificate.pem"));
    args.push(format!("--connect-to={}", server.address));
    args.push(format!("--format={format}"));
    args.extend(["json", "xml", "md", "html", "txt"].map(|end| format!("--save=report.{end}")));
    let place = format!("{form:?} {} from {from} as {format}", manner.status);
    let (code, finished) = Program::new(&args).in_dir(folder.path()).ends();
    assert!(matches!(code, Some(0 | 1 | 3)), "{place}: {code:?}\n{}", finished.stderr);
    let assertion = play.assertion.lock().unwrap().clone();
    let mut known = vec![assertion.as_str()];
    if *play.granted.lock().unwrap() {
        known.push(&token);
    }
    assert!(!assertion.is_empty() || from == STAGES[0], "{place}: no assertion came");
    let pieces = pieces(&known);
    search(&pieces, &format!("stdout: {place}"), &finished.stdout);
    search(&pieces, &format!("stderr: {place}"), &finished.stderr);
    for file in
        ["report.json", "report.xml", "report.md", "report.html", "report.txt", "exchanges.json"]
    {
        let text = std::fs::read_to_string(folder.path().join(file)).unwrap();
        search(&pieces, &format!("{file}: {place}"), &text);
    }
    Program::new(["report", "verify", "report.json"]).in_dir(folder.path()).exits(0);
}

#[test]
fn no_piece_of_token_or_assertion_comes_out() {
    let server = Server::start();
    let mut nth = 0;
    // Every form with some manners, every manner with some forms, each from every stage on.
    for (at, form) in FORMS.into_iter().enumerate() {
        for step in 0..3 {
            let manner = MANNERS[(at + step * 4) % MANNERS.len()];
            run(&server, form, manner, STAGES[(at + step) % STAGES.len()], nth);
            nth += 1;
        }
    }
    for manner in MANNERS {
        for from in STAGES {
            run(&server, FORMS[nth % FORMS.len()], manner, from, nth);
            nth += 1;
        }
    }
}
