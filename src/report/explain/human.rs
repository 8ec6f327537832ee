//! A card for a person at a terminal.

use super::{Explanation, Finding};
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
