//! `role-permissions`

use futures_util::FutureExt as _;

use super::role_definition::{lines_shown, listed, plan};
use crate::checks::context::Context;
use crate::checks::ids;
use crate::checks::mapped;
use crate::checks::no_answer;
use crate::checks::session::{Decision, Session, settle};
use crate::checks::spec::{self, Run, Spec, findings};
use crate::engine::{Evidence, Severity, Verdict};
use crate::netsuite::catalogue::catalogue;
use crate::netsuite::role::plan::LOGIN;
use crate::netsuite::role::{Danger, Extra, Judged, PermissionState, RoleComparison, Strength};
use crate::probes::inside::MOST_ROWS;
use crate::probes::inside::role::{RolePermissions, RoleRow, permissions, role};

findings! {
    NO_ROLE = "no-such-role",
    INACTIVE = "role-inactive",
    NO_LOGIN = "no-login-permission",
    TWIN = "tba-twin",
    MISSING = "missing",
    TOO_LOW = "too-low",
    ADVISED = "advised-missing",
    DANGEROUS = "more-than-needed",
    ADMINISTRATOR = "administrator-role",
    TOO_MANY = "too-many-rows",
    NOT_READ = "not-read",
}

/// The internal ID of the role Administrator. Source: `record-api.md` 6.
const ADMINISTRATOR_ID: i64 = 3;

const SOURCE: &str = "the table rolepermissions";

/// The declaration of `role-permissions`.
pub const SPEC: Spec = Spec {
    id: ids::ROLE_PERMISSIONS,
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
    let id = mapped::role(context)?;
    let named = |verdict| mapped::role_named(verdict, id);
    let described = role(session.way_in(), id).await;
    let mut exchanges = described.exchanges;
    let row = match described.result {
        Ok(Some(row)) => row,
        Ok(None) => {
            let text = format!("The account has no role with the ID {id}, or it is out of sight.");
            return Ok(named(Verdict::fail(NO_ROLE, text)).http(exchanges));
        }
        Err(stop) => return Ok(named(mapped::not_read(&stop, NOT_READ, "roles")).http(exchanges)),
    };
    if id == ADMINISTRATOR_ID {
        let text = "The mapping is of the role Administrator (role ID 3), which may do everything.";
        return Ok(named(Verdict::warn(ADMINISTRATOR, text)).http(exchanges));
    }
    let read = permissions(session.way_in(), id).await;
    exchanges.extend(read.exchanges);
    let verdict = match read.result {
        Ok(held) => judge(context, id, &row, &held),
        Err(stop) => mapped::not_read(&stop, NOT_READ, "the permissions of roles"),
    };
    Ok(named(verdict).http(exchanges))
}

