//! `client-secret`

use super::identifier;
use crate::checklist::context::Context;
use crate::checklist::engine::{FindingId, ReasonCode, Severity, Verdict};
use crate::checklist::ids;
use crate::checklist::spec::{Run, Spec, findings};
use crate::credentials::identifiers::{ReadToken, Shape, TokenError, read_token, same_value};

findings! {
    CLEANED = "cleaned",
    UPPER_CASE = "upper-case",
    EMPTY = "empty",
    IS_CLIENT_ID = "same-as-client-id",
    KEY = "key-given",
    OTHER_VALUE = "other-value",
    LENGTH = "wrong-length",
    CHARACTERS = "wrong-characters",
    NOT_TEXT = "not-text",
}

/// The declaration of `client-secret`.
pub const SPEC: Spec = Spec {
    id: ids::CLIENT_SECRET,
    phase: ids::CREDENTIALS,
    needs: &[],
    after: &[],
    findings: &[FINDINGS],
    run: Run::Offline(run),
};

/// Says nothing of the secret but its length and what it looks like.
fn run(context: &Context) -> Verdict {
    let Some(given) = &context.inputs.client_secret else {
        let text = "No Client Secret was given. The token exchange needs none.";
        return Verdict::skipped(ReasonCode::NotProvided, text);
    };
    let Some(text) = given.bytes.expose_str().filter(|_| !given.too_large) else {
        return Verdict::fail(NOT_TEXT, "This is no Client Secret: it is no text of that size.");
    };
    // A file ends with a line break; that is no fault of the value.
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    let client_id = context.inputs.client_id.as_ref();
    if client_id.is_some_and(|id| same_value(&id.value, text)) {
        return Verdict::fail(IS_CLIENT_ID, "Client Secret and Client ID are the same value.");
    }
    match read_token(text) {
        Ok(read) => known(&read),
        Err(error) => {
            let text = format!("This is no Client Secret: {}.", worded(&error));
            Verdict::fail(finding(&error), text)
        }
    }
}

fn known(read: &ReadToken) -> Verdict {
    let mut seen = Vec::new();
    seen.extend(identifier::cleaned(CLEANED, &read.cleanups));
    if read.upper_case {
        let text = "It has capital letters, which no known Client Secret has.";
        seen.push((Severity::Warn, UPPER_CASE, text.to_owned()));
    }
    let lead = "The Client Secret has the right form. The token exchange does not use it.";
    identifier::repairs(identifier::read(lead.to_owned(), seen), &read.cleanups)
}

fn worded(error: &TokenError) -> String {
    match error {
        // Which character is wrong would be a piece of the secret.
        TokenError::Characters { length, .. } => {
            format!("it has {length} characters, not all of them 0-9 and a-f")
        }
        other => other.to_string(),
    }
}

fn finding(error: &TokenError) -> FindingId {
    match error {
        TokenError::Empty => EMPTY,
        TokenError::OtherValue(Shape::KeyMaterial) => KEY,
        TokenError::OtherValue(_) => OTHER_VALUE,
        TokenError::Length(_) => LENGTH,
        TokenError::Characters { .. } => CHARACTERS,
    }
}

#[cfg(test)]
mod tests;
