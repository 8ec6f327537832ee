//! Everything that has a name: checks, their findings, causes, record types, permissions, errors,
//! values of the Login Audit Trail, integrations.

use std::borrow::Cow;

use super::catalogue::{of_permission, of_profile, of_record};
use super::topic::{Topic, of_cause, of_code, of_detail, of_failure, of_finding, of_token_error};
use super::{Explanation, explain};
use crate::checks;
use crate::diagnosis::{causes, failures};
use crate::netsuite::catalogue::{Permission, RecordEntry, RecordKind, catalogue};
use crate::netsuite::patterns::guidance;
use crate::netsuite::profiles::profiles;
use crate::report::Handbook;
use crate::types::near::bare;
use crate::types::{Level, RecordRequest};

/// A check by its id, in any spelling, or by the name that a report prints for its entry.
pub(super) fn card(asked: &str, handbook: &Handbook) -> Option<Explanation> {
    let whole = bare(asked);
    let own = checks::ALL.iter().find(|spec| bare(spec.id.as_str()) == whole);
    let entry = || {
        let (id, subject) = asked.split_once(':')?;
        let subject = subject.trim().parse::<RecordRequest>().ok()?;
        let record = catalogue().find(subject.record.as_str()).is_some();
        checks::find_by_name(&id.to_ascii_lowercase()).copied().filter(|_| record)
    };
    explain(own.copied().copied().or_else(entry)?.id.as_str(), handbook)
}

/// `TYPE[:LEVEL]`, and what is wrong with it where the type alone is known.
pub(super) fn record(asked: &str, handbook: &Handbook) -> Option<Result<Topic, String>> {
    let worded = || asked.rsplit_once(' ').filter(|(_, level)| level.parse::<Level>().is_ok());
    let (type_name, level) = match asked.split_once(':').or_else(worded) {
        Some((type_name, level)) => (type_name.trim(), Some(level.trim())),
        None => (asked, None),
    };
    let entry = entry(type_name)?;
    let level = match level.map(str::parse).transpose() {
        Ok(level) => level.unwrap_or(Level::View),
        Err(why) => return Some(Err(why.to_string())),
    };
    let record = entry.name.parse().ok()?;
    Some(Ok(of_record(&RecordRequest { record, level }, &entry, handbook)))
}

/// A record type in any spelling. `Currency` is the permission of that label, `currency` the type.
fn entry(asked: &str) -> Option<Cow<'static, RecordEntry>> {
    let label = catalogue().permission_by_label(asked);
    let to_the_letter = label.is_some_and(|permission| permission.name == asked);
    if let Some(entry) = catalogue().find(asked).filter(|entry| !entry.name.contains('<')) {
        return (!to_the_letter).then_some(entry);
    }
    if label.is_some() {
        return None;
    }
    let whole = bare(asked);
    let same =
        |entry: &&RecordEntry| entry.kind != RecordKind::Custom && bare(&entry.name) == whole;
    catalogue().all().iter().find(same).map(Cow::Borrowed)
}

fn permission(asked: &str) -> Option<&'static Permission> {
    let id = asked.to_ascii_uppercase();
    let label = asked.replace(" > ", " -> ");
    catalogue().permission(&id).or_else(|| catalogue().permission_by_label(&label))
}

/// Everything else that has a name, in any spelling.
pub(super) fn name(asked: &str, handbook: &Handbook) -> Option<Topic> {
    if let Some(permission) = permission(asked) {
        return Some(of_permission(permission, handbook));
    }
    // Some names differ in their case or their hyphens alone; the one that is written so comes
    // first.
    if let Some(topic) = named(&[asked], handbook) {
        return Some(topic);
    }
    let lists = guidance();
    let whole = bare(asked);
    let same = |name: &str| bare(name) == whole;
    if let Some(cause) = causes().all().iter().find(|cause| same(&cause.id)) {
        return Some(of_cause(cause, handbook));
    }
    if let Some((name, told)) = lists.token_errors().find(|(name, _)| same(name)) {
        return Some(of_token_error(name, told, handbook));
    }
    if let Some((name, told)) = lists.error_codes().find(|(name, _)| same(name)) {
        return Some(of_code(name, told));
    }
    if let Some((name, told)) = lists.audit_details().find(|(name, _)| same(name)) {
        return Some(of_detail(name, told, handbook));
    }
    if let Some((_, failure)) = failures().failure(asked) {
        return Some(of_failure(failure));
    }
    let profile = profiles().iter().find(|profile| same(&profile.id) || same(&profile.name));
    profile.map(|profile| of_profile(profile, handbook))
}

/// `check/finding`, also with the entry's subject and in NetSuite's spelling.
fn finding(asked: &str, handbook: &Handbook) -> Option<Topic> {
    let (check, finding) = asked.split_once('/')?;
    let check = check.split_once(':').map_or(check, |(id, _)| id).trim().to_ascii_lowercase();
    let finding = finding.trim().to_ascii_lowercase().replace('_', "-");
    of_finding(&check, &finding, handbook)
}

/// A finding by its own name, as reports and lists of findings print it: `captive-page`. Where several
/// checks have it, the first of them, with the others to see.
pub(super) fn bare_finding(asked: &str, handbook: &Handbook) -> Option<Topic> {
    let finding = asked.to_ascii_lowercase().replace('_', "-");
    let has = |spec: &&&checks::spec::Spec| spec.findings().any(|one| one.as_str() == finding);
    let mut of = checks::ALL.iter().filter(has).map(|spec| spec.id.as_str());
    let mut topic = of_finding(of.next()?, &finding, handbook)?;
    topic.see.extend(of.map(|check| format!("{check}/{finding}")));
    Some(topic)
}

/// The most telling name among the words of a text.
pub(super) fn named(words: &[&str], handbook: &Handbook) -> Option<Topic> {
    let lists = guidance();
    let detail = |word: &&str| {
        let (name, told) = lists.audit_detail(word)?;
        (name == *word).then(|| of_detail(name, told, handbook))
    };
    let token_error = |word: &&str| {
        let (name, told) = lists.token_error(word)?;
        (name == *word).then(|| of_token_error(name, told, handbook))
    };
    let code = |word: &&str| {
        let (name, told) = lists.error_code(word).filter(|(name, _)| name.contains('_'))?;
        Some(of_code(name, told))
    };
    let id = |word: &&str| {
        let permission = catalogue().permission(word);
        permission.map(|permission| of_permission(permission, handbook))
    };
    let found = |word: &&str| finding(word, handbook);
    let cause = |word: &&str| {
        causes().find(word).filter(|_| word.contains('-')).map(|cause| of_cause(cause, handbook))
    };
    words
        .iter()
        .find_map(detail)
        .or_else(|| words.iter().find_map(found))
        .or_else(|| words.iter().find_map(token_error))
        .or_else(|| words.iter().find_map(code))
        .or_else(|| words.iter().find_map(id))
        .or_else(|| words.iter().find_map(cause))
}

/// Every name that `look_up` knows, but for those of the record types and permissions.
#[must_use]
pub fn names() -> Vec<&'static str> {
    let lists = guidance();
    let checks = checks::ALL.iter().map(|spec| spec.id.as_str());
    checks
        .chain(causes().all().iter().map(|cause| cause.id.as_str()))
        .chain(lists.audit_details().map(|(name, _)| name))
        .chain(lists.token_errors().map(|(name, _)| name))
        .chain(lists.error_codes().map(|(name, _)| name))
        .chain(profiles().iter().map(|profile| profile.id.as_str()))
        .collect()
}
