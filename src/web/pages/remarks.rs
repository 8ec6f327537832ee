//! What was found about an answer.

use maud::{Markup, html};

use super::action::place;
use crate::report::html::parts::{command, mark, show};
use crate::report::v1::Status;
use crate::report::words;
use crate::setup::{Ask, Remark};

/// Each with its fix; those that passed are counted where they are many. What is only told says how
/// to answer in a terminal: here the buttons do.
pub(super) fn remarks(ask: &Ask) -> Markup {
    let told = |remark: &&Remark| remark.status != Status::Skipped;
    let remarks: Vec<&Remark> = ask.remarks.iter().filter(told).collect();
    let passed = remarks.iter().filter(|one| one.status == Status::Pass).count();
    // The page to go to stands below already.
    let below = ask.page.steps.first().and_then(|step| step.place.as_deref());
    html! {
        @if !remarks.is_empty() {
            section.remarks id="remarks" aria-label="What was found" {
                @if passed > 2 {
                    p.pass { span.status.pass { (mark(Status::Pass)) " " (passed) " checks passed" } }
                }
                @for remark in remarks {
                    @if remark.status != Status::Pass || passed <= 2 { (remarked(remark, below)) }
                }
            }
        }
    }
}

fn remarked(remark: &Remark, below: Option<&str>) -> Markup {
    html! {
        div class={ "remark " (remark.status.as_str()) } {
            p {
                span class={ "status " (remark.status.as_str()) } {
                    (mark(remark.status)) " " (said(remark.status))
                }
                (show(&remark.summary))
            }
            @if let Some(means) = &remark.means { p { (show(means)) } }
            @if let Some(fix) = &remark.fix {
                p { strong { "Fix: " } (show(&fix.text)) }
                @if fix.place.is_none() || fix.place.as_deref() != below { (place(fix)) }
                @if let Some(line) = &fix.command { (command(line)) }
            }
        }
    }
}

/// The word before what was found; what passed has a mark, and a word for those who listen.
fn said(status: Status) -> Markup {
    html! {
        @match status {
            Status::Pass => span.hidden { "accepted: " },
            Status::Fail => "not accepted: ",
            other => { (words::status(other)) ": " },
        }
    }
}
