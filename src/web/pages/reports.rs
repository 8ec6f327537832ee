//! Stored reports: a list with filters, and each for itself.

use maud::{Markup, html};
use strum::VariantArray as _;

use super::{Document, document};
use crate::report::html::parts::{mark, show};
use crate::report::set::{Listed, SetVerdict};
use crate::report::v1::{CheckEntry, Report};
use crate::report::{Reader, handbook, html as report_page, words};
use crate::types::Status;
use crate::web::session::Key;

/// What stands around these pages.
pub struct Frame<'a> {
    /// What the file is called.
    pub name: &'a str,
    /// The word of the session.
    pub token: Key,
}

/// Which targets are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    target: String,
    status: Option<SetVerdict>,
}

const VERDICTS: [(SetVerdict, &str, &str); 5] = [
    (SetVerdict::Fail, "fail", "failed"),
    (SetVerdict::Error, "error", "could not be checked"),
    (SetVerdict::Inconclusive, "inconclusive", "inconclusive"),
    (SetVerdict::Warn, "warn", "passed with warnings"),
    (SetVerdict::Pass, "pass", "passed"),
];

impl Filter {
    /// What was asked for; a status that there is not asks for nothing.
    #[must_use]
    pub fn new(target: &str, status: &str) -> Self {
        let status = VERDICTS.iter().find(|(_, name, _)| *name == status);
        Self { target: target.trim().to_lowercase(), status: status.map(|(verdict, ..)| *verdict) }
    }

    fn admits(&self, target: &Listed) -> bool {
        self.status.is_none_or(|wanted| wanted == target.verdict)
            && target.title().to_lowercase().contains(&self.target)
    }
}

impl Frame<'_> {
    fn around(&self, title: &str, main: Markup) -> Markup {
        let foot = html! {
            p { "These pages read the file and change nothing." }
            form method="post" action="/finish" {
                input type="hidden" name="token" value=(self.token.expose());
                button.quiet type="submit" { "Close" }
            }
        };
        document(&Document {
            title: &format!("{title} · netsuite-preflight"),
            wait: false,
            head: html! { p.what { (show(self.name)) } },
            side: None,
            main,
            foot,
        })
    }
}

/// Many targets, those that the filter admits.
#[must_use]
pub fn many(frame: &Frame<'_>, targets: &[Listed], filter: &Filter) -> Markup {
    let admitted: Vec<(usize, &Listed)> =
        targets.iter().enumerate().filter(|(_, target)| filter.admits(target)).collect();
    let main = html! {
        h1 { "All targets" }
        form.filter method="get" {
            div {
                label for="target" { "Target or account" }
                input id="target" name="target" type="search" value=(filter.target)
                    autocomplete="off" spellcheck="false";
            }
            div {
                label for="status" { "Result" }
                select id="status" name="status" {
                    option value="" { "any" }
                    @for (verdict, name, word) in VERDICTS {
                        option value=(name) selected[filter.status == Some(verdict)] { (word) }
                    }
                }
            }
            button.main type="submit" { "Filter" }
        }
        p.counted role="status" { (admitted.len()) " of " (targets.len()) " targets" }
        @if !admitted.is_empty() { (table(admitted)) }
    };
    frame.around("All targets", main)
}

fn table(admitted: Vec<(usize, &Listed)>) -> Markup {
    html! {
        table.checks.targets {
            caption.hidden { "Targets" }
            thead { tr {
                th scope="col" { "Target" } th scope="col" { "Result" } th scope="col" { "Checks" }
            } }
            tbody { @for (at, target) in admitted { (row(at, target)) } }
        }
    }
}

