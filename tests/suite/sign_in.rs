//! An administrator signs in to an emulated account in the browser, which the test plays.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};

use openssl::ssl::{SslConnector, SslMethod, SslVerifyMode};
use serde_json::Value;

#[cfg(target_os = "linux")]
use crate::support::Terminal;
use crate::support::{Emulated, Program, Running};

/// The Client ID of the emulated integration record for the sign-in.
pub const SIGN_IN: &str = "3d7f20c9b8e14a65f9027c6b51d84ae3097fb2c6e8d15a4073b69ec1f284d05b";
const APP: &str = "1234567.app.netsuite.com";

/// A browser in front of an emulated account.
pub struct Browser<'a>(pub &'a Emulated);

impl Browser<'_> {
    fn ask(&self, request: &str) -> String {
        let mut connector = SslConnector::builder(SslMethod::tls_client()).unwrap();
        connector.set_ca_file(self.0.path("ca.pem")).unwrap();
        let stream = TcpStream::connect(self.0.emulator.addr()).unwrap();
        let mut stream = connector.build().connect(APP, stream).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8(answer).unwrap()
    }

    fn post(&self, fields: &str) -> String {
        self.ask(&format!(
            "POST /app/login/oauth2/authorize.nl HTTP/1.1\r\nHost: {APP}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{fields}",
            fields.len()
        ))
    }

    /// From the address that the program shows to the one that the browser ends on.
    pub fn sign_in(&self, address: &str, email: &str, role: &str, decision: &str) -> String {
        let (host, target) = address.strip_prefix("https://").unwrap().split_once('/').unwrap();
        assert!(host == APP || host == "system.netsuite.com", "{host}");
        let page = self
            .ask(&format!("GET /{target} HTTP/1.1\r\nHost: {APP}\r\nConnection: close\r\n\r\n"));
        let after = page.split("name=\"flow\" value=\"").nth(1).unwrap_or_else(|| panic!("{page}"));
        let flow = after.split('"').next().unwrap();
        self.post(&format!("flow={flow}&email={}", email.replace('@', "%40")));
        let end = self.post(&format!("flow={flow}&role={role}&decision={decision}"));
        let location = end.lines().find_map(|line| {
            line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("location"))
        });
        location.unwrap_or_else(|| panic!("{end}")).1.trim().to_owned()
    }
}

/// Goes to the address that the browser is sent to, as a browser does.
pub fn follow(address: &str) -> String {
    let (scheme, rest) = address.split_once("://").unwrap();
    let (host, target) = rest.split_once('/').unwrap();
    let port: u16 = host.strip_prefix("localhost:").unwrap().parse().unwrap();
    let request = format!(
        "GET /{target} HTTP/1.1\r\nHost: {host}\r\nSec-Fetch-Mode: navigate\r\n\
         Sec-Fetch-Dest: document\r\n\r\n"
    );
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let mut answer = String::new();
    if scheme == "http" {
        stream.write_all(request.as_bytes()).unwrap();
        stream.read_to_string(&mut answer).unwrap();
        return answer;
    }
    let mut connector = SslConnector::builder(SslMethod::tls_client()).unwrap();
    // As a person does who goes on past the warning.
    connector.set_verify(SslVerifyMode::NONE);
    let mut stream = connector.build().connect("localhost", stream).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let _ = stream.read_to_string(&mut answer);
    answer
}

pub fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

/// An account of a scenario that takes any port of this machine for the redirect.
pub fn account(scenario: &str) -> Emulated {
    Emulated::switched(scenario, &[("redirect-port", "any-port")])
}

/// How a run ended.
struct Ended {
    code: Option<i32>,
    report: Value,
    stderr: String,
    /// Everything that was printed, and the address that held the code.
    all: String,
    redirect: String,
}

/// What the person does in the browser.
pub struct Does {
    pub email: &'static str,
    pub role: &'static str,
    pub decision: &'static str,
}

pub const ALLOWS: Does = Does { email: "owner@example.com", role: "3", decision: "allow" };

