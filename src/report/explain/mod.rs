//! `explain ID`: a whole card, with everything the check can find.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::checks;
use crate::checks::cards::{Card, Guidance};
use crate::checks::spec::Spec;
use crate::report::page::steps;
use crate::report::page::{Line, PROSE, Page, VALUE};
use crate::report::text::Tone;
use crate::report::text::wrap;
use crate::report::v1::{Fix, Grade};
use crate::report::values::{Form, Values};
use crate::report::{Handbook, Style, guidance, words};
use crate::types::source::readable;

pub use lookup::{Known, Unknown, look_up, meant};
pub use topic::{Related, Topic};

mod answer;
pub mod brief;
mod catalogue;
mod lookup;
pub mod markdown;
mod meant;
mod names;
mod pasted;
mod topic;

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
    /// What has to be made before, and how it is taken away again.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub prepare: Vec<Fix>,
    /// Everything it can find.
    pub findings: Vec<ExplainedFinding>,
    /// What can happen to any check.
    pub any_check: Vec<ExplainedFinding>,
    /// Where the facts come from.
    pub sources: Vec<Source>,
    /// Where its documentation stands, relative to the project.
    pub docs: String,
}

/// A finding with what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExplainedFinding {
    /// Its id, as evidence names it.
    pub id: String,
    /// What it means, where the card says so.
    pub means: Option<String>,
    /// How to fix it. Values of a run stand as `<name>`.
    pub fix: Vec<Fix>,
}

/// Where a fact comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// A page of NetSuite's help, a standard, or who reported it.
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
    let prepare = Guidance { fix: card.prepare.clone(), ..Guidance::default() };
    Some(Explanation {
        id: id.to_owned(),
        title: card.title.clone(),
        phase: spec.phase.as_str().to_owned(),
        needs: spec.needs.iter().map(ToString::to_string).collect(),
        proves: card.proves.trim().to_owned(),
        why: card.why.trim().to_owned(),
        prepare: guidance::of(&prepare, handbook, &Values::default(), None),
        findings: ordered(spec, card.findings.iter()).into_iter().map(finding).collect(),
        any_check: handbook.engine().iter().map(finding).collect(),
        sources: sources(card, handbook),
        docs: format!("docs/checks.md#{id}"),
    })
}

