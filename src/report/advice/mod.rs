//! What to do about a report: the faults by their roots, and for each one place to go.
//!
//! Entries with one root are one fault: those that the same proved cause explains, and the
//! permissions that one role lacks. What the run excluded is not advised.

mod features;
mod looks;
mod permissions;
mod roots;
mod sheet;

use crate::checks::cards::no_answer;
use crate::checks::{ids, spec};
use crate::netsuite::patterns::guidance;
use crate::report::Handbook;
use crate::report::reader::CHECK;
use crate::report::v1::{Cause, CheckEntry, Fix, Rank, Report, Status};
use crate::report::words::{FINDING, linkable, problems, unasked};

pub(crate) use looks::{Outcome, Place};
pub(crate) use permissions::Permission;
pub(crate) use sheet::Sheet;

/// One fault, with what to do about it.
#[derive(Debug)]
pub(crate) struct Fault<'a> {
    /// The entries that it explains, the one that shows it first.
    pub(crate) entries: Vec<&'a CheckEntry>,
    /// What happened, and what it is not.
    pub(crate) said: String,
    /// What to do.
    pub(crate) action: Action,
}

/// What to do about one fault.
#[derive(Debug, Default)]
pub(crate) struct Action {
    /// What it comes to, in a few words.
    pub(crate) aim: Option<String>,
    /// All of it in one sentence, where another fault has the page.
    pub(crate) short: Option<String>,
    /// Where to go, where that is one page: click path and address.
    pub(crate) page: Option<(String, Option<String>)>,
    /// The steps.
    pub(crate) steps: Vec<Fix>,
    /// What may be seen on the page, and what to do then.
    pub(crate) outcomes: Vec<Outcome>,
    /// What to add on the page of a role.
    pub(crate) permissions: Vec<Permission>,
    /// What is said below a table of permissions.
    pub(crate) unless: Option<String>,
    /// Where else to look, with the questions to ask there.
    pub(crate) places: Vec<Place>,
    /// Whether an administrator's sign-in, which the run had not, would name the cause.
    pub(crate) sign_in: bool,
}

/// The most characters of a command that is told beside other faults.
const BRIEF: usize = 60;

impl Action {
    /// Whether there is nothing to do.
    pub(crate) fn is_empty(&self) -> bool {
        let Self {
            aim,
            short: _,
            page,
            steps,
            outcomes,
            permissions,
            unless: _,
            places,
            sign_in: _,
        } = self;
        aim.is_none()
            && page.is_none()
            && steps.is_empty()
            && outcomes.is_empty()
            && permissions.is_empty()
            && places.is_empty()
    }

    /// What to do first, and where, on one line.
    pub(crate) fn brief(&self) -> Option<String> {
        if self.only_look() {
            let look = |place: &Place| format!("{}: {}", place.name, place.questions.join(" "));
            let places: Vec<String> = self.places.iter().map(look).collect();
            return Some(format!("Look here. {}", places.join(" ")));
        }
        let first = self.steps.first();
        let what = self.short.as_ref().or(self.aim.as_ref());
        let what = what.or(first.map(|step| &step.text))?;
        let what = what.trim_end_matches('.');
        let rows: Vec<String> = self.permissions.iter().map(Permission::brief).collect();
        let list = if rows.is_empty() { String::new() } else { format!(": {}", rows.join(", ")) };
        let place = |step: &Fix| Some((step.place.clone()?, step.url.clone()));
        // One sentence for all steps has the place of any of them.
        let of_steps = || match self.short {
            Some(_) => self.steps.iter().find_map(place),
            None => first.and_then(place),
        };
        let place = match self.page.clone().or_else(of_steps) {
            // An address that names one record is better than a path.
            Some((_, Some(url))) if url.contains('?') => format!(" ({url})"),
            Some((menu, _)) => format!(" ({menu})"),
            None => String::new(),
        };
        // Several outcomes are more than a line has room for.
        let outcome = match self.outcomes.as_slice() {
            [only] => format!("; {}: {}", only.sees, only.act.trim_end_matches('.')),
            _ => String::new(),
        };
        Some(format!("{what}{list}{place}{outcome}"))
    }

    /// The command to begin with, where it fits beside other faults.
    pub(crate) fn brief_command(&self) -> Option<&Fix> {
        let first = self.steps.first()?;
        let short = |command: &String| command.chars().count() <= BRIEF;
        first.command.as_ref().is_some_and(short).then_some(first)
    }

