//! The readers of keys and certificates, of identifiers, of documents, and of what NetSuite or somebody
//! in its place answers.

use std::cell::Cell;

use super::{check_message, run};
use crate::credentials::certificate::source::{self, Wanted};
use crate::credentials::identifiers::{read_account_id, read_certificate_id, read_client_id};
use crate::credentials::input::{Material, Origin, read_bounded};
use crate::credentials::private_key::load;
use crate::credentials::{Certificate, pem};
use crate::netsuite::Bearer;
use crate::netsuite::answer::sample;
use crate::netsuite::form::RecordDescription;
use crate::netsuite::profiles::Profile;
use crate::netsuite::role::read as read_role;
use crate::oauth::access_token::TokenClaims;
use crate::report::set::stored::{Found, open};
use crate::report::set::{Many as _, compose};
use crate::report::stored::Stored;
use crate::report::words;
use crate::report::{Format, Reader, Report, handbook, human, short};
use crate::types::exchanges::Exchanges;
use crate::types::plain::is_plain;
use crate::types::scrub::MARK;
use crate::types::{AccountId, CertificateId, RecordRequest, Scrubber, Secret, SecretKind, shell};

const ARMOUR: [&str; 7] = [
    "-----BEGIN PRIVATE KEY-----",
    "-----END PRIVATE KEY-----",
    "-----BEGIN CERTIFICATE-----",
    "-----BEGIN ENCRYPTED PRIVATE KEY-----",
    "\\n",
    "Proc-Type: 4,ENCRYPTED",
    "MII",
];
const PASSPHRASE: &[u8] = b"fixture";

fn material(bytes: &[u8]) -> Material {
    read_bounded(bytes, Origin::Stdin, SecretKind::PrivateKey).unwrap()
}

fn key(bytes: &[u8]) -> bool {
    let reading = pem::read_material(&material(bytes));
    match load(&reading, Some(PASSPHRASE), |_| true) {
        Ok(loaded) => {
            assert!(loaded.keys > 0);
            true
        }
        Err(error) => {
            check_message(&error);
            false
        }
    }
}

#[test]
fn private_key() {
    let read = Cell::new(0_u32);
    run("private-key", &ARMOUR, |bytes| read.set(read.get() + u32::from(key(bytes))));
    assert!(read.get() > 0, "no key was ever read");
}

#[test]
fn pkcs12() {
    run("pkcs12", &["\u{30}\u{2}", "fixture"], |bytes| {
        key(bytes);
        let _ = source::find(&material(bytes), Some(PASSPHRASE), Wanted::default());
    });
}

/// Files of other programs, and what is taken out of them.
#[test]
fn foreign_file() {
    let words =
        ["kind: Secret", "data:", "KEY=", "\"value\": \"", "LS0tLS1CRUdJTi", "3082", "0x", "${{"];
    let read = Cell::new(0_u32);
    run("foreign-file", &words, |bytes| {
        read.set(read.get() + u32::from(key(bytes)));
        let reading = pem::read(bytes);
        assert!(!reading.thing.name().is_empty());
        for repair in &reading.repairs {
            assert!(repair.place.line >= 1 && repair.place.byte <= bytes.len() + 1);
        }
        let _ = pem::mentions_private_key(bytes);
        let _ = source::find(&material(bytes), Some(PASSPHRASE), Wanted::default());
    });
    assert!(read.get() > 0, "no key was ever taken out");
}

#[test]
fn certificate() {
    let read = Cell::new(0_u32);
    run("certificate", &ARMOUR, |bytes| {
        if let Ok(found) = source::find(&material(bytes), None, Wanted::default()) {
            read.set(read.get() + 1);
            let id = found.certificate.certificate_id();
            assert_eq!(CertificateId::new(id.as_str()), Ok(id));
        }
        match Certificate::from_der(bytes) {
            Ok(certificate) => drop((certificate.subject(), certificate.validity())),
            Err(error) => check_message(&error),
        }
    });
    assert!(read.get() > 0, "no certificate was ever read");
}

#[test]
fn identifier() {
    let words = ["https://", ".app.netsuite.com", "_SB1", "system.", "…", "%20", "c=", "TSTDRV"];
    run("identifier", &words, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        if let Ok(read) = read_account_id(&text) {
            assert_eq!(read.id.account().parse::<AccountId>(), Ok(read.id));
        }
        if let Ok(read) = read_certificate_id(&text) {
            assert_eq!(CertificateId::new(read.id.as_str()), Ok(read.id));
        }
        let _ = read_client_id(&text);
        match text.parse::<RecordRequest>() {
            Ok(request) => assert_eq!(request.to_string().parse(), Ok(request)),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
        if let Some(word) = shell::word(&text) {
            assert_eq!(shlex::split(&format!("a {word}")).unwrap(), ["a", &text]);
        }
    });
}

#[test]
fn scrubber() {
    let secret = "Zq8-s3cret_v4lue.for~the/scrubber+alone";
    run("scrubber", &[secret, "Bearer ", "%2F", MARK], |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let scrubber = Scrubber::default();
        scrubber.learn(&Secret::new(SecretKind::ClientSecret, secret));
        let (clean, count) = scrubber.scrub(&text);
        assert!(!clean.contains(secret));
        assert_eq!(count == 0, *clean == *text, "a change is counted");
    });
}

