//! `report diff`.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::error::CommandError;
use crate::cli::options::PlainFormat;
use crate::commands::report::input::{Document, name, read_and_judge};
use crate::credentials::input::is_stdin;
use crate::report::diff::{compare, render};
use crate::report::set::Many as _;
use crate::report::set::diff::compare_sets;
use crate::report::{json, set};
use crate::terminal::output;
use crate::terminal::output::{Destination, print};
use crate::types::ExitCode;

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct DiffArgs {
    /// The older report or set of reports, in the form json; `-` is standard input
    old: PathBuf,
    /// The newer report or set of reports, in the form json; `-` is standard input
    new: PathBuf,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t = PlainFormat::Human)]
    format: PlainFormat,
}

const EXAMPLES: &str = "\
Examples:
  netsuite-preflight report diff before.json after.json
  netsuite-preflight check ... --format json | netsuite-preflight report diff before.json -
  netsuite-preflight report diff yesterday.json today.json

Exit codes: 0 nothing is worse than before; 1 something is;
  2 a file cannot be read, or one holds a report and the other a set of them";

pub(super) fn run(args: &DiffArgs) -> Result<ExitCode, CommandError> {
    if is_stdin(&args.old) && is_stdin(&args.new) {
        let text = "standard input can be only one of the two reports";
        return Err(CommandError::usage(text));
    }
    // Both are read, so that what is to be said of either is said.
    let (old, new) = (read_and_judge(&args.old), read_and_judge(&args.new));
    let old = old.map_err(CommandError::usage)?;
    let new = new.map_err(CommandError::usage)?;
    let style = output::style(&Destination::Stdout);
    let (document, worse) = match (old, new) {
        (Document::One(old), Document::One(new)) => {
            let (old, new) = (old.report(), new.report());
            let diff = compare(old, new);
            let document = match args.format {
                PlainFormat::Human => Ok(render(&diff, old, new, style)),
                PlainFormat::Json => json::render(&diff),
            };
            (document, diff.worse)
        }
        (Document::Set(mut old), Document::Set(mut new)) => {
            let diff = compare_sets(old.as_mut(), new.as_mut()).map_err(CommandError::failed)?;
            let document = match args.format {
                PlainFormat::Human => Ok(set::diff::render(&diff, &*old, &*new, style)),
                PlainFormat::Json => json::render(&diff),
            };
            (document, diff.worse)
        }
        (old, new) => {
            let told = |path: &Path, document: &Document| match document {
                Document::One(_) => format!("{} holds one report", name(path)),
                Document::Set(set) => {
                    format!("{} holds {} reports", name(path), set.targets().len())
                }
            };
            return Err(CommandError::usage(format!(
                "{}, and {}; diff compares two reports, or two sets of them",
                told(&args.old, &old),
                told(&args.new, &new)
            )));
        }
    };
    let document = document.map_err(CommandError::internal)?;
    print(&document, if worse { ExitCode::Failed } else { ExitCode::Ok })
}
