//! `report diff`: what changed between two reports, and what that means.

use serde::Serialize;

use crate::report::page::{Line, Page, VALUE};
use crate::report::text::Tone;
use crate::report::v1::{Cause, CheckEntry, Rank, Report, Status};
use crate::report::words::gravity;
use crate::report::{Style, words};

/// What became of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It passed and is wrong or open now, or was open and is wrong.
    Broken,
    /// It failed, was open or warned, and passes now.
    Fixed,
    /// Less grave than before, and not yet passed.
    Improved,
    /// A failure that an earlier blocker had hidden, or that was not asked for. It need not be new.
    Uncovered,
    /// It was wrong and did not run this time: nothing is known of it.
    Unknown,
    /// It passed and did not run this time.
    Unproved,
    /// It did not run and passes now.
    Proved,
    /// As wrong as before.
    Still,
    /// In the new report only.
    New,
    /// In the old report only.
    Gone,
}

impl Change {
    /// What it means, in a sentence.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Broken => "This is worse than before.",
            Self::Fixed => "This is fixed.",
            Self::Improved => "This is better, and not yet right.",
            Self::Uncovered => {
                "This did not run before, so the fault may be an old one that shows only now."
            }
            Self::Unknown => "This did not run this time; that it is fixed is not proved.",
            Self::Unproved => "This passed before and did not run this time.",
            Self::Proved => "This did not run before and passes now.",
            Self::Still => "This is as it was.",
            Self::New => "Only the new report has this entry.",
            Self::Gone => "Only the old report has this entry.",
        }
    }
}

/// An entry that changed, or is still wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EntryDiff {
    /// The name of the entry: `token-exchange`, `record-access:customer:view`.
    pub entry: String,
    /// What became of it.
    pub change: Change,
    /// What that means.
    pub meaning: &'static str,
    /// Status in the old report.
    pub old: Option<Status>,
    /// Status in the new report.
    pub new: Option<Status>,
    /// What the newest report that has it says was seen.
    pub summary: String,
    /// How its causes changed, a sentence each.
    pub causes: Vec<String>,
}

/// A member outside of the checks that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MemberDiff {
    /// Which.
    pub member: &'static str,
    /// Its old value.
    pub old: Option<String>,
    /// Its new value.
    pub new: Option<String>,
}

/// What changed between two reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diff {
    /// Whether anything is worse than before.
    pub worse: bool,
    /// What all of it means, a sentence each.
    pub meaning: Vec<String>,
    /// Run, target, tool and verdict, as far as they differ.
    pub members: Vec<MemberDiff>,
    /// The entries that changed or are still wrong, in the order of the reports.
    pub entries: Vec<EntryDiff>,
    /// How many entries are as good as before.
    pub unchanged: usize,
}

/// Compares two reports.
#[must_use]
pub fn compare(old: &Report, new: &Report) -> Diff {
    let mut entries = Vec::new();
    let mut unchanged = 0;
    for check in &new.checks {
        let before = find(old, check);
        match change(before.map(|before| before.status), Some(check.status)) {
            Some(change) => entries.push(entry(change, before, Some(check), check)),
            None => unchanged += 1,
        }
    }
    for check in old.checks.iter().filter(|check| find(new, check).is_none()) {
        entries.push(entry(Change::Gone, Some(check), None, check));
    }
    let worse = entries.iter().any(|entry: &EntryDiff| entry.change == Change::Broken);
    let members = members(old, new);
    let meaning = meaning(old, new, &entries);
    Diff { worse, meaning, members, entries, unchanged }
}

fn find<'a>(report: &'a Report, check: &CheckEntry) -> Option<&'a CheckEntry> {
    report.checks.iter().find(|other| other.id == check.id && other.subject == check.subject)
}

