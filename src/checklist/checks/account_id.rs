//! `account-id`

use super::identifier;
use crate::checklist::context::Context;
use crate::checklist::engine::{Evidence, FindingId, ReasonCode, Severity, Verdict};
use crate::checklist::ids;
use crate::checklist::spec::{Run, Spec, findings};
use crate::credentials::identifiers::{
    AccountIdError, HostError, ReadAccountId, Shape, read_account_id,
};
use crate::credentials::input::Origin;
use crate::types::{AccountKind, Service};

findings! {
    CLEANED = "cleaned",
    UNDERSCORE = "underscore-in-host",
    FROM_ADDRESS = "read-from-address",
    UNUSUAL = "unusual-form",
    OWN_MAPPINGS = "own-mappings",
    EMPTY = "empty",
    PLACEHOLDER = "placeholder",
    OTHER_VALUE = "other-value",
    NAME = "company-name",
    NUMBER = "number-format",
    GENERIC_HOST = "generic-host",
    DATA_CENTRE = "data-centre-host",
    UNKNOWN_HOST = "unknown-host",
    FOREIGN_HOST = "foreign-host",
    UNREADABLE = "unreadable-address",
    TWO_SUFFIXES = "two-suffixes",
    TOO_LONG = "too-long",
    MALFORMED = "malformed",
}

/// The declaration of `account-id`.
pub const SPEC: Spec = Spec {
    id: ids::ACCOUNT_ID,
    phase: ids::CREDENTIALS,
    needs: &[],
    after: &[],
    findings: &[FINDINGS],
    run: Run::Offline(run),
};

fn run(context: &Context) -> Verdict {
    let Some(given) = &context.inputs.account_id else {
        return Verdict::skipped(ReasonCode::NotProvided, "No account ID was given.");
    };
    match read_account_id(&given.value) {
        Ok(read) => {
            let verdict = known(&read, &given.origin);
            let _ = context.facts.account_id.set(read.id);
            verdict
        }
        Err(error) => {
            let text = format!("This is no account ID: {error}.");
            Verdict::fail(finding(&error), text)
        }
    }
}

fn known(read: &ReadAccountId, origin: &Origin) -> Verdict {
    let id = &read.id;
    let kind = id.kind();
    let lead = match kind {
        AccountKind::Other => format!("Account {id}; in host names {}.", id.host_label()),
        _ => format!("Account {id} ({}); in host names {}.", kind.as_str(), id.host_label()),
    };
    let mut seen = Vec::new();
    seen.extend(identifier::cleaned(CLEANED, &read.cleanups));
    if read.underscore_in_host {
        let text = "The host name was given with an underscore, which no host of NetSuite has.";
        seen.push((Severity::Warn, UNDERSCORE, text.to_owned()));
    }
    if let Some(host) = &read.host {
        let text = format!("It was read from the host name {host}.");
        seen.push((Severity::Note, FROM_ADDRESS, text));
    }
    match kind {
        AccountKind::Sandbox | AccountKind::ReleasePreview => {
            let text = "Such an account has certificate mappings of its own.";
            seen.push((Severity::Note, OWN_MAPPINGS, text.to_owned()));
        }
        AccountKind::Other => {
            let text = "The ID has none of the usual forms, which need not be wrong.";
            seen.push((Severity::Note, UNUSUAL, text.to_owned()));
        }
        AccountKind::Production | AccountKind::TestDrive | AccountKind::Demo => {}
    }
    let verdict = identifier::read(lead, seen)
        .evidence(Evidence::new("account", id.account()).source(origin.to_string()))
        .evidence(Evidence::new("kind", kind.as_str()).source("form of the ID"))
        .evidence(Evidence::new("host_label", id.host_label()))
        .evidence(Evidence::new("host", id.host(Service::SuiteTalk)));
    identifier::repairs(verdict, &read.cleanups).param("account", id.account())
}

fn finding(error: &AccountIdError) -> FindingId {
    match error {
        AccountIdError::Empty => EMPTY,
        AccountIdError::Placeholder => PLACEHOLDER,
        AccountIdError::OtherValue(Shape::Words) => NAME,
        AccountIdError::OtherValue(_) => OTHER_VALUE,
        AccountIdError::NumberFormat => NUMBER,
        AccountIdError::Host(HostError::Generic(_)) => GENERIC_HOST,
        AccountIdError::Host(HostError::DataCentre(_)) => DATA_CENTRE,
        AccountIdError::Host(HostError::Unknown(_)) => UNKNOWN_HOST,
        AccountIdError::Host(HostError::Foreign(_)) => FOREIGN_HOST,
        AccountIdError::Host(HostError::UserName | HostError::Unreadable) => UNREADABLE,
        AccountIdError::TwoSuffixes => TWO_SUFFIXES,
        AccountIdError::TooLong(_) => TOO_LONG,
        AccountIdError::Character { .. } | AccountIdError::EmptyPart => MALFORMED,
    }
}

#[cfg(test)]
mod tests;
