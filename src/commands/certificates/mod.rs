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

use super::options::PlainFormat;
use super::output::{Destination, note, usage_error};
use super::target::ProcessEnvironment;
use super::terminal::style;
use super::{passphrase, runtime, signals};
use crate::checklist::context::Inputs;
use crate::credentials::identifiers::read_certificate_id;
use crate::credentials::input::read_file;
use crate::types::{CertificateId, Clock, ExitCode, Scrubber, SecretKind};
use access::{Desk, Trouble};
use ended::Ended;
use guidance::Finding;
pub use options::CertificatesArgs;
use options::{CertificatesCommand, Common, RevokeArgs, UploadArgs};

/// Runs the command.
#[must_use]
pub fn run(args: CertificatesArgs) -> ExitCode {
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
    work: impl FnOnce() -> Result<Ended, Trouble>,
) -> ExitCode {
    let said = |error: &Trouble| match error {
        Trouble::Usage(text) => usage_error(text),
        Trouble::Internal(error) => {
            note(&error.to_string());
            ExitCode::Internal
        }
    };
    let ended = match work() {
        Ok(ended) => ended,
        Err(error) => return said(&error),
    };
    let exit = ended.exit;
    let destination = Destination::Stdout;
    match ended.document(command, format, style(&destination), &desk.scrubber) {
        Ok(document) => match destination.write(&document) {
            Ok(()) => exit,
            Err(error) => {
                note(&error.to_string());
                note("what was done stays done; `netsuite-preflight certificates list` shows it");
                ExitCode::Failed.worst(exit)
            }
        },
        Err(error) => said(&Trouble::Internal(error)),
    }
}

/// What the user gave. A passphrase is asked for where the key needs one.
fn inputs(common: &Common) -> Result<Inputs, Trouble> {
    let usage = |error: crate::credentials::input::InputError| Trouble::Usage(error.to_string());
    let mut inputs = common.target.read(&ProcessEnvironment).map_err(usage)?;
    passphrase::ask_if_needed(&mut inputs);
    Ok(inputs)
}

fn to_upload(args: &UploadArgs) -> Result<(Inputs, upload::Upload), Trouble> {
    let mut inputs = inputs(&args.common)?;
    let certificate = inputs.certificate.take().ok_or_else(|| {
        Trouble::Usage("missing: --certificate, the certificate to register".to_owned())
    })?;
    let new_key = match &args.new_key {
        Some(path) => Some(
            read_file(path, "--new-key", SecretKind::PrivateKey)
                .map_err(|error| Trouble::Usage(error.to_string()))?,
        ),
        None => None,
    };
    let passphrase = inputs.passphrase.clone().filter(|_| new_key.is_some());
    Ok((inputs, upload::Upload { certificate, new_key, passphrase }))
}

fn to_revoke(args: &RevokeArgs) -> Result<revoke::Revoke, Trouble> {
    let shown = "the ID to revoke is no Certificate ID: 43 characters of A-Z, a-z, 0-9, - and _; \
                 `netsuite-preflight certificates list` shows them";
    let id: CertificateId = read_certificate_id(&args.id)
        .map(|read| read.id)
        .map_err(|_| Trouble::Usage(shown.to_owned()))?;
    if !args.yes && !terminal::is_there() {
        let text = "revoking cannot be undone, and nobody can be asked here; add --yes";
        return Err(Trouble::Usage(text.to_owned()));
    }
    Ok(revoke::Revoke { id, yes: args.yes, force_in_use: args.force_in_use })
}

/// Runs a command until it ends or Ctrl-C comes. The cell tells whether a request that changes
/// something is under way.
fn in_runtime<F>(work: impl FnOnce(Rc<Cell<bool>>) -> F) -> Result<Ended, Trouble>
where
    F: Future<Output = Result<Ended, Trouble>>,
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
