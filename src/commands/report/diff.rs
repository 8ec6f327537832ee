//! `report diff`.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::error::CommandError;
use crate::cli::options::PlainFormat;
use crate::commands::report::input::{name, read_and_judge};
use crate::credentials::input::is_stdin;
use crate::report::diff::{compare, render};
use crate::report::{Report, json};
use crate::terminal::output;
use crate::terminal::output::{Destination, print};
use crate::types::ExitCode;

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct DiffArgs {
    /// The older report, in the form json; `-` is standard input
    old: PathBuf,
    /// The newer report, in the form json; `-` is standard input
    new: PathBuf,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t = PlainFormat::Human)]
    format: PlainFormat,
}

const EXAMPLES: &str = "\
Examples:
  netsuite-preflight report diff before.json after.json
  netsuite-preflight check ... --format json | netsuite-preflight report diff before.json -

Exit codes: 0 nothing is worse than before; 1 something is;
  2 a file cannot be read or is no single report";

pub(super) fn run(args: &DiffArgs) -> Result<ExitCode, CommandError> {
    if is_stdin(&args.old) && is_stdin(&args.new) {
        let text = "standard input can be only one of the two reports";
        return Err(CommandError::usage(text));
    }
    // Both are read, so that what is to be said of either is said.
    let (old, new) = (one(&args.old), one(&args.new));
    let (old, new) = (old?, new?);
    let diff = compare(&old, &new);
    let document = match args.format {
        PlainFormat::Human => render(&diff, &old, &new, output::style(&Destination::Stdout)),
        PlainFormat::Json => json::render(&diff).map_err(CommandError::internal)?,
    };
    print(&document, if diff.worse { ExitCode::Failed } else { ExitCode::Ok })
}

/// The one report of a file.
fn one(path: &Path) -> Result<Report, CommandError> {
    let stored = read_and_judge(path).map_err(CommandError::usage)?;
    match stored.reports() {
        [report] => Ok(report.clone()),
        many => Err(CommandError::usage(format!(
            "{} holds {} reports; diff compares two single reports",
            name(path),
            many.len()
        ))),
    }
}
