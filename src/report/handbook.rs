//! The cards of all checks, read once per run.

use std::collections::BTreeMap;

use crate::checklist::cards::{BadCard, Card, Guidance, Page, engine_findings, pages};
use crate::checklist::catalogue;
use crate::checklist::spec::Spec;
use crate::diagnosis::{Cause, causes};

/// Titles, reasons and guidance by check id.
#[derive(Debug, Clone)]
pub struct Handbook {
    cards: BTreeMap<String, Card>,
    engine: BTreeMap<String, Guidance>,
    pages: BTreeMap<String, Page>,
}

impl Handbook {
    /// Reads the cards that the program was built with.
    ///
    /// # Errors
    /// When a card cannot be read: only a wrong build can cause it.
    pub fn load() -> Result<Self, BadCard> {
        let card = |spec: &&Spec| Ok((spec.id.as_str().to_owned(), Card::of(spec)?));
        let cards = catalogue::ALL.iter().map(card).collect::<Result<_, _>>()?;
        Ok(Self { cards, engine: engine_findings()?, pages: pages()? })
    }

    /// Reads the given cards.
    ///
    /// # Errors
    /// When a card cannot be read.
    pub fn of<'a>(cards: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, BadCard> {
        let cards = cards
            .into_iter()
            .map(|(id, text)| Card::parse(id, text).map(|card| (id.to_owned(), card)))
            .collect::<Result<_, _>>()?;
        Ok(Self { cards, engine: engine_findings()?, pages: pages()? })
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
        own.or_else(|| self.engine.get(finding))
    }

    /// Guidance for what can befall any check.
    #[must_use]
    pub fn engine(&self) -> &BTreeMap<String, Guidance> {
        &self.engine
    }

    /// A cause by its id.
    #[must_use]
    pub fn cause(&self, id: &str) -> Option<&'static Cause> {
        causes().ok()?.find(id)
    }

    /// A page of the NetSuite UI by its name.
    #[must_use]
    pub fn page(&self, name: &str) -> Option<&Page> {
        self.pages.get(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_has_a_card() {
        let handbook = Handbook::load().unwrap();
        for spec in catalogue::ALL {
            assert!(handbook.card(spec.id.as_str()).is_some(), "{}", spec.id);
            assert!(handbook.guidance(spec.id.as_str(), "deadline").is_some());
        }
    }
}
