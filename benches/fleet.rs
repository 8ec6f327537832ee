//! What a fleet costs: wall time and peak memory of `check --all` at 10, 100 and 1,000 targets, one
//! of which is broken and has to be found, and of `report show` on each of the sets, in every form.
//!
//! Then one account with a concurrency limit of five that all of twenty targets share: how many
//! requests are in flight as each arrives, and how many were refused.
//!
//! Run by hand: `cargo bench --bench fleet`, or with `-- check`, `-- show` or `-- account` a part of
//! it. That the broken target is found is asserted; times and sizes are only shown: a machine under
//! load would make such a test lie.

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

#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../tests/suite/support/child.rs"]
mod child;

use child::Running;

use netsuite_preflight::door::Clock;
use netsuite_preflight::door::ReportSet;
use netsuite_preflight::door::{ClientInputs, scenario};
use netsuite_preflight::door::{Emulator, ThreadedEmulator};

const PROGRAM: &str = env!("CARGO_BIN_EXE_netsuite-preflight");

const FORMATS: [&str; 7] = ["human", "short", "json", "junit", "markdown", "html", "openmetrics"];
// Named, because an address to dial is not taken from a file that was merely found.
const CHECK: [&str; 4] = ["check", "--all", "--config", "netsuite-preflight.toml"];
const COUNTS: [u32; 3] = [10, 100, 1_000];

fn main() {
    let parts: Vec<_> = std::env::args().skip(1).filter(|part| !part.starts_with('-')).collect();
    let wanted = |part: &str| parts.is_empty() || parts.iter().any(|one| one == part);
    if wanted("check") || wanted("show") {
        println!("check --all, record type customer, emulator on the same machine");
        let fleets: Vec<_> = COUNTS.into_iter().map(Fleet::new).collect();
        let formats = if wanted("check") { &FORMATS[..] } else { &["json"] };
        for format in formats {
            table(format, &fleets, |fleet| fleet.check(format));
        }
        println!("report show on the set that `check --all --format json` wrote");
        for format in FORMATS.iter().filter(|_| wanted("show")) {
            table(format, &fleets, |fleet| fleet.show(format));
        }
    }
    if wanted("account") {
        println!("20 targets of one account, its limit 5, each answer after 200 ms");
        for concurrency in ["1", "2", "5", "20"] {
            one_account(concurrency);
        }
    }
}

/// Twenty targets of one account at once.
fn one_account(concurrency: &str) {
    let fleet = Fleet::limited(20, Some(5), Duration::from_millis(200));
    let args = ["--jobs=20", "--format=json", "--output=json", "--concurrency", concurrency];
    let cost = fleet.run(&[CHECK.as_slice(), &args].concat(), 1);
    fleet.judge("json", "json");
    let log = fleet.emulator.log();
    let refused = log.entries().iter().filter(|entry| entry.status == Some(429)).count();
    let in_flight = log.in_flight();
    let most = in_flight.iter().max().copied().unwrap_or_default();
    let mean = in_flight.iter().sum::<usize>() as f64 / in_flight.len() as f64;
    println!(
        "--concurrency {concurrency:>2}: {:>6.2} s for {} requests that count, {refused} answers \
         429, in flight at most {most}, {mean:.1} on average",
        cost.time.as_secs_f64(),
        in_flight.len()
    );
    let tenth = in_flight.len().div_ceil(10);
    let most: Vec<_> = in_flight.chunks(tenth).filter_map(|part| part.iter().max()).collect();
    println!("                 the most in each tenth of the run: {most:?}");
}

/// One line: what each size took, and what a hundred times as many targets cost in memory.
fn table(format: &str, fleets: &[Fleet], run: impl Fn(&Fleet) -> Cost) {
    print!("{format:<12}");
    let costs: Vec<_> = fleets.iter().map(run).collect();
    for (fleet, cost) in fleets.iter().zip(&costs) {
        print!(
            "{:>5}: {:>6.2} s {:>5.1} MB  ",
            fleet.count,
            cost.time.as_secs_f64(),
            cost.peak.unwrap_or(f64::NAN) / 1_024.0
        );
    }
    let growth = costs.last().and_then(|cost| cost.peak).zip(costs.first().and_then(|c| c.peak));
    println!("x{:.2}", growth.map_or(f64::NAN, |(many, few)| many / few));
}

/// Wall time, and peak memory in kilobytes where the system tells it.
struct Cost {
    time: Duration,
    peak: Option<f64>,
}

/// A fresh account and a configuration of so many targets, one of them broken.
struct Fleet {
    count: u32,
    broken: u32,
    folder: tempfile::TempDir,
    emulator: ThreadedEmulator,
}

impl Fleet {
    fn new(count: u32) -> Self {
        Self::limited(count, None, Duration::ZERO)
    }

    /// One whose account takes so many requests at once, and answers each after this time.
    fn limited(count: u32, limit: Option<usize>, latency: Duration) -> Self {
        let mut prepared = scenario::find("healthy").unwrap().prepare(&Clock::system()).unwrap();
        if let Some(limit) = limit {
            prepared.account.concurrency_limit = limit;
        }
        prepared.options.latency = latency;
        let emulator = Emulator::spawn_thread(prepared.account, prepared.options).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let broken = count * 2 / 3;
        write(folder.path(), &emulator, &prepared.client, count, broken);
        Self { count, broken, folder, emulator }
    }

    /// `check --all` into a file named after the form.
    fn check(&self, format: &str) -> Cost {
        let cost =
            self.run(&[CHECK.as_slice(), &["--format", format, "--output", format]].concat(), 1);
        self.judge(format, format);
        cost
    }

    /// `report show` of the set that `check("json")` left.
    fn show(&self, format: &str) -> Cost {
        let shown = format!("shown-{format}");
        let cost = self.run(&["report", "show", "json", "--format", format, "--output", &shown], 0);
        self.judge(format, &shown);
        cost
    }

    /// Runs the program, which has to end with this code.
    fn run(&self, args: &[&str], code: i32) -> Cost {
        let mut command = Command::new(PROGRAM);
        command.args(args).current_dir(self.folder.path()).env_clear().stdout(Stdio::null());
        let began = Instant::now();
        let mut child = Running::start(&mut command);
        let mut peak = None;
        let status = loop {
            // The mark only rises, so the last look before the end is the peak but for its last moment.
            peak = high_water(child.id()).or(peak);
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        assert_eq!(status.code(), Some(code));
        Cost { time: began.elapsed(), peak }
    }

    /// The broken target was found, and no other.
    fn judge(&self, format: &str, file: &str) {
        let text = std::fs::read_to_string(self.folder.path().join(file)).unwrap();
        match format {
            "json" => {
                let set: ReportSet = serde_json::from_str(&text).unwrap();
                let wrong: Vec<_> = set.targets.iter().filter(|t| t.exit_code != 0).collect();
                assert_eq!((wrong.len(), set.reports.len()), (1, self.count as usize));
                assert_eq!(wrong[0].name, name(self.broken));
            }
            "human" => {
                assert!(text.contains(&format!("{}  FAILED", name(self.broken))));
                assert_eq!(text.matches("  PASSED").count(), self.count as usize - 1);
            }
            _ => assert!(text.contains(&name(self.broken)), "{format}"),
        }
    }
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
