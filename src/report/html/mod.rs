//! `--format html`: one self-contained page for a browser, a mail or a printer.
//!
//! It holds no script and loads nothing; a content security policy makes browsers keep to that,
//! whatever a report says. Status is told in words and marks, never by colour alone.

mod details;
mod guide;
pub(crate) mod parts;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use details::{about, all_checks, causes_and_facts};
use guide::guide;
use parts::{STYLE, mark, show};

use crate::report::advice::Sheet;
use crate::report::set::text::of_target;
use crate::report::set::{SetVerdict, Shown};
use crate::report::v1::{Report, Status};
use crate::report::{Handbook, Reader, set, words};

const CSS: &str = include_str!("../style.css");

/// The targets as one page.
#[must_use]
pub fn render(targets: &[Shown<'_>], handbook: &Handbook, reader: &Reader<'_>) -> String {
    let alone = match targets {
        [Shown { name: None, report: Some(report), .. }] => Some(*report),
        _ => None,
    };
    let title = match alone {
        Some(one) => format!("{}: {}", words::verdict(one), words::target(one)),
        None => format!("netsuite-preflight: {}", count(targets)),
    };
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                meta name="robots" content="noindex";
                meta name="generator" content="netsuite-preflight";
                title { (show(&title)) }
                style { (PreEscaped(CSS)) }
            }
            body {
                a.skip href="#result" { "Skip to the result" }
                @match alone {
                    Some(one) => (single(one, handbook, reader)),
                    None => (many(targets, handbook, reader)),
                }
            }
        }
    };
    let mut text = page.into_string();
    text.push('\n');
    text
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

fn many(targets: &[Shown<'_>], handbook: &Handbook, reader: &Reader<'_>) -> Markup {
    html! {
        header { h1 { "netsuite-preflight: " (count(targets)) } }
        main id="result" {
            table.checks {
                caption { "All targets" }
                thead { tr { th scope="col" { "Target" } th scope="col" { "Result" } th scope="col" { "Checks" } } }
                tbody {
                    @for (at, target) in targets.iter().enumerate() {
                        tr {
                            th scope="row" { a href={ "#report-" (at) } { (show(&target.title())) } }
                            td { (result(target)) }
                            td {
                                @if let Some(report) = target.report {
                                    (words::short_counts(report, STYLE))
                                }
                            }
                        }
                    }
                }
            }
            @for (at, target) in targets.iter().enumerate() {
                section id={ "report-" (at) } aria-labelledby={ "name-" (at) } {
                    h2 id={ "name-" (at) } { (result(target)) ": " (show(&target.title())) }
                    @if let Some(error) = target.error {
                        div.banner.fail { p { (show(error)) } }
                    }
                    @if let Some(report) = target.report {
                        (origin(report))
                        @let again = of_target(reader, target.name);
                        @let again = again.as_deref().or(reader.again);
                        (body(report, handbook, &Reader { again, ..*reader }))
                    }
                }
            }
        }
        (foot())
    }
}

fn count(targets: &[Shown<'_>]) -> String {
    match targets.len() {
        0 => format!("{}, 0 targets", words::NOTHING),
        1 => "1 target".to_owned(),
        many => format!("{many} targets"),
    }
}

pub(crate) fn result(target: &Shown<'_>) -> Markup {
    match target.report {
        Some(report) => overall(report),
        None => verdict(set::text::status(SetVerdict::Error), set::text::word(SetVerdict::Error)),
    }
}

fn heading(report: &Report) -> Markup {
    html! { (overall(report)) ": " (show(&words::target(report))) }
}

pub(crate) fn overall(report: &Report) -> Markup {
    verdict(words::head(report), words::verdict(report))
}

fn verdict(status: Status, word: &str) -> Markup {
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
