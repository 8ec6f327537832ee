//! The scenarios that are built in.

use super::{Scenario, ScenarioError};

macro_rules! scenarios {
    ($($name:literal),+ $(,)?) => {
        const FILES: &[(&str, &str)] = &[
            $(($name, include_str!(concat!("../../../fixtures/scenarios/", $name, ".toml")))),+
        ];
    };
}

// By area, the healthy ones first.
scenarios! {
    "healthy",
    "other-spellings",
    "wide-record-list",
    "certificate-list-readable",
    "certificate-never-uploaded",
    "certificate-never-uploaded-400",
    "certificate-revoked",
    "certificate-expired",
    "certificate-not-yet-valid",
    "certificate-past-two-years",
    "certificate-ends-soon",
    "certificate-id-of-another",
    "certificate-id-of-another-without-file",
    "certificate-id-of-the-other-store",
    "key-of-another-certificate",
    "key-of-another-certificate-without-file",
    "key-of-another-certificate-invalid-grant",
    "key-too-small",
    "certificate-of-another-integration",
    "integration-blocked",
    "integration-waiting-for-approval",
    "grant-box-unticked",
    "scope-not-ticked",
    "scope-not-ticked-400",
    "scopes-asked-beyond-ticked",
    "client-id-unknown",
    "client-id-is-the-application-id",
    "client-id-and-certificate-id-swapped",
    "client-id-of-another-integration",
    "client-id-unknown-401",
    "oauth-feature-off",
    "rest-feature-off",
    "rest-feature-off-html",
    "type-feature-off",
    "workbook-feature-off",
    "login-permission-missing",
    "login-permission-of-token-based-authentication",
    "login-permission-missing-at-token",
    "rest-permission-missing-401",
    "rest-permission-missing-403",
    "workbook-permission-missing",
    "workbook-permission-too-low",
    "workbook-permission-missing-400",
    "workbook-missing-queries-skipped",
    "role-inactive",
    "entity-inactive",
    "role-not-assigned",
    "administrator-role",
    "role-web-services-only",
    "record-permission-absent",
    "record-permission-absent-400",
    "record-permission-too-low",
    "record-permission-quoted-otherwise",
    "custom-record-refused",
    "record-empty",
    "record-empty-accepted",
    "record-list-not-allowed",
    "record-list-not-allowed-but-queried",
    "record-rate-limited",
    "record-rate-limited-once",
    "record-unexpected-error",
    "record-script-fails",
    "record-type-not-offered",
    "record-beta",
    "record-workflow-lock",
    "record-of-an-administrator",
    "record-restricted-rows-listed",
    "record-restricted-to-nothing",
    "record-edit-not-probed",
    "form-create-opened",
    "form-edit-refused",
    "form-refused-level",
    "form-refused-permission-absent",
    "form-not-described",
    "form-without-mandatory-field",
    "form-older-release",
    "form-older-release-described",
    "form-older-release-property-ignored",
    "form-property-refused",
    "form-unexpected-error",
    "connection-refused",
    "connection-cut-before-tls",
    "tls-handshake-never-comes",
    "tls-inspection",
    "tls-wrong-host",
    "tls-expired",
    "captive-page",
    "token-maintenance",
    "token-bad-gateway",
    "token-redirected",
    "token-connection-cut",
    "token-cut-in-the-body",
    "token-truncated",
    "token-rate-limited",
    "token-proxy-asks",
    "token-oversized",
    "token-half-json",
    "token-garbage",
    "token-never-answered",
    "domains-unreachable",
    "account-unknown",
    "account-sandbox",
    "account-pasted-as-url",
    "account-id-malformed",
    "token-of-another-company",
    "domains-of-another-account",
    "domains-outside-netsuite",
    "clock-two-minutes-behind",
    "clock-ten-minutes-behind",
    "clock-ten-minutes-ahead",
    "clock-ten-minutes-behind-corrected",
    "clock-ten-minutes-ahead-corrected",
    "date-header-missing",
    "two-expired-and-blocked",
    "two-expired-and-client-id-unknown",
    "two-expired-and-scope-not-ticked",
    "two-key-of-another-and-scope-not-ticked",
    "two-key-of-another-and-expired",
    "two-key-of-another-and-revoked",
    "two-certificate-id-of-another-and-client-id-unknown",
    "two-certificate-id-of-another-and-key-of-another",
    "two-key-too-small-and-client-id-unknown",
    "two-clock-ahead-and-blocked",
    "two-clock-behind-and-expired",
    "two-clock-ahead-and-key-of-another",
    "two-application-id-and-expired",
    "two-application-id-and-key-of-another",
    "two-other-store-and-key-of-another",
    "two-account-unknown-and-expired",
    "two-account-unknown-and-key-of-another",
    "two-refused-and-key-of-another",
    "two-tls-inspected-and-expired",
    "two-maintenance-and-key-of-another",
    "two-revoked-in-a-sandbox",
    "two-role-inactive-and-key-of-another",
    "two-customer-and-contact-refused",
    "two-customer-refused-and-case-feature-off",
    "two-customer-empty-and-contact-refused",
    "two-customer-beta-and-contact-refused",
    "two-workbook-missing-and-customer-refused",
    "two-rest-permission-and-workbook-missing",
    "two-login-permission-and-customer-refused",
    "two-contact-busy-and-customer-refused",
    "two-expired-and-revoked",
    "two-not-yet-valid-and-blocked",
}

/// The names of all scenarios, by area.
pub fn names() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(name, _)| *name)
}

/// A scenario by its name.
///
/// # Errors
/// When there is none, or its file is not sound.
pub fn find(name: &str) -> Result<Scenario, ScenarioError> {
    match FILES.iter().find(|(own, _)| *own == name) {
        Some((own, text)) => Scenario::read(own, text),
        None => Err(ScenarioError::Unknown(name.to_owned())),
    }
}

/// All scenarios, by area.
///
/// # Errors
/// When a file is not sound.
pub fn all() -> Result<Vec<Scenario>, ScenarioError> {
    FILES.iter().map(|(name, text)| Scenario::read(name, text)).collect()
}
