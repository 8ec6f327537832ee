//! The command line at the edge: what is unset, what is refused, and how its mistakes are told.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};

use crate::cli::target::Environment;
use crate::types::key_text::holds_key;
use crate::types::shown::{may_be_secret, shown};

/// The words of this process after the name of a command: its options.
pub fn after_name(name: &str) -> Vec<OsString> {
    std::env::args_os().skip(1).skip_while(|word| word != name).skip(1).collect()
}

/// Malformed identifiers are for the checks to judge, whatever they are.
const IDENTIFIERS: &[&str] = &["account_id", "client_id", "certificate_id"];

/// What is written gets the name that stands here, and everybody may see the names of files.
const WRITTEN: &[&str] = &["output", "save", "save_exchanges", "output_dir", "out", "dir"];

/// A value that is a secret, or may be one. It is named by its place alone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Misplaced {
    /// The text of a key.
    #[error(
        "{place} holds the text of a key or certificate (not shown), where {} belongs. Put the \
         text into a file that only you may read, or a private key into the variable \
         NETSUITE_PRIVATE_KEY",
        belongs.as_deref().unwrap_or("another value")
    )]
    KeyText {
        /// Where it stands.
        place: String,
        /// What belongs there.
        belongs: Option<String>,
    },
    /// A long random word where a name for a file is expected.
    #[error(
        "{place} may be a secret (not shown), and would become the name of a file; give a path \
         such as reports/today.json"
    )]
    Name {
        /// Where it stands.
        place: String,
    },
}

/// The command, for which a variable that a pipeline leaves empty is one that it does not set.
#[must_use]
pub fn without_empty_variables(command: Command, environment: &dyn Environment) -> Command {
    let unset = |arg: Arg| {
        let name = arg.get_env().map(|name| name.to_string_lossy().into_owned());
        match name {
            Some(name) if environment.get(&name).is_none() => arg.env(None::<&str>),
            _ => arg,
        }
    };
    command.mut_args(unset).mut_subcommands(|inner| without_empty_variables(inner, environment))
}

/// Whether a name for a file may be a secret that was given in its place. Folders with random names
/// are usual, so a path is taken as one.
fn is_secret_name(value: &str) -> bool {
    value.contains('"') || (!value.contains(['/', '\\', '.']) && may_be_secret(value))
}

/// Refuses the text of a key in every place that takes a path, a name or a number, and what may be a
/// secret where it would become the name of a file.
///
/// # Errors
/// Names the place.
pub fn refuse_secrets(command: &Command, matches: &ArgMatches) -> Result<(), Misplaced> {
    for arg in command.get_arguments() {
        let id = arg.get_id().as_str();
        let values = matches.try_get_raw(id).ok().flatten();
        for value in values.filter(|_| !IDENTIFIERS.contains(&id)).into_iter().flatten() {
            let value = value.to_string_lossy();
            if holds_key(&value) {
                let belongs = belongs(arg);
                return Err(Misplaced::KeyText { place: place(arg, matches), belongs });
            }
            if WRITTEN.contains(&id) && is_secret_name(&value) {
                return Err(Misplaced::Name { place: place(arg, matches) });
            }
        }
    }
    match matches.subcommand() {
        Some((name, inner)) => match command.find_subcommand(name) {
            Some(command) => refuse_secrets(command, inner),
            None => Ok(()),
        },
        None => Ok(()),
    }
}

fn place(arg: &Arg, matches: &ArgMatches) -> String {
    let id = arg.get_id().as_str();
    match (arg.get_env(), arg.get_long()) {
        (Some(variable), _) if matches.value_source(id) == Some(ValueSource::EnvVariable) => {
            format!("the variable {}", variable.to_string_lossy())
        }
        (_, Some(flag)) => format!("--{flag}"),
        _ => format!("the argument {}", id.to_uppercase()),
    }
}

/// The placeholder of the help.
fn belongs(arg: &Arg) -> Option<String> {
    match arg.get_value_names() {
        Some([name, ..]) if name.as_str() == "DIR" => Some("the path of a folder".to_owned()),
        Some([name, ..]) if name.as_str().eq_ignore_ascii_case("FILE") => {
            Some("the path of a file".to_owned())
        }
        Some([name, ..]) => Some(name.as_str().to_owned()),
        _ => None,
    }
}

/// A mistake on the command line, without the values that may be secrets.
#[must_use]
pub fn told(mut error: clap::Error) -> clap::Error {
    let mut hidden = false;
    let unknown = matches!(error.kind(), ErrorKind::UnknownArgument);
    for kind in [ContextKind::InvalidValue, ContextKind::InvalidSubcommand, ContextKind::InvalidArg]
    {
        // Known flags are named with the placeholder of their value.
        if kind == ContextKind::InvalidArg && !unknown {
            continue;
        }
        let safe = match error.get(kind) {
            Some(ContextValue::String(text)) => Some((shown(text), text.clone())),
            _ => None,
        };
        if let Some((safe, given)) = safe.filter(|(safe, given)| safe != given) {
            hidden |= !given.is_empty();
            error.insert(kind, ContextValue::String(safe));
        }
    }
    if hidden {
        // A tip would repeat the value.
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(Vec::new()));
    }
    error
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::target::NoEnvironment;
    use crate::commands::cli::Cli;
    use crate::types::shown::NOT_SHOWN;

    const KEY: &str = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgAAAAAAAAAAAAAAAAAAAAAAAA";
    const SECRET: &str = "5ec2e75ec2e75ec2e75ec2e7c0ffee11c0ffee115ec2e75ec2e75ec2e75ec2e7";

    fn said(line: &[&str]) -> String {
        let command = without_empty_variables(Cli::command(), &NoEnvironment);
        let mut with_name = vec!["netsuite-preflight"];
        with_name.extend(line);
        match command.clone().try_get_matches_from(with_name) {
            Ok(matches) => refuse_secrets(&command, &matches).unwrap_err().to_string(),
            Err(error) => told(error).to_string(),
        }
    }

    #[test]
    fn mistakes_are_told_without_what_may_be_a_secret() {
        for value in [KEY, SECRET] {
            for line in [
                vec![value],
                vec!["check", value],
                vec!["check", "--timeout", value],
                vec!["check", "--format", value],
                vec!["check", "--scope", value],
                vec!["check", "--connect-to", value],
                vec!["list", value],
                vec!["report", value],
            ] {
                let said = said(&line);
                assert!(!said.contains(value) && said.contains("not shown"), "{said}");
            }
            let unknown = format!("--{value}");
            assert!(!said(&["check", &unknown]).contains(value));
        }
        assert!(said(&["check", "--format", "jsn"]).contains("'jsn'"));
        assert!(said(&["chek"]).contains("chek"));
        assert!(said(&["list", SECRET]).contains(NOT_SHOWN));
    }

    #[test]
    fn secrets_are_refused_wherever_a_path_or_name_belongs() {
        for (line, place) in [
            (vec!["check", "--private-key", KEY], "--private-key"),
            (vec!["generate", "--out", KEY], "--out"),
            (vec!["emulate", "--dir", KEY], "--dir"),
            (vec!["report", "show", KEY], "the argument FILE"),
            (vec!["explain", KEY], "WHAT"),
        ] {
            let said = said(&line);
            assert!(said.contains(place) && said.contains("not shown"), "{said}");
        }
    }
}
