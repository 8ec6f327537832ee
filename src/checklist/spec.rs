//! What a check declares about itself.

use futures_util::future::LocalBoxFuture;

use super::context::Context;
use super::engine::{CheckId, FindingId, Phase, Verdict};
use crate::types::RecordRequest;

/// A check's declaration. One stands in each file of `checklist/checks/`.
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
    /// Every finding it can make; each has guidance in the card.
    pub findings: &'static [FindingId],
    /// The text of its card.
    pub card: &'static str,
    /// What it does.
    pub run: Run,
}

/// How a check works.
#[derive(Clone, Copy)]
pub enum Run {
    /// Decides from what was given, without a network.
    Offline(fn(&Context) -> Verdict),
    /// Asks NetSuite.
    Online(for<'a> fn(&'a Context) -> LocalBoxFuture<'a, Verdict>),
    /// Asks NetSuite once per record type and level.
    PerRecord(for<'a> fn(&'a Context, &'a RecordRequest) -> LocalBoxFuture<'a, Verdict>),
}
