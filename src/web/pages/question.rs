//! One question: what to do in NetSuite first, then where the answer goes.

use maud::{Markup, html};

use super::{Frame, copied, copy_button, sheet};
use crate::diagnosis::AuditDetail;
use crate::report::html::parts::{command, mark, show};
use crate::report::v1::{Fix, Status};
use crate::report::words::{self, linkable};
use crate::report::{Reader, handbook, html as report_page};
use crate::setup::{
    AnswerForm, Ask, FaultPage, Field, PageChoice, PageText, PermissionRow, Remark, StepPage, Walk,
    guide,
};
use crate::web::walked::About;

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
        (remarks(&ask.remarks))
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
        @if ask.may_go_back {
            (frame.form("/back", html! { button.quiet type="submit" { "Back to the question before" } }))
        }
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

/// What was found about the answer before.
fn remarks(remarks: &[Remark]) -> Markup {
    let passed = remarks.iter().filter(|one| one.status == Status::Pass).count();
    html! {
        @if !remarks.is_empty() {
            section.remarks id="remarks" aria-label="What was found" {
                @if passed > 2 {
                    p.pass { span.status.pass { (mark(Status::Pass)) " " (passed) " checks passed" } }
                }
                @for remark in remarks {
                    @if remark.status != Status::Pass || passed <= 2 { (remarked(remark)) }
                }
            }
        }
    }
}

fn remarked(remark: &Remark) -> Markup {
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
                (place(fix))
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

/// What to do in NetSuite, and the values to take there.
fn action(ask: &Ask) -> Markup {
    let page = &ask.page;
    let steps = &page.steps;
    let in_netsuite = steps.iter().any(|step| step.place.is_some());
    html! {
        // What the buttons do stands beside them.
        @if !steps.is_empty() && ask.field != Field::Pair {
            section.do {
                h2 { @if in_netsuite { "Do this in NetSuite" } @else { "Do this" } }
                @if let Some(first) = steps.first() { (place(first)) }
                @match steps.as_slice() {
                    [only] => p { (show(&only.text)) },
                    all => ol { @for step in all { li { (show(&step.text)) } } },
                }
                @if !page.made.is_empty() {
                    dl.copies {
                        @for part in &page.made {
                            dt { (show(&part.name)) }
                            dd { (show(&part.value)) }
                        }
                    }
                }
                (permissions(&page.permissions))
                (copies(ask))
            }
        }
    }
}

/// The page of NetSuite, in a tab of its own.
fn place(fix: &Fix) -> Markup {
    let url = fix.url.as_deref().filter(|url| linkable(url));
    html! {
        @match (&fix.place, url) {
            (Some(place), Some(url)) => p.place {
                a href=(url) target="_blank" rel="noreferrer noopener" {
                    (show(place)) span.hidden { " (opens in a new tab)" }
                }
            },
            (Some(place), None) => p.place { (show(place)) },
            (None, Some(url)) => p.place {
                a href=(url) target="_blank" rel="noreferrer noopener" { (url) }
            },
            (None, None) => {},
        }
    }
}

fn permissions(rows: &[PermissionRow]) -> Markup {
    html! {
        @if !rows.is_empty() {
            table.permissions {
                caption { "Permissions to add" }
                thead { tr {
                    th scope="col" { "Subtab" } th scope="col" { "Permission" }
                    th scope="col" { "Level" } td {}
                } }
                tbody {
                    @for row in rows {
                        tr {
                            td { (row.subtab) }
                            th scope="row" { (show(&row.name)) }
                            td {
                                (row.level.label())
                                @if row.advised { span.soft { " (advised)" } }
                            }
                            td { (copy_button(&row.name, &row.name)) }
                        }
                    }
                }
            }
        }
    }
}

/// The values that are taken to NetSuite; those of a table have their buttons there.
fn copies(ask: &Ask) -> Markup {
    let mapping = ask.field == Field::CertificateId;
    html! {
        @if mapping {
            dl.copies {
                @for copy in &ask.copies {
                    dt { (capital(&copy.name)) }
                    dd { (copied(&absolute(&copy.value), &copy.name)) }
                }
            }
            p {
                a href="/certificate.pem" download="certificate.pem" {
                    "Save the certificate where this browser is"
                }
                span.soft { ", to upload it from there" }
            }
        }
    }
}

/// What a dialogue for files of another program takes.
fn absolute(path: &str) -> String {
    std::path::absolute(path).map_or_else(|_| path.to_owned(), |path| path.display().to_string())
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
                    }
                }))
            } @else {
                (frame.form("/answer", field(ask, button, about)))
                @if ask.field == Field::Certificate { (drop_place(frame)) }
            }
            @if walk.signs_in() && [Field::AccountId, Field::CertificateId].contains(&ask.field) {
                (frame.form("/answer", html! {
                    button type="submit" name="answer" value="again" { "Sign in to NetSuite instead" }
                }))
            }
            @if ask.may_keep {
                (frame.form("/answer", html! {
                    button type="submit" name="answer" value="keep" { "Go on with the value just given all the same" }
                }))
            }
        }
    }
}

/// A button for each answer there is.
fn buttons(ask: &Ask, choices: &[PageChoice], frame: &Frame) -> Markup {
    html! {
        h2 { (label(ask)) }
        div.choices {
            @for choice in choices {
                (frame.form("/answer", html! {
                    button.main[ask.current.as_deref() == Some(&choice.answer)]
                        type="submit" name="answer" value=(choice.answer) { (choice.button) }
                    p { (choice.does) }
                }))
            }
        }
    }
}

fn field(ask: &Ask, button: Option<&str>, about: &About) -> Markup {
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
        div.buttons { button.main type="submit" { (button.unwrap_or("Check and go on")) } }
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

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    show(&(first + letters.as_str()))
}

/// A first check that did not pass: its report, and what can be done.
fn fault(context: &Context<'_>, frame: &Frame) -> Markup {
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
                    button type="submit" name="answer" value="sheet" { "The hand-over sheet, marked as not proved" }
                }))
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
