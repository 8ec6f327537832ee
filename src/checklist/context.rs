//! What a run was given, and what its checks have established so far.

use std::sync::OnceLock;

use crate::credentials::PrivateKey;
use crate::credentials::input::{Given, Material};
use crate::types::{
    AccountId, Algorithm, CertificateId, ClientId, Clock, RecordRequest, Scope, Scrubber,
};

/// Everything a user can give a run. Nothing is parsed yet: wrong forms are findings, not errors.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// The account ID in any spelling.
    pub account_id: Option<Given<String>>,
    /// The Client ID of the integration record.
    pub client_id: Option<Given<String>>,
    /// The Client Secret; only looked at to find swaps.
    pub client_secret: Option<Material>,
    /// The Certificate ID of the mapping.
    pub certificate_id: Option<Given<String>>,
    /// The private key.
    pub private_key: Option<Material>,
    /// The passphrase of the private key.
    pub passphrase: Option<Material>,
    /// The certificate.
    pub certificate: Option<Material>,
    /// Record types and levels, in the order asked.
    pub records: Vec<RecordRequest>,
    /// Scopes to ask for; `rest_webservices` unless stated.
    pub scopes: Vec<Scope>,
    /// The signing algorithm, where it is not to follow from the key.
    pub algorithm: Option<Algorithm>,
    /// Whether an empty list is good enough.
    pub accept_empty: bool,
}

/// What checks have established. Each fact is set once, by the check named.
#[derive(Debug, Default)]
pub struct Facts {
    /// Set by `account-id`.
    pub account_id: OnceLock<AccountId>,
    /// Set by `client-id`.
    pub client_id: OnceLock<ClientId>,
    /// Set by `certificate-id`.
    pub certificate_id: OnceLock<CertificateId>,
    /// Set by `private-key`.
    pub private_key: OnceLock<PrivateKey>,
}

/// What the checks work with.
#[derive(Debug)]
pub struct Context {
    /// What the user gave.
    pub inputs: Inputs,
    /// What was established.
    pub facts: Facts,
    /// The time.
    pub clock: Clock,
    /// Learns every secret that comes up.
    pub scrubber: Scrubber,
}

impl Context {
    /// A context for a run over `inputs`.
    #[must_use]
    pub fn new(inputs: Inputs, clock: Clock, scrubber: Scrubber) -> Self {
        let given = [&inputs.private_key, &inputs.passphrase, &inputs.client_secret];
        for material in given.into_iter().flatten() {
            scrubber.learn(&material.bytes);
        }
        Self { inputs, facts: Facts::default(), clock, scrubber }
    }
}
