//! What a new mapping can be made for: the roles that can sign in with OAuth 2.0, and the users who
//! have one of them.
//!
//! The page of NetSuite offers no role without Log in using OAuth 2.0 Access Tokens
//! (`facts-2026-11.md` F9, observed), so only roles that have it are listed. Tables and columns are
//! those of [`super::role`] and [`super::entity`]; `entityid` is the name of an employee in f29710897800.

use super::{Inside, Page, Reading, Row};
use crate::netsuite::role::plan::LOGIN;

/// Something that can be chosen. The name is for the person who chooses, and for no report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Its internal ID.
    pub id: i64,
    /// What NetSuite calls it.
    pub name: Option<String>,
}

/// What can be chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// As far as it was read.
    pub rows: Vec<Choice>,
    /// Whether there is more than was read.
    pub more: bool,
}

/// The active roles that can sign in with OAuth 2.0, the newest first.
pub async fn roles(inside: Inside<'_>) -> Reading<Choices> {
    let question = format!("SELECT role FROM rolepermissions WHERE permkey = '{LOGIN}'");
    let named = "SELECT id, name FROM role WHERE isinactive = 'F' AND id IN";
    listed(inside, (&question, "role"), named, "name").await
}

/// The active users with access who have a role.
pub async fn holders(inside: Inside<'_>, role: i64) -> Reading<Choices> {
    let question = format!("SELECT entity FROM employeerolesforsearch WHERE role = {role}");
    let named =
        "SELECT id, entityid FROM employee WHERE isinactive = 'F' AND giveaccess = 'T' AND id IN";
    listed(inside, (&question, "entity"), named, "entityid").await
}

/// The rows of `named` whose IDs the first query gives in its column.
async fn listed(
    inside: Inside<'_>,
    (question, column): (&str, &str),
    named: &str,
    name: &str,
) -> Reading<Choices> {
    let ids = inside.ask(question, |page| ids(&page, column)).await;
    let mut exchanges = ids.exchanges;
    let (ids, more) = match ids.result {
        Ok((ids, more)) if ids.is_empty() => {
            return Reading { result: Ok(Choices { rows: Vec::new(), more }), exchanges };
        }
        Ok(ids) => ids,
        Err(stop) => return Reading { result: Err(stop), exchanges },
    };
    let list = ids.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    let question = format!("{named} ({list}) ORDER BY id DESC");
    let rows = inside.ask(&question, |page| choices(&page, name)).await;
    exchanges.extend(rows.exchanges);
    let result = rows.result.map(|rows| Choices { more: rows.more || more, ..rows });
    Reading { result, exchanges }
}

/// Each ID once, and whether there are more.
fn ids(page: &Page, column: &str) -> Option<(Vec<i64>, bool)> {
    let mut ids = page.rows.iter().map(|row| row.number(column)).collect::<Option<Vec<_>>>()?;
    ids.sort_unstable();
    ids.dedup();
    Some((ids, page.more))
}

fn choices(page: &Page, name: &str) -> Option<Choices> {
    let choice = |row: &Row| {
        let name = row.text(name).map(str::trim).filter(|name| !name.is_empty());
        Some(Choice { id: row.number("id")?, name: name.map(str::to_owned) })
    };
    let rows = page.rows.iter().map(choice).collect::<Option<Vec<_>>>()?;
    Some(Choices { rows, more: page.more })
}

#[cfg(test)]
mod tests {
    use super::super::page;
    use super::*;
    use crate::netsuite::answer::sample;

    fn read(body: &str) -> Page {
        page(&sample(200, "application/json", body)).unwrap()
    }

    #[test]
    fn each_id_counts_once_and_a_row_without_one_is_not_guessed() {
        let page = read(r#"{"items":[{"role":"7"},{"role":"3"},{"role":"7"}],"hasMore":true}"#);
        assert_eq!(ids(&page, "role"), Some((vec![3, 7], true)));
        assert_eq!(ids(&page, "entity"), None);
    }

    #[test]
    fn a_choice_has_an_id_and_perhaps_a_name() {
        let page = read(r#"{"items":[{"id":"1042","name":" Survey "},{"id":"9","name":""}]}"#);
        let read = choices(&page, "name").unwrap();
        let named = |id, name: Option<&str>| Choice { id, name: name.map(str::to_owned) };
        assert_eq!(read.rows, [named(1042, Some("Survey")), named(9, None)]);
        assert!(!read.more);
    }
}
