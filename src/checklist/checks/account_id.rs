//! `account-id`

use crate::checklist::context::Context;
use crate::checklist::engine::{Evidence, FindingId, ReasonCode, Severity, Verdict};
use crate::checklist::ids;
use crate::checklist::spec::{Run, Spec};
use crate::credentials::identifiers::Blemish;
use crate::credentials::identifiers::account::{AccountError, ReadAccount, read};
use crate::types::AccountId;
use crate::types::account_id::{AccountKind, Service};

const EMPTY: FindingId = FindingId::new("empty");
const PLACEHOLDER: FindingId = FindingId::new("placeholder");
const GENERIC_HOST: FindingId = FindingId::new("generic-host");
const DATA_CENTRE_HOST: FindingId = FindingId::new("data-centre-host");
const FOREIGN_HOST: FindingId = FindingId::new("foreign-host");
const HOSTILE: FindingId = FindingId::new("hostile-characters");
const COMPANY_NAME: FindingId = FindingId::new("company-name");
const OTHER_VALUE: FindingId = FindingId::new("other-value");
const MALFORMED: FindingId = FindingId::new("malformed");
const FROM_ADDRESS: FindingId = FindingId::new("from-address");
const UNUSUAL_FORM: FindingId = FindingId::new("unusual-form");
const MISSING_SEPARATOR: FindingId = FindingId::new("missing-separator");
const MAPPINGS_CLEARED: FindingId = FindingId::new("mappings-cleared");

/// The declaration of `account-id`.
pub const SPEC: Spec = Spec {
    id: ids::ACCOUNT_ID,
    phase: ids::CREDENTIALS,
    needs: &[],
    after: &[],
    findings: &[
        EMPTY,
        PLACEHOLDER,
        GENERIC_HOST,
        DATA_CENTRE_HOST,
        FOREIGN_HOST,
        HOSTILE,
        COMPANY_NAME,
        OTHER_VALUE,
        MALFORMED,
        FROM_ADDRESS,
        UNUSUAL_FORM,
        MISSING_SEPARATOR,
        MAPPINGS_CLEARED,
        FindingId::new(Blemish::Spaces.id()),
        FindingId::new(Blemish::Quotes.id()),
        FindingId::new(Blemish::Invisible.id()),
        FindingId::new(Blemish::FullWidth.id()),
        FindingId::new(Blemish::Dashes.id()),
        FindingId::new(Blemish::InnerSpaces.id()),
        FindingId::new(Blemish::Label.id()),
    ],
    card: include_str!("../../../checks/account-id.toml"),
    run: Run::Offline(run),
};

fn run(context: &Context) -> Verdict {
    let Some(given) = &context.inputs.account_id else {
        return Verdict::skipped(ReasonCode::NotProvided, "No account ID was given.");
    };
    let account = match read(&given.value) {
        Ok(account) => account,
        Err(error) => return Verdict::fail(finding(&error), error.to_string()),
    };
    let ReadAccount { id, blemishes, from_address, .. } = account;
    let verdict = Verdict::pass(format!(
        "{} ({}); in host names {}.",
        id.account(),
        id.kind().as_str(),
        id.host_label()
    ))
    .evidence(Evidence::new("account", id.account()).source(given.origin.to_string()))
    .evidence(Evidence::new("kind", id.kind().as_str()))
    .evidence(Evidence::new("host", id.host(Service::SuiteTalk)))
    .param("account_id", id.account());
    let mut verdict = with_kind(verdict, &id);
    if from_address {
        verdict = verdict.note(
            Severity::Warn,
            FROM_ADDRESS,
            format!("An address was given; the account ID in it is {}.", id.account()),
        );
    }
    for blemish in blemishes {
        let text = format!("{blemish} It was read as {}.", id.account());
        verdict = verdict.note(Severity::Warn, FindingId::new(blemish.id()), text);
    }
    let _ = context.facts.account_id.set(id);
    verdict
}

