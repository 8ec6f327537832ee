//! Whether a record type can be listed and one of its rows be read.

use serde_json::Value;

use super::NoAnswer;
use crate::netsuite::Bearer;
use crate::netsuite::answer::{Answer, TransportError};
use crate::netsuite::catalogue::RecordEntry;
use crate::netsuite::http::Client;
use crate::netsuite::patterns::{Meaning, patterns};
use crate::netsuite::script_error::ScriptError;
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
pub enum RowSource {
    /// The type's list.
    Listed,
    /// SuiteQL, because the type has no list.
    Queried,
}

/// The first row that there is, or where looking for it ended.
type FirstRow = Result<(RecordId, RowSource), Box<View>>;

impl Probe<'_> {
    /// Lists one row and reads it by id. Where the type has no list, asks SuiteQL for the row.
    pub async fn view(&self) -> (View, Vec<HttpExchange>) {
        let mut exchanges = Vec::new();
        let view = match self.first_row(&mut exchanges).await {
            Ok((id, found)) => self.read(&id, found, &mut exchanges).await,
            Err(stopped) => *stopped,
        };
        (view, exchanges)
    }

    async fn first_row(&self, exchanges: &mut Vec<HttpExchange>) -> FirstRow {
        let url = AccountUrl::record_list(self.account, self.record);
        let call = self.client.get(&url, self.token).await;
        exchanges.extend(call.exchanges);
        match call.result {
            Ok(answer) if answer.status == 200 => {
                first_id(&answer, RowSource::Listed, ProbeStep::List)
            }
            Ok(answer) if answer.status == 405 && !answer.is_html() => self.query(exchanges).await,
            Ok(answer) => Err(stopped(ProbeStep::List, stop(&answer))),
            Err(error) => Err(stopped(ProbeStep::List, error.into())),
        }
    }

    async fn query(&self, exchanges: &mut Vec<HttpExchange>) -> FirstRow {
        let table = self.entry.and_then(|entry| entry.suiteql_table.as_deref());
        let plain = |name: &&str| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let Some(table) = table.filter(plain) else {
            return Err(stopped(ProbeStep::List, Stop::NoList));
        };
        let url = AccountUrl::suiteql(self.account);
        let query = format!("SELECT id FROM {table}");
        let call = self.client.suiteql(&url, self.token, &query).await;
        exchanges.extend(call.exchanges);
        match call.result {
            Ok(answer) if answer.status == 200 => {
                first_id(&answer, RowSource::Queried, ProbeStep::Query)
            }
            // That a table is hidden can come from the role or from a feature (facts-2026-11 F2): it
            // decides nothing about the record.
            Ok(answer) => Err(stopped(ProbeStep::Query, stop(&answer))),
            Err(error) => Err(stopped(ProbeStep::Query, error.into())),
        }
    }

    async fn read(
        &self,
        id: &RecordId,
        found: RowSource,
        exchanges: &mut Vec<HttpExchange>,
    ) -> View {
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
        View::Stopped { step: ProbeStep::Read, listed: found == RowSource::Listed, stop }
    }
}

fn stopped(step: ProbeStep, stop: Stop) -> Box<View> {
    let listed = step == ProbeStep::List && stop == Stop::Empty;
    Box::new(View::Stopped { step, listed, stop })
}

