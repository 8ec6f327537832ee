//! `--format human`: what a person reads at a terminal. Is it right, what is wrong, what to do now.
//!
//! One fault and one place to go come first; `--details` has everything else.

mod action;
mod command;
mod local;

use action::{write_action, write_brief};
use command::write_command;
use local::with_local_times;

use crate::report::advice::Sheet;
use crate::report::page::{PROSE, Page, VALUE};
use crate::report::reader::{Extent, Reader};
use crate::report::text::{Tone, columns, tone, wrap};
use crate::report::v1::{Mode, Report};
use crate::report::{Handbook, words};

/// The report as text.
#[must_use]
pub fn render(report: &Report, handbook: &Handbook, reader: &Reader<'_>) -> String {
    if reader.extent == Extent::Details {
        return super::details::render(report, handbook, reader);
    }
    let sheet = Sheet::of(report, handbook, reader);
    let mut page = Page::new(reader.style);
    write_head(&mut page, report, &sheet);
    for at in 0..sheet.faults.len() {
        write_fault(&mut page, &sheet, at, reader);
    }
    write_end(&mut page, &sheet, reader);
    page.finish()
}

/// Columns before the text below the title.
const MARGIN: usize = 2;
/// Columns before what belongs to a label.
const INDENT: usize = 5;

fn write_head(page: &mut Page, report: &Report, sheet: &Sheet<'_>) {
    let style = page.style;
    let unproved = |page: &mut Page, indent| {
        for line in &sheet.unproved {
            page.prose(&style.show(line, usize::MAX), indent);
        }
    };
    // What was not looked at stands before a verdict that nobody should take for more.
    let offline = report.run.mode == Mode::Offline;
    if offline {
        unproved(page, 0);
        page.gap();
    }
    let status = words::head(report);
    let word = format!("{} {}", style.mark(status), sheet.verdict);
    let target = style.show(&words::target(report), VALUE);
    let counts = words::short_counts(report, style);
    let left = format!("{word}  {target}");
    let gap = style.columns().saturating_sub(columns(&left) + columns(&counts));
    let shown =
        format!("{}  {}", style.paint(tone(status), &word), style.paint(Tone::Strong, &target));
    if gap >= 2 {
        page.raw(&format!("{shown}{}{counts}", " ".repeat(gap)));
    } else {
        page.title(status, sheet.verdict, &target);
        page.prose(&counts, MARGIN);
    }
    for note in &sheet.notes {
        page.prose(&style.show(note, VALUE), MARGIN);
    }
    if sheet.faults.is_empty() {
        page.gap();
        if let Some(passed) = &sheet.passed {
            page.prose(&style.show(passed, PROSE), MARGIN);
        }
        if !offline {
            unproved(page, MARGIN);
        }
    }
}

/// Lines that what to do about a further fault may take.
const SHORT: usize = 5;

fn write_fault(page: &mut Page, sheet: &Sheet<'_>, at: usize, reader: &Reader<'_>) {
    let style = page.style;
    let Some(fault) = sheet.faults.get(at) else { return };
    if reader.extent == Extent::Quiet && at > 0 {
        return;
    }
    page.gap();
    let said = with_local_times(&style.show(&fault.said, PROSE), reader.zone);
    let shown =
        |name: String| format!("{} {}:", style.mark(fault.status()), style.show(&name, VALUE));
    let name = sheet.name(fault).map(shown);
    let said = match &name {
        Some(name) => format!("{name} {said}"),
        None => said,
    };
    if reader.extent != Extent::Quiet {
        for (number, line) in wrap(&said, style.columns().saturating_sub(MARGIN)).iter().enumerate()
        {
            let rest =
                name.as_ref().filter(|_| number == 0).and_then(|name| line.strip_prefix(name));
            let line = match (&name, rest) {
                (Some(name), Some(rest)) => style.paint(tone(fault.status()), name) + rest,
                _ => line.clone(),
            };
            page.raw(&format!("{}{line}", " ".repeat(MARGIN)));
        }
        page.gap();
    }
    if sheet.can_wait(at) {
        return;
    }
    let label = words::to_do(at);
    if at == 0 {
        write_action(page, &fault.action, label, reader);
        return;
    }
    // The first fault has the page; the others have what fits into a few lines.
    let mut own = Page::new(style);
    write_action(&mut own, &fault.action, label, reader);
    let text = own.finish();
    if text.lines().count() <= SHORT {
        text.lines().for_each(|line| page.raw(line));
    } else {
        write_brief(page, &fault.action, label, reader);
    }
}

fn write_end(page: &mut Page, sheet: &Sheet<'_>, reader: &Reader<'_>) {
    if let Some(next) = &sheet.next {
        page.gap();
        write_command(page, next.label, &next.command);
    }
    if let Some(details) = sheet.details.as_ref().filter(|_| reader.extent != Extent::Quiet) {
        write_command(page, "Details", details);
    }
}

#[cfg(test)]
mod tests;
