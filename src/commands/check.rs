//! `check`: the checklist against an account, or offline against files.

use crate::cli::again::{Again, again};
use crate::cli::check::CheckArgs;
use crate::cli::configured::{configured, found};
use crate::cli::error::CommandError;
use crate::cli::target::{Environment, ProcessEnvironment};
use crate::credentials::input::Material;
use crate::credentials::replace::ReadFiles;
use crate::diagnosis::AuditDetail;
use crate::fleet;
use crate::oauth::code_grant::Browser;
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
    if args.sign_in.sign_in {
        alone(args)?;
    }
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
    run_with(args, &ProcessEnvironment, None, again::<CheckArgs>("check"))
}

/// A sign-in is to one account, and what it reads is not recorded.
fn alone(args: &CheckArgs) -> Result<(), CommandError> {
    if args.config.all {
        let text = "--sign-in is to one account; choose its target with --target";
        return Err(CommandError::usage(text));
    }
    if args.report.save_exchanges.is_some() {
        let text = "--save-exchanges keeps what the integration asks, and not what an administrator \
                    reads; leave --sign-in out";
        return Err(CommandError::usage(text));
    }
    Ok(())
}

/// What a demonstration has besides the options of `check`.
pub struct Demonstration<'a> {
    /// What the Login Audit Trail of the emulated account shows, once it ran.
    pub trail: &'a dyn Fn() -> Option<AuditDetail>,
    /// Who plays the person in the browser, where somebody is to sign in.
    pub browser: Option<Box<dyn Browser>>,
}

/// Runs the checklist, as itself or as a demonstration.
///
/// # Errors
/// As [`run`].
pub fn run_with(
    args: &CheckArgs,
    environment: &dyn Environment,
    mut demo: Option<Demonstration<'_>>,
    again: Again,
) -> Result<ExitCode, CommandError> {
    let mut watch = if args.watch { Some(Watch::new(args.files())?) } else { None };
    let mut passphrase = None;
    loop {
        let code = once(args, environment, demo.as_mut(), again.clone(), &mut passphrase)?;
        let again = code != ExitCode::Ok && watch.as_mut().is_some_and(Watch::again);
        if !again {
            return Ok(code);
        }
    }
}

fn once(
    args: &CheckArgs,
    environment: &dyn Environment,
    mut demo: Option<&mut Demonstration<'_>>,
    again: Again,
    passphrase: &mut Option<Material>,
) -> Result<ExitCode, CommandError> {
    let mut order = order(args, environment, demo.is_some(), passphrase)?;
    if let Some(browser) = demo.as_mut().and_then(|demo| demo.browser.take()) {
        order.browser = Some(browser);
    }
    let scrubber = Scrubber::default();
    let files = ReadFiles::new(args.files());
    let keeper =
        Recording::of(args.report.save_exchanges.as_deref(), &mut order, &scrubber, &files);
    let mut session =
        Preflight::new(order, Clock::system(), scrubber).map_err(CommandError::usage)?;
    let outputs = Outputs::probe(&args.report, &files).map_err(CommandError::usage)?;
    if args.sign_in.sign_in {
        render::learn_account(&mut session)?;
    }
    let finished = render::run_to_end(session)?;
    let saved = keeper.map_or(Ok(()), |keeper| keeper.save(finished.id()));
    let outputs = outputs.again(again.scrubbed(&finished.context.scrubber));
    let outputs = outputs.detail(demo.and_then(|demo| (demo.trail)()));
    let attended = Attended::new(args.report.format, &outputs, args.report.open, args.watch);
    let code = attended.deliver(finished, &outputs)?;
    saved.map(|()| code)
}
