//! `repair`: the one key or certificate of a file, written as a clean file of its own.

mod told;

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::error::CommandError;
use crate::cli::options::PlainFormat;
use crate::cli::target::{Environment as _, ProcessEnvironment};
use crate::credentials::clean::{
    Clean, KeyEncryption, NotClean, Refused, Wanted, WriteError, certificates, clean, write,
};
use crate::credentials::generate::GenerateError;
use crate::credentials::identifiers::read_certificate_id;
use crate::credentials::input::{Material, Origin, is_stdin, read_bounded, read_file};
use crate::credentials::passphrase::for_new_key;
use crate::credentials::store::{StoreError, free_name};
use crate::terminal::ask;
use crate::terminal::output::print;
use crate::types::{CertificateId, ExitCode, Secret, SecretKind};

/// `repair`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct RepairArgs {
    /// File with the key or certificate, or - for standard input
    ///
    /// Without it the variable NETSUITE_PRIVATE_KEY.
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// The new file
    ///
    /// Without it FILE's name with .repaired.pem, or .repaired.crt for a certificate.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Take the private key of this certificate
    #[arg(long, value_name = "FILE", conflicts_with = "private_key")]
    certificate: Option<PathBuf>,
    /// Take the certificate with this Certificate ID
    ///
    /// With --certificate, the private key of that one.
    #[arg(long, value_name = "ID", allow_hyphen_values = true, conflicts_with = "private_key")]
    certificate_id: Option<String>,
    /// Take the certificate of this private key
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["new_passphrase_file", "unencrypted"]
    )]
    private_key: Option<PathBuf>,
    /// File with the passphrase that opens it
    ///
    /// The new key keeps it.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// File with another passphrase for the new key
    #[arg(long, value_name = "FILE", conflicts_with = "unencrypted", hide_short_help = true)]
    new_passphrase_file: Option<PathBuf>,
    /// Write the new key without encryption
    #[arg(long)]
    unencrypted: bool,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t = PlainFormat::Human, hide_short_help = true)]
    format: PlainFormat,
}

const EXAMPLES: &str = "\
Examples:
  netsuite-preflight repair pasted-key.txt
  netsuite-preflight repair .env --out private-key.pem
  netsuite-preflight repair bundle.pfx --passphrase-file passphrase.txt
  netsuite-preflight repair bundle.pfx --private-key bundle.pfx --out certificate.pem
  netsuite-preflight repair two-keys.pem --certificate certificate.pem
  netsuite-preflight repair chain.pem --certificate-id=ID

It reads what check reads: text out of JSON, YAML, CSV, .env files, mails and web
pages, in any encoding, base64 and bundles. It writes PKCS#8 or X.509 PEM, always to
a new file: nothing is ever overwritten. What was written is read back and compared.
An encrypted key stays encrypted. A private key is written with mode 0600.

Exit codes: 0 written   1 nothing was written: no key or certificate that can be
            read and opened, several, or the file could not be written
            2 wrong usage, or the name of the new file is taken";

/// Runs the command.
///
/// # Errors
/// When the options, the file or the system do not allow it.
pub fn run(args: &RepairArgs) -> Result<ExitCode, CommandError> {
    if let Some(out) = &args.out {
        refuse_taken(out)?;
    }
    let given = args.material()?;
    let mut passphrase = args.passphrase()?;
    let others = args.others()?;
    let encryption = args.encryption()?;
    let mut taken = take(&given, passphrase.as_ref(), &others, &encryption);
    if let Err(Refused { origin, why: NotClean::PassphraseMissing }) = &taken
        && let Some(answer) = ask::passphrase(origin)
    {
        passphrase = Some(answer);
        taken = take(&given, passphrase.as_ref(), &others, &encryption);
    }
    let clean = taken.map_err(|refused| not_taken(&refused, &encryption))?;
    let out = args.out.clone().unwrap_or_else(|| new_path(&given.origin, &clean));
    let mode = write(&clean, &out).map_err(not_written)?;
    let told = told::Told::new(&given, &clean, &out, mode);
    print(&told.document(args.format)?, ExitCode::Ok)
}

/// What says which key or certificate is meant.
struct Others {
    certificate: Option<Material>,
    id: Option<CertificateId>,
    key: Option<Material>,
}

/// Takes what is wanted out of the file.
fn take(
    given: &Material,
    passphrase: Option<&Secret>,
    others: &Others,
    encryption: &KeyEncryption,
) -> Result<Clean, Refused> {
    let passphrase = passphrase.map(Secret::expose);
    let id = others.id.as_ref();
    let certificates = match &others.certificate {
        Some(file) => certificates(file, passphrase, id)?,
        None => Vec::new(),
    };
    let wanted = match (&others.certificate, id, &others.key) {
        (Some(_), ..) => Wanted::KeyOf(&certificates),
        (None, Some(id), _) => Wanted::CertificateNamed(id),
        (None, None, Some(key)) => Wanted::CertificateOf(key),
        (None, None, None) => Wanted::Either,
    };
    clean(given, passphrase, wanted, encryption)
}

