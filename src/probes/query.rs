//! Whether the query service answers, and whether lists do.

use serde_json::Value;

use super::record::{Stop, stop};
use crate::netsuite::bearer::Bearer;
use crate::netsuite::http::{Answer, Client};
use crate::netsuite::url::{AccountUrl, Hosts};
use crate::types::{HttpExchange, RecordType};

/// A query that reads no record, so that no record permission can be what it lacks.
pub const CONTROL: &str = "SELECT 1 AS one FROM DUAL";

/// One question and what came of it.
#[derive(Debug)]
pub struct Asked {
    /// Nothing, when at least one row came; else what stopped it.
    pub result: Result<(), Box<Stop>>,
    /// For the report.
    pub exchanges: Vec<HttpExchange>,
}

/// Asks SuiteQL for one row.
pub async fn ask(client: &Client, account: &dyn Hosts, token: &Bearer, query: &str) -> Asked {
    let call = client.suiteql(&AccountUrl::suiteql(account), token, query).await;
    let result = match call.result {
        Ok(answer) => rows(&answer)
            .and_then(|rows| if rows > 0 { Ok(()) } else { Err(Box::new(Stop::Empty)) }),
        Err(error) => Err(Box::new(error.into())),
    };
    Asked { result, exchanges: call.exchanges }
}

/// Whether the list of a record type answers, with rows or without.
pub async fn list(
    client: &Client,
    account: &dyn Hosts,
    token: &Bearer,
    record: &RecordType,
) -> Asked {
    let call = client.get(&AccountUrl::record_list(account, record), token).await;
    let result = match call.result {
        Ok(answer) => rows(&answer).map(|_| ()),
        Err(error) => Err(Box::new(error.into())),
    };
    Asked { result, exchanges: call.exchanges }
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
