//! `explain`: what a check, a cause or an error of NetSuite means, and how to mend it.

use clap::{Args, ValueEnum};

use crate::cli::error::CommandError;
use crate::report::explain::{self, markdown};
use crate::report::{handbook, json};
use crate::terminal::output;
use crate::terminal::output::{Destination, print};
use crate::types::ExitCode;
use crate::types::near::near_names;
use crate::types::shown::shown;

/// `explain`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ExplainArgs {
    /// A check, a cause, a Detail of the Login Audit Trail, an error word or code, a sentence
    /// of NetSuite, or a question
    #[arg(value_name = "WHAT", required_unless_present = "all")]
    what: Vec<String>,
    /// Every check
    #[arg(long, conflicts_with = "what")]
    all: bool,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t = ExplainFormat::Human)]
    format: ExplainFormat,
}

/// Format of `explain`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ExplainFormat {
    /// For a person at a terminal
    Human,
    /// For a program
    Json,
    /// For a page or a ticket
    Markdown,
}

const EXAMPLES: &str = "\
Examples:
  netsuite-preflight explain certificate-id-matches     a check
  netsuite-preflight explain certificate-revoked        a cause
  netsuite-preflight explain MissingKey                 the Login Audit Trail's Detail
  netsuite-preflight explain server_error               the token endpoint's word
  netsuite-preflight explain INVALID_LOGIN              an o:errorCode
  netsuite-preflight explain \"Record 'subsidiary' was not found\"
                                                        a sentence of NetSuite
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
    let style = output::style(&Destination::Stdout);
    let document = if args.all {
        let all = explain::all(handbook);
        match args.format {
            ExplainFormat::Human => {
                let cards: Vec<String> = all.iter().map(|one| explain::card(one, style)).collect();
                Ok(cards.join("\n"))
            }
            ExplainFormat::Json => json::render(&all),
            ExplainFormat::Markdown => Ok(markdown::checks(&all)),
        }
    } else if let Some(explanation) = explain::explain(&id, handbook) {
        match args.format {
            ExplainFormat::Human => Ok(explain::card(&explanation, style)),
            ExplainFormat::Json => json::render(&explanation),
            ExplainFormat::Markdown => Ok(markdown::card(&explanation)),
        }
    } else if let Some(topic) = explain::topic(&what, handbook) {
        match args.format {
            ExplainFormat::Human => Ok(explain::topic_page(&topic, style)),
            ExplainFormat::Json => json::render(&topic),
            ExplainFormat::Markdown => Ok(markdown::topic(&topic)),
        }
    } else {
        return Err(CommandError::usage(unknown(&what)));
    };
    print(&document.map_err(CommandError::internal)?, ExitCode::Ok)
}

fn unknown(what: &str) -> String {
    let shown: String = shown(what.trim()).chars().take(80).collect();
    let names = explain::topic::names();
    let near = near_names(&shown, names.iter().map(|name| name.as_ref()), 1);
    let hint = near.first().map(|known| format!("; is it `{known}`?")).unwrap_or_default();
    format!(
        "nothing is known about `{shown}`{hint}\n`netsuite-preflight list checks` and `list causes` \
         name what can be explained"
    )
}