/// What a run printed, and what went through the browser.
pub struct Printed {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    /// The address that was shown for the browser, and the one that it was sent to.
    pub address: String,
    pub redirect: String,
    /// What the browser showed last.
    pub page: String,
    /// Where it ran.
    pub home: tempfile::TempDir,
}

/// Runs the program with an administrator's sign-in and plays the browser.
pub fn run(emulated: &Emulated, args: &[String], does: &Does, paste: bool) -> Printed {
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("netsuite-preflight"));
    command
        .args(args)
        .args(["--sign-in", "--sign-in-client-id", SIGN_IN])
        .env_clear()
        .env("HOME", home.path())
        .env("PATH", "/nowhere")
        .env("TZ", "UTC")
        .current_dir(home.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut running = Running::start(&mut command);
    let mut stderr = BufReader::new(running.stderr.take().unwrap());
    let mut said = String::new();
    let address = loop {
        let mut line = String::new();
        assert!(stderr.read_line(&mut line).unwrap() > 0, "no address was shown:\n{said}");
        said.push_str(&line);
        if line.trim().starts_with("https://") {
            break line.trim().to_owned();
        }
    };
    let redirect = Browser(emulated).sign_in(&address, does.email, does.role, does.decision);
    let mut page = String::new();
    if paste {
        let mut stdin = running.stdin.take().unwrap();
        writeln!(stdin, "{redirect}").unwrap();
    } else {
        page = follow(&redirect);
        assert!(page.starts_with("HTTP/1.1 200 "), "{page}");
    }
    drop(running.stdin.take());
    let rest = std::thread::spawn(move || {
        let mut rest = String::new();
        stderr.read_to_string(&mut rest).unwrap();
        rest
    });
    let output = running.output();
    said.push_str(&rest.join().unwrap());
    let stdout = String::from_utf8(output.stdout).unwrap();
    Printed { code: output.status.code(), stdout, stderr: said, address, redirect, page, home }
}

/// Runs `check --sign-in` and reads its report.
fn check(emulated: &Emulated, args: Vec<String>, does: &Does, paste: bool) -> Ended {
    let args = [args, vec!["--format=json".to_owned()]].concat();
    let Printed { code, stdout, stderr, redirect, .. } = run(emulated, &args, does, paste);
    let report = serde_json::from_str(&stdout).unwrap_or_else(|error| panic!("{error}: {stderr}"));
    let all = format!("{stdout}{stderr}");
    Ended { code, report, stderr, all, redirect }
}

pub fn http(emulated: &Emulated) -> Vec<String> {
    let mut args = emulated.check_args();
    args.push(format!("--sign-in-port={}", free_port()));
    args
}

fn entry<'a>(report: &'a Value, id: &str) -> &'a Value {
    let checks = report["checks"].as_array().unwrap();
    checks.iter().find(|check| check["id"] == id).unwrap_or_else(|| panic!("{id}"))
}

/// How many causes of an entry have this rank.
fn ranked(report: &Value, id: &str, rank: &str) -> Vec<String> {
    let causes = entry(report, id)["causes"].as_array().unwrap();
    let ranked = causes.iter().filter(|cause| cause["rank"] == rank);
    ranked.map(|cause| cause["id"].as_str().unwrap().to_owned()).collect()
}

/// Only reading: GETs, the two token requests and queries. The sign-in pages are the browser's.
fn only_read(emulated: &Emulated) {
    for line in emulated.emulator.log().lines() {
        let reads = line.starts_with("GET ")
            || line.ends_with("/query/v1/suiteql")
            || line.ends_with("/oauth2/v1/token")
            || line.ends_with("/authorize.nl");
        assert!(reads, "{line}");
    }
}

