//! `certificates`: a certificate over its life, by NetSuite's rotation endpoint.

mod access;
mod ended;
pub(crate) mod guidance;
mod list;
pub mod options;
mod revoke;
mod rotate;
mod row;
mod terminal;
mod upload;

use std::cell::Cell;
use std::future::Future;
use std::rc::Rc;

use super::error::CommandError;
use super::options::PlainFormat;
use super::output::{Destination, print};
use super::target::ProcessEnvironment;
use super::terminal::style;
use super::{passphrase, runtime, signals};
use crate::checks::context::Inputs;
use crate::credentials::identifiers::read_certificate_id;
use crate::credentials::input::read_file;
use crate::types::{CertificateId, Clock, ExitCode, Scrubber, SecretKind};
use access::Desk;
use ended::{EarlyEnd, Ended};
use guidance::Finding;
pub use options::CertificatesArgs;
use options::{CertificatesCommand, Common, RevokeArgs, UploadArgs};

/// Runs the command.
///
/// # Errors
/// When what was given cannot be used, or a document cannot be written.
pub fn run(args: CertificatesArgs) -> Result<ExitCode, CommandError> {
    match args.command {
        CertificatesCommand::List(args) => {
            let desk = desk(&args.common);
            finish("list", &desk, args.common.format, || {
                let inputs = inputs(&args.common)?;
                in_runtime(|_| list::run(&desk, inputs))
            })
        }
        CertificatesCommand::Upload(args) => {
            let desk = desk(&args.common);
            finish("upload", &desk, args.common.format, || {
                let (inputs, upload) = to_upload(&args)?;
                in_runtime(|sent| upload::run(&desk, inputs, upload, sent))
            })
        }
        CertificatesCommand::Revoke(args) => {
            let desk = desk(&args.common);
            finish("revoke", &desk, args.common.format, || {
                let revoke = to_revoke(&args)?;
                let inputs = inputs(&args.common)?;
                in_runtime(|sent| revoke::run(&desk, inputs, &revoke, sent))
            })
        }
        CertificatesCommand::Rotate(args) => {
            let desk = desk(&args.common);
            finish("rotate", &desk, args.common.format, || {
                rotate::run(&desk, &args, || inputs(&args.common))
            })
        }
    }
}

fn desk(common: &Common) -> Desk {
    Desk { clock: Clock::system(), scrubber: Scrubber::default(), network: common.network.clone() }
}

/// Shows how the command ended.
fn finish(
    command: &'static str,
    desk: &Desk,
    format: PlainFormat,
    work: impl FnOnce() -> Result<Ended, EarlyEnd>,
) -> Result<ExitCode, CommandError> {
    let ended = work().or_else(EarlyEnd::end)?;
    let exit = ended.exit;
    let style = style(&Destination::Stdout);
    let document = ended.document(command, format, style, &desk.scrubber)?;
    print(&document, exit).map_err(|error| {
        CommandError::failed(format!(
            "{error}. What was done stays done; `netsuite-preflight certificates list` shows it"
        ))
    })
}

/// What the user gave. A passphrase is asked for where the key needs one.
fn inputs(common: &Common) -> Result<Inputs, CommandError> {
    let mut inputs = common.target.read(&ProcessEnvironment).map_err(CommandError::usage)?;
    passphrase::ask_if_needed(&mut inputs);
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

fn to_revoke(args: &RevokeArgs) -> Result<revoke::Revoke, CommandError> {
    let shown = "the ID to revoke is no Certificate ID: 43 characters of A-Z, a-z, 0-9, - and _; \
                 `netsuite-preflight certificates list` shows them";
    let id: CertificateId = read_certificate_id(&args.id)
        .map(|read| read.id)
        .map_err(|_| CommandError::usage(shown))?;
    if !args.yes && !terminal::is_there() {
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
        Ended::undecided(Finding::Interrupted, text)
    } else {
        Ended::failed(Finding::NothingChanged, "Stopped. Nothing was changed in NetSuite.")
    }
}
