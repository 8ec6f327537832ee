//! Whether the query service answers, and whether lists do.

use serde_json::Value;

use super::NoAnswer;
use super::record::{RecordRefusal, Stop, stop};
use super::service::{ServiceAccess, read_answer};
use crate::netsuite::Bearer;
use crate::netsuite::answer::Answer;
use crate::netsuite::http::Client;
use crate::netsuite::patterns::Meaning;
use crate::netsuite::url::{AccountUrl, Hosts};
use crate::types::{HttpExchange, RecordType};

/// A query that reads no record, so that no record permission can be what it lacks.
pub const CONTROL: &str = "SELECT 1 AS one FROM DUAL";

/// One question and what came of it.
#[derive(Debug)]
pub struct QueryAnswer {
    /// Nothing, when at least one row came; else what stopped it.
    pub result: Result<(), Box<Stop>>,
    /// For the report.
    pub exchanges: Vec<HttpExchange>,
}

/// Asks SuiteQL for one row.
pub async fn ask(client: &Client, account: &dyn Hosts, token: &Bearer, query: &str) -> QueryAnswer {
    let call = client.suiteql(&AccountUrl::suiteql(account), token, query).await;
    let result = match call.result {
        Ok(answer) => rows(&answer)
            .and_then(|rows| if rows > 0 { Ok(()) } else { Err(Box::new(Stop::Empty)) }),
        Err(error) => Err(Box::new(error.into())),
    };
    QueryAnswer { result, exchanges: call.exchanges }
}

/// Whether the list of a record type answers, with rows or without.
pub async fn list(
    client: &Client,
    account: &dyn Hosts,
    token: &Bearer,
    record: &RecordType,
) -> QueryAnswer {
    let call = client.get(&AccountUrl::record_list(account, record), token).await;
    let result = match call.result {
        Ok(answer) => rows(&answer).map(|_| ()),
        Err(error) => Err(Box::new(error.into())),
    };
    QueryAnswer { result, exchanges: call.exchanges }
}

/// How many rows came. Lists and queries answer in the same form (`record-api.md` 1.2, 1.4).
fn rows(answer: &Answer) -> Result<usize, Box<Stop>> {
    if answer.status != 200 {
        return Err(Box::new(stop(answer)));
    }
    let value = serde_json::from_slice::<Value>(&answer.body).ok();
    let items = value.as_ref().and_then(|value| value.get("items")?.as_array());
    items.map(Vec::len).ok_or_else(|| Box::new(Stop::unexpected(answer)))
}

// Signs that a token may do more than an integration should.
//
// Which services and tables tell: `record-api.md` 6.

/// A table that only an over-privileged role can query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::VariantArray)]
pub enum AdminTable {
    /// Needs Bulk Manage Roles (OH/section_0210123130).
    RolePermissions,
    /// Needs View Login Audit Trail.
    LoginAudit,
    /// Needs Access Token Management.
    OAuthToken,
}

impl AdminTable {
    /// Its name in SuiteQL.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::RolePermissions => "rolepermissions",
            Self::LoginAudit => "LoginAudit",
            Self::OAuthToken => "OAuthToken",
        }
    }
}

/// What one question told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrivilegeSign {
    /// The role may.
    Seen,
    /// NetSuite refused.
    Refused,
    /// 401: perhaps the token is not let in at all.
    LoginRefused,
    /// There is no such table, which tells nothing about the role.
    NoSuchTable,
    /// 429.
    Busy,
    /// The answer does not tell.
    Open,
}

/// Whether the service for administrators answers (OH/article_0625010817). What it says of the limit
/// is kept by the client.
pub async fn governance_limits(
    client: &Client,
    account: &dyn Hosts,
    token: &Bearer,
) -> (PrivilegeSign, Vec<HttpExchange>) {
    let call = client.get(&AccountUrl::governance_limits(account), token).await;
    let (service, limit) = read_answer(call, |value| {
        value.get("accountConcurrencyLimit").filter(|limit| limit.is_number()).map(|_| limit(value))
    });
    if let Some(limit) = limit.flatten() {
        client.learn_limit(limit);
    }
    // How others are refused is not published, so every usual refusal counts.
    let sign = match &service.access {
        ServiceAccess::Open => PrivilegeSign::Seen,
        ServiceAccess::LoginRefused => PrivilegeSign::LoginRefused,
        ServiceAccess::RoleRefused | ServiceAccess::Forbidden | ServiceAccess::NotFound => {
            PrivilegeSign::Refused
        }
        ServiceAccess::NoAnswer(NoAnswer::Unexpected { status: 400 | 405, .. }) => {
            PrivilegeSign::Refused
        }
        ServiceAccess::NoAnswer(NoAnswer::Busy) => PrivilegeSign::Busy,
        _ => PrivilegeSign::Open,
    };
    (sign, service.exchanges)
}

/// How many requests of this integration the account allows at once: what is set aside for it, else
/// what is set aside for none.
fn limit(answer: &Value) -> Option<usize> {
    let of = |name| answer.get(name).and_then(Value::as_u64);
    let own = of("integrationConcurrencyLimit").filter(|_| {
        answer.get("integrationLimitType").is_some_and(|kind| kind == "integrationSpecific")
    });
    let limit = own
        .or_else(|| of("accountUnallocatedConcurrencyLimit"))
        .or_else(|| of("accountConcurrencyLimit"))?;
    usize::try_from(limit).ok()
}

/// Whether a table can be queried. Asks for a constant, so that nothing of a row is read.
pub async fn readable(
    client: &Client,
    account: &dyn Hosts,
    token: &Bearer,
    table: AdminTable,
) -> (PrivilegeSign, Vec<HttpExchange>) {
    let query = format!("SELECT 1 AS one FROM {} WHERE ROWNUM <= 1", table.name());
    let asked = ask(client, account, token, &query).await;
    let sign = match asked.result.map_err(|stop| *stop) {
        Ok(()) => PrivilegeSign::Seen,
        Err(Stop::Refused(RecordRefusal {
            meaning: Meaning::QueryTableUnknown { .. }, ..
        })) => PrivilegeSign::NoSuchTable,
        Err(Stop::Refused(refused)) if is_refusal(&refused) => PrivilegeSign::Refused,
        Err(Stop::LoginRefused) => PrivilegeSign::LoginRefused,
        Err(Stop::NoAnswer(NoAnswer::Busy)) => PrivilegeSign::Busy,
        Err(_) => PrivilegeSign::Open,
    };
    (sign, asked.exchanges)
}

/// A query that is not understood says nothing about the table.
fn is_refusal(refused: &RecordRefusal) -> bool {
    let misunderstood = matches!(
        refused.meaning,
        Meaning::QuerySyntax | Meaning::QueryColumnHidden { .. } | Meaning::MalformedRequest
    );
    matches!(refused.status, 400 | 403) && !misunderstood
}