fn change(old: Option<Status>, new: Option<Status>) -> Option<Change> {
    let (Some(old), Some(new)) = (old, new) else {
        return Some(if old.is_some() { Change::Gone } else { Change::New });
    };
    match (gravity(old), gravity(new)) {
        (Some(0), Some(0)) | (None, None) => None,
        (Some(_), Some(0)) => Some(Change::Fixed),
        (Some(old), Some(new)) if new > old => Some(Change::Broken),
        (Some(old), Some(new)) if new < old => Some(Change::Improved),
        (Some(_), Some(_)) => Some(Change::Still),
        (None, Some(0)) => Some(Change::Proved),
        (None, Some(_)) => Some(Change::Uncovered),
        (Some(0), None) => Some(Change::Unproved),
        (Some(_), None) => Some(Change::Unknown),
    }
}

fn entry(
    change: Change,
    old: Option<&CheckEntry>,
    new: Option<&CheckEntry>,
    shown: &CheckEntry,
) -> EntryDiff {
    let of = |check: Option<&CheckEntry>| check.map_or(&[][..], |c| c.causes.as_slice()).to_vec();
    EntryDiff {
        entry: shown.name(),
        change,
        meaning: change.meaning(),
        old: old.map(|check| check.status),
        new: new.map(|check| check.status),
        summary: shown.summary.clone(),
        // Causes of what is fixed or did not run say nothing any more.
        causes: match new {
            Some(check) if gravity(check.status) > Some(0) => causes(&of(old), &of(new)),
            _ => Vec::new(),
        },
    }
}

fn causes(old: &[Cause], new: &[Cause]) -> Vec<String> {
    let rank = |rank: Rank| words::rank(rank);
    let mut told = Vec::new();
    for cause in new {
        match old.iter().find(|before| before.id == cause.id) {
            None if cause.rank == Rank::RuledOut => {}
            None => told.push(format!("now {}: {}", rank(cause.rank), cause.title)),
            Some(before) if before.rank != cause.rank => told.push(format!(
                "was {}, now {}: {}",
                rank(before.rank),
                rank(cause.rank),
                cause.title
            )),
            Some(_) => {}
        }
    }
    for cause in old.iter().filter(|cause| cause.rank != Rank::RuledOut) {
        if !new.iter().any(|after| after.id == cause.id) {
            told.push(format!("no longer named: {}", cause.title));
        }
    }
    told
}

fn members(old: &Report, new: &Report) -> Vec<MemberDiff> {
    let facts = |report: &Report| {
        let target = &report.target;
        let list = |all: &[String]| (!all.is_empty()).then(|| all.join(", "));
        [
            ("verdict", Some(report.summary.verdict.as_str().to_owned())),
            ("exit code", Some(report.summary.exit_code.to_string())),
            ("account ID", target.account_id.clone()),
            ("Client ID", target.client_id.clone()),
            ("Certificate ID", target.certificate_id.clone()),
            ("certificate", target.certificate_sha256.clone()),
            ("public key", target.public_key.as_ref().map(|key| key.spki_sha256.clone())),
            ("profile", target.profile.clone()),
            ("records", list(&target.records)),
            ("hosts", list(&target.hosts)),
            ("mode", Some(report.run.mode.as_str().to_owned())),
            ("tool", Some(format!("{} {}", report.tool.name, report.tool.version))),
        ]
    };
    let pairs = facts(old).into_iter().zip(facts(new));
    pairs
        .filter(|((_, old), (_, new))| old != new)
        .map(|((member, old), (_, new))| MemberDiff { member, old, new })
        .collect()
}

