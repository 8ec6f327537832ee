//! `report verify`: whether a stored report is sound, unchanged and free of secrets.

use serde::Serialize;
use serde_json::Value;

use crate::report::builder::counts;
use crate::report::integrity;
use crate::report::secrets::search;
use crate::report::stored::Stored;
use crate::report::v1::{Counts, Report};

/// What was examined of one report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Examination {
    /// What is examined: `schema`, `checksum`, `summary`, `secrets`.
    pub name: &'static str,
    /// Whether all is well.
    pub ok: bool,
    /// What was seen, one finding each. It quotes nothing that may be secret.
    pub seen: Vec<String>,
}

/// Examines a report.
#[must_use]
pub fn examine(stored: &Stored) -> Vec<Examination> {
    examine_one(stored.value(), stored.report())
}

/// What is examined of a report, and what is said where all is well.
const WELL: [(&str, &str); 4] = [
    ("schema", "Every member of a report of version 1 is there."),
    ("checksum", "Unchanged since it was written."),
    ("summary", "The counts and the verdict fit the checks."),
    ("secrets", "Nothing in it has the form of a secret."),
];

impl Examination {
    /// Everything that is examined of a report, where these are not well.
    #[must_use]
    pub fn all(wrong: &[Self]) -> Vec<Self> {
        let one = |(name, well)| {
            let found = wrong.iter().find(|one: &&Self| one.name == name).cloned();
            found.unwrap_or_else(|| of(name, well, Vec::new()))
        };
        WELL.into_iter().map(one).collect()
    }
}

/// Examines a report as it stands in a document.
pub(super) fn examine_one(document: &Value, report: &Report) -> Vec<Examination> {
    let checksum = integrity::verify(document).err().map(|error| error.to_string());
    let found = [
        lacking(document, report),
        checksum.into_iter().collect(),
        contradictions(report),
        search(document).iter().map(ToString::to_string).collect(),
    ];
    WELL.into_iter().zip(found).map(|((name, well), wrong)| of(name, well, wrong)).collect()
}

/// One thing that was examined: what is wrong, or what is said where nothing is.
pub(super) fn of(name: &'static str, well: &str, wrong: Vec<String>) -> Examination {
    let ok = wrong.is_empty();
    Examination { name, ok, seen: if ok { vec![well.to_owned()] } else { wrong } }
}

/// Members that were added to version 1 later.
const ADDED: [&str; 4] =
    ["/environment/connect_to", "/environment/replay", "/run/options", "/target/name"];

/// Members that a report has to have and this one lacks. What is unknown has to be null.
fn lacking(document: &Value, report: &Report) -> Vec<String> {
    let mut found = Vec::new();
    if let Ok(whole) = serde_json::to_value(report) {
        compare("", &whole, document, &mut found);
    }
    found
}

fn compare(at: &str, whole: &Value, document: &Value, found: &mut Vec<String>) {
    match (whole, document) {
        (Value::Object(whole), Value::Object(given)) => {
            for (name, member) in whole {
                let at = format!("{at}/{name}");
                match given.get(name) {
                    Some(value) => compare(&at, member, value, found),
                    // A report of before it was added is as it was written.
                    None if ADDED.contains(&at.as_str()) && member.is_null() => {}
                    None => found.push(format!("{at} is missing.")),
                }
            }
        }
        (Value::Array(whole), Value::Array(given)) => {
            for (index, (member, value)) in whole.iter().zip(given).enumerate() {
                compare(&format!("{at}/{index}"), member, value, found);
            }
        }
        _ => {}
    }
}

/// Where the summary says something else than the checks.
fn contradictions(report: &Report) -> Vec<String> {
    let counts = counts(&report.checks);
    let mut found = Vec::new();
    if counts != report.summary.counts {
        found.push("The counts of the summary are not those of the checks.".to_owned());
    }
    let expected: &[(u8, &str)] = match counts {
        Counts { fail: 1.., .. } => &[(1, "fail")],
        Counts { inconclusive: 1.., .. } => &[(3, "inconclusive")],
        Counts { warn: 1.., .. } => &[(0, "warn"), (4, "warn")],
        _ => &[(0, "pass")],
    };
    let stated = (report.summary.exit_code, report.summary.verdict.as_str());
    if !expected.contains(&stated) {
        let (code, verdict) = stated;
        found
            .push(format!("Verdict {verdict} and exit code {code} do not follow from the checks."));
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::report::samples;

    use super::*;

    fn sample() -> Value {
        serde_json::to_value(samples::report()).unwrap()
    }

    fn wrong(document: &Value) -> Vec<String> {
        let stored = Stored::of(document.clone()).unwrap();
        let all = examine(&stored);
        all.into_iter().filter(|one| !one.ok).flat_map(|one| one.seen).collect()
    }

    #[test]
    fn the_sample_is_sound() {
        assert_eq!(wrong(&sample()), [""; 0]);
    }

    #[test]
    fn changes_gaps_and_contradictions_are_told() {
        let mut changed = sample();
        changed["checks"][0]["summary"] = json!("All is well.");
        assert!(wrong(&changed).iter().any(|told| told.contains("changed")));
        let mut gap = sample();
        gap["target"].as_object_mut().unwrap().remove("profile");
        assert!(wrong(&gap).contains(&"/target/profile is missing.".to_owned()));
        let mut other = sample();
        other["summary"]["exit_code"] = json!(0);
        other["summary"]["counts"]["fail"] = json!(0);
        assert_eq!(wrong(&other).len(), 3, "checksum, counts, exit code: {:?}", wrong(&other));
    }
}
