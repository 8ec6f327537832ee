//! Tables, as one role sees them.

use std::collections::BTreeMap;

use crate::emulator::model::role::{Entity, EntityKind};
use crate::emulator::model::{Account, GrantedLevel, Role, TableRow};
use crate::emulator::server::audit::AUDIT_COLUMNS;
use crate::emulator::server::record::visible;
use crate::emulator::server::state::ServerState;
use crate::emulator::switches::{AuditQuery, UnknownTable};
use crate::types::Level;

/// One row: column names in lower case. Dates are written so that they compare as texts.
pub(super) type Columns = BTreeMap<String, String>;

/// A table that the role may see, with the rows that it may see.
pub(super) struct VisibleTable {
    pub(super) name: String,
    pub(super) columns: Vec<String>,
    /// Which of them are dates.
    pub(super) dates: &'static [&'static str],
    pub(super) rows: Vec<Columns>,
}

/// Opens a table. One that is hidden from the role, or whose feature is off, is answered with other
/// words than one that does not exist (`facts-2026-11.md` F2).
pub(super) fn open(
    state: &ServerState,
    account: &Account,
    role: &Role,
    name: &str,
) -> Result<VisibleTable, String> {
    let switches = &state.switches;
    let hidden = || format!("Search error occurred: Record '{name}' was not found.");
    let unknown = || format!("Invalid search type: {name}.");
    let wanted = name.to_ascii_lowercase();
    if wanted.is_empty() || wanted == "dual" {
        return Ok(VisibleTable {
            name: wanted,
            columns: Vec::new(),
            dates: &[],
            rows: vec![Columns::new()],
        });
    }
    let other = account.tables.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
    if let Some((_, table)) = other {
        let closed = wanted == "loginaudit" && switches.audit_query == AuditQuery::Hidden;
        if closed || !role.grant(&table.permission).reaches(Level::View) {
            return Err(hidden());
        }
        let rows = match wanted.as_str() {
            "rolepermissions" => role_permissions(account),
            "role" => account.roles.values().map(role_row).collect(),
            "entity" => account.entities.values().map(entity_row).collect(),
            "employeerolesforsearch" => assigned_roles(account),
            "loginaudit" => {
                return Ok(VisibleTable {
                    name: wanted,
                    columns: AUDIT_COLUMNS.map(str::to_owned).to_vec(),
                    dates: &["date"],
                    rows: state.audit_rows(),
                });
            }
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
    if found && wanted == "employee" {
        rows = employees(account, rows);
    }
    match switches.unknown_table {
        _ if found => Ok(shape(wanted, rows)),
        UnknownTable::InvalidSearchType if !exists => Err(unknown()),
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
    VisibleTable { name, columns, dates: &[], rows }
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

fn named<const N: usize>(columns: [(&str, String); N]) -> Columns {
    columns.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Boxes, as SuiteQL writes them.
fn ticked(value: bool) -> String {
    if value { "T" } else { "F" }.to_owned()
}

/// `role`. Source: OH/section_0210125706; `isinactive` and the last in f62555308531.
fn role_row(role: &Role) -> Columns {
    named([
        ("id", role.id.to_string()),
        ("name", role.name.clone()),
        ("isinactive", ticked(role.inactive)),
        ("iswebserviceonlyrole", ticked(role.web_services_only)),
    ])
}

/// `entity`: everybody who can hold a role.
fn entity_row(entity: &Entity) -> Columns {
    named([
        ("id", entity.id.to_string()),
        ("entityid", entity.name.clone()),
        ("type", entity.kind.as_str().to_owned()),
        ("isinactive", ticked(entity.inactive)),
    ])
}

/// The IDs of an entity's roles, in their order.
fn role_ids(account: &Account, entity: &Entity) -> Vec<i64> {
    let mut ids: Vec<i64> =
        entity.roles.iter().filter_map(|name| account.roles.get(name)).map(|r| r.id).collect();
    ids.sort_unstable();
    ids
}

/// `employee`: the rows of the record type, and all who can hold a role. Source of `rolesforsearch`:
/// OH/section_0210124841; of the others f29710897800.
fn employees(account: &Account, mut rows: Vec<Columns>) -> Vec<Columns> {
    for entity in account.entities.values().filter(|e| e.kind == EntityKind::Employee) {
        let roles: Vec<String> = role_ids(account, entity).iter().map(i64::to_string).collect();
        let mut columns = named([
            ("id", entity.id.to_string()),
            ("name", entity.name.clone()),
            ("entityid", entity.name.clone()),
            ("isinactive", ticked(entity.inactive)),
            ("giveaccess", ticked(entity.login_access)),
            ("rolesforsearch", roles.join(", ")),
        ]);
        columns.extend(entity.email.clone().map(|email| ("email".to_owned(), email)));
        match rows.iter_mut().find(|row| row.get("id") == columns.get("id")) {
            Some(row) => row.extend(columns),
            None => rows.push(columns),
        }
    }
    rows
}

/// `employeerolesforsearch`: one row per employee and role. Columns as in f55656528336.
fn assigned_roles(account: &Account) -> Vec<Columns> {
    let employees = account.entities.values().filter(|e| e.kind == EntityKind::Employee);
    let rows = employees.flat_map(|entity| {
        let ids = role_ids(account, entity);
        ids.into_iter().map(|role| (entity.id.to_string(), role.to_string()))
    });
    rows.map(|(entity, role)| named([("entity", entity), ("role", role)])).collect()
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
            rows.push(named([
                ("name", name.to_owned()),
                ("permkey", key.clone()),
                ("permlevel", level.to_owned()),
                ("restriction", "-1".to_owned()),
                ("role", role.id.to_string()),
            ]));
        }
    }
    rows
}
