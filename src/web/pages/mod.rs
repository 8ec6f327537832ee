//! What the pages look like. They hold values and words, and decide nothing.

mod action;
pub mod end;
mod fault;
pub mod question;
pub mod refused;
mod remarks;
pub mod reports;
pub mod sheet;
pub mod working;

use maud::{DOCTYPE, Markup, html};
use strum::VariantArray as _;

use super::session::Key;
use crate::report::html::parts::show;
use crate::setup::{Field, SetupStep, guide};

/// What stands around every page of the walk.
#[derive(Debug)]
pub struct Frame {
    /// What the page is about.
    pub title: String,
    /// The word of the session.
    pub token: Key,
    /// For which view it is.
    pub number: u64,
    /// The name of the target.
    pub target: String,
    /// Where progress is kept.
    pub file: String,
    /// The steps that are done.
    pub done: Vec<SetupStep>,
    /// The step that it is.
    pub step: Option<SetupStep>,
    /// Whether it shows something that goes on.
    pub live: bool,
    /// Whether the form of an earlier page was sent.
    pub old: bool,
}

impl Frame {
    /// The whole page.
    #[must_use]
    pub fn around(&self, main: Markup) -> Markup {
        let title = format!("{} · Set-up of {}", self.title, self.target);
        let nav = html! {
            nav.steps aria-label="Steps" {
                ol { @for step in SetupStep::VARIANTS.iter().copied() { (self.step_of(step)) } }
            }
        };
        let main = html! {
            @if self.old {
                p.notice role="status" {
                    "That was the form of an earlier page, so nothing of it was taken. This is where \
                     the set-up stands now."
                }
            }
            h1 {
                @if let Some(step) = self.step {
                    span.soft {
                        "Step " (step.number()) " of " (SetupStep::VARIANTS.len())
                        span.hidden { ": " }
                    }
                    " "
                }
                (show(&self.title))
            }
            (main)
        };
        let foot = html! {
            p {
                "Progress is kept in " code { (show(&self.file)) } ", never a secret. "
                code { "netsuite-preflight setup" } " goes on here in the terminal."
            }
            (self.form("/finish", html! { button.quiet type="submit" { "Stop here and close" } }))
        };
        document(&Document {
            title: &title,
            wait: self.live,
            head: html! { p.what { "Set-up of " strong { (show(&self.target)) } } },
            side: Some(nav),
            main,
            foot,
        })
    }

    /// A form that has an effect.
    #[must_use]
    pub fn form(&self, action: &str, inside: Markup) -> Markup {
        html! {
            form method="post" action=(action) {
                (self.hidden_fields())
                (inside)
            }
        }
    }

    /// What every form brings along.
    #[must_use]
    pub fn hidden_fields(&self) -> Markup {
        html! {
            input type="hidden" name="token" value=(self.token.expose());
            input type="hidden" name="number" value=(self.number);
        }
    }

    fn step_of(&self, step: SetupStep) -> Markup {
        let done = self.done.contains(&step);
        let now = self.step == Some(step);
        let title = guide().step(step).map_or("", |text| text.title.as_str());
        let mark = html! {
            span.mark aria-hidden="true" { @if done { "✓" } @else { (step.number()) } }
            span.name { (title) }
            @if done { span.hidden { " (done)" } }
        };
        let first = Field::VARIANTS.iter().find(|field| field.step() == step);
        html! {
            li class=(if now { "now" } else if done { "done" } else { "open" })
                aria-current=[now.then_some("step")] {
                @match first {
                    Some(field) if done && !now && step < SetupStep::Check => {
                        a href={ "/step/" (field.as_str()) } { (mark) }
                    },
                    _ => span { (mark) },
                }
            }
        }
    }
}

/// Any page.
pub struct Document<'a> {
    /// The title of the window.
    pub title: &'a str,
    /// Load again while it waits, where no script does better.
    pub wait: bool,
    /// Above everything.
    pub head: Markup,
    /// Beside it.
    pub side: Option<Markup>,
    /// The page itself.
    pub main: Markup,
    /// Below it.
    pub foot: Markup,
}

/// The page, whole.
#[must_use]
pub fn document(page: &Document<'_>) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                meta name="color-scheme" content="light dark";
                title { (show(page.title)) }
                link rel="icon" href="/icon.svg" type="image/svg+xml";
                link rel="stylesheet" href="/style.css";
                script src="/script.js" {}
                @if page.wait { noscript { meta http-equiv="refresh" content="2"; } }
            }
            body.web {
                a.skip href="#main" { "Skip to the page" }
                header.top { p.brand { "netsuite-preflight" } (page.head) }
                div.columns {
                    @if let Some(side) = &page.side { (side) }
                    main id="main" tabindex="-1" { (page.main) }
                }
                p id="said" class="hidden" role="status" {}
                footer { (page.foot) }
            }
        }
    }
}

/// With a capital at its begin.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    show(&(first + letters.as_str()))
}

/// What stays in the browser when the program has ended; `told` begins with a heading.
#[must_use]
pub fn closed(told: Markup) -> Markup {
    document(&Document {
        title: "Closed · netsuite-preflight",
        wait: false,
        head: html! {},
        side: None,
        main: told,
        foot: html! {},
    })
}

/// A value with a button that copies it. Without a script the button is not there.
#[must_use]
pub fn copied(value: &str, name: &str) -> Markup {
    html! {
        span.value {
            code { (show(value)) }
            (copy_button(value, name))
        }
    }
}

/// The button alone.
#[must_use]
pub fn copy_button(value: &str, name: &str) -> Markup {
    html! {
        button.copy type="button" data-copy=(value) { "Copy" span.hidden { " " (show(name)) } }
    }
}
