//! What a check declares about itself.

use futures_util::future::LocalBoxFuture;

use super::context::Context;
use super::session::Session;
use crate::engine::{CheckId, FindingId, Phase, Verdict};
use crate::types::RecordRequest;

/// Keys, certificate and identifiers: no network.
pub const CREDENTIALS: Phase = Phase::new("credentials");
/// The way to NetSuite.
pub const NETWORK: Phase = Phase::new("network");
/// The token exchange.
pub const TOKEN: Phase = Phase::new("token");
/// REST web services as such.
pub const SERVICE: Phase = Phase::new("service");
/// Record by record.
pub const RECORDS: Phase = Phase::new("records");
/// Certificates that NetSuite knows.
pub const CERTIFICATES: Phase = Phase::new("certificates");
/// The account as its administrator sees it.
pub const ACCOUNT: Phase = Phase::new("account");

/// A check's declaration. One stands in each file of `checks/`.
#[derive(Clone, Copy)]
pub struct Spec {
    /// Its id.
    pub id: CheckId,
    /// Its phase.
    pub phase: Phase,
    /// Checks without whose success it makes no sense.
    pub needs: &'static [CheckId],
    /// Checks that must be decided first, whatever they decide.
    pub after: &'static [CheckId],
    /// Every finding it can make, in groups; each has guidance in the card or is shared.
    pub findings: &'static [&'static [FindingId]],
    /// What it does.
    pub run: Run,
}

impl Spec {
    /// Every finding it can make.
    pub fn findings(&self) -> impl Iterator<Item = FindingId> {
        self.findings.iter().copied().flatten().copied()
    }

    /// Whether it can make this finding.
    #[must_use]
    pub fn can_find(&self, finding: &str) -> bool {
        self.findings().any(|own| own.as_str() == finding)
    }
}

/// Names the findings of a check: each becomes a constant, and `FINDINGS` holds all.
macro_rules! findings {
    ($($name:ident = $id:literal),+ $(,)?) => {
        $(pub(super) const $name: $crate::engine::FindingId =
            $crate::engine::FindingId::new($id);)+
        /// All of them, in the order in which guidance is listed.
        pub(super) const FINDINGS: &[$crate::engine::FindingId] = &[$($name),+];
    };
}
pub(crate) use findings;

/// How a check works.
#[derive(Clone, Copy)]
pub enum Run {
    /// Decides from what was given, without a network.
    Offline(fn(&Context) -> Verdict),
    /// Asks NetSuite.
    Online(for<'a> fn(&'a Context) -> LocalBoxFuture<'a, Verdict>),
    /// Asks the account's services with the token of this run.
    WithToken(for<'a> fn(Session<'a>) -> LocalBoxFuture<'a, Verdict>),
    /// Asks the account with the token of the administrator who signed in.
    Inside(for<'a> fn(Session<'a>) -> LocalBoxFuture<'a, Verdict>),
    /// As `WithToken`, once per record type and level.
    PerRecord(for<'a> fn(Session<'a>, &'a RecordRequest) -> LocalBoxFuture<'a, Verdict>),
}
