//! Tables, as one role sees them.

use std::collections::BTreeMap;

use crate::emulator::model::{Account, Grant, Role, Row};
use crate::emulator::switches::Switches;
use crate::types::Level;

/// One row: column names in lower case.
pub(super) type Columns = BTreeMap<String, String>;

/// A table that the role may see, with the rows that it may see.
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Columns>,
}

/// Opens a table. One that is hidden from the role, whose feature is off, or that does not exist is
/// answered with the same words (`record-api.md` 2.7).
pub(super) fn open(
    account: &Account,
    switches: &Switches,
    role: &Role,
    name: &str,
) -> Result<Table, String> {
    let hidden = || format!("Search error occurred: Record '{name}' was not found.");
    let wanted = name.to_ascii_lowercase();
    if wanted.is_empty() || wanted == "dual" {
        let rows = vec![Columns::new()];
        return Ok(Table { name: wanted, columns: Vec::new(), rows });
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
    let mut found = false;
    let mut rows = Vec::new();
    for (type_name, record) in &account.records {
        let on = record.feature.as_deref().is_none_or(|feature| account.feature(feature));
        let least = record.needed(Level::View);
        if record.table_name(type_name).as_deref() != Some(&wanted)
            || !on
            || !role.grant(record.table_permission()).reaches(least)
        {
            continue;
        }
        found = true;
        // Rows of a shared table are limited to the types that the role may read.
        if !role.grant(&record.permission).reaches(least) {
            continue;
        }
        let seen = |row: &&Row| super::super::record::visible(switches, role, row);
        rows.extend(record.rows.iter().filter(seen).map(|row| {
            let mut columns = columns_of(row);
            if record.transaction {
                columns.insert("recordtype".to_owned(), type_name.to_ascii_lowercase());
                columns.insert("tranid".to_owned(), row.name.clone());
            }
            columns
        }));
    }
    if found { Ok(shape(wanted, rows)) } else { Err(hidden()) }
}

fn shape(name: String, rows: Vec<Columns>) -> Table {
    let mut columns: Vec<String> = vec!["id".to_owned(), "name".to_owned()];
    if name == "transaction" {
        columns.extend(["recordtype".to_owned(), "tranid".to_owned()]);
    }
    for own in rows.iter().flat_map(BTreeMap::keys) {
        if !columns.contains(own) {
            columns.push(own.clone());
        }
    }
    Table { name, columns, rows }
}

fn columns_of(row: &Row) -> Columns {
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
                Grant::None => continue,
                Grant::View => "1",
                Grant::Create => "2",
                Grant::Edit => "3",
                Grant::Full => "4",
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
