//! The words of a refusal. Templates are official (ERRCAT), rendered forms observed
//! (`record-api.md` 2.5).

use super::super::answer::ServiceError;
use crate::emulator::model::{Account, Grant, Record, Role};
use crate::types::Level;

/// The permission is absent: the template's empty place leaves two spaces.
pub(in crate::emulator::server) fn absent(quoted: &str) -> String {
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
pub(super) fn check(
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
    Err(if granted == Grant::None { absent(quoted) } else { too_low(quoted) })
}

/// A second permission besides the record's own. The quoted permission is not always the expected
/// one (`record-api.md` 2.5).
pub(super) fn second(
    asked: &super::Asked<'_>,
    permission: &str,
    level: Level,
) -> Result<(), ServiceError> {
    let granted = asked.caller.role.grant(permission);
    if granted.reaches(level) {
        return Ok(());
    }
    let quoted = asked.account.quoted(permission);
    let words = if granted == Grant::None { absent(quoted) } else { too_low(quoted) };
    Err(ServiceError::forbidden(words))
}

/// 400 without a name: "cannot read or find the object" (Airbyte; the text was not captured).
pub(in crate::emulator::server) fn unreadable() -> ServiceError {
    ServiceError::bad_request("INVALID_PARAMETER", "Error while accessing a resource.")
}
