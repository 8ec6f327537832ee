//! `explain`: what a check, a cause or an error of NetSuite means, and how to mend it.

use clap::Args;

use super::error::CommandError;
use super::options::PlainFormat;
use super::output::{Destination, print};
use super::terminal;
use crate::report::{explain, handbook, json};
use crate::types::ExitCode;
use crate::types::shown::shown;

/// `explain`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ExplainArgs {
    /// A check, a cause, a Detail of the Login Audit Trail, an error word or code, or a question
    #[arg(value_name = "WHAT", required = true)]
    what: Vec<String>,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t = PlainFormat::Human)]
    format: PlainFormat,
}

const EXAMPLES: &str = "\
Examples:
  netsuite-preflight explain certificate-id-matches     a check
  netsuite-preflight explain certificate-revoked        a cause
  netsuite-preflight explain MissingKey                 the Login Audit Trail's Detail
  netsuite-preflight explain server_error               the token endpoint's word
  netsuite-preflight explain INVALID_LOGIN              an o:errorCode
  netsuite-preflight explain does the certificate have to be PSS-signed?

`netsuite-preflight list checks` and `list causes` name what there is.";

/// Runs the command.
///
/// # Errors
/// When there is nothing to explain, or it cannot be written.
pub fn run(args: &ExplainArgs) -> Result<ExitCode, CommandError> {
    let handbook = handbook();
    let what = args.what.join(" ");
    // What a report prints as an entry's name serves as well as the bare id.
    let id = what.trim().split(':').next().unwrap_or_default().to_ascii_lowercase();
    let style = terminal::style(&Destination::Stdout);
    let document = if let Some(explanation) = explain::explain(&id, handbook) {
        match args.format {
            PlainFormat::Human => Ok(explain::card(&explanation, style)),
            PlainFormat::Json => json::render(&explanation),
        }
    } else if let Some(topic) = explain::topic(&what, handbook) {
        match args.format {
            PlainFormat::Human => Ok(explain::topic_page(&topic, style)),
            PlainFormat::Json => json::render(&topic),
        }
    } else {
        return Err(CommandError::usage(unknown(&what)));
    };
    print(&document.map_err(CommandError::internal)?, ExitCode::Ok)
}

fn unknown(what: &str) -> String {
    let shown: String = shown(what.trim()).chars().take(80).collect();
    let nearest = explain::topic::names()
        .into_iter()
        .map(|known| {
            (strsim::damerau_levenshtein(&known.to_lowercase(), &shown.to_lowercase()), known)
        })
        .min()
        .filter(|(distance, known)| *distance <= 4 && *distance * 2 < known.len());
    let hint = nearest.map(|(_, known)| format!("; is it `{known}`?")).unwrap_or_default();
    format!(
        "nothing is known about `{shown}`{hint}\n`netsuite-preflight list checks` and `list causes` \
         name what can be explained"
    )
}
