//! What `-h` shows: a few examples, then the options that are used first, on one screen. `--help`
//! shows everything.

use clap::builder::StyledStr;
use clap::{Arg, Command};

/// The most examples of `-h`.
const EXAMPLES: usize = 3;

/// The examples stand before the options: what is typed is mostly one of them.
const TEMPLATE: &str = "\
{about-with-newline}
{usage-heading} {usage}

{before-help}{all-args}{after-help}";

/// What stands below the options of a command that has more to say.
const MORE: &str = "--help shows all options, more examples, and what else there is to know.";

/// The command with the help that is asked for: the whole, which is grouped and names the variables,
/// or the short one, which is one list.
#[must_use]
pub fn with_help(command: Command, short: bool) -> Command {
    if short { shortened(command, false) } else { command }
}

/// Whether these words ask for the short help.
pub fn asked(mut words: impl Iterator<Item = std::ffi::OsString>) -> bool {
    words.any(|word| word == "-h")
}

fn shortened(command: Command, inner: bool) -> Command {
    let whole = command.get_after_long_help().or(command.get_after_help());
    let whole = whole.map(StyledStr::to_string).unwrap_or_default();
    let command = match few_examples(&whole) {
        // The program itself begins with its commands.
        Some(few) if inner => {
            let hides = command.get_arguments().any(Arg::is_hide_short_help_set);
            let more = if hides || few != whole { MORE } else { "" };
            command.help_template(TEMPLATE).before_help(few).after_help(more)
        }
        _ => command,
    };
    let one_list = |arg: Arg| arg.help_heading(None::<&str>).hide_env(true);
    let command = command.disable_version_flag(inner).mut_args(one_list);
    command.mut_subcommands(|inner| shortened(inner, true))
}

/// The first examples of what is said below the options.
fn few_examples(text: &str) -> Option<String> {
    const COMMAND: &str = "  netsuite-preflight ";
    let examples = text.split("\n\n").next().filter(|first| first.starts_with("Examples:"))?;
    let mut seen = 0;
    let few = examples.lines().take_while(|line| {
        seen += usize::from(line.starts_with(COMMAND));
        seen <= EXAMPLES
    });
    Some(few.collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::commands::cli::Cli;

    /// Lines of the short help on a terminal of 80 columns.
    const SCREEN: usize = 25;
    /// The same of `check`, which has its twelve options.
    const CHECK: usize = 30;

    fn all(command: &mut Command, path: &str, found: &mut Vec<(String, String)>) {
        let path = format!("{path} {}", command.get_name());
        found.push((path.trim_start().to_owned(), command.render_help().to_string()));
        command.get_subcommands_mut().for_each(|inner| all(inner, &path, found));
    }

    #[test]
    fn short_help_fits_a_screen_and_begins_with_examples() {
        let mut tree = with_help(Cli::command(), true).term_width(80);
        tree.build();
        let mut found = Vec::new();
        all(&mut tree, "", &mut found);
        assert!(found.len() > 25, "{}", found.len());
        for (path, help) in found.iter().filter(|(path, _)| !path.contains(" help")) {
            let most = match path.as_str() {
                "netsuite-preflight" => 35,
                "netsuite-preflight check" => CHECK,
                _ => SCREEN,
            };
            let lines = help.trim_end().lines().count();
            assert!(lines <= most, "{lines} lines\n{help}");
            let examples = help.find("Examples:").or(help.find("Start here:")).unwrap();
            let options = help.find("Options:").unwrap();
            assert!(path == "netsuite-preflight" || examples < options, "{help}");
            assert!(!help.contains("[env:") && !help.contains("\n\n\n"), "{help}");
        }
    }

    #[test]
    fn long_help_is_grouped_and_names_the_variables() {
        let mut tree = with_help(Cli::command(), asked(["--help".into()].into_iter()));
        let check = tree.find_subcommand_mut("check").unwrap();
        let help = check.render_long_help().to_string();
        for words in ["\nNetwork:\n", "[env: NETSUITE_ACCOUNT_ID]", "--correct-clock", "\n  101 "] {
            assert!(help.contains(words), "{words}: {help}");
        }
    }

    #[test]
    fn only_the_first_examples_are_few() {
        let text = "Examples:\n  netsuite-preflight a\n  netsuite-preflight b \\\n      --c\n  \
                    netsuite-preflight d\n  netsuite-preflight e\n\nMore.";
        let few = few_examples(text).unwrap();
        assert!(few.ends_with("--c\n  netsuite-preflight d"), "{few}");
        assert_eq!(few_examples("Start here:"), None);
    }
}
