//! `demo`: the same checklist, over real TLS, against the embedded emulator.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::builder::Resettable;
use clap::{Args, Command, FromArgMatches as _};
use tempfile::TempDir;

use crate::checks::plan::Pattern;
use crate::cli::again::again;
use crate::cli::check::CheckArgs;
use crate::cli::error::CommandError;
use crate::cli::options::{ReportArgs, seconds};
use crate::cli::target::NoEnvironment;
use crate::commands::check::Demonstration;
use crate::commands::played::Played;
use crate::commands::stage::{Changes, HEALTHY, Stage, StageError, temporary};
use crate::diagnosis::AuditDetail;
use crate::oauth::code_grant::Browser;
use crate::terminal::signals::on_signal;
use crate::types::ExitCode;

/// `demo`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct DemoArgs {
    /// Set-up to show; `netsuite-preflight list scenarios` names them
    #[arg(long, value_name = "NAME", default_value = HEALTHY)]
    scenario: String,
    /// What the column Detail of the Login Audit Trail would show, to see how the advice goes on
    #[arg(long, value_name = "VALUE")]
    audit_detail: Option<AuditDetail>,
    /// What is tried otherwise.
    #[command(flatten)]
    tried: TriedArgs,
    /// Let an administrator sign in as well; the part in the browser is played by the program
    ///
    /// She is the account's administrator unless the scenario says who it is.
    #[arg(long)]
    sign_in: bool,
    /// Where the report goes.
    #[command(flatten)]
    report: ReportArgs,
}

/// The options of `check` that reports of a demonstration advise.
#[derive(Debug, Args)]
#[command(next_help_heading = "As with check")]
struct TriedArgs {
    /// Take an empty list as a warning instead of inconclusive
    #[arg(long, hide_short_help = true)]
    accept_empty: bool,
    /// Sign in with NetSuite's time where this machine's clock is wrong
    #[arg(long, hide_short_help = true)]
    correct_clock: bool,
    /// Run only these checks (and what they need): check ids, phases, record-access:TYPE:LEVEL
    #[arg(long, hide_short_help = true, value_name = "IDS", value_delimiter = ',')]
    only: Vec<Pattern>,
    /// Try levels create and edit by asking for forms, which change nothing
    #[arg(long, hide_short_help = true)]
    probe_writes: bool,
    /// Time allowed for each request, in seconds
    #[arg(long, hide_short_help = true, value_name = "SECS", value_parser = seconds(600))]
    timeout: Option<u64>,
    /// Record probes in flight at once
    #[arg(long, hide_short_help = true, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=20))]
    concurrency: Option<u8>,
}

impl TriedArgs {
    /// Adds these options to those of the scenario.
    fn fill(&self, check: &mut CheckArgs) {
        let selection = &mut check.selection;
        selection.accept_empty |= self.accept_empty;
        selection.correct_clock |= self.correct_clock;
        selection.probe_writes |= self.probe_writes;
        if !self.only.is_empty() {
            selection.only.clone_from(&self.only);
        }
        let network = &mut check.network;
        network.timeout = self.timeout.unwrap_or(network.timeout);
        network.concurrency = self.concurrency.unwrap_or(network.concurrency);
    }
}

const EXAMPLES: &str = "\
Examples:
  netsuite-preflight demo
  netsuite-preflight demo --scenario certificate-revoked
  netsuite-preflight demo --scenario record-permission-absent --format json
  netsuite-preflight demo --scenario certificate-revoked --save report.html
  netsuite-preflight demo --scenario certificate-revoked --sign-in

Next, for your own account: netsuite-preflight setup

Nothing leaves this machine: keys are made afresh, the emulated account listens
on 127.0.0.1, and both are gone afterwards. The exit code is that of check.";

/// Runs the command.
///
/// # Errors
/// When the scenario cannot be set up, or as `check`.
pub fn run(args: &DemoArgs) -> Result<ExitCode, CommandError> {
    let ended = Arc::new(AtomicBool::new(false));
    let result = on_stage(args, &ended);
    // A signal takes the files from under the run. Its thread ends the program, with its own code.
    while ended.load(Ordering::SeqCst) {
        std::thread::park();
    }
    result
}

