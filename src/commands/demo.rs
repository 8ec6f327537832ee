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

use crate::cli::again::again;
use crate::cli::check::CheckArgs;
use crate::cli::error::CommandError;
use crate::cli::options::ReportArgs;
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
    /// Let an administrator sign in as well; the part in the browser is played by the program
    ///
    /// She is the account's administrator unless the scenario says who it is.
    #[arg(long)]
    sign_in: bool,
    /// Where the report goes.
    #[command(flatten)]
    report: ReportArgs,
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
    if args.audit_detail.is_some() {
        check.selection.audit_detail.clone_from(&args.audit_detail);
    }
    let browser = args.sign_in.then(|| Played::on(&stage)).transpose()?;
    let browser = browser.map(|played| Box::new(played) as Box<dyn Browser>);
    let demo = Demonstration { browser };
    super::check::run_with(&check, &NoEnvironment, Some(demo), again::<DemoArgs>("demo"))
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
