//! `report`: reads reports that `check` wrote.

mod diff;
pub(super) mod input;
mod show;
mod verify;

use clap::{Args, Subcommand};

use crate::cli::error::CommandError;
use crate::report::json;
use crate::terminal::output::print;
use crate::types::ExitCode;

/// `report`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, arg_required_else_help = true)]
pub struct ReportCommand {
    #[command(subcommand)]
    what: What,
}

const EXAMPLES: &str = "\
Examples:
  netsuite-preflight report verify report.json
  netsuite-preflight report show report.json --format html --output report.html
  netsuite-preflight report diff before.json after.json";

#[derive(Debug, Subcommand)]
enum What {
    /// Show a stored report in any form
    Show(show::ShowArgs),
    /// Check a stored report: schema, checksum, and that it holds no secret
    Verify(verify::VerifyArgs),
    /// Say what changed between two reports, and what that means
    Diff(diff::DiffArgs),
    /// Print the JSON Schema of the report
    #[command(after_help = "Examples:\n  netsuite-preflight report schema > report.schema.json")]
    Schema {
        /// That of the set of reports, which `check --all --format json` writes
        #[arg(long)]
        set: bool,
    },
}

/// Runs the command.
///
/// # Errors
/// When a file is no report, or a document cannot be written.
pub fn run(command: &ReportCommand) -> Result<ExitCode, CommandError> {
    match &command.what {
        What::Show(args) => show::run(args),
        What::Verify(args) => verify::run(args),
        What::Diff(args) => diff::run(args),
        What::Schema { set } => {
            let schema = if *set { json::set_schema() } else { json::report_schema() };
            print(&schema.map_err(CommandError::internal)?, ExitCode::Ok)
        }
    }
}