#[test]
fn the_account_itself_decides_between_the_causes() {
    for (scenario, cause) in [
        ("certificate-revoked", "certificate-revoked"),
        ("certificate-expired", "certificate-expired"),
        ("role-not-assigned", "role-not-assigned"),
        ("integration-blocked", "integration-blocked"),
    ] {
        let emulated = account(scenario);
        let ended = check(&emulated, http(&emulated), &ALLOWS, false);
        let report = &ended.report;
        assert_eq!(ended.code, Some(1), "{}", ended.stderr);
        assert_eq!(entry(report, "sign-in")["status"], "pass", "{scenario}: {}", ended.all);
        assert_eq!(entry(report, "audit-trail")["status"], "pass", "{scenario}: {}", ended.all);
        let likely = ranked(report, "token-exchange", "likely");
        let possible = ranked(report, "token-exchange", "possible");
        assert_eq!((likely, possible), (vec![cause.to_owned()], Vec::new()), "{scenario}");
        only_read(&emulated);
        // Nothing of the sign-in but who it was.
        let code = ended.redirect.split("code=").nth(1).unwrap().split('&').next().unwrap();
        assert!(!ended.all.contains(code), "{scenario}");
        for personal in ["owner@example.com", "eyJ", "refresh_token", "code_verifier"] {
            assert!(!ended.all.contains(personal), "{scenario}: {personal}");
        }
    }
}

#[test]
fn a_set_up_that_works_is_read_from_inside_over_https_and_by_paste() {
    let emulated = account("healthy");
    let mut args = http(&emulated);
    args.push("--sign-in-redirect=https".to_owned());
    let ended = check(&emulated, args, &ALLOWS, false);
    for (id, status) in [
        ("sign-in", "pass"),
        ("audit-trail", "skipped"),
        ("certificate-mapping", "pass"),
        ("role-assigned", "pass"),
    ] {
        assert_eq!(entry(&ended.report, id)["status"], status, "{id}: {}", ended.all);
    }
    assert_ne!(entry(&ended.report, "role-permissions")["status"], "fail", "{}", ended.all);
    only_read(&emulated);
    let mut args = emulated.check_args();
    args.extend(["--paste".to_owned(), "--only=sign-in".to_owned()]);
    let ended = check(&emulated, args, &ALLOWS, true);
    assert_eq!(ended.code, Some(0), "{}", ended.all);
}

#[test]
fn the_account_is_learned_from_the_sign_in() {
    let emulated = account("healthy");
    let args = http(&emulated).into_iter().filter(|arg| !arg.starts_with("--account-id")).collect();
    let ended = check(&emulated, args, &ALLOWS, false);
    assert_eq!(entry(&ended.report, "sign-in")["status"], "pass", "{}", ended.all);
    assert_eq!(ended.report["target"]["account_id"], "1234567");
    assert!(ended.stderr.contains("https://system.netsuite.com/"), "{}", ended.stderr);
}

#[test]
fn deny_and_a_small_role_say_so_and_blame_nobody() {
    let emulated = account("certificate-revoked");
    let deny = Does { decision: "deny", ..ALLOWS };
    let ended = check(&emulated, http(&emulated), &deny, false);
    let sign_in = entry(&ended.report, "sign-in");
    assert_eq!(ended.report["run"]["options"]["sign_in"], true);
    assert_eq!(sign_in["status"], "fail");
    assert!(sign_in["summary"].as_str().unwrap().contains("denied"), "{sign_in}");
    assert_eq!(entry(&ended.report, "audit-trail")["reason"]["code"], "blocked");
    let clerk = Does { email: "clerk@example.com", role: "1043", decision: "allow" };
    let ended = check(&emulated, http(&emulated), &clerk, false);
    assert_eq!(entry(&ended.report, "sign-in")["status"], "pass", "{}", ended.all);
    for id in ["audit-trail", "certificate-mapping"] {
        assert_eq!(entry(&ended.report, id)["reason"]["code"], "not-permitted", "{id}");
    }
}

