//! `account-id`

use crate::checklist::context::Context;
use crate::checklist::engine::{Evidence, FindingId, ReasonCode, Verdict};
use crate::checklist::ids;
use crate::checklist::spec::{Run, Spec};
use crate::types::AccountId;
use crate::types::account_id::Service;

const MALFORMED: FindingId = FindingId::new("malformed");

/// The declaration of `account-id`.
pub const SPEC: Spec = Spec {
    id: ids::ACCOUNT_ID,
    phase: ids::CREDENTIALS,
    needs: &[],
    after: &[],
    findings: &[MALFORMED],
    card: include_str!("../../../checks/account-id.toml"),
    run: Run::Offline(run),
};

fn run(context: &Context) -> Verdict {
    let Some(given) = &context.inputs.account_id else {
        return Verdict::skipped(ReasonCode::NotProvided, "No account ID was given.");
    };
    let (base, suffix) = match given.value.split_once(['_', '-']) {
        Some((base, suffix)) => (base, Some(suffix)),
        None => (given.value.as_str(), None),
    };
    match AccountId::from_parts(base, suffix) {
        Ok(id) => {
            let verdict = Verdict::pass(format!("{} ({})", id.account(), id.kind().as_str()))
                .evidence(Evidence::new("account", id.account()).source(given.origin.to_string()))
                .evidence(Evidence::new("host", id.host(Service::SuiteTalk)));
            let _ = context.facts.account_id.set(id);
            verdict
        }
        Err(error) => Verdict::fail(MALFORMED, format!("This is no account ID: {error}.")),
    }
}
