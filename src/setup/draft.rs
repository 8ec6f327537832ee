//! What the walk has gathered so far.

use std::path::PathBuf;

use strum::VariantArray as _;

use super::step::Step;

/// Paths and identifiers of one target, and which steps are done. Never a secret.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// The account ID as NetSuite writes it.
    pub account_id: Option<String>,
    /// The Client ID.
    pub client_id: Option<String>,
    /// The Certificate ID.
    pub certificate_id: Option<String>,
    /// The file of the private key.
    pub private_key: Option<PathBuf>,
    /// The file of the certificate.
    pub certificate: Option<PathBuf>,
    /// Record types with levels, as `--record` takes them.
    pub records: Vec<String>,
    /// The integration's profile.
    pub profile: Option<String>,
    /// How NetSuite is reached, as far as it was said.
    pub network: Network,
    /// What a new pair is to be like, as far as it was said.
    pub pair: Pair,
    /// The steps that are done.
    pub done: Vec<Step>,
}

/// How NetSuite is reached, in the words of the options of `check`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Network {
    pub connect_to: Option<String>,
    pub ca_file: Option<PathBuf>,
    pub timeout: Option<u64>,
    pub concurrency: Option<u64>,
}

/// What a new pair is to be like, in the words of the options of `setup`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pair {
    pub dir: Option<PathBuf>,
    pub key_type: Option<String>,
}

impl Draft {
    /// The first step that is still to be done.
    #[must_use]
    pub fn open_step(&self) -> Option<Step> {
        Step::VARIANTS.iter().copied().find(|step| !self.done.contains(step))
    }

    /// Marks a step as done.
    pub fn finish(&mut self, step: Step) {
        if !self.done.contains(&step) {
            self.done.push(step);
            self.done.sort_unstable();
        }
    }
}
