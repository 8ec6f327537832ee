//! Whom a mapping signs in: whether they are active, may log in, and which roles they have.
//!
//! OH/section_0210124841 reads the roles of an employee; the table with one row per employee and role,
//! `employeerolesforsearch` (`entity`, `role`), and the columns `giveaccess` and `isinactive` are those
//! of several programs that ship such queries (observed).

use super::{Inside, Reading, Row};

/// An employee as its record has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmployeeRow {
    /// Whether the record is inactive.
    pub inactive: Option<bool>,
    /// Whether Give Access is ticked.
    pub access: Option<bool>,
}

/// Reads an employee; none where the ID is none of an employee's, or none that may be seen.
pub async fn employee(inside: Inside<'_>, entity: i64) -> Reading<Option<EmployeeRow>> {
    let question = format!("SELECT id, isinactive, giveaccess FROM employee WHERE id = {entity}");
    inside.ask(&question, |page| Some(page.rows.first().map(employee_row))).await
}

fn employee_row(row: &Row) -> EmployeeRow {
    EmployeeRow { inactive: row.ticked("isinactive"), access: row.ticked("giveaccess") }
}

/// Anybody who can hold a role, as the table `entity` has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityRow {
    /// What kind of record it is, in NetSuite's word.
    pub kind: Option<String>,
    /// Whether the record is inactive.
    pub inactive: Option<bool>,
}

/// Reads whoever has an ID; none where nobody has it who may be seen. Table and columns are inferred
/// from those of `employee`: no source prints them.
pub async fn entity(inside: Inside<'_>, id: i64) -> Reading<Option<EntityRow>> {
    let question = format!("SELECT id, type, isinactive FROM entity WHERE id = {id}");
    let read = |row: &Row| EntityRow {
        kind: row.text("type").map(str::to_owned),
        inactive: row.ticked("isinactive"),
    };
    inside.ask(&question, |page| Some(page.rows.first().map(read))).await
}

/// The roles that an employee has, and whether they were all read.
pub async fn roles(inside: Inside<'_>, entity: i64) -> Reading<(Vec<i64>, bool)> {
    let question = format!("SELECT role FROM employeerolesforsearch WHERE entity = {entity}");
    inside
        .ask(&question, |page| {
            let roles = page.rows.iter().map(|row| row.number("role")).collect::<Option<_>>()?;
            Some((roles, !page.more))
        })
        .await
}
