//! `explain`: what a check, a cause, an error of NetSuite, a record type or a permission means, and
//! what there is to do.

use clap::{Args, ValueEnum};

use crate::cli::error::CommandError;
use crate::report::explain::{self, Known, Unknown, brief, markdown};
use crate::report::{handbook, json};
use crate::terminal::output;
use crate::terminal::output::{Destination, note, print};
use crate::types::ExitCode;
use crate::types::shown::shown;

/// `explain`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ExplainArgs {
    /// A check or its finding, a cause, a Detail of the Login Audit Trail, an error as NetSuite gave
    /// it, a record type, a permission, an integration, or a question
    #[arg(value_name = "WHAT", required_unless_present = "all")]
    what: Vec<String>,
    /// Every check
    #[arg(long, conflicts_with = "what")]
    all: bool,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t = ExplainFormat::Human)]
    format: ExplainFormat,
    /// Everything that is known: every finding, when it shows, what proves it, all causes, sources
    #[arg(long)]
    details: bool,
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
  netsuite-preflight explain token-exchange/server-error
                                                        a finding of a check
  netsuite-preflight explain certificate-revoked        a cause
  netsuite-preflight explain MissingKey                 the Login Audit Trail's Detail
  netsuite-preflight explain '500 {\"error\":\"server_error\"}'
                                                        an answer, as it was pasted
  netsuite-preflight explain \"Record 'subsidiary' was not found\"
                                                        a sentence of NetSuite
  netsuite-preflight explain salesOrder:edit            a record type
  netsuite-preflight explain User Access Tokens         a permission
  netsuite-preflight explain sandbox refresh            a question

`netsuite-preflight list checks` and `list causes` name what there is.";

/// Runs the command.
///
/// # Errors
/// When there is nothing to explain, or it cannot be written.
pub fn run(args: &ExplainArgs) -> Result<ExitCode, CommandError> {
    let handbook = handbook();
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
    } else {
        let what = args.what.join(" ");
        let known = found(&what)?;
        match (args.format, &known) {
            (ExplainFormat::Json, known) => json::render(known),
            (ExplainFormat::Human, Known::Card(card)) if args.details => {
                Ok(explain::card(card, style))
            }
            (ExplainFormat::Human, Known::Topic(topic)) if args.details => {
                Ok(explain::topic_page(topic, style))
            }
            (ExplainFormat::Human, Known::Card(card)) => Ok(brief::card(card, style)),
            (ExplainFormat::Human, Known::Topic(topic)) => Ok(brief::topic(topic, &what, style)),
            (ExplainFormat::Markdown, Known::Card(card)) => Ok(markdown::card(card)),
            (ExplainFormat::Markdown, Known::Topic(topic)) => Ok(markdown::topic(topic)),
        }
    };
    print(&document.map_err(CommandError::internal)?, ExitCode::Ok)
}

/// What is known about it, or about the one name that was meant.
fn found(what: &str) -> Result<Known, CommandError> {
    let handbook = handbook();
    let unknown = match explain::look_up(what, handbook) {
        Ok(known) => return Ok(known),
        Err(unknown) => unknown,
    };
    let known = explain::meant(&unknown, what)
        .and_then(|name| Some((explain::look_up(&name, handbook).ok()?, name)));
    let (known, name) = known.ok_or_else(|| CommandError::usage(message(what, &unknown)))?;
    let asked: String = shown(what.trim()).chars().take(80).collect();
    note(&format!("`{asked}` is not known; this is `{name}`"));
    Ok(known)
}

fn message(what: &str, unknown: &Unknown) -> String {
    let said = match &unknown.why {
        Some(why) => why.clone(),
        None => {
            let shown: String = shown(what.trim()).chars().take(80).collect();
            format!("nothing is known about `{shown}`")
        }
    };
    let hint = match unknown.near.as_slice() {
        [] => String::new(),
        [one] => format!("; is it `{one}`?"),
        many => format!("; near to it are `{}`", many.join("`, `")),
    };
    format!(
        "{said}{hint}\n`netsuite-preflight list checks`, `list causes` and `list records` name what \
         can be explained"
    )
}
