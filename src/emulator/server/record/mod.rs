//! The record service.

mod item;
mod list;
mod metadata;
pub(super) mod refusal;
mod write;

pub(super) use list::{has_workbook, visible};

use hyper::{Method, StatusCode};

use super::answer::{Answer, ServiceError};
use super::call::Call;
use super::gate::{Caller, admit};
use super::state::State;
use crate::emulator::model::{Account, Record};
use crate::emulator::switches::{Switches, TypeFeature};

/// A type that is there, with who asks for it.
struct Asked<'a> {
    account: &'a Account,
    switches: &'a Switches,
    caller: Caller<'a>,
    name: &'a str,
    record: &'a Record,
    call: &'a Call,
}

pub(super) fn answer(state: &State, call: &Call, segments: &[&str]) -> Answer {
    let account = state.account();
    let caller = match admit(state, &account, call, true) {
        Ok(caller) => caller,
        Err(refusal) => return refusal,
    };
    let switches = &state.switches;
    let (name, id) = match segments {
        ["metadata-catalog", rest @ ..] => {
            return metadata::answer(&account, switches, &caller, call, rest);
        }
        [name] => (*name, None),
        [name, id] => (*name, Some(*id)),
        _ => return invalid_url(switches),
    };
    let (name, record) = match find(&account, switches, name, id.is_none()) {
        Ok(found) => found,
        Err(error) => return error.answer(switches),
    };
    let asked = Asked { account: &account, switches, caller, name, record, call };
    let reply = match (&call.method, id) {
        (&Method::GET, None) => list::list(&asked),
        (&Method::GET, Some(id)) => item::get(&asked, id),
        (&Method::POST | &Method::PATCH | &Method::PUT | &Method::DELETE, id) => {
            match write::judge(&asked, id) {
                Ok(write::Verdict::Form(answer)) => Ok(answer),
                Ok(write::Verdict::Change(change)) => {
                    let host = call.host.clone();
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
fn find<'a>(
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
        TypeFeature::InvalidParameter if list => Err(refusal::unreadable()),
        _ => Err(unknown()),
    }
}

fn invalid_url(switches: &Switches) -> Answer {
    let detail = "Invalid request URL. The request URL must be constructed in the following way: \
                  <service>/v1/<recordname>/<recordid>.";
    ServiceError::bad_request("INVALID_URL", detail).answer(switches)
}
