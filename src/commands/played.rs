//! The browser of a demonstration: the program itself goes through the authorize page of the emulated
//! account, as a person would.

use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;

use crate::cli::error::CommandError;
use crate::commands::stage::Stage;
use crate::emulator::ThreadedEmulator;
use crate::emulator::server::{Decision, VisitEnd, Visitor};
use crate::oauth::code_grant::{
    Authorization, Authorized, Browser, BrowserStop, SignInRecord, pasted,
};
use crate::sign_in::{DEFAULT_PORT, Receiver, TIME};
use crate::terminal::output::tell;
use crate::types::{AccountId, ClientId, Scrubber};

/// Plays the person in the browser.
pub struct Played {
    record: SignInRecord,
    visitor: Visitor,
    emulator: Arc<ThreadedEmulator>,
}

impl std::fmt::Debug for Played {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Played({:?})", self.visitor)
    }
}

impl Played {
    /// Before this stage.
    ///
    /// # Errors
    /// Only where the emulated account has no integration record for the sign-in: a bug.
    pub fn on(stage: &Stage) -> Result<Self, CommandError> {
        let client_id = stage.emulator.description().sign_in_client_id;
        let client_id = ClientId::new(&client_id).map_err(CommandError::internal)?;
        Ok(Self {
            record: SignInRecord { client_id, secret: None },
            visitor: stage.visitor.clone(),
            emulator: Arc::clone(&stage.emulator),
        })
    }

    fn goes_through(
        &self,
        account: Option<&AccountId>,
        scrubber: &Scrubber,
    ) -> Result<Authorized, BrowserStop> {
        let click = match self.visitor.decision {
            Decision::Allow => "Allow",
            Decision::Deny => "Deny",
        };
        tell(&format!(
            "\n  Demonstration: the program plays the person in the browser.\n  {} signs in to the \
             emulated account and presses {click}.\n\n",
            self.visitor.email
        ));
        let redirect = Receiver::Http.redirect_uri(DEFAULT_PORT);
        let request = Authorization::new(account, &self.record, redirect, scrubber)
            .map_err(|error| BrowserStop::Internal(error.to_string()))?;
        match self.emulator.visit(request.address(), &self.visitor) {
            VisitEnd::SentTo(address) => {
                let query = pasted(&address).ok_or(BrowserStop::NotAnAddress)?;
                Ok(request.read(&query, scrubber)?)
            }
            // Where NetSuite keeps the browser on a page of its own, nothing ever comes back.
            VisitEnd::Stayed(_) => Err(BrowserStop::TimedOut {
                seconds: TIME.as_secs(),
                browser: true,
                stranger: false,
            }),
        }
    }
}

impl Browser for Played {
    fn record(&self) -> &SignInRecord {
        &self.record
    }

    fn redirect_uri(&self) -> String {
        Receiver::Http.redirect_uri(DEFAULT_PORT).as_str().to_owned()
    }

    fn port(&self) -> u16 {
        DEFAULT_PORT
    }

    fn authorize<'a>(
        &'a self,
        account: Option<&'a AccountId>,
        scrubber: &'a Scrubber,
    ) -> LocalBoxFuture<'a, Result<Authorized, BrowserStop>> {
        std::future::ready(self.goes_through(account, scrubber)).boxed_local()
    }
}
