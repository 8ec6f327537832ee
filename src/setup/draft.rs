//! What the walk has gathered so far.

use std::path::PathBuf;

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
    /// The steps that are done.
    pub done: Vec<Step>,
}

impl Draft {
    /// The first step that is still to be done.
    #[must_use]
    pub fn open_step(&self) -> Option<Step> {
        Step::ALL.into_iter().find(|step| !self.done.contains(step))
    }

    /// Marks a step as done.
    pub fn finish(&mut self, step: Step) {
        if !self.done.contains(&step) {
            self.done.push(step);
            self.done.sort_unstable();
        }
    }
}
