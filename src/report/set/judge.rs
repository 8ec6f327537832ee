//! `report verify` of a set: whether the list of targets is what was written, and each report that
//! of its target.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value};

use crate::report::secrets::search;
use crate::report::set::listed::Digest;
use crate::report::set::seal;
use crate::report::set::{SetSummary, SetTarget, SetVerdict};
use crate::report::verify::{Examination, of};

/// What is known of a report of the set.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub run_id: String,
    /// The target that the report itself names.
    pub name: Option<String>,
    pub verdict: SetVerdict,
    pub digest: Digest,
}

/// What was examined of a list of targets.
#[derive(Debug, Clone)]
pub(super) struct Judged {
    pub sealed: bool,
    pub examined: Vec<Examination>,
}

/// Where a set has no seal.
const UNSEALED: &str = "It has none: it was written before sets had one. That nobody renamed, \
    swapped or removed a target cannot be proved.";

/// Examines the list of targets. `reports` are those of the document with their places, `of_target`
/// the place of each target's.
pub(super) fn judge(
    frame: &mut Map<String, Value>,
    targets: &[SetTarget],
    reports: &[(usize, &Known)],
    of_target: &[Option<usize>],
) -> Judged {
    let by_place: HashMap<usize, &Known> = reports.iter().copied().collect();
    let known = |at: usize| by_place.get(&at).copied();
    let pairs: Vec<(&SetTarget, Option<&Known>)> =
        targets.iter().zip(of_target).map(|(target, at)| (target, at.and_then(known))).collect();
    let seal = seal::holds(frame);
    let mut wrong = Vec::new();
    match &seal {
        Some(Ok(())) => {}
        Some(Err(error)) => wrong.push(format!("The list of targets: {error}.")),
        None if reports.iter().any(|(_, known)| known.name.is_some()) => {
            wrong.push("Its seal was removed: its reports were written with one.".to_owned());
        }
        None => wrong.extend(out_of_order(targets, &pairs, reports)),
    }
    for (target, known) in &pairs {
        wrong.extend(of_one(target, *known, seal.is_some()));
    }
    let mut names = HashSet::new();
    for (target, _) in &pairs {
        if !names.insert(target.name.as_str()) {
            wrong.push(format!("{}: two targets have this name.", target.name));
        }
    }
    let used: BTreeSet<usize> = of_target.iter().copied().flatten().collect();
    for (_, stray) in reports.iter().filter(|(at, _)| !used.contains(at)) {
        let whose = stray.name.as_deref().unwrap_or(&stray.digest.account);
        wrong.push(format!("{whose}: its report belongs to none of its targets."));
    }
    let well = match &seal {
        None if wrong.is_empty() => UNSEALED,
        _ => "The list of targets is as it was written, and each report that of its target.",
    };
    // Taken for the search and put back: a copy of a long list would be large.
    let mut rest = Value::Object(std::mem::take(frame));
    let found = search(&rest).iter().map(ToString::to_string).collect();
    if let Some(members) = rest.as_object_mut() {
        std::mem::swap(frame, members);
    }
    let examined = vec![
        of("seal", well, wrong),
        of("summary", "The result of all fits the targets.", summary(frame, &pairs)),
        of("secrets", "Nothing beside the reports has the form of a secret.", found),
    ];
    Judged { sealed: seal.is_some(), examined }
}

/// What is wrong with one target and its report.
fn of_one(target: &SetTarget, known: Option<&Known>, sealed: bool) -> Vec<String> {
    let name = &target.name;
    let mut wrong = Vec::new();
    let Some(known) = known else {
        if target.run_id.is_some() {
            wrong.push(format!("{name}: its report is missing."));
        }
        return wrong;
    };
    if let Some(other) = known.name.as_ref().filter(|other| *other != name) {
        wrong.push(format!("{name}: its report is that of the target {other}."));
    }
    let stated = target.report_sha256.as_ref();
    if sealed && stated != Some(&known.digest.sha256) {
        wrong.push(format!("{name}: its report is not the one that was written with the list."));
    }
    // A report that cannot be saved changes the code of its target.
    if target.error.is_none() && target.exit_code != known.digest.exit_code {
        let (listed, own) = (target.exit_code, known.digest.exit_code);
        wrong.push(format!("{name}: the list says exit code {listed}, its report {own}."));
    }
    wrong
}

/// What shows in a set without a seal: `check` writes the targets in the order of their names, and
/// the reports in that of the targets.
fn out_of_order(
    targets: &[SetTarget],
    pairs: &[(&SetTarget, Option<&Known>)],
    reports: &[(usize, &Known)],
) -> Vec<String> {
    let mut wrong = Vec::new();
    let with_report = pairs.iter().filter(|(_, known)| known.is_some());
    for ((target, _), (_, stands)) in with_report.zip(reports) {
        if target.run_id.as_ref() != Some(&stands.run_id) {
            wrong.push(format!(
                "{}: the report that stands at its place is another one; its name, or that of \
                 another target, was changed.",
                target.name
            ));
        }
    }
    // Other names are shown otherwise than they are sorted.
    let plain = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    for pair in targets.windows(2) {
        if let [one, next] = pair
            && plain(&one.name)
            && plain(&next.name)
            && next.name < one.name
        {
            wrong.push(format!(
                "{}: it stands behind {}, and `check` writes targets in the order of their names.",
                next.name, one.name
            ));
        }
    }
    wrong
}

