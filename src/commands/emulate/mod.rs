//! `emulate`: serves an emulated account for other programs to test against.

mod guest;

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process;

use clap::Args;
use serde::Serialize;
use tokio::runtime::Runtime;

use crate::cli::error::CommandError;
use crate::cli::options::PlainFormat;
use crate::commands::report::input::{Document, read};
use crate::commands::stage::{Changes, HEALTHY, Stage, StageError};
use crate::credentials::input::read_file;
use crate::credentials::store::open_to_others;
use crate::emulator::SWITCHES;
use crate::emulator::scenario::PrepareError;
use crate::preflight::exchanges;
use crate::preflight::runtime;
use crate::report::{Report, json};
use crate::terminal::output::{Destination, note, print};
use crate::terminal::signals::Signals;
use crate::types::exchanges::Exchanges;
use crate::types::plain::is_plain;
use crate::types::shell::{self, Shell};
use crate::types::shown::shown_path;
use crate::types::{ExitCode, KeyType, SecretKind};

/// `emulate`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct EmulateArgs {
    /// Set-up to serve; `list scenarios` names them
    ///
    /// `netsuite-preflight list scenarios` names them.
    #[arg(long, value_name = "NAME", default_value = HEALTHY)]
    scenario: String,
    /// Serve what `check --save-exchanges` wrote
    ///
    /// It is served instead of a scenario. Signatures are not verified.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["scenario", "switches"])]
    replay: Option<PathBuf>,
    /// The report of that run, for --replay
    ///
    /// Key, certificate and identifiers are made wrong as they were in it.
    #[arg(long, value_name = "FILE", requires = "replay")]
    report: Option<PathBuf>,
    /// Port on 127.0.0.1; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 0)]
    port: u16,
    /// Folder for the files [default: a temporary one]
    ///
    /// CA, private key and certificate are written there. Given again, the pair in it is used again.
    /// Nothing is overwritten that emulate did not write.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Kind of the key pair that is made [default: the scenario's]
    ///
    /// rsa-3072, rsa-4096, ec-p256, ec-p384 or ec-p521. That of a scenario is ec-p256 unless it says
    /// otherwise.
    #[arg(long, value_name = "TYPE", hide_short_help = true, conflicts_with_all = ["certificate", "replay"])]
    key_type: Option<KeyType>,
    /// Register a certificate of your own
    ///
    /// It stands in place of one that is made. Its private key stays with you.
    #[arg(long, value_name = "FILE", conflicts_with = "replay")]
    certificate: Option<PathBuf>,
    /// Another behaviour where the sources conflict
    ///
    /// --list-switches names them. Can be given several times.
    #[arg(long = "switch", value_name = "NAME=VALUE", hide_short_help = true)]
    switches: Vec<String>,
    /// Show the switches with what is known about each, and end
    #[arg(long, hide_short_help = true)]
    list_switches: bool,
    /// Form of what is printed
    #[arg(long, value_enum, default_value_t = PlainFormat::Human, hide_short_help = true)]
    format: PlainFormat,
    /// After --: a command to run against the account
    ///
    /// It gets the account's variables, its exit code is that of emulate, and the account is gone
    /// when it ends.
    #[arg(last = true, value_name = "COMMAND", conflicts_with_all = ["list_switches", "format"])]
    command: Vec<OsString>,
}

const EXAMPLES: &str = "\
Examples:
  netsuite-preflight emulate -- netsuite-preflight check --record customer
  netsuite-preflight emulate --scenario certificate-revoked -- ./our-tests.sh
  netsuite-preflight emulate --dir emulated
  netsuite-preflight emulate --scenario record-permission-absent --port 8443
  netsuite-preflight emulate --replay exchanges.json
  netsuite-preflight emulate --replay exchanges.json --report report.json
  netsuite-preflight emulate --certificate certificate.pem --dir emulated
  netsuite-preflight emulate --switch token-fault=400-invalid-grant

