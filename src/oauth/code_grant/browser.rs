//! What the checks know of the browser: somebody takes a person through it.

use std::fmt;

use futures_util::future::LocalBoxFuture;

use super::{Authorized, RedirectError, SignInRecord};
use crate::types::{AccountId, Scrubber};

/// Takes a person through the sign-in in a browser.
pub trait Browser: fmt::Debug {
    /// Which integration record is used.
    fn record(&self) -> &SignInRecord;

    /// Where the redirect arrives.
    fn redirect_uri(&self) -> String;

    /// The port of it.
    fn port(&self) -> u16;

    /// Shows the address, and waits for the redirect.
    fn authorize<'a>(
        &'a self,
        account: Option<&'a AccountId>,
        scrubber: &'a Scrubber,
    ) -> LocalBoxFuture<'a, Result<Authorized, BrowserStop>>;
}

/// Why no code came back from the browser.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BrowserStop {
    /// The redirect itself.
    #[error(transparent)]
    Redirect(#[from] RedirectError),
    /// Another program listens where the redirect is to arrive.
    #[error("port {0} of this machine is in use")]
    PortTaken(u16),
    /// The port cannot be had for another reason.
    #[error("this machine cannot listen on port {port}: {reason}")]
    NoListener {
        /// Which.
        port: u16,
        /// What the system says.
        reason: String,
    },
    /// No redirect came in time.
    #[error("no sign-in came back within {seconds} seconds")]
    TimedOut {
        /// How long was waited.
        seconds: u64,
        /// Whether a browser was started.
        browser: bool,
        /// A redirect came that was not of this sign-in.
        stranger: bool,
    },
    /// Nobody can paste an address here.
    #[error("nobody is there to paste the address")]
    NoTerminal,
    /// What was pasted is no address of a redirect.
    #[error("what was pasted is not the address that the sign-in ends on")]
    NotAnAddress,
    /// A bug.
    #[error("{0}")]
    Internal(String),
}
