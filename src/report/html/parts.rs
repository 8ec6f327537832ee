//! What every part of the page is made of.

use maud::{Markup, html};

use crate::report::reader::{carried, fitted};
use crate::report::text::{bounded, neutral};
use crate::report::v1::{Fix, Status};
use crate::report::words::linkable;
use crate::report::{Reader, Style};

/// The marks; they never stand without their word.
pub(crate) const STYLE: Style = Style::PLAIN;
/// The most characters that are shown of one text. Commands are never cut.
const MOST: usize = 2_000;

/// A mark beside its word: the word is enough for those who listen.
pub(crate) fn mark(status: Status) -> Markup {
    html! { span aria-hidden="true" { (STYLE.mark(status)) } }
}

/// A value between words; the template escapes it.
pub(crate) fn show(text: &str) -> String {
    bounded(&neutral(text), MOST).into_owned()
}

/// Steps in their order; a single one has no number.
pub(crate) fn steps(fixes: &[Fix], reader: &Reader<'_>) -> Markup {
    let fixes = fitted(fixes, reader);
    html! {
        @match fixes.as_slice() {
            [] => {},
            [only] => div.step { (step(only, reader)) },
            all => ol { @for fix in all { li { (step(fix, reader)) } } },
        }
    }
}

fn step(fix: &Fix, reader: &Reader<'_>) -> Markup {
    html! {
        p { (show(&fix.text)) }
        (place(fix.place.as_deref(), fix.url.as_deref()))
        @if let Some(line) = &fix.command { (command(&carried(line, reader))) }
    }
}

/// A click path, which is a link where the address of the page is known.
pub(crate) fn place(menu: Option<&str>, url: Option<&str>) -> Markup {
    html! {
        @match (menu, url) {
            (Some(menu), Some(url)) if linkable(url) => {
                p.place { a href=(url) rel="noreferrer noopener" { (show(menu)) } }
            },
            (None, Some(url)) if linkable(url) => {
                p.place { a href=(url) rel="noreferrer noopener" { (url) } }
            },
            (menu, url) => {
                @if let Some(menu) = menu { p.place { (show(menu)) } }
                @if let Some(url) = url { p.place { code { (show(url)) } } }
            },
        }
    }
}

/// A command, to be copied as it stands. It is never cut, and where it is too long for the page, it
/// goes on below with a whole option.
pub(crate) fn command(line: &str) -> Markup {
    let line = neutral(line);
    html! {
        pre { code {
            @for (at, part) in line.split(" --").enumerate() {
                @if at == 0 { span { (part) } } @else { " " span { "--" (part) } }
            }
        } }
    }
}
