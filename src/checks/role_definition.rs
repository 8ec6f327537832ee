//! `role-definition`

use crate::checks::context::Context;
use crate::checks::ids;
use crate::checks::spec::{self, Run, Spec, findings};
use crate::engine::{Evidence, ReasonCode, Severity, Verdict};
use crate::netsuite::catalogue::catalogue;
use crate::netsuite::role::{
    Judged, PermissionState, RoleComparison, RoleDefinition, RolePlan, Route, Strength,
    UnreadableRole, read,
};
use crate::types::RecordRequest;

findings! {
    UNREADABLE = "unreadable",
    MISSING = "missing",
    TOO_LOW = "too-low",
    TWIN = "tba-twin",
    INACTIVE = "inactive",
    ADVISED = "advised-missing",
    BARS_SIGN_IN = "bars-sign-in",
    CANNOT_JUDGE = "cannot-judge",
    UNKNOWN = "unknown-type",
}

/// The declaration of `role-definition`.
pub const SPEC: Spec = Spec {
    id: ids::ROLE_DEFINITION,
    phase: spec::CREDENTIALS,
    needs: &[],
    after: &[],
    findings: &[FINDINGS],
    run: Run::Offline(run),
};

/// The plan for what this run was asked.
pub(super) fn plan(context: &Context) -> RolePlan {
    let inputs = &context.inputs;
    let plan = RolePlan::new(&inputs.records, Route::Entries, catalogue());
    match &inputs.profile {
        Some(profile) => plan.asked_by(profile),
        None => plan,
    }
}

/// Whether the definition grants the record type at that level, by one permission or another.
pub(super) fn grants(role: &RoleDefinition, request: &RecordRequest) -> bool {
    let entry = catalogue().find(request.record.as_str());
    entry.is_some_and(|entry| {
        let others = entry.alternatives.iter().map(|other| &other.permission);
        std::iter::once(&entry.permission).chain(others).any(|permission| {
            let needed = permission.serving(request.level);
            !role.inactive && role.level(&permission.id).is_some_and(|level| level >= needed)
        })
    })
}

fn run(context: &Context) -> Verdict {
    let Some(file) = &context.inputs.role_file else {
        let text = "No exported role was given (--role-file); without it, levels above View stay \
                    unproved.";
        return Verdict::skipped(ReasonCode::NotProvided, text);
    };
    let role =
        if file.too_large { Err(UnreadableRole::TooLarge) } else { read(file.bytes.expose()) };
    let role = match role {
        Ok(role) => role,
        Err(error) => {
            let text = format!("The role file cannot be used: {error}.");
            return Verdict::fail(UNREADABLE, text);
        }
    };
    let plan = plan(context);
    let verdict = judge(&plan, &role, &RoleComparison::new(&plan, &role, catalogue()));
    let _ = context.facts.role.set(role);
    verdict
}

