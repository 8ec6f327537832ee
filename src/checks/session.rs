//! What the checks that ask NetSuite have in common.

use std::sync::OnceLock;

use jiff::{SignedDuration, Timestamp};

use super::context::Context;
use super::ids;
use crate::engine::{CheckId, Evidence, NodeKey, ReasonCode, Verdict};
use crate::netsuite::Bearer;
use crate::netsuite::http::Client;
use crate::netsuite::url::Hosts;
use crate::oauth::access_token::TokenClaims;
use crate::probes::inside::Inside;
use crate::probes::inside::trail::Attempt;
use crate::probes::reach::http_date;
use crate::probes::record::Stop;
use crate::probes::service::{ServiceAccess, catalog};
use crate::types::{HttpExchange, Scope};

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

/// What a check works with that asks the account's services with the token of this run.
#[derive(Clone, Copy)]
pub struct Session<'a> {
    /// What was given and established.
    pub context: &'a Context,
    /// The way to NetSuite.
    pub client: &'a Client,
    /// The account's hosts.
    pub hosts: &'a dyn Hosts,
    /// The token.
    pub token: &'a Bearer,
}

impl<'a> Session<'a> {
    /// The session of a run, or the verdict that stands before it.
    pub(super) fn of(context: &'a Context) -> Result<Self, Box<Verdict>> {
        let token = fact(&context.facts.access_token, ids::TOKEN_EXCHANGE)?;
        let (hosts, client) = (hosts(context)?, client(context)?);
        // A token for other services only is refused by these whatever the role may do.
        if !context.inputs.scopes_to_ask().contains(&Scope::RestWebservices) {
            let text = "The scope rest_webservices was not asked for.";
            return Err(Box::new(Verdict::skipped(ReasonCode::NotApplicable, text)));
        }
        Ok(Self { context, client, hosts, token })
    }

    /// The session of the administrator who signed in, or the verdict that stands before it.
    pub(super) fn inside(context: &'a Context) -> Result<Self, Box<Verdict>> {
        let (hosts, client) = (hosts(context)?, client(context)?);
        let token = &fact(&context.facts.signed_in, ids::SIGN_IN)?.token;
        Ok(Self { context, client, hosts, token })
    }

    /// The same for the questions that only an administrator may ask.
    pub(super) fn way_in(self) -> Inside<'a> {
        Inside { client: self.client, hosts: self.hosts, token: self.token }
    }

    /// Whether REST web services let the token in. A refusal elsewhere says something only then, so
    /// where `rest-service` has not shown it, they are asked once more.
    pub(super) async fn admitted(self) -> (bool, Vec<HttpExchange>) {
        if self.context.facts.offered_types.get().is_some() {
            return (true, Vec::new());
        }
        let (service, _) = catalog(self.client, self.hosts, self.token).await;
        (service.access == ServiceAccess::Open, service.exchanges)
    }

    /// Whether the token says of itself that its time is over.
    pub(super) fn token_expired(self) -> bool {
        let expires = TokenClaims::of(self.token).and_then(|claims| claims.expires);
        expires.is_some_and(|expires| expires <= self.context.clock.now())
    }

    /// What the token says of this account.
    pub(super) fn claims(self) -> TokenClaims {
        claims_here(self.context, self.token)
    }
}

/// NetSuite's own words about what stopped a probe, as evidence.
pub(super) fn with_words(verdict: Verdict, stop: &Stop) -> Verdict {
    let (said, code) = stop.said();
    let told = [("netsuite_says", said), ("error_code", code)];
    let evidence = told.into_iter().filter_map(|(key, text)| Some(Evidence::new(key, text?)));
    evidence.map(|one| one.source(NETSUITES_WORDS)).fold(verdict, Verdict::evidence)
}

/// The source of words that NetSuite gave, wherever they are shown.
pub(super) const NETSUITES_WORDS: &str = "NetSuite's own words";

/// The text with a capital letter first.
pub(super) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// What the token says of this account: in a token of another one, role and entity are left out,
/// because here their IDs are somebody else's and links would lead to them.
pub(super) fn claims_here(context: &Context, token: &Bearer) -> TokenClaims {
    let mut claims = TokenClaims::of(token).unwrap_or_default();
    let own = context.facts.account_id.get().map(|id| id.account());
    if claims.companies.iter().any(|company| own.as_ref().is_some_and(|own| own != company)) {
        claims.role = None;
        claims.entity = None;
    }
    claims
}

/// An exchange as the Login Audit Trail may have noted it.
pub(super) fn attempt_of(context: &Context, sent: Timestamp, exchange: &HttpExchange) -> Attempt {
    let took = i64::try_from(exchange.duration_ms).unwrap_or(i64::MAX);
    let answered = exchange.server_date.as_deref().and_then(http_date);
    let ahead = context.facts.skew.get().copied().unwrap_or_default();
    Attempt::new(sent, SignedDuration::from_millis(took), answered, ahead)
}
