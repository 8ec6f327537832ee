//! `check`: the checklist against an account, or offline against files.

use std::path::Path;
use std::time::Duration;

use clap::Args;

use super::check_all::{self, SetArgs};
use super::configured::{ConfigArgs, Invocation};
use super::error::CommandError;
use super::exchanges::Keeper;
use super::options::{NetworkArgs, ReportArgs, SelectionArgs};
use super::render::{self, Outputs};
use super::session::{Order, Session};
use super::target::{Environment, ProcessEnvironment, TargetArgs};
use super::{passphrase, profiles};
use crate::credentials::replace::ReadFiles;
use crate::types::{Clock, ExitCode, Scrubber};

/// `check`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CheckArgs {
    /// The account and its credentials.
    #[command(flatten)]
    pub target: TargetArgs,
    /// Which target of the configuration file.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// How to check many targets.
    #[command(flatten)]
    pub set: SetArgs,
    /// What to check.
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// How to reach NetSuite.
    #[command(flatten)]
    pub network: NetworkArgs,
    /// Where the report goes.
    #[command(flatten)]
    pub report: ReportArgs,
}

const EXAMPLES: &str = "\
Examples:
  netsuite-preflight check --offline --private-key keys/private-key.pem \\
      --certificate keys/certificate.pem
  netsuite-preflight check --account-id 1234567_SB1 --client-id 4f1c... \\
      --certificate-id NPMn... --private-key keys/private-key.pem \\
      --certificate keys/certificate.pem --record customer --record salesOrder
  netsuite-preflight check ... --format json --output report.json
  netsuite-preflight check ... --format junit --save report.html --save report.json
  netsuite-preflight check --target sandbox
  netsuite-preflight check --all --jobs 8 --output-dir reports
  netsuite-preflight check --all --shard 0/4 --format json

Secrets are never given as flag values. Besides files these variables are read:
  NETSUITE_PRIVATE_KEY (the PEM text), NETSUITE_PRIVATE_KEY_PASSPHRASE,
  NETSUITE_CLIENT_SECRET

`netsuite-preflight list checks` names the checks;
`netsuite-preflight explain ID` explains one.";

impl CheckArgs {
    /// Every file that this run reads.
    pub(super) fn files(&self) -> Vec<&Path> {
        let target = &self.target;
        [
            &target.private_key,
            &target.certificate,
            &target.passphrase_file,
            &target.client_secret_file,
            &target.role_file,
            &self.network.ca_file,
        ]
        .into_iter()
        .filter_map(|path| path.as_deref())
        .chain(self.selection.profile.as_deref().and_then(profiles::as_path))
        .chain([self.config.path()])
        .collect()
    }
}

/// Runs the command, with what the configuration file says where there is one.
///
/// # Errors
/// When nothing can be checked, or a document cannot be written.
pub fn run(args: &CheckArgs) -> Result<ExitCode, CommandError> {
    let itself = || run_with(args, &ProcessEnvironment, false);
    let Some(file) = args.config.load().map_err(CommandError::usage)? else { return itself() };
    let invocation = Invocation::of_process(&ProcessEnvironment).map_err(CommandError::usage)?;
    if args.config.all && args.report.save_exchanges.is_some() {
        let text = "--save-exchanges is for one target; choose it with --target";
        return Err(CommandError::usage(text));
    }
    let decided = |key: &str| invocation.decides(key);
    args.config.accept(&file, decided).map_err(CommandError::usage)?;
    if args.config.all {
        return check_all::run(args, &file, &invocation);
    }
    match args.config.choose(&file).map_err(CommandError::usage)? {
        Some(target) => {
            let args = invocation.for_target(&target).map_err(CommandError::usage)?;
            run_with(&args, &ProcessEnvironment, false)
        }
        None => itself(),
    }
}

/// Runs the checklist, as itself or as a demonstration.
///
/// # Errors
/// As [`run`].
pub fn run_with(
    args: &CheckArgs,
    environment: &dyn Environment,
    demo: bool,
) -> Result<ExitCode, CommandError> {
    let mut order = order(args, environment, demo)?;
    let scrubber = Scrubber::default();
    let files = ReadFiles::new(args.files());
    let keeper = Keeper::of(args.report.save_exchanges.as_deref(), &mut order, &scrubber, &files);
    let session = Session::new(order, Clock::system(), scrubber).map_err(CommandError::usage)?;
    let outputs = Outputs::probe(&args.report, &files).map_err(CommandError::usage)?;
    let report = render::run_to_end(session)?;
    let saved = keeper.map_or(Ok(()), |keeper| keeper.save(&report.run.id));
    let code = outputs.deliver(&report)?;
    saved.map(|()| code)
}

/// Reads what a run needs.
///
/// # Errors
/// When a file cannot be read or a record type is unknown.
pub(super) fn order(
    args: &CheckArgs,
    environment: &dyn Environment,
    demo: bool,
) -> Result<Order, CommandError> {
    let mut inputs = args.target.read(environment).map_err(CommandError::usage)?;
    args.selection.fill(&mut inputs)?;
    // One answer would not do for many keys, and nobody waits at a fleet.
    if !args.config.all {
        passphrase::ask_if_needed(&mut inputs);
    }
    Ok(Order {
        inputs,
        selection: args.selection.selection(),
        exit: args.report.exit_policy(),
        demo,
        http: args.network.http_options()?,
        deadline: Duration::from_secs(args.network.deadline),
    })
}
