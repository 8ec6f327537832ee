//! Runs a query over a table.

use serde_json::{Map, Value, json};

use super::super::call::Call;
use super::parse::{Condition, Item, Select};
use super::table::{Columns, Table};

/// The answer as the query service writes it: every value a text (OH/section_0210123130). The error
/// is what follows "Detailed unprocessed description follows.".
pub(super) fn run(select: &Select, table: &Table, call: &Call) -> Result<Value, String> {
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
    let number = |name: &str, default: usize| match call.parameter(name) {
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
    let href = format!("https://{}{}", call.host, call.path);
    Ok(json!({
        "links": [{ "rel": "self", "href": href }],
        "count": items.len(),
        "hasMore": offset.saturating_add(items.len()) < total,
        "items": items,
        "offset": offset,
        "totalResults": total,
    }))
}

fn check_columns(select: &Select, table: &Table) -> Result<(), String> {
    let selected = select.items.iter().filter_map(|item| match item {
        Item::Column(column, _) => Some(column),
        _ => None,
    });
    let compared = select.conditions.iter().map(|condition| match condition {
        Condition::OneOf(column, _) | Condition::NoneOf(column, _) => column,
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

fn holds(condition: &Condition, row: &Columns) -> bool {
    let among = |column: &String, values: &[String]| {
        row.get(column).is_some_and(|own| values.iter().any(|v| v.eq_ignore_ascii_case(own)))
    };
    match condition {
        Condition::OneOf(column, values) => among(column, values),
        Condition::NoneOf(column, values) => !among(column, values),
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
