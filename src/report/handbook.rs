//! The cards of all checks.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::checks;
use crate::checks::cards::{Card, Guidance, Page, engine_findings, pages};
use crate::checks::spec::Spec;
use crate::diagnosis::{Cause, causes};

/// Titles, reasons and guidance by check id.
#[derive(Debug, Clone)]
pub struct Handbook {
    cards: BTreeMap<String, Card>,
}

/// The cards that the program was built with, read at the first use.
pub fn handbook() -> &'static Handbook {
    &HANDBOOK
}

static HANDBOOK: LazyLock<Handbook> = LazyLock::new(|| {
    let card = |spec: &&Spec| (spec.id.as_str().to_owned(), Card::of(spec));
    Handbook { cards: checks::ALL.iter().map(card).collect() }
});

impl Handbook {
    /// A handbook of other cards.
    #[cfg(test)]
    pub(super) fn of(cards: BTreeMap<String, Card>) -> Self {
        Self { cards }
    }

    /// The card of a check.
    #[must_use]
    pub fn card(&self, check: &str) -> Option<&Card> {
        self.cards.get(check)
    }

    /// The guidance for a finding of a check, or for one that can befall any check.
    #[must_use]
    pub fn guidance(&self, check: &str, finding: &str) -> Option<&Guidance> {
        let own = self.cards.get(check).and_then(|card| card.findings.get(finding));
        own.or_else(|| self.engine().get(finding))
    }

    /// Guidance for what can befall any check.
    #[must_use]
    pub fn engine(&self) -> &'static BTreeMap<String, Guidance> {
        engine_findings()
    }

    /// A cause by its id.
    #[must_use]
    pub fn cause(&self, id: &str) -> Option<&'static Cause> {
        causes().find(id)
    }

    /// A page of the NetSuite UI by its name.
    #[must_use]
    pub fn page(&self, name: &str) -> Option<&'static Page> {
        pages().get(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_has_a_card() {
        let handbook = handbook();
        for spec in checks::ALL {
            assert!(handbook.card(spec.id.as_str()).is_some(), "{}", spec.id);
            assert!(handbook.guidance(spec.id.as_str(), "deadline").is_some());
        }
    }
}
