//! `certificates rotate`: interrupted at every step in turn. Afterwards a token can still be had,
//! the output says with which certificate, and `--resume` completes.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use netsuite_preflight::door::FaultRule;
use serde_json::Value;

use crate::certificates::{LIST, READABLE, REVOKE, TOKEN, UPLOAD, args, fault, with_faults};
use crate::support::files::is_private;
use crate::support::{Emulated, Program, Running, Signal};

fn rotate(account: &Emulated, more: &[&str]) -> Vec<String> {
    let out = account.path("new").display().to_string();
    let place = if account.path("new/rotation.json").exists() { "--resume" } else { "--out" };
    let mut command = vec!["rotate", place, &out];
    if place == "--out" {
        command.push("--key-type=ec-p256");
    }
    command.extend(more);
    let mut all = args(account, &command);
    all.push("--format=json".to_owned());
    all
}

pub fn revoking(account: &Emulated) -> Vec<String> {
    rotate(account, &["--revoke-old", "--yes"])
}

/// A token can be had with the certificate that the output names.
fn opens(account: &Emulated, document: &Value) {
    let works = &document["rotation"]["works"];
    let (Some(id), Some(key)) =
        (works["certificate_id"].as_str(), works["private_key_file"].as_str())
    else {
        panic!("it does not say which certificate works: {document}");
    };
    let mut check = vec!["check".to_owned(), "--only=token-exchange".to_owned()];
    check.extend(account.account_args());
    check.retain(|arg| !arg.starts_with("--certificate-id"));
    check.extend([format!("--certificate-id={id}"), format!("--private-key={key}")]);
    Program::new(&check).exits(0);
}

fn revoked(account: &Emulated, id: &str) -> bool {
    let now = account.emulator.account();
    now.certificates.iter().any(|m| m.certificate.id() == id && m.revoked)
}

fn active(account: &Emulated) -> usize {
    let now = account.emulator.account();
    now.certificates.iter().filter(|m| !m.revoked && m.integration == "survey").count()
}

/// The rotation is complete: the new certificate alone is active, and works.
pub fn complete(account: &Emulated, document: &Value) {
    assert_eq!(document["finding"], "rotated", "{document}");
    assert_eq!(document["rotation"]["step"], "old-revoked");
    let old = account.client.certificate_id.as_str();
    assert_eq!(document["rotation"]["old"]["certificate_id"], old);
    assert_ne!(document["rotation"]["works"]["certificate_id"], old);
    assert!(revoked(account, old));
    assert_eq!(active(account), 1, "no certificate is left over");
    opens(account, document);
}

#[test]
fn a_new_pair_is_made_registered_and_proved_and_the_old_one_stays() {
    let account = Emulated::scenario(READABLE);
    let document = Program::new(rotate(&account, &[])).exits(0).json();
    assert_eq!(document["finding"], "proved");
    assert_eq!(document["rotation"]["step"], "proved");
    assert_eq!(active(&account), 2);
    opens(&account, &document);
    let journal = std::fs::read_to_string(account.path("new/rotation.json")).unwrap();
    assert!(!journal.contains("PRIVATE"), "{journal}");
    assert!(!journal.contains(&account.client.client_id), "{journal}");
    let sheet = std::fs::read_to_string(account.path("new/netsuite-hand-over.txt")).unwrap();
    let new = document["rotation"]["new"]["certificate_id"].as_str().unwrap();
    assert!(sheet.contains("(checked)") && sheet.contains(new), "{sheet}");
    assert!(sheet.contains("new/private-key.pem") && !sheet.contains("PRIVATE"), "{sheet}");
    for name in ["new/rotation.json", "new/private-key.pem", "new/netsuite-hand-over.txt"] {
        assert!(is_private(&account.path(name)), "{name}");
    }
    // A second rotation into the same directory is refused, and the first goes on.
    let out = account.path("new").display().to_string();
    let again = Program::new(args(&account, &["rotate", "--out", &out])).exits(2);
    assert!(again.stderr.contains("--resume"), "{}", again.stderr);
    complete(&account, &Program::new(revoking(&account)).exits(0).json());
    // Complete is complete: the old credentials are gone, and nothing more is needed.
    complete(&account, &Program::new(rotate(&account, &[])).exits(0).json());
}

