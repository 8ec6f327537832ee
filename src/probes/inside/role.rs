//! A role: its name, whether it is active, and its permissions.
//!
//! Sources: OH/section_0210125706 (name), OH/section_0210123130 (`name`, `permkey`, `permlevel` 1 to
//! 4, `restriction`, `role`); the levels View, Create, Edit, Full in this order, and `isinactive`, as
//! programs that ship such queries read them (observed).

use super::{Inside, Page, Reading, Row};
use crate::netsuite::role::{HeldPermission, RoleDefinition};
use crate::types::Level;

/// What a role says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRow {
    /// Its name.
    pub name: Option<String>,
    /// Whether it is switched off.
    pub inactive: Option<bool>,
}

/// Reads a role; none where there is no such role, or none that may be seen.
pub async fn role(inside: Inside<'_>, role: i64) -> Reading<Option<RoleRow>> {
    let question = format!("SELECT id, name, isinactive FROM role WHERE id = {role}");
    inside.ask(&question, |page| Some(page.rows.first().map(role_row))).await
}

fn role_row(row: &Row) -> RoleRow {
    RoleRow { name: row.text("name").map(str::to_owned), inactive: row.ticked("isinactive") }
}

/// The permissions of a role, as far as they were read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RolePermissions {
    /// The role as its definition would have it.
    pub definition: RoleDefinition,
    /// Whether it has more of them than are read at once.
    pub more: bool,
}

/// Reads the permissions of a role.
pub async fn permissions(inside: Inside<'_>, role: i64) -> Reading<RolePermissions> {
    let question =
        format!("SELECT permkey, permlevel, restriction FROM rolepermissions WHERE role = {role}");
    inside.ask(&question, definition).await
}

fn definition(page: Page) -> Option<RolePermissions> {
    let more = page.more;
    let held = page.rows.iter().map(held).collect::<Option<Vec<_>>>()?;
    Some(RolePermissions { definition: RoleDefinition::holding(held), more })
}

fn held(row: &Row) -> Option<HeldPermission> {
    let level = match row.number("permlevel")? {
        0 => None,
        1 => Some(Level::View),
        2 => Some(Level::Create),
        3 => Some(Level::Edit),
        4 => Some(Level::Full),
        _ => return None,
    };
    // -1 in Oracle's sample, on every line: none.
    let restriction = row.text("restriction").filter(|text| !matches!(*text, "" | "-1" | "0"));
    Some(HeldPermission {
        key: row.text("permkey").filter(|key| !key.is_empty())?.to_owned(),
        level,
        restriction: restriction.map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::super::page;
    use super::*;
    use crate::netsuite::answer::sample;

    fn read(body: &str) -> Option<RolePermissions> {
        definition(page(&sample(200, "application/json", body)).unwrap())
    }

    #[test]
    fn oracles_sample_is_read() {
        let body = r#"{"count":2,"hasMore":false,"items":[
            {"links":[],"name":"Custom Fields","permkey":"ADMI_CUSTFIELD","permlevel":"4",
             "restriction":"-1","role":"1028"},
            {"links":[],"name":"Customers","permkey":"LIST_CUSTJOB","permlevel":"1",
             "restriction":"2","role":"1028"}]}"#;
        let read = read(body).unwrap();
        let role = &read.definition;
        assert_eq!(role.level("ADMI_CUSTFIELD"), Some(Level::Full));
        assert_eq!(role.level("list_custjob"), Some(Level::View));
        assert_eq!(role.grant("ADMI_CUSTFIELD").unwrap().restriction, None);
        assert_eq!(role.grant("LIST_CUSTJOB").unwrap().restriction.as_deref(), Some("2"));
        assert!(!read.more);
    }

    #[test]
    fn a_level_that_is_not_known_is_not_guessed() {
        for level in ["5", "-1", "View", ""] {
            let body = format!(r#"{{"items":[{{"permkey":"A","permlevel":"{level}"}}]}}"#);
            assert_eq!(read(&body), None, "{level}");
        }
        assert_eq!(read(r#"{"items":[{"permlevel":"1"}]}"#), None);
    }
}
