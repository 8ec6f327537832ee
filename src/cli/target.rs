//! The options that name an account and its credentials, the same wherever a target is needed.

use std::io;
use std::path::PathBuf;

use clap::Args;

use crate::checks::context::Inputs;
use crate::credentials::input::{
    Given, InputError, Material, Origin, is_stdin, read_bounded, read_file,
};
use crate::types::SecretKind;

/// Account and credentials.
#[derive(Debug, Args, Clone)]
#[command(next_help_heading = "Target")]
pub struct TargetArgs {
    /// Account ID, such as 1234567 or 1234567_SB1
    ///
    /// Any spelling will do, also the address of a page of the account. Setup > Company > Company
    /// Information shows it. Example: --account-id 1234567_SB1
    #[arg(long, value_name = "ID", env = "NETSUITE_ACCOUNT_ID", hide_env_values = true)]
    pub account_id: Option<String>,
    /// Client ID of the integration record
    ///
    /// Also called Consumer Key. NetSuite shows it once, when the record is saved.
    #[arg(long, value_name = "ID", env = "NETSUITE_CLIENT_ID", hide_env_values = true)]
    pub client_id: Option<String>,
    /// File with the Client Secret; only looked at to find mix-ups, the exchange never uses it
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub client_secret_file: Option<PathBuf>,
    /// Certificate ID, from the M2M setup page
    ///
    /// Setup > Integration > Manage Authentication > OAuth 2.0 Client Credentials (M2M) Setup shows
    /// it. Example: --certificate-id NPMnv5q6...
    #[arg(
        long,
        value_name = "ID",
        env = "NETSUITE_CERTIFICATE_ID",
        hide_env_values = true,
        allow_hyphen_values = true
    )]
    pub certificate_id: Option<String>,
    /// Private key file, or - for standard input
    ///
    /// Example: --private-key keys/private-key.pem
    #[arg(long, value_name = "FILE", env = "NETSUITE_PRIVATE_KEY_FILE", hide_env_values = true)]
    pub private_key: Option<PathBuf>,
    /// File with the passphrase of the private key
    ///
    /// On a terminal the passphrase is asked for where it is needed. Example:
    /// --passphrase-file passphrase.txt
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub passphrase_file: Option<PathBuf>,
    /// The certificate, as it is uploaded to NetSuite
    ///
    /// With it far more can be proved. Example: --certificate keys/certificate.pem
    #[arg(long, value_name = "FILE", env = "NETSUITE_CERTIFICATE_FILE", hide_env_values = true)]
    pub certificate: Option<PathBuf>,
    /// The role as an exported SDF object, to prove its permissions offline
    ///
    /// Example: --role-file customrole_survey.xml
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub role_file: Option<PathBuf>,
}

/// What stands in the environment besides the variables that clap reads.
pub trait Environment {
    /// The value of a variable, where it is set and not empty.
    fn get(&self, name: &str) -> Option<Vec<u8>>;
}

/// No variables at all.
#[derive(Debug, Clone, Copy)]
pub struct NoEnvironment;

impl Environment for NoEnvironment {
    fn get(&self, _: &str) -> Option<Vec<u8>> {
        None
    }
}

/// The environment of this process.
#[derive(Debug, Clone, Copy)]
pub struct ProcessEnvironment;

impl Environment for ProcessEnvironment {
    fn get(&self, name: &str) -> Option<Vec<u8>> {
        std::env::var_os(name)
            .map(std::ffi::OsString::into_encoded_bytes)
            .filter(|value| !value.is_empty())
    }
}

impl TargetArgs {
    /// Reads the files and variables; parses nothing yet.
    ///
    /// # Errors
    /// When a file cannot be read or standard input is asked for twice.
    pub fn read(&self, environment: &dyn Environment) -> Result<Inputs, InputError> {
        let given = |value: &Option<String>, flag| {
            // A variable that a pipeline leaves empty is one that it does not set.
            let value = value.as_ref().filter(|value| !value.is_empty());
            value.map(|value| Given { value: value.clone(), origin: Origin::Flag(flag) })
        };
        let secret = |file: &Option<PathBuf>, flag, variable: &'static str, kind| match file {
            Some(path) => read_file(path, flag, kind).map(Some),
            None => Ok(from_environment(environment, variable, kind)),
        };
        Ok(Inputs {
            account_id: given(&self.account_id, "--account-id"),
            client_id: given(&self.client_id, "--client-id"),
            client_secret: secret(
                &self.client_secret_file,
                "--client-secret-file",
                "NETSUITE_CLIENT_SECRET",
                SecretKind::ClientSecret,
            )?,
            certificate_id: given(&self.certificate_id, "--certificate-id"),
            private_key: self.read_private_key(environment)?,
            passphrase: secret(
                &self.passphrase_file,
                "--passphrase-file",
                "NETSUITE_PRIVATE_KEY_PASSPHRASE",
                SecretKind::Passphrase,
            )?,
            certificate: match &self.certificate {
                Some(path) => Some(read_file(path, "--certificate", SecretKind::PrivateKey)?),
                None => None,
            },
            // No secret by right, but people do hand over a key where another file belongs.
            role_file: match &self.role_file {
                Some(path) => Some(read_file(path, "--role-file", SecretKind::PrivateKey)?),
                None => None,
            },
            ..Inputs::default()
        })
    }

    fn read_private_key(
        &self,
        environment: &dyn Environment,
    ) -> Result<Option<Material>, InputError> {
        const FLAG: &str = "--private-key";
        let kind = SecretKind::PrivateKey;
        match &self.private_key {
            Some(path) if is_stdin(path) => {
                let material = read_bounded(io::stdin().lock(), Origin::Stdin, kind);
                let unreadable =
                    |source| InputError::Unreadable { path: path.clone(), source, flag: FLAG };
                material.map(Some).map_err(unreadable)
            }
            Some(path) => read_file(path, FLAG, kind).map(Some),
            None => Ok(from_environment(environment, "NETSUITE_PRIVATE_KEY", kind)),
        }
    }
}

fn from_environment(
    environment: &dyn Environment,
    variable: &'static str,
    kind: SecretKind,
) -> Option<Material> {
    let bytes = environment.get(variable)?;
    read_bounded(bytes.as_slice(), Origin::Environment(variable), kind).ok()
}
