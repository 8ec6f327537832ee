//! `least-privilege`

use futures_util::FutureExt as _;
use strum::VariantArray as _;

use super::role_definition;
use crate::checks::context::Context;
use crate::checks::ids;
use crate::checks::session::Session;
use crate::checks::spec::{self, Run, Spec, findings};
use crate::engine::{Evidence, FindingId, NodeKey, ReasonCode, Severity, Verdict};
use crate::netsuite::catalogue::catalogue;
use crate::netsuite::role::{Danger, Extra, RoleComparison};
use crate::probes::query::{AdminTable, PrivilegeSign, governance_limits, readable};

findings! {
    ADMINISTRATOR = "administrator-role",
    ADMINISTRATOR_SERVICE = "administrator-service",
    ROLES = "reads-role-permissions",
    AUDIT = "reads-login-audit",
    TOKENS = "reads-tokens",
    OF_ROLE_CORE = "role-core-administration",
    OF_ROLE_HIGH = "role-sensitive-permission",
    OF_ROLE_ABOVE = "role-beyond-plan",
    NOT_TOLD = "not-told",
}

/// The internal ID of the role Administrator. Source: `record-api.md` 6.
const ADMINISTRATOR_ID: &str = "3";

/// The declaration of `least-privilege`.
pub const SPEC: Spec = Spec {
    id: ids::LEAST_PRIVILEGE,
    phase: spec::SERVICE,
    needs: &[ids::TOKEN_EXCHANGE],
    after: &[ids::ROLE_DEFINITION, ids::REST_SERVICE, ids::QUERY_SERVICE],
    findings: &[FINDINGS],
    run: Run::WithToken(|session| run(session).boxed_local()),
};

async fn run(session: Session<'_>) -> Verdict {
    let Session { context, client, hosts, token } = session;
    let role = session.claims().role;
    let mut found = Found::new(role.as_deref());
    found.beyond = beyond(context);
    let (admitted, exchanges) = session.admitted().await;
    let mut verdict = Verdict::pass(String::new()).http(exchanges);
    if !admitted {
        // The token's own word needs no service; a refusal by one that refuses everything is none.
        let told = found.administrator || found.beyond.as_ref().is_some_and(|all| !all.is_empty());
        return if told { found.onto(verdict) } else { rest_first(verdict) };
    }
    let (sign, exchanges) = governance_limits(client, hosts, token).await;
    verdict = verdict.http(exchanges);
    found.governance = Some(sign);
    // Where queries are refused, the tables stay out of sight, and asking tells nothing.
    if context.facts.queries_refused.get().is_none() {
        for table in AdminTable::VARIANTS.iter().copied() {
            let (sign, exchanges) = readable(client, hosts, token, table).await;
            verdict = verdict.http(exchanges);
            found.tables.push((table, sign));
        }
    }
    found.onto(verdict)
}

fn rest_first(verdict: Verdict) -> Verdict {
    let exchanges = verdict.exchanges().to_vec();
    Verdict::blocked(vec![NodeKey::of(ids::REST_SERVICE)]).http(exchanges)
}

/// What was seen.
struct Found {
    role: Option<String>,
    administrator: bool,
    governance: Option<PrivilegeSign>,
    tables: Vec<(AdminTable, PrivilegeSign)>,
    /// What the role's definition holds beyond the plan; none where no definition was given.
    beyond: Option<Vec<Extra>>,
}

impl Found {
    fn new(role: Option<&str>) -> Self {
        Self {
            role: role.map(str::to_owned),
            administrator: role == Some(ADMINISTRATOR_ID),
            governance: None,
            tables: Vec::new(),
            beyond: None,
        }
    }

