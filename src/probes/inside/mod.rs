//! What an administrator's sign-in can read of the account itself, by SuiteQL.
//!
//! Every text of a query stands in the code; all that is put into one is a number or a time. No query
//! reads more than [`MOST_ROWS`] rows. Columns that name people are left alone.

pub mod choice;
pub mod entity;
pub mod export;
pub mod role;
pub mod trail;

use std::collections::BTreeMap;

use serde_json::Value;

use super::record::{Stop, stop};
use crate::netsuite::Bearer;
use crate::netsuite::answer::Answer;
use crate::netsuite::http::Client;
use crate::netsuite::patterns::Meaning;
use crate::netsuite::url::{AccountUrl, Hosts};
use crate::types::HttpExchange;

pub use crate::netsuite::url::MOST_ROWS;

/// The way to the account, with the token of whoever signed in.
#[derive(Debug, Clone, Copy)]
pub struct Inside<'a> {
    /// The way to NetSuite.
    pub client: &'a Client,
    /// The account's hosts.
    pub hosts: &'a dyn Hosts,
    /// The token.
    pub token: &'a Bearer,
}

/// What came of a question.
#[derive(Debug)]
pub struct Reading<T> {
    /// What was read, or what stopped it.
    pub result: Result<T, Box<Stop>>,
    /// For the report.
    pub exchanges: Vec<HttpExchange>,
}

/// The rows that a query gave.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Page {
    rows: Vec<Row>,
    /// Whether there are more than were read.
    more: bool,
}

/// The columns of a row with a value, names in lower case, values as text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Row(BTreeMap<String, String>);

impl Row {
    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    fn number(&self, name: &str) -> Option<i64> {
        self.text(name)?.trim().parse().ok()
    }

    /// `T` or `F`, as SuiteQL writes what is ticked.
    fn ticked(&self, name: &str) -> Option<bool> {
        match self.text(name)?.trim() {
            "T" | "t" | "true" => Some(true),
            "F" | "f" | "false" => Some(false),
            _ => None,
        }
    }
}

impl Inside<'_> {
    async fn ask<T>(self, question: &str, read: impl FnOnce(Page) -> Option<T>) -> Reading<T> {
        let url = AccountUrl::suiteql_rows(self.hosts);
        let call = self.client.suiteql(&url, self.token, question).await;
        let result = match call.result {
            Ok(answer) => page(&answer)
                .and_then(|page| read(page).ok_or_else(|| Box::new(Stop::unexpected(&answer)))),
            Err(error) => Err(Box::new(error.into())),
        };
        Reading { result, exchanges: call.exchanges }
    }
}

fn page(answer: &Answer) -> Result<Page, Box<Stop>> {
    if answer.status != 200 {
        return Err(Box::new(stop(answer)));
    }
    let value: Option<Value> = serde_json::from_slice(&answer.body).ok();
    let read = value.as_ref().and_then(|value| {
        let rows = value.get("items")?.as_array()?.iter().map(row).collect::<Option<Vec<_>>>()?;
        let more = value.get("hasMore").and_then(Value::as_bool).unwrap_or(false);
        Some(Page { more: more || rows.len() > MOST_ROWS, rows })
    });
    read.ok_or_else(|| Box::new(Stop::unexpected(answer)))
}

/// The longest value that is kept, in characters.
const LONGEST: usize = 200;

fn row(value: &Value) -> Option<Row> {
    let columns = value.as_object()?.iter().filter_map(|(name, value)| {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(ticked) => if *ticked { "T" } else { "F" }.to_owned(),
            _ => return None,
        };
        let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST);
        Some((name.to_ascii_lowercase(), plain.collect()))
    });
    Some(Row(columns.collect()))
}

/// Whether what stopped a reading is that the role may not read it. A query that was not understood
/// is none of that.
#[must_use]
pub fn is_refusal(stop: &Stop) -> bool {
    match stop {
        Stop::LoginRefused => true,
        Stop::Refused(refused) => {
            matches!(refused.status, 400 | 403)
                && !matches!(refused.meaning, Meaning::QuerySyntax | Meaning::MalformedRequest)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netsuite::answer::sample;

    #[test]
    fn rows_are_read_with_names_in_lower_case() {
        let body = r#"{"items":[{"links":[],"permKey":"ADMI_X","permlevel":"4","role":1028,
            "isInactive":false}],"hasMore":true}"#;
        let page = page(&sample(200, "application/json", body)).unwrap();
        assert!(page.more);
        let [row] = page.rows.as_slice() else { panic!() };
        assert_eq!((row.text("permkey"), row.number("role")), (Some("ADMI_X"), Some(1028)));
        assert_eq!((row.number("permlevel"), row.ticked("isinactive")), (Some(4), Some(false)));
        assert_eq!(row.text("links"), None);
    }

    #[test]
    fn what_is_no_list_of_rows_stays_open() {
        for body in ["", "[]", "{}", r#"{"items":{}}"#, r#"{"items":[1]}"#] {
            let stop = *page(&sample(200, "application/json", body)).unwrap_err();
            assert!(matches!(stop, Stop::NoAnswer(_)), "{body}");
            assert!(!is_refusal(&stop));
        }
    }

    #[test]
    fn a_refusal_is_told_from_a_query_that_was_not_understood() {
        let stopped = |status, detail: &str| {
            let body = format!(
                r#"{{"o:errorDetails":[{{"detail":"{detail}","o:errorCode":"INVALID_PARAMETER"}}]}}"#
            );
            is_refusal(&page(&sample(status, "application/json", &body)).unwrap_err())
        };
        let words = "Invalid search query. Detailed unprocessed description follows. Record \
                     'LoginAudit' was not found.";
        assert!(stopped(400, words));
        assert!(stopped(403, "Permission Violation"));
        assert!(stopped(401, "Invalid login attempt."));
        assert!(!stopped(500, "An unexpected error occurred."));
        assert!(!stopped(429, "Concurrent request limit exceeded."));
    }
}
