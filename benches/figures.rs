//! Timings of what users wait for, as medians and as ratios to what bounds them.
//!
//! Run by hand: `cargo bench --bench figures`. Nothing is asserted: a machine under load would make
//! such a test lie.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a program to be run by hand, which should stop loudly"
)]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use jiff::Timestamp;
use netsuite_preflight::door::AssertionDraft;
use netsuite_preflight::door::PrivateKey;
use netsuite_preflight::door::{
    AccountId, CertificateId, ClientId, Clock, RecordType, Scope, Scrubber,
};
use netsuite_preflight::door::{AccountUrl, TokenUrl};
use netsuite_preflight::door::{Client, HttpOptions};
use netsuite_preflight::door::{Emulator, scenario};
use netsuite_preflight::door::{KeyType, generate_key};
use netsuite_preflight::door::{TokenOutcome, exchange};
use openssl::pkey::PKey;

const PROGRAM: &str = env!("CARGO_BIN_EXE_netsuite-preflight");
const LATENCY: Duration = Duration::from_millis(50);
const PROBES: u32 = 40;
const IN_FLIGHT: u32 = 5;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    println!("netsuite-preflight {}, {}", env!("CARGO_PKG_VERSION"), openssl::version::version());
    println!("medians; smaller is better\n");
    start();
    offline(folder.path());
    signing();
    probes();
    memory(folder.path());
    key_generation(folder.path());
}

fn median(runs: usize, mut run: impl FnMut()) -> Duration {
    run();
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let began = Instant::now();
            run();
            began.elapsed()
        })
        .collect();
    times.sort();
    times[runs / 2]
}

fn millis(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1_000.0)
}

fn program(args: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(args).env_clear().stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn start() {
    let bare = median(50, || assert!(Command::new("/bin/true").status().unwrap().success()));
    let help = median(50, || assert!(program(&["--help"]).status().unwrap().success()));
    println!("process start, --help         {}   (/bin/true {})", millis(help), millis(bare));
}

fn pair(folder: &Path) -> (String, String) {
    let (key, certificate) = (folder.join("private-key.pem"), folder.join("certificate.pem"));
    if !key.exists() {
        let out = folder.to_string_lossy();
        assert!(program(&["generate", "--out", &out]).status().unwrap().success());
    }
    (key.to_string_lossy().into_owned(), certificate.to_string_lossy().into_owned())
}

fn offline(folder: &Path) {
    let (key, certificate) = pair(folder);
    let args = ["check", "--offline", "--private-key", &key, "--certificate", &certificate];
    let time = median(50, || assert!(program(&args).status().unwrap().success()));
    println!("offline check, RSA-4096 pair  {}", millis(time));
}

fn draft<'a>(client: &'a ClientId, id: &'a CertificateId, url: &'a TokenUrl) -> AssertionDraft<'a> {
    AssertionDraft {
        client_id: client,
        certificate_id: id,
        audience: url,
        scopes: &[Scope::RestWebservices],
        algorithm: None,
        now: Timestamp::now(),
    }
}

fn signing() {
    let client = ClientId::new(&"0123456789abcdef".repeat(4)).unwrap();
    let id = CertificateId::of_certificate(b"benchmark");
    let account: AccountId = "1234567".parse().unwrap();
    let url = TokenUrl::of(&account);
    for kind in [KeyType::Rsa4096, KeyType::Rsa3072, KeyType::EcP256, KeyType::EcP521] {
        let key = generate_key(kind).unwrap();
        let scrubber = Scrubber::default();
        let time = median(50, || drop(draft(&client, &id, &url).sign(&key, &scrubber).unwrap()));
        println!("assertion with {:<14} {}", kind.as_str(), millis(time));
    }
}

/// The token and 40 record lists, five in flight, against answers that take 50 ms each.
fn probes() {
    let limit = LATENCY * (1 + PROBES.div_ceil(IN_FLIGHT));
    let times = (0..7).map(|_| one_round());
    let mut times: Vec<Duration> = times.collect();
    times.sort();
    let time = times[times.len() / 2];
    let ratio = time.as_secs_f64() / limit.as_secs_f64();
    println!(
        "token + {PROBES} probes, {IN_FLIGHT} at once   {}   {ratio:.3} of the limit {}",
        millis(time),
        millis(limit)
    );
}

