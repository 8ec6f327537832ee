//! `role-assigned`

use futures_util::FutureExt as _;

use super::role_permissions::{mapped_role, not_read};
use crate::checks::context::Context;
use crate::checks::ids;
use crate::checks::no_answer;
use crate::checks::session::{Decision, Session, claims_here, settle};
use crate::checks::spec::{self, Run, Spec, findings};
use crate::engine::{Evidence, NodeKey, ReasonCode, Severity, Verdict};
use crate::probes::inside::entity::{EmployeeRow, employee, roles};
use crate::probes::inside::role::role;

findings! {
    NOT_ASSIGNED = "not-assigned",
    ENTITY_INACTIVE = "entity-inactive",
    NO_ACCESS = "no-access",
    ROLE_INACTIVE = "role-inactive",
    NO_EMPLOYEE = "no-employee",
    UNDECIDED = "not-all-read",
    NOT_READ = "not-read",
}

/// The declaration of `role-assigned`.
pub const SPEC: Spec = Spec {
    id: ids::ROLE_ASSIGNED,
    phase: spec::ACCOUNT,
    needs: &[ids::SIGN_IN],
    after: &[ids::CERTIFICATE_MAPPING],
    findings: &[FINDINGS, no_answer::FINDINGS],
    run: Run::Inside(|session| run(session).boxed_local()),
};

async fn run(session: Session<'_>) -> Verdict {
    settle(decide(session).await)
}

/// The entity of the mapping, or of the integration's own token.
fn mapped_entity(context: &Context) -> Result<i64, Box<Verdict>> {
    let listed = context.facts.mapping.get().and_then(|mapping| mapping.entity_id);
    let token = context.facts.access_token.get();
    let said = || claims_here(context, token?).entity?.parse().ok();
    let blocked = || Box::new(Verdict::blocked(vec![NodeKey::of(ids::CERTIFICATE_MAPPING)]));
    listed.or_else(said).ok_or_else(blocked)
}

async fn decide(session: Session<'_>) -> Decision {
    let context = session.context;
    let (role_id, entity_id) = (mapped_role(context)?, mapped_entity(context)?);
    let named = |verdict: Verdict| {
        verdict
            .evidence(Evidence::new("mapped_role_id", role_id.to_string()))
            .evidence(Evidence::new("mapped_entity_id", entity_id.to_string()))
            .param("role_id", role_id.to_string())
            .param("entity_id", entity_id.to_string())
    };
    let person = employee(session.way_in(), entity_id).await;
    let mut exchanges = person.exchanges;
    let person = match person.result {
        Ok(Some(person)) => person,
        Ok(None) => {
            let text = format!(
                "The entity {entity_id} is no employee that can be seen; roles of customers, \
                 vendors, partners and contacts are not read."
            );
            let open = Verdict::inconclusive(ReasonCode::Ambiguous, NO_EMPLOYEE, text);
            return Ok(named(open).http(exchanges));
        }
        Err(stop) => return Ok(named(not_read(&stop, "employees")).http(exchanges)),
    };
    let held = roles(session.way_in(), entity_id).await;
    exchanges.extend(held.exchanges);
    let (held, all) = match held.result {
        Ok(held) => held,
        Err(stop) => return Ok(named(not_read(&stop, "the roles of employees")).http(exchanges)),
    };
    let described = role(session.way_in(), role_id).await;
    exchanges.extend(described.exchanges);
    let inactive = described.result.ok().flatten().and_then(|role| role.inactive);
    let assigned = held.contains(&role_id);
    let verdict = judge(&person, inactive, assigned, all, (role_id, entity_id));
    Ok(named(verdict).http(exchanges))
}

fn judge(
    person: &EmployeeRow,
    role_inactive: Option<bool>,
    assigned: bool,
    all: bool,
    (role, entity): (i64, i64),
) -> Verdict {
    let mut verdict = Verdict::pass(format!(
        "The entity {entity} has the role with the ID {role}, and both are active."
    ));
    if person.inactive == Some(true) {
        let text = format!("The entity {entity} is inactive.");
        verdict = verdict.note(Severity::Fail, ENTITY_INACTIVE, text);
    }
    if person.access == Some(false) {
        let text = format!("The entity {entity} has no access: Give Access is not ticked.");
        verdict = verdict.note(Severity::Fail, NO_ACCESS, text);
    }
    if role_inactive == Some(true) {
        let text = format!("The role with the ID {role} is inactive.");
        verdict = verdict.note(Severity::Fail, ROLE_INACTIVE, text);
    }
    if !assigned && all {
        let text = format!("The role with the ID {role} is none of the roles of entity {entity}.");
        verdict = verdict.note(Severity::Fail, NOT_ASSIGNED, text);
    }
    let unknown = person.inactive.is_none() || role_inactive.is_none() || (!assigned && !all);
    if unknown {
        let text = "Not all that decides it could be read.";
        verdict = verdict.note(Severity::Open, UNDECIDED, text);
    }
    let word = |ticked: Option<bool>| match ticked {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not stated",
    };
    verdict
        .evidence(Evidence::new("entity_inactive", word(person.inactive)).expected("no"))
        .evidence(Evidence::new("entity_access", word(person.access)).expected("yes"))
        .evidence(Evidence::new("role_inactive", word(role_inactive)).expected("no"))
        .evidence(
            Evidence::new("role_assigned", if assigned { "yes" } else { "no" }).expected("yes"),
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::online::finding;
    use crate::engine::Status;

    fn seen(
        (inactive, access): (Option<bool>, Option<bool>),
        role_inactive: Option<bool>,
        assigned: bool,
        all: bool,
    ) -> (Status, &'static str) {
        let person = EmployeeRow { inactive, access };
        let verdict = judge(&person, role_inactive, assigned, all, (1042, 2207));
        (verdict.status(), finding(&verdict))
    }

    #[test]
    fn each_thing_that_keeps_a_mapping_from_signing_in() {
        let fine = (Some(false), Some(true));
        let no = Some(false);
        assert_eq!(seen(fine, no, true, true), (Status::Pass, ""));
        assert_eq!(seen(fine, no, false, true), (Status::Fail, "not-assigned"));
        assert_eq!(
            seen((Some(true), Some(true)), no, true, true),
            (Status::Fail, "entity-inactive")
        );
        assert_eq!(seen((no, no), no, true, true), (Status::Fail, "no-access"));
        assert_eq!(seen(fine, Some(true), true, true), (Status::Fail, "role-inactive"));
        // What was not read is not held against anybody.
        assert_eq!(seen(fine, no, false, false), (Status::Inconclusive, "not-all-read"));
        assert_eq!(seen(fine, None, true, true), (Status::Inconclusive, "not-all-read"));
        assert_eq!(seen((None, None), no, true, true), (Status::Inconclusive, "not-all-read"));
    }
}
