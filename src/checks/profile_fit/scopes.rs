//! The scopes of the run against those of the profile.

use super::{Comparison, SCOPE_BEYOND, SCOPE_MISSING, listed};
use crate::checks::context::Context;
use crate::types::Scope;

pub(super) fn compare(seen: &mut Comparison<'_>, context: &Context) {
    let wanted = &seen.profile.scopes;
    if wanted.is_empty() {
        return;
    }
    let asked = context.inputs.scopes_to_ask();
    let beside = |these: &[Scope], those: &[Scope]| -> Vec<&'static str> {
        these.iter().filter(|scope| !those.contains(scope)).map(|scope| scope.as_str()).collect()
    };
    let (missing, beyond) = (beside(wanted, asked), beside(asked, wanted));
    let all = wanted.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(",");
    let name = &seen.profile.name;
    let texts = [
        (SCOPE_MISSING, "asks for", "which this run leaves out", missing),
        (SCOPE_BEYOND, "does not ask for", "which this run asks for", beyond),
    ];
    let found: Vec<_> = texts
        .into_iter()
        .filter(|(.., scopes)| !scopes.is_empty())
        .map(|(finding, does, here, scopes)| {
            (finding, format!("{name} {does} {}, {here}.", listed(&scopes)))
        })
        .collect();
    for (finding, text) in found {
        seen.look(finding, text);
    }
    seen.params.push(("scopes", all));
}
