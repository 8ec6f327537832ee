//! All that the page holds besides what to do; it is folded.

use maud::{Markup, html};

use super::parts::{mark, show, steps};
use crate::report::v1::{Cause, CheckEntry, EvidenceEntry, Report, Status};
use crate::report::words::{
    exchange, facts, group_name, open_and_excluded, phases, problems, reasons, why_not,
};
use crate::report::{Handbook, Reader, words};

/// Each problem with its facts, all of its causes and their reasons.
pub(super) fn causes_and_facts(
    report: &Report,
    handbook: &Handbook,
    reader: &Reader<'_>,
) -> Markup {
    let problems = problems(&report.checks);
    html! {
        @if !problems.is_empty() {
            details {
                summary { "Causes, reasons and facts" }
                @for group in &problems {
                    @if let Some(first) = group.first() { (article(group, first, handbook, reader)) }
                }
            }
        }
    }
}

fn article(
    group: &[&CheckEntry],
    first: &CheckEntry,
    handbook: &Handbook,
    reader: &Reader<'_>,
) -> Markup {
    html! {
        article class=(first.status.as_str()) {
            h3 {
                span class={ "status " (first.status.as_str()) } {
                    (mark(first.status)) " " (words::status(first.status))
                }
                ": " (show(&group_name(group, first)))
            }
            p.soft { "Goal: " (show(&first.title)) }
            @for check in group { (seen(check, group.len() > 1)) }
            @let reasons = reasons(first, handbook);
            @if !reasons.is_empty() {
                h4 { "Why it matters" }
                @for reason in reasons { p { (show(reason)) } }
            }
            @if !first.causes.is_empty() { h4 { "Causes" } (causes(&first.causes, reader)) }
            @if !first.fix.is_empty() { h4 { "How to fix it" } (steps(&first.fix, reader)) }
            @if group.len() == 1 && (facts(first).next().is_some() || !first.http.is_empty()) {
                h4 { "Facts" }
                (fact_list(first))
                @if !first.http.is_empty() {
                    ul { @for http in &first.http { li { code { (show(&exchange(http))) } } } }
                }
            }
        }
    }
}

fn seen(check: &CheckEntry, many: bool) -> Markup {
    html! {
        p {
            @if let Some(subject) = check.subject.as_deref().filter(|_| many) {
                strong { (show(subject)) ": " }
            }
            (show(&check.summary))
            @if let Some(reason) = &check.reason {
                " " span.soft {
                    "(" (show(&why_not(reason)))
                    @if let Some(detail) = &reason.detail { "; " (show(detail)) }
                    ")"
                }
            }
        }
    }
}

/// The causes that are left with all that speaks for them, then those that are excluded.
fn causes(causes: &[Cause], reader: &Reader<'_>) -> Markup {
    let (open, excluded) = open_and_excluded(causes);
    html! {
        @if !open.is_empty() {
            ul {
                @for cause in open {
                    li {
                        span.rank { (words::rank(cause.rank)) } " " strong { (show(&cause.title)) }
                        @for because in &cause.because { p { (show(because)) } }
                        @if !cause.fix.is_empty() { (steps(&cause.fix, reader)) }
                    }
                }
            }
        }
        @if !excluded.is_empty() {
            p { "Ruled out:" }
            ul {
                @for cause in excluded {
                    li.soft {
                        (show(&cause.title))
                        @if let Some(because) = cause.because.first() { ": " (show(because)) }
                    }
                }
            }
        }
    }
}

/// Every check, phase by phase.
pub(super) fn all_checks(report: &Report, open: bool) -> Markup {
    html! {
        details open[open] {
            summary { "All checks (" (report.checks.len()) ")" }
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
            th scope="row" { (show(&check.name())) }
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
fn fact_list(check: &CheckEntry) -> Markup {
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

/// What was checked, and by what.
pub(super) fn about(report: &Report) -> Markup {
    let target = &report.target;
    let known = [
        ("Account ID", &target.account_id),
        ("Client ID", &target.client_id),
        ("Certificate ID", &target.certificate_id),
        ("Certificate, SHA-256", &target.certificate_sha256),
        ("Profile", &target.profile),
    ];
    html! {
        details {
            summary { "What was checked" }
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
                dt { "Result" } dd { "Exit " (words::exit(&report.summary)) }
                dt { "Run" } dd { code { (show(&report.run.id)) } }
                dt { "Checksum" } dd { code { (show(&report.integrity.sha256)) } }
                dt { "Redaction" } dd { (show(&report.redaction.policy)) }
            }
        }
    }
}
