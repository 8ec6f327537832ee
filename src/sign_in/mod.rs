//! The part of a person's sign-in that happens in the browser: the address, and the redirect that
//! comes back, by a port of this machine or pasted. It has no terminal of its own.

mod certificate;
mod listener;
#[cfg(test)]
mod tests;

use std::fmt;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;

use crate::oauth::code_grant::{
    Authorization, Authorized, Browser, BrowserStop, RedirectUri, SignInRecord, pasted,
};
use crate::types::{AccountId, Scrubber};
use listener::Listener;
#[cfg(test)]
pub(crate) use listener::PAGE;

/// How long a redirect is waited for.
pub const TIME: Duration = Duration::from_secs(120);

/// The port that the redirect goes to unless another one is named.
pub const DEFAULT_PORT: u16 = 8899;

/// How the redirect comes back. Which of them NetSuite takes is graded in `facts-2026-11.md` 0:
/// https is documented, http was observed, and the address can be pasted in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Receiver {
    /// `http://localhost:PORT/callback`.
    #[default]
    Http,
    /// `https://localhost:PORT/callback`, with a certificate made for this one sign-in.
    Https,
    /// The address that the browser ended on, pasted by hand. Nothing listens.
    Paste,
}

impl Receiver {
    /// The redirect URI that the integration record has to have.
    #[must_use]
    pub fn redirect_uri(self, port: u16) -> RedirectUri {
        match self {
            Self::Http => RedirectUri::localhost("http", port),
            Self::Https | Self::Paste => RedirectUri::localhost("https", port),
        }
    }
}

/// Whoever sits before the program.
pub trait Desk: fmt::Debug {
    /// Says something.
    fn tell(&self, text: &str);

    /// Opens an address in the browser; false where none can be started.
    fn open(&self, address: &str) -> bool;

    /// The next line that is typed; none where nobody is there to type.
    fn line(&self) -> LocalBoxFuture<'_, Option<String>>;
}

/// A sign-in in the browser, ready to be made.
#[derive(Debug)]
pub struct SignIn {
    /// The integration record.
    pub record: SignInRecord,
    /// How the redirect comes back.
    pub receiver: Receiver,
    /// To which port.
    pub port: u16,
    /// How long it is waited for.
    pub time: Duration,
    /// Who is there.
    pub desk: Box<dyn Desk>,
}

impl Browser for SignIn {
    fn record(&self) -> &SignInRecord {
        &self.record
    }

    fn redirect_uri(&self) -> String {
        self.receiver.redirect_uri(self.port).as_str().to_owned()
    }

    fn port(&self) -> u16 {
        self.port
    }

    fn authorize<'a>(
        &'a self,
        account: Option<&'a AccountId>,
        scrubber: &'a Scrubber,
    ) -> LocalBoxFuture<'a, Result<Authorized, BrowserStop>> {
        self.sign_in(account, scrubber).boxed_local()
    }
}

impl SignIn {
    async fn sign_in(
        &self,
        account: Option<&AccountId>,
        scrubber: &Scrubber,
    ) -> Result<Authorized, BrowserStop> {
        // Before anything is shown: a port that is taken would send the code to somebody else.
        let listener = match self.receiver {
            Receiver::Http => Some(Listener::bind(self.port, None).await?),
            Receiver::Https => Some(Listener::bind(self.port, Some(certificate::make()?)).await?),
            Receiver::Paste => None,
        };
        let redirect = self.receiver.redirect_uri(self.port);
        let request = Authorization::new(account, &self.record, redirect, scrubber)
            .map_err(|error| BrowserStop::Internal(error.to_string()))?;
        let browser = self.show(request.address(), account);
        let query = match listener {
            Some(listener) => self.listen(listener, &request, browser).await?,
            None => self.paste().await?,
        };
        Ok(request.read(&query, scrubber)?)
    }

    /// Shows the address, and opens it where a browser can be started.
    fn show(&self, address: &str, account: Option<&AccountId>) -> bool {
        let place = account.map_or_else(
            || "the account to be checked".to_owned(),
            |account| format!("account {}", account.account()),
        );
        self.desk.tell(&format!(
            "\n  Sign in to {place} in the browser, as Administrator, and press Allow:\n  \
             {address}\n"
        ));
        let browser = self.desk.open(address);
        if !browser {
            self.desk.tell("  No browser could be started here: open that address yourself.\n");
        }
        if self.receiver == Receiver::Https {
            self.desk.tell(
                "  The browser will warn of the certificate of localhost, which this program made \
                 for this sign-in: go on to the page.\n",
            );
        }
        browser
    }

    async fn listen(
        &self,
        listener: Listener,
        request: &Authorization,
        browser: bool,
    ) -> Result<String, BrowserStop> {
        let ours = request.matcher();
        let waited = listener.wait(move |query| ours.is_ours(query), self.time).await;
        waited.map_err(|stranger| BrowserStop::TimedOut {
            seconds: self.time.as_secs(),
            browser,
            stranger,
        })
    }

    async fn paste(&self) -> Result<String, BrowserStop> {
        self.desk.tell(
            "\n  After Allow the browser ends on a page that it cannot show: that is as it should \
             be.\n  Copy the whole address of that page and paste it here: ",
        );
        let line = tokio::time::timeout(self.time, self.desk.line()).await;
        let line = line.map_err(|_| BrowserStop::TimedOut {
            seconds: self.time.as_secs(),
            browser: true,
            stranger: false,
        })?;
        let line = line.ok_or(BrowserStop::NoTerminal)?;
        pasted(&line).ok_or(BrowserStop::NotAnAddress)
    }
}
