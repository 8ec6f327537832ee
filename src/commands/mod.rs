//! The commands: from the command line to an exit code.

pub mod certificates;
pub mod check;
pub mod check_all;
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
pub mod stage;
pub mod target;
pub mod terminal;

use std::process::ExitCode;

use clap::Parser as _;

use crate::types::ExitCode as Code;
use cli::{Cli, Command};

/// Runs the program.
#[must_use]
pub fn run() -> ExitCode {
    core_dumps::off();
    quiet_panics();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        // Help and version arrive as errors too; clap knows which stream and code is right.
        Err(error) => {
            let (code, shows_key) = if error.use_stderr() {
                (Code::Usage, error.to_string().contains("-----BEGIN"))
            } else {
                (Code::Ok, false)
            };
            if shows_key {
                output::note(
                    "the command line holds a key or certificate; flags take the path of a file",
                );
            } else if let Err(error) = error.print()
                && code == Code::Ok
                && error.kind() != std::io::ErrorKind::BrokenPipe
            {
                output::note(&output::WriteError::Stdout(error).to_string());
                return Code::Failed.into();
            }
            return code.into();
        }
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
