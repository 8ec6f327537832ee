//! The record service.

mod list;
mod write;

use hyper::{Method, StatusCode};
use serde_json::json;

use super::message::{Reply, Request, ServiceError};
use super::state::{Caller, ServerState, admit};
use crate::emulator::model::{Account, GrantedLevel, Guard, LoadError, Record, Role, TableRow};
use crate::emulator::switches::{
    RecordRefusal, RestrictedList, RestrictedRow, ScriptFailure, Switches, TypeFeature,
};
use crate::types::Level;

/// A type that is there, with who asks for it.
struct RecordCall<'a> {
    account: &'a Account,
    switches: &'a Switches,
    caller: Caller<'a>,
    name: &'a str,
    record: &'a Record,
    request: &'a Request,
}

pub(super) fn answer(state: &ServerState, request: &Request, segments: &[&str]) -> Reply {
    let account = state.account();
    let caller = match admit(state, &account, request, true) {
        Ok(caller) => caller,
        Err(refusal) => return refusal,
    };
    let switches = &state.switches;
    let (name, id) = match segments {
        ["metadata-catalog", rest @ ..] => {
            return write::metadata(&account, switches, &caller, request, rest);
        }
        [name] => (*name, None),
        [name, id] | [name, id, _] => (*name, Some(*id)),
        _ => return invalid_url(switches),
    };
    let (name, record) = match find_type(&account, switches, name, id.is_none()) {
        Ok(found) => found,
        Err(error) => return error.answer(switches),
    };
    let asked = RecordCall { account: &account, switches, caller, name, record, request };
    let reply = match (&request.method, id) {
        (&Method::GET, None) => list::answer(&asked),
        (_, Some(_)) if segments.len() > 2 => Err(unknown_sub_resource(segments)),
        (&Method::GET, Some(id)) => get(&asked, id),
        (&Method::POST | &Method::PATCH | &Method::PUT | &Method::DELETE, id) => {
            match write::judge(&asked, id) {
                Ok(write::Write::Form(answer)) => Ok(answer),
                Ok(write::Write::Change(change)) => {
                    let host = request.host.clone();
                    let name = name.to_owned();
                    drop(account);
                    return write::apply(&mut state.account_mut(), &host, &name, &change);
                }
                Err(error) => Err(error),
            }
        }
        _ => Err(ServiceError::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "INVALID_METHOD",
            "This operation is not allowed.",
        )),
    };
    reply.unwrap_or_else(|error| error.answer(switches))
}

/// A type by name; unknown and switched-off types are told alike.
fn find_type<'a>(
    account: &'a Account,
    switches: &Switches,
    name: &str,
    list: bool,
) -> Result<(&'a str, &'a Record), ServiceError> {
    let unknown = || {
        let detail = format!("Record type '{name}' does not exist.");
        ServiceError::not_found(detail)
    };
    let (own, record) =
        account.record(name).filter(|(_, record)| record.rest).ok_or_else(unknown)?;
    let on = record.feature.as_deref().is_none_or(|feature| account.feature(feature));
    match switches.type_feature {
        _ if on => Ok((own, record)),
        TypeFeature::InvalidParameter if list => Err(unreadable()),
        _ => Err(unknown()),
    }
}

fn invalid_url(switches: &Switches) -> Reply {
    let detail = "Invalid request URL. The request URL must be constructed in the following way: \
                  <service>/v1/<recordname>/<recordid>.";
    ServiceError::bad_request("INVALID_URL", detail).answer(switches)
}

// The words of a refusal. Templates are official (ERRCAT), rendered forms observed
// (`record-api.md` 2.5).

/// The permission is absent: the template's empty place leaves two spaces.
pub(super) fn absent(quoted: &str) -> String {
    format!(
        "Permission Violation: You need  the '{quoted}' permission to access this page. Please \
         contact your account administrator."
    )
}

/// The permission is there, at too low a level.
fn too_low(quoted: &str) -> String {
    format!(
        "Permission Violation: You need a higher level of the '{quoted}' permission to access this \
         page. Please contact your account administrator."
    )
}

/// A custom record type.
fn custom(name: &str) -> String {
    format!(
        "Permission Violation: You need a higher permission for custom record type {name} to \
         access this page. Please contact your account administrator."
    )
}

/// Whether the role reaches a level on a type, and the words if not.
fn check(
    account: &Account,
    role: &Role,
    name: &str,
    record: &Record,
    level: Level,
) -> Result<(), String> {
    let granted = role.grant(&record.permission);
    if granted.reaches(record.needed(level)) {
        return Ok(());
    }
    if record.custom_record {
        return Err(custom(name));
    }
    let quoted = match &record.quoted_permission {
        Some(other) => other.as_str(),
        None => account.quoted(&record.permission),
    };
    Err(if granted == GrantedLevel::None { absent(quoted) } else { too_low(quoted) })
}

