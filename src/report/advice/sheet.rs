//! What a person reads of a report, in the order in which it is read, whatever the form: the
//! verdict, each fault with what to do, then the command that goes on.

use super::looks::identifiers;
use super::permissions::RECORD_ACCESS;
use super::{Fault, faults};
use crate::checks::{ids, looks};
use crate::report::Handbook;
use crate::report::reader::{CHECK, Reader, carried, fitted};
use crate::report::text::columns;
use crate::report::v1::{CheckEntry, Mode, Report, Status};
use crate::report::values::{Form, Values};
use crate::report::words::{self, phases, unasked};
use crate::types::ReasonCode;

/// A report as it is read.
#[derive(Debug)]
pub(crate) struct Sheet<'a> {
    /// How many entries had which outcome is told beside it.
    pub(crate) verdict: &'static str,
    /// Whether no network was to be used.
    offline: bool,
    /// What makes the verdict mean less than it says.
    pub(crate) notes: Vec<String>,
    /// The faults, the gravest first.
    pub(crate) faults: Vec<Fault<'a>>,
    /// What passed, as a count per phase; told where there is no fault.
    pub(crate) passed: Option<String>,
    /// How often NetSuite had too many requests; told where there is no fault.
    pub(crate) waited: Option<String>,
    /// What was not checked, by the reason.
    pub(crate) unproved: Vec<String>,
    /// With what the integration's own settings are compared; told where there is no fault.
    pub(crate) compare: Option<String>,
    /// The command that goes on.
    pub(crate) next: Option<Next>,
    /// The command that shows everything, where there is more to show.
    pub(crate) details: Option<String>,
}

/// The command with which to go on, and the word before it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Next {
    pub(crate) label: &'static str,
    pub(crate) command: String,
}

/// What comes after a demonstration.
const YOURS: &str = "With your own account";
const SETUP: &str = "netsuite-preflight setup";

impl<'a> Sheet<'a> {
    /// What is to be read of a report.
    pub(crate) fn of(report: &'a Report, handbook: &Handbook, reader: &Reader<'_>) -> Self {
        let mut faults = faults(report, handbook);
        for fault in &mut faults {
            fault.action.steps = fitted(&fault.action.steps, reader);
        }
        let offline = report.run.mode == Mode::Offline;
        let note = words::note(report).filter(|_| !offline).map(str::to_owned);
        let details = details(reader);
        // Where something did not pass, what waits for it is no news.
        let failed = faults.iter().any(|fault| fault.status() != Status::Warn);
        Self {
            verdict: words::verdict(report),
            offline,
            notes: words::redirection(report).into_iter().chain(note).collect(),
            passed: passed(report).filter(|_| faults.is_empty()),
            waited: waited(report).filter(|_| faults.is_empty()),
            unproved: if failed { Vec::new() } else { unproved(report) },
            compare: compare(report).filter(|_| faults.is_empty()),
            next: next(report, &faults, reader),
            details: (!faults.is_empty()).then_some(details),
            faults,
        }
    }

    /// What is told beside the verdict. What was not looked at comes first where nothing could be
    /// asked: nobody should take the verdict for more.
    pub(crate) fn beside(&self) -> impl Iterator<Item = &String> {
        let (before, after) = match self.offline {
            true => (self.unproved.as_slice(), &[][..]),
            false => (&[][..], self.unproved.as_slice()),
        };
        before
            .iter()
            .chain(&self.notes)
            .chain(&self.passed)
            .chain(&self.waited)
            .chain(after)
            .chain(&self.compare)
    }

    /// The name under which a fault is told beside others.
    pub(crate) fn name(&self, fault: &Fault<'_>) -> Option<String> {
        let lead = fault.lead().filter(|_| self.faults.len() > 1)?;
        let alone = fault.entries.iter().filter(|entry| entry.id == lead.id).count() == 1;
        Some(if alone { lead.name() } else { lead.id.clone() })
    }

    /// Whether what to do about a fault can wait: a warning beside something graver.
    pub(crate) fn can_wait(&self, at: usize) -> bool {
        let status = |at: usize| self.faults.get(at).map(Fault::status);
        at > 0 && status(at) == Some(Status::Warn) && status(0) != Some(Status::Warn)
    }
}

/// Columns before a command beside its label.
const BEFORE: usize = 12;

/// The most lines that the command which checks again may take.
const LONGEST: usize = 8;

/// How to see everything: a command that fills more than a line was typed just now.
fn details(reader: &Reader<'_>) -> String {
    let same = Reader { again: reader.same.or(reader.again), ..*reader };
    let command = carried(&format!("{CHECK} --details"), &same).into_owned();
    if columns(&command) + BEFORE > reader.style.columns() {
        return "the same command with --details".to_owned();
    }
    command
}

/// What passed, as a count per phase.
fn passed(report: &Report) -> Option<String> {
    let mut told = Vec::new();
    for (phase, checks) in phases(&report.checks) {
        let passed = checks.iter().filter(|check| check.status == Status::Pass).count();
        if passed > 0 {
            told.push(format!("{} {passed}", words::phase(phase)));
        }
    }
    (!told.is_empty()).then(|| format!("Passed: {}.", told.join(", ")))
}

