//! `report show`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::error::CommandError;
use crate::cli::options::SaveFile;
use crate::commands::page::{self, PageArgs};
use crate::commands::report::input::{Document, name, read_and_judge};
use crate::credentials::replace::ReadFiles;
use crate::fleet::outputs;
use crate::preflight::render::Outputs;
use crate::report::{Extent, Format};
use crate::terminal::output::tell;
use crate::types::ExitCode;
use crate::web::Ended;
use crate::web::viewer::{self, Seen};

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ShowArgs {
    /// Report in the form json, or a set of them; `-` is standard input
    file: PathBuf,
    /// Form in which it is shown
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Show every check, its evidence, and all causes
    ///
    /// In the form human; the other forms always have them.
    #[arg(long)]
    details: bool,
    /// Write it to this file
    ///
    /// Without it the report goes to standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Save it as well, such as report.html
    ///
    /// The extension names the form. Can be given several times.
    #[arg(long, value_name = "FILE")]
    save: Vec<SaveFile>,
    /// Show it on a page in the browser
    ///
    /// This machine serves it, to itself alone. A set can be filtered there.
    #[arg(long, conflicts_with_all = ["format", "details", "output", "save"])]
    web: bool,
    /// Which port the page has.
    #[command(flatten)]
    page: PageArgs,
}

const EXAMPLES: &str = "\
Examples:
  netsuite-preflight report show report.json
  netsuite-preflight report show report.json --format html --output report.html
  netsuite-preflight check ... --format json | netsuite-preflight report show -
  netsuite-preflight report show all.json --web

Exit codes: 0 the report was shown, whatever its verdict;
  2 the file cannot be read or is no report";

pub(super) fn run(args: &ShowArgs) -> Result<ExitCode, CommandError> {
    let document = read_and_judge(&args.file).map_err(CommandError::usage)?;
    if args.web {
        return serve(document, args);
    }
    let inputs = ReadFiles::new([&args.file]);
    let extent = if args.details { Extent::Details } else { Extent::Brief };
    let output = args.output.as_deref();
    match document {
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

/// Until the page is closed.
fn serve(document: Document, args: &ShowArgs) -> Result<ExitCode, CommandError> {
    let page = page::open(&args.page)?;
    let session = std::sync::Arc::clone(&page.session);
    tell(&format!("{} on a page in the browser.\n", name(&args.file)));
    let seen = match document {
        Document::One(stored) => Seen::One(Box::new(stored.report().clone())),
        Document::Set(set) => Seen::Set(set),
    };
    let ended = page.serve(viewer::pages(seen, name(&args.file), session))?;
    tell(match ended {
        Ended::Finished => "The page is closed.\n",
        Ended::Idle => "Nobody used the page for half an hour, so it was closed.\n",
    });
    Ok(ExitCode::Ok)
}
