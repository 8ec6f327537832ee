//! GET of a collection.

use hyper::StatusCode;
use serde_json::{Value, json};

use super::{RecordCall, absent, check, has_workbook, unreadable, visible, workbook_missing};
use crate::emulator::model::{ListBehaviour, Role, TableRow};
use crate::emulator::server::message::{Reply, ServiceError};
use crate::emulator::switches::{BetaStatus, ListRefusal, WorkbookList};
use crate::types::Level;

pub(super) fn answer(asked: &RecordCall<'_>) -> Result<Reply, ServiceError> {
    let RecordCall { account, switches, name, record, .. } = *asked;
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
    if let Err(words) = check(account, role, name, record, Level::View) {
        return Err(match switches.list_refusal {
            ListRefusal::Forbidden => ServiceError::forbidden(words),
            ListRefusal::InvalidParameter => unreadable(),
        });
    }
    if !has_workbook(account, role) {
        return Err(match switches.workbook_list {
            WorkbookList::UserError => workbook_missing(),
            WorkbookList::Forbidden => {
                ServiceError::forbidden(absent(account.quoted("REPO_ANALYTICS")))
            }
            WorkbookList::InvalidParameter => unreadable(),
        });
    }
    page(asked, role)
}

fn page(asked: &RecordCall<'_>, role: &Role) -> Result<Reply, ServiceError> {
    let (limit, offset) = window(asked)?;
    let filter = Filter::of(asked)?;
    let shown = |row: &&TableRow| visible(asked.switches, role, row) && filter.holds(row);
    let rows: Vec<&TableRow> = asked.record.rows.iter().filter(shown).collect();
    let base = format!("https://{}/services/rest/record/v1/{}", asked.request.host, asked.name);
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
    Ok(Reply::resource("application/vnd.oracle.resource+json; type=collection", &body))
}

/// `limit` up to 1000 and `offset`, a multiple of it. Source: OH/section_156414087576.
fn window(asked: &RecordCall<'_>) -> Result<(usize, usize), ServiceError> {
    let invalid = |name: &str| {
        let detail = format!("Invalid value for the query parameter {name}.");
        ServiceError::bad_request("INVALID_PARAMETER", detail).at("o:errorQueryParam", name)
    };
    let number = |name: &str, default: usize| match asked.request.parameter(name) {
        None => Ok(default),
        Some(text) => text.parse::<usize>().map_err(|_| invalid(name)),
    };
    // A list has no choice of fields (`facts-2026-11.md` F15); the text is not on record.
    if asked.request.parameter("fields").is_some() {
        return Err(invalid("fields"));
    }
    let limit = number("limit", 1000)?;
    if !(1..=1000).contains(&limit) {
        return Err(invalid("limit"));
    }
    let offset = number("offset", 0)?;
    if offset % limit != 0 {
        return Err(invalid("offset"));
    }
    Ok((limit, offset))
}

// The filter of a list, as far as ids, names and subsidiaries go. Source of the operators:
// OH/section_1545222128.

/// The conditions of `q`; all of them must hold.
struct Filter(Vec<Condition>);

struct Condition {
    field: String,
    operator: String,
    values: Vec<String>,
}

impl Filter {
    /// Reads `q`. What is no condition is refused in NetSuite's words (`facts-2026-11.md` E9), and
    /// so is what this emulator cannot judge: passing it over would be a lie.
    fn of(asked: &RecordCall<'_>) -> Result<Self, ServiceError> {
        let Some(text) = asked.request.parameter("q") else { return Ok(Self(Vec::new())) };
        let conditions: Option<Vec<Condition>> = text.split(" AND ").map(Condition::read).collect();
        conditions.map(Self).ok_or_else(|| {
            let detail = "Invalid search query. Provide a valid search query.";
            ServiceError::bad_request("INVALID_PARAMETER", detail).at("o:errorQueryParam", "q")
        })
    }

    fn holds(&self, row: &TableRow) -> bool {
        self.0.iter().all(|condition| condition.holds(row))
    }
}

impl Condition {
    fn read(text: &str) -> Option<Self> {
        let (field, rest) = text.trim().split_once(' ')?;
        let (operator, value) = rest.trim().split_once(' ')?;
        let operator = operator.to_ascii_uppercase();
        let known = ["id", "name", "subsidiary"].contains(&field);
        let list = matches!(operator.as_str(), "ANY_OF" | "ANY_OF_NOT");
        let single = ["IS", "IS_NOT", "EQUAL", "EQUAL_NOT", "CONTAIN", "START_WITH", "GREATER"];
        if !known || !(list || single.contains(&operator.as_str())) {
            return None;
        }
        let plain = |text: &str| {
            let text = text.trim();
            let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
            let one_word = !text.is_empty() && !text.contains(char::is_whitespace);
            quoted.or(one_word.then_some(text)).map(str::to_lowercase)
        };
        let values: Vec<String> = if list {
            let inside = value.trim().strip_prefix('[')?.strip_suffix(']')?;
            inside.split(',').map(plain).collect::<Option<_>>()?
        } else {
            vec![plain(value)?]
        };
        Some(Self { field: field.to_owned(), operator, values })
    }

    fn holds(&self, row: &TableRow) -> bool {
        let own = match self.field.as_str() {
            "id" => row.id.to_string(),
            "name" => row.name.to_lowercase(),
            _ => row.subsidiary.map(|id| id.to_string()).unwrap_or_default(),
        };
        let any = |test: &dyn Fn(&str) -> bool| self.values.iter().any(|value| test(value));
        let greater = |value: &str| {
            let pair = own.parse::<u64>().ok().zip(value.parse::<u64>().ok());
            pair.is_some_and(|(own, other)| own > other)
        };
        match self.operator.as_str() {
            "IS_NOT" | "EQUAL_NOT" | "ANY_OF_NOT" => !any(&|value| own == value),
            "CONTAIN" => any(&|value| own.contains(value)),
            "START_WITH" => any(&|value| own.starts_with(value)),
            "GREATER" => any(&greater),
            _ => any(&|value| own == value),
        }
    }
}
