//! The options of an administrator's sign-in in the browser.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::error::CommandError;
use crate::cli::target::Environment;
use crate::credentials::input::{Origin, read_bounded, read_file};
use crate::oauth::code_grant::SignInRecord;
use crate::sign_in::{DEFAULT_PORT, Receiver};
use crate::types::{ClientId, SecretKind};

/// How an administrator signs in.
#[derive(Debug, Args, Clone)]
#[command(next_help_heading = "Sign-in of an administrator")]
pub struct SignInArgs {
    /// Let an administrator sign in, in the browser
    ///
    /// Then the account itself says why it refuses. Login Audit Trail, certificate mapping and role are read, and nothing is changed.
    /// `netsuite-preflight explain sign-in` says what it takes.
    #[arg(long)]
    pub sign_in: bool,
    /// Client ID of the integration record for the sign-in: Authorization Code Grant ticked
    #[arg(
        long,
        value_name = "ID",
        env = "NETSUITE_SIGN_IN_CLIENT_ID",
        hide_env_values = true,
        hide_short_help = true
    )]
    pub sign_in_client_id: Option<String>,
    /// File with the Client Secret of that record, where Public Client is not ticked
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub sign_in_client_secret_file: Option<PathBuf>,
    /// How the browser comes back [default: http]
    #[arg(long, value_enum, value_name = "WAY", hide_short_help = true)]
    pub sign_in_redirect: Option<RedirectWay>,
    /// Paste the address that the browser ends on; the same as --sign-in-redirect paste
    #[arg(long, hide_short_help = true)]
    pub paste: bool,
    /// Port of this machine that the browser comes back to [default: 8899]
    #[arg(long, value_name = "N", hide_short_help = true, value_parser = clap::value_parser!(u16).range(1..))]
    pub sign_in_port: Option<u16>,
}

/// Ways back from the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RedirectWay {
    /// To http://localhost:PORT/callback
    Http,
    /// To https://localhost:PORT/callback, with a certificate made for this one sign-in
    Https,
    /// To https://localhost:PORT/callback, where nothing listens: the address is pasted
    Paste,
}

/// The variable that holds the Client Secret itself.
const SECRET: &str = "NETSUITE_SIGN_IN_CLIENT_SECRET";

impl SignInArgs {
    /// The way back that was chosen.
    #[must_use]
    pub fn receiver(&self) -> Receiver {
        match self.sign_in_redirect {
            _ if self.paste => Receiver::Paste,
            None | Some(RedirectWay::Http) => Receiver::Http,
            Some(RedirectWay::Https) => Receiver::Https,
            Some(RedirectWay::Paste) => Receiver::Paste,
        }
    }

    /// The port of it.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.sign_in_port.unwrap_or(DEFAULT_PORT)
    }

    /// The integration record that a person signs in through.
    ///
    /// # Errors
    /// When it is not named, or its secret cannot be read.
    pub fn record(&self, environment: &dyn Environment) -> Result<SignInRecord, CommandError> {
        let given = self.sign_in_client_id.as_deref().map(str::trim).filter(|id| !id.is_empty());
        let Some(id) = given else {
            return Err(CommandError::usage(
                "missing: --sign-in-client-id, the Client ID of an integration record with \
                 Authorization Code Grant; `netsuite-preflight explain sign-in` says how to make \
                 one in two minutes",
            ));
        };
        let client_id = ClientId::new(id).map_err(|_| {
            CommandError::usage(
                "--sign-in-client-id is no Client ID: 64 characters of 0-9 and a-f, shown once when \
                 the integration record is saved",
            )
        })?;
        const FLAG: &str = "--sign-in-client-secret-file";
        let kind = SecretKind::ClientSecret;
        let material = match &self.sign_in_client_secret_file {
            Some(path) => Some(read_file(path, FLAG, kind).map_err(CommandError::usage)?),
            None => environment
                .get(SECRET)
                .and_then(|text| read_bounded(&*text, Origin::Environment(SECRET), kind).ok()),
        };
        let secret = material.map(|material| material.bytes);
        if secret.as_ref().is_some_and(|secret| !is_one_word(secret.expose())) {
            return Err(CommandError::usage(format!(
                "the Client Secret of the sign-in ({FLAG} or {SECRET}) is no Client Secret: one \
                 line of letters and digits"
            )));
        }
        Ok(SignInRecord { client_id, secret })
    }
}

fn is_one_word(secret: &[u8]) -> bool {
    let word = secret.trim_ascii();
    (1..=512).contains(&word.len()) && word.iter().all(u8::is_ascii_graphic)
}

#[cfg(test)]
mod tests {
    use clap::{Command, FromArgMatches as _};

    use super::*;

    struct Secret(&'static str);

    impl Environment for Secret {
        fn get(&self, name: &str) -> Option<Vec<u8>> {
            (name == SECRET && !self.0.is_empty()).then(|| self.0.as_bytes().to_vec())
        }
    }

    fn args(line: &[&str]) -> SignInArgs {
        let command = SignInArgs::augment_args(Command::new("x")).no_binary_name(true);
        SignInArgs::from_arg_matches(&command.get_matches_from(line)).unwrap()
    }

    #[test]
    fn the_way_back_and_its_port() {
        assert_eq!(args(&[]).receiver(), Receiver::Http);
        assert_eq!(args(&["--sign-in-redirect", "https"]).receiver(), Receiver::Https);
        assert_eq!(args(&["--sign-in-redirect", "http", "--paste"]).receiver(), Receiver::Paste);
        assert_eq!((args(&[]).port(), args(&["--sign-in-port=9000"]).port()), (8899, 9000));
    }

    #[test]
    fn the_record_is_a_client_id_with_or_without_a_secret() {
        let id = "0123456789abcdef".repeat(4);
        let named = ["--sign-in-client-id", &id];
        assert!(args(&named).record(&Secret("")).unwrap().secret.is_none());
        let secret = args(&named).record(&Secret("hush\n")).unwrap().secret.unwrap();
        assert_eq!(secret.expose(), b"hush\n");
        for (line, secret) in [
            (&[][..], ""),
            (&["--sign-in-client-id", "x"], ""),
            (&named, "two words"),
            (&named, "\n"),
        ] {
            assert!(args(line).record(&Secret(secret)).is_err(), "{line:?}");
        }
    }
}