With -- COMMAND the command runs with the variables of the account (NETSUITE_ACCOUNT_ID and the
like, NETSUITE_PREFLIGHT_CONNECT_TO, NETSUITE_PREFLIGHT_CA_FILE), and emulate ends with it.
Exit code: the command's; 128 and its number where a signal ended it; 127 where there is no such
program, 126 where it cannot be started.

Without a command, what is printed can be read by a shell: it sets these variables. The emulator
serves until Ctrl-C (or SIGTERM). In both cases it tells on standard error at the end what it saw.";

const PRIVATE_KEY_FILE: &str = "NETSUITE_PRIVATE_KEY_FILE";
const CERTIFICATE_FILE: &str = "NETSUITE_CERTIFICATE_FILE";

#[derive(Serialize)]
struct Pointing {
    address: String,
    ca_file: String,
    account_id: String,
    client_id: String,
    certificate_id: String,
    sign_in_client_id: Option<String>,
    private_key_file: Option<String>,
    certificate_file: Option<String>,
    records: Vec<String>,
    /// The options of `check` in the recorded run, where its report was given.
    check: Vec<String>,
}

/// Runs the command.
///
/// # Errors
/// When what was given cannot be used, or the system refuses what it takes.
pub fn run(args: &EmulateArgs) -> Result<process::ExitCode, CommandError> {
    if args.list_switches {
        return print(&switches(args.format)?, ExitCode::Ok).map(Into::into);
    }
    let replay = args.replay.as_deref().map(exchanges::read).transpose();
    let replay = replay.map_err(CommandError::usage)?;
    let report = args.report.as_deref().map(|path| of_run(path, replay.as_ref())).transpose()?;
    // Lines that a terminal may show hold no such character, so that they would name another path.
    let folder = args.dir.as_deref().map(std::path::absolute).and_then(Result::ok);
    if folder.is_some_and(|folder| !is_plain(&folder.to_string_lossy())) {
        return Err(CommandError::usage(
            "the path of the folder given with --dir holds a control character, which the printed \
             lines cannot carry; name another folder",
        ));
    }
    let changes = Changes {
        port: args.port,
        switches: args.switches.clone(),
        folder: args.dir.clone(),
        replay,
        report,
        key_type: args.key_type,
        certificate: args.certificate.as_deref().map(own_certificate).transpose()?,
    };
    // Caught before there is a key, so that none stays behind.
    let (runtime, mut signals) = caught()?;
    let stage = Stage::set(&args.scenario, &changes).map_err(|error| match error {
        StageError::Prepare(PrepareError::Given(_)) => CommandError::usage(error),
        StageError::Prepare(_) | StageError::Start(_) => CommandError::failed(error),
        _ => CommandError::usage(error),
    })?;
    if let Some((dir, mode)) = args.dir.as_ref().and_then(|dir| Some((dir, open_to_others(dir)?))) {
        note(&format!(
            "other users can replace the CA and the key in {0} (mode {mode:o}). On a machine of \
             several users name a directory that is not there yet, which is made for you alone",
            dir.display()
        ));
    }
    if !stage.left_out.is_empty() {
        note(&format!(
            "the report found more in the files of its run, which this replay does not show: {}. \
             What follows from that stands in the report alone",
            stage.left_out.join(", ")
        ));
    }
    let pointing = Pointing::to(&stage);
    if let [program, words @ ..] = args.command.as_slice() {
        let ended = runtime.block_on(guest::run(program, words, &pointing, &mut signals));
        farewell(&stage);
        return Ok(ended.map_err(CommandError::internal)?.into());
    }
    let document = match args.format {
        PlainFormat::Json => json::render(&pointing).map_err(CommandError::internal)?,
        PlainFormat::Human => lines(&pointing)?,
    };
    // Where nobody read it, nobody was told the address.
    if Destination::Stdout.offer(&document).map_err(CommandError::failed)? {
        runtime.block_on(signals.came());
        farewell(&stage);
    }
    Ok(ExitCode::Ok.into())
}

