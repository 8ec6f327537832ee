//! The query service: a small, honest part of SuiteQL.

mod parse;
mod tables;

use std::cmp::Ordering;

use hyper::{Method, StatusCode};
use parse::{Compared, Item, Operator, Predicate, Select};
use serde_json::{Map, Value, json};
use tables::{Columns, VisibleTable};

use super::message::{Reply, Request, ServiceError};
use super::record::{absent, has_workbook, unreadable, workbook_missing};
use super::state::{ServerState, admit};
use crate::emulator::switches::WorkbookQuery;

pub(super) fn answer(state: &ServerState, request: &Request, segments: &[&str]) -> Reply {
    let account = state.account();
    let caller = match admit(state, &account, request, true) {
        Ok(caller) => caller,
        Err(refusal) => return refusal,
    };
    let switches = &state.switches;
    if segments != ["suiteql"] {
        let detail = "Invalid request URL.";
        return ServiceError::new(StatusCode::NOT_FOUND, "INVALID_URL", detail).answer(switches);
    }
    if request.method != Method::POST {
        let status = StatusCode::METHOD_NOT_ALLOWED;
        let detail = "This operation is not allowed.";
        return ServiceError::new(status, "INVALID_METHOD", detail).answer(switches);
    }
    // The wording without the header was not captured.
    let prefer = request.header_named("prefer").unwrap_or("");
    if !prefer.split(',').any(|value| value.trim().eq_ignore_ascii_case("transient")) {
        return ServiceError::bad_request(
            "INVALID_PARAMETER",
            "The header Prefer: transient is required.",
        )
        .at("o:errorHeader", "Prefer")
        .answer(switches);
    }
    if !has_workbook(&account, caller.role) {
        return match switches.workbook_query {
            WorkbookQuery::UserError => workbook_missing(),
            WorkbookQuery::Forbidden => {
                ServiceError::forbidden(absent(account.quoted("REPO_ANALYTICS")))
            }
            WorkbookQuery::InvalidParameter => unreadable(),
        }
        .answer(switches);
    }
    let body: Option<Value> = serde_json::from_slice(&request.body).ok();
    let Some(text) = body.as_ref().and_then(|body| body.get("q")).and_then(Value::as_str) else {
        let detail = "Invalid content in the request body.";
        return ServiceError::bad_request("INVALID_CONTENT", detail).answer(switches);
    };
    let result = parse::parse(text)
        .map_err(|at| format!("Failed to parse SQL [{text}] near `{at}`."))
        .and_then(|select| {
            let table = tables::open(state, &account, caller.role, &select.table)?;
            run(&select, &table, request)
        });
    match result {
        Ok(body) => Reply::resource("application/vnd.oracle.resource+json; type=collection", &body),
        Err(words) => {
            let detail =
                format!("Invalid search query. Detailed unprocessed description follows. {words}");
            ServiceError::bad_request("INVALID_PARAMETER", detail)
                .at("o:errorQueryParam", "q")
                .answer(switches)
        }
    }
}

// Runs a query over a table.

/// The answer as the query service writes it: every value a text (OH/section_0210123130). The error
/// is what follows "Detailed unprocessed description follows.".
fn run(select: &Select, table: &VisibleTable, request: &Request) -> Result<Value, String> {
    check_columns(select, table)?;
    let mut rows: Vec<&Columns> = table
        .rows
        .iter()
        .filter(|row| select.conditions.iter().all(|condition| holds(condition, row)))
        .collect();
    // ROWNUM is counted before rows are put in order, TOP and FETCH afterwards: as in Oracle's
    // database.
    rows.truncate(select.rownum.unwrap_or(usize::MAX));
    rows.sort_by(|one, other| {
        let by = |(column, down): &(String, bool)| {
            let order = compare(one.get(column), other.get(column));
            if *down { order.reverse() } else { order }
        };
        select.order.iter().map(by).fold(Ordering::Equal, Ordering::then)
    });
    let counted = rows.len();
    rows.truncate(select.most.unwrap_or(usize::MAX));
    let nothing = Columns::new();
    if select.items.iter().any(|item| matches!(item, Item::Count(_))) {
        rows = vec![&nothing];
    }
    let number = |name: &str, default: usize| match request.parameter(name) {
        None => Ok(default),
        Some(text) => text.parse().map_err(|_| format!("Invalid value for {name}.")),
    };
    let limit = number("limit", 1000)?.clamp(1, 1000);
    let offset = number("offset", 0)?;
    let total = rows.len();
    let items: Vec<Value> = rows
        .into_iter()
        .skip(offset)
        .take(limit)
        .map(|row| project(select, table, row, counted))
        .collect();
    let href = format!("https://{}{}", request.host, request.path);
    Ok(json!({
        "links": [{ "rel": "self", "href": href }],
        "count": items.len(),
        "hasMore": offset.saturating_add(items.len()) < total,
        "items": items,
        "offset": offset,
        "totalResults": total,
    }))
}