fn meaning(old: &Report, new: &Report, entries: &[EntryDiff]) -> Vec<String> {
    let mut told = Vec::new();
    if old.run.id == new.run.id {
        told.push("Both are reports of the same run.".to_owned());
    } else if old.run.started_at > new.run.started_at {
        told.push(
            "The report given as the new one is the older; give the older one first.".to_owned(),
        );
    }
    if old.target.account_id != new.target.account_id {
        told.push("They are of different accounts, so a change need not be a fix.".to_owned());
    }
    if old.run.mode != new.run.mode {
        told.push("The runs were made in different modes, so not the same was checked.".to_owned());
    }
    let named = |change: Change| {
        let names = entries.iter().filter(|entry| entry.change == change);
        names.map(|entry| entry.entry.as_str()).collect::<Vec<_>>().join(", ")
    };
    for (change, words) in [
        (Change::Fixed, "Fixed"),
        (Change::Broken, "Worse than before"),
        (Change::Improved, "Better, and not yet right"),
        (Change::Uncovered, "Shows only now, since it ran for the first time"),
        (Change::Still, "Still to be fixed"),
        (Change::Unknown, "Was wrong, and did not run this time"),
    ] {
        let names = named(change);
        if !names.is_empty() {
            told.push(format!("{words}: {names}."));
        }
    }
    let good = new.summary.exit_code == 0;
    match &new.summary.first_blocker {
        Some(blocker) => told.push(format!("Fix {} next.", blocker.name())),
        None if good => {
            told.push("Nothing fails and nothing is open in the new report.".to_owned())
        }
        None => {}
    }
    told
}

/// The comparison as text.
#[must_use]
pub fn render(diff: &Diff, old: &Report, new: &Report, style: Style) -> String {
    let mut page = Page::new(style);
    for (label, report) in [("Old", old), ("New", new)] {
        let at = words::started(report);
        let target = words::target(report);
        let told = [at, words::verdict(report).to_owned(), target].join(style.dot());
        page.labelled(label, &page.wrapped(&style.show(&told, VALUE), 0));
    }
    page.heading("What it means");
    for sentence in &diff.meaning {
        page.prose(&style.show(sentence, VALUE * 4), 2);
    }
    if !diff.members.is_empty() {
        page.heading("What differs");
        for member in &diff.members {
            let shown =
                |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
            let told =
                format!("{}: {}, now {}", member.member, shown(&member.old), shown(&member.new));
            page.prose(&style.show(&told, VALUE * 2), 2);
        }
    }
    if !diff.entries.is_empty() {
        page.heading("Checks");
        for entry in &diff.entries {
            write_entry(&mut page, entry);
        }
    }
    page.gap();
    page.prose(&format!("{} as good as before or skipped again.", diff.unchanged), 0);
    page.finish()
}

fn write_entry(page: &mut Page, entry: &EntryDiff) {
    let style = page.style;
    page.gap();
    let word = |status: Option<Status>| status.map_or("not in the report", words::status);
    let name = style.show(&entry.entry, VALUE);
    let change = format!("{} {name}", label(entry.change));
    page.raw(&style.paint(tone_of(entry.change), &change));
    let statuses = match (entry.old, entry.new) {
        (old, new) if old == new => format!("{}, as before", word(new)),
        (old, new) => format!("{}, now {}", word(old), word(new)),
    };
    page.labelled("Status", &page.wrapped(&format!("{statuses}. {}", entry.meaning), 0));
    page.labelled("Seen", &page.wrapped(&style.show(&entry.summary, VALUE * 4), 0));
    let causes: Vec<Line> =
        entry.causes.iter().flat_map(|cause| page.wrapped(&style.show(cause, VALUE), 0)).collect();
    page.labelled("Causes", &causes);
}

fn label(change: Change) -> &'static str {
    match change {
        Change::Broken => "worse:",
        Change::Fixed => "fixed:",
        Change::Improved => "better:",
        Change::Uncovered => "shows now:",
        Change::Unknown => "not known:",
        Change::Unproved => "not run:",
        Change::Proved => "proved:",
        Change::Still => "still:",
        Change::New => "new:",
        Change::Gone => "gone:",
    }
}

fn tone_of(change: Change) -> Tone {
    match change {
        Change::Broken => Tone::Bad,
        Change::Fixed | Change::Proved => Tone::Good,
        Change::Improved | Change::Uncovered | Change::Still => Tone::Look,
        Change::Unknown | Change::Unproved | Change::New | Change::Gone => Tone::Open,
    }
}

#[cfg(test)]
mod tests {
    use crate::report::samples;

    use super::*;

    fn with(changes: &[(&str, Status)]) -> Report {
        let mut report = samples::fixed_report();
        for (id, status) in changes {
            report.checks.iter_mut().find(|check| check.id == *id).unwrap().status = *status;
        }
        report
    }

