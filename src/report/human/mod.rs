//! `--format human`: what a person reads at a terminal. Is it right, what is wrong, what to do now.
//!
//! One fault and one place to go come first; `--details` has everything else.

mod action;
mod command;
mod local;

use action::{write_action, write_brief, write_hanging};
pub(crate) use command::continued;
use command::write_command;
use local::with_local_times;

use crate::report::advice::{Fault, Sheet};
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
    let most = if sheet.faults.len() > 1 { SEVERAL } else { ONE };
    let page = laid_out(report, &sheet, reader, Layout::Wide);
    if page.lines().count() <= most {
        page
    } else {
        laid_out(report, &sheet, reader, Layout::Tight)
    }
}

/// The most lines of a page with one fault before it is drawn together.
const ONE: usize = 25;
/// The same with several faults.
const SEVERAL: usize = 30;

/// How much room the parts of a page have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// Empty lines between all parts.
    Wide,
    /// What belongs together stands together, and an address is printed once.
    Tight,
}

fn laid_out(report: &Report, sheet: &Sheet<'_>, reader: &Reader<'_>, layout: Layout) -> String {
    let mut page = Page::new(reader.style);
    write_head(&mut page, report, sheet);
    for at in 0..sheet.faults.len() {
        match layout {
            Layout::Tight if at > 0 => write_further(&mut page, sheet, at, reader),
            _ => write_fault(&mut page, sheet, at, reader, layout),
        }
    }
    // After warnings alone: what failed has the page to itself.
    if !sheet.faults.is_empty() && report.run.mode != Mode::Offline && !sheet.unproved.is_empty() {
        page.gap();
        for line in &sheet.unproved {
            page.prose(&page.style.show(line, usize::MAX), MARGIN);
        }
    }
    let apart = layout == Layout::Wide || sheet.faults.len() < 2;
    if apart && sheet.next.is_some() {
        page.gap();
    }
    write_end(&mut page, sheet, reader);
    page.finish()
}

/// Columns before the text below the title.
const MARGIN: usize = 2;
/// Columns before the further lines of a fault that hangs below its mark.
const HANGING: usize = 4;
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
        for told in sheet.passed.iter().chain(&sheet.waited) {
            page.prose(&style.show(told, PROSE), MARGIN);
        }
        if !offline {
            unproved(page, MARGIN);
        }
        if let Some(told) = &sheet.compare {
            page.prose(&style.show(told, PROSE), MARGIN);
        }
    }
}

/// Lines that what to do about a further fault may take.
const SHORT: usize = 5;

fn write_fault(page: &mut Page, sheet: &Sheet<'_>, at: usize, reader: &Reader<'_>, layout: Layout) {
    let style = page.style;
    let Some(fault) = sheet.faults.get(at) else { return };
    if reader.extent == Extent::Quiet && at > 0 {
        return;
    }
    page.gap();
    if reader.extent != Extent::Quiet {
        write_said(page, sheet, fault, reader, MARGIN);
        if layout == Layout::Wide {
            page.gap();
        }
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

/// A fault after the first, where the page is full: what to do stands right below what happened.
fn write_further(page: &mut Page, sheet: &Sheet<'_>, at: usize, reader: &Reader<'_>) {
    let Some(fault) = sheet.faults.get(at).filter(|_| reader.extent != Extent::Quiet) else {
        return;
    };
    if at == 1 {
        page.gap();
    }
    write_said(page, sheet, fault, reader, HANGING);
    if !sheet.can_wait(at) {
        write_hanging(page, &fault.action, words::to_do(at), reader);
    }
}

/// What happened, after the name where there are several faults. Lines after the first begin at
/// `hang`.
fn write_said(
    page: &mut Page,
    sheet: &Sheet<'_>,
    fault: &Fault<'_>,
    reader: &Reader<'_>,
    hang: usize,
) {
    let style = page.style;
    let said = with_local_times(&style.show(&fault.said, PROSE), reader.zone);
    let shown =
        |name: String| format!("{} {}:", style.mark(fault.status()), style.show(&name, VALUE));
    let name = sheet.name(fault).map(shown);
    let said = match &name {
        Some(name) => format!("{name} {said}"),
        None => said,
    };
    for (number, line) in wrap(&said, style.columns().saturating_sub(hang)).iter().enumerate() {
        let rest = name.as_ref().filter(|_| number == 0).and_then(|name| line.strip_prefix(name));
        let line = match (&name, rest) {
            (Some(name), Some(rest)) => style.paint(tone(fault.status()), name) + rest,
            _ => line.clone(),
        };
        let indent = if number == 0 { MARGIN } else { hang };
        page.raw(&format!("{}{line}", " ".repeat(indent)));
    }
}

fn write_end(page: &mut Page, sheet: &Sheet<'_>, reader: &Reader<'_>) {
    if let Some(next) = &sheet.next {
        write_command(page, next.label, &next.command);
    }
    if let Some(details) = sheet.details.as_ref().filter(|_| reader.extent != Extent::Quiet) {
        write_command(page, "Details", details);
    }
}

#[cfg(test)]
mod tests;
