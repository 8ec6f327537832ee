//! Arguments of `check`, which hold for every target of a fleet as well.

use std::path::{Path, PathBuf};

use clap::Args;

use super::configured::ConfigArgs;
use super::options::{NetworkArgs, ReportArgs, SelectionArgs};
use super::profiles;
use super::shard::Shard;
use super::target::TargetArgs;

/// `check`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CheckArgs {
    /// The account and its credentials.
    #[command(flatten)]
    pub target: TargetArgs,
    /// Which target of the configuration file.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// How to check many targets.
    #[command(flatten)]
    pub set: SetArgs,
    /// What to check.
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// How to reach NetSuite.
    #[command(flatten)]
    pub network: NetworkArgs,
    /// Where the report goes.
    #[command(flatten)]
    pub report: ReportArgs,
}

const EXAMPLES: &str = "\
Examples:
  netsuite-preflight check --offline --private-key keys/private-key.pem \\
      --certificate keys/certificate.pem
  netsuite-preflight check --account-id 1234567_SB1 --client-id 4f1c... \\
      --certificate-id NPMn... --private-key keys/private-key.pem \\
      --certificate keys/certificate.pem --record customer --record salesOrder
  netsuite-preflight check ... --format json --output report.json
  netsuite-preflight check ... --format junit --save report.html --save report.json
  netsuite-preflight check --target sandbox
  netsuite-preflight check --all --jobs 8 --output-dir reports
  netsuite-preflight check --all --shard 0/4 --format json

Secrets are never given as flag values. Besides files these variables are read:
  NETSUITE_PRIVATE_KEY (the PEM text), NETSUITE_PRIVATE_KEY_PASSPHRASE,
  NETSUITE_CLIENT_SECRET

`netsuite-preflight list checks` names the checks;
`netsuite-preflight explain ID` explains one.";

impl CheckArgs {
    /// Every file that this run reads.
    pub fn files(&self) -> Vec<&Path> {
        let target = &self.target;
        [
            &target.private_key,
            &target.certificate,
            &target.passphrase_file,
            &target.client_secret_file,
            &target.role_file,
            &self.network.ca_file,
        ]
        .into_iter()
        .filter_map(|path| path.as_deref())
        .chain(self.selection.profile.as_deref().and_then(profiles::as_path))
        .chain([self.config.path()])
        .collect()
    }
}

/// How many targets are checked.
#[derive(Debug, Args, Clone)]
#[command(next_help_heading = "Many targets")]
pub struct SetArgs {
    /// Targets checked at once
    #[arg(long, value_name = "N", default_value_t = 4, requires = "all",
          value_parser = clap::value_parser!(u8).range(1..=64))]
    pub jobs: u8,
    /// Check one of N parts of the targets, counted from 0: 0/4 to 3/4. Without it the variables
    /// NETSUITE_PREFLIGHT_SHARD_INDEX and NETSUITE_PREFLIGHT_SHARD_COUNT say the same
    #[arg(long, value_name = "I/N", requires = "all")]
    pub shard: Option<Shard>,
    /// Write one JSON report per target into this folder, as NAME.json
    #[arg(long, value_name = "DIR", requires = "all")]
    pub output_dir: Option<PathBuf>,
}
