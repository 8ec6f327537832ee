//! The hand-over sheet: what the integration is given, under the names of its own form.

use maud::{Markup, html};

use super::{copied, copy_button};
use crate::netsuite::profiles::{Profile, find, profiles};
use crate::report::html::parts::show;
use crate::setup::sheet::{Proof, SheetField};
use crate::setup::{Sheet, Walk};

/// Whose names come first.
const FIRST: &str = "alchemer";
/// The names that every integration has in some form.
const USUAL: &str = "usual";

/// The sheet, with the names of the form that was asked for, of the integration that the set-up is
/// for, or of the first in the list.
#[must_use]
pub fn page(walk: &Walk, form: &str) -> Markup {
    let own = walk.profile();
    let chosen: Option<&Profile> = match form {
        USUAL => None,
        "" => own.or_else(|| find(profiles(), FIRST).ok()),
        name => find(profiles(), name).ok().or(own),
    };
    let sheet = Sheet::of(walk.draft(), chosen, Proof::of(walk.report()));
    html! {
        section class=(if sheet.proof.proved { "sheet pass" } else { "sheet fail" }) {
            h2 { (show(&sheet.title())) }
            @for said in &sheet.proof.said { p { (show(said)) } }
            @if let Some(source) = &sheet.source {
                p.soft { "Fields as in " (show(source)) "." }
            }
            table.fields {
                caption.hidden { "Values" }
                thead { tr {
                    th scope="col" { "Field" } th scope="col" { "Value" }
                } }
                tbody { @for field in &sheet.fields { (row(field)) } }
            }
            @if !sheet.after.is_empty() {
                h3 { "In " (show(sheet.whom())) }
                ol { @for step in &sheet.after { li { (show(step)) } } }
            }
        }
        (forms(chosen))
    }
}

fn row(field: &SheetField) -> Markup {
    html! {
        tr {
            th scope="row" { (show(&field.name)) }
            td {
                @match &field.value {
                    Some(value) => { (copied(value, &field.name)) },
                    None => span.soft { "(not kept here)" },
                }
                p.soft { "From: " (show(&field.from)) }
                p.soft { (show(&field.action)) }
            }
        }
    }
}

/// The choice of another form's names. It has no effect, so it is a GET.
fn forms(chosen: Option<&Profile>) -> Markup {
    let mut all: Vec<&Profile> = profiles().iter().collect();
    all.sort_by_key(|profile| (profile.id != FIRST, profile.name.to_lowercase()));
    html! {
        form.forms method="get" {
            label for="form" { "Names of the fields as in the form of" }
            select id="form" name="form" {
                @for profile in all {
                    option value=(profile.id)
                        selected[chosen.is_some_and(|chosen| chosen.id == profile.id)] {
                        (show(&profile.name))
                    }
                }
                option value=(USUAL) selected[chosen.is_none()] { "another integration" }
            }
            " " button type="submit" { "Show" }
            " " button.script type="button" data-print { "Print this sheet" }
        }
    }
}

/// A command that is copied as it stands.
#[must_use]
pub fn copied_command(line: &str) -> Markup {
    html! {
        div.command { (crate::report::html::parts::command(line)) (copy_button(line, "the command")) }
    }
}