fn one_round() -> Duration {
    let mut prepared = scenario::find("healthy").unwrap().prepare(&Clock::system()).unwrap();
    prepared.options.latency = LATENCY;
    let emulator = Emulator::spawn_thread(prepared.account, prepared.options).unwrap();
    let key =
        PrivateKey::new(PKey::private_key_from_pem(prepared.client.private_key.expose()).unwrap());
    let client_id = ClientId::new(&prepared.client.client_id).unwrap();
    let certificate_id = CertificateId::new(&prepared.client.certificate_id).unwrap();
    let account: AccountId = prepared.client.account_id.parse().unwrap();
    let token_url = TokenUrl::of(&account);
    let scrubber = Scrubber::default();
    let options = HttpOptions {
        connect_to: Some((emulator.addr().ip().to_string(), emulator.addr().port())),
        extra_ca: Some(emulator.ca_pem().to_vec()),
        concurrency: IN_FLIGHT as usize,
        ..HttpOptions::default()
    };
    let client = Client::new(options).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let record: RecordType = "customer".parse().unwrap();
    let list = AccountUrl::record_list(&account, &record);
    runtime.block_on(async {
        let began = Instant::now();
        let signed = draft(&client_id, &certificate_id, &token_url).sign(&key, &scrubber).unwrap();
        let reply = exchange(&client, &token_url, &signed.assertion, &scrubber).await;
        let TokenOutcome::Granted(grant) = reply.outcome else {
            unreachable!("the account is healthy")
        };
        let calls = (0..PROBES).map(|_| client.get(&list, &grant.token));
        let answers: Vec<_> =
            calls.collect::<futures_util::stream::FuturesUnordered<_>>().collect().await;
        let took = began.elapsed();
        assert!(answers.iter().all(|call| call.result.as_ref().is_ok_and(|a| a.status == 200)));
        took
    })
}

/// Needs GNU time; without it the figure is left out.
fn memory(folder: &Path) {
    let (key, certificate) = pair(folder);
    let measured = |args: &[&str]| {
        let output = Command::new("/usr/bin/time")
            .args(["-f", "%M", PROGRAM])
            .args(args)
            .env_clear()
            .stdout(Stdio::null())
            .output()
            .ok()?;
        let text = String::from_utf8(output.stderr).ok()?;
        text.lines().last()?.trim().parse::<f64>().ok()
    };
    let offline = ["check", "--offline", "--private-key", &key, "--certificate", &certificate];
    for (what, args) in [("offline check", &offline[..]), ("demo, both sides", &["demo"])] {
        match measured(args) {
            Some(kilobytes) => {
                println!("peak memory, {what:<16} {:.1} MB", kilobytes / 1_024.0);
            }
            None => println!("peak memory, {what:<16} not measured: no GNU time"),
        }
    }
}

/// The time to find primes varies wildly, so both are run often and by turns.
fn key_generation(folder: &Path) {
    let runs = 25;
    let out = folder.join("openssl.pem");
    let ours = || {
        let target = tempfile::tempdir().unwrap();
        let path = target.path().join("keys");
        let began = Instant::now();
        assert!(
            program(&["generate", "--out", &path.to_string_lossy()]).status().unwrap().success()
        );
        began.elapsed()
    };
    let theirs = || {
        let began = Instant::now();
        let status = Command::new("openssl")
            .args(["req", "-new", "-x509", "-newkey", "rsa:4096", "-nodes", "-sha256"])
            .args(["-days", "730", "-subj", "/CN=benchmark", "-keyout"])
            .arg(&out)
            .arg("-out")
            .arg(folder.join("openssl-certificate.pem"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        status.is_ok_and(|status| status.success()).then(|| began.elapsed())
    };
    let (mut ours_times, mut their_times) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        ours_times.push(ours());
        their_times.extend(theirs());
    }
    let mean = |times: &[Duration]| times.iter().sum::<Duration>() / times.len().max(1) as u32;
    print!("generate rsa-4096, mean of {runs}  {}", millis(mean(&ours_times)));
    if their_times.is_empty() {
        println!("   (no openssl program to compare with)");
    } else {
        let ratio = mean(&ours_times).as_secs_f64() / mean(&their_times).as_secs_f64();
        println!("   {ratio:.2} of `openssl req` {}", millis(mean(&their_times)));
    }
}
