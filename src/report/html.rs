//! `--format html`: one self-contained page for a browser, a mail or a printer.
//!
//! It holds no script and loads nothing; a content security policy makes browsers keep to that,
//! whatever a report says. Status is told in words and marks, never by colour alone.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::report::set::{SetVerdict, Shown};
use crate::report::text::{bounded, neutral, status_of};
use crate::report::v1::{Cause, CheckEntry, EvidenceEntry, Fix, Report, Status};
use crate::report::words::{
    exchange, facts, group_name, linkable, open_and_excluded, phases, problems, reasons, why_not,
};
use crate::report::{Handbook, Style, set, words};

const CSS: &str = include_str!("style.css");
/// The marks; they never stand without their word.
const STYLE: Style = Style::PLAIN;
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
        None => verdict(set::text::status(SetVerdict::Error), set::text::word(SetVerdict::Error)),
    }
}

fn heading(report: &Report) -> Markup {
    html! { (overall(report)) ": " (show(&words::target(report))) }
}

fn overall(report: &Report) -> Markup {
    verdict(status_of(report.summary.verdict), words::verdict(report))
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
            (report.run.mode.as_str()) " · "
            time datetime=(started) {
                (started.timestamp().strftime("%Y-%m-%d %H:%M UTC").to_string())
            }
            " · " (words::seconds(report.run.duration_ms))
        }
    }
}

fn body(report: &Report, handbook: &Handbook) -> Markup {
    html! {
        (banner(report))
        (what_to_do(report, handbook))
        (all_checks(report))
        (target(report))
    }
}