/// The report of the run in which these exchanges were recorded.
fn of_run(path: &Path, replay: Option<&Exchanges>) -> Result<Box<Report>, CommandError> {
    let named = shown_path(path);
    let report = match read(path).map_err(CommandError::usage)? {
        Document::One(stored) => stored.report().clone(),
        Document::Set(_) => {
            return Err(CommandError::usage(format!(
                "{named} holds the reports of several targets; give the report of the one target \
                 whose exchanges are served"
            )));
        }
    };
    if replay.is_some_and(|exchanges| exchanges.run_id != report.run.id) {
        return Err(CommandError::usage(format!(
            "{named} is the report of another run than the exchanges; give both files as one run \
             of `check` wrote them with --save report.json and --save-exchanges"
        )));
    }
    Ok(Box::new(report))
}

/// The certificate that the user has, with its path.
fn own_certificate(path: &Path) -> Result<(PathBuf, Vec<u8>), CommandError> {
    let read = read_file(path, "--certificate", SecretKind::PrivateKey);
    let material = read.map_err(CommandError::usage)?;
    Ok((path.to_owned(), material.bytes.expose().to_vec()))
}

fn caught() -> Result<(Runtime, Signals), CommandError> {
    let runtime = runtime()?;
    let signals = {
        let _inside = runtime.enter();
        Signals::catch().map_err(CommandError::internal)?
    };
    Ok((runtime, signals))
}

impl Pointing {
    /// Where the account of this stage is, and what its client needs.
    fn to(stage: &Stage) -> Self {
        let path = |path: &Path| {
            let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
            absolute.display().to_string()
        };
        let client = &stage.client;
        Self {
            address: stage.emulator.addr().to_string(),
            ca_file: path(&stage.ca_file),
            account_id: client.account_id.clone(),
            client_id: client.client_id.clone(),
            certificate_id: client.certificate_id.clone(),
            sign_in_client_id: (!stage.replays)
                .then(|| stage.emulator.description().sign_in_client_id),
            private_key_file: stage.private_key.as_deref().map(path),
            certificate_file: stage.certificate.as_deref().map(path),
            records: client.records.clone(),
            check: stage.options.clone(),
        }
    }

    /// The variables that say the same, as `check` reads them.
    fn variables(&self) -> Vec<(&'static str, &str)> {
        let mut variables = vec![
            ("NETSUITE_PREFLIGHT_CONNECT_TO", self.address.as_str()),
            ("NETSUITE_PREFLIGHT_CA_FILE", &self.ca_file),
            ("NETSUITE_ACCOUNT_ID", &self.account_id),
            ("NETSUITE_CLIENT_ID", &self.client_id),
            ("NETSUITE_CERTIFICATE_ID", &self.certificate_id),
        ];
        let sign_in = self.sign_in_client_id.as_deref();
        variables.extend(sign_in.map(|id| ("NETSUITE_SIGN_IN_CLIENT_ID", id)));
        let key = self.private_key_file.as_deref();
        variables.extend(key.map(|file| (PRIVATE_KEY_FILE, file)));
        let certificate = self.certificate_file.as_deref();
        variables.extend(certificate.map(|file| (CERTIFICATE_FILE, file)));
        variables
    }
}

