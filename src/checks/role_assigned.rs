//! `role-assigned`

use futures_util::FutureExt as _;

use crate::checks::ids;
use crate::checks::mapped;
use crate::checks::no_answer;
use crate::checks::session::{Decision, Session, settle};
use crate::checks::spec::{self, Run, Spec, findings};
use crate::engine::{Evidence, ReasonCode, Severity, Verdict};
use crate::probes::inside::entity::{EmployeeRow, EntityRow, employee, entity, roles};
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

async fn decide(session: Session<'_>) -> Decision {
    let context = session.context;
    let (role_id, entity_id) = (mapped::role(context)?, mapped::entity(context)?);
    let named = |verdict| mapped::entity_named(mapped::role_named(verdict, role_id), entity_id);
    let person = employee(session.way_in(), entity_id).await;
    let mut exchanges = person.exchanges;
    let person = match person.result {
        Ok(Some(person)) => person,
        Ok(None) => {
            let other = entity(session.way_in(), entity_id).await;
            exchanges.extend(other.exchanges);
            // What cannot be read of it adds nothing to what is known.
            let other = other.result.ok().flatten();
            return Ok(named(no_employee(other.as_ref(), entity_id)).http(exchanges));
        }
        Err(stop) => {
            return Ok(named(mapped::not_read(&stop, NOT_READ, "employees")).http(exchanges));
        }
    };
    let held = roles(session.way_in(), entity_id).await;
    exchanges.extend(held.exchanges);
    let (held, all) = match held.result {
        Ok(held) => held,
        Err(stop) => {
            return Ok(
                named(mapped::not_read(&stop, NOT_READ, "the roles of employees")).http(exchanges)
            );
        }
    };
    let described = role(session.way_in(), role_id).await;
    exchanges.extend(described.exchanges);
    let inactive = described.result.ok().flatten().and_then(|role| role.inactive);
    let assigned = held.contains(&role_id);
    let verdict = judge(&person, inactive, assigned, all, (role_id, entity_id));
    Ok(named(verdict).http(exchanges))
}

/// Somebody else than an employee can be the entity (OH/section_157771650112). Whether such a record is
/// inactive is read; its roles are not, because no source names a table for them.
fn no_employee(other: Option<&EntityRow>, id: i64) -> Verdict {
    let Some(EntityRow { kind, inactive }) = other else {
        let text = format!(
            "The entity {id} is no employee that can be seen; roles of customers, vendors, partners \
             and contacts are not read."
        );
        return Verdict::inconclusive(ReasonCode::Ambiguous, NO_EMPLOYEE, text);
    };
    let kind = kind.as_deref().unwrap_or("record of another kind");
    let shown = |verdict: Verdict| verdict.evidence(Evidence::new("entity_kind", kind));
    if *inactive == Some(true) {
        let text = format!("The entity {id}, a {kind}, is inactive.");
        return shown(Verdict::fail(ENTITY_INACTIVE, text));
    }
    let state = if *inactive == Some(false) { "active" } else { "perhaps active" };
    let text = format!(
        "The entity {id} is a {kind}, and {state}; only the roles of employees are read, so that its \
         role is not known."
    );
    shown(Verdict::inconclusive(ReasonCode::Ambiguous, NO_EMPLOYEE, text))
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

    #[test]
    fn who_is_no_employee_is_said_to_be_so() {
        let of = |inactive| EntityRow { kind: Some("Customer".to_owned()), inactive };
        let seen = |other: Option<EntityRow>| {
            let verdict = no_employee(other.as_ref(), 77);
            (verdict.status(), finding(&verdict), verdict.summary())
        };
        let (status, found, text) = seen(Some(of(Some(false))));
        assert_eq!((status, found), (Status::Inconclusive, "no-employee"));
        assert!(text.contains("is a Customer, and active; only the roles of employees"), "{text}");
        let (status, found, _) = seen(Some(of(Some(true))));
        assert_eq!((status, found), (Status::Fail, "entity-inactive"));
        let (status, found, text) = seen(None);
        assert_eq!((status, found), (Status::Inconclusive, "no-employee"));
        assert!(text.contains("no employee that can be seen"), "{text}");
    }
}