/// Where the result of all says something else than the targets.
fn summary(frame: &Map<String, Value>, pairs: &[(&SetTarget, Option<&Known>)]) -> Vec<String> {
    let of = |verdict: fn(&Known) -> SetVerdict| {
        let all = pairs
            .iter()
            .map(|(target, known)| (known.map_or(SetVerdict::Error, verdict), target.exit_code));
        SetSummary::of(all)
    };
    let now = of(|known| known.verdict);
    // Before sets had a seal, a target without any check that ran counted as one that passed.
    let before = of(|known| known.digest.overall.into());
    let stated = frame.get("summary").cloned().map(serde_json::from_value::<SetSummary>);
    let fits = matches!(stated, Some(Ok(stated)) if stated == now
        || (!frame.contains_key("integrity") && (stated == before || pairs.is_empty())));
    if fits {
        Vec::new()
    } else {
        vec!["The result of all does not follow from the targets.".to_owned()]
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::report::samples;

    use super::*;

    fn wrong(document: &Value) -> Vec<String> {
        samples::read_set(document).faults()
    }

    fn document() -> Value {
        samples::set_document(&[
            ("alpha", samples::passed()),
            ("beta", samples::report()),
            ("gamma", samples::passed()),
        ])
    }

    /// The same without anything that only a sealed set has.
    fn unsealed() -> Value {
        let mut document = document();
        document.as_object_mut().unwrap().remove("integrity");
        for target in document["targets"].as_array_mut().unwrap() {
            target.as_object_mut().unwrap().remove("report_sha256");
        }
        for report in document["reports"].as_array_mut().unwrap() {
            report["target"]["name"] = Value::Null;
            let sum = crate::report::integrity::checksum(report).unwrap();
            report["integrity"]["sha256"] = json!(sum);
        }
        document
    }

    type Change = fn(&mut Value);

    #[test]
    fn a_change_of_the_list_names_its_target() {
        assert_eq!(wrong(&document()), [""; 0]);
        let changes: [(&str, Change, &[&str]); 6] = [
            (
                "names swapped",
                |set| {
                    set["targets"][0]["name"] = json!("beta");
                    set["targets"][1]["name"] = json!("alpha");
                },
                &["list of targets"],
            ),
            (
                "reports swapped",
                |set| {
                    let ids = [0, 1].map(|at: usize| set["targets"][at]["run_id"].clone());
                    let [one, other] = ids;
                    (set["targets"][0]["run_id"], set["targets"][1]["run_id"]) = (other, one);
                },
                &["list of targets", "alpha: its report is not", "beta: the list says exit code 1"],
            ),
            ("a target renamed", |set| set["targets"][1]["name"] = json!("other"), &["list"]),
            (
                "a target removed",
                |set| drop(set["targets"].as_array_mut().unwrap().remove(1)),
                &["list", "belongs to none of its targets", "does not follow"],
            ),
            (
                "a report removed",
                |set| drop(set["reports"].as_array_mut().unwrap().remove(1)),
                &["beta: its report is missing"],
            ),
            (
                "a report changed",
                |set| set["reports"][1]["checks"][0]["summary"] = json!("Splendid."),
                &["beta: the report was changed"],
            ),
        ];
        for (what, change, says) in changes {
            let mut changed = document();
            change(&mut changed);
            let told = wrong(&changed).join("\n");
            for words in says {
                assert!(told.contains(words), "{what}: {words}\n{told}");
            }
        }
    }

    #[test]
    fn a_report_that_names_its_target_is_held_to_it() {
        let mut set = document();
        let report = &mut set["reports"][1];
        report["target"]["name"] = json!("beta");
        let sum = crate::report::integrity::checksum(report).unwrap();
        report["integrity"]["sha256"] = json!(sum);
        set["targets"][1]["report_sha256"] = json!(sum);
        let seal = |set: &mut Value| {
            let mut frame = set.clone();
            frame.as_object_mut().unwrap().remove("reports");
            set["integrity"]["sha256"] = json!(crate::report::integrity::checksum(&frame).unwrap());
        };
        seal(&mut set);
        assert_eq!(wrong(&set), [""; 0]);
        // Whoever makes a new seal still meets the name in the report.
        set["targets"][1]["name"] = json!("better");
        seal(&mut set);
        assert_eq!(wrong(&set), ["better: its report is that of the target beta."]);
        // And where the seal is taken away, that shows too.
        set.as_object_mut().unwrap().remove("integrity");
        assert!(wrong(&set).iter().any(|told| told.contains("seal was removed")));
    }

    #[test]
    fn without_a_seal_the_order_is_what_shows() {
        let set = samples::read_set(&unsealed());
        assert!(!set.is_sealed() && set.faults().is_empty(), "{:?}", set.faults());
        let (_, examined) = set.examined().next().unwrap();
        assert!(examined[0].seen[0].contains("cannot be proved"), "{examined:?}");
        let mut swapped = unsealed();
        swapped["targets"].as_array_mut().unwrap().swap(0, 1);
        swapped["targets"][0]["name"] = json!("alpha");
        swapped["targets"][1]["name"] = json!("beta");
        let told = wrong(&swapped).join("\n");
        assert!(told.contains("alpha: the report that stands at its place"), "{told}");
        assert!(told.contains("beta: the report that stands at its place"), "{told}");
        let mut renamed = unsealed();
        renamed["targets"][0]["name"] = json!("zeta");
        assert!(wrong(&renamed).join("\n").contains("beta: it stands behind zeta"));
    }
}