    /// The finding and the words of each sign that was seen.
    fn seen(&self) -> Vec<(FindingId, String)> {
        let mut seen = Vec::new();
        if self.administrator {
            let text = "Critical: the token's role is Administrator (role ID 3).";
            seen.push((ADMINISTRATOR, text.to_owned()));
        }
        // An administrator reads everything; the evidence says what was tried.
        if !self.administrator && self.governance == Some(PrivilegeSign::Seen) {
            let text =
                "Critical: governanceLimits, which is for administrators only, answers this token.";
            seen.push((ADMINISTRATOR_SERVICE, text.to_owned()));
        }
        for (table, sign) in &self.tables {
            if *sign == PrivilegeSign::Seen && !self.administrator {
                let text = format!("High: the role can query the table {}.", table.name());
                seen.push((finding(*table), text));
            }
        }
        for (danger, id, what) in OF_ROLE {
            let named: Vec<String> = self
                .beyond
                .iter()
                .flatten()
                .filter(|extra| extra.danger == danger)
                .map(in_words)
                .collect();
            if !named.is_empty() {
                seen.push((id, format!("{what}: {}.", named.join(", "))));
            }
        }
        seen
    }

    /// The names of what was asked and gave no telling answer.
    fn untold(&self) -> Vec<&'static str> {
        let untold =
            |sign: &PrivilegeSign| !matches!(sign, PrivilegeSign::Seen | PrivilegeSign::Refused);
        let governance = self.governance.iter().filter(|sign| untold(sign));
        let tables = self.tables.iter().filter(|(_, sign)| untold(sign));
        governance
            .map(|_| "governanceLimits")
            .chain(tables.map(|(table, _)| table.name()))
            .collect()
    }

    fn busy(&self) -> bool {
        let signs = self.governance.iter().chain(self.tables.iter().map(|(_, sign)| sign));
        signs.into_iter().any(|sign| *sign == PrivilegeSign::Busy)
    }

    /// Puts it all on a verdict that holds the exchanges.
    fn onto(self, verdict: Verdict) -> Verdict {
        let exchanges = verdict.exchanges().to_vec();
        let seen = self.seen();
        let untold = self.untold().join(", ");
        let mut verdict = Verdict::pass(self.plain());
        for (finding, text) in &seen {
            verdict = verdict.note(Severity::Warn, *finding, text.as_str());
        }
        if seen.is_empty() && !untold.is_empty() {
            let text = format!(
                "No sign of too much power was seen, but no clear answer came for {untold}."
            );
            let code = if self.busy() { ReasonCode::RateLimited } else { ReasonCode::NoAnswer };
            verdict = verdict.note(Severity::Open, NOT_TOLD, text).because(code);
        }
        let administrator = if self.administrator { "yes" } else { "no" };
        if self.role.is_some() {
            let evidence = Evidence::new("administrator_role", administrator);
            verdict = verdict.evidence(evidence.expected("no").source("the access token"));
        }
        if let Some(sign) = &self.governance {
            let evidence = Evidence::new("governance_limits", word(sign));
            verdict = verdict.evidence(evidence.expected(word(&PrivilegeSign::Refused)));
        }
        for (table, sign) in &self.tables {
            let evidence = Evidence::new(key(*table), word(sign));
            verdict = verdict.evidence(evidence.expected(word(&PrivilegeSign::Refused)));
        }
        for extra in self.beyond.iter().flatten() {
            let value = format!("{}: {}", extra.danger.as_str(), in_words(extra));
            let expected = extra.planned.map_or("not in the role", |level| level.label());
            let evidence = Evidence::new("beyond_plan", value).expected(expected);
            verdict = verdict.evidence(evidence.source("the role's definition"));
        }
        if let Some(role) = self.role {
            verdict = verdict.param("role_id", role);
        }
        verdict.http(exchanges)
    }

    /// The summary where nothing was seen. It owns up to what it cannot see.
    fn plain(&self) -> String {
        let role = if self.role.is_some() {
            "The role is not Administrator"
        } else {
            "The token does not state its role"
        };
        let asked = if self.tables.is_empty() {
            "is refused what only administrators may ask; role permissions, the login audit and \
             tokens stay out of sight, because queries are refused"
        } else {
            "is refused role permissions, the login audit, tokens and what only administrators \
             may ask"
        };
        let rest = if self.beyond.is_some() {
            "The role's definition holds nothing beyond the plan."
        } else {
            "Other permissions cannot be seen from here."
        };
        format!("{role}; it {asked}. {rest}")
    }
}

