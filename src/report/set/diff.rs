//! `report diff` of two sets: what became of each target, told by its name.

use std::collections::BTreeMap;
use std::io;

use serde::Serialize;

use crate::report::Style;
use crate::report::diff::{Change, Diff, compare};
use crate::report::page::{Page, VALUE};
use crate::report::set::text::{counted, word};
use crate::report::set::{Listed, Many, SetVerdict};
use crate::report::text::Tone;

/// What became of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TargetChange {
    /// An entry of it is worse than before, or it can no longer be checked.
    Worse,
    /// In the new set only.
    New,
    /// In the old set only.
    Gone,
    /// Nothing is worse, and something is better or became known.
    Better,
    /// As wrong or as open as before.
    Still,
    /// Something is no longer known, and nothing worse.
    Unknown,
    /// As good as before.
    Same,
}

/// One target of two sets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TargetDiff {
    /// Its name.
    pub name: String,
    /// What became of it.
    pub change: TargetChange,
    /// What it came to in the old set.
    pub old: Option<SetVerdict>,
    /// What it came to in the new set.
    pub new: Option<SetVerdict>,
    /// What that means, a sentence each.
    pub meaning: Vec<String>,
    /// What changed between its reports, where it changed and both are there.
    pub report: Option<Diff>,
}

/// What changed between two sets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SetDiff {
    /// Whether any target is worse than before, or a new one is not good.
    pub worse: bool,
    /// The targets that changed or are not good, what needs a look first.
    pub targets: Vec<TargetDiff>,
    /// How many are as good as before.
    pub unchanged: usize,
}

/// Compares two sets. Two reports at a time stand in memory.
///
/// # Errors
/// When a report cannot be read where it was put away.
pub fn compare_sets(old: &mut dyn Many, new: &mut dyn Many) -> io::Result<SetDiff> {
    let before: BTreeMap<String, usize> = places(old);
    let after: BTreeMap<String, usize> = places(new);
    let mut targets = Vec::new();
    for (name, at) in &after {
        targets.push(match before.get(name) {
            Some(old_at) => both(name, (old, *old_at), (new, *at))?,
            None => one(name, TargetChange::New, None, new.targets().get(*at)),
        });
    }
    for (name, at) in before.iter().filter(|(name, _)| !after.contains_key(*name)) {
        targets.push(one(name, TargetChange::Gone, old.targets().get(*at), None));
    }
    let all = targets.len();
    targets.retain(|target| target.change != TargetChange::Same);
    let unchanged = all - targets.len();
    // The order of the names stays within each kind.
    targets.sort_by_key(|target| target.change);
    let bad = |target: &TargetDiff| match target.change {
        TargetChange::Worse => true,
        TargetChange::New => {
            matches!(target.new, Some(SetVerdict::Fail | SetVerdict::Error))
        }
        _ => false,
    };
    Ok(SetDiff { worse: targets.iter().any(bad), targets, unchanged })
}

fn places(many: &dyn Many) -> BTreeMap<String, usize> {
    many.targets().iter().enumerate().map(|(at, target)| (target.name.clone(), at)).collect()
}

fn one(name: &str, change: TargetChange, old: Option<&Listed>, new: Option<&Listed>) -> TargetDiff {
    let told = match change {
        TargetChange::Gone => "Only the old set has this target.",
        _ => "Only the new set has this target.",
    };
    let mut meaning = vec![told.to_owned()];
    meaning.extend(new.and_then(problem));
    let verdict = |target: Option<&Listed>| target.map(|target| target.verdict);
    TargetDiff {
        name: name.to_owned(),
        change,
        old: verdict(old),
        new: verdict(new),
        meaning,
        report: None,
    }
}

/// Why it could not be checked, or its first problem.
fn problem(target: &Listed) -> Option<String> {
    let found = || target.digest.as_ref()?.problem.as_ref();
    let found = || found().map(|problem| format!("{}: {}", problem.name, problem.seen));
    target.error.clone().or_else(found)
}

type Side<'a, 'b> = (&'a mut (dyn Many + 'b), usize);

fn both(
    name: &str,
    (old, old_at): Side<'_, '_>,
    (new, at): Side<'_, '_>,
) -> io::Result<TargetDiff> {
    let reports = (old.report(old_at)?, new.report(at)?);
    let (before, after) = (old.targets().get(old_at), new.targets().get(at));
    let verdict = |target: Option<&Listed>| target.map(|target| target.verdict);
    let made = |change, meaning, report| TargetDiff {
        name: name.to_owned(),
        change,
        old: verdict(before),
        new: verdict(after),
        meaning,
        report,
    };
    Ok(match reports {
        (Some(old), Some(new)) => {
            let diff = compare(&old, &new);
            let change = of_entries(&diff, after.is_some_and(Listed::passed));
            let meaning = diff.meaning.clone();
            made(change, meaning, (change != TargetChange::Same).then_some(diff))
        }
        (Some(_), None) => {
            let told = "It could be checked before, and cannot be checked now.".to_owned();
            let meaning = std::iter::once(told).chain(after.and_then(problem)).collect();
            made(TargetChange::Worse, meaning, None)
        }
        (None, Some(new)) => {
            let good = new.summary.exit_code == 0;
            let told = "It could not be checked before, and can be checked now.".to_owned();
            let first = after.filter(|_| !good).and_then(problem);
            let meaning = std::iter::once(told).chain(first).collect();
            made(TargetChange::Better, meaning, None)
        }
        (None, None) => {
            let told = "It cannot be checked, as before.".to_owned();
            let meaning = std::iter::once(told).chain(after.and_then(problem)).collect();
            made(TargetChange::Still, meaning, None)
        }
    })
}

