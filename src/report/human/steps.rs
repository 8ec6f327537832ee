//! Numbered steps.

use super::page::{Line, Page};
use super::{PROSE, UNBROKEN};
use crate::report::style::Tone;
use crate::report::v1::Fix;

/// The steps as lines, `indent` columns to the right. Addresses and commands have a line of their own and are never broken.
pub(crate) fn steps(page: &Page, fixes: &[Fix], indent: usize) -> Vec<Line> {
    let style = page.style;
    let mut lines = Vec::new();
    let mut before: Option<&Fix> = None;
    for (number, fix) in (1..).zip(fixes) {
        let lead = format!("{number}. ");
        let hang = indent + lead.len();
        for (at, line) in page.wrapped(&style.show(&fix.text, PROSE), hang).into_iter().enumerate()
        {
            lines.push(if at == 0 { line.lead(&lead) } else { line });
        }
        // The page of the step before is still open.
        let same_page =
            before.is_some_and(|before| before.place == fix.place && before.url == fix.url);
        before = Some(fix);
        if let Some(place) = fix.place.as_ref().filter(|_| !same_page) {
            lines.extend(page.wrapped(&style.show(place, PROSE), hang));
        }
        if let Some(url) = fix.url.as_ref().filter(|_| !same_page) {
            lines.push(Line::new(style.show(url, UNBROKEN)).indent(hang).tone(Tone::Link));
        }
        if let Some(command) = &fix.command {
            let shown = format!("$ {}", style.show(command, UNBROKEN));
            lines.push(Line::new(shown).indent(hang).tone(Tone::Strong));
        }
    }
    lines
}
