//! Types that the REST record service offers to nobody. The data stands in
//! `checks/records/not-offered.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::data;
use crate::types::Grade;

/// One such type.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotOffered {
    /// How an integration gets at such records otherwise.
    pub instead: String,
    /// How well it is known.
    pub grade: Grade,
    /// Where it is known from.
    pub source: String,
}

static TYPES: LazyLock<BTreeMap<String, NotOffered>> =
    LazyLock::new(|| data::read("records/not-offered.toml"));

/// What is known of a type that REST does not offer; its name in any case.
#[must_use]
pub fn not_offered(record: &str) -> Option<&'static NotOffered> {
    TYPES.iter().find(|(name, _)| name.eq_ignore_ascii_case(record)).map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netsuite::catalogue::catalogue;

    #[test]
    fn no_type_is_offered_and_not_offered() {
        for (name, known) in TYPES.iter() {
            assert!(catalogue().find(name).is_none(), "{name}");
            assert!(known.instead.ends_with('.') && !known.source.is_empty(), "{name}");
        }
        assert!(not_offered("FILE").is_some() && not_offered("customer").is_none());
    }
}