fn of_entries(diff: &Diff, passed: bool) -> TargetChange {
    let any = |changes: &[Change]| diff.entries.iter().any(|one| changes.contains(&one.change));
    if diff.worse {
        TargetChange::Worse
    } else if any(&[Change::Fixed, Change::Improved, Change::Proved]) {
        TargetChange::Better
    } else if any(&[Change::Still, Change::Uncovered]) || !passed {
        TargetChange::Still
    } else if any(&[Change::Unknown, Change::Unproved]) {
        TargetChange::Unknown
    } else {
        TargetChange::Same
    }
}

/// The comparison as text.
#[must_use]
pub fn render(diff: &SetDiff, old: &dyn Many, new: &dyn Many, style: Style) -> String {
    let mut page = Page::new(style);
    for (label, many) in [("Old", old), ("New", new)] {
        let told = counted(&many.summary().counts, style);
        page.labelled(label, &page.wrapped(&style.show(&told, VALUE), 0));
    }
    for (change, heading, tone) in [
        (TargetChange::Worse, "Worse than before", Tone::Bad),
        (TargetChange::New, "New", Tone::Open),
        (TargetChange::Gone, "Gone", Tone::Open),
        (TargetChange::Better, "Better than before", Tone::Good),
        (TargetChange::Still, "Still to be looked at", Tone::Look),
        (TargetChange::Unknown, "No longer known", Tone::Open),
    ] {
        let all = || diff.targets.iter().filter(|target| target.change == change);
        if all().next().is_none() {
            continue;
        }
        page.heading(&format!("{heading} ({})", all().count()));
        for target in all() {
            let name = style.show(&target.name, VALUE);
            let verdicts = match (target.old, target.new) {
                (Some(old), Some(new)) if old == new => word(new).to_owned(),
                (Some(old), Some(new)) => format!("was {}, now {}", word(old), word(new)),
                (Some(only), None) | (None, Some(only)) => word(only).to_owned(),
                (None, None) => String::new(),
            };
            page.raw(&style.paint(tone, &format!("  {name}  {verdicts}")));
            for sentence in &target.meaning {
                page.prose(&style.show(sentence, VALUE * 4), 4);
            }
        }
    }
    page.gap();
    page.prose(&format!("{} as good as before.", words_of(diff.unchanged)), 0);
    page.finish()
}

fn words_of(count: usize) -> String {
    if count == 1 { "1 target is".to_owned() } else { format!("{count} targets are") }
}

#[cfg(test)]
mod tests {
    use crate::report::samples;
    use crate::report::v1::Status;

    use super::*;

    #[test]
    fn what_became_of_each_target_is_told_by_its_name() {
        let (good, bad) = (samples::passed(), samples::report());
        let mut half = good.clone();
        half.checks[0].status = Status::Skipped;
        let mut old = samples::set(&[
            ("a", good.clone()),
            ("b", bad.clone()),
            ("c", bad.clone()),
            ("d", good.clone()),
            ("e", good.clone()),
            ("f", good.clone()),
        ]);
        let mut broken = good.clone();
        broken.checks[0].status = Status::Fail;
        let mut fixed = bad.clone();
        let failed = fixed.checks.iter_mut().find(|check| check.status == Status::Fail).unwrap();
        failed.status = Status::Pass;
        let mut new = samples::set(&[
            ("a", broken),
            ("b", fixed),
            ("c", bad.clone()),
            ("d", half),
            ("f", good),
            ("g", bad),
        ]);
        let diff = compare_sets(&mut old, &mut new).unwrap();
        let changes: Vec<(&str, TargetChange)> =
            diff.targets.iter().map(|one| (one.name.as_str(), one.change)).collect();
        use TargetChange::*;
        assert_eq!(
            changes,
            [("a", Worse), ("g", New), ("e", Gone), ("b", Better), ("c", Still), ("d", Unknown)]
        );
        assert!(diff.worse);
        assert_eq!(diff.unchanged, 1);
        let text = render(&diff, &old, &new, Style::default());
        for line in ["Worse than before (1)", "  a  ", "New (1)", "1 target is as good as before."]
        {
            assert!(text.contains(line), "{line}\n{text}");
        }
        let back = compare_sets(&mut new, &mut old).unwrap();
        assert!(back.worse, "b is worse the other way round");
        let same = samples::set_document(&[("a", samples::report())]);
        let [mut one, mut other] = [0, 1].map(|_| samples::read_set(&same));
        assert!(!compare_sets(&mut one, &mut other).unwrap().worse);
    }
}