fn banner(report: &Report) -> Markup {
    let summary = &report.summary;
    let status = status_of(summary.verdict);
    html! {
        div class={ "banner " (status.as_str()) } {
            @if let Some(entry) = report.first_blocker() {
                p {
                    strong { "First problem: " (show(&entry.name())) }
                    br; (show(&entry.summary))
                }
                @if let Some(cause) = entry.leading_cause() {
                    p { strong { "Cause, " (words::rank(cause.rank)) ": " (show(&cause.title)) } }
                }
            }
            p { "Checks: " (words::counts(&summary.counts, STYLE)) }
            p { "Exit " (words::exit(summary)) }
            @if let Some(note) = words::redirection(report) { p { "Note: " (show(&note)) } }
            @if let Some(note) = words::note(report) { p { "Note: " (note) } }
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

fn what_to_do(report: &Report, handbook: &Handbook) -> Markup {
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
            @if !first.causes.is_empty() { h4 { "Causes" } (causes(&first.causes)) }
            @if !first.fix.is_empty() { h4 { "How to fix it" } (steps(&first.fix)) }
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
    let (open, excluded) = open_and_excluded(causes);
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

fn all_checks(report: &Report) -> Markup {
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

#[cfg(test)]
mod tests {
    use scraper::{Html, Selector};

    use crate::report::samples;
    use crate::report::samples::handbook;

    use super::*;

    fn page(report: &Report) -> Html {
        let text = render(&[Shown::alone(report)], &handbook());
        let page = Html::parse_document(&text);
        assert!(page.errors.is_empty(), "{:?}", page.errors);
        page
    }

    fn all<'a>(page: &'a Html, selector: &str) -> Vec<scraper::ElementRef<'a>> {
        page.select(&Selector::parse(selector).unwrap()).collect()
    }

    fn text_of(element: &scraper::ElementRef<'_>) -> String {
        element.text().flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_sample_as_html() {
        let text = render(&[Shown::alone(&samples::fixed_report())], &handbook());
        // The style has a file of its own.
        insta::assert_snapshot!(text.replace(CSS, "(style)").replace("><", ">\n<"));
    }

    /// Nothing is loaded, nothing runs, links lead to NetSuite only.
    fn assert_inert(page: &Html) {
        let known = [
            "a", "article", "body", "br", "caption", "code", "dd", "details", "div", "dl", "dt",
            "footer", "h1", "h2", "h3", "h4", "head", "header", "html", "li", "main", "meta", "ol",
            "p", "pre", "section", "span", "strong", "style", "summary", "table", "tbody", "td",
            "th", "thead", "time", "title", "tr", "ul",
        ];
        let attributes = [
            "aria-hidden",
            "aria-labelledby",
            "charset",
            "class",
            "content",
            "datetime",
            "href",
            "http-equiv",
            "id",
            "lang",
            "name",
            "open",
            "rel",
            "scope",
        ];
        for element in all(page, "*") {
            let value = element.value();
            assert!(known.contains(&value.name()), "<{}>", value.name());
            for (name, value) in value.attrs() {
                assert!(attributes.contains(&name), "{name}={value}");
                if name == "href" {
                    let netsuite =
                        value.starts_with("https://") && value.contains(".netsuite.com/");
                    assert!(netsuite || value.starts_with('#'), "{value}");
                }
            }
        }
        assert_eq!(all(page, "style").len(), 1);
        assert!(!CSS.contains("url(") && !CSS.contains("@import"));
    }

    #[test]
    fn hostile_values_are_inert_and_still_shown() {
        let report = samples::hostile_report();
        let page = page(&report);
        assert_inert(&page);
        let rows = all(&page, "table.checks tbody tr");
        assert_eq!(rows.len(), report.checks.len());
        for row in rows {
            assert!(text_of(&row).contains("intruder<script>alert('intruder')</script>"));
        }
    }

    #[test]
    fn the_policy_allows_this_style_and_nothing_else() {
        let page = page(&samples::report());
        assert_inert(&page);
        let policy =
            all(&page, "meta[http-equiv='Content-Security-Policy']")[0].attr("content").unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
        let style: String = all(&page, "style")[0].text().collect();
        let hash = STANDARD.encode(openssl::sha::sha256(style.as_bytes()));
        assert!(policy.contains(&format!("'sha256-{hash}'")), "the browser would refuse the style");
    }

    #[test]
    fn it_is_built_for_every_reader() {
        let page = page(&samples::report());
        assert_eq!(all(&page, "html")[0].attr("lang"), Some("en"));
        assert_eq!(all(&page, "meta[name=viewport]").len(), 1);
        for landmark in ["header", "main", "footer", "h1", "title"] {
            assert_eq!(all(&page, landmark).len(), 1, "{landmark}");
        }
        let mut before = 0;
        for heading in all(&page, "h1, h2, h3, h4") {
            let level: u32 = heading.value().name()[1..].parse().unwrap();
            assert!(level <= before + 1, "h{level} after h{before}");
            before = level;
        }
        for table in all(&page, "table") {
            let select = |what: &str| table.select(&Selector::parse(what).unwrap()).count();
            assert_eq!(select("caption"), 1);
            assert_eq!(select("thead th[scope=col]"), 3);
            assert_eq!(select("tbody th[scope=row]"), select("tbody tr"));
        }
        for status in all(&page, ".status") {
            assert!(text_of(&status).split(' ').count() > 1, "a word beside the mark");
        }
    }

    #[test]
    fn causes_stand_with_rank_and_reason() {
        let page = page(&samples::report());
        let told: Vec<String> = all(&page, "article").iter().map(text_of).collect();
        let exchange = told.iter().find(|text| text.contains("token-exchange")).unwrap();
        for part in [
            "likely The Certificate ID is not the one of this certificate NetSuite answered 500 server_error.",
            "possible The certificate is revoked",
            "Ruled out: The private key does not belong to the registered certificate",
            "Copy the first column of the row of your certificate",
        ] {
            assert!(exchange.contains(part), "{part}\n{exchange}");
        }
    }

    #[test]
    fn many_reports_share_one_page() {
        let text = render(
            &[Shown::alone(&samples::report()), Shown::alone(&samples::report())],
            &handbook(),
        );
        let page = Html::parse_document(&text);
        assert_inert(&page);
        assert_eq!(all(&page, "main > section").len(), 2);
        assert_eq!(all(&page, "h1").len(), 1);
    }
}
