//! The commands: from the command line to an exit code.

pub mod certificates;
pub mod check;
pub mod check_all;
pub mod ci;
pub mod cli;
pub mod completions;
pub mod configured;
pub mod core_dumps;
pub mod demo;
pub mod emulate;
pub mod exchanges;
pub mod explain;
pub mod generate;
pub mod left_over;
pub mod list;
pub mod man;
pub mod options;
pub mod output;
pub mod passphrase;
pub mod profiles;
pub mod progress;
pub mod render;
pub mod report;
pub mod role;
pub mod session;
pub mod setup;
pub mod signals;
pub mod sink;
pub mod stage;
pub mod target;
pub mod terminal;
pub mod usage;

use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _};

use crate::types::ExitCode as Code;
use crate::types::key_text::holds_key;
use cli::{Cli, Command};

/// Runs the program.
#[must_use]
pub fn run() -> ExitCode {
    core_dumps::off();
    quiet_panics();
    let cli = match parsed() {
        Ok(cli) => cli,
        Err(code) => return code.into(),
    };
    let code = match cli.command {
        Command::Check(args) => check::run(&args),
        Command::Certificates(args) => certificates::run(*args),
        Command::Generate(args) => generate::run(&args),
        Command::Demo(args) => demo::run(&args),
        Command::Emulate(args) => emulate::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::List(args) => list::run(&args),
        Command::Setup(args) => setup::run(&args),
        Command::Role(args) => role::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
    };
    code.into()
}

/// The command line of this process. Help and version arrive as errors too; clap knows which
/// stream and code is right.
fn parsed() -> Result<Cli, Code> {
    let environment = &target::ProcessEnvironment;
    let command = usage::without_empty_variables(Cli::command(), environment);
    let refused = |error: clap::Error| {
        if !error.use_stderr() {
            return match error.print() {
                Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                    output::note(&output::WriteError::Stdout(error).to_string());
                    Code::Failed
                }
                _ => Code::Ok,
            };
        }
        let error = usage::told(error);
        if holds_key(&error.to_string()) {
            return output::usage_error(
                "the command line holds a key or certificate (not shown); flags take the path of \
                 a file",
            );
        }
        output::tell(&error.render().ansi().to_string());
        Code::Usage
    };
    let matches = command.clone().try_get_matches().map_err(refused)?;
    usage::refuse_keys(&command, &matches)
        .map_err(|error| output::usage_error(&error.to_string()))?;
    Cli::from_arg_matches(&matches).map_err(refused)
}

/// The one-threaded runtime of the program.
///
/// # Errors
/// When the system gives no resources for it.
fn runtime() -> Result<tokio::runtime::Runtime, session::Internal> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(session::Internal::of)
}

/// A panic's own text could quote what was being worked on; its place in the code cannot.
fn quiet_panics() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        output::note(&format!("internal error at {place}; please report it"));
    }));
}
