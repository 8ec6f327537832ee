//! `check`: the checklist against an account, or offline against files.

use crate::cli::again::{Again, again};
use crate::cli::check::CheckArgs;
use crate::cli::configured::{configured, found};
use crate::cli::error::CommandError;
use crate::cli::target::{Environment, ProcessEnvironment};
use crate::credentials::input::Material;
use crate::credentials::replace::ReadFiles;
use crate::fleet;
use crate::preflight::attended::{Attended, Watch};
use crate::preflight::exchanges::Recording;
use crate::preflight::render::{self, Outputs};
use crate::preflight::session::Preflight;
use crate::preflight::session::order;
use crate::types::{Clock, ExitCode, Scrubber};

/// Runs the command, with what the configuration file says where there is one.
///
/// # Errors
/// When nothing can be checked, or a document cannot be written.
pub fn run(args: &CheckArgs) -> Result<ExitCode, CommandError> {
    if args.config.all {
        if args.report.save_exchanges.is_some() {
            let text = "--save-exchanges is for one target; choose it with --target";
            return Err(CommandError::usage(text));
        }
        if let Some((file, invocation)) = found(&args.config.file, true, "check")? {
            return fleet::run(args, &file, &invocation);
        }
    }
    let target = configured(&args.config.file, "check")?;
    let args = target.as_ref().unwrap_or(args);
    run_with(args, &ProcessEnvironment, false, again::<CheckArgs>("check"))
}

/// Runs the checklist, as itself or as a demonstration.
///
/// # Errors
/// As [`run`].
pub fn run_with(
    args: &CheckArgs,
    environment: &dyn Environment,
    demo: bool,
    again: Again,
) -> Result<ExitCode, CommandError> {
    let mut watch = if args.watch { Some(Watch::new(args.files())?) } else { None };
    let mut passphrase = None;
    loop {
        let code = once(args, environment, demo, again.clone(), &mut passphrase)?;
        let again = code != ExitCode::Ok && watch.as_mut().is_some_and(Watch::again);
        if !again {
            return Ok(code);
        }
    }
}

fn once(
    args: &CheckArgs,
    environment: &dyn Environment,
    demo: bool,
    again: Again,
    passphrase: &mut Option<Material>,
) -> Result<ExitCode, CommandError> {
    let mut order = order(args, environment, demo, passphrase)?;
    let scrubber = Scrubber::default();
    let files = ReadFiles::new(args.files());
    let keeper =
        Recording::of(args.report.save_exchanges.as_deref(), &mut order, &scrubber, &files);
    let session = Preflight::new(order, Clock::system(), scrubber).map_err(CommandError::usage)?;
    let outputs = Outputs::probe(&args.report, &files).map_err(CommandError::usage)?;
    let finished = render::run_to_end(session)?;
    let saved = keeper.map_or(Ok(()), |keeper| keeper.save(finished.id()));
    let outputs = outputs.again(again.scrubbed(&finished.context.scrubber));
    let attended = Attended::new(args.report.format, &outputs, args.report.open, args.watch);
    let code = attended.deliver(finished, &outputs)?;
    saved.map(|()| code)
}