/// With what the integration's own settings are compared, where its sign-in worked here. A
/// demonstration is of no integration.
fn compare(report: &Report) -> Option<String> {
    let signed_in = |check: &CheckEntry| {
        check.id == ids::TOKEN_EXCHANGE.as_str() && check.status == Status::Pass
    };
    let works = report.run.mode == Mode::Online && report.checks.iter().any(signed_in);
    works.then(|| identifiers(report).fill(&looks::works().compare, Form::Prose))
}

/// How often NetSuite had too many requests, and was asked again.
fn waited(report: &Report) -> Option<String> {
    let answers = report.checks.iter().flat_map(|check| &check.http);
    let often = match answers.filter(|answer| answer.status == Some(429)).count() {
        0 => return None,
        1 => "once".to_owned(),
        times => format!("{times} times"),
    };
    Some(format!(
        "NetSuite said {often} \"too many requests\" (429); the run waited and asked again."
    ))
}

const NOT_PROBED: ReasonCode = ReasonCode::NotProbed;

/// Whether an entry is about deleting, which no option tries.
fn never_tried(check: &CheckEntry) -> bool {
    check.subject.as_deref().is_some_and(|subject| subject.ends_with(":full"))
}

/// The levels of record types that were asked for and not tried, as `--record` takes them.
fn untried_levels(report: &Report) -> Vec<&str> {
    let skipped = |check: &&CheckEntry| {
        check.id == RECORD_ACCESS && check.reason.as_ref().is_some_and(|why| why.code == NOT_PROBED)
    };
    report.checks.iter().filter(skipped).filter_map(|check| check.subject.as_deref()).collect()
}

/// What was not checked, by the reason.
fn unproved(report: &Report) -> Vec<String> {
    let online = report.run.mode != Mode::Offline;
    let mut reasons: Vec<(String, Vec<String>)> = Vec::new();
    let untried = |check: &CheckEntry| {
        let reason = check.reason.as_ref().map(|reason| reason.code);
        check.id == RECORD_ACCESS && reason == Some(ReasonCode::NotProvided)
    };
    let skipped = |check: &&CheckEntry| {
        check.status == Status::Skipped && !unasked(check) && !(online && untried(check))
    };
    for check in report.checks.iter().filter(skipped) {
        let Some(reason) = &check.reason else { continue };
        let mut why = words::why_not(reason);
        // What was asked for and not done has a reason of its own.
        match &reason.detail {
            Some(guard) if reason.code == NOT_PROBED => {
                why = format!("{why}: {}", guard.trim_end_matches('.'));
            }
            None if reason.code == NOT_PROBED && !never_tried(check) => {
                why.push_str(" without --probe-writes");
            }
            _ => {}
        }
        match reasons.iter_mut().find(|(known, _)| *known == why) {
            Some((_, names)) => names.push(check.name()),
            None => reasons.push((why, vec![check.name()])),
        }
    }
    let told = |(why, names): &(String, Vec<String>)| {
        format!("Not checked ({why}): {}.", names.join(", "))
    };
    let mut told: Vec<String> = reasons.iter().map(told).collect();
    // What an integration is for is its records: nobody should take a sign-in for them.
    if online && report.checks.iter().any(untried) {
        told.insert(0, looks::untried().types.clone());
    }
    let levels = untried_levels(report);
    if !levels.is_empty() {
        let values = Values::default().with("levels", levels.join(", "));
        told.push(values.fill(&looks::untried().levels, Form::Prose));
    }
    let more = report.checks.iter().filter(|check| unasked(check)).count();
    if more > 0 && online {
        told.push(format!("With an administrator's sign-in, check --sign-in asks {more} more."));
    }
    told
}

fn next(report: &Report, faults: &[Fault<'_>], reader: &Reader<'_>) -> Option<Next> {
    let base = reader.again.unwrap_or(CHECK);
    if report.run.mode == Mode::Demo {
        return Some(Next { label: YOURS, command: SETUP.to_owned() });
    }
    if faults.is_empty() {
        let levels = untried_levels(report);
        let records: Vec<String> =
            levels.iter().map(|level| format!(" --record {level}")).collect();
        let command = format!("netsuite-preflight role plan{}", records.concat());
        return (!levels.is_empty()).then_some(Next { label: "Look for", command });
    }
    let records = |fault: &Fault<'_>| fault.lead().is_some_and(|lead| lead.subject.is_some());
    let command = if faults.iter().all(records) && !base.contains("--only") {
        format!("{base} --only record-access")
    } else {
        base.to_owned()
    };
    let rest = command.strip_prefix(base).unwrap_or_default();
    // Who typed that many options has the command at hand, and the page its lines for the fault.
    let long = columns(&command) > LONGEST * reader.style.columns();
    let command = match (long, rest) {
        (false, _) => command,
        (true, "") => "the same command again".to_owned(),
        (true, rest) => format!("the same command with{rest}"),
    };
    Some(Next { label: "Then", command })
}
