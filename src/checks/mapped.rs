//! Role and entity of the integration's mapping, for the checks that read them in the account.

use crate::checks::context::Context;
use crate::checks::ids;
use crate::checks::no_answer;
use crate::checks::session::{claims_here, with_words};
use crate::engine::{Evidence, FindingId, NodeKey, ReasonCode, Verdict};
use crate::oauth::access_token::TokenClaims;
use crate::probes::certificates::Mapping;
use crate::probes::inside::is_refusal;
use crate::probes::record::Stop;

/// The role of the mapping, or of the integration's own token.
pub(super) fn role(context: &Context) -> Result<i64, Box<Verdict>> {
    of(context, |mapping| mapping.role_id, |claims| claims.role)
}

/// The entity of the mapping, or of the integration's own token.
pub(super) fn entity(context: &Context) -> Result<i64, Box<Verdict>> {
    of(context, |mapping| mapping.entity_id, |claims| claims.entity)
}

fn of(
    context: &Context,
    listed: impl FnOnce(&Mapping) -> Option<i64>,
    said: impl FnOnce(TokenClaims) -> Option<String>,
) -> Result<i64, Box<Verdict>> {
    let token = context.facts.access_token.get();
    let said = || said(claims_here(context, token?))?.parse().ok();
    let blocked = || Box::new(Verdict::blocked(vec![NodeKey::of(ids::CERTIFICATE_MAPPING)]));
    context.facts.mapping.get().and_then(listed).or_else(said).ok_or_else(blocked)
}

/// A verdict about this role.
pub(super) fn role_named(verdict: Verdict, id: i64) -> Verdict {
    let evidence = Evidence::new("mapped_role_id", id.to_string());
    verdict.evidence(evidence).param("role_id", id.to_string())
}

/// A verdict about this entity.
pub(super) fn entity_named(verdict: Verdict, id: i64) -> Verdict {
    let evidence = Evidence::new("mapped_entity_id", id.to_string());
    verdict.evidence(evidence).param("entity_id", id.to_string())
}

/// What kept a table from being read; `finding` is the check's own for a query that was not
/// understood.
pub(super) fn not_read(stop: &Stop, finding: FindingId, what: &str) -> Verdict {
    match stop {
        stop if is_refusal(stop) => {
            let text = format!("The role that was chosen for the sign-in may not read {what}.");
            with_words(Verdict::skipped(ReasonCode::NotPermitted, text), stop)
        }
        Stop::NoAnswer(no_answer) => no_answer::undecided(no_answer, what),
        stop => {
            let text = format!("The query for {what} was not understood.");
            with_words(Verdict::inconclusive(ReasonCode::Ambiguous, finding, text), stop)
        }
    }
}
