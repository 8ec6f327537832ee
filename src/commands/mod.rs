//! The commands: from the command line to an exit code.

mod certificates;
mod check;
pub mod cli;
mod completions;
mod demo;
mod emulate;
mod explain;
pub(crate) mod generate;
mod list;
mod man;
mod page;
mod played;
mod repair;
mod report;
pub(crate) mod role;
mod setup;
pub mod stage;

use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _};

use crate::cli::error::CommandError;
use crate::cli::{short_help, target, usage};
use crate::terminal::{core_dumps, output};
use crate::types::ExitCode as Code;
use crate::types::key_text::holds_key;
use cli::{Cli, Command};

/// Runs the program.
#[must_use]
pub fn run() -> ExitCode {
    core_dumps::off();
    quiet_panics();
    command().unwrap_or_else(|error| {
        output::note(&error.to_string());
        error.exit_code().into()
    })
}

fn command() -> Result<ExitCode, CommandError> {
    let environment = &target::ProcessEnvironment;
    let short = short_help::asked(std::env::args_os().skip(1));
    let command = short_help::with_help(Cli::command(), short);
    let command = usage::without_empty_variables(command, environment);
    let matches = match command.clone().try_get_matches() {
        Ok(matches) => matches,
        Err(error) => return no_command(error).map(Into::into),
    };
    usage::refuse_secrets(&command, &matches).map_err(CommandError::usage)?;
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => return no_command(error).map(Into::into),
    };
    let code = match cli.command {
        Command::Check(args) => check::run(&args),
        Command::Certificates(args) => certificates::run(*args),
        Command::Generate(args) => generate::run(&args),
        Command::Demo(args) => demo::run(&args),
        // Its code may be that of another program.
        Command::Emulate(args) => return emulate::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::List(args) => list::run(&args),
        Command::Setup(args) => setup::run(&args),
        Command::Role(args) => role::run(&args),
        Command::Repair(args) => repair::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
    };
    code.map(Into::into)
}

/// Help and version arrive as errors too; clap knows which stream is right.
fn no_command(error: clap::Error) -> Result<Code, CommandError> {
    if !error.use_stderr() {
        return match error.print() {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                Err(CommandError::failed(output::WriteError::Stdout(error)))
            }
            _ => Ok(Code::Ok),
        };
    }
    let error = usage::told(error);
    if holds_key(&error.to_string()) {
        return Err(CommandError::usage(
            "the command line holds a key or certificate (not shown); flags take the path of a \
             file",
        ));
    }
    output::tell(&error.render().ansi().to_string());
    Ok(Code::Usage)
}

/// A panic's own text could quote what was being worked on; its place in the code cannot.
fn quiet_panics() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        output::note(&format!("internal error at {place}; please report it"));
    }));
}