fn judge(plan: &RolePlan, role: &RoleDefinition, comparison: &RoleComparison<'_>) -> Verdict {
    let all = comparison.lines.len();
    let plain = format!(
        "The role {} has all {all} permissions of the plan at the level needed or above; global \
         permissions cannot be seen from its definition.",
        role.script_id
    );
    let mut verdict = Verdict::pass(plain);
    if comparison.inactive {
        verdict = verdict.note(Severity::Fail, INACTIVE, "The role is inactive.");
    }
    let broken = |wanted: fn(&PermissionState) -> bool| -> Vec<&Judged<'_>> {
        comparison.broken().filter(|judged| wanted(&judged.state)).collect()
    };
    if !broken(|state| *state == PermissionState::Twin).is_empty() {
        let text = "The role has Log in using Access Tokens, of token-based authentication, where \
                    Log in using OAuth 2.0 Access Tokens is needed.";
        verdict = verdict.note(Severity::Fail, TWIN, text);
    }
    let missing = listed(&broken(|state| *state == PermissionState::Missing));
    if !missing.is_empty() {
        let text = format!("The role lacks {missing}.");
        verdict = verdict.note(Severity::Fail, MISSING, text).param("missing", missing);
    }
    let low = broken(|state| matches!(state, PermissionState::TooLow(_)));
    if !low.is_empty() {
        let text = format!("At too low a level the role has {}.", listed(&low));
        verdict = verdict.note(Severity::Fail, TOO_LOW, text).param("too_low", listed(&low));
    }
    let advised: Vec<_> = comparison.unmet(Strength::Advised).collect();
    if !advised.is_empty() {
        let text = format!("The role lacks {}, which some uses need.", listed(&advised));
        verdict = verdict.note(Severity::Warn, ADVISED, text).param("advised", listed(&advised));
    }
    let barring: Vec<String> = role
        .grants
        .values()
        .filter(|grant| grant.level.is_some())
        .filter_map(|grant| catalogue().permission(&grant.key))
        .filter(|permission| permission.bars_sign_in())
        .map(ToString::to_string)
        .collect();
    if !barring.is_empty() {
        let text = format!(
            "The role has {}, with which it may not get in by OAuth 2.0.",
            barring.join(", ")
        );
        verdict =
            verdict.note(Severity::Warn, BARS_SIGN_IN, text).param("barring", barring.join(", "));
    }
    let unsure = comparison.restrictions.iter().chain(&comparison.doubled).cloned();
    let unsure = unsure.collect::<Vec<_>>().join(", ");
    if !unsure.is_empty() {
        let text = format!("The definition cannot show what is left of it by: {unsure}.");
        verdict = verdict.note(Severity::Warn, CANNOT_JUDGE, text);
    }
    if !plan.unknown.is_empty() {
        let types: Vec<String> = plan.unknown.iter().map(ToString::to_string).collect();
        let text = format!("It is not known which permission {} needs.", types.join(", "));
        verdict = verdict.note(Severity::Warn, UNKNOWN, text);
    }
    with_evidence(verdict, role, comparison)
}

/// Every planned permission and how it stands, as evidence of a source.
pub(super) fn lines_shown(
    mut verdict: Verdict,
    comparison: &RoleComparison<'_>,
    source: &str,
) -> Verdict {
    for judged in &comparison.lines {
        let held = match &judged.state {
            PermissionState::Held(level) | PermissionState::TooLow(level) => {
                level.label().to_owned()
            }
            PermissionState::Instead(other, level) => {
                format!("{other}, {}, instead", level.label())
            }
            PermissionState::Missing => "missing".to_owned(),
            PermissionState::Twin => "missing; its TBA twin is there".to_owned(),
        };
        let wanted = format!("{} or above", judged.line.level.label());
        let evidence = Evidence::new("permission", format!("{}: {held}", judged.line.permission));
        verdict = verdict.evidence(evidence.expected(wanted).source(source));
    }
    verdict
}

fn with_evidence(
    mut verdict: Verdict,
    role: &RoleDefinition,
    comparison: &RoleComparison<'_>,
) -> Verdict {
    if !role.script_id.is_empty() {
        verdict = verdict.evidence(Evidence::new("role_script_id", role.script_id.clone()));
    }
    if !role.name.is_empty() {
        verdict = verdict.evidence(Evidence::new("role_name", role.name.clone()));
    }
    lines_shown(verdict, comparison, "the role's definition")
}

