//! `--format html`: one self-contained page for a browser, a mail or a printer.
//!
//! It holds no script and loads nothing; a content security policy makes browsers keep to that,
//! whatever a report says. Status is told in words and marks, never by colour alone.

mod details;
mod guide;
pub(crate) mod parts;
pub(in crate::report) mod set;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use details::{about, all_checks, causes_and_facts};
use guide::guide;
use parts::{STYLE, mark, show};

use crate::report::advice::Sheet;
use crate::report::v1::{Report, Status};
use crate::report::{Handbook, Reader, words};

const CSS: &str = include_str!("../style.css");

/// A report as one page.
#[must_use]
pub fn render(report: &Report, handbook: &Handbook, reader: &Reader<'_>) -> String {
    let title = format!("{}: {}", words::verdict(report), words::target(report));
    let page = html! {
        (head(&title))
        body {
            a.skip href="#result" { "Skip to the result" }
            (single(report, handbook, reader))
        }
    };
    page.into_string() + "</html>\n"
}

/// What stands before the body. The page is open behind it.
fn head(title: &str) -> Markup {
    html! {
        (DOCTYPE)
        (PreEscaped("<html lang=\"en\">"))
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(policy());
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="referrer" content="no-referrer";
            meta name="robots" content="noindex";
            meta name="generator" content="netsuite-preflight";
            title { (show(title)) }
            style { (PreEscaped(CSS)) }
        }
    }
}

/// Nothing may be loaded or run; this page's own style is known by its hash.
fn policy() -> String {
    let hash = STANDARD.encode(openssl::sha::sha256(CSS.as_bytes()));
    format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'")
}

fn single(report: &Report, handbook: &Handbook, reader: &Reader<'_>) -> Markup {
    html! {
        header { h1 { (heading(report)) } (origin(report)) }
        main id="result" { (body(report, handbook, reader)) }
        (foot())
    }
}

fn heading(report: &Report) -> Markup {
    html! { (overall(report)) ": " (show(&words::target(report))) }
}

pub(crate) fn overall(report: &Report) -> Markup {
    verdict(words::head(report), words::verdict(report))
}

pub(crate) fn verdict(status: Status, word: &str) -> Markup {
    html! {
        span class={ "status " (status.as_str()) } { (mark(status)) " " (word) }
    }
}

pub(crate) fn origin(report: &Report) -> Markup {
    let started = report.run.started_at;
    html! {
        p.soft {
            (show(&report.tool.name)) " " (show(&report.tool.version)) " · "
            (report.run.mode.as_str()) " · "
            time datetime=(started) {
                (started.timestamp().strftime("%Y-%m-%d %H:%M UTC").to_string())
            }
            " · " (words::seconds(report.run.duration_ms))
        }
    }
}

/// The verdict and what to do; everything else is folded.
pub(crate) fn body(report: &Report, handbook: &Handbook, reader: &Reader<'_>) -> Markup {
    let sheet = Sheet::of(report, handbook, reader);
    let status = words::head(report);
    html! {
        div class={ "banner " (status.as_str()) } {
            p { (words::short_counts(report, STYLE)) }
            @for told in sheet.beside() {
                p { (show(told)) }
            }
        }
        (guide(&sheet, reader))
        (all_checks(report, sheet.faults.is_empty()))
        (causes_and_facts(report, handbook, reader))
        (about(report))
    }
}

fn foot() -> Markup {
    html! {
        footer {
            p { "This page holds no private key, passphrase, Client Secret or token. \
                 It loads nothing and runs nothing." }
        }
    }
}

#[cfg(test)]
mod tests;
