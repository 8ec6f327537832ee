//! `generate`: private key and certificate in the form NetSuite accepts.

use std::fmt::Write as _;
use std::path::Path;
use std::path::PathBuf;
use std::sync::LazyLock;

use clap::Args;
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

use crate::checks::cards::Step;
use crate::cli::error::CommandError;
use crate::cli::options::PlainFormat;
use crate::cli::target::{Environment as _, ProcessEnvironment};
use crate::credentials::PrivateKey;
use crate::credentials::generate::{
    DEFAULT_DAYS, ENCRYPTION, GenerateError, GenerateOptions, GeneratedPair, KeyType, SubjectName,
    finish, generate_key,
};
use crate::credentials::git_ignore::{self, Guard};
use crate::credentials::identifiers::{AccountIdError, read_account_id};
use crate::credentials::input::read_file;
use crate::credentials::passphrase::for_new_key;
use crate::credentials::store::{FileNames, StoreError};
use crate::data;
use crate::preflight::runtime;
use crate::report::Style;
use crate::report::v1::Fix;
use crate::report::values::Values;
use crate::report::{guidance, handbook, json, page, text};
use crate::terminal::left_over;
use crate::terminal::output;
use crate::terminal::output::Destination;
use crate::terminal::output::print;
use crate::terminal::progress;
use crate::terminal::signals;
use crate::types::Service;
use crate::types::shell;
use crate::types::shell::argument;
use crate::types::{AccountId, Clock, ExitCode, Secret, SecretKind, hex};

/// `generate`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct GenerateArgs {
    /// Kind and size of the key
    ///
    /// rsa-3072, rsa-4096, ec-p256, ec-p384 or ec-p521
    #[arg(long, value_name = "TYPE", default_value = "rsa-4096")]
    key_type: KeyType,
    /// Days the certificate is valid
    ///
    /// Two calendar years at most.
    #[arg(long, value_name = "N", default_value_t = DEFAULT_DAYS)]
    days: u32,
    /// Name in the certificate
    ///
    /// Such as that of the integration.
    #[arg(
        long,
        value_name = "NAME",
        conflicts_with = "subject",
        default_value = "NetSuite integration",
        hide_short_help = true
    )]
    common_name: String,
    /// Whole subject of the certificate, such as CN=Orders,O=Example Ltd,C=US
    #[arg(long, value_name = "DN", hide_short_help = true)]
    subject: Option<SubjectName>,
    /// Folder for the two files
    ///
    /// private-key.pem and certificate.pem. It is made where it is missing.
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
    /// File with a passphrase for the private key
    ///
    /// Or the variable NETSUITE_PRIVATE_KEY_PASSPHRASE.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// Account ID, for links in the next steps
    #[arg(long, value_name = "ID", env = "NETSUITE_ACCOUNT_ID", hide_env_values = true)]
    account_id: Option<String>,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t = PlainFormat::Human, hide_short_help = true)]
    format: PlainFormat,
}

const EXAMPLES: &str = "\
Examples:
  netsuite-preflight generate --out keys
  netsuite-preflight generate --out keys --common-name 'Survey sync'
  netsuite-preflight generate --out keys --key-type ec-p256
  netsuite-preflight generate --out keys --passphrase-file passphrase.txt

Nothing is ever overwritten. The private key is written with mode 0600, and a
.gitignore beside it, where there is none, keeps it out of a Git repository.
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
    let guard = Guarded::new(&options, &made);
    let passphrase_file = args.passphrase_file.as_deref();
    let next_steps = next_steps(&made, account.as_ref(), passphrase_file);
    let document = document(&made, &guard, next_steps, args.format)?;
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
    let given = match &args.passphrase_file {
        Some(path) => {
            let material = read_file(path, "--passphrase-file", SecretKind::Passphrase);
            Some(material.map_err(CommandError::usage)?.bytes)
        }
        None => {
            let variable = ProcessEnvironment.get("NETSUITE_PRIVATE_KEY_PASSPHRASE");
            variable.map(|bytes| Secret::new(SecretKind::Passphrase, bytes))
        }
    };
    let passphrase = given.map(|given| for_new_key(given.expose()));
    let passphrase = passphrase.transpose().map_err(CommandError::usage)?;
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NextSteps {
    steps: Vec<Step>,
}

static NEXT_STEPS: LazyLock<NextSteps> = LazyLock::new(|| data::read("shared/next-steps.toml"));

/// What comes after a new key pair.
pub(crate) fn guidance() -> &'static [Step] {
    &NEXT_STEPS.steps
}

#[derive(Serialize)]
struct Document<'a> {
    certificate_id: &'a str,
    certificate_sha256: String,
    not_before: String,
    not_after: String,
    key_type: &'a str,
    subject: &'a str,
    serial: &'a str,
    encryption: Option<&'a str>,
    private_key: Written,
    certificate: Written,
    directory_open_to_others: bool,
    in_git_work_tree: bool,
    git_ignore: Option<String>,
    git_warning: Option<String>,
    next_steps: Vec<Fix>,
}

#[derive(Serialize)]
struct Written {
    path: String,
    mode: Option<String>,
}

/// What keeps the new key out of a Git repository.
struct Guarded {
    in_work_tree: bool,
    guard: Result<Guard, StoreError>,
}

