//! `explain`: what a check proves, why it matters, how to mend what it finds.

use clap::Args;

use super::options::PlainFormat;
use super::output::{Destination, note, usage_error};
use super::terminal;
use crate::checklist::catalogue;
use crate::report::{Handbook, explain};
use crate::types::ExitCode;

/// `explain`
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// Id of a check; `netsuite-preflight list checks` names them
    #[arg(value_name = "ID")]
    what: String,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t = PlainFormat::Human)]
    format: PlainFormat,
}

/// Runs the command.
#[must_use]
pub fn run(args: &ExplainArgs) -> ExitCode {
    let handbook = match Handbook::load() {
        Ok(handbook) => handbook,
        Err(error) => {
            note(&error.to_string());
            return ExitCode::Internal;
        }
    };
    // What a report prints as an entry's name serves as well as the bare id.
    let id = args.what.trim().split(':').next().unwrap_or_default().to_ascii_lowercase();
    let Some(explanation) = explain::explain(&id, &handbook) else {
        return usage_error(&unknown(&id));
    };
    let destination = Destination::Stdout;
    let document = match args.format {
        PlainFormat::Human => Ok(explain::card(&explanation, terminal::style(&destination))),
        PlainFormat::Json => explain::json(&explanation),
    };
    match document.map(|document| destination.write(&document)) {
        Ok(Ok(())) => ExitCode::Ok,
        Ok(Err(error)) => {
            note(&error.to_string());
            ExitCode::Failed
        }
        Err(error) => {
            note(&error.to_string());
            ExitCode::Internal
        }
    }
}

fn unknown(id: &str) -> String {
    let shown: String = id.chars().filter(|c| !c.is_control()).take(60).collect();
    let ids = catalogue::ALL.iter().map(|spec| spec.id.as_str());
    let nearest = ids
        .map(|known| (strsim::damerau_levenshtein(known, &shown), known))
        .min()
        .filter(|(distance, _)| *distance <= 4);
    let hint = nearest.map(|(_, known)| format!("; is it `{known}`?")).unwrap_or_default();
    format!("`{shown}` is no check{hint} `netsuite-preflight list checks` names them all")
}
