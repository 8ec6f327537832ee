//! Whether REST web services let this token in.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{NoAnswer, reach};
use crate::netsuite::Bearer;
use crate::netsuite::answer::{Answer, Call};
use crate::netsuite::http::Client;
use crate::netsuite::url::{AccountUrl, Hosts};
use crate::types::HttpExchange;

/// The record types that the metadata catalogue names, in lower case. It is not limited by the
/// role, but by the features of the account (`failures.md` 0.6).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfferedTypes(BTreeSet<String>);

impl OfferedTypes {
    /// Whether the account offers a type. `None` where the catalogue names no types at all.
    #[must_use]
    pub fn has(&self, record: &str) -> Option<bool> {
        (!self.0.is_empty()).then(|| self.0.contains(&record.to_ascii_lowercase()))
    }

    /// Those of a metadata catalogue. None where it is not what was asked for: every account has
    /// record types.
    fn read(catalogue: &Value) -> Option<Self> {
        let items = catalogue.get("items")?.as_array()?;
        let names = items.iter().filter_map(|item| item.get("name")?.as_str());
        let types = Self(names.map(str::to_ascii_lowercase).collect());
        (!types.is_empty()).then_some(types)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the catalogue names none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// How a service took a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServiceAccess {
    /// It answered as documented.
    Open,
    /// 401.
    LoginRefused,
    /// 400 `USER_ERROR`.
    RoleRefused,
    /// 403.
    Forbidden,
    /// 404.
    NotFound,
    /// What came decides nothing.
    NoAnswer(NoAnswer),
}

/// One request and what it showed.
#[derive(Debug)]
pub struct ServiceAnswer {
    /// How it was taken.
    pub access: ServiceAccess,
    /// HTTP status.
    pub status: Option<u16>,
    /// NetSuite's own words, where it refused in some.
    pub said: Option<String>,
    /// For the report.
    pub exchanges: Vec<HttpExchange>,
}

/// Asks for the server's time, which needs no particular permission (OH/article_0528010158). Gives
/// besides how far ahead of it this machine's clock is, where the time can be read.
pub async fn server_time(
    client: &Client,
    account: &dyn Hosts,
    token: &Bearer,
) -> (ServiceAnswer, Option<SignedDuration>) {
    let call = client.get(&AccountUrl::server_time(account), token).await;
    let times = call.result.as_ref().ok().map(|answer| (answer.sent, answer.received));
    let member = |value: &Value| value.get("serverTime")?.as_str().map(str::to_owned);
    let (service, text) = read_answer(call, member);
    let skew = times.zip(text).and_then(|((sent, received), text)| {
        reach::ahead_of(text.parse::<Timestamp>().ok()?, sent, received)
    });
    (service, skew)
}

/// Asks for the list of record types.
pub async fn catalog(
    client: &Client,
    account: &dyn Hosts,
    token: &Bearer,
) -> (ServiceAnswer, Option<OfferedTypes>) {
    let call = client.get_large(&AccountUrl::metadata_catalog(account), token).await;
    read_answer(call, OfferedTypes::read)
}

pub(super) fn read_answer<T>(
    call: Call,
    read: impl Fn(&Value) -> Option<T>,
) -> (ServiceAnswer, Option<T>) {
    let exchanges = call.exchanges;
    let answer = match call.result {
        Ok(answer) => answer,
        Err(error) => {
            let access = ServiceAccess::NoAnswer(error.into());
            return (ServiceAnswer { access, status: None, said: None, exchanges }, None);
        }
    };
    let parsed = serde_json::from_slice::<Value>(&answer.body).ok();
    let found = if answer.status == 200 { parsed.as_ref().and_then(read) } else { None };
    let access = if found.is_some() { ServiceAccess::Open } else { closed(&answer) };
    let said = if found.is_none() { answer.symptom().said } else { None };
    (ServiceAnswer { access, status: Some(answer.status), said, exchanges }, found)
}

/// A role that may not use REST was seen to be refused with 401 and 403 (`record-api.md` 2.8). The words
/// of 400 `USER_ERROR` say as much; where they were isolated they came from a missing Workbook, which
/// these services do without (`facts-2026-11.md` F1).
fn closed(answer: &Answer) -> ServiceAccess {
    if let Some(no_answer) = NoAnswer::of(answer) {
        return ServiceAccess::NoAnswer(no_answer);
    }
    match answer.status {
        401 => ServiceAccess::LoginRefused,
        403 => ServiceAccess::Forbidden,
        404 => ServiceAccess::NotFound,
        400 if answer.error_code().as_deref() == Some("USER_ERROR") => ServiceAccess::RoleRefused,
        _ => ServiceAccess::NoAnswer(NoAnswer::unexpected(answer)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fuzz() {
        let read = std::cell::Cell::new(0);
        let words = ["\"items\"", "\"name\"", "customer", "links", "[]"];
        crate::fuzz::run("metadata-catalog", &words, |bytes| {
            let value = serde_json::from_slice::<Value>(bytes).ok();
            let Some(types) = value.as_ref().and_then(OfferedTypes::read) else { return };
            read.set(read.get() + 1);
            assert_eq!(types.has("no such type"), Some(false));
        });
        assert!(read.get() > 0, "no catalogue was ever read");
    }
}
