//! The page, read as a browser reads it.

use scraper::{Html, Selector};

use crate::report::samples;
use crate::report::samples::handbook;

use super::*;

fn page(report: &Report) -> Html {
    let text = render(report, &handbook(), &Reader::default());
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
    let text = render(&samples::fixed_report(), &handbook(), &Reader::default());
    // The style has a file of its own.
    insta::assert_snapshot!(text.replace(CSS, "(style)").replace("><", ">\n<"));
}

/// Nothing is loaded, nothing runs, links lead to NetSuite only.
fn assert_inert(page: &Html) {
    let known = [
        "a", "article", "body", "br", "caption", "code", "dd", "details", "div", "dl", "dt",
        "footer", "h1", "h2", "h3", "h4", "head", "header", "html", "li", "main", "meta", "ol",
        "p", "pre", "section", "span", "strong", "style", "summary", "table", "tbody", "td", "th",
        "thead", "time", "title", "tr", "ul",
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
                let netsuite = value.starts_with("https://") && value.contains(".netsuite.com/");
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
        assert!(select("thead th[scope=col]") >= 3);
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
fn many_reports_share_one_page_and_those_that_passed_a_line() {
    let mut many = samples::set(&[
        ("a", samples::report()),
        ("b", samples::passed()),
        ("c", samples::report()),
    ]);
    let mut text = Vec::new();
    set::write(&mut text, &mut many, &handbook(), &Reader::default()).unwrap();
    let text = String::from_utf8(text).unwrap();
    let page = Html::parse_document(&text);
    assert_inert(&page);
    assert_eq!(all(&page, "main > section").len(), 2);
    assert_eq!(all(&page, "main > table.checks tbody tr th").len(), 3);
    assert_eq!(all(&page, "h1").len(), 1);
    for link in all(&page, "main > table a") {
        let id = link.value().attr("href").unwrap();
        assert_eq!(all(&page, id).len(), 1, "{id} leads nowhere");
    }
    assert!(page.errors.is_empty(), "{:?}", page.errors);
}
