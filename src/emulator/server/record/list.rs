//! GET of a collection.

use hyper::StatusCode;
use serde_json::{Value, json};

use super::super::answer::{Answer, ServiceError};
use super::{Asked, refusal};
use crate::emulator::model::{Account, ListBehaviour, Role, Row};
use crate::emulator::switches::{
    BetaStatus, ListNeedsWorkbook, ListRefusal, RestrictedList, Switches, WorkbookList,
};
use crate::types::Level;

/// Whether a role may query: the feature and the permission at Edit (OH/article_5085602973).
pub(in crate::emulator::server) fn has_workbook(account: &Account, role: &Role) -> bool {
    account.feature("SuiteAnalytics Workbook") && role.grant("REPO_ANALYTICS").reaches(Level::Edit)
}

/// Whether a row shows in lists and queries.
pub(in crate::emulator::server) fn visible(switches: &Switches, role: &Role, row: &Row) -> bool {
    switches.restricted_list == RestrictedList::Listed || role.sees_subsidiary(row.subsidiary)
}

pub(super) fn list(asked: &Asked<'_>) -> Result<Answer, ServiceError> {
    let Asked { account, switches, name, record, .. } = *asked;
    let role = asked.caller.role;
    match record.list {
        ListBehaviour::Ordinary => {}
        ListBehaviour::MethodNotAllowed => {
            let detail = format!(
                "This operation is not allowed for a {name} record. Use one of the following valid \
                 operations: edit, create, delete, load."
            );
            let status = StatusCode::METHOD_NOT_ALLOWED;
            return Err(ServiceError::new(status, "INVALID_METHOD", detail));
        }
        ListBehaviour::Beta => {
            let detail = format!(
                "The {name} record is only available as a beta record. Enable the REST Record \
                 Service (Beta) feature in Setup > Company > Enable Features to work with this \
                 record."
            );
            return Err(match switches.beta_status {
                BetaStatus::Forbidden => ServiceError::forbidden(detail),
                BetaStatus::BadRequest => ServiceError::bad_request("USER_ERROR", detail),
            });
        }
    }
    if let Err(words) = refusal::check(account, role, name, record, Level::View) {
        return Err(match switches.list_refusal {
            ListRefusal::Forbidden => ServiceError::forbidden(words),
            ListRefusal::InvalidParameter => refusal::unreadable(),
        });
    }
    if switches.list_needs_workbook == ListNeedsWorkbook::Yes && !has_workbook(account, role) {
        return Err(match switches.workbook_list {
            WorkbookList::Forbidden => {
                ServiceError::forbidden(refusal::absent(account.quoted("REPO_ANALYTICS")))
            }
            WorkbookList::InvalidParameter => refusal::unreadable(),
        });
    }
    page(asked, role)
}

fn page(asked: &Asked<'_>, role: &Role) -> Result<Answer, ServiceError> {
    let (limit, offset) = window(asked)?;
    let rows: Vec<&Row> =
        asked.record.rows.iter().filter(|row| visible(asked.switches, role, row)).collect();
    let base = format!("https://{}/services/rest/record/v1/{}", asked.call.host, asked.name);
    let items: Vec<Value> = rows
        .iter()
        .skip(offset)
        .take(limit)
        .map(|row| {
            let href = format!("{base}/{}", row.id);
            json!({ "links": [{ "rel": "self", "href": href }], "id": row.id.to_string() })
        })
        .collect();
    let has_more = offset.saturating_add(items.len()) < rows.len();
    let mut links =
        vec![json!({ "rel": "self", "href": format!("{base}?limit={limit}&offset={offset}") })];
    if has_more {
        let next = format!("{base}?limit={limit}&offset={}", offset + limit);
        links.insert(0, json!({ "rel": "next", "href": next }));
    }
    let body = json!({
        "links": links,
        "count": items.len(),
        "hasMore": has_more,
        "items": items,
        "offset": offset,
        "totalResults": rows.len(),
    });
    Ok(Answer::resource("application/vnd.oracle.resource+json; type=collection", &body))
}

/// `limit` up to 1000 and `offset`, a multiple of it. Source: OH/section_156414087576. A filter is
/// refused: ignoring one would be a lie.
fn window(asked: &Asked<'_>) -> Result<(usize, usize), ServiceError> {
    let invalid = |name: &str| {
        let detail = format!("Invalid value for the query parameter {name}.");
        ServiceError::bad_request("INVALID_PARAMETER", detail).at("o:errorQueryParam", name)
    };
    let number = |name: &str, default: usize| match asked.call.parameter(name) {
        None => Ok(default),
        Some(text) => text.parse::<usize>().map_err(|_| invalid(name)),
    };
    let limit = number("limit", 1000)?;
    if !(1..=1000).contains(&limit) {
        return Err(invalid("limit"));
    }
    let offset = number("offset", 0)?;
    if offset % limit != 0 {
        return Err(invalid("offset"));
    }
    match asked.call.parameter("q") {
        Some(_) => Err(invalid("q")),
        None => Ok((limit, offset)),
    }
}
