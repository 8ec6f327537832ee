//! What may have been meant by a text that is no name.

use super::lookup::Known;
use super::names::{self, card, names};
use crate::checks;
use crate::diagnosis::causes;
use crate::netsuite::catalogue::catalogue;
use crate::report::Handbook;
use crate::types::near::{bare, is_misspelt, near_names, spaced};

/// The most near names that are told.
const NEAR: usize = 3;
/// In a shorter text a slip makes another word.
const FEWEST: usize = 6;

/// Whether a name of several words, or a finding of a check, was meant and misspelt.
pub(super) fn is_slip(asked: &str) -> bool {
    let check = asked.split_once('/').and_then(|(check, _)| checks::find_by_name(check));
    if check.is_some() {
        return true;
    }
    let several = |name: &&str| spaced(name).trim().contains(' ');
    let all = names().into_iter().chain(catalogue().labels());
    all.filter(several).any(|name| is_misspelt(asked, name))
}

/// The longest name of several words that stands in a question, with its length: a check, a cause
/// or a permission.
pub(super) fn phrase(asked: &str, handbook: &Handbook) -> Option<(usize, Known)> {
    let text = spaced(asked);
    let checks = checks::ALL.iter().map(|spec| spec.id.as_str());
    let causes = causes().all().iter().map(|cause| cause.id.as_str());
    let permissions = catalogue().labels();
    let fits = |name: &&str| {
        let name = spaced(name);
        name.trim().contains(' ') && text.contains(&name)
    };
    let name = checks.chain(causes).chain(permissions).filter(fits).max_by_key(|n| n.len())?;
    let known = match card(name, handbook) {
        Some(card) => Known::Card(Box::new(card)),
        None => Known::Topic(Box::new(names::name(name, handbook)?)),
    };
    Some((name.len(), known))
}

/// By how many characters a text differs from a name; a short one differs by more than any slip.
pub(super) fn slips(asked: &str, name: &str) -> usize {
    let (asked, name) = (bare(asked), bare(name));
    if asked.len() < FEWEST {
        return usize::MAX;
    }
    strsim::damerau_levenshtein(&asked, &name)
}

/// Names near to it, the nearest first.
pub(super) fn near(asked: &str) -> Vec<String> {
    // Of a check that is named only the finding can be meant.
    let check = asked.split_once('/').and_then(|(check, _)| checks::find_by_name(check));
    if let Some(check) = check {
        let all: Vec<String> =
            check.findings().map(|finding| format!("{}/{}", check.id, finding.as_str())).collect();
        let near = near_names(asked, all.iter().map(String::as_str), NEAR);
        return near.into_iter().map(str::to_owned).collect();
    }
    let mut all = names();
    all.extend(catalogue().labels());
    let mut near: Vec<String> = catalogue().near(asked, 1).into_iter().map(str::to_owned).collect();
    for name in near_names(asked, all, NEAR) {
        if !near.iter().any(|other| other == name) {
            near.push(name.to_owned());
        }
    }
    near.truncate(NEAR);
    near
}
