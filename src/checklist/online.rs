//! What the checks that ask NetSuite have in common.

use std::sync::OnceLock;

use super::context::Context;
use super::engine::{CheckId, Evidence, NodeKey, ReasonCode, Verdict};
use super::ids;
use crate::netsuite::bearer::Bearer;
use crate::netsuite::http::Client;
use crate::netsuite::url::Hosts;
use crate::oauth::access_token::Claims;
use crate::probes::record::Stop;
use crate::probes::service::{Gate, catalog};
use crate::types::HttpExchange;

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

/// The account's hosts: those that NetSuite named, else those that follow from its ID.
pub(super) fn hosts(context: &Context) -> Result<&dyn Hosts, Box<Verdict>> {
    let account = fact(&context.facts.account_id, ids::ACCOUNT_ID)?;
    Ok(context.facts.hosts.get().map_or(account as &dyn Hosts, |named| named))
}

/// Whether REST web services let this token in. A refusal elsewhere says something only then, so
/// where `rest-service` has not shown it, they are asked once more.
pub(super) async fn admitted(
    context: &Context,
    client: &Client,
    account: &dyn Hosts,
    token: &Bearer,
) -> (bool, Vec<HttpExchange>) {
    if context.facts.offered_types.get().is_some() {
        return (true, Vec::new());
    }
    let (knock, _) = catalog(client, account, token).await;
    (knock.gate == Gate::Open, knock.exchanges)
}

/// NetSuite's own words about what stopped a probe, as evidence.
pub(super) fn with_words(verdict: Verdict, stop: &Stop) -> Verdict {
    let (said, code) = stop.said();
    let told = [("netsuite_says", said), ("error_code", code)];
    let evidence = told.into_iter().filter_map(|(key, text)| Some(Evidence::new(key, text?)));
    evidence.fold(verdict, Verdict::evidence)
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

/// What the token says of this account: in a token of another one, role and entity are left out,
/// because here their IDs are somebody else's and links would lead to them.
pub(super) fn claims_here(context: &Context, token: &Bearer) -> Claims {
    let mut claims = Claims::of(token).unwrap_or_default();
    let own = context.facts.account_id.get().map(|id| id.account());
    if claims.companies.iter().any(|company| own.as_ref().is_some_and(|own| own != company)) {
        claims.role = None;
        claims.entity = None;
    }
    claims
}

#[cfg(test)]
pub(crate) mod testing;