    /// Whether all there is to do is to look at places.
    pub(crate) fn only_look(&self) -> bool {
        let nothing_else = self.aim.is_none() && self.page.is_none() && self.steps.is_empty();
        nothing_else && !self.places.is_empty()
    }

    /// Whether it is to read the Login Audit Trail and give the Detail.
    pub(crate) fn asks_for_detail(&self) -> bool {
        let commands = self.steps.iter().filter_map(|step| step.command.as_deref());
        commands.into_iter().any(|command| command.contains("--audit-detail"))
    }
}

impl Fault<'_> {
    /// The entry that shows the fault.
    pub(crate) fn lead(&self) -> Option<&CheckEntry> {
        self.entries.first().copied()
    }

    pub(crate) fn status(&self) -> Status {
        self.lead().map_or(Status::Skipped, |entry| entry.status)
    }
}

/// The faults of a run, the gravest first.
pub(crate) fn faults<'a>(report: &'a Report, handbook: &Handbook) -> Vec<Fault<'a>> {
    let mut roots: Vec<Vec<&CheckEntry>> = Vec::new();
    for group in problems(&report.checks) {
        let Some(first) = group.first() else { continue };
        let same = roots.iter_mut().find(|root| root.iter().any(|one| same_root(one, first)));
        match same {
            Some(root) => root.extend(group),
            None => roots.push(group),
        }
    }
    let fault = |(at, entries)| fault(report, handbook, entries, at == 0);
    roots.into_iter().enumerate().map(fault).collect()
}

/// Whether the first thing to do is to ask the Login Audit Trail.
pub(crate) fn asks_for_detail(report: &Report, handbook: &Handbook) -> bool {
    faults(report, handbook).first().is_some_and(|fault| fault.action.asks_for_detail())
}

/// The page of the first thing to do, where its address is known.
pub(crate) fn first_page(report: &Report, handbook: &Handbook) -> Option<String> {
    let faults = faults(report, handbook);
    let action = &faults.first()?.action;
    let steps = action.steps.iter().find_map(|step| step.url.clone());
    action.page.as_ref().and_then(|(_, url)| url.clone()).or(steps).filter(|url| linkable(url))
}

fn same_root(one: &CheckEntry, other: &CheckEntry) -> bool {
    let proved = |entry: &'_ CheckEntry| likely(entry).next().map(|cause| cause.id.clone());
    let same_cause = proved(one).is_some_and(|cause| {
        // Each record type has its own reason to be refused, even by the same cause.
        proved(other) == Some(cause) && (one.subject.is_none() || other.subject.is_none())
    });
    let same_finding = first_finding(one).is_some() && first_finding(one) == first_finding(other);
    // Whichever check asked, a page of somebody else's is one fault; so are lists without a row.
    let same_kind = same_finding
        && one.status == other.status
        && (one.id == other.id || first_finding(one).is_some_and(no_answer))
        && likely(one).next().is_none()
        && likely(other).next().is_none();
    // An answer that decides nothing says nothing of the record type that was asked for.
    let same_answer = same_finding
        && one.status == other.status
        && first_finding(one).is_some_and(no_answer)
        && proved(one) == proved(other);
    let same_page = (permissions::asked_by(one) && permissions::asked_by(other))
        || features::one_list(one, other);
    same_cause || same_kind || same_answer || same_page || roots::shared(one, other)
}

fn first_finding(entry: &CheckEntry) -> Option<&str> {
    entry.evidence.iter().find(|fact| fact.key == FINDING).map(|fact| fact.value.as_str())
}

/// The causes that evidence singles out, best first.
fn likely(entry: &CheckEntry) -> impl Iterator<Item = &Cause> {
    entry.causes.iter().filter(|cause| cause.rank == Rank::Likely)
}

/// The causes that are few enough to be looked at one by one: those that evidence singles out, or
/// what the Login Audit Trail left.
fn singled_out(entry: &CheckEntry) -> Vec<&Cause> {
    let likely: Vec<_> = likely(entry).collect();
    if !likely.is_empty() || audit_detail(entry).is_none() {
        return likely;
    }
    let left: Vec<_> = entry.causes.iter().filter(|cause| cause.rank == Rank::Possible).collect();
    if left.len() <= FEW { left } else { Vec::new() }
}

/// So many causes are a list that a person goes through.
const FEW: usize = 12;