#[test]
fn with_revoke_old_it_is_done_in_one_run() {
    let account = Emulated::scenario(READABLE);
    complete(&account, &Program::new(revoking(&account)).exits(0).json());
    assert_eq!(account.emulator.log().hits("/revoke"), 1);
}

#[test]
fn revoking_needs_yes_where_nobody_can_be_asked() {
    let account = Emulated::scenario(READABLE);
    let run = Program::new(rotate(&account, &["--revoke-old"])).exits(2);
    assert!(run.stderr.contains("--yes"), "{}", run.stderr);
    assert!(!account.path("new").exists());
    Program::new(args(&account, &["list"])).exits(0);
}

/// Which request meets which fault: pattern, number, kind.
type Met = (&'static str, usize, &'static str);

/// Where it is interrupted, how it ends, and which side works then.
const INTERRUPTIONS: &[(&str, &[Met], i32, &str)] = &[
    ("the list", &[(LIST, 1, "close")], 3, "old"),
    ("the list fails", &[(LIST, 1, "unexpected-error")], 3, "old"),
    ("the upload, not received", &[(UPLOAD, 1, "close"), (LIST, 2, "close")], 3, "old"),
    ("the upload, failed", &[(UPLOAD, 1, "unexpected-error")], 1, "old"),
    ("the upload, answer lost", &[(UPLOAD, 1, "answer-lost"), (TOKEN, 2, "close")], 3, "old"),
    (
        "the upload and all after it",
        &[(UPLOAD, 1, "answer-lost"), (LIST, 2, "close"), (TOKEN, 2, "close")],
        3,
        "old",
    ),
    ("the proof", &[(TOKEN, 2, "close")], 3, "old"),
    ("the proof, failed", &[(TOKEN, 2, "bad-gateway")], 3, "old"),
    ("the revocation, not received", &[(REVOKE, 1, "close")], 1, "new"),
    ("the revocation, failed", &[(REVOKE, 1, "unexpected-error")], 1, "new"),
    ("the revocation and the list", &[(REVOKE, 1, "answer-lost"), (LIST, 2, "close")], 3, "new"),
];

#[test]
fn interrupted_at_every_step_a_token_can_be_had_and_resume_completes() {
    for (step, faults, exit, side) in INTERRUPTIONS {
        let rules: Vec<FaultRule> =
            faults.iter().map(|(pattern, from, kind)| fault(pattern, *from, kind)).collect();
        let account = with_faults(rules);
        let document = Program::new(revoking(&account)).exits(*exit).json();
        let works = &document["rotation"]["works"]["certificate_id"];
        let old = account.client.certificate_id.as_str();
        assert_eq!(works == old, *side == "old", "{step}: {document}");
        assert_eq!(document["exit_code"], *exit, "{step}");
        opens(&account, &document);
        complete(&account, &Program::new(revoking(&account)).exits(0).json());
    }
}

#[test]
fn an_answer_that_is_lost_alone_does_not_stop_the_rotation() {
    for (pattern, kind) in [
        (UPLOAD, "answer-lost"),
        (UPLOAD, "error-afterwards"),
        (UPLOAD, "truncate"),
        (REVOKE, "answer-lost"),
        (REVOKE, "error-afterwards"),
    ] {
        let account = with_faults(vec![fault(pattern, 1, kind)]);
        complete(&account, &Program::new(revoking(&account)).exits(0).json());
        assert_eq!(active(&account), 1, "{kind}");
    }
}

#[test]
fn without_a_token_nothing_is_begun() {
    let account = with_faults(vec![fault(TOKEN, 1, "close")]);
    let document = Program::new(revoking(&account)).exits(3).json();
    assert_eq!(document["finding"], "no-token");
    assert_eq!(document["rotation"]["works"], Value::Null);
    assert!(!account.path("new").exists());
    complete(&account, &Program::new(revoking(&account)).exits(0).json());
}

