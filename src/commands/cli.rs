//! The command tree.

use clap::{Parser, Subcommand};

use crate::cli::check::CheckArgs;
use crate::commands::certificates::CertificatesArgs;
use crate::commands::completions::CompletionsArgs;
use crate::commands::demo::DemoArgs;
use crate::commands::emulate::EmulateArgs;
use crate::commands::explain::ExplainArgs;
use crate::commands::generate::GenerateArgs;
use crate::commands::list::ListArgs;
use crate::commands::man::ManArgs;
use crate::commands::repair::RepairArgs;
use crate::commands::report::ReportCommand;
use crate::commands::role::RoleArgs;
use crate::commands::setup::SetupArgs;

/// Set up, check and diagnose NetSuite OAuth 2.0 machine-to-machine access
#[derive(Debug, Parser)]
#[command(version, about, long_about = LONG, max_term_width = 100, after_help = AFTER)]
#[command(propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const LONG: &str = "\
Set up, check and diagnose NetSuite OAuth 2.0 machine-to-machine access (client credentials \
with a certificate).

Six things must be right at once: features, key and certificate, integration record, role and \
permissions, certificate mapping, account ID. This program makes the key pair, and checks everything \
that can be checked offline. Then it tries the token exchange, reads each record type the \
integration needs, and says what to fix and where to click. It never changes data in NetSuite; only \
`certificates` changes something there, and only which certificates are registered.";

const AFTER: &str = "\
Start here:
  netsuite-preflight demo                  see a whole report first
  netsuite-preflight setup                 walk through the whole set-up
  netsuite-preflight generate --out keys   make private key and certificate
  netsuite-preflight check --offline ...   check files and identifiers
  netsuite-preflight check ...             check everything against your account

Exit codes of check:
  0 nothing failed   1 something failed   2 wrong usage, nothing was checked
  3 inconclusive     4 warnings and --fail-on warn";

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the checklist against an account, or offline against files
    Check(Box<CheckArgs>),
    /// Walk through the whole set-up, step by step, and check it
    Setup(Box<SetupArgs>),
    /// Make a private key and a certificate that NetSuite accepts
    Generate(Box<GenerateArgs>),
    /// Write the key or certificate of a damaged file as a clean file
    ///
    /// Wrapped ones too: JSON, .env, base64, mails, bundles. FILE stays as it is.
    Repair(RepairArgs),
    /// List, upload, revoke and renew the registered certificates
    Certificates(Box<CertificatesArgs>),
    /// Run the checklist against an emulated account; you need none
    Demo(DemoArgs),
    /// Serve an emulated account, for tests of other programs
    Emulate(EmulateArgs),
    /// Explain a check, a cause or an error, and how to fix it
    Explain(ExplainArgs),
    /// List checks, causes, record types, profiles or scenarios
    List(ListArgs),
    /// Say what the integration's role needs, or compare one
    Role(RoleArgs),
    /// Show, verify and compare reports that check wrote
    Report(ReportCommand),
    /// Print the completion of the command line for a shell
    Completions(CompletionsArgs),
    /// Print the manual page
    Man(ManArgs),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_tree_is_sound() {
        Cli::command().debug_assert();
    }

    /// Every command with the words that call it.
    fn tree(command: &clap::Command, path: &str) -> Vec<(String, clap::Command)> {
        let mut found = vec![(path.to_owned(), command.clone())];
        for inner in command.get_subcommands() {
            found.extend(tree(inner, &format!("{path} {}", inner.get_name())));
        }
        found
    }

    #[test]
    fn help_shows_no_value_of_the_environment() {
        let mut seen = 0;
        for (path, command) in tree(&Cli::command(), "netsuite-preflight") {
            for arg in command.get_arguments().filter(|arg| arg.get_env().is_some()) {
                seen += 1;
                assert!(arg.is_hide_env_values_set(), "{path} {}", arg.get_id());
            }
        }
        assert!(seen > 6, "{seen} variables seen");
    }

    #[test]
    fn the_help_of_every_command_has_an_example() {
        for (path, command) in tree(&Cli::command(), "netsuite-preflight") {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains(&format!("  {path} ")), "`{path} --help` shows no example");
        }
    }

    /// As in `checks/`, where tests/suite/words.rs counts.
    const LONGEST: usize = 30;

    #[test]
    fn no_sentence_of_the_help_is_long() {
        let long = |text: &str| -> Vec<String> {
            // Examples are no sentences.
            let prose = text.split("\n\n").filter(|part| !part.starts_with("Examples:"));
            // What is set in is a list.
            let prose = prose.flat_map(|part| part.split("\n  "));
            let mut sentences: Vec<String> = Vec::new();
            for part in prose {
                let mut open = false;
                for piece in part.split_inclusive(['.', '!', '?']) {
                    // A dot within a word ends nothing: the next piece begins without a space.
                    match sentences.last_mut().filter(|_| open && !piece.starts_with([' ', '\n'])) {
                        Some(last) => last.push_str(piece),
                        None => sentences.push(piece.to_owned()),
                    }
                    open = true;
                }
            }
            sentences.retain(|one| one.split_whitespace().count() > LONGEST);
            sentences
        };
        let mut seen = 0;
        for (path, command) in tree(&Cli::command(), "netsuite-preflight") {
            let about = command.get_long_about().or(command.get_about());
            let after = command.get_after_long_help().or(command.get_after_help());
            let args = command.get_arguments().map(|arg| arg.get_long_help().or(arg.get_help()));
            for text in args.chain([about, after]).flatten() {
                seen += 1;
                let long = long(&text.to_string());
                assert!(long.is_empty(), "{path}: {long:?}");
            }
        }
        assert!(seen > 250, "{seen}");
        let words = "word ".repeat(LONGEST);
        assert_eq!(long(&format!("See a.toml. {words}word. {words}")).len(), 1);
    }
}