fn judge(context: &Context, id: i64, row: &RoleRow, held: &RolePermissions) -> Verdict {
    let plan = plan(context);
    let comparison = RoleComparison::new(&plan, &held.definition, catalogue());
    let all = comparison.lines.len();
    let plain = format!(
        "The role with the ID {id} has all {all} permissions of the plan at the level needed or \
         above, by the account itself."
    );
    let mut verdict = Verdict::pass(plain);
    if row.inactive == Some(true) {
        verdict = verdict.note(Severity::Fail, INACTIVE, "The role of the mapping is inactive.");
    }
    // What was not read may be there.
    let gone = if held.more { Severity::Open } else { Severity::Fail };
    if held.more && comparison.broken().next().is_some() {
        let text = format!("The role has more than {MOST_ROWS} permissions; not all were read.");
        verdict = verdict.note(Severity::Open, TOO_MANY, text);
    }
    let broken = |wanted: fn(&Judged<'_>) -> bool| -> Vec<&Judged<'_>> {
        comparison.broken().filter(|judged| wanted(judged)).collect()
    };
    let login = |judged: &Judged<'_>| judged.line.permission.id == LOGIN;
    if !broken(|judged| judged.state == PermissionState::Twin).is_empty() {
        let text = "The role has Log in using Access Tokens, of token-based authentication, where \
                    Log in using OAuth 2.0 Access Tokens is needed.";
        verdict = verdict.note(gone, TWIN, text);
    }
    let no_login =
        comparison.broken().any(|judged| login(judged) && judged.state == PermissionState::Missing);
    if no_login {
        let text = "The role lacks Log in using OAuth 2.0 Access Tokens.";
        verdict = verdict.note(gone, NO_LOGIN, text);
    }
    let missing = broken(|judged| {
        judged.line.permission.id != LOGIN && judged.state == PermissionState::Missing
    });
    if !missing.is_empty() {
        let text = format!("The role lacks {}.", listed(&missing));
        verdict = verdict.note(gone, MISSING, text).param("missing", listed(&missing));
    }
    let low = broken(|judged| matches!(judged.state, PermissionState::TooLow(_)));
    if !low.is_empty() {
        let text = format!("At too low a level the role has {}.", listed(&low));
        verdict = verdict.note(Severity::Fail, TOO_LOW, text).param("too_low", listed(&low));
    }
    let advised: Vec<_> = comparison.unmet(Strength::Advised).collect();
    if !advised.is_empty() && !held.more {
        let text = format!("The role lacks {}, which some uses need.", listed(&advised));
        verdict = verdict.note(Severity::Warn, ADVISED, text).param("advised", listed(&advised));
    }
    let dangerous: Vec<&Extra> =
        comparison.extra.iter().filter(|extra| extra.danger != Danger::Note).collect();
    if !dangerous.is_empty() {
        let names: Vec<String> = dangerous.iter().map(|extra| in_words(extra)).collect();
        let text =
            format!("The role may do more than the integration needs: {}.", names.join(", "));
        verdict =
            verdict.note(Severity::Warn, DANGEROUS, text).param("beyond_plan", names.join(", "));
    }
    for extra in &comparison.extra {
        let expected = extra.planned.map_or("not in the role", |level| level.label());
        let evidence = Evidence::new("beyond_plan", in_words(extra)).expected(expected);
        verdict = verdict.evidence(evidence.source(SOURCE));
    }
    lines_shown(verdict, &comparison, SOURCE)
}

fn in_words(extra: &Extra) -> String {
    format!("{} at {}", extra.name.as_deref().unwrap_or(&extra.id), extra.level.label())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::checks::context::Inputs;
    use crate::checks::testing::inside::{inside_with, question, tables};
    use crate::checks::testing::online::{outcome, verdict};
    use crate::engine::{ReasonCode, Status};
    use crate::netsuite::double::{Behaviour, Double};
    use crate::probes::certificates::Mapping;

    fn mapping(role: i64) -> Mapping {
        Mapping {
            certificate_id: "x".to_owned(),
            revoked: Some(false),
            valid_from: None,
            valid_until: None,
            role: None,
            entity: None,
            role_id: Some(role),
            entity_id: Some(2207),
            algorithm: None,
        }
    }

    fn held(lines: &[(&str, u8)]) -> Value {
        lines
            .iter()
            .map(|(key, level)| {
                json!({"name": "x", "permkey": key, "permlevel": level.to_string(),
                    "restriction": "-1", "role": "1042"})
            })
            .collect()
    }

    const ALL: [(&str, u8); 4] = [
        ("ADMI_LOGIN_OAUTH2", 4),
        ("ADMI_RESTWEBSERVICES", 4),
        ("REPO_ANALYTICS", 3),
        ("LIST_CUSTJOB", 3),
    ];

    fn changed(key: &str, to: Option<(&'static str, u8)>) -> Value {
        let lines = ALL.iter().filter(|(own, _)| *own != key).copied().chain(to);
        held(&lines.collect::<Vec<_>>())
    }

    async fn asked(role: Value, permissions: Value, id: i64) -> Verdict {
        let rows = [("role", role), ("rolepermissions", permissions)];
        let double = Double::serving(move |request| tables(&rows, request));
        let records = vec!["customer:edit".parse().unwrap()];
        let context = inside_with(double.client(), Inputs { records, ..Inputs::default() });
        context.facts.mapping.set(mapping(id)).unwrap();
        let verdict = verdict(&SPEC, &context).await;
        for seen in double.seen() {
            let asked = question(&seen);
            assert!(asked.ends_with(&format!(" = {id}")), "{asked}");
        }
        verdict
    }

    fn active() -> Value {
        json!([{"id": "1042", "name": "Survey role", "isinactive": "F"}])
    }

    fn findings(verdict: &Verdict) -> Vec<&'static str> {
        verdict.notes_by_gravity().iter().map(|note| note.finding.as_str()).collect()
    }

    #[tokio::test]
    async fn the_plan_is_held_against_the_account() {
        let whole = asked(active(), held(&ALL), 1042).await;
        assert!(!findings(&whole).contains(&"missing"), "{}", whole.summary());
        assert!(matches!(whole.status(), Status::Pass | Status::Warn), "{}", whole.summary());
        for (permissions, finding) in [
            (changed("LIST_CUSTJOB", None), "missing"),
            (changed("LIST_CUSTJOB", Some(("LIST_CUSTJOB", 1))), "too-low"),
            (changed("ADMI_LOGIN_OAUTH2", None), "no-login-permission"),
            (changed("ADMI_LOGIN_OAUTH2", Some(("ADMI_LOGIN_OAUTH", 4))), "tba-twin"),
        ] {
            let verdict = asked(active(), permissions, 1042).await;
            assert_eq!(outcome(&verdict), (Status::Fail, finding), "{}", verdict.summary());
        }
        let more = changed("", Some(("ADMI_SETUPACCESS", 4)));
        let verdict = asked(active(), more, 1042).await;
        let beyond = verdict.facts().iter().any(|fact| fact.key == "beyond_plan");
        assert!(beyond && verdict.status() != Status::Fail, "{}", verdict.summary());
    }

    #[tokio::test]
    async fn a_role_that_is_inactive_unknown_or_administrator() {
        let inactive = json!([{"id": "1042", "isinactive": "T"}]);
        let verdict = asked(inactive, held(&ALL), 1042).await;
        assert!(findings(&verdict).contains(&"role-inactive"));
        let verdict = asked(json!([]), held(&ALL), 1042).await;
        assert_eq!(outcome(&verdict), (Status::Fail, "no-such-role"));
        let verdict = asked(active(), held(&[]), 3).await;
        assert_eq!(outcome(&verdict), (Status::Warn, "administrator-role"));
    }

    #[tokio::test]
    async fn what_was_not_read_is_not_missing() {
        let double = Double::serving(|request| {
            if question(request).contains("rolepermissions") {
                let body = json!({"hasMore": true, "items": held(&[("ADMI_LOGIN_OAUTH2", 4)])});
                return Behaviour::json(200, body.to_string());
            }
            tables(&[("role", active())], request)
        });
        let context = inside_with(double.client(), Inputs::default());
        context.facts.mapping.set(mapping(1042)).unwrap();
        let seen = verdict(&SPEC, &context).await;
        assert_eq!(seen.status(), Status::Inconclusive, "{}", seen.summary());
        let double = Double::serving(|request| tables(&[("role", active())], request));
        let context = inside_with(double.client(), Inputs::default());
        context.facts.mapping.set(mapping(1042)).unwrap();
        let seen = verdict(&SPEC, &context).await;
        assert_eq!(seen.reason().map(|reason| reason.code), Some(ReasonCode::NotPermitted));
    }
}
