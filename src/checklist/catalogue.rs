//! The registry: every check there is.

use super::checks;
use super::engine::CheckId;
use super::spec::Spec;

/// Every check, in the order in which reports list them.
pub const ALL: &[&Spec] = &[
    &checks::account_id::SPEC,
    &checks::client_id::SPEC,
    &checks::client_secret::SPEC,
    &checks::certificate_id::SPEC,
    &checks::private_key::SPEC,
    &checks::private_key_file::SPEC,
    &checks::key_strength::SPEC,
    &checks::certificate::SPEC,
    &checks::certificate_key::SPEC,
    &checks::certificate_validity::SPEC,
    &checks::certificate_expiry::SPEC,
    &checks::certificate_signature::SPEC,
    &checks::key_matches_certificate::SPEC,
    &checks::certificate_id_matches::SPEC,
    &checks::profile_fit::SPEC,
    &checks::role_definition::SPEC,
    &checks::account_exists::SPEC,
    &checks::connection::SPEC,
    &checks::clock::SPEC,
    &checks::token_exchange::SPEC,
    &checks::token_identity::SPEC,
    &checks::token_scope::SPEC,
    &checks::rest_service::SPEC,
    &checks::query_service::SPEC,
    &checks::least_privilege::SPEC,
    &checks::record_access::SPEC,
    &checks::certificate_registered::SPEC,
];

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

    use super::*;
    use crate::checklist::cards::{Card, engine_findings, pages};
    use crate::checklist::ids;

    fn registered() -> Vec<CheckId> {
        ALL.iter().map(|spec| spec.id).collect()
    }

    #[test]
    fn every_id_of_the_contract_is_registered_in_order() {
        assert_eq!(registered(), ids::ORDER);
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
