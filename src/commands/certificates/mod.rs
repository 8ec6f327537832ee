//! `certificates`: a certificate over its life, by NetSuite's rotation endpoint.

mod hand_over;
pub mod options;
mod rotate;

use std::any::Any;
use std::cell::Cell;
use std::future::Future;
use std::path::Path;
use std::rc::Rc;

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;

use crate::checks::context::Inputs;
use crate::cli::again::{Again, again};
use crate::cli::configured::configured;
use crate::cli::error::CommandError;
use crate::cli::options::PlainFormat;
use crate::cli::target::ProcessEnvironment;
use crate::credentials::identifiers::read_certificate_id;
use crate::credentials::input::read_file;
use crate::oauth::code_grant::Browser;
use crate::preflight::{desk, runtime};
use crate::probes::certificates::Combination;
use crate::report::reader::{CHECK, Reader, options};
use crate::rotation::access::RunContext;
use crate::rotation::ended::CertificateFinding;
use crate::rotation::ended::{EarlyEnd, Ended};
use crate::rotation::{Person, access, mapping, revoke, upload};
use crate::terminal::output::style;
use crate::terminal::output::{Destination, print};
use crate::terminal::signals;
use crate::terminal::{ask, left_over, progress};
use crate::types::shell::argument;
use crate::types::{CertificateId, Clock, ExitCode, Scrubber, SecretKind};
pub use options::CertificatesArgs;
use options::{CertificatesCommand, Common, ListArgs, RevokeArgs, RotateArgs, UploadArgs};

/// Runs the command.
///
/// # Errors
/// When what was given cannot be used, or a document cannot be written.
pub fn run(args: CertificatesArgs) -> Result<ExitCode, CommandError> {
    match args.command {
        CertificatesCommand::List(args) => {
            let args = configured(&args.common.file, "list")?.unwrap_or(args);
            let context = run_context(&args.common);
            let again = again::<ListArgs>("list");
            finish("list", &context, args.common.format, &again, || {
                let inputs = inputs(&args.common)?;
                in_runtime(|_| access::list(&context, inputs))
            })
        }
        CertificatesCommand::Upload(args) => {
            // The file names the certificate in use, which is not the one to register.
            let certificate = args.common.target.certificate.clone();
            let mut args = configured(&args.common.file, "upload")?.unwrap_or(args);
            args.common.target.certificate = certificate;
            let context = run_context(&args.common);
            let again = signing_in(again::<UploadArgs>("upload"));
            finish("upload", &context, args.common.format, &again, || {
                let (inputs, upload) = to_upload(&args)?;
                // The key that signs in now proves nothing of the new certificate.
                let with_its_key = |mut ended: Ended| {
                    if let Some(path) = &args.new_key {
                        ended.values.set("new_private_key_file", argument(path));
                    }
                    ended
                };
                let ended = match to_map(&args)? {
                    Some((combination, browser)) => {
                        let new = mapping::NewMapping { upload, combination, browser };
                        in_runtime(|sent| mapping::run(&context, inputs, new, sent))
                    }
                    None => in_runtime(|sent| upload::run(&context, inputs, upload, sent)),
                };
                ended.map(with_its_key).map_err(|early| early.map(with_its_key))
            })
        }
        CertificatesCommand::Revoke(args) => {
            let args = configured(&args.common.file, "revoke")?.unwrap_or(args);
            let context = run_context(&args.common);
            let again = again::<RevokeArgs>("revoke");
            finish("revoke", &context, args.common.format, &again, || {
                let revoke = to_revoke(&args)?;
                let inputs = inputs(&args.common)?;
                in_runtime(|sent| revoke::run(&context, inputs, &revoke, sent))
            })
        }
        CertificatesCommand::Rotate(args) => {
            let args = configured(&args.common.file, "rotate")?.unwrap_or(args);
            let context = run_context(&args.common);
            let again = again::<RotateArgs>("rotate");
            finish("rotate", &context, args.common.format, &again, || {
                rotate::run(&context, &args, || inputs(&args.common))
            })
        }
    }
}

fn run_context(common: &Common) -> RunContext {
    RunContext {
        clock: Clock::system(),
        scrubber: Scrubber::default(),
        network: common.network.clone(),
        person: Box::new(AtTerminal),
    }
}

/// Whoever sits at the terminal.
#[derive(Debug)]
struct AtTerminal;

impl Person for AtTerminal {
    fn ask<'a>(&'a self, question: &'a str) -> LocalBoxFuture<'a, bool> {
        ask::ask(question).boxed_local()
    }

    fn tell_left_over(&self, directory: &Path) {
        left_over::tell(directory);
    }

    fn busy(&self, what: &str) -> Box<dyn Any> {
        Box::new(progress::spinner(what))
    }
}

