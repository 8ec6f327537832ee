//! `client-secret`

use crate::checklist::context::Context;
use crate::checklist::engine::{Evidence, FindingId, ReasonCode, Severity, Verdict};
use crate::checklist::ids;
use crate::checklist::spec::{Run, Spec};
use crate::credentials::identifiers::{Blemish, Shape, clean, shape_of};

const UNUSED: FindingId = FindingId::new("unused");
const EMPTY: FindingId = FindingId::new("empty");
const PLACEHOLDER: FindingId = FindingId::new("placeholder");
const SAME_AS_CLIENT_ID: FindingId = FindingId::new("same-as-client-id");
const KEY_GIVEN: FindingId = FindingId::new("key-or-certificate-given");
const OTHER_VALUE: FindingId = FindingId::new("other-value");
const UNUSUAL_FORM: FindingId = FindingId::new("unusual-form");
const NO_TEXT: FindingId = FindingId::new("no-text");
const TRIMMED: FindingId = FindingId::new("trimmed");

/// The declaration of `client-secret`.
pub const SPEC: Spec = Spec {
    id: ids::CLIENT_SECRET,
    phase: ids::CREDENTIALS,
    needs: &[],
    after: &[],
    findings: &[
        UNUSED,
        EMPTY,
        PLACEHOLDER,
        SAME_AS_CLIENT_ID,
        KEY_GIVEN,
        OTHER_VALUE,
        UNUSUAL_FORM,
        NO_TEXT,
        TRIMMED,
    ],
    card: include_str!("../../../checks/client-secret.toml"),
    run: Run::Offline(run),
};

fn run(context: &Context) -> Verdict {
    let Some(material) = &context.inputs.client_secret else {
        return Verdict::skipped(
            ReasonCode::NotProvided,
            "No Client Secret was given; the token exchange does not need one.",
        );
    };
    let Some(text) = material.bytes.expose_str().filter(|_| !material.too_large) else {
        return Verdict::fail(NO_TEXT, "What was given as the Client Secret is no text.");
    };
    // The line break that ends a file belongs to the file, not to the value.
    let value = text.strip_suffix('\n').unwrap_or(text);
    let cleaned = clean(value.strip_suffix('\r').unwrap_or(value));
    let length = cleaned.text.chars().count();
    let client = context.inputs.client_id.as_ref().map(|given| clean(&given.value).text);
    if !cleaned.text.is_empty() && client.is_some_and(|id| id.eq_ignore_ascii_case(&cleaned.text)) {
        return Verdict::fail(
            SAME_AS_CLIENT_ID,
            "The Client Secret and the Client ID are the same value; one of them is wrong.",
        );
    }
    let usual = Verdict::pass("The Client Secret has the usual form.");
    let verdict = match shape_of(&cleaned.text) {
        Shape::Empty => return Verdict::warn(EMPTY, "The Client Secret is empty."),
        Shape::Placeholder => {
            let text = "The Client Secret was not filled in: the value is a placeholder.";
            return Verdict::warn(PLACEHOLDER, text);
        }
        Shape::Pem => {
            let text = "A key or certificate stands where the Client Secret belongs.";
            return Verdict::fail(KEY_GIVEN, text);
        }
        Shape::Hex64 => usual.note(
            Severity::Note,
            UNUSED,
            "The Client Secret has the usual form. The token exchange with a certificate does not \
             use it.",
        ),
        Shape::Uuid => usual.note(Severity::Warn, OTHER_VALUE, looks_like("an Application ID")),
        Shape::CertificateId | Shape::CustCertificate => {
            usual.note(Severity::Warn, OTHER_VALUE, looks_like("a Certificate ID"))
        }
        Shape::Digits => usual.note(Severity::Warn, OTHER_VALUE, looks_like("an account ID")),
        Shape::Email => usual.note(Severity::Warn, OTHER_VALUE, looks_like("a mail address")),
        Shape::Url => usual.note(Severity::Warn, OTHER_VALUE, looks_like("an address")),
        Shape::Jwt => usual.note(Severity::Warn, OTHER_VALUE, looks_like("a token")),
        _ => usual.note(
            Severity::Warn,
            UNUSUAL_FORM,
            format!(
                "The Client Secret has {length} characters; the ones seen so far are 64 \
                 hexadecimal characters."
            ),
        ),
    };
    with_blemishes(verdict, &cleaned.blemishes).evidence(
        Evidence::new("length", length.to_string())
            .expected("64")
            .source(material.origin.to_string()),
    )
}

fn looks_like(what: &str) -> String {
    format!("The value given as the Client Secret looks like {what}.")
}

fn with_blemishes(verdict: Verdict, blemishes: &[Blemish]) -> Verdict {
    blemishes.iter().fold(verdict, |verdict, blemish| {
        verdict.note(Severity::Warn, TRIMMED, blemish.to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checklist::checks::testing::{context, decide, findings, given, material};
    use crate::checklist::engine::Status;
    use crate::types::SecretKind;

    #[test]
    fn shapes_and_verdicts() {
        let good = "fedcba9876543210".repeat(4);
        for (value, status, finding) in [
            (good.clone(), Status::Pass, "unused"),
            (format!("{good}\n"), Status::Pass, "unused"),
            (format!("{good}\r\n"), Status::Pass, "unused"),
            (format!("\"{good}\""), Status::Warn, "trimmed"),
            (good[1..].to_owned(), Status::Warn, "unusual-form"),
            (String::new(), Status::Warn, "empty"),
            ("<secret>".into(), Status::Warn, "placeholder"),
            ("1C61CD58-044D-497A-AA29-7A3E9A9BB924".into(), Status::Warn, "other-value"),
            ("-----BEGIN PRIVATE KEY-----".into(), Status::Fail, "key-or-certificate-given"),
        ] {
            let context = context(|inputs| {
                inputs.client_secret = Some(material(&*value, SecretKind::ClientSecret));
            });
            let verdict = decide(&SPEC, &context);
            assert_eq!(verdict.status(), status, "{value}");
            assert_eq!(findings(&verdict).first(), Some(&finding), "{value}");
            assert!(!format!("{verdict:?}").contains(&good[..8]), "{verdict:?}");
        }
    }

    #[test]
    fn equal_to_the_client_id_is_a_failure() {
        let good = "fedcba9876543210".repeat(4);
        let context = context(|inputs| {
            inputs.client_id = given(good.to_uppercase());
            inputs.client_secret = Some(material(&*good, SecretKind::ClientSecret));
        });
        assert_eq!(findings(&decide(&SPEC, &context)), ["same-as-client-id"]);
    }
}
