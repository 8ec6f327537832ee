//! `completions`: what a shell needs to complete the command line.

use clap::{Args, CommandFactory as _, ValueEnum};
use clap_complete::Shell;

use crate::cli::error::CommandError;
use crate::commands::cli::Cli;
use crate::terminal::output::print;
use crate::types::ExitCode;

/// `completions`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CompletionsArgs {
    /// Which shell
    #[arg(value_enum)]
    shell: ShellName,
}

const EXAMPLES: &str = "\
Examples:
  netsuite-preflight completions bash > ~/.local/share/bash-completion/completions/netsuite-preflight
  netsuite-preflight completions zsh > ~/.zfunc/_netsuite-preflight     where ~/.zfunc is in fpath
  netsuite-preflight completions fish > ~/.config/fish/completions/netsuite-preflight.fish
  netsuite-preflight completions powershell >> $PROFILE
  netsuite-preflight completions elvish >> ~/.config/elvish/rc.elv";

/// The shells that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ShellName {
    /// Bash
    Bash,
    /// Zsh
    Zsh,
    /// Fish
    Fish,
    /// PowerShell
    Powershell,
    /// Elvish
    Elvish,
}

/// The script for a shell.
#[must_use]
pub fn script(shell: ShellName) -> String {
    let shell = match shell {
        ShellName::Bash => Shell::Bash,
        ShellName::Zsh => Shell::Zsh,
        ShellName::Fish => Shell::Fish,
        ShellName::Powershell => Shell::PowerShell,
        ShellName::Elvish => Shell::Elvish,
    };
    let mut command = Cli::command();
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, name, &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// Runs the command.
///
/// # Errors
/// When the script cannot be written.
pub fn run(args: &CompletionsArgs) -> Result<ExitCode, CommandError> {
    print(&script(args.shell), ExitCode::Ok)
}
