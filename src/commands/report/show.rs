//! `report show`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::error::CommandError;
use crate::cli::options::SaveFile;
use crate::commands::report::input::{Document, read_and_judge};
use crate::credentials::replace::ReadFiles;
use crate::fleet::outputs;
use crate::preflight::render::Outputs;
use crate::report::{Extent, Format};
use crate::types::ExitCode;

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ShowArgs {
    /// Report in the form json, or a set of them; `-` is standard input
    file: PathBuf,
    /// Form in which it is shown
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Show every check with its evidence, and every cause with its reasons (form human)
    #[arg(long)]
    details: bool,
    /// Write it to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Save it to this file as well (repeatable); its extension names the form
    #[arg(long, value_name = "FILE")]
    save: Vec<SaveFile>,
}

const EXAMPLES: &str = "\
Examples:
  netsuite-preflight report show report.json
  netsuite-preflight report show report.json --format html --output report.html
  netsuite-preflight check ... --format json | netsuite-preflight report show -

Exit codes: 0 the report was shown, whatever its verdict;
  2 the file cannot be read or is no report";

pub(super) fn run(args: &ShowArgs) -> Result<ExitCode, CommandError> {
    let inputs = ReadFiles::new([&args.file]);
    let extent = if args.details { Extent::Details } else { Extent::Brief };
    let output = args.output.as_deref();
    match read_and_judge(&args.file).map_err(CommandError::usage)? {
        Document::One(stored) => {
            let outputs = Outputs::of(output, args.format, &args.save, &inputs);
            outputs.map_err(CommandError::usage)?.extent(extent).show(&stored)
        }
        Document::Set(mut set) => {
            let outputs = outputs::Outputs::of(output, args.format, &args.save, &inputs);
            let outputs = outputs.map_err(CommandError::usage)?.extent(extent);
            Ok(if outputs.deliver(set.as_mut()) { ExitCode::Ok } else { ExitCode::Failed })
        }
    }
}
