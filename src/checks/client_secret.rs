//! `client-secret`

use super::identifier;
use crate::checks::context::Context;
use crate::checks::ids;
use crate::checks::spec::{self, Run, Spec, findings};
use crate::credentials::identifiers::{
    ClientIdError, ReadClientId, Shape, read_client_id, same_value,
};
use crate::engine::{FindingId, ReasonCode, Severity, Verdict};

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
    phase: spec::CREDENTIALS,
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
    match read_client_id(text) {
        Ok(read) => known(&read),
        Err(error) => {
            let text = format!("This is no Client Secret: {}.", worded(&error));
            Verdict::fail(finding(&error), text)
        }
    }
}

fn known(read: &ReadClientId) -> Verdict {
    let mut seen = Vec::new();
    seen.extend(identifier::cleaned(CLEANED, &read.cleanups));
    if read.upper_case {
        let text = "It has capital letters, which no known Client Secret has.";
        seen.push((Severity::Warn, UPPER_CASE, text.to_owned()));
    }
    let lead = "The Client Secret has the right form. The token exchange does not use it.";
    identifier::repairs(identifier::read(lead.to_owned(), seen), &read.cleanups)
}

fn worded(error: &ClientIdError) -> String {
    match error {
        // Which character is wrong would be a piece of the secret.
        ClientIdError::Characters { length, .. } => {
            format!("it has {length} characters, not all of them 0-9 and a-f")
        }
        other => other.to_string(),
    }
}

fn finding(error: &ClientIdError) -> FindingId {
    match error {
        ClientIdError::Empty => EMPTY,
        ClientIdError::OtherValue(Shape::KeyMaterial) => KEY,
        ClientIdError::OtherValue(_) => OTHER_VALUE,
        ClientIdError::Length(_) => LENGTH,
        ClientIdError::Characters { .. } => CHARACTERS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::context::Inputs;
    use crate::checks::testing::identifier::*;
    use crate::engine::Status::{Fail, Pass, Warn};

    fn with(bytes: &[u8]) -> Inputs {
        Inputs { client_secret: secret(bytes), ..Inputs::default() }
    }

    #[test]
    fn every_kind_of_value_has_its_finding() {
        for (text, status, findings) in [
            (SECRET, Pass, &[][..]),
            (&format!("{SECRET}\n"), Pass, &[]),
            (&format!("{SECRET}\r\n"), Pass, &[]),
            (&format!("{SECRET}\n\n"), Warn, &["cleaned"]),
            (&format!(" {SECRET}"), Warn, &["cleaned"]),
            (&SECRET.to_uppercase(), Warn, &["upper-case"]),
            ("", Fail, &["empty"]),
            ("\n", Fail, &["empty"]),
            (PUBLISHED_ID, Fail, &["other-value"]),
            ("1C61CD58-044D-497A-AA29-7A3E9A9BB924", Fail, &["other-value"]),
            ("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----", Fail, &["key-given"]),
            (&SECRET[1..], Fail, &["wrong-length"]),
            ("correct-horse-battery", Fail, &["wrong-characters"]),
        ] {
            let verdict = judged(&SPEC, &context(with(text.as_bytes())));
            assert_eq!(verdict, (status, findings.to_vec()), "{text:?}");
        }
        assert_eq!(judged(&SPEC, &context(with(b"\xff\xfea\x00"))), (Fail, vec!["not-text"]));
    }

    #[test]
    fn the_client_id_in_its_place_is_a_failure() {
        for id in [SECRET.to_owned(), SECRET.to_uppercase(), format!("\"{SECRET}\"")] {
            let inputs = Inputs { client_id: given(&id, "--client-id"), ..with(SECRET.as_bytes()) };
            assert_eq!(judged(&SPEC, &context(inputs)), (Fail, vec!["same-as-client-id"]));
        }
        let inputs = Inputs { client_id: given(CLIENT, "--client-id"), ..with(SECRET.as_bytes()) };
        assert_eq!(judged(&SPEC, &context(inputs)), (Pass, vec![]));
    }

    #[test]
    fn no_part_of_it_is_ever_shown() {
        for text in [
            SECRET.to_owned(),
            format!("  {SECRET}"),
            SECRET.to_uppercase(),
            SECRET[..63].to_owned(),
            format!("{SECRET}!"),
            "zyxw-vuts-hunter-2-secret".to_owned(),
        ] {
            let shown = format!("{:?}", held(&SPEC, &context(with(text.as_bytes()))));
            let text = text.trim();
            for start in 0..text.len() - 6 {
                assert!(!shown.contains(&text[start..start + 6]), "{shown}");
            }
        }
    }

    #[test]
    fn none_given_is_nothing_checked() {
        let verdict = held(&SPEC, &context(Inputs::default()));
        assert_eq!(verdict.reason().map(|reason| reason.code), Some(ReasonCode::NotProvided));
    }

    #[test]
    fn hostile_text_ends_in_a_short_clean_message() {
        for text in hostile() {
            assert_eq!(judged(&SPEC, &context(with(text.as_bytes()))).0, Fail, "{text:.40}");
        }
    }
}
