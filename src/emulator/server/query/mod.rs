//! The query service: a small, honest part of SuiteQL.

mod parse;

use std::collections::BTreeMap;

use hyper::{Method, StatusCode};
use parse::{Item, Predicate, Select};
use serde_json::{Map, Value, json};

use super::message::{Reply, Request, ServiceError};
use super::record::{absent, has_workbook, unreadable, visible, workbook_missing};
use super::state::{ServerState, admit};
use crate::emulator::model::{Account, GrantedLevel, Role, TableRow};
use crate::emulator::switches::{Switches, UnknownTable, WorkbookQuery};
use crate::types::Level;

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
            let table = open(&account, switches, caller.role, &select.table)?;
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
    let counted = rows.len();
    if let Some(most) = select.most {
        rows.truncate(most);
    }
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
        .map(|row| project(select, row, counted))
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

fn check_columns(select: &Select, table: &VisibleTable) -> Result<(), String> {
    let selected = select.items.iter().filter_map(|item| match item {
        Item::Column(column, _) => Some(column),
        _ => None,
    });
    let compared = select.conditions.iter().map(|condition| match condition {
        Predicate::OneOf(column, _) | Predicate::NoneOf(column, _) => column,
    });
    for column in selected.chain(compared) {
        if !table.columns.contains(column) {
            let name = &table.name;
            return Err(format!(
                "Search error occurred: Unknown identifier '{column}'. Available identifiers are: \
                 {{{name}={name}}}."
            ));
        }
    }
    Ok(())
}

fn holds(condition: &Predicate, row: &Columns) -> bool {
    let among = |column: &String, values: &[String]| {
        row.get(column).is_some_and(|own| values.iter().any(|v| v.eq_ignore_ascii_case(own)))
    };
    match condition {
        Predicate::OneOf(column, values) => among(column, values),
        Predicate::NoneOf(column, values) => !among(column, values),
    }
}

fn project(select: &Select, row: &Columns, counted: usize) -> Value {
    let mut members = Map::new();
    members.insert("links".to_owned(), json!([]));
    for item in &select.items {
        match item {
            Item::All => {
                members.extend(row.iter().map(|(name, value)| (name.clone(), json!(value))));
            }
            Item::Count(name) => {
                members.insert(name.clone(), json!(counted.to_string()));
            }
            Item::Constant(value, name) => {
                members.insert(name.clone(), json!(value));
            }
            Item::Column(column, name) => {
                if let Some(value) = row.get(column) {
                    members.insert(name.clone(), json!(value));
                }
            }
        }
    }
    Value::Object(members)
}

// Tables, as one role sees them.

/// One row: column names in lower case.
type Columns = BTreeMap<String, String>;

/// A table that the role may see, with the rows that it may see.
struct VisibleTable {
    name: String,
    columns: Vec<String>,
    rows: Vec<Columns>,
}

/// Opens a table. One that is hidden from the role, or whose feature is off, is answered with other
/// words than one that does not exist (`facts-2026-11.md` F2).
fn open(
    account: &Account,
    switches: &Switches,
    role: &Role,
    name: &str,
) -> Result<VisibleTable, String> {
    let hidden = || format!("Search error occurred: Record '{name}' was not found.");
    let wanted = name.to_ascii_lowercase();
    if wanted.is_empty() || wanted == "dual" {
        let rows = vec![Columns::new()];
        return Ok(VisibleTable { name: wanted, columns: Vec::new(), rows });
    }
    let other = account.tables.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
    if let Some((_, table)) = other {
        if !role.grant(&table.permission).reaches(Level::View) {
            return Err(hidden());
        }
        let rows = match wanted.as_str() {
            "rolepermissions" => role_permissions(account),
            _ => table.rows.iter().map(columns_of).collect(),
        };
        return Ok(shape(wanted, rows));
    }
    let (mut exists, mut found) = (false, false);
    let mut rows = Vec::new();
    for (type_name, record) in &account.records {
        let on = record.feature.as_deref().is_none_or(|feature| account.feature(feature));
        let least = record.needed(Level::View);
        if record.table_name(type_name).as_deref() != Some(&wanted) {
            continue;
        }
        exists = true;
        if !on || !role.grant(record.table_permission()).reaches(least) {
            continue;
        }
        found = true;
        // Rows of a shared table are limited to the types that the role may read.
        if !role.grant(&record.permission).reaches(least) {
            continue;
        }
        let seen = |row: &&TableRow| visible(switches, role, row);
        rows.extend(record.rows.iter().filter(seen).map(|row| {
            let mut columns = columns_of(row);
            if record.transaction {
                columns.insert("recordtype".to_owned(), type_name.to_ascii_lowercase());
                columns.insert("tranid".to_owned(), row.name.clone());
            }
            columns
        }));
    }
    match switches.unknown_table {
        _ if found => Ok(shape(wanted, rows)),
        UnknownTable::InvalidSearchType if !exists => Err(format!("Invalid search type: {name}.")),
        _ => Err(hidden()),
    }
}

fn shape(name: String, rows: Vec<Columns>) -> VisibleTable {
    let mut columns: Vec<String> = vec!["id".to_owned(), "name".to_owned()];
    if name == "transaction" {
        columns.extend(["recordtype".to_owned(), "tranid".to_owned()]);
    }
    for own in rows.iter().flat_map(BTreeMap::keys) {
        if !columns.contains(own) {
            columns.push(own.clone());
        }
    }
    VisibleTable { name, columns, rows }
}

fn columns_of(row: &TableRow) -> Columns {
    let mut columns = Columns::from([
        ("id".to_owned(), row.id.to_string()),
        ("name".to_owned(), row.name.clone()),
    ]);
    if let Some(subsidiary) = row.subsidiary {
        columns.insert("subsidiary".to_owned(), subsidiary.to_string());
    }
    let further =
        row.columns.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone()));
    columns.extend(further);
    columns
}

/// `rolepermissions`. Source: OH/section_0210123130; levels 1 View to 4 Full (OH/section_N326341).
fn role_permissions(account: &Account) -> Vec<Columns> {
    let mut rows = Vec::new();
    for role in account.roles.values() {
        for (key, grant) in &role.permissions {
            let level = match grant {
                GrantedLevel::None => continue,
                GrantedLevel::View => "1",
                GrantedLevel::Create => "2",
                GrantedLevel::Edit => "3",
                GrantedLevel::Full => "4",
            };
            let name = account.quoted(key);
            let name = name.split_once(" -> ").map_or(name, |(_, name)| name);
            rows.push(Columns::from([
                ("name".to_owned(), name.to_owned()),
                ("permkey".to_owned(), key.clone()),
                ("permlevel".to_owned(), level.to_owned()),
                ("restriction".to_owned(), "-1".to_owned()),
                ("role".to_owned(), role.id.to_string()),
            ]));
        }
    }
    rows
}