#[test]
fn what_is_missing_for_a_sign_in_is_said_before_anything_is_sent() {
    let emulated = Emulated::reached_or_not("healthy");
    let run = |more: &[&str]| {
        let args =
            emulated.check_args().into_iter().chain(more.iter().map(|arg| (*arg).to_owned()));
        Program::new(args).exits(2).stderr
    };
    assert!(run(&["--sign-in"]).contains("missing: --sign-in-client-id"));
    assert!(run(&["--sign-in", "--sign-in-client-id", "x"]).contains("is no Client ID"));
    let id = ["--sign-in", "--sign-in-client-id", SIGN_IN];
    assert!(
        run(&[&id[..], &["--save-exchanges", "x.json"]].concat()).contains("leave --sign-in out")
    );
    assert_eq!(emulated.emulator.log().entries().len(), 0);
}

#[test]
fn an_exported_trail_names_the_reason() {
    let emulated = Emulated::scenario("certificate-revoked");
    let first = Program::new(emulated.check_args()).arg("--format", "json").exits(1).json();
    assert_eq!(entry(&first, "audit-trail")["reason"]["code"], "not-provided");
    let rows = format!("{};Failure;MissingKey\n", at(seconds_now() - 600));
    let file = emulated.write("trail.csv", format!("Date;Status;Detail\n{rows}").as_bytes());
    let second = Program::new(emulated.check_args())
        .arg("--format", "json")
        .arg("--audit-file", &file)
        .exits(1)
        .json();
    assert_eq!(entry(&second, "audit-trail")["status"], "pass", "{second}");
    let (before, after) = (
        ranked(&first, "token-exchange", "possible"),
        ranked(&second, "token-exchange", "possible"),
    );
    assert!(after.len() < before.len(), "{after:?}");
}

fn seconds_now() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(now.as_secs()).unwrap()
}

/// A second of today in a form of the preferences.
fn at(second: i64) -> String {
    let time = jiff::Timestamp::from_second(second).unwrap();
    time.strftime("%d.%m.%Y %H:%M:%S").to_string()
}

/// The mapping is made without the M2M page: shown, confirmed, sent once, read back, proved.
#[cfg(target_os = "linux")]
#[test]
fn a_mapping_is_made_after_a_yes_and_proved() {
    let emulated = account("certificate-never-uploaded");
    let home = tempfile::tempdir().unwrap();
    let upload = |answer: &str, code: i32| {
        let mut args = vec!["certificates".to_owned(), "upload".to_owned()];
        args.extend(emulated.account_args());
        args.push(format!("--new-key={}", emulated.path("private-key.pem").display()));
        args.push(format!("--certificate={}", emulated.path("certificate.pem").display()));
        args.push(format!("--sign-in-client-id={SIGN_IN}"));
        args.push(format!("--sign-in-port={}", free_port()));
        args.extend(["--sign-in", "--role=1042", "--entity=2207"].map(str::to_owned));
        let mut terminal = Terminal::start(home.path(), &args);
        let before = terminal.expect("_method=S256");
        let start = before.rfind("https://").unwrap();
        let shown = format!("{}_method=S256", &before[start..]);
        let rest = terminal.expect("\n");
        let address = format!("{shown}{}", rest.trim());
        let redirect = Browser(&emulated).sign_in(&address, ALLOWS.email, "3", "allow");
        assert!(follow(&redirect).starts_with("HTTP/1.1 200 "));
        let question = terminal.answers("[y/N] ", answer);
        for part in ["1042", "Survey integration role", "2207", "1234567"] {
            assert!(question.contains(part), "{part}: {question}");
        }
        terminal.ends(code)
    };
    let posts = || {
        let lines = emulated.emulator.log().lines();
        lines
            .iter()
            .filter(|line| line.starts_with("POST ") && line.ends_with("/certificates"))
            .count()
    };
    let seen = upload("n", 1);
    assert!(seen.contains("Nothing was sent"), "{seen}");
    assert_eq!(posts(), 0);
    let seen = upload("y", 0);
    assert!(seen.contains("the mapping works"), "{seen}");
    assert_eq!(posts(), 1);
}