/// The first fault of a page says more of what it is not.
fn fault<'a>(
    report: &Report,
    handbook: &Handbook,
    mut entries: Vec<&'a CheckEntry>,
    first: bool,
) -> Fault<'a> {
    // What the account itself says names the thing; a refusal leaves it to be found.
    let status = entries.first().map(|entry| entry.status);
    // The files name it themselves; so does who found the same.
    let named = |entry: &CheckEntry| {
        entries.first().is_some_and(|first| {
            first.phase == spec::CREDENTIALS.as_str()
                || first_finding(first) == first_finding(entry)
        })
    };
    let tells = |entry: &&CheckEntry| {
        entry.phase == spec::ACCOUNT.as_str()
            && Some(entry.status) == status
            && !entry.fix.is_empty()
            && !named(entry)
    };
    if let Some(at) = entries.iter().position(tells) {
        entries.get_mut(..=at).into_iter().for_each(|first| first.rotate_right(1));
    }
    let Some(lead) = entries.first().copied() else {
        return Fault { entries, said: String::new(), action: Action::default() };
    };
    if permissions::asked_by(lead) || entries.iter().any(|entry| permissions::listed_by(entry)) {
        let (said, action) = permissions::advice(report, &entries, first);
        return Fault { said, action, entries };
    }
    if entries.len() > 1 && entries.iter().any(|entry| features::asked_by(entry)) {
        let (said, action) = features::advice(report, &entries);
        return Fault { said, action, entries };
    }
    let mut action = action(report, handbook, lead);
    if entries.iter().filter(|entry| entry.id == lead.id).count() > 1 {
        for command in action.steps.iter_mut().filter_map(|step| step.command.as_mut()) {
            *command =
                command.replace(&format!("--only {}", lead.name()), &format!("--only {}", lead.id));
        }
    }
    action.sign_in = lead.id == ids::TOKEN_EXCHANGE.as_str()
        // What never came as far as an answer has no row in the account.
        && lead.status == Status::Fail
        && likely(lead).next().is_none()
        // With the Detail there is one place to look at.
        && audit_detail(lead).is_none()
        && report.checks.iter().any(unasked);
    Fault { said: said(report, &entries, lead), action, entries }
}

fn action(report: &Report, handbook: &Handbook, lead: &CheckEntry) -> Action {
    let proved_here = [spec::CREDENTIALS, spec::NETWORK, spec::ACCOUNT]
        .iter()
        .any(|phase| phase.as_str() == lead.phase);
    let best = singled_out(lead).first().copied();
    if let Some(best) = best.filter(|_| !proved_here || lead.fix.is_empty()) {
        if let Some(action) = looks::settling(report, lead, best) {
            return action;
        }
        let steps = if best.fix.is_empty() { &lead.fix } else { &best.fix };
        let (page, steps) = on_one_page(told(steps));
        let short = short(handbook, lead).filter(|_| best.fix.is_empty());
        return Action { short, page, steps, ..Action::default() };
    }
    let places = if best.is_none() { looks::places(report, lead) } else { Vec::new() };
    // What the list of places asks for is not a step as well.
    let elsewhere = |step: &Fix| {
        step.place.as_ref().is_some_and(|menu| places.iter().any(|place| place.menu == *menu))
    };
    let all = told(&lead.fix);
    let here: Vec<Fix> = all.iter().filter(|step| !elsewhere(step)).cloned().collect();
    let (page, steps) = on_one_page(if places.is_empty() { all } else { here });
    let guidance = first_finding(lead).and_then(|finding| handbook.guidance(&lead.id, finding));
    let audited = audit_detail(lead).is_some();
    let short = short(handbook, lead).filter(|_| !audited);
    Action {
        // Where the Detail is known, what asks for it is done.
        aim: guidance.and_then(|guidance| guidance.aim.clone()).filter(|_| !audited),
        short,
        page,
        steps,
        places,
        ..Action::default()
    }
}

/// What to do about the first finding in one sentence.
fn short(handbook: &Handbook, lead: &CheckEntry) -> Option<String> {
    handbook.guidance(&lead.id, first_finding(lead)?)?.short.clone()
}

/// The steps without the last one, where it only says to check again: the report ends with that.
fn told(steps: &[Fix]) -> Vec<Fix> {
    let again = |step: &Fix| {
        step.command.as_deref().is_some_and(|command| {
            let rest = command.strip_prefix(CHECK);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(" --only"))
        })
    };
    match steps {
        [first @ .., last] if !first.is_empty() && again(last) => first.to_vec(),
        all => all.to_vec(),
    }
}

