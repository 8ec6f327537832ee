//! One question: what to do in NetSuite first, then where the answer goes.

use maud::{Markup, html};

use super::action::action;
use super::fault::fault;
use super::remarks::remarks;
use super::{Frame, capital, sheet};
use crate::report::html::parts::show;
use crate::report::v1::Status;
use crate::report::{Reader, handbook, html as report_page};
use crate::setup::{AnswerForm, Ask, Field, PageChoice, PageText, StepPage, Walk, guide};
use crate::web::walked::About;

/// The form that gives the other answer.
const OTHER: &str = "other";
/// The form that goes back.
const BACK: &str = "back";

/// What a question is shown with.
pub struct Context<'a> {
    /// The question.
    pub ask: &'a Ask,
    /// The walk.
    pub walk: &'a Walk,
    /// Where it runs.
    pub about: &'a About,
}

/// The page of the question that stands now. `form` names the integration whose form the sheet
/// follows.
#[must_use]
pub fn page(context: &Context<'_>, frame: &Frame, form: &str) -> Markup {
    let Context { ask, walk, about } = context;
    html! {
        (remarks(ask))
        @match ask.field {
            Field::Fault => { (fault(context, frame)) },
            Field::HandedOver => {
                (sheet::page(walk, form))
                (answer(context, frame))
                @if let Some(report) = walk.report() {
                    details.report {
                        summary { "Report of the check" }
                        (report_page::body(report, handbook(), &reader(about)))
                    }
                }
            },
            _ => {
                (action(ask))
                (answer(context, frame))
            },
        }
        @if ask.may_go_back { (back(frame)) }
        (why(&ask.page))
    }
}

/// A question that was answered before: what stands, and the way back to it.
#[must_use]
pub fn earlier(ask: &Ask, frame: &Frame, now: &str) -> Markup {
    let step = ask.page.step;
    html! {
        @if let Some(current) = &ask.current {
            p { (label(ask)) ": " code { (show(current)) } }
        }
        p { "This is not the question that stands now." }
        div.buttons {
            a.button href=(now) { "To where the set-up stands" }
            @if ask.done.contains(&step) && step < crate::setup::SetupStep::Check {
                (frame.form("/visit", html! {
                    input type="hidden" name="step" value=(step.as_str());
                    button type="submit" { "Change this step" }
                }))
            }
        }
        (why(&ask.page))
    }
}

/// The passphrase of a private key: it goes to the program and never back.
#[must_use]
pub fn passphrase(of: &str, frame: &Frame) -> Markup {
    html! {
        p { "The private key is encrypted (" (show(of)) ")." }
        (frame.form("/passphrase", html! {
            label for="answer" { "Passphrase of the private key" }
            input id="answer" name="answer" type="password" autocomplete="off"
                aria-describedby="hint";
            p.hint id="hint" {
                "It stays in the memory of netsuite-preflight until that ends, is kept nowhere and \
                 never shown. Left empty, the check says what is missing."
            }
            div.buttons { button.main type="submit" { "Go on" } }
        }))
    }
}

/// The form behind [`back_button`], which stands beside the other buttons.
fn back(frame: &Frame) -> Markup {
    html! {
        form method="post" action="/back" id=(BACK) { (frame.hidden_fields()) }
    }
}

/// Back to the question before, where there is one.
pub(super) fn back_button(ask: &Ask) -> Markup {
    html! { @if ask.may_go_back { button.quiet type="submit" form=(BACK) { "Back" } } }
}

fn words_of(field: Field) -> Option<&'static PageText> {
    guide().question(field).map(|text| &text.page)
}

fn label(ask: &Ask) -> &str {
    let own = words_of(ask.field).and_then(|page| page.ask.as_deref());
    own.unwrap_or(&ask.question)
}

pub(super) fn reader(about: &About) -> Reader<'_> {
    Reader { again: about.again.as_deref(), target: about.options.as_deref(), ..Reader::default() }
}

