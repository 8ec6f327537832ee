//! All entries in one table per phase, and what was seen of those that passed.

use maud::{Markup, html};

use super::{mark, show};
use crate::report::human::{joined, words};
use crate::report::story::{facts, phases, why_not};
use crate::report::v1::{CheckEntry, EvidenceEntry, Report, Status};

pub(super) fn section(report: &Report) -> Markup {
    html! {
        section {
            h2 { "All checks" }
            @for (phase, checks) in phases(&report.checks) {
                table.checks {
                    caption { (show(&words::phase(phase))) }
                    thead { tr {
                        th scope="col" { "Check" } th scope="col" { "Result" } th scope="col" { "What was seen" }
                    } }
                    tbody { @for check in checks { (row(check)) } }
                }
            }
        }
    }
}

fn row(check: &CheckEntry) -> Markup {
    html! {
        tr {
            th scope="row" { (show(&joined(&check.id, check.subject.as_deref()))) }
            td {
                span class={ "status " (check.status.as_str()) } {
                    (mark(check.status)) " " (words::status(check.status))
                }
            }
            td {
                (show(&check.summary))
                @if let Some(reason) = &check.reason {
                    " " span.soft { "(" (show(&why_not(reason))) ")" }
                }
                @if check.status == Status::Pass && facts(check).next().is_some() {
                    details {
                        summary { "Facts" }
                        (fact_list(check))
                    }
                }
            }
        }
    }
}

/// What was seen, fact by fact.
pub(super) fn fact_list(check: &CheckEntry) -> Markup {
    html! { dl { @for fact in facts(check) { (fact_pair(fact)) } } }
}

fn fact_pair(fact: &EvidenceEntry) -> Markup {
    html! {
        dt { (show(&fact.key.replace('_', " "))) }
        dd {
            code { (show(&fact.value)) }
            @if let Some(expected) = &fact.expected { ", expected " code { (show(expected)) } }
            @if let Some(source) = &fact.source { " " span.soft { "(" (show(source)) ")" } }
        }
    }
}
