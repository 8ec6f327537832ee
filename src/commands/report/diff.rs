//! `report diff`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::input::{name, read_and_judge};
use super::print;
use crate::commands::options::PlainFormat;
use crate::commands::output::{Destination, note, usage_error};
use crate::commands::terminal;
use crate::credentials::input::is_stdin;
use crate::report::Report;
use crate::report::diff::{compare, render};
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

pub(super) fn run(args: &DiffArgs) -> ExitCode {
    if is_stdin(&args.old) && is_stdin(&args.new) {
        return usage_error("standard input can be only one of the two reports");
    }
    let (old, new) = match (one(&args.old), one(&args.new)) {
        (Ok(old), Ok(new)) => (old, new),
        (Err(error), _) | (_, Err(error)) => return usage_error(&error),
    };
    let diff = compare(&old, &new);
    let document = match args.format {
        PlainFormat::Human => Ok(render(&diff, &old, &new, terminal::style(&Destination::Stdout))),
        PlainFormat::Json => serde_json::to_string_pretty(&diff).map(|text| text + "\n"),
    };
    match document {
        Ok(text) => print(&text, if diff.worse { ExitCode::Failed } else { ExitCode::Ok }),
        Err(error) => {
            note(&error.to_string());
            ExitCode::Internal
        }
    }
}

/// The one report of a file.
fn one(path: &Path) -> Result<Report, String> {
    let stored = read_and_judge(path).map_err(|error| error.to_string())?;
    match stored.reports() {
        [report] => Ok(report.clone()),
        many => Err(format!(
            "{} holds {} reports; diff compares two single reports",
            name(path),
            many.len()
        )),
    }
}