/// Shows how the command ended.
fn finish(
    command: &'static str,
    run: &RunContext,
    format: PlainFormat,
    again: &Again,
    work: impl FnOnce() -> Result<Ended, EarlyEnd>,
) -> Result<ExitCode, CommandError> {
    let ended = work().or_else(EarlyEnd::end)?;
    let exit = ended.exit;
    let target = again.target.as_deref();
    let check = target.map(|target| format!("{CHECK} {target}").trim_end().to_owned());
    let style = style(&Destination::Stdout);
    let reader = Reader { style, again: check.as_deref(), target, ..Reader::default() };
    let document = ended.document(command, format, &reader, &run.scrubber)?;
    print(&document, exit).map_err(|error| {
        CommandError::failed(format!(
            "{error}. What was done stays done; `netsuite-preflight certificates list` shows it"
        ))
    })
}

/// Without the certificate that is to be registered: it is not the one that signs in.
fn signing_in(again: Again) -> Again {
    let other = |option: &&str| !option.starts_with("--certificate ");
    let target = again.target.map(|all| options(&all).filter(other).collect::<Vec<_>>().join(" "));
    Again { target, ..again }
}

/// What the user gave. A passphrase is asked for where the key needs one.
fn inputs(common: &Common) -> Result<Inputs, CommandError> {
    let mut inputs = common.target.read(&ProcessEnvironment).map_err(CommandError::usage)?;
    ask::ask_if_needed(&mut inputs);
    Ok(inputs)
}

fn to_upload(args: &UploadArgs) -> Result<(Inputs, upload::Upload), CommandError> {
    let mut inputs = inputs(&args.common)?;
    let missing = || CommandError::usage("missing: --certificate, the certificate to register");
    let certificate = inputs.certificate.take().ok_or_else(missing)?;
    let read = |path| read_file(path, "--new-key", SecretKind::PrivateKey);
    let new_key = args.new_key.as_deref().map(read).transpose().map_err(CommandError::usage)?;
    let passphrase = inputs.passphrase.clone().filter(|_| new_key.is_some());
    Ok((inputs, upload::Upload { certificate, new_key, passphrase }))
}

/// Role and entity, and whose sign-in makes the mapping.
type ForWhom = (Combination, Box<dyn Browser>);

/// For whom a mapping is to be made, and who signs in for it; nothing where it is no such upload.
fn to_map(args: &UploadArgs) -> Result<Option<ForWhom>, CommandError> {
    let browser = desk::sign_in(&args.sign_in, &ProcessEnvironment)?;
    let Some(browser) = browser else { return Ok(None) };
    let (Some(role), Some(entity)) = (args.role, args.entity) else {
        let text = "missing: --role and --entity, for whom the new mapping is to be";
        return Err(CommandError::usage(text));
    };
    if args.new_key.is_none() {
        let text = "missing: --new-key, the private key of the certificate; a token with it proves \
                    the mapping";
        return Err(CommandError::usage(text));
    }
    if !ask::is_there() {
        let text = "a mapping is made after a yes only, and nobody can be asked here; run it in a \
                    terminal";
        return Err(CommandError::usage(text));
    }
    Ok(Some((Combination { role, entity }, browser)))
}

fn to_revoke(args: &RevokeArgs) -> Result<revoke::Revoke, CommandError> {
    let shown = "the ID to revoke is no Certificate ID: 43 characters of A-Z, a-z, 0-9, - and _; \
                 `netsuite-preflight certificates list` shows them";
    let id: CertificateId = read_certificate_id(&args.id)
        .map(|read| read.id)
        .map_err(|_| CommandError::usage(shown))?;
    if !args.yes && !ask::is_there() {
        let text = "revoking cannot be undone, and nobody can be asked here; add --yes";
        return Err(CommandError::usage(text));
    }
    Ok(revoke::Revoke { id, yes: args.yes, force_in_use: args.force_in_use })
}

/// Runs a command until it ends or Ctrl-C comes. The cell tells whether a request that changes
/// something is under way.
fn in_runtime<F>(work: impl FnOnce(Rc<Cell<bool>>) -> F) -> Result<Ended, EarlyEnd>
where
    F: Future<Output = Result<Ended, EarlyEnd>>,
{
    let sent = Rc::new(Cell::new(false));
    let runtime = runtime()?;
    let ended = runtime.block_on(async {
        tokio::select! {
            biased;
            ended = work(Rc::clone(&sent)) => ended,
            () = signals::came() => Ok(interrupted(sent.get())),
        }
    });
    // A name lookup that hangs is not worth waiting for once everything is decided.
    runtime.shutdown_background();
    ended
}

fn interrupted(sent: bool) -> Ended {
    if sent {
        let text = "Stopped while the answer to the request was awaited: whether it took effect is \
                    not known.";
        Ended::undecided(CertificateFinding::Interrupted, text)
    } else {
        Ended::failed(
            CertificateFinding::NothingChanged,
            "Stopped. Nothing was changed in NetSuite.",
        )
    }
}