impl Guarded {
    fn new(options: &GenerateOptions, made: &GeneratedPair) -> Self {
        let folder = &options.directory;
        let real = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.clone());
        Self {
            in_work_tree: git_ignore::in_work_tree(&real),
            guard: git_ignore::guard(folder, &options.names.key, made.stored.directory_made),
        }
    }

    /// The path of a `.gitignore` that was written.
    fn written(&self) -> Option<String> {
        match &self.guard {
            Ok(Guard::Written(path)) => Some(path.display().to_string()),
            _ => None,
        }
    }

    /// What to look at, where the key may get into a repository.
    fn warning(&self) -> Option<String> {
        let folder = "the folder is in a Git work tree";
        match &self.guard {
            Ok(Guard::Uncovered(path)) if self.in_work_tree => Some(format!(
                "{folder}, and {} was there already and stays as it is. Add the private key to it \
                 before you commit anything.",
                path.display()
            )),
            Err(error) if self.in_work_tree => Some(format!(
                "{folder}, and no .gitignore could be added: {error}. Keep the private key out of \
                 the repository."
            )),
            _ => None,
        }
    }
}

/// The document in the form asked for.
fn document(
    made: &GeneratedPair,
    guarded: &Guarded,
    next_steps: Vec<Fix>,
    format: PlainFormat,
) -> Result<String, CommandError> {
    let document = Document {
        certificate_id: made.certificate_id.as_str(),
        certificate_sha256: hex(&made.sha256),
        not_before: made.validity.not_before.to_string(),
        not_after: made.validity.not_after.to_string(),
        key_type: made.key_type.as_str(),
        subject: &made.subject,
        serial: &made.serial,
        encryption: made.encrypted.then_some(ENCRYPTION),
        private_key: Written {
            path: made.stored.key_path.display().to_string(),
            mode: made.stored.key_mode.map(octal),
        },
        certificate: Written {
            path: made.stored.certificate_path.display().to_string(),
            mode: made.stored.certificate_mode.map(octal),
        },
        directory_open_to_others: made.stored.directory_open.is_some(),
        in_git_work_tree: guarded.in_work_tree,
        git_ignore: guarded.written(),
        git_warning: guarded.warning(),
        next_steps,
    };
    match format {
        PlainFormat::Json => json::render(&document).map_err(CommandError::internal),
        PlainFormat::Human => human_text(&document, output::style(&Destination::Stdout))
            .map_err(CommandError::internal),
    }
}

fn octal(mode: u32) -> String {
    format!("{:04o}", mode & 0o7777)
}

fn next_steps(
    made: &GeneratedPair,
    account: Option<&AccountId>,
    passphrase_file: Option<&Path>,
) -> Vec<Fix> {
    let mut values = Values::default()
        .with("certificate_id", made.certificate_id.as_str())
        .with("private_key_file", argument(&made.stored.key_path))
        .with("certificate_file", argument(&made.stored.certificate_path));
    let app_host = account.map(|id| id.host(Service::App));
    if let Some(id) = account {
        values.set("account_id", id.account());
    }
    let fill = |step| guidance::fill(step, handbook(), &values, app_host.as_deref());
    let mut steps: Vec<Fix> = guidance().iter().map(fill).collect();
    let flag = passphrase_file.and_then(|path| {
        // No path holds what no shell can take.
        Some(format!(" --passphrase-file {}", shell::word(&argument(path))?))
    });
    let checks = |command: &&mut String| command.starts_with("netsuite-preflight check");
    for command in steps.iter_mut().filter_map(|step| step.command.as_mut()).filter(checks) {
        command.push_str(flag.as_deref().unwrap_or_default());
    }
    steps
}

fn human_text(document: &Document<'_>, style: Style) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    let written = |file: &Written| match &file.mode {
        Some(mode) => format!("{} (mode {mode})", file.path),
        None => file.path.clone(),
    };
    writeln!(out, "Private key and certificate made\n")?;
    writeln!(out, "  Private key     {}", written(&document.private_key))?;
    let encryption = document.encryption.unwrap_or("not encrypted (PKCS#8)");
    writeln!(out, "                  {encryption}")?;
    writeln!(out, "  Certificate     {}", written(&document.certificate))?;
    if let Some(path) = &document.git_ignore {
        writeln!(out, "  Git             {path} keeps the key out of a repository")?;
    }
    writeln!(out, "  Key type        {}", document.key_type)?;
    writeln!(out, "  Subject         {}", document.subject)?;
    writeln!(out, "  Serial          {}", document.serial)?;
    writeln!(out, "  Valid from      {}", document.not_before)?;
    writeln!(out, "  Valid until     {}", document.not_after)?;
    let (first, second) = document.certificate_sha256.split_at(32);
    writeln!(out, "  SHA-256         {}", colons(first))?;
    writeln!(out, "                  {}", colons(second))?;
    writeln!(out, "  Certificate ID  {}", document.certificate_id)?;
    if document.directory_open_to_others {
        writeln!(
            out,
            "\n  Note: other users of this machine can replace files in that directory."
        )?;
    }
    if let Some(warning) = &document.git_warning {
        let text = format!("Note: {warning}");
        for line in text::wrap(&text, style.columns() - 2) {
            writeln!(out, "{}  {line}", if line.starts_with("Note:") { "\n" } else { "" })?;
        }
    }
    let steps = page::labelled_steps("Next", &document.next_steps, style);
    write!(out, "\n{steps}")?;
    Ok(out)
}

/// Hexadecimal digits in pairs.
fn colons(hex: &str) -> String {
    let pairs: Vec<&str> =
        (0..hex.len()).step_by(2).filter_map(|start| hex.get(start..start + 2)).collect();
    pairs.join(":").to_uppercase()
}