/// A second permission besides the record's own. The quoted permission is not always the expected
/// one (`record-api.md` 2.5).
fn second_permission(
    asked: &RecordCall<'_>,
    permission: &str,
    level: Level,
) -> Result<(), ServiceError> {
    let granted = asked.caller.role.grant(permission);
    if granted.reaches(level) {
        return Ok(());
    }
    let quoted = asked.account.quoted(permission);
    let words = if granted == GrantedLevel::None { absent(quoted) } else { too_low(quoted) };
    Err(ServiceError::forbidden(words))
}

/// 400 without a name: "cannot read or find the object" (Airbyte; the text was not captured).
pub(super) fn unreadable() -> ServiceError {
    ServiceError::bad_request("INVALID_PARAMETER", "Error while accessing a resource.")
}

// GET of a collection.

/// Whether a role may query: the feature and the permission at Edit (OH/article_5085602973).
pub(super) fn has_workbook(account: &Account, role: &Role) -> bool {
    account.feature("SuiteAnalytics Workbook") && role.grant("REPO_ANALYTICS").reaches(Level::Edit)
}

/// Whether a row shows in lists and queries.
pub(super) fn visible(switches: &Switches, role: &Role, row: &TableRow) -> bool {
    switches.restricted_list == RestrictedList::Listed || role.sees_subsidiary(row.subsidiary)
}

/// How the lack of SuiteAnalytics Workbook is answered, where it is answered like this.
pub(super) fn workbook_missing() -> ServiceError {
    ServiceError::bad_request(
        "USER_ERROR",
        "Your current role does not have permission to perform this action. Please contact your \
         account administrator.",
    )
}

// GET of one record.

/// A part of a record that its type does not have (`facts-2026-11.md` F16); the code is not on
/// record.
fn unknown_sub_resource(segments: &[&str]) -> ServiceError {
    let name = segments.last().copied().unwrap_or_default();
    ServiceError::bad_request("INVALID_CONTENT", format!("Unknown field name '{name}'."))
}

const NO_INSTANCE: &str = "The record instance does not exist. Provide a valid record instance ID.";

fn get(asked: &RecordCall<'_>, id: &str) -> Result<Reply, ServiceError> {
    let role = asked.caller.role;
    permitted(asked, Level::View)?;
    let row = find_row(asked, id)?;
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
    if let Some(failing) = &asked.record.load_error {
        return Err(script_failed(asked.switches, failing));
    }
    let href =
        format!("https://{}/services/rest/record/v1/{}/{}", asked.request.host, asked.name, row.id);
    let mut body = json!({
        "links": [{ "rel": "self", "href": href }],
        "id": row.id.to_string(),
        "name": row.name,
    });
    if let (Some(members), Some(subsidiary)) = (body.as_object_mut(), row.subsidiary) {
        members.insert("subsidiary".to_owned(), json!({ "id": subsidiary.to_string() }));
    }
    Ok(Reply::resource("application/vnd.oracle.resource+json; type=singular", &body))
}

/// A script that runs when a record is loaded, and fails: the error of SuiteScript inside the text.
fn script_failed(switches: &Switches, failing: &LoadError) -> ServiceError {
    let inner = json!({
        "type": "error.SuiteScriptError",
        "name": failing.name,
        "message": failing.message,
        "stack": [format!("beforeLoad({}:42)", failing.script)],
    });
    let detail = format!("Error while accessing a resource. {inner}");
    match switches.script_failure {
        ScriptFailure::UserError => ServiceError::bad_request("USER_ERROR", detail),
        ScriptFailure::UnexpectedError => {
            ServiceError::new(StatusCode::INTERNAL_SERVER_ERROR, "UNEXPECTED_ERROR", detail)
        }
    }
}

/// Whether the role reaches a level, with the refusal of single records.
fn permitted(asked: &RecordCall<'_>, level: Level) -> Result<(), ServiceError> {
    let role = asked.caller.role;
    check(asked.account, role, asked.name, asked.record, level).map_err(|words| {
        match asked.switches.record_refusal {
            RecordRefusal::NotFound if level == Level::View => ServiceError::not_found(NO_INSTANCE),
            _ => ServiceError::forbidden(words),
        }
    })
}

/// The row of an id, or the words for an id that has none.
fn find_row<'a>(asked: &RecordCall<'a>, id: &str) -> Result<&'a TableRow, ServiceError> {
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
        ServiceError::bad_request("INVALID_ID", detail).at("o:errorUrl", &*asked.request.path)
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

fn restricted(asked: &RecordCall<'_>) -> ServiceError {
    match asked.switches.restricted_row {
        RestrictedRow::Forbidden => ServiceError::forbidden(
            "Permission Violation: The subsidiary restrictions on your role prevent you from \
             seeing this record.",
        ),
        RestrictedRow::NotFound => ServiceError::not_found(NO_INSTANCE),
    }
}
