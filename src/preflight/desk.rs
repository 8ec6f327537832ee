//! Whoever sits at the terminal while somebody signs in in the browser.

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use tokio::sync::oneshot;

use crate::cli::error::CommandError;
use crate::cli::sign_in::SignInArgs;
use crate::cli::target::Environment;
use crate::oauth::code_grant::Browser;
use crate::sign_in::{Desk, SignIn, TIME};
use crate::terminal::browser;
use crate::terminal::output::tell;
use crate::terminal::typed;

/// The terminal and the browser of this machine.
#[derive(Debug)]
struct ThisMachine;

impl Desk for ThisMachine {
    fn tell(&self, text: &str) {
        tell(text);
    }

    fn open(&self, address: &str) -> bool {
        browser::open(address).is_ok()
    }

    fn line(&self) -> LocalBoxFuture<'_, Option<String>> {
        let (sender, receiver) = oneshot::channel();
        std::thread::spawn(move || {
            // Nobody waits any more when the time is over.
            let _ = sender.send(typed::line());
        });
        receiver.map(|line| line.ok().flatten()).boxed_local()
    }
}

/// The sign-in that was asked for, ready to be made; none where none was.
///
/// # Errors
/// When its integration record is not named or cannot be read.
pub fn sign_in(
    args: &SignInArgs,
    environment: &dyn Environment,
) -> Result<Option<Box<dyn Browser>>, CommandError> {
    sign_in_at(args, environment, this_machine)
}

/// The terminal and the browser of this machine.
#[must_use]
pub fn this_machine() -> Box<dyn Desk> {
    Box::new(ThisMachine)
}

/// The same with somebody else before the program.
///
/// # Errors
/// As [`sign_in`].
pub fn sign_in_at(
    args: &SignInArgs,
    environment: &dyn Environment,
    desk: impl FnOnce() -> Box<dyn Desk>,
) -> Result<Option<Box<dyn Browser>>, CommandError> {
    if !args.sign_in {
        return Ok(None);
    }
    Ok(Some(Box::new(SignIn {
        record: args.record(environment)?,
        receiver: args.receiver(),
        port: args.port(),
        time: TIME,
        desk: desk(),
    })))
}