#[test]
fn exchanges() {
    let words =
        ["customer:view", "\"kind\"", "\"records\"", "token", "members", "2026-01-02T03:04:05Z"];
    run("exchanges", &words, |bytes| match Exchanges::read(bytes) {
        Ok(read) => {
            let text = serde_json::to_string(&read).unwrap();
            assert_eq!(Exchanges::read(text.as_bytes()).unwrap(), read);
        }
        Err(error) => check_message(&error),
    });
}

fn stored(bytes: &[u8]) {
    match Stored::read(bytes) {
        Ok(read) => {
            let again = Stored::read(read.value().to_string().as_bytes()).unwrap();
            assert_eq!(again.value(), read.value());
            assert_eq!(again.report(), read.report());
            shown_plainly(read.report());
        }
        Err(error) => check_message(&error),
    }
}

fn shown_plainly(report: &Report) {
    assert!(is_plain(&words::target(report)));
    let reader = Reader::default();
    assert!(is_plain(&short::render(report, handbook(), &reader).replace('\n', "")));
    let page = human::render(report, handbook(), &reader);
    assert!(is_plain(&page.replace('\n', "")));
}

fn stored_set(bytes: &[u8]) {
    let open = |bytes: Vec<u8>| open(Box::new(std::io::Cursor::new(bytes)));
    match open(bytes.to_vec()) {
        Ok(Found::Set(mut set)) => {
            let mut written = Vec::new();
            let reader = Reader::default();
            compose::write(&mut written, Format::Json, &reader, &mut set).unwrap();
            let Ok(Found::Set(again)) = open(written) else { panic!("what was written is no set") };
            assert_eq!(again.targets(), set.targets());
            for index in 0..set.targets().len() {
                if let Some(report) = set.report(index).unwrap() {
                    shown_plainly(&report);
                }
            }
        }
        Ok(Found::Other(_)) => stored(bytes),
        Err(error) => check_message(&error),
    }
}

#[test]
fn report() {
    run(
        "report",
        &["\"fail\"", "\"causes\"", "\"exit_code\"", "ruled_out", "netsuite-preflight/"],
        stored,
    );
}

#[test]
fn report_set() {
    run(
        "report-set",
        &["\"targets\"", "\"run_id\"", "\"reports\"", "\"error\"", "report-set"],
        stored_set,
    );
}

#[test]
fn profile() {
    let words =
        ["[[records]]", "[keys]", "[[fields]]", "level = \"full\"", "customer", "LIST_X", "label"];
    run("profile", &words, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        match Profile::parse(&text, "own.toml", true) {
            Ok(profile) => {
                assert!(is_plain(&profile.name) && is_plain(&profile.id));
                assert!(profile.notes.iter().all(|note| is_plain(note)));
            }
            Err(error) => check_message(&error),
        }
    });
}

#[test]
fn role() {
    let words = [
        "<permission>",
        "</permission>",
        "<permkey>",
        "FULL",
        "<!DOCTYPE",
        "&amp;",
        "<![CDATA[",
        "<!--",
    ];
    run("role", &words, |bytes| match read_role(bytes) {
        Ok(role) => {
            assert!(is_plain(&role.name) && is_plain(&role.script_id));
            for (name, value) in &role.restrictions {
                assert!(is_plain(name) && is_plain(value));
            }
        }
        Err(error) => check_message(&error),
    });
}

#[test]
fn error_answer() {
    let words = ["o:errorDetails", "o:errorCode", "\"error\"", "<html>", "detail", "USER_ERROR"];
    run("error-answer", &words, |bytes| {
        let body = String::from_utf8_lossy(bytes);
        for (status, media) in [(400, "application/json"), (401, ""), (500, "text/html")] {
            let answer = sample(status, media, &body);
            // Codes are words; texts are made fit for the report by its redactor.
            let codes = [answer.error_code(), answer.oauth_error(), answer.wire_code()];
            for code in codes.into_iter().flatten() {
                assert!(is_plain(&code), "{code:?}");
                check_message(&code);
            }
        }
    });
}

#[test]
fn access_token() {
    let words = ["eyJhbGciOiJSUzI1NiJ9.", "eyJzdWIiOiIzOy01In0", ".", "=="];
    run("access-token", &words, |bytes| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let payload =
            base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, bytes);
        for token in [text, format!("eyJhbGciOiJSUzI1NiJ9.{payload}.c2ln")] {
            let _ = TokenClaims::of(&Bearer::new(token, &Scrubber::default()));
        }
    });
}

#[test]
fn description() {
    let words = ["\"paths\"", "\"/customer\"", "components", "schemas", "required", "readOnly"];
    run("description", &words, |bytes| {
        let body = String::from_utf8_lossy(bytes);
        let answer = sample(200, "application/swagger+json", &body);
        if let Some(description) = RecordDescription::of(&answer) {
            let again = RecordDescription::of(&answer);
            assert_eq!(format!("{:?}", Some(description)), format!("{again:?}"));
        }
    });
}
