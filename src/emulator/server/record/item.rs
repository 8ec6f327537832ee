//! GET of one record.

use serde_json::json;

use super::super::answer::{Answer, ServiceError};
use super::{Asked, refusal};
use crate::emulator::model::{Guard, Row};
use crate::emulator::switches::{RecordRefusal, RestrictedRow};
use crate::types::Level;

const NO_INSTANCE: &str = "The record instance does not exist. Provide a valid record instance ID.";

pub(super) fn get(asked: &Asked<'_>, id: &str) -> Result<Answer, ServiceError> {
    let role = asked.caller.role;
    permitted(asked, Level::View)?;
    let row = find(asked, id)?;
    if !role.sees_subsidiary(row.subsidiary) {
        return Err(restricted(asked));
    }
    match row.guard.filter(|_| !role.is_administrator()) {
        None => {}
        Some(Guard::WorkflowLock) => {
            return Err(ServiceError::bad_request(
                "USER_ERROR",
                "Error while accessing a resource. This record has been locked by a user defined \
                 workflow.",
            ));
        }
        Some(Guard::AdministratorRecord) => {
            return Err(ServiceError::bad_request(
                "USER_ERROR",
                "Error while accessing a resource. For security reasons, only an administrator is \
                 allowed to edit an administrator record.",
            ));
        }
        Some(Guard::SubsidiaryRestriction) => return Err(restricted(asked)),
    }
    let href =
        format!("https://{}/services/rest/record/v1/{}/{}", asked.call.host, asked.name, row.id);
    let mut body = json!({
        "links": [{ "rel": "self", "href": href }],
        "id": row.id.to_string(),
        "name": row.name,
    });
    if let (Some(members), Some(subsidiary)) = (body.as_object_mut(), row.subsidiary) {
        members.insert("subsidiary".to_owned(), json!({ "id": subsidiary.to_string() }));
    }
    Ok(Answer::resource("application/vnd.oracle.resource+json; type=singular", &body))
}

/// Whether the role reaches a level, with the refusal of single records.
pub(super) fn permitted(asked: &Asked<'_>, level: Level) -> Result<(), ServiceError> {
    let role = asked.caller.role;
    refusal::check(asked.account, role, asked.name, asked.record, level).map_err(
        |words| match asked.switches.record_refusal {
            RecordRefusal::NotFound if level == Level::View => ServiceError::not_found(NO_INSTANCE),
            _ => ServiceError::forbidden(words),
        },
    )
}

/// The row of an id, or the words for an id that has none.
pub(super) fn find<'a>(asked: &Asked<'a>, id: &str) -> Result<&'a Row, ServiceError> {
    if let Some(external) = id.strip_prefix("eid:") {
        return Err(ServiceError::not_found(format!(
            "The record instance for external ID '{external}' does not exist. Provide a valid \
             record instance ID."
        )));
    }
    let number = id.parse::<u64>().ok().filter(|number| *number > 0).ok_or_else(|| {
        let detail = format!(
            "Invalid record instance identifier '{id}'. Provide a valid record instance ID."
        );
        ServiceError::bad_request("INVALID_ID", detail).at("o:errorUrl", &*asked.call.path)
    })?;
    asked.record.rows.iter().find(|row| row.id == number).ok_or_else(|| {
        if asked.record.transaction {
            ServiceError::bad_request(
                "USER_ERROR",
                "Error while accessing a resource. Transaction type specified is incorrect.",
            )
        } else {
            ServiceError::not_found(NO_INSTANCE)
        }
    })
}

fn restricted(asked: &Asked<'_>) -> ServiceError {
    match asked.switches.restricted_row {
        RestrictedRow::Forbidden => ServiceError::forbidden(
            "Permission Violation: The subsidiary restrictions on your role prevent you from \
             seeing this record.",
        ),
        RestrictedRow::NotFound => ServiceError::not_found(NO_INSTANCE),
    }
}
