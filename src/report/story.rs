//! What every form for people tells of an entry, whatever it looks like.

use super::builder::{FINDING, MEANING};
use super::handbook::Handbook;
use super::human::words;
use super::v1::{CheckEntry, EvidenceEntry, HttpEntry, ReasonCode, ReasonEntry, Status};

/// Problems in the order in which to look at them.
pub(crate) const ORDER: [Status; 3] = [Status::Fail, Status::Inconclusive, Status::Warn];

/// The problems of a run, the gravest first. Entries that have everything but their subject in
/// common stand together.
pub(crate) fn problems(checks: &[CheckEntry]) -> Vec<Vec<&CheckEntry>> {
    let mut groups: Vec<Vec<&CheckEntry>> = Vec::new();
    // A skipped entry has causes only where the Login Audit Trail was read for it.
    for status in ORDER.into_iter().chain([Status::Skipped]) {
        let told = |check: &&CheckEntry| {
            check.status == status && (status != Status::Skipped || !check.causes.is_empty())
        };
        for check in checks.iter().filter(told) {
            match groups.iter_mut().find(|group| group.iter().any(|one| alike(one, check))) {
                Some(group) => group.push(check),
                None => groups.push(vec![check]),
            }
        }
    }
    groups
}

/// Entries of one check with the same findings and the same way out are told together.
fn alike(one: &CheckEntry, other: &CheckEntry) -> bool {
    one.id == other.id
        && one.status == other.status
        && one.causes == other.causes
        && one.fix == other.fix
        && values_of(one, FINDING).eq(values_of(other, FINDING))
}

fn values_of<'a>(check: &'a CheckEntry, key: &'static str) -> impl Iterator<Item = &'a str> {
    check.evidence.iter().filter(move |fact| fact.key == key).map(|fact| fact.value.as_str())
}

/// What was seen, without the names and meanings of findings, which are told elsewhere.
pub(crate) fn facts(check: &CheckEntry) -> impl Iterator<Item = &EvidenceEntry> {
    check.evidence.iter().filter(|fact| fact.key != FINDING && fact.key != MEANING)
}

/// What the findings mean, then why the check matters.
pub(crate) fn reasons<'a>(check: &'a CheckEntry, handbook: &'a Handbook) -> Vec<&'a str> {
    let meanings = values_of(check, MEANING);
    let why = handbook.card(&check.id).map(|card| card.why.as_str());
    meanings.chain(why).map(str::trim).filter(|text| !text.is_empty()).collect()
}

/// An HTTP exchange on one line. The host is the account's own; the path tells what was asked.
pub(crate) fn exchange(http: &HttpEntry) -> String {
    let answer = match (http.status, &http.error_code) {
        (Some(status), Some(code)) => format!("{status} {code}"),
        (Some(status), None) => status.to_string(),
        (None, _) => "no answer".to_owned(),
    };
    let path = http.url.split_once("://").and_then(|(_, rest)| rest.split_once('/'));
    let path = path.map_or_else(|| http.url.clone(), |(_, path)| format!("/{path}"));
    format!("{} {path}: {answer}", http.method)
}

/// Why an entry was skipped or is open, in words.
pub(crate) fn why_not(reason: &ReasonEntry) -> String {
    match reason.code {
        ReasonCode::Blocked if !reason.blocked_by.is_empty() => {
            format!("blocked by {}", reason.blocked_by.join(", "))
        }
        code => words::reason(code).to_owned(),
    }
}

/// The entries phase by phase.
pub(crate) fn phases(checks: &[CheckEntry]) -> impl Iterator<Item = (&str, &[CheckEntry])> {
    checks
        .chunk_by(|one, next| one.phase == next.phase)
        .filter_map(|phase| Some((phase.first()?.phase.as_str(), phase)))
}

/// Whether an address may become a link: only what leads to a page over HTTPS.
pub(crate) fn linkable(url: &str) -> bool {
    url.strip_prefix("https://").is_some_and(|rest| {
        !rest.is_empty() && rest.chars().all(|c| c.is_ascii_graphic() && !"<>\"'`\\()".contains(c))
    })
}