/// Lines that the shell of this system can read.
fn lines(pointing: &Pointing) -> Result<String, CommandError> {
    let mut out =
        format!("# An emulated NetSuite account at {}; Ctrl-C ends it.\n", pointing.address);
    let unfit = || CommandError::internal("a value has a character that no shell can take");
    let word = |text| shell::word(text).ok_or_else(unfit);
    for (name, value) in pointing.variables() {
        let line = Shell::HERE.set_variable(name, value).ok_or_else(unfit)?;
        writeln!(out, "{line}").map_err(CommandError::internal)?;
    }
    if pointing.private_key_file.is_none() {
        let text = "# NETSUITE_PRIVATE_KEY_FILE is the private key of your certificate.";
        writeln!(out, "{text}").map_err(CommandError::internal)?;
    }
    let records: Result<Vec<_>, _> = pointing.records.iter().map(|record| word(record)).collect();
    writeln!(out, "# Records of this scenario: {}", records?.join(" "))
        .map_err(CommandError::internal)?;
    if !pointing.check.is_empty() {
        let words: Result<Vec<_>, _> = pointing.check.iter().map(|option| word(option)).collect();
        writeln!(out, "# The check of that run: netsuite-preflight check {}", words?.join(" "))
            .map_err(CommandError::internal)?;
    }
    Ok(out)
}

fn switches(format: PlainFormat) -> Result<String, CommandError> {
    #[derive(Serialize)]
    struct Row {
        name: &'static str,
        question: &'static str,
        values: Vec<(&'static str, &'static str)>,
        evidence: &'static str,
        grade: &'static str,
    }
    let rows: Vec<Row> = SWITCHES
        .iter()
        .map(|info| Row {
            name: info.name,
            question: info.question,
            values: info.choices.iter().map(|choice| (choice.value, choice.means)).collect(),
            evidence: info.evidence,
            grade: info.grade,
        })
        .collect();
    if format == PlainFormat::Json {
        return json::render(&rows).map_err(CommandError::internal);
    }
    let mut out = String::new();
    for row in rows {
        let values = row.values.iter().enumerate().fold(String::new(), |mut all, (at, (v, m))| {
            let default = if at == 0 { " (default)" } else { "" };
            // Writing to a string does not fail.
            let _ = writeln!(all, "    {v}{default}: {m}");
            all
        });
        let evidence = textwrap::fill(
            &format!("Evidence ({}): {}", row.grade, row.evidence),
            textwrap::Options::new(80).initial_indent("  ").subsequent_indent("    "),
        );
        writeln!(out, "{}\n  {}\n{values}{evidence}\n", row.name, row.question)
            .map_err(CommandError::internal)?;
    }
    Ok(out)
}

/// What the emulator saw, for whoever tested against it.
fn farewell(stage: &Stage) {
    let requests = stage.emulator.log().entries();
    note(&format!("{} requests served", requests.len()));
    if stage.replays {
        for entry in requests.iter().filter(|entry| entry.status == Some(501)) {
            note(&format!("not in the file: {} {}{}", entry.method, entry.host, entry.path));
        }
    }
    for entry in stage.emulator.audit_trail() {
        let detail = entry.detail.map_or("", |detail| detail.as_str());
        note(&format!(
            "Login Audit Trail: {} {} {detail}",
            entry.at,
            if entry.success { "Success" } else { "Failure" }
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_printed_word_is_one_word_of_a_shell() {
        let pointing = Pointing {
            address: "127.0.0.1:1".to_owned(),
            ca_file: "/x y/ca.pem".to_owned(),
            account_id: "1234567".to_owned(),
            client_id: "$(id)".to_owned(),
            certificate_id: "-a".to_owned(),
            sign_in_client_id: None,
            private_key_file: None,
            certificate_file: Some("/o'neil.pem".to_owned()),
            records: vec!["customer".to_owned()],
            check: vec!["--record=customer:view".to_owned(), "--skip=a;b".to_owned()],
        };
        let told = lines(&pointing).unwrap();
        for (name, value) in pointing.variables() {
            let line = told.lines().find(|line| line.contains(&format!(" {name}="))).unwrap();
            assert_eq!(shlex::split(line).unwrap(), ["export", &format!("{name}={value}")]);
        }
        let mut others = told.lines().filter(|line| !line.starts_with("export "));
        assert!(others.clone().all(|line| line.starts_with("# ")), "{told}");
        let last = "check '--record=customer:view' '--skip=a;b'";
        assert!(others.next_back().unwrap().ends_with(last), "{told}");
    }
}
