//! `man`: the manual page, made from the command tree.

use std::collections::BTreeMap;
use std::io;

use clap::{Args, Command, CommandFactory as _};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use crate::cli::error::CommandError;
use crate::commands::cli::Cli;
use crate::terminal::output::print;
use crate::types::ExitCode;

/// `man`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ManArgs {}

const EXAMPLES: &str = "\
Examples:
  netsuite-preflight man > ~/.local/share/man/man1/netsuite-preflight.1
  netsuite-preflight man | man -l -                      read it at once";

/// The whole manual: the program, then each command in a section of its own.
///
/// # Errors
/// Never, for memory.
pub fn page() -> io::Result<String> {
    let mut root = Cli::command();
    root.build();
    let mut page = Vec::new();
    // No date: the page says the same on every day it is made.
    let man = Man::new(root.clone()).date("").manual("netsuite-preflight manual");
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    notes(&root, &mut page)?;
    for command in leaves(&root) {
        section(command, &mut page)?;
    }
    environment(&root, &mut page)?;
    man.render_version_section(&mut page)?;
    Ok(plain(&String::from_utf8(page).map_err(io::Error::other)?))
}

/// Each section brings the preamble of roff again, which once is enough; and what is no ASCII is
/// written as roff's own escape, which every version of it understands.
fn plain(page: &str) -> String {
    let mut out = String::new();
    for (number, line) in page.lines().enumerate() {
        let preamble = line.starts_with(".ie \\n(.g .ds Aq") || line.starts_with(".el .ds Aq");
        if preamble && number > 1 {
            continue;
        }
        for c in line.chars() {
            if c.is_ascii() {
                out.push(c);
            } else {
                out.push_str(&format!("\\[u{:04X}]", u32::from(c)));
            }
        }
        out.push('\n');
    }
    out
}

/// Which variables stand for which option; never what they hold.
fn environment(root: &Command, page: &mut Vec<u8>) -> io::Result<()> {
    let mut known = BTreeMap::new();
    for command in leaves(root) {
        for arg in command.get_arguments() {
            if let (Some(variable), Some(long)) = (arg.get_env(), arg.get_long()) {
                known.insert(variable.to_string_lossy().into_owned(), long.to_owned());
            }
        }
    }
    let mut roff = Roff::new();
    roff.control("SH", ["ENVIRONMENT"]);
    for (variable, long) in known {
        roff.control("TP", []);
        roff.text([bold(variable)]);
        roff.text([roman("Stands for "), bold(format!("--{long}")), roman(".")]);
    }
    roff.to_writer(page)
}

/// The commands that do something, in the order of the help.
fn leaves(command: &Command) -> Vec<&Command> {
    let mut found = Vec::new();
    for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
        if inner.has_subcommands() {
            found.extend(leaves(inner));
        } else {
            found.push(inner);
        }
    }
    found
}

fn section(command: &Command, page: &mut Vec<u8>) -> io::Result<()> {
    let name = command.get_display_name().unwrap_or(command.get_name()).replace('-', " ");
    let name = name.trim_start_matches("netsuite preflight").trim().to_uppercase();
    Roff::new().control("SH", [name.as_str()]).to_writer(page)?;
    let man = Man::new(command.clone());
    let mut inner = Vec::new();
    man.render_description_section(&mut inner)?;
    man.render_synopsis_section(&mut inner)?;
    man.render_options_section(&mut inner)?;
    let inner = String::from_utf8(inner).map_err(io::Error::other)?;
    for line in inner.lines() {
        // The headings of a page of its own are headings of the second rank here, and what follows
        // the name of the command needs none.
        if line != ".SH DESCRIPTION" {
            page.extend(line.replacen(".SH ", ".SS ", 1).bytes());
            page.push(b'\n');
        }
    }
    notes(command, page)
}

/// What follows the options in the help, as it stands there.
fn notes(command: &Command, page: &mut Vec<u8>) -> io::Result<()> {
    let Some(text) = command.get_after_long_help().or(command.get_after_help()) else {
        return Ok(());
    };
    let mut roff = Roff::new();
    roff.control("SS", ["NOTES"]).control("nf", []);
    for line in text.to_string().lines() {
        roff.text([roman(line)]);
    }
    roff.control("fi", []);
    roff.to_writer(page)
}

/// Runs the command.
///
/// # Errors
/// When the page cannot be written.
pub fn run(_: &ManArgs) -> Result<ExitCode, CommandError> {
    print(&page().map_err(CommandError::internal)?, ExitCode::Ok)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_in_docs_is_the_programs() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/netsuite-preflight.1");
        let page = page().unwrap();
        if std::env::var_os("UPDATE_DOCS").is_some_and(|value| value == "1") {
            std::fs::write(path, &page).unwrap();
        }
        let found = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            found == page,
            "{path} is not up to date; UPDATE_DOCS=1 cargo test --lib man:: writes it"
        );
    }

    #[test]
    fn variables_are_named_and_signs_escaped() {
        let page = page().unwrap();
        assert!(page.is_ascii());
        for variable in ["NETSUITE_ACCOUNT_ID", "NETSUITE_PRIVATE_KEY_FILE"] {
            assert!(page.contains(&format!("\\fB{variable}\\fR")), "{variable}");
        }
        assert_eq!(plain("a\u{2026}b"), "a\\[u2026]b\n");
        assert_eq!(page.matches(".ds Aq").count(), 2, "one preamble");
    }

    #[test]
    fn every_command_has_a_section() {
        let page = page().unwrap();
        for heading in ["CHECK", "\"CERTIFICATES ROTATE\"", "\"REPORT SHOW\"", "COMPLETIONS"] {
            assert!(page.contains(&format!("\n.SH {heading}\n")), "{heading}");
        }
    }
}
