//! What to do about one fault: steps, what may be seen on a page, or a table for the page of a role.

use super::continued;
use super::local::with_local_times;
use super::{HANGING, INDENT, MARGIN};
use crate::report::advice::{Action, Permission};
use crate::report::page::{PROSE, Page, UNBROKEN, VALUE};
use crate::report::reader::{Reader, again};
use crate::report::text::{Tone, columns, pad, wrap};
use crate::report::v1::Fix;
use crate::report::words;

/// Fewer columns than these leave no room for a table.
const TABLE: usize = 60;

pub(super) fn write_action(page: &mut Page, action: &Action, label: &str, reader: &Reader<'_>) {
    let style = page.style;
    let label = style.paint(Tone::Strong, &pad(label, 7));
    let mut steps = action.steps.as_slice();
    let look = words::elsewhere(action.asks_for_detail(), action.sign_in);
    // Where there is nothing else to do, to look is what to do.
    let only_look = action.only_look();
    match (&action.aim, steps) {
        _ if only_look => write_labelled(page, &label, look),
        (Some(aim), _) => write_labelled(page, &label, &style.show(aim, PROSE)),
        (None, []) => {}
        // One step without a page of its own has its place beside the label.
        (None, [only]) if only.place.is_none() => {
            write_labelled(page, &label, &style.show(&only.text, PROSE));
            write_step_command(page, only, 12, reader);
            steps = &[];
        }
        (None, _) => page.raw(&format!("{}{label}", " ".repeat(MARGIN))),
    }
    if let Some((menu, url)) = &action.page {
        write_place(page, menu, url.as_deref(), INDENT);
    }
    write_steps(page, steps, reader);
    let outcomes: Vec<(String, String)> = action
        .outcomes
        .iter()
        .map(|outcome| (style.show(&outcome.sees, VALUE), style.show(&outcome.act, PROSE)))
        .collect();
    write_table(page, &outcomes, 34);
    write_permissions(page, &action.permissions);
    if let Some(unless) = &action.unless {
        page.gap();
        page.prose(&style.show(unless, PROSE), MARGIN);
    }
    if !action.places.is_empty() {
        if !only_look {
            page.gap();
            page.prose(look, MARGIN);
        }
        let places: Vec<(String, String)> = action
            .places
            .iter()
            .map(|place| (place.name.clone(), style.show(&place.questions.join(" "), PROSE)))
            .collect();
        write_table(page, &places, 16);
    } else if action.sign_in {
        page.gap();
        page.prose(words::SIGN_IN, MARGIN);
    }
}

/// What to do about a fault beside others: one sentence with its place, and the first command.
pub(super) fn write_brief(page: &mut Page, action: &Action, label: &str, reader: &Reader<'_>) {
    let style = page.style;
    let Some(brief) = action.brief() else { return };
    let command = action.brief_command();
    let label = style.paint(Tone::Strong, &pad(label, 7));
    let end = if command.is_some() { ":" } else { "." };
    write_labelled(page, &label, &format!("{}{end}", style.show(&brief, PROSE)));
    if let Some(step) = command {
        write_step_command(page, step, 12, reader);
    }
}

/// The same where the page is full: below what happened, as far to the right as it.
pub(super) fn write_hanging(page: &mut Page, action: &Action, label: &str, reader: &Reader<'_>) {
    let style = page.style;
    let Some(brief) = action.brief() else { return };
    // The page of the fault before it is open.
    let known = |url: &&str| page.shows(url);
    let opened = action.page.as_ref().and_then(|(_, url)| url.as_deref()).filter(known);
    let brief = match opened.and_then(|url| brief.strip_suffix(&format!(" ({url})"))) {
        Some(rest) => format!("{rest} (the same page)"),
        None => brief,
    };
    let command = action.brief_command();
    let end = if command.is_some() { ":" } else { "." };
    let text = format!("{label}: {}{end}", style.show(&brief, PROSE));
    for (at, line) in wrap(&text, style.columns().saturating_sub(HANGING)).iter().enumerate() {
        let rest = Some(line).filter(|_| at == 0).and_then(|line| line.strip_prefix(label));
        let line = match rest {
            Some(rest) => style.paint(Tone::Strong, label) + rest,
            None => line.clone(),
        };
        page.raw(&format!("{}{line}", " ".repeat(HANGING)));
    }
    if let Some(step) = command {
        write_step_command(page, step, HANGING + 2, reader);
    }
}

/// The steps, numbered where there are several.
fn write_steps(page: &mut Page, steps: &[Fix], reader: &Reader<'_>) {
    let style = page.style;
    let mut before: Option<&Fix> = None;
    for (number, step) in (1..).zip(steps) {
        let lead = if steps.len() > 1 { format!("{number}. ") } else { String::new() };
        let hang = INDENT + lead.len();
        let room = style.columns().saturating_sub(hang);
        for (at, line) in wrap(&with_local_times(&style.show(&step.text, PROSE), reader.zone), room)
            .iter()
            .enumerate()
        {
            let lead = if at == 0 { lead.clone() } else { " ".repeat(lead.len()) };
            page.raw(&format!("{}{lead}{line}", " ".repeat(INDENT)));
        }
        // The page of the step before is still open.
        let open = before.is_some_and(|before| before.place == step.place);
        if let Some(place) = step.place.as_ref().filter(|_| !open) {
            write_place(page, place, step.url.as_deref(), hang);
        }
        write_step_command(page, step, hang, reader);
        before = Some(step);
    }
}