fn on_stage(args: &DemoArgs, ended: &Arc<AtomicBool>) -> Result<ExitCode, CommandError> {
    let (stage, _gone_at_the_end) = staged(args, ended).map_err(|error| match error {
        StageError::Scenario(_) | StageError::Temporary { .. } | StageError::File { .. } => {
            CommandError::usage(error)
        }
        _ => CommandError::internal(error),
    })?;
    let mut check = check_args(&stage).map_err(CommandError::internal)?;
    check.report = args.report.clone();
    args.tried.fill(&mut check);
    if args.audit_detail.is_some() {
        check.selection.audit_detail.clone_from(&args.audit_detail);
    }
    let trail = || shown_by_the_trail(&stage);
    let browser = args.sign_in.then(|| Played::on(&stage)).transpose()?;
    let browser = browser.map(|played| Box::new(played) as Box<dyn Browser>);
    let demo = Demonstration { trail: &trail, browser };
    super::check::run_with(&check, &NoEnvironment, Some(demo), again::<DemoArgs>("demo"))
}

/// The Detail that the Login Audit Trail of the emulated account shows for the last failure.
fn shown_by_the_trail(stage: &Stage) -> Option<AuditDetail> {
    let failure = stage.emulator.audit_trail().into_iter().rfind(|entry| !entry.success)?;
    failure.detail?.as_str().parse().ok()
}

/// The stage, in a folder that is removed however the run ends.
fn staged(args: &DemoArgs, ended: &Arc<AtomicBool>) -> Result<(Stage, TempDir), StageError> {
    let folder = temporary()?;
    let path = folder.path().to_owned();
    // Without a thread for it, a signal ends the run as it always does.
    let ended = Arc::clone(ended);
    let _ = on_signal(move || {
        ended.store(true, Ordering::SeqCst);
        remove(&path);
        std::process::exit(i32::from(ExitCode::Failed.code()));
    });
    let folder_of_stage = Some(folder.path().to_owned());
    let changes = Changes { folder: folder_of_stage, ..Changes::default() };
    Ok((Stage::set(&args.scenario, &changes)?, folder))
}

/// Removes the folder of the stage, also where a file of it is being written just now.
fn remove(folder: &Path) {
    for _ in 0..TRIES {
        match std::fs::remove_dir_all(folder) {
            Err(error) if error.kind() != ErrorKind::NotFound => std::thread::sleep(PAUSE),
            _ => return,
        }
    }
}

/// How often, and how long after each other, the folder is tried to be removed.
const TRIES: u32 = 50;
const PAUSE: Duration = Duration::from_millis(20);

/// What the user of the scenario would type after `check`. The environment is left aside: it may
/// hold the settings of a real account.
fn check_args(stage: &Stage) -> Result<CheckArgs, clap::Error> {
    let command = CheckArgs::augment_args(Command::new("check"))
        .no_binary_name(true)
        .mut_args(|arg| arg.env(Resettable::Reset));
    let matches = command.try_get_matches_from(command_line(stage))?;
    CheckArgs::from_arg_matches(&matches)
}

fn command_line(stage: &Stage) -> Vec<OsString> {
    let client = &stage.client;
    let mut line: Vec<OsString> = vec![
        format!("--account-id={}", client.account_id).into(),
        format!("--client-id={}", client.client_id).into(),
        format!("--certificate-id={}", client.certificate_id).into(),
        format!("--connect-to={}", stage.emulator.addr()).into(),
    ];
    let mut file = |flag: &str, path: &Path| line.extend([flag.into(), path.into()]);
    if let Some(path) = &stage.private_key {
        file("--private-key", path);
    }
    file("--ca-file", &stage.ca_file);
    if let Some(path) = &stage.certificate {
        file("--certificate", path);
    }
    line.extend(client.scopes.iter().map(|scope| format!("--scope={scope}").into()));
    line.extend(client.records.iter().map(|record| format!("--record={record}").into()));
    line.extend(client.args.iter().map(OsString::from));
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::reader::DEMO_TAKES;

    #[test]
    fn what_reports_advise_in_a_demonstration_is_taken() {
        let demo = DemoArgs::augment_args(Command::new("demo"));
        let check = CheckArgs::augment_args(Command::new("check"));
        let takes = |command: &Command, flag: &str| {
            command.get_arguments().any(|arg| arg.get_long() == flag.strip_prefix("--"))
        };
        for flag in DEMO_TAKES {
            assert!(takes(&demo, flag) && takes(&check, flag), "{flag}");
        }
    }
}
