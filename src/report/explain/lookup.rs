//! From what somebody typed or pasted to what is known about it: names first, then what NetSuite
//! answered, then what people ask.

use std::borrow::Cow;

use serde::Serialize;

use super::catalogue::{of_permission, of_profile, of_record};
use super::topic::{
    Topic, of_answer, of_cause, of_code, of_detail, of_failure, of_finding, of_question,
    of_token_error,
};
use super::{Explanation, explain, pasted};
use crate::checks;
use crate::diagnosis::{AuditDetail, causes, failures};
use crate::netsuite::catalogue::{Permission, RecordEntry, RecordKind, catalogue};
use crate::netsuite::patterns::{guidance, patterns};
use crate::netsuite::profiles::profiles;
use crate::report::Handbook;
use crate::types::near::{bare, is_misspelt, near_names, spaced};
use crate::types::{Level, RecordRequest};

/// The most characters that are looked at; a pasted answer is far shorter.
const LONGEST: usize = 20_000;
/// The most near names that are told.
const NEAR: usize = 3;

/// What is known about something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Known {
    /// A check.
    Card(Box<Explanation>),
    /// Anything else.
    Topic(Box<Topic>),
}

/// Nothing is known about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// Names near to it, the nearest first.
    pub near: Vec<String>,
    /// What is wrong with it, where that is known.
    pub why: Option<String>,
}

/// What is known about a text.
///
/// # Errors
/// When nothing is, with near names.
pub fn look_up(text: &str, handbook: &Handbook) -> Result<Known, Unknown> {
    let start: String = text.chars().take(LONGEST).collect();
    let asked = cleaned(&start);
    if asked.is_empty() {
        let why = Some("nothing was asked".to_owned());
        return Err(Unknown { near: Vec::new(), why });
    }
    if let Some(card) = card(asked, handbook) {
        return Ok(Known::Card(Box::new(card)));
    }
    match record(asked, handbook) {
        Some(Ok(topic)) => return Ok(Known::Topic(Box::new(topic))),
        Some(Err(why)) => return Err(Unknown { near: Vec::new(), why: Some(why) }),
        None => {}
    }
    let topic = name(asked, handbook)
        .or_else(|| answer(asked, handbook))
        .or_else(|| pasted::status(asked).and_then(|status| question(&status, handbook)));
    if let Some(topic) = topic {
        return Ok(Known::Topic(Box::new(topic)));
    }
    // A name with a slip in it is no question, whatever words it is made of.
    let unknown = || Unknown { near: near(asked), why: None };
    if is_slip(asked) {
        return Err(unknown());
    }
    match question(asked, handbook) {
        Some(topic) => Ok(Known::Topic(Box::new(topic))),
        None => phrase(asked, handbook).ok_or_else(unknown),
    }
}

/// Without the quotation marks around it and the marks behind it.
fn cleaned(text: &str) -> &str {
    let mut text = text.trim();
    for mark in ['"', '\'', '`'] {
        let inner = text.strip_prefix(mark).and_then(|rest| rest.strip_suffix(mark));
        text = inner.unwrap_or(text).trim();
    }
    text.trim_end_matches(['?', '!', '.', ',', ';', ':']).trim_end()
}