type OnePage = Option<(String, Option<String>)>;

/// The page of the steps before them, where they begin there and go nowhere else.
fn on_one_page(mut steps: Vec<Fix>) -> (OnePage, Vec<Fix>) {
    let Some(first) = steps.first().filter(|_| steps.len() > 1).cloned() else {
        return (None, steps);
    };
    let Some(place) = first.place.clone() else { return (None, steps) };
    let there = |step: &Fix| step.place.is_none() || step.place == first.place;
    if !steps.iter().all(there) {
        return (None, steps);
    }
    for step in &mut steps {
        (step.place, step.url) = (None, None);
    }
    (Some((place, first.url)), steps)
}

fn said(report: &Report, entries: &[&CheckEntry], lead: &CheckEntry) -> String {
    let mut parts = Vec::new();
    let subjects: Vec<&str> = entries
        .iter()
        .filter(|entry| entry.id == lead.id)
        .filter_map(|entry| entry.subject.as_deref())
        .collect();
    match audit_detail(lead) {
        Some((detail, means)) => {
            // What it may come from is told as what to look at, without what the run excluded.
            let means = if singled_out(lead).is_empty() { means } else { first_sentence(means) };
            parts.push(format!("NetSuite's reason is {detail}. {means}"));
        }
        None => {
            parts.push(lead.summary.clone());
            // What an answer alone does not say.
            if let Some(cause) = likely(lead).next().filter(|_| !names_it(lead)) {
                parts.push(format!("Likely: {}.", cause.title.trim_end_matches('.')));
            }
        }
    }
    if subjects.len() > 1 {
        parts.push(format!("So for {} entries: {}.", subjects.len(), subjects.join(", ")));
    }
    let others = others(entries, lead);
    if !others.is_empty() {
        // A warning passed, and yet something is wrong there.
        let warned =
            entries.iter().all(|entry| entry.id == lead.id || entry.status == Status::Warn);
        parts.push(if warned { behind(&others) } else { that_is_why(&others) });
    }
    parts.extend(looks::fine(report, lead));
    parts.extend(looks::corrected(report, lead));
    parts.join(" ")
}

/// Whether the summary of an entry names the fault itself, not only what came of it.
fn names_it(entry: &CheckEntry) -> bool {
    [spec::CREDENTIALS, spec::ACCOUNT].iter().any(|phase| phase.as_str() == entry.phase)
}

fn first_sentence(text: &str) -> &str {
    let end = text.find(". ").map_or(text.len(), |at| at + 1);
    text.get(..end).unwrap_or(text)
}

fn that_is_why(others: &[String]) -> String {
    format!("That alone keeps {} from passing.", others.join(", "))
}

fn behind(others: &[String]) -> String {
    let (warning, of) = match others {
        [one] => ("warning", one.clone()),
        _ => ("warnings", others.join(", ")),
    };
    format!("It is also behind the {warning} of {of}.")
}

/// The other checks that the fault explains, each with its subjects.
fn others(entries: &[&CheckEntry], lead: &CheckEntry) -> Vec<String> {
    let others = entries.iter().copied().filter(|entry| entry.id != lead.id);
    named(&others.collect::<Vec<_>>())
}

/// Entries by their checks, each with its subjects.
fn named(entries: &[&CheckEntry]) -> Vec<String> {
    let mut others: Vec<(&str, Vec<&str>)> = Vec::new();
    for entry in entries {
        let subject = entry.subject.as_deref();
        match others.iter_mut().find(|(id, _)| *id == entry.id) {
            Some((_, subjects)) => subjects.extend(subject),
            None => others.push((&entry.id, subject.into_iter().collect())),
        }
    }
    let told = |(id, subjects): &(&str, Vec<&str>)| match subjects.as_slice() {
        [] => (*id).to_owned(),
        subjects => format!("{id} ({})", subjects.join(", ")),
    };
    others.iter().map(told).collect()
}

/// What the Login Audit Trail showed for this attempt, and what it means.
fn audit_detail(entry: &CheckEntry) -> Option<(&str, &str)> {
    let detail = &entry.evidence.iter().find(|fact| fact.key == "audit_detail")?.value;
    let (_, known) = guidance().audit_detail(detail)?;
    Some((detail, known.means.trim()))
}
