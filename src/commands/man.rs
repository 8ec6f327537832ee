//! `man`: the manual page, made from the command tree.

use std::io;

use clap::{Args, Command, CommandFactory as _};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use super::cli::Cli;
use super::output::{Destination, note};
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
    man.render_version_section(&mut page)?;
    let page = String::from_utf8(page).map_err(io::Error::other)?;
    Ok(page)
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
#[must_use]
pub fn run(_: &ManArgs) -> ExitCode {
    let page = match page() {
        Ok(page) => page,
        Err(error) => {
            note(&error.to_string());
            return ExitCode::Internal;
        }
    };
    match Destination::Stdout.write(&page) {
        Ok(()) => ExitCode::Ok,
        Err(error) => {
            note(&error.to_string());
            ExitCode::Failed
        }
    }
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
    fn every_command_has_a_section() {
        let page = page().unwrap();
        for heading in ["CHECK", "\"CERTIFICATES ROTATE\"", "\"REPORT SHOW\"", "COMPLETIONS"] {
            assert!(page.contains(&format!("\n.SH {heading}\n")), "{heading}");
        }
    }
}