/// A check by its id, in any spelling, or by the name that a report prints for its entry.
fn card(asked: &str, handbook: &Handbook) -> Option<Explanation> {
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
fn record(asked: &str, handbook: &Handbook) -> Option<Result<Topic, String>> {
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
fn name(asked: &str, handbook: &Handbook) -> Option<Topic> {
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

/// An answer of NetSuite, whole or in part: its sentence says most, then its codes.
fn answer(asked: &str, handbook: &Handbook) -> Option<Topic> {
    let said = pasted::sentences(asked);
    let pattern = said.iter().find_map(|sentence| patterns().said(sentence));
    let words = pasted::words(asked);
    if let Some(pattern) = pattern {
        let mut topic = of_answer(pattern);
        let code = words.iter().find_map(|word| guidance().error_code(word));
        if let Some((name, told)) = code {
            let of_code = of_code(name, told);
            topic.say("Code", format!("{name}: {}", told.means));
            topic.causes = of_code.causes;
        }
        return Some(topic);
    }
    named(&words, handbook)
}

/// The most telling name among the words of a text.
fn named(words: &[&str], handbook: &Handbook) -> Option<Topic> {
    let lists = guidance();
    let detail = |word: &&str| {
        let (name, told) = lists.audit_detail(word.parse::<AuditDetail>().ok()?.as_str())?;
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

fn question(asked: &str, handbook: &Handbook) -> Option<Topic> {
    failures().question(asked).map(|question| of_question(question, handbook))
}

/// Whether a name of several words, or a finding of a check, was meant and misspelt.
fn is_slip(asked: &str) -> bool {
    let check = asked.split_once('/').and_then(|(check, _)| checks::find_by_name(check));
    if check.is_some() {
        return true;
    }
    let several = |name: &&str| spaced(name).trim().contains(' ');
    let all = names().into_iter().chain(catalogue().labels());
    all.filter(several).any(|name| is_misspelt(asked, name))
}

/// The longest name of several words that stands in a question: a check, a cause or a permission.
fn phrase(asked: &str, handbook: &Handbook) -> Option<Known> {
    let text = spaced(asked);
    let checks = checks::ALL.iter().map(|spec| spec.id.as_str());
    let causes = causes().all().iter().map(|cause| cause.id.as_str());
    let permissions = catalogue().labels();
    let fits = |name: &&str| {
        let name = spaced(name);
        name.trim().contains(' ') && text.contains(&name)
    };
    let name = checks.chain(causes).chain(permissions).filter(fits).max_by_key(|n| n.len())?;
    match card(name, handbook) {
        Some(card) => Some(Known::Card(Box::new(card))),
        None => self::name(name, handbook).map(|topic| Known::Topic(Box::new(topic))),
    }
}

/// Every name that [`look_up`] knows, but for those of the record types and permissions.
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

fn near(asked: &str) -> Vec<String> {
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

#[cfg(test)]
mod tests {
    use super::super::topic::TopicKind;
    use super::super::{card, markdown, topic_page};
    use super::*;
    use crate::report::{Style, handbook, json};

    fn topic(text: &str) -> Topic {
        match look_up(text, handbook()) {
            Ok(Known::Topic(topic)) => *topic,
            other => panic!("{text}: {other:?}"),
        }
    }

    fn kind_and_name(text: &str) -> (TopicKind, String) {
        let topic = topic(text);
        (topic.kind, topic.id.unwrap_or(topic.title))
    }

    #[test]
    fn names_in_any_spelling() {
        use TopicKind::{
            AuditDetail, Cause, ErrorCode, Failure, Finding, Integration, Permission, RecordType,
            TokenError,
        };
        for (text, kind, name) in [
            ("salesOrder", RecordType, "salesOrder"),
            ("SALESORDER", RecordType, "salesOrder"),
            ("customer:view", RecordType, "customer"),
            ("Customer : Edit", RecordType, "customer:edit"),
            ("customer edit", RecordType, "customer:edit"),
            ("customrecord_visit", RecordType, "customrecord_visit"),
            ("vendor bill", RecordType, "vendorBill"),
            ("Customers", Permission, "Customers"),
            ("User Access Tokens", Permission, "User Access Tokens"),
            ("list_custjob", Permission, "Customers"),
            ("Lists > Customers", Permission, "Customers"),
            ("Setup -> REST Web Services", Permission, "REST Web Services"),
            ("token-exchange/server-error", Finding, "token-exchange/server-error"),
            ("token-exchange/server_error", Finding, "token-exchange/server-error"),
            (
                "record-access:customer:view/permission-absent",
                Finding,
                "record-access/permission-absent",
            ),
            ("certificate-revoked", Cause, "certificate-revoked"),
            ("Certificate revoked", Cause, "certificate-revoked"),
            ("missingkey", AuditDetail, "MissingKey"),
            ("missing key", AuditDetail, "MissingKey"),
            ("SERVER_ERROR", TokenError, "server_error"),
            ("server error", TokenError, "server_error"),
            ("`server_error`", TokenError, "server_error"),
            ("invalid_login", ErrorCode, "INVALID_LOGIN"),
            ("Alchemer", Integration, "alchemer"),
            ("k17", Failure, "The key does not belong to the certificate"),
        ] {
            assert_eq!(kind_and_name(text), (kind, name.to_owned()), "{text}");
        }
        for check in ["certificate-id", "certificate id", "Certificate ID", "CERTIFICATE-ID?"] {
            let Ok(Known::Card(card)) = look_up(check, handbook()) else { panic!("{check}") };
            assert_eq!(card.id, "certificate-id", "{check}");
        }
        let asked = "What is the Certificate ID for?";
        assert!(
            matches!(look_up(asked, handbook()), Ok(Known::Card(card)) if card.id == "certificate-id")
        );
        for entry in ["record-access", "record-access:customer", "record-access:salesOrder:edit"] {
            let Ok(Known::Card(card)) = look_up(entry, handbook()) else { panic!("{entry}") };
            assert_eq!(card.id, "record-access");
        }
    }

    #[test]
    fn every_name_of_the_lists_is_explained() {
        let checks: Vec<&str> = checks::ALL.iter().map(|spec| spec.id.as_str()).collect();
        let names = names();
        assert!(names.len() > 120, "{}", names.len());
        for name in names.iter().filter(|name| !checks.contains(name)) {
            let topic = topic(name);
            assert_eq!(topic.id.as_deref(), Some(*name));
            assert!(!topic.says.is_empty() && topic.source.is_some(), "{name}");
        }
        for spec in checks::ALL {
            for finding in spec.findings() {
                let id = format!("{}/{}", spec.id, finding.as_str());
                let topic = topic(&id);
                assert_eq!((topic.kind, topic.id.as_deref()), (TopicKind::Finding, Some(&*id)));
                assert!(!topic.fix.is_empty(), "{id}");
            }
        }
        for permission in catalogue().permissions() {
            assert_eq!(topic(&permission.id).id.as_deref(), Some(permission.name.as_str()));
            assert_eq!(topic(&permission.name).kind, TopicKind::Permission, "{}", permission.name);
        }
        for entry in catalogue().all().iter().filter(|entry| !entry.name.contains('<')) {
            let topic = topic(&entry.name);
            assert_eq!(
                (topic.kind, topic.id.as_deref()),
                (TopicKind::RecordType, Some(&*entry.name))
            );
            assert!(topic.says[0].text.contains(&entry.permission.name), "{}", entry.name);
        }
        for (id, _) in failures().failures() {
            assert_eq!(topic(id).kind, TopicKind::Failure, "{id}");
        }
        for (_, question) in failures().questions() {
            assert_eq!(topic(&question.question).title, question.question);
            for word in &question.words {
                assert!(look_up(word, handbook()).is_ok(), "{word}");
            }
        }
    }

    #[test]
    fn questions_and_statuses() {
        for (text, question) in [
            ("sandbox refresh", "What does a sandbox refresh do to the integration?"),
            ("TBA", "When does token-based authentication (TBA) end?"),
            ("TBA 2027.1", "When does token-based authentication (TBA) end?"),
            ("expired", "What expires, and when?"),
            ("500", "What does HTTP 500 mean?"),
            ("\"500\"", "What does HTTP 500 mean?"),
            ("HTTP/1.1 500 and no access token", "What does HTTP 500 mean?"),
            ("401 Unauthorized", "What does HTTP 401 mean?"),
            ("<!DOCTYPE html><html><body>x", "Why does NetSuite answer with an HTML page?"),
            (
                "does the certificate have to be PSS-signed?",
                "Does the certificate have to be PSS-signed?",
            ),
        ] {
            assert_eq!(topic(text).title, question, "{text}");
        }
        assert!(topic("how does the sign-in work").says[0].text.contains("Login Audit Trail"));
    }

    #[test]
    fn pasted_answers_lead_to_what_says_most() {
        let body = r#"{"title":"Bad Request","status":400,"o:errorDetails":[{"detail":"Record 'subsidiary' was not found.","o:errorCode":"INVALID_PARAMETER"}]}"#;
        let pasted = format!("$ curl -i https://x\nHTTP/1.1 400 Bad Request\n\n{body}\n");
        for text in [body, &pasted, &body.replace('"', "\\\""), "Record 'subsidiary' was not found"]
        {
            let topic = topic(text);
            assert_eq!(topic.kind, TopicKind::Answer, "{text}");
            assert!(topic.says[0].text.contains("feature is off"), "{topic:?}");
            assert!(topic.grade.is_some() && topic.source.is_some());
        }
        assert!(topic(body).says[1].text.starts_with("INVALID_PARAMETER: "));
        assert!(!topic(body).causes.is_empty());
        for (text, name) in [
            ("500 {\"error\":\"server_error\"}", "server_error"),
            ("500 {\\\"error\\\": \\\"server_error\\\"}", "server_error"),
            ("{error: server_error", "server_error"),
            ("401 INVALID_LOGIN", "INVALID_LOGIN"),
            ("HTTP 401\n{\"o:errorCode\":\"INVALID_LOGIN\",", "INVALID_LOGIN"),
            ("oauth2: \"invalid_grant\" \"\"", "invalid_grant"),
            ("the trail shows MissingKey for it", "MissingKey"),
            ("x failed  token-exchange/server-error", "token-exchange/server-error"),
        ] {
            assert_eq!(topic(text).id.as_deref(), Some(name), "{text}");
        }
        // Upper and lower case tell two lists apart.
        let kind = |text: &str| topic(text).kind;
        assert_eq!(kind("INVALID_REQUEST"), TopicKind::ErrorCode);
        assert_eq!(kind("invalid_request"), TopicKind::TokenError);
    }

    #[test]
    fn what_nobody_knows_brings_near_names() {
        let near = |text: &str| look_up(text, handbook()).unwrap_err().near;
        assert_eq!(near("custommer").first().map(String::as_str), Some("customer"));
        assert_eq!(near("certificate-idd").first().map(String::as_str), Some("certificate-id"));
        assert_eq!(near("token-exchange/server-eror")[0], "token-exchange/server-error");
        assert!(near("User Acces Tokens").contains(&"User Access Tokens".to_owned()));
        assert!(near("zzqx").is_empty() && near("zzqx").len() <= NEAR);
        let wrong = look_up("customer:delete", handbook()).unwrap_err();
        assert!(wrong.why.unwrap().contains("is not a permission level"));
        for nothing in ["", "  ", "\"\"", "?", "\n"] {
            let unknown = look_up(nothing, handbook()).unwrap_err();
            assert_eq!(unknown.why.as_deref(), Some("nothing was asked"), "{nothing:?}");
        }
    }

    #[test]
    fn huge_and_hostile_texts_end() {
        let start = "Record '".repeat(20_000);
        let deep = format!("{}{}", "{\"a\":".repeat(5_000), "}".repeat(5_000));
        let names = "a-b/c:d ".repeat(50_000);
        for text in
            [start.as_str(), &deep, &names, "\u{1b}[31m", "\u{0}", "a\u{202e}b", "////", "::::"]
        {
            assert!(
                look_up(text, handbook()).is_err(),
                "{}",
                text.chars().take(20).collect::<String>()
            );
        }
    }

    /// Names of the project's own notes and files, and the numbers of its facts, are nobody's.
    #[test]
    fn nothing_internal_shows_and_sources_are_links() {
        let handbook = handbook();
        let mut asked: Vec<String> = names().into_iter().map(str::to_owned).collect();
        asked.extend(failures().questions().map(|(id, _)| id.to_owned()));
        asked.extend(failures().failures().map(|(id, _)| id.to_owned()));
        asked.extend(catalogue().all().iter().map(|entry| entry.name.clone()));
        asked.extend(catalogue().permissions().map(|permission| permission.id.clone()));
        asked.retain(|name| !name.contains('<'));
        let style = Style { width: 4_000, ..Style::default() };
        let mut links = 0;
        for name in asked {
            let known = look_up(&name, handbook).unwrap();
            let shown = match &known {
                Known::Card(one) => [card(one, style), markdown::card(one)],
                Known::Topic(topic) => [topic_page(topic, style), markdown::topic(topic)],
            };
            for text in shown.into_iter().chain([json::render(&known).unwrap()]) {
                for internal in ["OH/", "failures.md", "auth-protocol", "record-api", "facts-20"] {
                    assert!(!text.contains(internal), "{name}: {internal}: {text}");
                }
                links += text.matches("https://docs.oracle.com/").count();
            }
        }
        assert!(links > 300, "{links}");
    }
}
