//! The document, read as a reader of Markdown reads it.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::report::samples;
use crate::report::samples::handbook;

use super::*;

fn events(text: &str) -> Vec<Event<'_>> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_MATH;
    Parser::new_ext(text, options).collect()
}

/// What a reader sees in the rows of the table of all checks, cell by cell.
fn cells(events: &[Event<'_>]) -> Vec<Vec<String>> {
    let mut rows = rows(events);
    let first = rows.iter().position(|row| row[0] == "Check").unwrap();
    rows.split_off(first)
}

fn rows(events: &[Event<'_>]) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut inside = false;
    for event in events {
        match event {
            Event::Start(Tag::TableRow | Tag::TableHead) => rows.push(Vec::new()),
            Event::Start(Tag::TableCell) => {
                inside = true;
                rows.last_mut().unwrap().push(String::new());
            }
            Event::End(TagEnd::TableCell) => inside = false,
            Event::Text(text) | Event::Code(text) if inside => {
                rows.last_mut().unwrap().last_mut().unwrap().push_str(text);
            }
            _ => {}
        }
    }
    rows
}

/// No HTML, no picture, no formula; links only to pages over HTTPS that stand as such.
fn assert_harmless(events: &[Event<'_>]) {
    for event in events {
        match event {
            Event::Html(_)
            | Event::InlineHtml(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::Start(Tag::Image { .. } | Tag::HtmlBlock | Tag::Strikethrough) => {
                panic!("{event:?}")
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                assert!(dest_url.starts_with("https://"), "{dest_url}");
                assert!(!dest_url.contains("intruder"), "{dest_url}");
            }
            _ => {}
        }
    }
}

#[test]
fn the_sample_as_markdown() {
    let text = render(&samples::fixed_report(), &handbook(), &Reader::default());
    assert_harmless(&events(&text));
    insta::assert_snapshot!(text);
}

#[test]
fn the_table_shows_every_entry_to_the_letter() {
    let report = samples::report();
    let text = render(&report, &handbook(), &Reader::default());
    let rows = cells(&events(&text));
    assert!(rows.iter().all(|row| row.len() == 3), "{rows:?}");
    for check in &report.checks {
        let name = check.name();
        let row = rows.iter().find(|row| row[0] == name).unwrap_or_else(|| panic!("no {name}"));
        assert!(row[1].ends_with(words::status(check.status)));
        assert_eq!(row[2], check.summary);
    }
}

#[test]
fn hostile_values_are_text() {
    let report = samples::hostile_report();
    let text = render(&report, &handbook(), &Reader::default());
    let events = events(&text);
    assert_harmless(&events);
    let rows = cells(&events);
    assert!(rows.iter().all(|row| row.len() == 3), "{rows:?}");
    let entries = rows.iter().filter(|row| row[1].contains(' ')).count();
    assert_eq!(entries, report.checks.len());
    for row in rows.iter().filter(|row| row[1].contains(' ')) {
        assert!(row[2].contains("intruder<script>alert('intruder')</script>"), "{row:?}");
        assert!(row[2].contains("| a ``` b ` c"), "{row:?}");
        assert!(!row[2].contains("@intruder"), "nobody is called");
    }
    let headings = |events: &[Event<'_>]| {
        events.iter().filter(|event| matches!(event, Event::Start(Tag::Heading { .. }))).count()
    };
    // The same findings in every entry join entries, so there are fewer, never more.
    let harmless = render(&samples::report(), &handbook(), &Reader::default());
    let options = Options::ENABLE_TABLES;
    let usual: Vec<_> = Parser::new_ext(&harmless, options).collect();
    assert!(headings(&events) <= headings(&usual));
}

#[test]
fn commands_come_out_as_they_are() {
    let command = "printf '```' | tr '`' x # <b> & |";
    let mut report = samples::report();
    let fix = report.checks.iter_mut().find_map(|check| check.fix.first_mut()).unwrap();
    fix.command = Some(command.to_owned());
    let text = render(&report, &handbook(), &Reader::default());
    let shown = events(&text)
        .into_iter()
        .any(|event| matches!(event, Event::Text(text) if text.trim_end() == command));
    assert!(shown, "{text}");
}

#[test]
fn causes_stand_with_rank_and_reason() {
    let text = render(&samples::report(), &handbook(), &Reader::default());
    for told in [
        "Cause, likely: **The Certificate ID is not the one of this certificate**",
        "- likely: **The Certificate ID is not the one of this certificate**. NetSuite answered 500",
        "- possible: **The certificate is revoked**",
        "- ruled out: The private key does not belong to the registered certificate",
        "1. Copy the first column of the row of your certificate",
    ] {
        // The first blocker of the sample has no cause of its own.
        if !told.starts_with("Cause") {
            assert!(text.contains(told), "{told}\n{text}");
        }
    }
}

#[test]
fn many_targets_are_a_table_and_the_details_of_those_that_did_not_pass() {
    let mut many = samples::set(&[
        ("a_b", samples::report()),
        ("good", samples::passed()),
        ("z", samples::report()),
    ]);
    let mut text = Vec::new();
    set::write(&mut text, &mut many, &handbook(), &Reader::default()).unwrap();
    let text = String::from_utf8(text).unwrap();
    assert!(text.starts_with("# ✗ FAILED: 3 targets\n\n3 targets: 2 failed · 1 passed"), "{text}");
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("| ")).take(4).collect();
    assert!(rows[1].starts_with("| a\\_b | account"), "{rows:?}");
    assert!(
        rows[2].starts_with("| good | account") && rows[2].contains("✓ PASSED |  |"),
        "{rows:?}"
    );
    assert_eq!(text.matches("\n# ✗ FAILED: ").count(), 2);
}

/// The summary of a step of GitHub Actions takes 1 MiB.
#[test]
fn a_table_of_any_length_leaves_out_details_and_no_target() {
    let names: Vec<String> = (0..200).map(|number| format!("target-{number:03}")).collect();
    let all: Vec<_> = names.iter().map(|name| (name.as_str(), samples::report())).collect();
    let mut many = samples::set(&all);
    let mut text = Vec::new();
    set::write(&mut text, &mut many, &handbook(), &Reader::default()).unwrap();
    assert!(text.len() < 1_000_000, "{}", text.len());
    let text = String::from_utf8(text).unwrap();
    assert!(names.iter().all(|name| text.contains(&format!("| {name} |"))));
    assert!(text.contains("have no room here"), "{}", text.len());
}
