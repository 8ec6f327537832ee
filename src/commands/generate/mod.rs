//! `generate`: private key and certificate in the form NetSuite accepts.

pub(crate) mod present;

use std::path::PathBuf;

use clap::Args;
use tokio::sync::oneshot;

use crate::cli::error::CommandError;
use crate::cli::options::PlainFormat;
use crate::credentials::PrivateKey;
use crate::credentials::generate::{
    DEFAULT_DAYS, GenerateError, GenerateOptions, GeneratedPair, KeyType, SubjectName, finish,
    generate_key,
};
use crate::credentials::identifiers::{AccountIdError, read_account_id};
use crate::credentials::input::read_file;
use crate::credentials::private_key::trim_passphrase;
use crate::credentials::store::{FileNames, StoreError};
use crate::preflight::runtime;
use crate::terminal::left_over;
use crate::terminal::output::print;
use crate::terminal::progress;
use crate::terminal::signals;
use crate::types::{AccountId, Clock, ExitCode, Secret, SecretKind};

/// `generate`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct GenerateArgs {
    /// Kind and size of the key: rsa-3072, rsa-4096, ec-p256, ec-p384 or ec-p521
    #[arg(long, value_name = "TYPE", default_value = "rsa-4096")]
    key_type: KeyType,
    /// How many days the certificate is valid; two calendar years at most
    #[arg(long, value_name = "N", default_value_t = DEFAULT_DAYS)]
    days: u32,
    /// Name in the certificate, such as the integration's
    #[arg(
        long,
        value_name = "NAME",
        conflicts_with = "subject",
        default_value = "NetSuite integration"
    )]
    common_name: String,
    /// Whole subject of the certificate, such as CN=Orders,O=Example Ltd,C=US
    #[arg(long, value_name = "DN")]
    subject: Option<SubjectName>,
    /// Directory for private-key.pem and certificate.pem; made where it is missing
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
    /// File with a passphrase to encrypt the private key with
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// Account ID, for links into the account in the next steps
    #[arg(long, value_name = "ID", env = "NETSUITE_ACCOUNT_ID", hide_env_values = true)]
    account_id: Option<String>,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t = PlainFormat::Human)]
    format: PlainFormat,
}

const EXAMPLES: &str = "\
Examples:
  netsuite-preflight generate --out keys
  netsuite-preflight generate --out keys --key-type ec-p256 --common-name 'Survey sync'
  netsuite-preflight generate --out keys --passphrase-file passphrase.txt --days 365

Nothing is ever overwritten. The private key is written with mode 0600.
Most vendor forms take unencrypted keys only: set a passphrase only where the
integration can be given one.";

/// Runs the command.
///
/// # Errors
/// When the options or the system do not allow it.
pub fn run(args: &GenerateArgs) -> Result<ExitCode, CommandError> {
    let options = options(args)?;
    let account = account(args).map_err(CommandError::usage)?;
    let clock = Clock::system();
    options.check(clock.now()).map_err(refused)?;
    left_over::tell(&options.directory);
    let made = make(&options, &clock)?;
    let made = made.ok_or_else(|| CommandError::failed("stopped; nothing was written"))?;
    let passphrase_file = args.passphrase_file.as_deref();
    let document = present::document(&made, account.as_ref(), passphrase_file, args.format)?;
    print(&document, ExitCode::Ok).map_err(|error| {
        let (key, certificate) = (&made.stored.key_path, &made.stored.certificate_path);
        CommandError::failed(format!(
            "{error}. The pair is made all the same: {} and {}",
            key.display(),
            certificate.display()
        ))
    })
}

/// The account for the links. A wrong one is refused before anything is made.
fn account(args: &GenerateArgs) -> Result<Option<AccountId>, NoAccount> {
    let Some(text) = &args.account_id else { return Ok(None) };
    Ok(Some(read_account_id(text)?.id))
}

/// `--account-id` names no account.
#[derive(Debug, thiserror::Error)]
#[error(
    "--account-id (or NETSUITE_ACCOUNT_ID) gives no account ID: {0}. Give the field Account ID of \
     Setup > Company > Company Information, such as 1234567 or 1234567_SB1, or leave it out"
)]
struct NoAccount(#[from] AccountIdError);

fn options(args: &GenerateArgs) -> Result<GenerateOptions, CommandError> {
    let subject = match &args.subject {
        Some(subject) => subject.clone(),
        None => SubjectName::common_name(&args.common_name).map_err(CommandError::usage)?,
    };
    let passphrase = match &args.passphrase_file {
        Some(path) => {
            let material = read_file(path, "--passphrase-file", SecretKind::Passphrase);
            let material = material.map_err(CommandError::usage)?;
            Some(Secret::new(SecretKind::Passphrase, trim_passphrase(material.bytes.expose())))
        }
        None => None,
    };
    Ok(GenerateOptions {
        key_type: args.key_type,
        days: args.days,
        subject,
        directory: args.out.clone(),
        names: FileNames::default(),
        passphrase,
    })
}

/// What the options rule out is wrong usage; what the system refuses is a failure.
fn refused(error: GenerateError) -> CommandError {
    match error {
        GenerateError::OpenSsl(_)
        | GenerateError::Unusable
        | GenerateError::Store(StoreError::Write { .. } | StoreError::Directory { .. }) => {
            CommandError::failed(error)
        }
        _ => CommandError::usage(error),
    }
}

/// Makes the key on a thread of its own, so that Ctrl-C can be answered meanwhile; `None` when it
/// came. From the first byte written, Ctrl-C waits until both files are there or none.
pub(super) fn make(
    options: &GenerateOptions,
    clock: &Clock,
) -> Result<Option<GeneratedPair>, CommandError> {
    let runtime = runtime()?;
    runtime.block_on(async {
        let interrupted = signals::came();
        let (sender, receiver) = oneshot::channel::<Result<PrivateKey, _>>();
        let key_type = options.key_type;
        std::thread::spawn(move || sender.send(generate_key(key_type)));
        let spinner = progress::spinner(&format!("making the {key_type} key"));
        let key = tokio::select! {
            key = receiver => key,
            () = interrupted => return Ok(None),
        };
        drop(spinner);
        let key = key.map_err(CommandError::internal)?.map_err(|error| refused(error.into()))?;
        finish(options, &key, clock.now()).map(Some).map_err(refused)
    })
}
