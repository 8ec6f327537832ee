//! What happened and what to do, in the order in which a person reads it.

use maud::{Markup, html};

use super::parts::{command, mark, place, show, steps};
use crate::report::Reader;
use crate::report::advice::{Action, Fault, Outcome, Permission, Place, Sheet};
use crate::report::words;

/// The faults, the gravest first, then the command that goes on.
pub(super) fn guide(sheet: &Sheet<'_>, reader: &Reader<'_>) -> Markup {
    html! {
        @for (at, fault) in sheet.faults.iter().enumerate() {
            section class={ "fault " (fault.status().as_str()) } {
                (said(sheet, fault))
                @if !sheet.can_wait(at) { (action(&fault.action, words::to_do(at), reader)) }
            }
        }
        @if let Some(next) = &sheet.next {
            section.next { h2 { (next.label) } (command(&next.command)) }
        }
    }
}

fn said(sheet: &Sheet<'_>, fault: &Fault<'_>) -> Markup {
    html! {
        p.said {
            @if let Some(name) = sheet.name(fault) {
                span class={ "status " (fault.status().as_str()) } {
                    (mark(fault.status())) " " (show(&name))
                }
                ": "
            }
            (show(&fault.said))
        }
    }
}

fn action(action: &Action, label: &str, reader: &Reader<'_>) -> Markup {
    html! {
        @if !action.is_empty() {
            div.action {
                h2 {
                    (label)
                    @if let Some(aim) = &action.aim { ": " (show(aim)) }
                }
                @if let Some((menu, url)) = &action.page { (place(Some(menu), url.as_deref())) }
                (steps(&action.steps, reader))
                (outcomes(&action.outcomes))
                (permissions(&action.permissions))
                @if let Some(unless) = &action.unless { p { (show(unless)) } }
                @if !action.places.is_empty() {
                    p { (words::elsewhere(action.asks_for_detail(), action.sign_in)) }
                    (places(&action.places))
                } @else if action.sign_in {
                    p { (words::SIGN_IN) }
                }
            }
        }
    }
}

/// What may be seen, and what to do then, side by side.
fn outcomes(outcomes: &[Outcome]) -> Markup {
    html! {
        @if !outcomes.is_empty() {
            dl.outcomes {
                @for outcome in outcomes { dt { (show(&outcome.sees)) } dd { (show(&outcome.act)) } }
            }
        }
    }
}

fn places(places: &[Place]) -> Markup {
    html! {
        dl.outcomes {
            @for place in places {
                dt { (show(&place.name)) }
                dd {
                    (show(&place.questions.join(" ")))
                    @if !place.menu.is_empty() { " " span.soft { "(" (show(&place.menu)) ")" } }
                }
            }
        }
    }
}

fn permissions(rows: &[Permission]) -> Markup {
    // What no record type asks for, the integration needs for its sign-in or its requests.
    let named = rows.iter().any(|row| !row.records.is_empty());
    html! {
        @if !rows.is_empty() {
            table.permissions {
                caption { "Permissions to add" }
                thead { tr {
                    th scope="col" { "Subtab" } th scope="col" { "Permission" }
                    th scope="col" { "Level" } @if named { th scope="col" { "For" } }
                } }
                tbody {
                    @for row in rows {
                        tr {
                            td { (show(&row.subtab)) }
                            th scope="row" { (show(&row.name)) }
                            td { (row.level.label()) }
                            @if named { td { (show(&row.used_by())) } }
                        }
                    }
                }
            }
        }
    }
}
