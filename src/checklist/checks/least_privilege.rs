//! `least-privilege`

use futures_util::FutureExt as _;

use crate::checklist::context::Context;
use crate::checklist::engine::{Evidence, FindingId, NodeKey, ReasonCode, Severity, Verdict};
use crate::checklist::ids;
use crate::checklist::online::{Decision, admitted, client, fact, hosts, settle};
use crate::checklist::spec::{Run, Spec};
use crate::oauth::access_token::Claims;
use crate::probes::privilege::{Sign, Table, governance_limits, readable};
use crate::types::Scope;

const ADMINISTRATOR: FindingId = FindingId::new("administrator-role");
const ADMINISTRATOR_SERVICE: FindingId = FindingId::new("administrator-service");
const ROLES: FindingId = FindingId::new("reads-role-permissions");
const AUDIT: FindingId = FindingId::new("reads-login-audit");
const TOKENS: FindingId = FindingId::new("reads-tokens");
const NOT_TOLD: FindingId = FindingId::new("not-told");

/// The internal ID of the role Administrator. Source: `record-api.md` 6.
const ADMINISTRATOR_ID: &str = "3";

/// The declaration of `least-privilege`.
pub const SPEC: Spec = Spec {
    id: ids::LEAST_PRIVILEGE,
    phase: ids::SERVICE,
    needs: &[ids::TOKEN_EXCHANGE],
    after: &[ids::REST_SERVICE, ids::QUERY_SERVICE],
    findings: &[ADMINISTRATOR, ADMINISTRATOR_SERVICE, ROLES, AUDIT, TOKENS, NOT_TOLD],
    card: include_str!("../../../checks/least-privilege.toml"),
    run: Run::Online(|context| run(context).boxed_local()),
};

async fn run(context: &Context) -> Verdict {
    settle(decide(context).await)
}

async fn decide(context: &Context) -> Decision {
    let token = fact(&context.facts.access_token, ids::TOKEN_EXCHANGE)?;
    let account = hosts(context)?;
    let client = client(context)?;
    if !context.inputs.scopes_to_ask().contains(&Scope::RestWebservices) {
        let text = "The scope rest_webservices was not asked for.";
        return Ok(Verdict::skipped(ReasonCode::NotApplicable, text));
    }
    let role = Claims::of(token).and_then(|claims| claims.role);
    let mut found = Found::new(role.as_deref());
    let (admitted, exchanges) = admitted(context, client, account, token).await;
    let mut verdict = Verdict::pass(String::new()).http(exchanges);
    if !admitted {
        // The token's own word needs no service; a refusal by one that refuses everything is none.
        return Ok(if found.administrator { found.onto(verdict) } else { rest_first(verdict) });
    }
    let (sign, exchanges) = governance_limits(client, account, token).await;
    verdict = verdict.http(exchanges);
    found.governance = Some(sign);
    // Where queries are refused, the tables stay out of sight, and asking tells nothing.
    if context.facts.queries_refused.get().is_none() {
        for table in Table::ALL {
            let (sign, exchanges) = readable(client, account, token, table).await;
            verdict = verdict.http(exchanges);
            found.tables.push((table, sign));
        }
    }
    Ok(found.onto(verdict))
}

fn rest_first(verdict: Verdict) -> Verdict {
    let exchanges = verdict.exchanges().to_vec();
    Verdict::blocked(vec![NodeKey::of(ids::REST_SERVICE)]).http(exchanges)
}

/// What was seen.
struct Found {
    role: Option<String>,
    administrator: bool,
    governance: Option<Sign>,
    tables: Vec<(Table, Sign)>,
}

impl Found {
    fn new(role: Option<&str>) -> Self {
        Self {
            role: role.map(str::to_owned),
            administrator: role == Some(ADMINISTRATOR_ID),
            governance: None,
            tables: Vec::new(),
        }
    }

    /// The finding and the words of each sign that was seen.
    fn seen(&self) -> Vec<(FindingId, String)> {
        let mut seen = Vec::new();
        if self.administrator {
            let text = "The token's role is Administrator (role ID 3).";
            seen.push((ADMINISTRATOR, text.to_owned()));
        }
        if self.governance == Some(Sign::Seen) {
            let text = "governanceLimits, which is for administrators only, answers this token.";
            seen.push((ADMINISTRATOR_SERVICE, text.to_owned()));
        }
        for (table, sign) in &self.tables {
            if *sign == Sign::Seen {
                let text = format!("The role can query the table {}.", table.name());
                seen.push((finding(*table), text));
            }
        }
        seen
    }

    /// The names of what was asked and gave no telling answer.
    fn untold(&self) -> Vec<&'static str> {
        let untold = |sign: &Sign| !matches!(sign, Sign::Seen | Sign::Refused);
        let governance = self.governance.iter().filter(|sign| untold(sign));
        let tables = self.tables.iter().filter(|(_, sign)| untold(sign));
        governance
            .map(|_| "governanceLimits")
            .chain(tables.map(|(table, _)| table.name()))
            .collect()
    }

    fn busy(&self) -> bool {
        let signs = self.governance.iter().chain(self.tables.iter().map(|(_, sign)| sign));
        signs.into_iter().any(|sign| *sign == Sign::Busy)
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
            verdict = verdict.evidence(evidence.expected(word(&Sign::Refused)));
        }
        for (table, sign) in &self.tables {
            let evidence = Evidence::new(key(*table), word(sign));
            verdict = verdict.evidence(evidence.expected(word(&Sign::Refused)));
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
        format!("{role}; it {asked}. Other permissions cannot be seen from here.")
    }
}

fn finding(table: Table) -> FindingId {
    match table {
        Table::RolePermissions => ROLES,
        Table::LoginAudit => AUDIT,
        Table::OAuthToken => TOKENS,
    }
}

fn key(table: Table) -> &'static str {
    match table {
        Table::RolePermissions => "table_rolepermissions",
        Table::LoginAudit => "table_login_audit",
        Table::OAuthToken => "table_oauth_token",
    }
}

fn word(sign: &Sign) -> &'static str {
    match sign {
        Sign::Seen => "answers",
        Sign::Refused => "refused",
        Sign::LoginRefused => "login refused",
        Sign::Busy => "too busy",
        Sign::Open => "no clear answer",
    }
}

#[cfg(test)]
mod tests;
