//! A first check that did not pass, and what can be done.

use maud::{Markup, html};

use super::Frame;
use super::question::{Context, back_button, reader};
use crate::diagnosis::AuditDetail;
use crate::report::html::parts::show;
use crate::report::{handbook, html as report_page, words};
use crate::setup::FaultPage;

/// The report, and the ways on.
pub(super) fn fault(context: &Context<'_>, frame: &Frame) -> Markup {
    let Context { ask, walk, about } = context;
    let none = FaultPage { step: None, asks_for_detail: false };
    let fault = ask.page.fault.unwrap_or(none);
    html! {
        @if let Some(report) = walk.report() {
            p.verdict { (report_page::overall(report)) ", " (show(&words::target(report))) }
            (report_page::body(report, handbook(), &reader(about)))
        }
        section.answer aria-label="What next" {
            h2 { "What next" }
            @if fault.asks_for_detail {
                (frame.form("/answer", html! {
                    label for="detail" { "Detail of that row in the Login Audit Trail" }
                    input id="detail" name="answer" type="text" list="details" required
                        autocomplete="off" spellcheck="false";
                    datalist id="details" {
                        @for detail in AuditDetail::known() { option value=(detail.as_str()) {} }
                    }
                    div.buttons { button type="submit" { "Say what it means" } }
                }))
            }
            div.buttons {
                (frame.form("/answer", html! {
                    button.main type="submit" name="answer" value="again" { "Check again" }
                }))
                @if let Some(step) = fault.step {
                    (frame.form("/answer", html! {
                        button type="submit" name="answer" value="go" {
                            "Go to step " (step.number()) ", where this belongs"
                        }
                    }))
                }
                (frame.form("/answer", html! {
                    button type="submit" name="answer" value="sheet" { "Hand-over sheet, not proved" }
                }))
                (back_button(ask))
            }
        }
    }
}