/// The sources of a card, and of the pages that its steps lead to.
fn sources(card: &Card, handbook: &Handbook) -> Vec<Source> {
    let own = card.sources.iter().map(|source| Source {
        at: readable(&source.at),
        says: source.says.trim().to_owned(),
        grade: source.grade,
    });
    let steps = card.findings.values().flat_map(|guidance| &guidance.fix).chain(&card.prepare);
    let names: BTreeSet<&str> = steps.filter_map(|step| step.page.as_deref()).collect();
    let pages = names.into_iter().filter_map(|name| handbook.page(name)).map(|page| Source {
        at: readable(&page.source),
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

fn finding(id: &str, guidance: &Guidance, handbook: &Handbook) -> ExplainedFinding {
    let values = Values::default();
    ExplainedFinding {
        id: id.to_owned(),
        means: guidance.means.as_ref().map(|means| values.fill(means.trim(), Form::Prose)),
        fix: guidance::of(guidance, handbook, &values, None),
    }
}

/// The card as text.
#[must_use]
pub fn card(explanation: &Explanation, style: Style) -> String {
    let mut page = Page::new(style);
    let show = |text: &str| style.show(text, PROSE);
    page.raw(&style.paint(Tone::Strong, &show(&explanation.id)));
    page.prose(&show(&explanation.title), 2);
    page.gap();
    page.labelled("Why", &page.wrapped(&show(&explanation.why), 0));
    page.labelled("Proves", &page.wrapped(&show(&explanation.proves), 0));
    let phase = words::phase(&explanation.phase);
    page.labelled("Phase", &page.wrapped(&show(&phase), 0));
    if !explanation.needs.is_empty() {
        page.labelled("Needs", &page.wrapped(&show(&explanation.needs.join(", ")), 0));
    }

    let prepare = completed(&page, &explanation.prepare);
    if !prepare.is_empty() {
        page.gap();
        page.labelled("Prepare", &prepare);
    }
    findings(&mut page, "What it can find", &explanation.findings);
    findings(&mut page, "What can happen to any check", &explanation.any_check);

    if !explanation.sources.is_empty() {
        page.heading("Where this is known from");
        for source in &explanation.sources {
            page.gap();
            page.prose(&show(&source.says), 2);
            let told = format!("{} ({})", source.at, words::grade(source.grade));
            for line in wrap(&show(&told), style.columns().saturating_sub(2)) {
                page.raw(&format!("  {}", style.paint(Tone::Faint, &line)));
            }
        }
    }
    page.finish()
}

/// A topic as text: what it means, what to do, and then the rest.
#[must_use]
pub fn topic_page(topic: &Topic, style: Style) -> String {
    let mut page = Page::new(style);
    let show = |text: &str| style.show(text, PROSE);
    page.raw(&style.paint(Tone::Strong, &show(topic.id.as_ref().unwrap_or(&topic.title))));
    if topic.id.is_some() {
        page.prose(&show(&topic.title), 2);
    }
    page.prose(&format!("({})", topic.kind.words()), 2);
    page.gap();
    for said in &topic.says {
        page.labelled(said.label, &page.wrapped(&show(&said.text), 0));
    }
    let steps = completed(&page, &topic.fix);
    if !steps.is_empty() {
        page.gap();
        page.labelled("Fix", &steps);
    }
    if !topic.causes.is_empty() {
        page.heading("What may be behind it, the most frequent first");
        for (number, cause) in (1..).zip(&topic.causes) {
            brief::one(&mut page, number, cause);
        }
    }
    page.gap();
    if !topic.see.is_empty() {
        page.labelled("See", &page.wrapped(&show(&topic.see.join(", ")), 0));
    }
    if let Some(source) = &topic.source {
        let grade = topic.grade.map(|grade| format!(" ({})", words::grade(grade)));
        let date = topic.date.as_ref().map(|date| format!(", looked up {date}"));
        let told = format!("{source}{}{}", grade.unwrap_or_default(), date.unwrap_or_default());
        page.labelled("From", &page.wrapped(&show(&told), 0));
    }
    page.finish()
}

/// Commands that go to an account, or read its values, and so need to know which.
const NEED_TARGET: [&str; 2] =
    ["netsuite-preflight check", "netsuite-preflight certificates rotate"];

/// The steps; where a command of theirs leaves out whom it is for, they end with how to say so.
fn completed(page: &Page, fixes: &[Fix]) -> Vec<Line> {
    let mut lines = steps(page, fixes, 0);
    let bare = |command: &String| {
        NEED_TARGET.iter().any(|start| command.starts_with(start))
            && !["--target", "--account-id"].iter().any(|said| command.contains(said))
    };
    if fixes.iter().filter_map(|fix| fix.command.as_ref()).any(bare) {
        let text = "Add your target: --target NAME, or the options of your check command.";
        lines.extend(page.wrapped(text, 0));
    }
    lines
}

fn findings(page: &mut Page, heading: &str, findings: &[ExplainedFinding]) {
    if findings.is_empty() {
        return;
    }
    let style = page.style;
    page.heading(heading);
    for finding in findings {
        page.gap();
        page.raw(&format!("  {}", style.paint(Tone::Strong, &style.show(&finding.id, VALUE))));
        if let Some(means) = &finding.means {
            page.labelled("Means", &page.wrapped(&style.show(means, PROSE), 0));
        }
        let steps: Vec<Line> = completed(page, &finding.fix);
        page.labelled("Fix", &steps);
    }
}

#[cfg(test)]
mod tests {
    use crate::report::text::columns;
    use crate::report::{handbook, json, samples};

    use super::*;

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
