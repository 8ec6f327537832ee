//! Runs a session to its end and hands the report to whoever asked.

use super::options::Format;
use super::output::{Destination, note};
use super::session::{Internal, Session};
use crate::report::{Report, json};
use crate::types::ExitCode;

/// Runs a session on a runtime of its own.
///
/// # Errors
/// Only on a bug, or where the system gives no resources for a runtime.
pub fn run_to_end(session: Session) -> Result<Report, Internal> {
    super::runtime()?.block_on(session.run(&()))
}

/// Writes the report and gives the exit code that stands in it.
#[must_use]
pub fn deliver(report: &Report, format: Format, destination: &Destination) -> ExitCode {
    let document = match format {
        Format::Json => json::render(report),
        Format::Human | Format::Short => json::render(report),
    };
    let document = match document {
        Ok(document) => document,
        Err(error) => {
            note(&format!("internal error, no report could be made: {error}"));
            return ExitCode::Internal;
        }
    };
    match destination.write(&document) {
        Ok(()) => exit_code(report),
        Err(error) => {
            note(&error.to_string());
            ExitCode::Internal
        }
    }
}

fn exit_code(report: &Report) -> ExitCode {
    ExitCode::from_number(report.summary.exit_code).unwrap_or(ExitCode::Internal)
}
