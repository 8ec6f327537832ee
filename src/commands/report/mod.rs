//! `report`: reads reports that `check` wrote.

mod diff;
mod input;
mod show;
mod verify;

use clap::{Args, Subcommand};

use super::output::{Destination, note};
use crate::report::schema;
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
    Schema,
}

/// Runs the command.
#[must_use]
pub fn run(command: &ReportCommand) -> ExitCode {
    match &command.what {
        What::Show(args) => show::run(args),
        What::Verify(args) => verify::run(args),
        What::Diff(args) => diff::run(args),
        What::Schema => match schema::text() {
            Ok(text) => print(&text, ExitCode::Ok),
            Err(error) => {
                note(&error.to_string());
                ExitCode::Internal
            }
        },
    }
}

/// Writes a document to standard output and gives the code, unless it cannot be written.
fn print(document: &str, code: ExitCode) -> ExitCode {
    match Destination::Stdout.write(document) {
        Ok(()) => code,
        Err(error) => {
            note(&error.to_string());
            ExitCode::Failed
        }
    }
}