    #[test]
    fn every_pair_of_outcomes_has_its_meaning() {
        use Status::{Fail, Inconclusive, Pass, Skipped, Warn};
        for (old, new, expected) in [
            (Fail, Pass, Some(Change::Fixed)),
            (Warn, Pass, Some(Change::Fixed)),
            (Inconclusive, Pass, Some(Change::Fixed)),
            (Pass, Fail, Some(Change::Broken)),
            (Pass, Warn, Some(Change::Broken)),
            (Inconclusive, Fail, Some(Change::Broken)),
            (Fail, Warn, Some(Change::Improved)),
            (Fail, Fail, Some(Change::Still)),
            (Fail, Skipped, Some(Change::Unknown)),
            (Pass, Skipped, Some(Change::Unproved)),
            (Skipped, Fail, Some(Change::Uncovered)),
            (Skipped, Pass, Some(Change::Proved)),
            (Pass, Pass, None),
            (Skipped, Skipped, None),
        ] {
            assert_eq!(change(Some(old), Some(new)), expected, "{old:?} to {new:?}");
        }
    }

    #[test]
    fn a_mend_that_uncovers_the_next_fault_is_told_as_such() {
        let old = samples::fixed_report();
        let mut new = with(&[
            ("certificate-id-matches", Status::Pass),
            ("token-exchange", Status::Pass),
            ("token-scope", Status::Fail),
            ("clock", Status::Pass),
        ]);
        new.run.id = "f".repeat(32);
        new.tool.version = "1.3.0".to_owned();
        new.summary.first_blocker =
            Some(crate::report::v1::FirstBlocker { id: "token-scope".to_owned(), subject: None });
        let diff = compare(&old, &new);
        assert!(!diff.worse);
        let of = |entry: &str| diff.entries.iter().find(|one| one.entry == entry).unwrap();
        assert_eq!(of("token-exchange").change, Change::Fixed);
        assert_eq!(of("token-scope").change, Change::Uncovered);
        assert!(
            diff.meaning
                .iter()
                .any(|told| told == "Fixed: certificate-id-matches, token-exchange.")
        );
        assert_eq!(diff.members.iter().map(|one| one.member).collect::<Vec<_>>(), ["tool"]);
        insta::assert_snapshot!(render(&diff, &old, &new, Style::default()));
    }

    #[test]
    fn what_broke_is_worse_and_causes_are_compared() {
        let old = samples::fixed_report();
        let mut new = with(&[("account-exists", Status::Fail)]);
        let exchange = new.checks.iter_mut().find(|check| check.id == "token-exchange").unwrap();
        exchange.causes[1].rank = Rank::Likely;
        exchange.causes.remove(0);
        let diff = compare(&old, &new);
        assert!(diff.worse);
        let causes = &diff.entries.iter().find(|one| one.entry == "token-exchange").unwrap().causes;
        assert_eq!(
            *causes,
            [
                "was possible, now likely: The certificate is revoked",
                "no longer named: The Certificate ID is not the one of this certificate"
            ]
        );
    }

    #[test]
    fn other_accounts_and_swapped_files_are_named() {
        let old = samples::report();
        let mut new = samples::report();
        new.run.id = "f".repeat(32);
        new.target.account_id = Some("7654321".to_owned());
        new.run.started_at = "2020-01-01T00:00:00Z".parse::<jiff::Timestamp>().unwrap().into();
        new.checks.truncate(3);
        let diff = compare(&old, &new);
        assert!(diff.meaning.iter().any(|told| told.contains("different accounts")));
        assert!(diff.meaning.iter().any(|told| told.contains("the older one first")));
        assert!(diff.entries.iter().any(|entry| entry.change == Change::Gone));
    }

    #[test]
    fn hostile_reports_cannot_steer_the_terminal() {
        let (old, new) = (samples::report(), samples::hostile_report());
        let text = render(&compare(&old, &new), &old, &new, Style::default());
        assert_eq!(crate::report::text::neutral(&text.replace('\n', "")), text.replace('\n', ""));
    }
}