/// The grades of what a definition holds beyond the plan, each with its finding and words.
const OF_ROLE: [(Danger, FindingId, &str); 3] = [
    (Danger::Critical, OF_ROLE_CORE, "Critical: by its definition the role has"),
    (Danger::High, OF_ROLE_HIGH, "High: by its definition the role has"),
    (Danger::Note, OF_ROLE_ABOVE, "Beyond the plan the role's definition has"),
];

/// What the definition that was given holds beyond the plan.
fn beyond(context: &Context) -> Option<Vec<Extra>> {
    let role = context.facts.role.get()?;
    let plan = role_definition::plan(context);
    Some(RoleComparison::new(&plan, role, catalogue()).extra)
}

fn in_words(extra: &Extra) -> String {
    let name = extra.name.as_deref().map(|name| format!("{name} ")).unwrap_or_default();
    format!("{name}({}) at {}", extra.id, extra.level.label())
}

fn finding(table: AdminTable) -> FindingId {
    match table {
        AdminTable::RolePermissions => ROLES,
        AdminTable::LoginAudit => AUDIT,
        AdminTable::OAuthToken => TOKENS,
    }
}

fn key(table: AdminTable) -> &'static str {
    match table {
        AdminTable::RolePermissions => "table_rolepermissions",
        AdminTable::LoginAudit => "table_login_audit",
        AdminTable::OAuthToken => "table_oauth_token",
    }
}

