//! A model of a NetSuite account behind real TLS.
//!
//! It shares value types with the product, and none of its decoders, signers or checks, so that a
//! mistake on one side does not hide behind the same mistake on the other.

pub mod faults;
pub mod log;
pub mod model;
pub mod scenario;
pub mod server;
pub mod signin;
pub mod switches;
#[cfg(test)]
pub(crate) mod tests;
pub mod tls;

use std::net::SocketAddr;
use std::path::Path;

use model::Account;
pub use server::{Emulator, StartError, ThreadedEmulator};
pub use switches::SWITCHES;

// How to point a client at a running emulator.

/// What a client needs to know. Nothing in it is secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The address to dial for every NetSuite host name.
    pub address: SocketAddr,
    /// Account ID.
    pub account_id: String,
    /// Client ID of the integration record that set-ups use.
    pub client_id: String,
    /// Certificate IDs of that record that are neither revoked nor expired.
    pub certificate_ids: Vec<String>,
    /// Client ID of the integration record that administrators sign in with.
    pub sign_in_client_id: String,
}

impl Emulator {
    /// Describes the emulator as it is now.
    #[must_use]
    pub fn description(&self) -> Endpoint {
        let account = self.account();
        let now = self.now();
        let client_id = |name: &str| {
            account.integrations.get(name).map(|own| own.client_id.clone()).unwrap_or_default()
        };
        Endpoint {
            address: self.addr(),
            account_id: account.id.account(),
            client_id: client_id(Account::INTEGRATION),
            sign_in_client_id: client_id(Account::SIGN_IN),
            certificate_ids: account
                .certificates
                .iter()
                .filter(|mapping| mapping.integration == Account::INTEGRATION)
                .filter(|mapping| mapping.usable(now))
                .map(|mapping| mapping.certificate.id())
                .collect(),
        }
    }
}

impl Endpoint {
    /// The options of `check` that reach the emulator, where the CA was written to `ca_file`. The
    /// private key is the caller's and not among them.
    #[must_use]
    pub fn arguments(&self, ca_file: &Path) -> Vec<(&'static str, String)> {
        let mut arguments = vec![
            ("--connect-to", self.address.to_string()),
            ("--ca-file", ca_file.display().to_string()),
            ("--account-id", self.account_id.clone()),
            ("--client-id", self.client_id.clone()),
        ];
        if let Some(id) = self.certificate_ids.first() {
            arguments.push(("--certificate-id", id.clone()));
        }
        arguments
    }
}
