//! A server that repeats the assertion and the access token in every place of its answers, in many
//! forms: no piece of 24 characters comes out anywhere.

mod forms;
mod manners;
mod server;

use std::path::Path;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::x509::X509;

use self::forms::{FORMS, Form};
use self::manners::{MANNERS, Manner};
use self::server::{Play, STAGES, Server};
use crate::support::pieces::Pieces;
use crate::support::{Program, formats};

const KEYS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/keys");
const CLIENT_ID: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

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
    let format = formats().nth(nth % formats().count()).unwrap();
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
    let pieces = Pieces::of(known.into_iter().map(str::as_bytes));
    pieces.search(&format!("stdout: {place}"), &finished.stdout);
    pieces.search(&format!("stderr: {place}"), &finished.stderr);
    for file in
        ["report.json", "report.xml", "report.md", "report.html", "report.txt", "exchanges.json"]
    {
        let text = std::fs::read_to_string(folder.path().join(file)).unwrap();
        pieces.search(&format!("{file}: {place}"), &text);
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
