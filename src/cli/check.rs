//! Arguments of `check`, which hold for every target of a fleet as well.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Args;

use super::configured::ConfigArgs;
use super::options::{NetworkArgs, ReportArgs, SelectionArgs};
use super::profiles;
use super::sign_in::SignInArgs;
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
    /// Who signs in to the account besides.
    #[command(flatten)]
    pub sign_in: SignInArgs,
    /// How to reach NetSuite.
    #[command(flatten)]
    pub network: NetworkArgs,
    /// Where the report goes.
    #[command(flatten)]
    pub report: ReportArgs,
    /// Check again on Enter, or when a file changed, until it passes
    #[arg(long, help_heading = "Report", conflicts_with = "all", hide_short_help = true)]
    pub watch: bool,
}

const EXAMPLES: &str = "\
Examples:
  netsuite-preflight check --offline --private-key keys/private-key.pem \\
      --certificate keys/certificate.pem
  netsuite-preflight check --account-id 1234567_SB1 --client-id 4f1c... \\
      --certificate-id NPMn... --private-key keys/private-key.pem \\
      --record customer --record salesOrder
  netsuite-preflight check --target sandbox
  netsuite-preflight check --target sandbox --audit-detail MissingKey
  netsuite-preflight check --target sandbox --sign-in --sign-in-client-id 7a3c...
  netsuite-preflight check --target sandbox --format json --output report.json
  netsuite-preflight check --target sandbox --format junit --save report.html
  netsuite-preflight check --all --jobs 8 --output-dir reports
  netsuite-preflight check --all --shard 0/4 --format json

Exit codes:
  0    nothing failed and nothing was left undecided (warnings are allowed)
  1    at least one check failed
  2    wrong usage: nothing was checked
  3    nothing failed, but at least one check is inconclusive
  4    only warnings, and --fail-on warn was given
  101  an error in this program; please report it

Secrets are never given as flag values. Besides files these variables are read:
  NETSUITE_PRIVATE_KEY (the PEM text), NETSUITE_PRIVATE_KEY_PASSPHRASE,
  NETSUITE_CLIENT_SECRET, NETSUITE_SIGN_IN_CLIENT_SECRET

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
            &self.selection.audit_file,
            &self.sign_in.sign_in_client_secret_file,
        ]
        .into_iter()
        .filter_map(|path| path.as_deref())
        .chain(self.selection.profile.as_deref().and_then(profiles::as_path))
        .chain([self.config.file.path()])
        .collect()
    }
}

/// How many targets are checked.
#[derive(Debug, Args, Clone)]
#[command(next_help_heading = "Many targets")]
pub struct SetArgs {
    /// Targets checked at once
    #[arg(long, value_name = "N", default_value_t = 4, requires = "all", hide_short_help = true,
          value_parser = clap::value_parser!(u8).range(1..=64))]
    pub jobs: u8,
    /// Check one of N parts of the targets, counted from 0: 0/4 to 3/4
    ///
    /// Without it the variables NETSUITE_PREFLIGHT_SHARD_INDEX and NETSUITE_PREFLIGHT_SHARD_COUNT say
    /// the same.
    #[arg(long, value_name = "I/N", requires = "all", hide_short_help = true)]
    pub shard: Option<Shard>,
    /// Write one JSON report per target into this folder, as NAME.json
    #[arg(long, value_name = "DIR", requires = "all", hide_short_help = true)]
    pub output_dir: Option<PathBuf>,
}

/// Variable with the number of this part, counted from 0.
const INDEX: &str = "NETSUITE_PREFLIGHT_SHARD_INDEX";
/// Variable with the number of parts.
const COUNT: &str = "NETSUITE_PREFLIGHT_SHARD_COUNT";

/// Part `index` of `count`, counted from 0 as Kubernetes counts the pods of an indexed Job
/// (`JOB_COMPLETION_INDEX`, <https://kubernetes.io/docs/concepts/workloads/controllers/job/>).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    index: usize,
    count: usize,
}

/// What was given is no shard.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShardError {
    /// As a flag.
    #[error("not I/N with I from 0 to N-1, such as 0/4")]
    Flag,
    /// As variables.
    #[error("{INDEX} and {COUNT} have to be set together, the index from 0 to the count minus 1")]
    Variables,
}

impl Shard {
    fn new(index: &str, count: &str) -> Option<Self> {
        let (index, count) = (index.trim().parse().ok()?, count.trim().parse().ok()?);
        (index < count).then_some(Self { index, count })
    }

    /// The names that belong to this part: every `count`-th of the sorted names.
    #[must_use]
    pub fn of(self, sorted: Vec<String>) -> Vec<String> {
        sorted.into_iter().skip(self.index).step_by(self.count.max(1)).collect()
    }
}

impl FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.split_once('/')
            .and_then(|(index, count)| Self::new(index, count))
            .ok_or(ShardError::Flag)
    }
}

/// The flag, else the variables, else everything.
pub fn choose(
    flag: Option<Shard>,
    variable: impl Fn(&str) -> Option<Vec<u8>>,
) -> Result<Shard, ShardError> {
    if let Some(shard) = flag {
        return Ok(shard);
    }
    let text = |name| variable(name).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    match (text(INDEX), text(COUNT)) {
        (None, None) => Ok(Shard { index: 0, count: 1 }),
        (Some(index), Some(count)) => Shard::new(&index, &count).ok_or(ShardError::Variables),
        _ => Err(ShardError::Variables),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_is_in_exactly_one_part() {
        let names: Vec<String> = (0..23).map(|n| format!("t{n:02}")).collect();
        for count in [1, 2, 4, 23, 40] {
            let mut seen = Vec::new();
            for index in 0..count {
                let shard: Shard = format!("{index}/{count}").parse().unwrap();
                let part = shard.of(names.clone());
                assert!(part.len().abs_diff(names.len() / count) <= 1);
                seen.extend(part);
            }
            seen.sort();
            assert_eq!(seen, names, "{count}");
        }
    }

    #[test]
    fn what_is_no_part_is_refused() {
        for wrong in ["", "1", "4/4", "-1/4", "0/0", "a/b", "1/2/3"] {
            assert_eq!(wrong.parse::<Shard>(), Err(ShardError::Flag), "{wrong}");
        }
    }

    #[test]
    fn variables_serve_where_no_flag_is_given() {
        let of = |index: Option<&str>, count: Option<&str>| {
            choose(None, |name| {
                let value = if name == INDEX { index } else { count };
                value.map(|value| value.as_bytes().to_vec())
            })
        };
        assert_eq!(of(None, None), Ok(Shard { index: 0, count: 1 }));
        assert_eq!(of(Some("3"), Some("4")), Ok(Shard { index: 3, count: 4 }));
        for wrong in [of(Some("4"), Some("4")), of(Some("0"), None), of(None, Some("4"))] {
            assert_eq!(wrong, Err(ShardError::Variables));
        }
        let flag = "1/2".parse().unwrap();
        assert_eq!(choose(Some(flag), |_| Some(b"9".to_vec())), Ok(flag));
    }
}