fn first_id(answer: &Answer, found: RowSource, step: ProbeStep) -> FirstRow {
    let stopped = |stop| Err(stopped(step, stop));
    let value = serde_json::from_slice::<Value>(&answer.body).ok();
    let Some(items) = value.as_ref().and_then(|value| value.get("items")?.as_array()) else {
        return stopped(Stop::unexpected(answer));
    };
    let Some(first) = items.first() else { return stopped(Stop::Empty) };
    match first.get("id").and_then(id_of) {
        Some(id) => Ok((id, found)),
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

// What a probe at level View can show.

/// The outcome of a probe at level View.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum View {
    /// A row was found and read by id.
    Read {
        /// Where the row came from.
        found: RowSource,
        /// Which row.
        id: RecordId,
    },
    /// It ended before that.
    Stopped {
        /// At which step.
        step: ProbeStep,
        /// Whether the type's list had answered.
        listed: bool,
        /// By what.
        stop: Stop,
    },
}

impl View {
    /// Whether the type's list answered, with rows or without.
    #[must_use]
    pub fn was_listed(&self) -> bool {
        match self {
            Self::Read { found, .. } => *found == RowSource::Listed,
            Self::Stopped { listed, .. } => *listed,
        }
    }

    /// What stopped it, where it was stopped.
    #[must_use]
    pub fn stop(&self) -> Option<&Stop> {
        match self {
            Self::Stopped { stop, .. } => Some(stop),
            Self::Read { .. } => None,
        }
    }
}

/// The steps of a probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProbeStep {
    /// Listing one row.
    List,
    /// Asking SuiteQL for one row, where there is no list.
    Query,
    /// Reading that row by id.
    Read,
}

impl ProbeStep {
    /// What was asked, in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::List => "the list",
            Self::Query => "the query",
            Self::Read => "the first row",
        }
    }
}

// Why a probe stopped, read from the answer by the error patterns.

/// What stopped a probe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// The list is empty for this role.
    Empty,
    /// The type offers no list, and no table is known to ask instead.
    NoList,
    /// NetSuite refused.
    Refused(RecordRefusal),
    /// 401.
    LoginRefused,
    /// A script of the account failed during the request.
    Script(ScriptError),
    /// What came decides nothing.
    NoAnswer(NoAnswer),
}

impl From<NoAnswer> for Stop {
    fn from(no_answer: NoAnswer) -> Self {
        Self::NoAnswer(no_answer)
    }
}

impl From<TransportError> for Stop {
    fn from(error: TransportError) -> Self {
        Self::NoAnswer(NoAnswer::Silent(error))
    }
}

impl Stop {
    /// What a complete answer means that nothing documented for the request was found in.
    pub(super) fn unexpected(answer: &Answer) -> Self {
        Self::NoAnswer(NoAnswer::unexpected(answer))
    }

    /// NetSuite's own words and `o:errorCode`, where it gave any.
    #[must_use]
    pub fn said(&self) -> (Option<&str>, Option<&str>) {
        match self {
            Self::Refused(refused) => (refused.said.as_deref(), refused.code.as_deref()),
            Self::Script(error) => (error.message.as_deref(), error.name.as_deref()),
            Self::NoAnswer(no_answer) => (no_answer.said(), None),
            _ => (None, None),
        }
    }
}

/// A refusal in the record service's envelope, or in none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordRefusal {
    /// HTTP status.
    pub status: u16,
    /// What the patterns make of it.
    pub meaning: Meaning,
    /// NetSuite's own words.
    pub said: Option<String>,
    /// `o:errorCode`.
    pub code: Option<String>,
}

pub(super) fn stop(answer: &Answer) -> Stop {
    if let Some(error) = answer.script_error() {
        return Stop::Script(error);
    }
    if let Some(no_answer) = NoAnswer::of(answer) {
        return Stop::NoAnswer(no_answer);
    }
    match answer.status {
        401 => Stop::LoginRefused,
        400 | 403 | 404 | 405 => Stop::Refused(refused(answer)),
        _ => Stop::NoAnswer(NoAnswer::unexpected(answer)),
    }
}

/// The first detail that a pattern knows, else the first one.
fn refused(answer: &Answer) -> RecordRefusal {
    let details = answer.error_details();
    let known = details.iter().find_map(|detail| {
        let decoded = patterns().decode(answer.status, detail.code.as_deref(), &detail.detail);
        (decoded.meaning != Meaning::Unknown).then_some((decoded.meaning, detail))
    });
    let (meaning, detail) = match known {
        Some((meaning, detail)) => (meaning, Some(detail)),
        None => (Meaning::Unknown, details.first()),
    };
    RecordRefusal {
        status: answer.status,
        meaning,
        said: match detail {
            Some(detail) => Some(detail.detail.clone()).filter(|text| !text.is_empty()),
            None => answer.symptom().said,
        },
        code: detail.and_then(|detail| detail.code.clone()),
    }
}