/// Where the answer goes.
fn answer(context: &Context<'_>, frame: &Frame) -> Markup {
    let Context { ask, walk, about } = context;
    let page = words_of(ask.field);
    let button = page.and_then(|page| page.button.as_deref());
    let choices = page.map_or(&[][..], |page| page.choices.as_slice());
    html! {
        section.answer aria-label="Answer" {
            @if !choices.is_empty() {
                (buttons(ask, choices, frame))
            } @else if ask.kind == AnswerForm::Confirm {
                (frame.form("/answer", html! {
                    div.buttons {
                        button.main type="submit" name="answer" value="yes" {
                            (button.unwrap_or("Go on"))
                        }
                        (back_button(ask))
                    }
                }))
            } @else {
                (frame.form("/answer", field(walk, ask, button, about)))
                @if ask.field == Field::Certificate { (drop_place(frame)) }
            }
            (other_answer(walk, ask, frame))
        }
    }
}

/// What may be said in place of the answer that the field takes: the word, and its button.
fn other(walk: &Walk, ask: &Ask) -> Option<(&'static str, &'static str)> {
    if walk.signs_in() && [Field::AccountId, Field::CertificateId].contains(&ask.field) {
        return Some(("again", "Sign in to NetSuite instead"));
    }
    ask.may_keep.then_some(("keep", "Keep the value just given"))
}

/// The form behind the button of [`other`].
fn other_answer(walk: &Walk, ask: &Ask, frame: &Frame) -> Markup {
    html! {
        @if let Some((answer, _)) = other(walk, ask) {
            form method="post" action="/answer" id=(OTHER) {
                (frame.hidden_fields())
                input type="hidden" name="answer" value=(answer);
            }
        }
    }
}

/// A button for each answer there is. The first one stands out where none was given before.
fn buttons(ask: &Ask, choices: &[PageChoice], frame: &Frame) -> Markup {
    let usual = choices.iter().position(|choice| ask.current.as_deref() == Some(&choice.answer));
    html! {
        h2 { (label(ask)) }
        div.choices {
            @for (at, choice) in choices.iter().enumerate() {
                (frame.form("/answer", html! {
                    p { (choice.does) }
                    button.main[at == usual.unwrap_or(0)]
                        type="submit" name="answer" value=(choice.answer) { (choice.button) }
                }))
            }
        }
        @if ask.may_go_back { div.buttons { (back_button(ask)) } }
    }
}

fn field(walk: &Walk, ask: &Ask, button: Option<&str>, about: &About) -> Markup {
    let secret = ask.kind == AnswerForm::Secret;
    let own = words_of(ask.field).and_then(|page| page.hint.as_deref());
    let hint = own.or(ask.hint.as_deref());
    let wrong = ask.remarks.iter().any(|remark| remark.status != Status::Pass);
    let described = if wrong { "hint remarks" } else { "hint" };
    html! {
        label for="answer" { (label(ask)) }
        @if !ask.choices.is_empty() {
            select id="answer" name="answer" aria-describedby=(described) {
                @for choice in &ask.choices {
                    option value=(choice.id) {
                        (show(choice.name.as_deref().unwrap_or("(no name)"))) " (" (choice.id) ")"
                    }
                }
            }
        } @else { input id="answer" name="answer" type=(if secret { "password" } else { "text" })
            value=[ask.current.as_deref().filter(|_| !secret)]
            autocomplete="off" autocapitalize="off" spellcheck="false"
            aria-describedby=(described) aria-invalid=[wrong.then_some("true")]
            autofocus[wrong] required[!secret]; }
        p.hint id="hint" {
            @if let Some(hint) = hint { (capital(hint)) "." }
            @if ask.kind == AnswerForm::File {
                " Paths start in " code { (show(&about.folder)) } "."
            }
        }
        div.buttons {
            button.main type="submit" { (button.unwrap_or("Check and go on")) }
            @if let Some((_, words)) = other(walk, ask) {
                button type="submit" form=(OTHER) { (words) }
            }
            (back_button(ask))
        }
    }
}

/// A place to drop the certificate on: a script sends it, and shows the place.
fn drop_place(frame: &Frame) -> Markup {
    html! {
        div.drop id="drop" hidden data-token=(frame.token.expose()) data-number=(frame.number) {
            label for="file" { "Or choose the certificate here, or drop it on this field" }
            input id="file" type="file" accept=".pem,.crt,.cer,.der,.p7b";
            p.hint {
                "The certificate alone, never the private key. It is written as a new file beside \
                 where new pairs are made."
            }
        }
    }
}

fn why(page: &StepPage) -> Markup {
    html! {
        details.why {
            summary { "Why this step, and what it proves" }
            p { (show(&page.why)) }
            p { strong { "Proved when done: " } (show(&page.proves)) }
            @for more in &page.more { p { (show(more)) } }
        }
    }
}
