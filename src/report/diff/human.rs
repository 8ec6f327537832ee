//! The comparison for a person at a terminal.

use super::{Change, Diff, EntryDiff};
use crate::report::human::{Line, Page, VALUE, words};
use crate::report::style::{Style, Tone};
use crate::report::v1::{Overall, Report, Status};

/// The comparison as text.
#[must_use]
pub fn render(diff: &Diff, old: &Report, new: &Report, style: Style) -> String {
    let mut page = Page::new(style);
    for (label, report) in [("Old", old), ("New", new)] {
        let at = report.run.started_at.timestamp().strftime("%Y-%m-%d %H:%M UTC").to_string();
        let target = crate::report::human::head::target(report);
        let told = [at, verdict(report.summary.verdict), target].join(style.dot());
        page.labelled(label, &page.wrapped(&style.show(&told, VALUE), 0));
    }
    page.heading("What it means");
    for sentence in &diff.meaning {
        page.prose(&style.show(sentence, VALUE * 4), 2);
    }
    if !diff.members.is_empty() {
        page.heading("What differs");
        for member in &diff.members {
            let shown =
                |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
            let told =
                format!("{}: {}, now {}", member.member, shown(&member.old), shown(&member.new));
            page.prose(&style.show(&told, VALUE * 2), 2);
        }
    }
    if !diff.entries.is_empty() {
        page.heading("Checks");
        for entry in &diff.entries {
            write_entry(&mut page, entry);
        }
    }
    page.gap();
    page.prose(&format!("{} as good as before or skipped again.", diff.unchanged), 0);
    page.finish()
}

fn write_entry(page: &mut Page, entry: &EntryDiff) {
    let style = page.style;
    page.gap();
    let word = |status: Option<Status>| status.map_or("not in the report", words::status);
    let name = style.show(&entry.entry, VALUE);
    let change = format!("{} {name}", label(entry.change));
    page.raw(&style.paint(tone(entry.change), &change));
    let statuses = match (entry.old, entry.new) {
        (old, new) if old == new => format!("{}, as before", word(new)),
        (old, new) => format!("{}, now {}", word(old), word(new)),
    };
    page.labelled("Status", &page.wrapped(&format!("{statuses}. {}", entry.meaning), 0));
    page.labelled("Seen", &page.wrapped(&style.show(&entry.summary, VALUE * 4), 0));
    let causes: Vec<Line> =
        entry.causes.iter().flat_map(|cause| page.wrapped(&style.show(cause, VALUE), 0)).collect();
    page.labelled("Causes", &causes);
}

fn verdict(verdict: Overall) -> String {
    words::overall(verdict).to_owned()
}

fn label(change: Change) -> &'static str {
    match change {
        Change::Broken => "worse:",
        Change::Mended => "mended:",
        Change::Improved => "better:",
        Change::Uncovered => "shows now:",
        Change::Unknown => "not known:",
        Change::Unproved => "not run:",
        Change::Proved => "proved:",
        Change::Still => "still:",
        Change::New => "new:",
        Change::Gone => "gone:",
    }
}

fn tone(change: Change) -> Tone {
    match change {
        Change::Broken => Tone::Bad,
        Change::Mended | Change::Proved => Tone::Good,
        Change::Improved | Change::Uncovered | Change::Still => Tone::Look,
        Change::Unknown | Change::Unproved | Change::New | Change::Gone => Tone::Open,
    }
}
