use std::collections::BTreeSet;

use super::*;
use crate::report::samples;

/// The rules of both text forms, as far as they matter here.
fn assert_sound(text: &str) {
    let mut family: Option<&str> = None;
    let (mut families, mut samples) = (BTreeSet::new(), BTreeSet::new());
    assert_eq!(text.matches("# EOF").count(), 1);
    assert!(text.ends_with("\n# EOF\n"));
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            let (name, help) = rest.split_once(' ').unwrap();
            assert!(families.insert(name), "{name} twice");
            assert!(!help.contains(['"', '\\']), "{help}");
            family = Some(name);
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            assert_eq!(rest, format!("{} gauge", family.unwrap()));
        } else if let Some(rest) = line.strip_prefix("# UNIT ") {
            let (name, unit) = rest.split_once(' ').unwrap();
            assert_eq!(Some(name), family);
            assert!(name.ends_with(&format!("_{unit}")), "{line}");
        } else if line != "# EOF" {
            let (labels, value) = line.rsplit_once(' ').unwrap();
            value.parse::<f64>().unwrap();
            assert!(samples.insert(labels), "{labels} twice");
            let (name, labels) = labels.split_once('{').unwrap();
            assert_eq!(Some(name), family);
            assert_labels(labels.strip_suffix('}').unwrap());
        }
    }
    assert!(families.len() >= 6);
}

/// `name="value"` parted by commas, with the three escapes only.
fn assert_labels(mut rest: &str) {
    loop {
        let (name, after) = rest.split_once("=\"").unwrap();
        assert!(name.bytes().all(|b| b.is_ascii_lowercase()), "{name}");
        let mut escaped = false;
        let end = after.find(|c| {
            let ends = c == '"' && !escaped;
            assert!(!escaped || matches!(c, '\\' | '"' | 'n'), "{after}");
            escaped = c == '\\' && !escaped;
            ends
        });
        match after[end.unwrap() + 1..].strip_prefix(',') {
            Some(next) => rest = next,
            None => break assert_eq!(&after[end.unwrap() + 1..], ""),
        }
    }
}

#[test]
fn the_sample_as_metrics() {
    let text = render(&[Shown::alone(&samples::fixed_report())]);
    assert_sound(&text);
    insta::assert_snapshot!(text);
}

#[test]
fn hostile_values_stay_inside_their_labels() {
    let mut report = samples::hostile_report();
    assert_sound(&render(&[Shown::alone(&report)]));
    report.target.account_id = Some("a\"b\\c\nd".to_owned());
    assert!(render(&[Shown::alone(&report)]).contains(r#"account="a\"b\\c d""#));
}

#[test]
fn the_end_of_the_certificate_is_told_in_seconds() {
    let mut report = samples::report();
    let check = report.checks.iter_mut().find(|check| check.id == "certificate-expiry").unwrap();
    let mut fact = crate::report::v1::EvidenceEntry {
        key: "effective_end".to_owned(),
        value: "2027-11-22T21:52:22Z".to_owned(),
        expected: None,
        source: None,
    };
    check.evidence.push(fact.clone());
    let end = |report: &Report| {
        let text = render(&[Shown::alone(report)]);
        assert_sound(&text);
        let line = text.lines().find(|line| line.contains("expiry_timestamp_seconds{"));
        line.map(|line| line.rsplit_once(' ').unwrap().1.to_owned())
    };
    // date -u -d 2027-11-22T21:52:22Z +%s
    assert_eq!(end(&report).as_deref(), Some("1826920342"));
    fact.value = "soon".to_owned();
    report.checks.iter_mut().for_each(|check| {
        check.evidence.retain(|fact| fact.key != "effective_end");
    });
    assert_eq!(end(&report), None);
}

#[test]
fn reports_of_one_integration_are_told_apart_by_their_run() {
    let mut other = samples::report();
    other.run.id = "f".repeat(32);
    assert_sound(&render(&[Shown::alone(&samples::report()), Shown::alone(&other)]));
    other.target.account_id = Some("7654321".to_owned());
    let text = render(&[Shown::alone(&samples::report()), Shown::alone(&other)]);
    assert_sound(&text);
    assert!(!text.contains("run=\""));
}
