//! A page in the browser, for the commands that have one: its address, and how it is opened.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use clap::Args;

use crate::cli::error::CommandError;
use crate::cli::target::{Environment, ProcessEnvironment};
use crate::preflight;
use crate::terminal::output::{note, tell};
use crate::terminal::typed::{self, Typed};
use crate::terminal::{ask, browser};
use crate::types::shown::shown;
use crate::web::server::{address, now};
use crate::web::{Ended, Server, Session};

/// Where the page is served.
#[derive(Debug, Clone, Args)]
pub(super) struct PageArgs {
    /// Port of that page on 127.0.0.1 [default: a free one]
    #[arg(
        long,
        value_name = "PORT",
        requires = "web",
        default_value_t = 0,
        hide_default_value = true,
        hide_short_help = true
    )]
    web_port: u16,
}

/// How long Enter is waited for before the session is looked at again.
const TURN: Duration = Duration::from_secs(1);

/// A page that has its port and is not served yet.
pub(super) struct Page {
    runtime: tokio::runtime::Runtime,
    server: Server,
    pub(super) session: Arc<Session>,
}

/// Takes the port and makes the session.
///
/// # Errors
/// When the system gives no port, or no random bytes.
pub(super) fn open(args: &PageArgs) -> Result<Page, CommandError> {
    let runtime = preflight::runtime()?;
    let server = runtime.block_on(Server::bind(args.web_port)).map_err(CommandError::failed)?;
    let session = Arc::new(Session::new(now()).map_err(CommandError::internal)?);
    Ok(Page { runtime, server, session })
}

impl Page {
    /// Prints the address, opens it where a browser is, and serves the pages until they are closed.
    ///
    /// # Errors
    /// When the system takes the port away.
    pub(super) fn serve(self, pages: Router) -> Result<Ended, CommandError> {
        let Self { runtime, server, session } = self;
        let port = server.port();
        let opened = session.address().is_none_or(|secret| show(&server.address(&secret)));
        match forwarding(&ProcessEnvironment, port) {
            Some(words) => tell(&words),
            None if !opened => tell(&elsewhere(port)),
            None => {}
        }
        if ask::is_there() {
            tell("Enter gives a new address, for another browser. Ctrl-C ends.\n");
            let renewed = Arc::clone(&session);
            // Ends with the program.
            let _ = std::thread::Builder::new()
                .name("address".to_owned())
                .spawn(move || renew(&renewed, port));
        }
        let ended = runtime.block_on(server.serve(session, pages));
        runtime.shutdown_background();
        ended.map_err(CommandError::failed)
    }
}

/// Shows the address; whether a browser could be opened.
fn show(address: &str) -> bool {
    tell(&format!(
        "\n  {address}\n\nThe address works once, within two minutes; after that Enter gives a new \
         one.\n"
    ));
    let opened = browser::open(address);
    if let Err(why) = &opened {
        tell(&format!("Open it yourself: {why}.\n"));
    }
    opened.is_ok()
}

/// What to do where no browser came up and the one at hand may be on another machine.
fn elsewhere(port: u16) -> String {
    let lead = "If your browser is on another machine, run there, with the name of this one,";
    forward(lead, port, "USER@HOST")
}

/// The command that brings the port to the machine with the browser.
fn forward(lead: &str, port: u16, to: &str) -> String {
    format!("{lead}\n\n  ssh -L {port}:127.0.0.1:{port} {to}\n\nand open the address there.\n")
}

/// What to do where the browser is on another machine.
fn forwarding(environment: &dyn Environment, port: u16) -> Option<String> {
    // Client, its port, server, its port.
    let text = |name: &str| String::from_utf8(environment.get(name)?).ok();
    let connection = text("SSH_CONNECTION")?;
    let server = shown(connection.split_whitespace().nth(2)?);
    let user = text("USER").map(|user| shown(&user));
    let who = user.map_or(server.clone(), |user| format!("{user}@{server}"));
    let lead = "This is an SSH session. On the machine with the browser, run";
    Some(forward(lead, port, &who))
}

/// Gives a new address whenever Enter is pressed.
fn renew(session: &Session, port: u16) {
    while !session.was_ended() {
        match typed::line_within(TURN) {
            Typed::Line(_) => match session.renew(now()) {
                Ok(secret) => {
                    show(&address(port, &secret));
                }
                Err(error) => note(&error.to_string()),
            },
            Typed::Nothing => {}
            Typed::Gone => return,
        }
    }
}

#[cfg(test)]
mod validated;

#[cfg(test)]
mod tests {
    use super::*;

    struct Variables(&'static [(&'static str, &'static str)]);

    impl Environment for Variables {
        fn get(&self, name: &str) -> Option<Vec<u8>> {
            let found = self.0.iter().find(|(own, _)| *own == name)?;
            Some(found.1.as_bytes().to_vec())
        }
    }

    #[test]
    fn over_ssh_it_says_how_to_forward_the_port() {
        assert_eq!(forwarding(&Variables(&[("USER", "ada")]), 4123), None);
        let far =
            Variables(&[("SSH_CONNECTION", "198.51.100.7 50022 192.0.2.5 22"), ("USER", "ada")]);
        let words = forwarding(&far, 4123).unwrap();
        assert!(words.contains("\n  ssh -L 4123:127.0.0.1:4123 ada@192.0.2.5\n"), "{words}");
        let words = elsewhere(4123);
        assert!(words.contains("\n  ssh -L 4123:127.0.0.1:4123 USER@HOST\n"), "{words}");
    }
}
