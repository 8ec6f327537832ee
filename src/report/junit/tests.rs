use quick_xml::Reader;

use super::*;
use crate::report::samples::{self, handbook};
use crate::report::v1::Status;

/// An element: its name, attributes, children and text.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Element>,
    text: String,
}

impl Element {
    fn get(&self, name: &str) -> &str {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map_or_else(|| panic!("{} lacks {name}", self.name), |(_, value)| value)
    }

    fn number(&self, name: &str) -> usize {
        self.get(name).parse().unwrap()
    }

    fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// How many of its own or its children's test cases hold such an element.
    fn cases_with(&self, name: &str) -> usize {
        let below: usize = self.named("testsuite").map(|suite| suite.cases_with(name)).sum();
        below + self.named("testcase").filter(|case| case.named(name).next().is_some()).count()
    }
}

fn parse(text: &str) -> Element {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) => open.push(Element {
                name: tag.name().as_ref().to_owned(),
                attributes: tag
                    .attributes()
                    .map(|pair| pair.unwrap())
                    .map(|pair| {
                        let raw = &pair.value;
                        let value = quick_xml::escape::unescape(raw).unwrap().into_owned();
                        (pair.key.as_ref().to_owned(), value)
                    })
                    .collect(),
                ..Element::default()
            }),
            Event::End(_) => {
                let closed = open.pop().unwrap();
                open.last_mut().unwrap().children.push(closed);
            }
            Event::Text(text) => {
                open.last_mut().unwrap().text.push_str(&text);
            }
            Event::GeneralRef(_) | Event::Decl(_) => {}
            Event::Eof => break,
            other => panic!("{other:?}"),
        }
    }
    open.pop().unwrap().children.pop().unwrap()
}

/// The rules that the JUnit schemas of CI systems share.
fn assert_sound(root: &Element) {
    assert_eq!(root.name, "testsuites");
    let all = |name: &str| root.named("testsuite").map(|suite| suite.number(name)).sum::<usize>();
    for name in ["tests", "failures", "errors"] {
        assert_eq!(root.number(name), all(name), "{name}");
    }
    for suite in &root.children {
        assert_eq!(suite.name, "testsuite");
        assert_eq!(suite.children[0].name, "properties", "properties come first");
        assert_eq!(suite.number("tests"), suite.named("testcase").count());
        assert_eq!(suite.number("failures"), suite.cases_with("failure"));
        assert_eq!(suite.number("errors"), suite.cases_with("error"));
        assert_eq!(suite.number("skipped"), suite.cases_with("skipped"));
        assert!(!suite.get("timestamp").contains('Z'), "a local form, without a zone");
        for property in &suite.children[0].children {
            assert!(!property.get("name").is_empty() && !property.get("value").is_empty());
        }
        for case in suite.named("testcase") {
            assert!(!case.get("name").is_empty() && case.get("classname").contains('.'));
            case.get("time").parse::<f64>().unwrap();
            let known = ["failure", "error", "skipped", "system-out"];
            assert!(case.children.len() <= 1, "{case:?}");
            assert!(case.children.iter().all(|child| known.contains(&child.name.as_str())));
        }
    }
}

#[test]
fn the_sample_as_junit() {
    let text = render(&[Shown::alone(&samples::fixed_report())], &handbook()).unwrap();
    assert_sound(&parse(&text));
    insta::assert_snapshot!(text);
}

#[test]
fn each_status_becomes_what_ci_systems_expect() {
    let report = samples::fixed_report();
    let root = parse(&render(&[Shown::alone(&report)], &handbook()).unwrap());
    let of = |status| report.checks.iter().filter(|check| check.status == status).count();
    assert_eq!(root.cases_with("failure"), of(Status::Fail));
    assert_eq!(root.cases_with("error"), of(Status::Inconclusive));
    assert_eq!(root.cases_with("skipped"), of(Status::Skipped));
    assert_eq!(root.cases_with("system-out"), of(Status::Pass) + of(Status::Warn));
}

/// Red in the CI system exactly where the exit code is not 0.
#[test]
fn the_result_agrees_with_the_exit_code() {
    let mut report = samples::fixed_report();
    for (keep, code) in [
        (vec![Status::Pass, Status::Skipped, Status::Warn], 0),
        (vec![Status::Pass, Status::Skipped, Status::Warn], 4),
        (vec![Status::Warn, Status::Inconclusive], 3),
        (vec![Status::Warn, Status::Fail], 1),
    ] {
        report.checks = samples::fixed_report().checks;
        report.checks.retain(|check| keep.contains(&check.status));
        report.summary.exit_code = code;
        let root = parse(&render(&[Shown::alone(&report)], &handbook()).unwrap());
        assert_sound(&root);
        let red = root.number("failures") + root.number("errors") > 0;
        assert_eq!(red, code != 0, "exit code {code}");
    }
}

#[test]
fn hostile_values_are_text() {
    let text = render(&[Shown::alone(&samples::hostile_report())], &handbook()).unwrap();
    let root = parse(&text);
    assert_sound(&root);
    let forbidden =
        |c: char| (c.is_control() && c != '\n') || "\u{fffe}\u{ffff}\u{202e}".contains(c);
    assert!(!text.contains(forbidden));
    assert!(text.contains("&lt;script&gt;alert"), "nothing visible is lost");
}

#[test]
fn many_reports_are_one_document() {
    let root = parse(
        &render(&[Shown::alone(&samples::report()), Shown::alone(&samples::report())], &handbook())
            .unwrap(),
    );
    assert_sound(&root);
    assert_eq!(root.number("tests"), samples::report().checks.len() * 2);
}
