//! Ctrl-C and a terminal that closes: the terminal is left as it was found, nothing half written stays behind, and the person
//! is told how to go on.

use std::io::{self, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::terminal::signals::on_signal;
use crate::types::ExitCode;

/// Held while something is written that must be whole or not there at all.
#[derive(Debug, Clone, Default)]
pub(super) struct Busy(Arc<Mutex<()>>);

impl Busy {
    /// Lets Ctrl-C wait until the guard is dropped.
    pub(super) fn hold(&self) -> MutexGuard<'_, ()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends the program with these words when it is asked to end.
pub(super) fn watch(words: impl Fn() -> String + Send + 'static) -> io::Result<Busy> {
    let busy = Busy::default();
    let shared = busy.clone();
    let terminal = Terminal::remember();
    on_signal(move || {
        let _whole = shared.hold();
        terminal.restore();
        let _ = writeln!(anstream::stderr(), "\n{}", words());
        std::process::exit(i32::from(ExitCode::Failed.code()));
    })?;
    Ok(busy)
}

/// The settings of the terminal: a question for a secret switches its echo off.
struct Terminal {
    #[cfg(unix)]
    before: Option<rustix::termios::Termios>,
}

impl Terminal {
    #[cfg(unix)]
    fn remember() -> Self {
        Self { before: rustix::termios::tcgetattr(io::stdin()).ok() }
    }

    #[cfg(unix)]
    fn restore(&self) {
        if let Some(before) = &self.before {
            let now = rustix::termios::OptionalActions::Now;
            let _ = rustix::termios::tcsetattr(io::stdin(), now, before);
        }
    }

    #[cfg(not(unix))]
    fn remember() -> Self {
        Self {}
    }

    #[cfg(not(unix))]
    fn restore(&self) {}
}
