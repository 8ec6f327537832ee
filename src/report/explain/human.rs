//! A card for a person at a terminal.

use super::{Explanation, Finding, Topic};
use crate::report::human::{Line, PROSE, Page, VALUE, steps, words};
use crate::report::style::{Style, Tone};

/// The card as text.
#[must_use]
pub fn card(explanation: &Explanation, style: Style) -> String {
    let mut page = Page::new(style);
    let show = |text: &str| style.show(text, PROSE);
    page.raw(&style.paint(Tone::Strong, &show(&explanation.id)));
    page.prose(&show(&explanation.title), 2);
    page.gap();
    let phase = words::phase(&explanation.phase);
    page.labelled("Phase", &page.wrapped(&show(&phase), 0));
    if !explanation.needs.is_empty() {
        page.labelled("Needs", &page.wrapped(&show(&explanation.needs.join(", ")), 0));
    }
    page.labelled("Proves", &page.wrapped(&show(&explanation.proves), 0));
    page.labelled("Why", &page.wrapped(&show(&explanation.why), 0));

    findings(&mut page, "What it can find", &explanation.findings);
    findings(&mut page, "What can befall any check", &explanation.any_check);

    if !explanation.sources.is_empty() {
        page.heading("Where this is known from");
        for source in &explanation.sources {
            page.gap();
            page.prose(&show(&source.says), 2);
            let told = format!("{} ({})", source.at, words::grade(source.grade));
            for line in crate::report::wrap::wrap(&show(&told), style.columns().saturating_sub(2)) {
                page.raw(&format!("  {}", style.paint(Tone::Faint, &line)));
            }
        }
    }
    page.finish()
}

/// A topic as text.
#[must_use]
pub fn topic(topic: &Topic, style: Style) -> String {
    let mut page = Page::new(style);
    let show = |text: &str| style.show(text, PROSE);
    page.raw(&style.paint(Tone::Strong, &show(&topic.id)));
    page.prose(&show(&topic.title), 2);
    page.prose(&format!("({})", topic.kind.words()), 2);
    page.gap();
    for said in &topic.says {
        page.labelled(said.label, &page.wrapped(&show(&said.text), 0));
    }
    if !topic.causes.is_empty() {
        page.heading("What may stand behind it");
        for cause in &topic.causes {
            page.prose(&show(&format!("- {} ({})", cause.title, cause.id)), 2);
        }
    }
    let steps = steps(&page, &topic.fix, 0);
    if !steps.is_empty() {
        page.gap();
        page.labelled("Mend", &steps);
    }
    if !topic.see.is_empty() {
        page.gap();
        page.labelled("See", &page.wrapped(&show(&topic.see.join(", ")), 0));
    }
    if let Some(source) = &topic.source {
        let grade = topic.grade.map(|grade| format!(", {}", words::grade(grade)));
        let date = topic.date.as_ref().map(|date| format!(", {date}"));
        let told = format!("{source}{}{}", grade.unwrap_or_default(), date.unwrap_or_default());
        page.labelled("From", &page.wrapped(&show(&told), 0));
    }
    page.finish()
}

fn findings(page: &mut Page, heading: &str, findings: &[Finding]) {
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
        let steps: Vec<Line> = steps(page, &finding.fix, 0);
        page.labelled("Mend", &steps);
    }
}
