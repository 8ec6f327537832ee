//! `certificates rotate`: make a new pair, register it, prove it, and only then revoke the old one.
//!
//! At each moment one certificate works for certain: the old one until a token was issued with the
//! new key, the new one from then on. The journal says which step was reached, so Ctrl-C, a crash
//! or a lost answer end in a state from which `--resume` goes on.

use crate::checks::context::Inputs;
use crate::cli::error::CommandError;
use crate::credentials::generate::{GenerateOptions, SubjectName};
use crate::credentials::input::{Material, read_file};
use crate::credentials::passphrase::for_new_key;
use crate::credentials::store::FileNames;
use crate::preflight::runtime;
use crate::terminal::signals;
use crate::types::{ExitCode, SecretKind};

use crate::commands::certificates::hand_over;
use crate::commands::certificates::options::RotateArgs;
use crate::rotation::access::RunContext;
use crate::rotation::ended::CertificateFinding;
use crate::rotation::ended::{EarlyEnd, Ended};
use crate::rotation::flow::Rotation;
use crate::rotation::journal::{FILE, Journal, JournalFile, Pair, RotationStep};
use crate::rotation::pair::{COMMON_NAME, given};
use crate::rotation::standing::PairsLeft;
use crate::terminal::ask;
use crate::types::shown::shown_path;

pub(super) fn run(
    run: &RunContext,
    args: &RotateArgs,
    inputs: impl FnOnce() -> Result<Inputs, CommandError>,
) -> Result<Ended, EarlyEnd> {
    if args.revoke_old && !args.yes && !ask::is_there() {
        let text = "revoking cannot be undone, and nobody can be asked here; add --yes";
        return Err(CommandError::usage(text).into());
    }
    let Some(directory) = args.resume.as_ref().or(args.out.as_ref()) else {
        return Err(CommandError::usage("missing: --out or --resume").into());
    };
    let book = JournalFile::new(directory, &run.clock);
    let new_passphrase = new_passphrase(args)?;
    let options = match args.resume {
        Some(_) => {
            book.open().map_err(CommandError::usage)?;
            None
        }
        None => Some(options(args, &book, run, new_passphrase.as_ref())?),
    };
    let inputs = inputs()?;
    let old = given(&inputs);
    let values = hand_over::values(&inputs);
    let rotation = Rotation::new(run, &book, args.revoke_old && args.yes, new_passphrase);
    let runtime = runtime()?;
    let ended = runtime.block_on(async {
        let work = async {
            match options {
                Some(options) => rotation.start(inputs, options).await,
                None => rotation.resume(inputs).await,
            }
        };
        tokio::select! {
            biased;
            ended = work => ended,
            () = signals::came() => Ok(interrupted(book.journal().as_ref())),
        }
    });
    // A name lookup that hangs is not worth waiting for once everything is decided.
    runtime.shutdown_background();
    if let Some(journal) = book.journal() {
        hand_over::give(values, &journal, &book.directory, run.clock.now());
    }
    Ok(account_of(ended.or_else(EarlyEnd::end)?, &book, old, rotation.signed_in()))
}

fn new_passphrase(args: &RotateArgs) -> Result<Option<Material>, CommandError> {
    let Some(path) = &args.new_passphrase_file else { return Ok(None) };
    // The message about this flag never shows what was given: it may be the secret itself.
    let material = read_file(path, "--passphrase-file", SecretKind::Passphrase)
        .map_err(|error| CommandError::usage(error.to_string().replace("--pass", "--new-pass")))?;
    Ok(Some(material))
}

fn options(
    args: &RotateArgs,
    book: &JournalFile,
    run: &RunContext,
    passphrase: Option<&Material>,
) -> Result<GenerateOptions, CommandError> {
    if book.path().symlink_metadata().is_ok() {
        let text = format!(
            "{} holds a rotation ({FILE}); go on with --resume {0}, or name another directory",
            shown_path(&book.directory)
        );
        return Err(CommandError::usage(text));
    }
    let options = GenerateOptions {
        key_type: args.key_type,
        days: args.days,
        subject: SubjectName::common_name(COMMON_NAME).map_err(CommandError::usage)?,
        directory: book.directory.clone(),
        names: FileNames::default(),
        passphrase: passphrase
            .map(|material| for_new_key(material.bytes.expose()))
            .transpose()
            .map_err(CommandError::usage)?,
    };
    options.check(run.clock.now()).map_err(CommandError::usage)?;
    Ok(options)
}

fn interrupted(journal: Option<&Journal>) -> Ended {
    let Some(step) = journal.map(|journal| journal.step) else {
        let text = "Stopped before a key was made. Nothing was changed in NetSuite.";
        return Ended::failed(CertificateFinding::NothingChanged, text);
    };
    let (exit, text) = match step {
        RotationStep::KeysBegun => (
            ExitCode::Failed,
            "Stopped while the new pair was made. Nothing was changed in NetSuite.",
        ),
        RotationStep::KeysMade => {
            (ExitCode::Failed, "Stopped. The new key is made and not registered.")
        }
        RotationStep::UploadSent => (
            ExitCode::Inconclusive,
            "Stopped while the answer to the upload was awaited: whether the new certificate is \
             registered is not known. The old one works as before.",
        ),
        RotationStep::Registered => {
            (ExitCode::Failed, "Stopped. The new certificate is registered and not proved yet.")
        }
        RotationStep::Proved => (
            ExitCode::Failed,
            "Stopped. The new certificate is registered and proved; the old one is still active.",
        ),
        RotationStep::RevokeSent => (
            ExitCode::Inconclusive,
            "Stopped while the answer to the revocation was awaited: whether the old certificate \
             is revoked is not known. The new one works.",
        ),
        RotationStep::OldRevoked => (ExitCode::Ok, "The rotation was complete already."),
    };
    Ended::new(exit, CertificateFinding::Interrupted, text)
}

/// Adds what stands where.
fn account_of(mut ended: Ended, book: &JournalFile, old: Pair, works: bool) -> Ended {
    ended.values.set("directory", book.directory.display().to_string());
    let Some(journal) = book.journal() else {
        if !old.certificate_id.is_empty() {
            ended.values.set("old_certificate_id", old.certificate_id.as_str());
            ended.rotation = Some(PairsLeft::untouched(old, works));
        }
        return ended;
    };
    for (name, value) in [
        ("old_certificate_id", Some(&journal.old.certificate_id)),
        ("new_certificate_id", Some(&journal.new.certificate_id)),
        ("new_private_key_file", journal.new.private_key_file.as_ref()),
        ("new_certificate_file", journal.new.certificate_file.as_ref()),
    ] {
        if let Some(value) = value {
            ended.values.set(name, value.as_str());
        }
    }
    ended.rotation = Some(PairsLeft::of(&journal, &book.path(), works));
    ended
}