/// Columns that do not exist, and dates where none are, are refused.
fn check_columns(select: &Select, table: &VisibleTable) -> Result<(), String> {
    let selected = select.items.iter().filter_map(|item| match item {
        Item::Column(column, _) | Item::Written(column, ..) => Some(column),
        _ => None,
    });
    let compared = select.conditions.iter().map(Predicate::column);
    let ordered = select.order.iter().map(|(column, _)| column);
    for column in selected.chain(compared).chain(ordered) {
        if !table.columns.contains(column) {
            let name = &table.name;
            return Err(format!(
                "Search error occurred: Unknown identifier '{column}'. Available identifiers are: \
                 {{{name}={name}}}."
            ));
        }
    }
    let written = select.items.iter().filter_map(|item| match item {
        Item::Written(column, ..) => Some((column, true)),
        _ => None,
    });
    let compared = select.conditions.iter().filter_map(|condition| match condition {
        Predicate::Compare(column, _, value) => Some((column, matches!(value, Compared::Time(_)))),
        Predicate::OneOf(column, _) | Predicate::NoneOf(column, _) => Some((column, false)),
        Predicate::Null(..) => None,
    });
    for (column, as_time) in written.chain(compared) {
        if table.dates.contains(&column.as_str()) != as_time {
            // No words for it are on record.
            return Err(format!("Search error occurred: Invalid date or number for '{column}'."));
        }
    }
    Ok(())
}

/// Numbers as numbers, everything else as text; what is blank comes last.
fn compare(one: Option<&String>, other: Option<&String>) -> Ordering {
    match (one, other) {
        (Some(one), Some(other)) => match (one.parse::<i64>(), other.parse::<i64>()) {
            (Ok(one), Ok(other)) => one.cmp(&other),
            _ => one.cmp(other),
        },
        (one, other) => one.is_none().cmp(&other.is_none()),
    }
}

fn holds(condition: &Predicate, row: &Columns) -> bool {
    let among = |column: &String, values: &[String]| {
        row.get(column).is_some_and(|own| values.iter().any(|v| v.eq_ignore_ascii_case(own)))
    };
    match condition {
        Predicate::OneOf(column, values) => among(column, values),
        Predicate::NoneOf(column, values) => row.contains_key(column) && !among(column, values),
        Predicate::Null(column, wanted) => row.contains_key(column) != *wanted,
        Predicate::Compare(column, operator, Compared::Plain(value) | Compared::Time(value)) => {
            row.get(column).is_some_and(|own| operator.holds(compare(Some(own), Some(value))))
        }
    }
}

impl Operator {
    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::More => order.is_gt(),
            Self::AtLeast => order.is_ge(),
        }
    }
}

fn project(select: &Select, table: &VisibleTable, row: &Columns, counted: usize) -> Value {
    let mut members = Map::new();
    members.insert("links".to_owned(), json!([]));
    // A date alone is shown without its time, in the form of the account's preference.
    let shown = |column: &str, value: &str| {
        let date = table.dates.contains(&column).then(|| parse::write(value, "MM/DD/YYYY"));
        json!(date.flatten().unwrap_or_else(|| value.to_owned()))
    };
    for item in &select.items {
        match item {
            Item::All => {
                members.extend(row.iter().map(|(name, value)| (name.clone(), shown(name, value))));
            }
            Item::Count(name) => {
                members.insert(name.clone(), json!(counted.to_string()));
            }
            Item::Constant(value, name) => {
                members.insert(name.clone(), json!(value));
            }
            Item::Column(column, name) => {
                if let Some(value) = row.get(column) {
                    members.insert(name.clone(), shown(column, value));
                }
            }
            Item::Written(column, mask, name) => {
                if let Some(text) = row.get(column).and_then(|value| parse::write(value, mask)) {
                    members.insert(name.clone(), json!(text));
                }
            }
        }
    }
    Value::Object(members)
}
