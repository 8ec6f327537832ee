//! `explain ID`: a whole card, with everything the check can find.

mod human;
pub mod markdown;
pub mod topic;

use std::collections::BTreeSet;

use serde::Serialize;

use super::guidance;
use super::handbook::Handbook;
use super::placeholders::{Form, Values};
use super::v1::{Fix, Grade};
use crate::checks;
use crate::checks::cards::{Card, Guidance};
use crate::checks::spec::Spec;

pub use human::{card, topic as topic_page};
pub use topic::{Topic, topic};

/// A whole card as data, for `explain ID --format json` and for the documentation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The check.
    pub id: String,
    /// What holds when it passes.
    pub title: String,
    /// The group it belongs to.
    pub phase: String,
    /// Checks without whose success it does not run.
    pub needs: Vec<String>,
    /// What a pass proves, and what it does not.
    pub proves: String,
    /// Why it matters.
    pub why: String,
    /// Everything it can find.
    pub findings: Vec<Finding>,
    /// What can befall any check.
    pub any_check: Vec<Finding>,
    /// Where the facts come from.
    pub sources: Vec<Source>,
    /// Where its documentation stands, relative to the project.
    pub docs: String,
}

/// A finding with what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Its id, as evidence names it.
    pub id: String,
    /// What it means, where the card says so.
    pub means: Option<String>,
    /// How to mend it. Values of a run stand as `<name>`.
    pub fix: Vec<Fix>,
}

/// Where a fact comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// Page id of NetSuite's help, a standard, or a section of the project's notes.
    pub at: String,
    /// The fact.
    pub says: String,
    /// How well it is known.
    pub grade: Grade,
}

/// The card of a check, or nothing where there is no such check.
#[must_use]
pub fn explain(id: &str, handbook: &Handbook) -> Option<Explanation> {
    let spec = checks::find_by_name(id)?;
    let card = handbook.card(id)?;
    let finding = |(id, guidance): (&String, &Guidance)| finding(id, guidance, handbook);
    Some(Explanation {
        id: id.to_owned(),
        title: card.title.clone(),
        phase: spec.phase.as_str().to_owned(),
        needs: spec.needs.iter().map(ToString::to_string).collect(),
        proves: card.proves.trim().to_owned(),
        why: card.why.trim().to_owned(),
        findings: ordered(spec, card.findings.iter()).into_iter().map(finding).collect(),
        any_check: handbook.engine().iter().map(finding).collect(),
        sources: sources(card, handbook),
        docs: format!("docs/checks.md#{id}"),
    })
}

/// The sources of a card, and of the pages that its steps lead to.
fn sources(card: &Card, handbook: &Handbook) -> Vec<Source> {
    let own = card.sources.iter().map(|source| Source {
        at: source.at.clone(),
        says: source.says.trim().to_owned(),
        grade: source.grade,
    });
    let steps = card.findings.values().flat_map(|guidance| &guidance.fix);
    let names: BTreeSet<&str> = steps.filter_map(|step| step.page.as_deref()).collect();
    let pages = names.into_iter().filter_map(|name| handbook.page(name)).map(|page| Source {
        at: page.source.clone(),
        says: format!("The page is at {}.", page.menu),
        grade: page.grade,
    });
    own.chain(pages).collect()
}

/// All cards, in the order of the list of checks.
#[must_use]
pub fn all(handbook: &Handbook) -> Vec<Explanation> {
    checks::ALL.iter().filter_map(|spec| explain(spec.id.as_str(), handbook)).collect()
}

/// Findings in the order in which the check declares them.
fn ordered<'a>(
    spec: &Spec,
    findings: impl Iterator<Item = (&'a String, &'a Guidance)>,
) -> Vec<(&'a String, &'a Guidance)> {
    let place = |id: &str| spec.findings().position(|finding| finding.as_str() == id);
    let mut all: Vec<_> = findings.collect();
    all.sort_by_key(|(id, _)| place(id).unwrap_or(usize::MAX));
    all
}

fn finding(id: &str, guidance: &Guidance, handbook: &Handbook) -> Finding {
    let values = Values::default();
    Finding {
        id: id.to_owned(),
        means: guidance.means.as_ref().map(|means| values.fill(means.trim(), Form::Prose)),
        fix: guidance::of(guidance, handbook, &values, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::json;
    use crate::report::style::Style;
    use crate::report::wrap::columns;
    use crate::report::{handbook, samples};

    #[test]
    fn a_whole_card() {
        let mut explanation = explain("certificate-id-matches", &samples::handbook()).unwrap();
        // These two come from the real checklist, which may change without this test.
        explanation.needs = vec!["certificate".to_owned()];
        explanation.any_check.truncate(1);
        insta::assert_snapshot!(card(&explanation, Style::default()));
    }

    #[test]
    fn every_check_can_be_explained_at_every_width() {
        let handbook = handbook();
        for spec in checks::ALL {
            let explanation = explain(spec.id.as_str(), handbook).unwrap();
            assert_eq!(explanation.findings.len(), spec.findings().count());
            let data: serde_json::Value =
                serde_json::from_str(&json::render(&explanation).unwrap()).unwrap();
            assert_eq!(data["id"], spec.id.as_str());
            for width in [40, 80, 120] {
                let style = Style { width, ..Style::default() };
                for line in card(&explanation, style).lines() {
                    let unbroken = line.contains("://")
                        || line.contains("$ ")
                        || line.contains("netsuite-preflight ");
                    assert!(unbroken || columns(line) <= width, "{line}");
                }
            }
        }
        assert_eq!(explain("nothing", handbook), None);
    }
}
