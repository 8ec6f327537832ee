//! What to do about each problem.

use maud::{Markup, html};

use super::checks::fact_list;
use super::{mark, show};
use crate::report::handbook::Handbook;
use crate::report::human::{joined, words};
use crate::report::story::{exchange, facts, linkable, problems, reasons, why_not};
use crate::report::text::neutral;
use crate::report::v1::{Cause, CheckEntry, Fix, Rank, Report};

pub(super) fn section(report: &Report, handbook: &Handbook) -> Markup {
    let problems = problems(&report.checks);
    html! {
        @if !problems.is_empty() {
            section {
                h2 { "What to do" }
                @for group in &problems {
                    @if let Some(first) = group.first() { (article(group, first, handbook)) }
                }
            }
        }
    }
}

fn article(group: &[&CheckEntry], first: &CheckEntry, handbook: &Handbook) -> Markup {
    let subject = if group.len() == 1 { first.subject.as_deref() } else { None };
    html! {
        article class=(first.status.as_str()) {
            h3 {
                span class={ "status " (first.status.as_str()) } {
                    (mark(first.status)) " " (words::status(first.status))
                }
                ": " (show(&joined(&first.id, subject)))
            }
            p.soft { "Goal: " (show(&first.title)) }
            @for check in group { (seen(check, group.len() > 1)) }
            @let reasons = reasons(first, handbook);
            @if !reasons.is_empty() {
                h4 { "Why it matters" }
                @for reason in reasons { p { (show(reason)) } }
            }
            @if !first.causes.is_empty() { h4 { "Causes" } (causes(&first.causes)) }
            @if !first.fix.is_empty() { h4 { "How to mend it" } (steps(&first.fix)) }
            @if group.len() == 1 && (facts(first).next().is_some() || !first.http.is_empty()) {
                details open {
                    summary { "Facts" }
                    (fact_list(first))
                    @if !first.http.is_empty() {
                        ul { @for http in &first.http { li { code { (show(&exchange(http))) } } } }
                    }
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
fn causes(causes: &[Cause]) -> Markup {
    let (excluded, open): (Vec<&Cause>, Vec<&Cause>) =
        causes.iter().partition(|cause| cause.rank == Rank::RuledOut);
    html! {
        @if !open.is_empty() {
            ul {
                @for cause in open {
                    li {
                        span.rank { (words::rank(cause.rank)) } " " strong { (show(&cause.title)) }
                        @for because in &cause.because { p { (show(because)) } }
                        @if !cause.fix.is_empty() { (steps(&cause.fix)) }
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

fn steps(fixes: &[Fix]) -> Markup {
    html! {
        ol {
            @for fix in fixes {
                li {
                    (show(&fix.text))
                    @if let Some(place) = &fix.place { p.soft { (show(place)) } }
                    @match &fix.url {
                        Some(url) if linkable(url) => p { a href=(url) rel="noreferrer noopener" { (url) } },
                        Some(url) => p { code { (show(url)) } },
                        None => {}
                    }
                    @if let Some(command) = &fix.command { pre { code { (neutral(command)) } } }
                }
            }
        }
    }
}
