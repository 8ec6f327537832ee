//! `report diff`: what changed between two reports, and what that means.

mod human;

use serde::Serialize;

use super::human::joined;
use super::v1::{Cause, CheckEntry, Rank, Report, Status};

pub use human::render;

/// What became of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It passed and is wrong or open now, or was open and is wrong.
    Broken,
    /// It failed, was open or warned, and passes now.
    Mended,
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
            Self::Mended => "This is mended.",
            Self::Improved => "This is better, and not yet right.",
            Self::Uncovered => {
                "This did not run before, so the fault may be an old one that shows only now."
            }
            Self::Unknown => "This did not run this time; that it is mended is not proved.",
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

/// How grave a status is; nothing where it says nothing.
fn gravity(status: Status) -> Option<u8> {
    match status {
        Status::Skipped => None,
        Status::Pass => Some(0),
        Status::Warn => Some(1),
        Status::Inconclusive => Some(2),
        Status::Fail => Some(3),
    }
}

fn change(old: Option<Status>, new: Option<Status>) -> Option<Change> {
    let (Some(old), Some(new)) = (old, new) else {
        return Some(if old.is_some() { Change::Gone } else { Change::New });
    };
    match (gravity(old), gravity(new)) {
        (Some(0), Some(0)) | (None, None) => None,
        (Some(_), Some(0)) => Some(Change::Mended),
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
        entry: joined(&shown.id, shown.subject.as_deref()),
        change,
        meaning: change.meaning(),
        old: old.map(|check| check.status),
        new: new.map(|check| check.status),
        summary: shown.summary.clone(),
        // Causes of what is mended or did not run say nothing any more.
        causes: match new {
            Some(check) if gravity(check.status) > Some(0) => causes(&of(old), &of(new)),
            _ => Vec::new(),
        },
    }
}

fn causes(old: &[Cause], new: &[Cause]) -> Vec<String> {
    let rank = |rank: Rank| super::human::words::rank(rank);
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
            ("mode", Some(super::human::head::mode(report.run.mode).to_owned())),
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
        told.push("They are of different accounts, so a change need not be a mend.".to_owned());
    }
    if old.run.mode != new.run.mode {
        told.push("The runs were made in different modes, so not the same was checked.".to_owned());
    }
    let named = |change: Change| {
        let names = entries.iter().filter(|entry| entry.change == change);
        names.map(|entry| entry.entry.as_str()).collect::<Vec<_>>().join(", ")
    };
    for (change, words) in [
        (Change::Mended, "Mended"),
        (Change::Broken, "Worse than before"),
        (Change::Improved, "Better, and not yet right"),
        (Change::Uncovered, "Shows only now, since it ran for the first time"),
        (Change::Still, "Still to be mended"),
        (Change::Unknown, "Was wrong, and did not run this time"),
    ] {
        let names = named(change);
        if !names.is_empty() {
            told.push(format!("{words}: {names}."));
        }
    }
    let good = new.summary.exit_code == 0;
    match &new.summary.first_blocker {
        Some(blocker) => {
            told.push(format!("Mend {} next.", joined(&blocker.id, blocker.subject.as_deref())))
        }
        None if good => {
            told.push("Nothing fails and nothing is open in the new report.".to_owned())
        }
        None => {}
    }
    told
}

#[cfg(test)]
mod tests;
