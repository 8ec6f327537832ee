//! The checks: one file each, named after its id, and what they share.

mod advice;
pub mod cards;
pub mod context;
pub mod diagnose;
mod identifier;
pub mod looks;
mod mapped;
mod no_answer;
pub mod plan;
pub mod session;
pub mod spec;
#[cfg(test)]
pub(crate) mod testing;

use crate::engine::CheckId;
use spec::Spec;

macro_rules! checks {
    ($($name:ident: $module:ident = $id:literal),+ $(,)?) => {
        $(mod $module;)+

        /// The id of every check.
        pub mod ids {
            use crate::engine::CheckId;

            $(pub const $name: CheckId = CheckId::new($id);)+
        }

        /// Every check, in the order in which reports list them.
        pub const ALL: &[&Spec] = &[$(&$module::SPEC),+];
    };
}

// A new check is a file here, a card in `checks/` and a line of this list.
checks! {
    ACCOUNT_ID: account_id = "account-id",
    CLIENT_ID: client_id = "client-id",
    CLIENT_SECRET: client_secret = "client-secret",
    CERTIFICATE_ID: certificate_id = "certificate-id",
    PRIVATE_KEY: private_key = "private-key",
    PRIVATE_KEY_FILE: private_key_file = "private-key-file",
    KEY_STRENGTH: key_strength = "key-strength",
    CERTIFICATE: certificate = "certificate",
    CERTIFICATE_KEY: certificate_key = "certificate-key",
    CERTIFICATE_VALIDITY: certificate_validity = "certificate-validity",
    CERTIFICATE_EXPIRY: certificate_expiry = "certificate-expiry",
    CERTIFICATE_SIGNATURE: certificate_signature = "certificate-signature",
    KEY_MATCHES_CERTIFICATE: key_matches_certificate = "key-matches-certificate",
    CERTIFICATE_ID_MATCHES: certificate_id_matches = "certificate-id-matches",
    PROFILE_FIT: profile_fit = "profile-fit",
    ROLE_DEFINITION: role_definition = "role-definition",
    ACCOUNT_EXISTS: account_exists = "account-exists",
    CONNECTION: connection = "connection",
    CLOCK: clock = "clock",
    TOKEN_EXCHANGE: token_exchange = "token-exchange",
    TOKEN_IDENTITY: token_identity = "token-identity",
    TOKEN_SCOPE: token_scope = "token-scope",
    REST_SERVICE: rest_service = "rest-service",
    QUERY_SERVICE: query_service = "query-service",
    LEAST_PRIVILEGE: least_privilege = "least-privilege",
    RECORD_ACCESS: record_access = "record-access",
    CERTIFICATE_REGISTERED: certificate_registered = "certificate-registered",
    SIGN_IN: sign_in = "sign-in",
    AUDIT_TRAIL: audit_trail = "audit-trail",
    CERTIFICATE_MAPPING: certificate_mapping = "certificate-mapping",
    ROLE_PERMISSIONS: role_permissions = "role-permissions",
    ROLE_ASSIGNED: role_assigned = "role-assigned",
}

/// The check with this id.
#[must_use]
pub fn find(id: CheckId) -> Option<&'static Spec> {
    ALL.iter().copied().find(|spec| spec.id == id)
}

/// The check whose id is this text.
#[must_use]
pub fn find_by_name(name: &str) -> Option<&'static Spec> {
    ALL.iter().copied().find(|spec| spec.id.as_str() == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::cards::{Card, engine_findings, pages};
    use super::*;

    fn registered() -> Vec<CheckId> {
        ALL.iter().map(|spec| spec.id).collect()
    }

    #[test]
    fn every_need_is_registered() {
        for spec in ALL {
            for need in spec.needs.iter().chain(spec.after) {
                assert!(registered().contains(need), "{} needs {need}", spec.id);
            }
        }
    }

    #[test]
    fn cards_and_code_name_the_same_findings() {
        let pages = pages();
        for spec in ALL {
            let card = Card::of(spec);
            let in_card: BTreeSet<&str> = card.findings.keys().map(String::as_str).collect();
            let in_code: BTreeSet<&str> = spec.findings().map(|f| f.as_str()).collect();
            assert_eq!(in_card, in_code, "{}", spec.id);
            assert_eq!(spec.findings().count(), in_code.len(), "{} lists one twice", spec.id);
            for (finding, guidance) in &card.findings {
                assert!(!guidance.fix.is_empty(), "{}: {finding} has no fix", spec.id);
                for page in guidance.fix.iter().filter_map(|step| step.page.as_ref()) {
                    assert!(pages.contains_key(page), "{}: {finding}: page {page}", spec.id);
                }
            }
        }
        assert!(engine_findings().contains_key("deadline"));
    }

    #[test]
    fn every_card_file_belongs_to_a_check() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/checks");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() && path.extension().is_some_and(|e| e == "toml") {
                let name = path.file_stem().unwrap().to_string_lossy().into_owned();
                assert!(find_by_name(&name).is_some(), "{name} has a card and no check");
            }
        }
    }
}
