//! What happened and what to do, in the order in which a person reads it.

use super::STYLE;
use super::escape::{block, code, text};
use crate::report::Reader;
use crate::report::advice::{Action, Sheet};
use crate::report::reader::{carried, fitted};
use crate::report::v1::Fix;
use crate::report::words::{self, linkable};

/// The faults, the gravest first, then the command that goes on.
pub(super) fn guide(out: &mut String, sheet: &Sheet<'_>, reader: &Reader<'_>) {
    for (at, fault) in sheet.faults.iter().enumerate() {
        if let Some(name) = sheet.name(fault) {
            out.push_str(&format!("**{} {}:** ", STYLE.mark(fault.status()), text(&name)));
        }
        out.push_str(&format!("{}\n\n", text(&fault.said)));
        if !sheet.can_wait(at) {
            action(out, &fault.action, words::to_do(at), reader);
        }
    }
    if let Some(next) = &sheet.next {
        out.push_str(&format!("## {}\n\n{}\n", next.label, block(&next.command, 0)));
    }
}

fn action(out: &mut String, action: &Action, label: &str, reader: &Reader<'_>) {
    if action.is_empty() {
        return;
    }
    match &action.aim {
        Some(aim) => out.push_str(&format!("## {label}: {}\n", text(aim))),
        None => out.push_str(&format!("## {label}\n")),
    }
    if let Some((menu, url)) = &action.page {
        place(out, Some(menu), url.as_deref(), 0);
    }
    out.push('\n');
    match action.steps.as_slice() {
        [] => {}
        [only] => {
            out.push_str(&format!("{}\n", text(&only.text)));
            place(out, only.place.as_deref(), only.url.as_deref(), 0);
            if let Some(command) = &only.command {
                out.push_str(&format!("\n{}", block(&carried(command, reader), 0)));
            }
            out.push('\n');
        }
        all => {
            steps(out, all, 0, reader);
            out.push('\n');
        }
    }
    let pairs = action.outcomes.iter().map(|outcome| (outcome.sees.as_str(), outcome.act.clone()));
    table(out, ["What you see", "What to do"], pairs);
    permissions(out, action);
    if let Some(unless) = &action.unless {
        out.push_str(&format!("{}\n\n", text(unless)));
    }
    if !action.places.is_empty() {
        out.push_str(&format!(
            "{}\n\n",
            words::elsewhere(action.asks_for_detail(), action.sign_in)
        ));
        let pairs = action.places.iter().map(|place| {
            let menu =
                if place.menu.is_empty() { String::new() } else { format!(" ({})", place.menu) };
            (place.name.as_str(), format!("{}{menu}", place.questions.join(" ")))
        });
        table(out, ["Where", "What to look for"], pairs);
    } else if action.sign_in {
        out.push_str(&format!("{}\n\n", words::SIGN_IN));
    }
}

/// Two columns, side by side.
fn table<'a>(
    out: &mut String,
    [first, second]: [&str; 2],
    rows: impl ExactSizeIterator<Item = (&'a str, String)>,
) {
    if rows.len() == 0 {
        return;
    }
    out.push_str(&format!("| {first} | {second} |\n|---|---|\n"));
    for (one, other) in rows {
        out.push_str(&format!("| {} | {} |\n", text(one), text(&other)));
    }
    out.push('\n');
}

fn permissions(out: &mut String, action: &Action) {
    if action.permissions.is_empty() {
        return;
    }
    // What no record type asks for, the integration needs for its sign-in or its requests.
    let named = action.permissions.iter().any(|row| !row.records.is_empty());
    let (last, rule) = if named { (" For |", "---|") } else { ("", "") };
    out.push_str(&format!("| Subtab | Permission | Level |{last}\n|---|---|---|{rule}\n"));
    for row in &action.permissions {
        let (subtab, name) = (text(&row.subtab), text(&row.name));
        let last = if named { format!(" {} |", text(&row.used_by())) } else { String::new() };
        out.push_str(&format!("| {subtab} | {name} | {} |{last}\n", row.level.label()));
    }
    out.push('\n');
}

/// Numbered steps, `indent` columns to the right. Addresses and commands have lines of their own.
pub(super) fn steps(out: &mut String, fixes: &[Fix], indent: usize, reader: &Reader<'_>) {
    let margin = " ".repeat(indent);
    for (number, fix) in (1..).zip(&fitted(fixes, reader)) {
        let lead = format!("{number}. ");
        let inner = indent + lead.len();
        out.push_str(&format!("{margin}{lead}{}\n", text(&fix.text)));
        place(out, fix.place.as_deref(), fix.url.as_deref(), inner);
        if let Some(command) = &fix.command {
            out.push('\n');
            out.push_str(&block(&carried(command, reader), inner));
        }
    }
}

/// A click path, then the address of the page where it is known; each is a paragraph.
pub(super) fn place(out: &mut String, menu: Option<&str>, url: Option<&str>, indent: usize) {
    let hang = " ".repeat(indent);
    if let Some(menu) = menu {
        out.push_str(&format!("\n{hang}{}\n", text(menu)));
    }
    match url {
        Some(url) if linkable(url) => out.push_str(&format!("\n{hang}<{url}>\n")),
        Some(url) => out.push_str(&format!("\n{hang}{}\n", code(url))),
        None => {}
    }
}