/// Ctrl-C while this request is answered by nobody.
fn stopped_at(pattern: &str, kind: &str, from: usize, path: &str, exit: i32) -> (Emulated, Value) {
    let account = with_faults(vec![fault(pattern, from, kind)]);
    let program = env!("CARGO_BIN_EXE_netsuite-preflight");
    let mut command = Command::new(program);
    command
        .args(revoking(&account))
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let child = Running::start(&mut command);
    let deadline = Instant::now() + Duration::from_secs(60);
    let seen = || {
        let entries = account.emulator.log().entries();
        let unanswered = |entry: &netsuite_preflight::door::LoggedRequest| {
            entry.path.ends_with(path) && entry.status.is_none()
        };
        entries.iter().any(unanswered)
    };
    while !seen() {
        assert!(Instant::now() < deadline, "{path} was never asked for");
        std::thread::yield_now();
    }
    child.signal(Signal::INT).unwrap();
    let output = child.output();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(exit), "{path}: {stderr}");
    let document = serde_json::from_slice(&output.stdout).unwrap();
    (account, document)
}

#[test]
fn ctrl_c_at_every_request_leaves_a_working_credential() {
    for (pattern, kind, from, path, exit, finding) in [
        (TOKEN, "never-answer", 1, "/token", 1, "interrupted-before-any-change"),
        (LIST, "never-answer", 1, "/certificates", 1, "interrupted-before-any-change"),
        (UPLOAD, "never-answer", 1, "/certificates", 3, "interrupted"),
        (UPLOAD, "answer-held", 1, "/certificates", 3, "interrupted"),
        (TOKEN, "never-answer", 2, "/token", 1, "interrupted"),
        (REVOKE, "never-answer", 1, "/revoke", 3, "interrupted"),
        (REVOKE, "answer-held", 1, "/revoke", 3, "interrupted"),
    ] {
        let (account, document) = stopped_at(pattern, kind, from, path, exit);
        assert_eq!(document["finding"], finding, "{path} {kind}");
        let rotation = &document["rotation"];
        assert_eq!(rotation["old"]["certificate_id"], account.client.certificate_id.as_str());
        if rotation["works"].is_null() {
            assert_eq!((path, from), ("/token", 1), "only the first request leaves it open");
        } else {
            opens(&account, &document);
        }
        complete(&account, &Program::new(revoking(&account)).exits(0).json());
    }
}

#[test]
fn what_an_earlier_run_proved_is_not_claimed_for_this_one() {
    let account = with_faults(vec![fault(UPLOAD, 1, "unexpected-error"), fault(TOKEN, 3, "close")]);
    let first = Program::new(rotate(&account, &[])).exits(1).json();
    assert_eq!(first["rotation"]["token_in_this_run"], true);
    let second = Program::new(rotate(&account, &[])).exits(3).json();
    assert_eq!(second["rotation"]["token_in_this_run"], false, "{second}");
    opens(&account, &second);
    complete(&account, &Program::new(revoking(&account)).exits(0).json());
}

#[test]
fn resume_belongs_to_one_account_and_its_own_files() {
    let account = with_faults(vec![fault(UPLOAD, 1, "unexpected-error")]);
    Program::new(rotate(&account, &[])).exits(1);
    let journal = account.path("new/rotation.json");
    let text = std::fs::read_to_string(&journal).unwrap();
    account.write("new/rotation.json", text.replace("1234567", "7654321").as_bytes());
    let run = Program::new(rotate(&account, &[])).exits(2);
    assert!(run.stderr.contains("7654321"), "{}", run.stderr);
    account.write("new/rotation.json", text.as_bytes());
    let certificate = account.path("new/certificate.pem");
    let made = std::fs::read(&certificate).unwrap();
    std::fs::copy(account.path("certificate.pem"), &certificate).unwrap();
    let document = Program::new(rotate(&account, &[])).exits(1).json();
    assert_eq!(document["finding"], "files-changed");
    std::fs::write(&certificate, made).unwrap();
    complete(&account, &Program::new(revoking(&account)).exits(0).json());
    let missing = account.path("nowhere").display().to_string();
    Program::new(args(&account, &["rotate", "--resume", &missing])).exits(2);
}