pub(super) fn listed(lines: &[&Judged<'_>]) -> String {
    let line = |judged: &&Judged<'_>| {
        format!("{} at {}", judged.line.permission, judged.line.level.label())
    };
    lines.iter().map(line).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::{context, decide, findings, material};
    use crate::engine::Status;
    use crate::types::SecretKind;

    fn role(lines: &[(&str, &str)], more: &str) -> String {
        let lines: String = lines
            .iter()
            .map(|(key, level)| {
                format!(
                    "<permission><permkey>{key}</permkey><permlevel>{level}</permlevel></permission>"
                )
            })
            .collect();
        format!("<role scriptid=\"customrole_a\">{more}<permissions>{lines}</permissions></role>")
    }

    fn verdict(file: &str, records: &[&str]) -> (Status, Vec<&'static str>, String) {
        let context = context(|inputs| {
            inputs.role_file = Some(material(file, SecretKind::PrivateKey));
            inputs.records = records.iter().map(|text| text.parse().unwrap()).collect();
        });
        let verdict = decide(&SPEC, &context);
        (verdict.status(), findings(&verdict), verdict.summary())
    }

    const LOGIN: [(&str, &str); 3] = [
        ("ADMI_RESTWEBSERVICES", "FULL"),
        ("ADMI_LOGIN_OAUTH2", "FULL"),
        ("REPO_ANALYTICS", "EDIT"),
    ];

    fn with(more: &[(&str, &str)]) -> String {
        role(&[LOGIN.as_slice(), more].concat(), "")
    }

    #[test]
    fn no_file_is_no_finding() {
        let verdict = decide(&SPEC, &context(|_| {}));
        assert_eq!(verdict.reason().unwrap().code, ReasonCode::NotProvided);
    }

    #[test]
    fn a_whole_role_passes_and_levels_above_view_are_proved() {
        let file = with(&[("LIST_CUSTJOB", "EDIT"), ("LIST_FIND", "VIEW")]);
        assert_eq!(verdict(&file, &["customer:edit"]).0, Status::Pass);
    }

    #[test]
    fn each_fault_has_its_finding() {
        let low = with(&[("LIST_CUSTJOB", "VIEW"), ("LIST_FIND", "VIEW")]);
        let (status, found, summary) = verdict(&low, &["customer:edit"]);
        assert_eq!((status, found), (Status::Fail, vec!["too-low"]));
        assert!(summary.contains("Lists > Customers (LIST_CUSTJOB) at Edit"), "{summary}");
        let (status, found, _) = verdict(&with(&[("LIST_FIND", "VIEW")]), &["customer"]);
        assert_eq!((status, found), (Status::Fail, vec!["missing"]));
        let (status, found, _) = verdict(&with(&[("LIST_CUSTJOB", "VIEW")]), &["customer"]);
        assert_eq!((status, found), (Status::Warn, vec!["advised-missing"]));
        let twin = role(
            &[
                ("ADMI_RESTWEBSERVICES", "FULL"),
                ("ADMI_LOGIN_OAUTH", "FULL"),
                ("REPO_ANALYTICS", "EDIT"),
            ],
            "",
        );
        assert_eq!(verdict(&twin, &[]).1, ["tba-twin"]);
        let inactive = role(&LOGIN, "<isinactive>T</isinactive>");
        assert_eq!(verdict(&inactive, &[]).1, ["inactive"]);
        let narrowed = role(&LOGIN, "<employeerestriction>OWN</employeerestriction>");
        let (status, found, _) = verdict(&narrowed, &[]);
        assert_eq!((status, found), (Status::Warn, vec!["cannot-judge"]));
        assert_eq!(verdict(&with(&[]), &["frobnicate"]).1, ["unknown-type"]);
        let (status, found, summary) = verdict(&with(&[("ADMI_MANAGE_OAUTH2", "FULL")]), &[]);
        assert_eq!((status, found), (Status::Warn, vec!["bars-sign-in"]));
        assert!(summary.contains("OAuth 2.0 Authorized Applications Management"), "{summary}");
    }

    #[test]
    fn a_file_that_is_no_role_fails_and_is_not_quoted() {
        let key = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\n";
        let (status, found, summary) = verdict(key, &[]);
        assert_eq!((status, found), (Status::Fail, vec!["unreadable"]));
        assert!(!summary.contains("MIGH") && !summary.contains("BEGIN"), "{summary}");
    }
}
