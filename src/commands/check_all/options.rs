//! Options of a run over many targets.

use std::path::PathBuf;

use clap::Args;

use super::Shard;

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
