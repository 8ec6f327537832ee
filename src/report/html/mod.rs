//! `--format html`: one self-contained page for a browser, a mail or a printer.
//!
//! It holds no script and loads nothing; a content security policy makes browsers keep to that,
//! whatever a report says. Status is told in words and marks, never by colour alone.

mod checks;
mod problems;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::handbook::Handbook;
use super::human::{head, joined, words};
use super::set::{self, SetVerdict, Shown};
use super::style::{Style, status_of};
use super::text::{bounded, neutral};
use super::v1::{Rank, Report, Status};

const CSS: &str = include_str!("style.css");
/// The marks; they never stand without their word.
const STYLE: Style = Style { colour: false, unicode: true, width: 80 };
/// The most characters that are shown of one text. Commands are never cut.
const MOST: usize = 2_000;

/// The targets as one page.
#[must_use]
pub fn render(targets: &[Shown<'_>], handbook: &Handbook) -> String {
    let alone = match targets {
        [Shown { name: None, report: Some(report), .. }] => Some(*report),
        _ => None,
    };
    let title = match alone {
        Some(one) => format!("{}: {}", words::overall(one.summary.verdict), head::target(one)),
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
                    Some(one) => (single(one, handbook)),
                    None => (many(targets, handbook)),
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

fn single(report: &Report, handbook: &Handbook) -> Markup {
    html! {
        header { h1 { (heading(report)) } (origin(report)) }
        main id="result" { (body(report, handbook)) }
        (foot())
    }
}

fn many(targets: &[Shown<'_>], handbook: &Handbook) -> Markup {
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
                                    (words::counts(&report.summary.counts, STYLE))
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
                        (body(report, handbook))
                    }
                }
            }
        }
        (foot())
    }
}

fn count(targets: &[Shown<'_>]) -> String {
    match targets.len() {
        1 => "1 target".to_owned(),
        many => format!("{many} targets"),
    }
}

fn result(target: &Shown<'_>) -> Markup {
    match target.report {
        Some(report) => overall(report),
        None => verdict(set::words::status(SetVerdict::Error), set::words::word(SetVerdict::Error)),
    }
}

fn heading(report: &Report) -> Markup {
    html! { (overall(report)) ": " (show(&head::target(report))) }
}

fn overall(report: &Report) -> Markup {
    verdict(status_of(report.summary.verdict), words::overall(report.summary.verdict))
}

fn verdict(status: Status, word: &str) -> Markup {
    html! {
        span class={ "status " (status.as_str()) } { (mark(status)) " " (word) }
    }
}

fn origin(report: &Report) -> Markup {
    let started = report.run.started_at;
    html! {
        p.soft {
            (show(&report.tool.name)) " " (show(&report.tool.version)) " · "
            (head::mode(report.run.mode)) " · "
            time datetime=(started) {
                (started.timestamp().strftime("%Y-%m-%d %H:%M UTC").to_string())
            }
            " · " (head::seconds(report.run.duration_ms))
        }
    }
}

fn body(report: &Report, handbook: &Handbook) -> Markup {
    html! {
        (banner(report))
        (problems::section(report, handbook))
        (checks::section(report))
        (target(report))
    }
}

fn banner(report: &Report) -> Markup {
    let summary = &report.summary;
    let status = status_of(summary.verdict);
    let blocker = summary.first_blocker.as_ref().and_then(|blocker| {
        report.checks.iter().find(|c| c.id == blocker.id && c.subject == blocker.subject)
    });
    html! {
        div class={ "banner " (status.as_str()) } {
            @if let Some(entry) = blocker {
                p {
                    strong { "First problem: " (show(&joined(&entry.id, entry.subject.as_deref()))) }
                    br; (show(&entry.summary))
                }
                @if let Some(cause) = entry.causes.iter().find(|c| c.rank != Rank::RuledOut) {
                    p { strong { "Cause, " (words::rank(cause.rank)) ": " (show(&cause.title)) } }
                }
            }
            p { "Checks: " (words::counts(&summary.counts, STYLE)) }
            p { "Exit code " (summary.exit_code) ": " (words::exit_code(summary.exit_code)) }
            @if let Some(note) = head::redirection(report) { p { "Note: " (show(&note)) } }
            @if let Some(note) = head::note(report) { p { "Note: " (note) } }
        }
    }
}

fn target(report: &Report) -> Markup {
    let target = &report.target;
    let known = [
        ("Account ID", &target.account_id),
        ("Client ID", &target.client_id),
        ("Certificate ID", &target.certificate_id),
        ("Certificate, SHA-256", &target.certificate_sha256),
        ("Profile", &target.profile),
    ];
    html! {
        section {
            h2 { "What was checked" }
            dl {
                @for (name, value) in known {
                    @if let Some(value) = value { dt { (name) } dd { code { (show(value)) } } }
                }
                @if let Some(key) = &target.public_key {
                    dt { "Public key" }
                    dd {
                        (show(&key.kind.to_uppercase())) " " (key.bits) " bits"
                        @if let Some(curve) = &key.curve { ", " (show(curve)) }
                    }
                }
                @if !target.hosts.is_empty() { dt { "Hosts" } dd { (show(&target.hosts.join(", "))) } }
                @if !target.records.is_empty() { dt { "Records" } dd { (show(&target.records.join(", "))) } }
                dt { "Run" } dd { code { (show(&report.run.id)) } }
                dt { "Checksum" } dd { code { (show(&report.integrity.sha256)) } }
                dt { "Redaction" } dd { (show(&report.redaction.policy)) }
            }
        }
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

/// A mark beside its word: the word is enough for those who listen.
fn mark(status: Status) -> Markup {
    html! { span aria-hidden="true" { (STYLE.mark(status)) } }
}

/// A value between words; the template escapes it.
fn show(text: &str) -> String {
    bounded(&neutral(text), MOST).into_owned()
}

#[cfg(test)]
mod tests;
