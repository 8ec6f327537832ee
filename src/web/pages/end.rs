//! The end of a walk, and the last page.

use maud::{Markup, html};

use super::Frame;
use super::sheet::copied_command;
use crate::report::html::parts::{mark, show};
use crate::report::v1::Status;
use crate::report::{handbook, html as report_page};
use crate::setup::Walk;
use crate::web::desk::{At, End};
use crate::web::walked::About;

/// The title of the page.
#[must_use]
pub fn title(ended: &End) -> &'static str {
    match ended {
        End::Done { proved: true, .. } => "The set-up is done and checked",
        End::Done { proved: false, .. } => "The first check has not passed yet",
        End::Stopped => "Stopped",
        End::Broken(_) => "The set-up cannot go on",
    }
}

/// The page.
#[must_use]
pub fn page(ended: &End, walk: &Walk, about: &About, frame: &Frame) -> Markup {
    html! {
        @match ended {
            End::Done { next, proved } => {
                div class=(if *proved { "banner pass" } else { "banner fail" }) {
                    p {
                        @if *proved {
                            span.status.pass { (mark(Status::Pass)) " NetSuite took these values." }
                        } @else { "The sheet says what is not proved." }
                    }
                }
                h2 { "From now on" }
                @let shown = if *proved { next.as_slice() } else { next.get(..1).unwrap_or_default() };
                ol {
                    @for fix in shown {
                        li {
                            p { (show(&fix.text)) }
                            @if let Some(line) = &fix.command { (copied_command(line)) }
                        }
                    }
                }
            },
            End::Stopped => { p { (kept(walk, about)) } },
            End::Broken(why) => {
                div.banner.fail { p { (show(why)) } }
                p { (kept(walk, about)) }
            },
        }
        (frame.form("/finish", html! { div.buttons { button.main type="submit" { "Finish" } } }))
        p.soft { "Finish ends netsuite-preflight in the terminal as well." }
        @if let Some(report) = walk.report() {
            details.report {
                summary { "Report of the check" }
                (report_page::body(report, handbook(), &super::question::reader(about)))
            }
        }
    }
}

fn kept(walk: &Walk, about: &About) -> String {
    if walk.draft().done.is_empty() {
        return "No step was done yet, so nothing was written.".to_owned();
    }
    format!("What was done is kept in {}.", show(&about.file))
}

/// What stays in the browser when the program has ended.
#[must_use]
pub fn closed(at: &At, walk: &Walk, about: &About) -> Markup {
    let done = matches!(at, At::End(End::Done { proved: true, .. }));
    super::closed(html! {
        h1 { @if done { "Done" } @else { "Stopped" } }
        p {
            "netsuite-preflight has ended, and this page does nothing more: you can close it. "
            (kept(walk, about))
        }
        @if !done {
            p { "To go on, start " code { "netsuite-preflight setup --web" } " again." }
        }
    })
}
