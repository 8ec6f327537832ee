//! What the checks that ask NetSuite have in common.

use std::sync::OnceLock;

use super::context::Context;
use super::engine::{CheckId, NodeKey, ReasonCode, Verdict};
use crate::netsuite::bearer::Bearer;
use crate::netsuite::http::Client;
use crate::oauth::access_token::Claims;

/// A verdict, or the verdict that stands before it could be reached.
pub(super) type Decision = Result<Verdict, Box<Verdict>>;

/// The verdict of a decision, early or not.
pub(super) fn settle(decision: Decision) -> Verdict {
    decision.unwrap_or_else(|early| *early)
}

/// The way to NetSuite.
pub(super) fn client(context: &Context) -> Result<&Client, Box<Verdict>> {
    let offline = || {
        let summary = "Not checked: this run uses no network.";
        Box::new(Verdict::skipped(ReasonCode::Offline, summary))
    };
    context.client.as_ref().ok_or_else(offline)
}

/// A fact, or the verdict that the check which should have established it blocks this one.
pub(super) fn fact<T>(fact: &OnceLock<T>, set_by: CheckId) -> Result<&T, Box<Verdict>> {
    fact.get().ok_or_else(|| Box::new(Verdict::blocked(vec![NodeKey::of(set_by)])))
}

/// The text with a capital letter first.
pub(super) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Whether the token says of itself that its time is over.
pub(super) fn token_expired(context: &Context, token: &Bearer) -> bool {
    let expires = Claims::of(token).and_then(|claims| claims.expires);
    expires.is_some_and(|expires| expires <= context.clock.now())
}

#[cfg(test)]
pub(crate) mod testing;