impl RepairArgs {
    fn material(&self) -> Result<Material, CommandError> {
        const KIND: SecretKind = SecretKind::PrivateKey;
        match &self.file {
            Some(path) if is_stdin(path) => {
                read_bounded(io::stdin().lock(), Origin::Stdin, KIND).map_err(CommandError::failed)
            }
            Some(path) => file(path, "repair"),
            None => {
                const VARIABLE: &str = "NETSUITE_PRIVATE_KEY";
                let bytes = ProcessEnvironment.get(VARIABLE).ok_or_else(|| {
                    CommandError::usage(
                        "no file was named; repair takes the path of the file to read, or - for \
                         standard input",
                    )
                })?;
                read_bounded(bytes.as_slice(), Origin::Environment(VARIABLE), KIND)
                    .map_err(CommandError::failed)
            }
        }
    }

    fn passphrase(&self) -> Result<Option<Secret>, CommandError> {
        const KIND: SecretKind = SecretKind::Passphrase;
        if let Some(path) = &self.passphrase_file {
            let material = read_file(path, "--passphrase-file", KIND);
            return Ok(Some(material.map_err(CommandError::usage)?.bytes));
        }
        let variable = ProcessEnvironment.get("NETSUITE_PRIVATE_KEY_PASSPHRASE");
        Ok(variable.map(|bytes| Secret::new(KIND, bytes)))
    }

    fn encryption(&self) -> Result<KeyEncryption, CommandError> {
        if self.unencrypted {
            return Ok(KeyEncryption::Without);
        }
        let Some(path) = &self.new_passphrase_file else { return Ok(KeyEncryption::AsItWas) };
        let material = read_file(path, "--new-passphrase-file", SecretKind::Passphrase);
        let material = material.map_err(CommandError::usage)?;
        let passphrase = for_new_key(material.bytes.expose()).map_err(CommandError::usage)?;
        Ok(KeyEncryption::With(passphrase))
    }

    fn others(&self) -> Result<Others, CommandError> {
        let read =
            |path: &Option<PathBuf>, flag| path.as_deref().map(|path| file(path, flag)).transpose();
        let id = self.certificate_id.as_deref().map(read_certificate_id).transpose();
        let id = id.map_err(|why| {
            CommandError::usage(format!("--certificate-id takes a Certificate ID, but {why}"))
        })?;
        Ok(Others {
            certificate: read(&self.certificate, "--certificate")?,
            id: id.map(|read| read.id),
            key: read(&self.private_key, "--private-key")?,
        })
    }
}

/// Nothing is taken out of the files.
fn not_taken(refused: &Refused, encryption: &KeyEncryption) -> CommandError {
    use GenerateError::{EmptyPassphrase, LongPassphrase, ShortPassphrase};
    let why = refused.to_string();
    match (&refused.why, encryption) {
        // The option is at fault, not the file.
        (
            NotClean::Encryption(error @ (ShortPassphrase(_) | LongPassphrase | EmptyPassphrase)),
            KeyEncryption::With(_),
        ) => CommandError::usage(error.to_string()),
        (NotClean::Encryption(ShortPassphrase(_) | LongPassphrase | EmptyPassphrase), _) => {
            CommandError::failed(format!(
                "nothing was written: {}. The new key would keep its passphrase; give another one \
                 with --new-passphrase-file, or --unencrypted",
                why.trim_end_matches('.')
            ))
        }
        _ => CommandError::failed(format!(
            "nothing was written: {}. `check --offline` says what there is to do",
            why.trim_end_matches('.')
        )),
    }
}

fn file(path: &Path, flag: &'static str) -> Result<Material, CommandError> {
    read_file(path, flag, SecretKind::PrivateKey).map_err(CommandError::usage)
}

/// A name that is taken is refused before anything is read.
fn refuse_taken(path: &Path) -> Result<(), CommandError> {
    if path.symlink_metadata().is_err() {
        return Ok(());
    }
    let error = StoreError::Exists { path: path.to_owned(), what: "a file or directory" };
    Err(CommandError::usage(error))
}

fn not_written(error: WriteError) -> CommandError {
    match error {
        WriteError::Store(error @ StoreError::Exists { .. }) => {
            CommandError::usage(error.to_string())
        }
        error => CommandError::failed(error),
    }
}

/// Beside the file that was read; in this directory where it came by another way.
fn new_path(origin: &Origin, clean: &Clean) -> PathBuf {
    let (name, extension) = match clean {
        Clean::Key { .. } => ("private-key.pem", "pem"),
        Clean::Certificate { .. } => ("certificate.pem", "crt"),
    };
    match origin {
        Origin::File(path) => free_name(path, extension),
        _ => free_name(Path::new(name), extension),
    }
}