fn write_step_command(page: &mut Page, step: &Fix, indent: usize, reader: &Reader<'_>) {
    let style = page.style;
    let Some(command) = &step.command else { return };
    let command = style.show(&again(command, reader), UNBROKEN);
    let at = |indent: usize| continued(&command, style.columns().saturating_sub(indent));
    // A pipe of other programs is not ours to break.
    let (mut lines, mut indent) = match command.starts_with("netsuite-preflight ") {
        true => (at(indent), indent),
        false => (vec![command.clone()], indent),
    };
    if lines.len() > 1 && at(INDENT).len() < lines.len() {
        (lines, indent) = (at(INDENT), INDENT);
    }
    for (at, line) in lines.iter().enumerate() {
        let further = if at == 0 { 0 } else { 2 };
        let line = style.paint(Tone::Strong, line);
        page.raw(&format!("{}{line}", " ".repeat(indent + further)));
    }
}

/// A click path, as a link where the terminal takes one; an address that names one record is
/// better than a path.
fn write_place(page: &mut Page, menu: &str, url: Option<&str>, indent: usize) {
    let style = page.style;
    let margin = " ".repeat(indent);
    let url = url.map(|url| style.show(url, UNBROKEN));
    match url {
        Some(url) if url.contains('?') => {
            // Never broken: where it has no room it stands further left.
            let room = style.columns().saturating_sub(columns(&url));
            let margin = " ".repeat(indent.min(room));
            page.raw(&format!("{margin}{}", style.link(&url, &url)));
        }
        url => {
            let room = style.columns().saturating_sub(indent);
            for line in wrap(&style.show(menu, PROSE), room) {
                let line = match &url {
                    Some(url) => style.link(url, &line),
                    None => line,
                };
                page.raw(&format!("{margin}{line}"));
            }
        }
    }
}

/// Fewer columns than these for the second column are better filled below the first.
const ROOM: usize = 38;

/// A space at which no line is broken; printed as any other.
const UNBROKEN_SPACE: &str = "\u{a0}";

/// Two columns, or one below the other where there is no room.
fn write_table(page: &mut Page, rows: &[(String, String)], widest: usize) {
    let style = page.style;
    let width = style.columns();
    let first = rows.iter().map(|(name, _)| columns(name)).max().unwrap_or(0).min(widest);
    let beside = width >= INDENT + first + 2 + ROOM;
    for (name, text) in rows {
        if !beside {
            page.prose(&style.paint(Tone::Strong, name), INDENT);
            page.prose(&text.replace(UNBROKEN_SPACE, " "), INDENT + 2);
            continue;
        }
        let names = wrap(name, first);
        let texts = wrap(text, width.saturating_sub(INDENT + first + 2));
        for at in 0..names.len().max(texts.len()) {
            let name = pad(names.get(at).map_or("", String::as_str), first);
            let text = texts.get(at).map_or("", String::as_str).replace(UNBROKEN_SPACE, " ");
            page.raw(&format!(
                "{}{}  {text}",
                " ".repeat(INDENT),
                style.paint(Tone::Strong, &name)
            ));
        }
    }
}

/// Up to so many permissions have a row each.
const ROWS: usize = 8;

fn write_permissions(page: &mut Page, rows: &[Permission]) {
    let style = page.style;
    let show = |text: &str| style.show(text, VALUE);
    if rows.len() <= ROWS && style.columns() >= TABLE {
        let widest = |of: fn(&Permission) -> &str| {
            rows.iter().map(|row| columns(&show(of(row)))).max().unwrap_or(0)
        };
        let (subtabs, names, levels) =
            (widest(|row| &row.subtab), widest(|row| &row.name), widest(|row| row.level.label()));
        let before = INDENT + subtabs + names + levels + 6;
        for row in rows {
            let cells = format!(
                "{}  {}  {}",
                pad(&show(&row.subtab), subtabs),
                style.paint(Tone::Strong, &pad(&show(&row.name), names)),
                pad(row.level.label(), levels)
            );
            let records = match row.records.as_slice() {
                [] => String::new(),
                records => format!("for {}", records.join(", ")),
            };
            let room = style.columns().saturating_sub(before);
            for (at, line) in wrap(&show(&records), room.max(12)).iter().enumerate() {
                let cells = if at == 0 { cells.clone() } else { " ".repeat(before - INDENT - 2) };
                page.raw(&format!("{}{cells}  {line}", " ".repeat(INDENT)));
            }
        }
        return;
    }
    // Many of them are one list per subtab and level.
    let mut lists: Vec<(String, Vec<String>)> = Vec::new();
    for row in rows {
        let head = format!("{}, {}", show(&row.subtab), row.level.label());
        match lists.iter_mut().find(|(known, _)| *known == head) {
            Some((_, names)) => names.push(show(&row.name)),
            None => lists.push((head, vec![show(&row.name)])),
        }
    }
    let lists: Vec<_> = lists
        .into_iter()
        // A name of several words stays on one line.
        .map(|(head, names)| {
            let names: Vec<_> =
                names.iter().map(|name| name.replace(' ', UNBROKEN_SPACE)).collect();
            (head, names.join(", "))
        })
        .collect();
    write_table(page, &lists, 24);
}

fn write_labelled(page: &mut Page, label: &str, text: &str) {
    let room = page.style.columns().saturating_sub(MARGIN + 10);
    for (at, line) in wrap(text, room).iter().enumerate() {
        let before = if at == 0 { format!("{label}   ") } else { " ".repeat(10) };
        page.raw(&format!("{}{before}{line}", " ".repeat(MARGIN)));
    }
}