fn with_kind(verdict: Verdict, id: &AccountId) -> Verdict {
    let (name, host) = (id.account(), id.host_label());
    match id.kind() {
        AccountKind::Sandbox | AccountKind::ReleasePreview => verdict.note(
            Severity::Note,
            MAPPINGS_CLEARED,
            format!(
                "{name} ({}); in host names {host}. Certificate mappings of production are not \
                 copied to it and are cleared at each refresh.",
                id.kind().as_str()
            ),
        ),
        AccountKind::Other => match without_separator(&name) {
            Some(meant) => verdict.note(
                Severity::Warn,
                MISSING_SEPARATOR,
                format!("{name} has no underscore; the account is probably {meant}."),
            ),
            None => verdict.note(
                Severity::Note,
                UNUSUAL_FORM,
                format!("{name} can be an account ID, but is none of the usual forms."),
            ),
        },
        AccountKind::Production | AccountKind::TestDrive | AccountKind::Demo => verdict,
    }
}

/// `1234567SB1` with the underscore that is missing.
fn without_separator(name: &str) -> Option<String> {
    let base = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let base = base.strip_suffix("SB").or_else(|| base.strip_suffix("RP"))?;
    let digits = !base.is_empty() && base.bytes().all(|b| b.is_ascii_digit());
    let suffix = name.get(base.len()..)?;
    digits.then(|| format!("{base}_{suffix}"))
}

fn finding(error: &AccountError) -> FindingId {
    match error {
        AccountError::Empty => EMPTY,
        AccountError::Placeholder => PLACEHOLDER,
        AccountError::GenericHost(_) => GENERIC_HOST,
        AccountError::DataCentreHost(_) => DATA_CENTRE_HOST,
        AccountError::ForeignHost => FOREIGN_HOST,
        AccountError::Hostile(_) => HOSTILE,
        AccountError::CompanyName => COMPANY_NAME,
        AccountError::OtherValue(_) => OTHER_VALUE,
        AccountError::BadCharacter(_) | AccountError::BadForm => MALFORMED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checklist::checks::testing::{context, decide, findings, given};
    use crate::checklist::engine::Status;

    #[test]
    fn spellings_and_verdicts() {
        for (value, status, finding) in [
            ("1234567", Status::Pass, None),
            ("TSTDRV1234567", Status::Pass, None),
            ("1234567-sb1", Status::Pass, Some("mappings-cleared")),
            ("1234567_RP", Status::Pass, Some("mappings-cleared")),
            ("acme", Status::Pass, Some("unusual-form")),
            ("1234567SB1", Status::Warn, Some("missing-separator")),
            (" 1234567", Status::Warn, Some("surrounding-spaces")),
            ("'1234567'", Status::Warn, Some("quotes")),
            ("1234567\u{200b}", Status::Warn, Some("invisible-characters")),
            ("１234567", Status::Warn, Some("full-width-characters")),
            ("1234567–SB1", Status::Warn, Some("typographic-dashes")),
            ("1234567 SB1", Status::Warn, Some("inner-spaces")),
            ("ACCT 1234567", Status::Warn, Some("label")),
            ("https://1234567.app.netsuite.com/", Status::Warn, Some("from-address")),
            ("", Status::Fail, Some("empty")),
            ("${ACCOUNT}", Status::Fail, Some("placeholder")),
            ("rest.netsuite.com", Status::Fail, Some("generic-host")),
            ("rest.na1.netsuite.com", Status::Fail, Some("data-centre-host")),
            ("x.evil.com/", Status::Fail, Some("foreign-host")),
            ("1234567#", Status::Fail, Some("hostile-characters")),
            ("Acme Inc", Status::Fail, Some("company-name")),
            ("me@example.com", Status::Fail, Some("other-value")),
            ("1234567_SB_1", Status::Fail, Some("malformed")),
        ] {
            let context = context(|inputs| inputs.account_id = given(value));
            let verdict = decide(&SPEC, &context);
            assert_eq!(verdict.status(), status, "{value}");
            assert_eq!(findings(&verdict).first().copied(), finding, "{value}");
            assert_eq!(context.facts.account_id.get().is_some(), status != Status::Fail);
        }
    }

    #[test]
    fn both_spellings_are_shown() {
        let context = context(|inputs| inputs.account_id = given("1234567_sb1"));
        let summary = decide(&SPEC, &context).summary();
        assert!(summary.contains("1234567_SB1") && summary.contains("1234567-sb1"), "{summary}");
    }
}
