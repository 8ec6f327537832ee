//! What to do in NetSuite for a question, with the values to take there.

use maud::{Markup, html};

use super::{capital, copied, copy_button};
use crate::report::html::parts::show;
use crate::report::v1::Fix;
use crate::report::words::linkable;
use crate::setup::{Ask, Field, PermissionRow};

/// What to do in NetSuite, and the values to take there.
pub(super) fn action(ask: &Ask) -> Markup {
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
pub(super) fn place(fix: &Fix) -> Markup {
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
