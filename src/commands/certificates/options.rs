//! The options of `certificates`.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};

use crate::cli::configured::TargetFileArgs;
use crate::cli::options::{NetworkArgs, PlainFormat};
use crate::cli::sign_in::SignInArgs;
use crate::cli::target::TargetArgs;
use crate::credentials::generate::{DEFAULT_DAYS, KeyType};

/// `certificates`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, arg_required_else_help = true)]
pub struct CertificatesArgs {
    /// What to do.
    #[command(subcommand)]
    pub(super) command: CertificatesCommand,
}

const EXAMPLES: &str = "\
Examples:
  netsuite-preflight certificates list
  netsuite-preflight certificates rotate --out new-keys
  netsuite-preflight certificates revoke NPMn...

The role needs the permission Manage own OAuth 2.0 Client Credentials certificates,
and the integration record the scope REST Web Services. Account and credentials are
given as for check: by flag, by environment variable, or by --target from
netsuite-preflight.toml.

Exit codes: 0 done   1 refused or failed   2 wrong usage, nothing was sent
            3 undecided: an answer did not come; run it again to find out";

#[derive(Debug, Subcommand)]
pub(super) enum CertificatesCommand {
    /// Show the certificates registered for the integration record
    List(ListArgs),
    /// Register a certificate for the role and entity of the one in use
    Upload(UploadArgs),
    /// Revoke a certificate for good
    Revoke(RevokeArgs),
    /// Make, register and prove a new key pair, then revoke the old certificate if wanted
    Rotate(RotateArgs),
}

/// What every one of them takes.
#[derive(Debug, Args)]
pub(super) struct Common {
    /// Form of the answer
    #[arg(long, value_enum, default_value_t = PlainFormat::Human, hide_short_help = true)]
    pub(super) format: PlainFormat,
    /// The account and its credentials.
    #[command(flatten)]
    pub(super) target: TargetArgs,
    /// Which target of the configuration file.
    #[command(flatten)]
    pub(super) file: TargetFileArgs,
    /// How to reach NetSuite.
    #[command(flatten)]
    pub(super) network: NetworkArgs,
}

/// `certificates list`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  netsuite-preflight certificates list
  netsuite-preflight certificates list --format json")]
pub(super) struct ListArgs {
    #[command(flatten)]
    pub(super) common: Common,
}

/// `certificates upload`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  netsuite-preflight generate --out new-keys
  netsuite-preflight certificates upload --new-key new-keys/private-key.pem \\
      --certificate new-keys/certificate.pem
  netsuite-preflight certificates upload --new-key new-keys/private-key.pem \\
      --certificate new-keys/certificate.pem --sign-in --role 1042 --entity 2207

With --sign-in an administrator signs in in the browser, and the certificate is
mapped for the role and entity named, without the M2M page. Both are shown first,
and nothing is sent before a yes. A token with the new key proves it.

Otherwise --certificate is the certificate to register; the other target options are those of
the credentials in use. Role and entity are taken over from them. What is uploaded
is the certificate alone, whatever else its file holds.")]
pub(super) struct UploadArgs {
    /// Its private key, to prove that the two are a pair
    ///
    /// Only looked at, never sent.
    #[arg(long, value_name = "FILE")]
    pub(super) new_key: Option<PathBuf>,
    /// Role of the new mapping; with --sign-in
    ///
    /// Its internal ID, the number at the end of the address of the role's page.
    #[arg(long, value_name = "ID", requires_all = ["sign_in", "entity"],
          value_parser = clap::value_parser!(i64).range(1..))]
    pub(super) role: Option<i64>,
    /// User of the new mapping; with --sign-in
    ///
    /// The internal ID of the user's record, such as an employee.
    #[arg(long, value_name = "ID", requires_all = ["sign_in", "role"], allow_negative_numbers = true)]
    pub(super) entity: Option<i64>,
    #[command(flatten)]
    pub(super) common: Common,
    /// Who signs in to make it.
    #[command(flatten)]
    pub(super) sign_in: SignInArgs,
}

/// `certificates revoke`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  netsuite-preflight certificates revoke NPMn...
  netsuite-preflight certificates revoke NPMn... --yes

A revoked certificate does not come back, and whatever signs in with it stops
working. On a terminal the command asks; elsewhere it needs --yes. The only active
certificate of an integration record is never revoked.")]
pub(super) struct RevokeArgs {
    /// Certificate ID to revoke; `certificates list` shows them
    #[arg(value_name = "ID", allow_hyphen_values = true)]
    pub(super) id: String,
    /// Do not ask
    #[arg(long)]
    pub(super) yes: bool,
    /// Revoke even the certificate that this run signs in with
    #[arg(long)]
    pub(super) force_in_use: bool,
    #[command(flatten)]
    pub(super) common: Common,
}

/// `certificates rotate`
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("place").required(true).args(["out", "resume"]))]
#[command(after_help = "\
Examples:
  netsuite-preflight certificates rotate --out new-keys
  netsuite-preflight certificates rotate --out new-keys --key-type ec-p256
  netsuite-preflight certificates rotate --resume new-keys
  netsuite-preflight certificates rotate --out new-keys --revoke-old --yes

The old certificate stays active until it is revoked, so the integration can be
given the new key and Certificate ID in between. --revoke-old --yes revokes it in
the same run: whatever still signs in with the old key stops working at that moment.
Each step is noted in rotation.json beside the new key, and --resume goes on from
there, with the same target options.")]
pub(super) struct RotateArgs {
    /// Folder for the new key and certificate
    ///
    /// It is made where it is missing. The journal of the rotation is kept there too.
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Go on with the rotation in this folder
    #[arg(long, value_name = "DIR", conflicts_with_all = ["key_type", "days"])]
    pub(super) resume: Option<PathBuf>,
    /// Kind and size of the new key
    ///
    /// rsa-3072, rsa-4096, ec-p256, ec-p384 or ec-p521
    #[arg(long, value_name = "TYPE", default_value = "rsa-4096", hide_short_help = true)]
    pub(super) key_type: KeyType,
    /// How many days the new certificate is valid; two calendar years at most
    #[arg(long, value_name = "N", default_value_t = DEFAULT_DAYS, hide_short_help = true)]
    pub(super) days: u32,
    /// File with a passphrase for the new private key
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub(super) new_passphrase_file: Option<PathBuf>,
    /// Revoke the old one once the new one is proved
    #[arg(long)]
    pub(super) revoke_old: bool,
    /// Do not ask before the old certificate is revoked
    #[arg(long, requires = "revoke_old")]
    pub(super) yes: bool,
    #[command(flatten)]
    pub(super) common: Common,
}