fn row(at: usize, target: &Listed) -> Markup {
    html! {
        tr {
            th scope="row" {
                @match target.digest {
                    Some(_) => a href={ "/report/" (at) } { (show(&target.title())) },
                    None => { (show(&target.title())) },
                }
            }
            td { (report_page::verdict(target.head(), target.word())) }
            td {
                @if let Some(digest) = &target.digest {
                    (words::counts(&digest.counts, crate::report::Style::PLAIN))
                    @if let Some(problem) = &digest.problem {
                        p.soft { (show(&problem.name)) ": " (show(&problem.seen)) }
                    }
                }
                @if let Some(error) = &target.error { p { (show(error)) } }
            }
        }
    }
}

/// One report. `name` is that of its target in a set.
#[must_use]
pub fn one(frame: &Frame<'_>, report: &Report, name: Option<&str>, status: &str) -> Markup {
    let wanted = status.parse::<Status>().ok();
    let title = match name {
        Some(name) => format!("{name}, {}", words::target(report)),
        None => words::target(report),
    };
    let main = html! {
        @if name.is_some() { p.up { a href="/" { "All targets" } } }
        h1 { (report_page::overall(report)) ": " (show(&title)) }
        (report_page::origin(report))
        form.filter method="get" {
            div {
                label for="status" { "Checks with the result" }
                select id="status" name="status" {
                    option value="" { "any" }
                    @for status in Status::VARIANTS.iter().copied() {
                        option value=(status.as_str()) selected[wanted == Some(status)] {
                            (words::status(status))
                        }
                    }
                }
            }
            button.main type="submit" { "Filter" }
        }
        @if let Some(wanted) = wanted {
            (listed(report.checks.iter().filter(|check| check.status == wanted), wanted))
        }
        (report_page::body(report, handbook(), &Reader::default()))
    };
    frame.around(&title, main)
}

fn listed<'a>(checks: impl Iterator<Item = &'a CheckEntry>, status: Status) -> Markup {
    let checks: Vec<&CheckEntry> = checks.collect();
    html! {
        p.counted role="status" {
            (checks.len()) @if checks.len() == 1 { " check: " } @else { " checks: " }
            (words::status(status))
        }
        @if !checks.is_empty() {
            table.checks {
                caption.hidden { "Checks: " (words::status(status)) }
                thead { tr {
                    th scope="col" { "Check" } th scope="col" { "Result" }
                    th scope="col" { "What was seen" }
                } }
                tbody {
                    @for check in checks {
                        tr {
                            th scope="row" { (show(&check.name())) }
                            td {
                                span class={ "status " (check.status.as_str()) } {
                                    (mark(check.status)) " " (words::status(check.status))
                                }
                            }
                            td { (show(&check.summary)) }
                        }
                    }
                }
            }
        }
    }
}

/// What stays in the browser when the program has ended.
#[must_use]
pub fn closed() -> Markup {
    super::closed(html! {
        h1 { "Closed" }
        p { "netsuite-preflight has ended, and this page does nothing more: you can close it." }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;
    use crate::report::set::listed::Digest;

    #[test]
    fn targets_are_filtered_by_name_and_result() {
        let report = samples::report();
        let listed = |name: &str, verdict, digest| Listed {
            name: name.to_owned(),
            verdict,
            exit_code: 1,
            run_id: None,
            error: None,
            digest,
        };
        let targets = [
            listed("shop", SetVerdict::Fail, Some(Digest::of(&report))),
            listed("warehouse", SetVerdict::Error, None),
        ];
        let admitted = |target: &str, status: &str| -> Vec<&str> {
            let filter = Filter::new(target, status);
            let admitted = targets.iter().filter(|one| filter.admits(one));
            admitted.map(|one| one.name.as_str()).collect()
        };
        assert_eq!(admitted("", ""), ["shop", "warehouse"]);
        assert_eq!(admitted(" SHOP ", ""), ["shop"]);
        assert_eq!(admitted("1234567", ""), ["shop"]);
        assert_eq!(admitted("", "error"), ["warehouse"]);
        assert_eq!(admitted("", "fail"), ["shop"]);
        assert_eq!(admitted("ware", "fail"), Vec::<&str>::new());
        assert_eq!(admitted("", "nonsense").len(), 2);
    }
}
