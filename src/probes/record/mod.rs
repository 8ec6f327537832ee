//! Whether a record type can be listed and one of its rows be read.

mod read;
mod refusal;

use serde_json::Value;

pub use read::{Step, View};
pub(super) use refusal::stop;
pub use refusal::{Refused, Stop};

use crate::netsuite::bearer::Bearer;
use crate::netsuite::catalogue::RecordEntry;
use crate::netsuite::http::{Answer, Client};
use crate::netsuite::url::{AccountUrl, Hosts, RecordId};
use crate::types::{HttpExchange, RecordType};

/// One probe of one record type.
#[derive(Debug)]
pub struct Probe<'a> {
    /// The way to NetSuite.
    pub client: &'a Client,
    /// The account.
    pub account: &'a dyn Hosts,
    /// The token.
    pub token: &'a Bearer,
    /// The type to read.
    pub record: &'a RecordType,
    /// What the catalogue knows about it.
    pub entry: Option<&'a RecordEntry>,
}

/// Where the row to read came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// The type's list.
    Listed,
    /// SuiteQL, because the type has no list.
    Queried,
}

/// The first row that there is.
enum FirstRow {
    Row(RecordId, Found),
    Stopped(Step, Stop),
}

impl Probe<'_> {
    /// Lists one row and reads it by id. Where the type has no list, asks SuiteQL for the row.
    pub async fn view(&self) -> (View, Vec<HttpExchange>) {
        let mut exchanges = Vec::new();
        let view = match self.first_row(&mut exchanges).await {
            FirstRow::Row(id, found) => self.read(&id, found, &mut exchanges).await,
            FirstRow::Stopped(step, stop) => View::Stopped { step, stop },
        };
        (view, exchanges)
    }

    async fn first_row(&self, exchanges: &mut Vec<HttpExchange>) -> FirstRow {
        let url = AccountUrl::record_list(self.account, self.record);
        let call = self.client.get(&url, self.token).await;
        exchanges.extend(call.exchanges);
        match call.result {
            Ok(answer) if answer.status == 200 => first_id(&answer, Found::Listed, Step::List),
            Ok(answer) if answer.status == 405 && !answer.is_html() => self.query(exchanges).await,
            Ok(answer) => FirstRow::Stopped(Step::List, stop(&answer)),
            Err(error) => FirstRow::Stopped(Step::List, error.into()),
        }
    }

    async fn query(&self, exchanges: &mut Vec<HttpExchange>) -> FirstRow {
        let table = self.entry.and_then(|entry| entry.suiteql_table.as_deref());
        let plain = |name: &&str| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let Some(table) = table.filter(plain) else {
            return FirstRow::Stopped(Step::List, Stop::NoList);
        };
        let url = AccountUrl::suiteql(self.account);
        let query = format!("SELECT id FROM {table}");
        let call = self.client.suiteql(&url, self.token, &query).await;
        exchanges.extend(call.exchanges);
        match call.result {
            Ok(answer) if answer.status == 200 => first_id(&answer, Found::Queried, Step::Query),
            // A refused query says little: a hidden table and a mistyped one look alike.
            Ok(answer) => FirstRow::Stopped(Step::Query, stop(&answer)),
            Err(error) => FirstRow::Stopped(Step::Query, error.into()),
        }
    }

    async fn read(&self, id: &RecordId, found: Found, exchanges: &mut Vec<HttpExchange>) -> View {
        let url = AccountUrl::record(self.account, self.record, id);
        let call = self.client.get(&url, self.token).await;
        exchanges.extend(call.exchanges);
        let stop = match call.result {
            Ok(answer) if answer.status == 200 => match is_record(&answer, id) {
                true => return View::Read { found, id: id.clone() },
                false => Stop::unexpected(&answer),
            },
            Ok(answer) => stop(&answer),
            Err(error) => error.into(),
        };
        View::Stopped { step: Step::Read, stop }
    }
}

fn first_id(answer: &Answer, found: Found, step: Step) -> FirstRow {
    let stopped = |stop| FirstRow::Stopped(step, stop);
    let value = serde_json::from_slice::<Value>(&answer.body).ok();
    let Some(items) = value.as_ref().and_then(|value| value.get("items")?.as_array()) else {
        return stopped(Stop::unexpected(answer));
    };
    let Some(first) = items.first() else { return stopped(Stop::Empty) };
    match first.get("id").and_then(id_of) {
        Some(id) => FirstRow::Row(id, found),
        None => stopped(Stop::unexpected(answer)),
    }
}

/// Whether the answer is the one record asked for: not a list, and not another record.
fn is_record(answer: &Answer, asked: &RecordId) -> bool {
    let Ok(Value::Object(members)) = serde_json::from_slice(&answer.body) else { return false };
    let own = match members.get("id") {
        Some(id) => id_of(id).is_some_and(|id| id == *asked),
        None => members.contains_key("links"),
    };
    own && !members.contains_key("items")
}

fn id_of(value: &Value) -> Option<RecordId> {
    match value {
        Value::String(text) => RecordId::new(text),
        Value::Number(number) => RecordId::new(&number.to_string()),
        _ => None,
    }
}
