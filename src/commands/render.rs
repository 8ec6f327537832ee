//! Runs a session to its end and hands the report to whoever asked.

use super::options::Format;
use super::output::{Destination, note};
use super::session::{Internal, Session};
use super::terminal;
use crate::report::progress::Progress;
use crate::report::{Handbook, Report, human, json, short};
use crate::types::ExitCode;

/// Runs a session on a runtime of its own.
///
/// # Errors
/// Only on a bug, or where the system gives no resources for a runtime.
pub fn run_to_end(session: Session) -> Result<Report, Internal> {
    let progress = Progress::new(terminal::shows_progress());
    let runtime = super::runtime()?;
    let report = runtime.block_on(session.run(&progress));
    // A name lookup that hangs is not worth waiting for once everything is decided.
    runtime.shutdown_background();
    report
}

/// Writes the report and gives the exit code that stands in it.
#[must_use]
pub fn deliver(report: &Report, format: Format, destination: &Destination) -> ExitCode {
    let style = terminal::style(destination);
    let document = match format {
        Format::Json => json::render(report).map_err(Internal::of),
        Format::Short => Ok(short::render(report, style)),
        Format::Human => Handbook::load()
            .map(|handbook| human::render(report, &handbook, style))
            .map_err(Internal::of),
    };
    let document = match document {
        Ok(document) => document,
        Err(error) => {
            note(&error.to_string());
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
