//! The documents, read again by the rules that the schemas of CI systems share.

use quick_xml::Reader;

use crate::report::samples;
use crate::report::samples::handbook;
use crate::report::set::Many;

use super::*;

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
        let properties = suite.named("properties").next();
        let first = suite.children.first().map(|child| child.name.as_str());
        assert!(properties.is_none() || first == Some("properties"), "properties come first");
        assert_eq!(suite.number("tests"), suite.named("testcase").count());
        assert_eq!(suite.number("failures"), suite.cases_with("failure"));
        assert_eq!(suite.number("errors"), suite.cases_with("error"));
        assert_eq!(suite.number("skipped"), suite.cases_with("skipped"));
        suite.get("time").parse::<f64>().unwrap();
        // What is no run of one target began at no time.
        let began = suite.attributes.iter().find(|(name, _)| name == "timestamp");
        assert!(began.is_none_or(|(_, time)| !time.contains('Z')), "a local form, without a zone");
        for property in properties.into_iter().flat_map(|all| &all.children) {
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
    let text =
        render(&samples::fixed_report(), &handbook(), &crate::report::Reader::default()).unwrap();
    assert_sound(&parse(&text));
    insta::assert_snapshot!(text);
}

#[test]
fn the_output_of_each_suite_names_the_address_that_stood_in() {
    let mut report = samples::fixed_report();
    report.environment.connect_to = Some("127.0.0.1:8443".to_owned());
    let root = parse(&render(&report, &handbook(), &crate::report::Reader::default()).unwrap());
    assert_sound(&root);
    for suite in root.named("testsuite") {
        let told: Vec<&str> = suite.named("system-out").map(|out| out.text.as_str()).collect();
        assert_eq!(told.len(), 1, "{suite:?}");
        assert!(told[0].contains("127.0.0.1:8443 stood in for NetSuite"), "{told:?}");
    }
}

#[test]
fn each_status_becomes_what_ci_systems_expect() {
    let report = samples::fixed_report();
    let root = parse(&render(&report, &handbook(), &crate::report::Reader::default()).unwrap());
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
        let root = parse(&render(&report, &handbook(), &crate::report::Reader::default()).unwrap());
        assert_sound(&root);
        let red = root.number("failures") + root.number("errors") > 0;
        assert_eq!(red, code != 0, "exit code {code}");
    }
}

fn document_of(many: &mut dyn Many) -> Element {
    let mut text = Vec::new();
    write(&mut text, many, &handbook(), &crate::report::Reader::default()).unwrap();
    parse(&String::from_utf8(text).unwrap())
}

#[test]
fn many_targets_are_one_document_after_an_overview() {
    let report = samples::report();
    let mut set = samples::set_document(&[("a", report.clone()), ("b", samples::report())]);
    let missing = serde_json::json!({"name": "c", "exit_code": 2, "run_id": null,
        "error": "no such file", "report_sha256": null});
    set["targets"].as_array_mut().unwrap().push(missing);
    let root = document_of(&mut samples::read_set(&set));
    assert_sound(&root);
    // The one that could not be checked is a test with an error.
    assert_eq!(root.number("tests"), report.checks.len() * 2 + 1);
    assert_eq!(root.named("testsuite").last().unwrap().number("errors"), 1);
    let overview = root.named("testsuite").next().unwrap();
    let told = &overview.named("system-out").next().unwrap().text;
    assert!(["a", "b", "c"].iter().all(|name| told.contains(&format!(" {name} "))), "{told}");
}

#[test]
fn a_set_in_which_nothing_was_checked_has_one_skipped_test() {
    let root = document_of(&mut samples::set(&[]));
    assert_sound(&root);
    assert_eq!((root.number("tests"), root.cases_with("skipped")), (1, 1));
}

#[test]
fn hostile_values_are_text() {
    let text =
        render(&samples::hostile_report(), &handbook(), &crate::report::Reader::default()).unwrap();
    let root = parse(&text);
    assert_sound(&root);
    let forbidden =
        |c: char| (c.is_control() && c != '\n') || "\u{fffe}\u{ffff}\u{202e}".contains(c);
    assert!(!text.contains(forbidden));
    assert!(text.contains("&lt;script&gt;alert"), "nothing visible is lost");
}
