//! Which page of NetSuite to look at, and what may be seen there.

use super::{Action, likely, singled_out};
use crate::checks::cards::pages;
use crate::checks::ids;
use crate::checks::looks::{self, Look};
use crate::report::guidance::deep_link;
use crate::report::v1::{Cause, CheckEntry, Rank, Report, Status};
use crate::report::values::{Form, Values};
use crate::report::words;
use crate::types::{AccountId, Service, shorten};

/// What may be seen on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) sees: String,
    pub(crate) act: String,
}

/// A page, and the questions to ask there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) name: String,
    /// The click path.
    pub(crate) menu: String,
    pub(crate) questions: Vec<String>,
}

/// The look that settles the best of the likely causes, with everything that it tells apart.
pub(super) fn settling(report: &Report, entry: &CheckEntry, best: &Cause) -> Option<Action> {
    let look = look_of(&best.id)?;
    let values = values(report, entry);
    let fill = |text: &str| values.fill(text, Form::Prose);
    let causes = singled_out(entry);
    let left = |cause: &String| causes.iter().any(|one| one.id == *cause);
    let mut outcomes: Vec<Outcome> = look
        .outcomes
        .iter()
        .filter(|outcome| outcome.causes.iter().any(left))
        .map(|outcome| Outcome { sees: fill(&outcome.sees), act: fill(&outcome.act) })
        .collect();
    // Where the page shows that none of them holds, the other likely causes are left.
    let elsewhere: Vec<String> = looks::looks()
        .iter()
        .filter(|other| !std::ptr::eq(*other, look))
        .filter_map(|other| place(other, &values, &left))
        .map(|place| format!("{}: {}", place.name, place.questions.join(" ")))
        .collect();
    if !elsewhere.is_empty() {
        let sees = "all of it right".to_owned();
        outcomes.push(Outcome { sees, act: elsewhere.join(" ") });
    }
    let page = pages().get(&look.page)?;
    let account = report.target.account_id.as_deref().and_then(|id| id.parse::<AccountId>().ok());
    let account = account.filter(|_| !report.checks.iter().any(words::account_is_wrong));
    let host = account.map(|account| account.host(Service::App));
    let url = host.and_then(|host| deep_link(page, &values, &host));
    Some(Action {
        aim: Some(fill(&look.open)),
        page: Some((page.menu.clone(), url)),
        outcomes,
        ..Action::default()
    })
}

/// So many places fit on a page.
const MOST: usize = 6;

/// Where to look for the causes that are left, the best first.
pub(super) fn places(report: &Report, entry: &CheckEntry) -> Vec<Place> {
    let values = values(report, entry);
    let open = |cause: &&Cause| cause.rank == Rank::Possible;
    let left = |id: &String| entry.causes.iter().filter(open).any(|cause| cause.id == *id);
    let mut found: Vec<&Look> = Vec::new();
    for look in entry.causes.iter().filter(open).filter_map(|cause| look_of(&cause.id)) {
        if !found.iter().any(|known| std::ptr::eq(*known, look)) {
            found.push(look);
        }
    }
    // The rest stands in the details.
    found.into_iter().filter_map(|look| place(look, &values, &left)).take(MOST).collect()
}

fn place(look: &Look, values: &Values, left: &dyn Fn(&String) -> bool) -> Option<Place> {
    let questions: Vec<String> = look
        .outcomes
        .iter()
        .filter(|outcome| outcome.causes.iter().any(left))
        .filter_map(|outcome| Some(values.fill(outcome.ask.as_ref()?, Form::Prose)))
        .collect();
    let menu = pages().get(&look.page).map(|page| page.menu.clone()).unwrap_or_default();
    (!questions.is_empty()).then(|| Place { name: look.name.clone(), menu, questions })
}

fn look_of(cause: &str) -> Option<&'static Look> {
    let settles = |look: &&Look| {
        look.outcomes.iter().flat_map(|outcome| &outcome.causes).any(|one| one == cause)
    };
    looks::looks().iter().find(settles)
}

/// What passed checks exclude, where a sign-in was refused without a reason.
pub(super) fn fine(report: &Report, lead: &CheckEntry) -> Option<String> {
    if lead.id != ids::TOKEN_EXCHANGE.as_str() || likely(lead).next().is_some() {
        return None;
    }
    let passed =
        |id: &str| report.checks.iter().any(|check| check.id == id && check.status == Status::Pass);
    let says: Vec<&str> = looks::fine()
        .iter()
        .filter(|fine| passed(&fine.check))
        .map(|fine| fine.says.as_str())
        .collect();
    (!says.is_empty()).then(|| format!("Already proved: {}.", says.join(", ")))
}

/// That a sign-in worked only with times that the run corrected.
pub(super) fn corrected(report: &Report, lead: &CheckEntry) -> Option<String> {
    let corrects = lead.evidence.iter().any(|fact| fact.key == "iat_correction_seconds");
    let exchange = ids::TOKEN_EXCHANGE.as_str();
    let worked =
        report.checks.iter().any(|check| check.id == exchange && check.status == Status::Pass);
    let clock = lead.id == ids::CLOCK.as_str();
    (clock && corrects && worked).then(|| looks::corrected_clock().worked.clone())
}

/// Values of the report for the texts of a look.
fn values(report: &Report, entry: &CheckEntry) -> Values {
    let mut values = Values::default();
    let identity = report.checks.iter().filter(|check| check.id == ids::TOKEN_IDENTITY.as_str());
    for fact in identity.flat_map(|check| &check.evidence).chain(&entry.evidence) {
        values.set(&fact.key, &fact.value);
    }
    for (name, value) in identifiers(report).iter() {
        values.set(name, value);
    }
    values
}

/// What names the set-up that was checked.
pub(super) fn identifiers(report: &Report) -> Values {
    let target = &report.target;
    let known = [
        ("account_id", target.account_id.clone()),
        ("client_id", target.client_id.clone()),
        ("certificate_id", target.certificate_id.clone()),
        ("certificate_id_short", target.certificate_id.as_deref().map(shorten)),
    ];
    let mut values = Values::default();
    for (name, value) in known {
        if let Some(value) = value {
            values.set(name, value);
        }
    }
    values
}
