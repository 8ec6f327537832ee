//! What a fleet costs: wall time and peak memory of `check --all` at 10 and at 1,000 targets, one
//! of which is broken and has to be found.
//!
//! Run by hand: `cargo bench --bench fleet`. That the broken target is found is asserted; times and
//! sizes are only shown: a machine under load would make such a test lie.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a program to be run by hand, which should stop loudly"
)]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use netsuite_preflight::door::Clock;
use netsuite_preflight::door::ReportSet;
use netsuite_preflight::door::{ClientInputs, scenario};
use netsuite_preflight::door::{Emulator, ThreadedEmulator};

const PROGRAM: &str = env!("CARGO_BIN_EXE_netsuite-preflight");

fn main() {
    println!("check --all, record type customer, four at once, emulator on the same machine");
    for format in ["json", "human"] {
        let few = shown(10, format);
        let many = shown(1_000, format);
        if let (Some(few), Some(many)) = (few, many) {
            println!("      1,000 targets take {:.2} of the memory of 10", many / few);
        }
    }
}

/// Runs a fleet and shows what it took; gives the peak memory in kilobytes.
fn shown(count: u32, format: &str) -> Option<f64> {
    let (time, peak) = fleet(count, format);
    let seconds = time.as_secs_f64();
    println!(
        "{count:>5} targets, {format:<5}  {seconds:>7.2} s, {:>5.1} ms each, peak {}",
        seconds * 1_000.0 / f64::from(count),
        peak.map_or("unknown".to_owned(), |kb| format!("{:.1} MB", kb / 1_024.0)),
    );
    peak
}

/// A fresh account, its fleet, and one run over it.
fn fleet(count: u32, format: &str) -> (Duration, Option<f64>) {
    let prepared = scenario::find("healthy").unwrap().prepare(&Clock::system()).unwrap();
    let emulator = Emulator::spawn_thread(prepared.account, prepared.options).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let broken = count * 2 / 3;
    write(folder.path(), &emulator, &prepared.client, count, broken);
    let output = folder.path().join("out");
    let mut command = Command::new(PROGRAM);
    command
        .args(["check", "--all", "--format", format, "--output"])
        .arg(&output)
        .current_dir(folder.path())
        .env_clear()
        .stdout(Stdio::null());
    let began = Instant::now();
    let mut child = command.spawn().unwrap();
    let mut peak = None;
    let status = loop {
        // The mark only rises, so the last look before the end is the peak but for its last moment.
        peak = high_water(child.id()).or(peak);
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let time = began.elapsed();
    assert_eq!(status.code(), Some(1));
    let text = std::fs::read_to_string(&output).unwrap();
    if format == "json" {
        let set: ReportSet = serde_json::from_str(&text).unwrap();
        let wrong: Vec<_> = set.targets.iter().filter(|target| target.exit_code != 0).collect();
        assert_eq!((wrong.len(), set.reports.len()), (1, count as usize));
        assert_eq!(wrong[0].name, name(broken));
    } else {
        assert!(text.contains(&format!("{}  FAILED", name(broken))));
        assert_eq!(text.matches("  PASSED").count(), count as usize - 1);
    }
    (time, peak)
}

fn name(number: u32) -> String {
    format!("target-{number:04}")
}

fn write(
    folder: &Path,
    emulator: &ThreadedEmulator,
    client: &ClientInputs,
    count: u32,
    broken: u32,
) {
    let mut key = tempfile::NamedTempFile::new_in(folder).unwrap();
    key.write_all(client.private_key.expose()).unwrap();
    // Made readable by its owner alone, so that no target warns.
    key.persist(folder.join("key.pem")).unwrap();
    std::fs::write(folder.join("certificate.pem"), client.certificate.as_ref().unwrap()).unwrap();
    std::fs::write(folder.join("ca.pem"), emulator.ca_pem()).unwrap();
    let mut text = format!(
        "[defaults]\nprivate_key = 'key.pem'\ncertificate = 'certificate.pem'\nca_file = 'ca.pem'\n\
         connect_to = '{}'\nrecords = ['customer']\n",
        emulator.addr()
    );
    let wrong = "A".repeat(43);
    for number in 0..count {
        let id = if number == broken { &wrong } else { &client.certificate_id };
        let _ = writeln!(
            text,
            "[targets.{}]\naccount_id = '{}'\nclient_id = '{}'\ncertificate_id = '{id}'",
            name(number),
            client.account_id,
            client.client_id
        );
    }
    std::fs::write(folder.join("netsuite-preflight.toml"), text).unwrap();
}

/// The most memory a process has held so far, in kilobytes. Linux only.
fn high_water(process: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}