fn word(sign: &PrivilegeSign) -> &'static str {
    match sign {
        PrivilegeSign::Seen => "answers",
        PrivilegeSign::Refused => "refused",
        PrivilegeSign::NoSuchTable => "no such table",
        PrivilegeSign::LoginRefused => "login refused",
        PrivilegeSign::Busy => "too busy",
        PrivilegeSign::Open => "no clear answer",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use strum::VariantArray as _;

    use super::*;
    use crate::checks::context::{Inputs, QueriesRefused};
    use crate::checks::testing::online::{claims, outcome, signed_in, signed_in_with, verdict};
    use crate::engine::Status;
    use crate::netsuite::double::{Behaviour, Double, SeenRequest};

    const TYPES: &str = r#"{"items":[{"name":"customer"}]}"#;
    const ROWS: &str = r#"{"count":1,"items":[{"one":"1"}]}"#;
    const NO_ROWS: &str = r#"{"count":0,"items":[]}"#;
    const LIMITS: &str = r#"{"accountConcurrencyLimit":5,"integrationLimitType":"accountLimit"}"#;

    fn error(status: u16, code: &str, detail: &str) -> Behaviour {
        let body = json!({ "status": status, "o:errorDetails": [{ "detail": detail, "o:errorCode": code }] });
        Behaviour::json(status, body.to_string())
    }

    /// A role of its own: REST answers, everything powerful is refused.
    fn modest(seen: &SeenRequest) -> Behaviour {
        if seen.path.contains("metadata-catalog") {
            Behaviour::json(200, TYPES)
        } else if seen.path.contains("/suiteql") {
            error(400, "INVALID_PARAMETER", "Search error occurred: Record 'x' was not found.")
        } else {
            error(403, "INSUFFICIENT_PERMISSION", "No.")
        }
    }

    /// The same, but for requests with this text in path or body.
    fn but_for(part: &'static str, reply: Behaviour) -> Double {
        Double::serving(move |seen| {
            let hit = seen.path.contains(part) || seen.body.contains(part);
            if hit { reply.clone() } else { modest(seen) }
        })
    }

    fn as_administrator(double: &Double) -> Context {
        let mut claims = claims();
        claims["sub"] = json!("3;-5");
        signed_in_with(double.client(), Inputs::default(), &claims)
    }

    #[tokio::test]
    async fn a_modest_role_passes_and_the_limits_of_the_look_are_said() {
        let double = Double::serving(modest);
        let verdict = verdict(&SPEC, &signed_in(double.client())).await;
        assert_eq!(verdict.status(), Status::Pass);
        assert!(verdict.summary().contains("cannot be seen"), "{}", verdict.summary());
        let bodies: Vec<String> = double.seen().into_iter().map(|seen| seen.body).collect();
        for table in AdminTable::VARIANTS.iter().copied() {
            let wanted = format!("SELECT 1 AS one FROM {} WHERE ROWNUM <= 1", table.name());
            assert!(bodies.iter().any(|body| body.contains(&wanted)), "{wanted}");
        }
    }

    #[tokio::test]
    async fn each_sign_warns() {
        for (part, reply, expected) in [
            ("governanceLimits", Behaviour::json(200, LIMITS), "administrator-service"),
            ("rolepermissions", Behaviour::json(200, ROWS), "reads-role-permissions"),
            ("LoginAudit", Behaviour::json(200, ROWS), "reads-login-audit"),
            ("OAuthToken", Behaviour::json(200, ROWS), "reads-tokens"),
        ] {
            let double = but_for(part, reply);
            let verdict = verdict(&SPEC, &signed_in(double.client())).await;
            assert_eq!(outcome(&verdict), (Status::Warn, expected));
        }
        let double = Double::serving(modest);
        let verdict = verdict(&SPEC, &as_administrator(&double)).await;
        assert_eq!(outcome(&verdict), (Status::Warn, "administrator-role"));
    }

    #[tokio::test]
    async fn refusals_of_the_service_for_administrators() {
        for reply in [
            error(403, "INSUFFICIENT_PERMISSION", "No."),
            error(400, "USER_ERROR", "Your current role does not have permission."),
            Behaviour::json(400, ""),
            Behaviour::json(404, ""),
        ] {
            let double = but_for("governanceLimits", reply);
            assert_eq!(verdict(&SPEC, &signed_in(double.client())).await.status(), Status::Pass);
        }
    }

    #[tokio::test]
    async fn an_unclear_answer_is_never_a_pass() {
        let syntax = error(400, "INVALID_PARAMETER", "Failed to parse SQL [x]");
        for (part, reply) in [
            ("governanceLimits", Behaviour::json(500, "")),
            ("governanceLimits", Behaviour::json(401, "")),
            ("governanceLimits", Behaviour::json(429, "")),
            ("governanceLimits", Behaviour::new(403, "text/html", "<html>")),
            ("governanceLimits", Behaviour::json(200, "{}")),
            ("LoginAudit", Behaviour::json(200, NO_ROWS)),
            ("LoginAudit", Behaviour::json(500, "")),
            // No such table is no refusal.
            (
                "LoginAudit",
                error(
                    400,
                    "INVALID_PARAMETER",
                    "Invalid search query. Detailed unprocessed description follows. Invalid search type: LoginAudit.",
                ),
            ),
            ("LoginAudit", syntax),
            ("OAuthToken", Behaviour::Cut),
        ] {
            let shown = format!("{part} {reply:?}");
            let double = but_for(part, reply);
            let verdict = verdict(&SPEC, &signed_in(double.client())).await;
            assert_eq!(outcome(&verdict), (Status::Inconclusive, "not-told"), "{shown}");
            assert!(verdict.summary().contains(part), "{shown}");
        }
    }

    #[tokio::test]
    async fn where_rest_refuses_everything_only_the_token_tells() {
        let double = Double::serving(|_| Behaviour::json(401, ""));
        let verdict_of = verdict(&SPEC, &signed_in(double.client())).await;
        assert_eq!(verdict_of.reason().unwrap().code, ReasonCode::Blocked);
        assert_eq!(double.seen().len(), 1);
        let verdict = verdict(&SPEC, &as_administrator(&double)).await;
        assert_eq!(outcome(&verdict), (Status::Warn, "administrator-role"));
    }

    #[tokio::test]
    async fn where_queries_are_refused_the_tables_are_not_asked() {
        let double = Double::serving(modest);
        let context = signed_in(double.client());
        context.facts.queries_refused.set(QueriesRefused { lists_work: false }).unwrap();
        let verdict = verdict(&SPEC, &context).await;
        assert_eq!(verdict.status(), Status::Pass);
        assert!(verdict.summary().contains("out of sight"), "{}", verdict.summary());
        assert!(double.seen().iter().all(|seen| seen.method == "GET"));
    }
}
