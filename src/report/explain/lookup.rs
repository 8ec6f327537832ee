//! From what somebody typed or pasted to what is known about it: names first, then what NetSuite
//! answered, then what people ask.

use serde::Serialize;

use super::answer::of_answer;
use super::meant::{is_slip, near, phrase, slips};
use super::names::{bare_finding, card, name, named, record};
use super::topic::{Topic, of_code, of_question};
use super::{Explanation, pasted};
use crate::diagnosis::failures;
use crate::netsuite::patterns::{guidance, patterns};
use crate::report::Handbook;

/// The most characters that are looked at; a pasted answer is far shorter.
const LONGEST: usize = 20_000;

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
        .or_else(|| happened(asked, handbook))
        .or_else(|| bare_finding(asked, handbook).filter(|_| asked.contains('-')))
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
    // What names more of the text is meant: a name that stands in it, or a question.
    match (failures().question(asked), phrase(asked, handbook)) {
        (Some((length, _)), Some((name, known))) if name > length => Ok(known),
        (Some((_, question)), _) => Ok(Known::Topic(Box::new(of_question(question, handbook)))),
        (None, Some((_, known))) => Ok(known),
        (None, None) => match bare_finding(asked, handbook) {
            Some(topic) => Ok(Known::Topic(Box::new(topic))),
            None => Err(unknown()),
        },
    }
}

/// The name that was meant by a text that is none, where only one is near.
#[must_use]
pub fn meant(unknown: &Unknown, text: &str) -> Option<String> {
    let name = unknown.near.first()?;
    let only = |other: &String| slips(text, other) > slips(text, name);
    (slips(text, name) <= MOST_SLIPS && unknown.near.iter().skip(1).all(only)).then(|| name.clone())
}

/// So many slips make no other word of it.
const MOST_SLIPS: usize = 2;

/// Without the quotation marks around it and the marks behind it.
fn cleaned(text: &str) -> &str {
    let mut text = text.trim();
    for mark in ['"', '\'', '`'] {
        let inner = text.strip_prefix(mark).and_then(|rest| rest.strip_suffix(mark));
        text = inner.unwrap_or(text).trim();
    }
    text.trim_end_matches(['?', '!', '.', ',', ';', ':']).trim_end()
}

/// An answer of NetSuite, whole or in part: its sentence says most, then its codes.
fn answer(asked: &str, handbook: &Handbook) -> Option<Topic> {
    let said = pasted::sentences(asked);
    let decoded = said.iter().find_map(|sentence| patterns().said(sentence));
    let words = pasted::words(asked);
    if let Some((meaning, pattern)) = decoded {
        let mut topic = of_answer(&meaning, pattern, handbook);
        let code = words.iter().find_map(|word| guidance().error_code(word));
        if let Some((name, told)) = code {
            let of_code = of_code(name, told);
            topic.say("Code", format!("{name}: {}", told.means));
            // A sentence that says what to do says more than its code.
            if topic.fix.is_empty() {
                topic.causes = of_code.causes;
            }
        }
        return Some(topic);
    }
    named(&words, handbook)
}

/// A question about what happened, in words: no pasted answer.
fn happened(asked: &str, handbook: &Handbook) -> Option<Topic> {
    let (_, question) = failures().question(asked)?;
    let in_words = !asked.contains(['{', '<', '\n', '\r', '=', '"']);
    (question.over_names && in_words).then(|| of_question(question, handbook))
}

fn question(asked: &str, handbook: &Handbook) -> Option<Topic> {
    failures().question(asked).map(|(_, question)| of_question(question, handbook))
}

#[cfg(test)]
mod tests {
    use super::super::names::names;
    use super::super::topic::TopicKind;
    use super::super::{card, markdown, topic_page};
    use super::*;
    use crate::checks;
    use crate::netsuite::catalogue::catalogue;
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

    /// What stands beside a check or a cause in a report: outcomes, reasons, ranks, grades.
    const REPORT_WORDS: [&str; 16] = [
        "inconclusive",
        "skipped",
        "unclear",
        "not checked",
        "not-applicable",
        "not-provided",
        "not-probed",
        "not tried",
        "not-permitted",
        "rate-limited",
        "ambiguous",
        "ruled out",
        "ruled_out",
        "documented",
        "observed",
        "inferred",
    ];

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
                // A list of findings prints the second half alone.
                assert!(look_up(finding.as_str(), handbook()).is_ok(), "{}", finding.as_str());
            }
        }
        // The words of a report that are no name of a thing.
        for word in REPORT_WORDS {
            assert_eq!(topic(word).kind, TopicKind::Question, "{word}");
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

    /// What administrators type and paste, each with the title or the name of the first hit.
    #[test]
    fn what_people_type_finds_the_right_thing_first() {
        let title = |text: &str| match look_up(text, handbook()) {
            Ok(Known::Card(card)) => card.id,
            Ok(Known::Topic(topic)) => topic.id.unwrap_or(topic.title),
            Err(unknown) => {
                meant(&unknown, text).unwrap_or_else(|| format!("unknown, near {:?}", unknown.near))
            }
        };
        let mut wrong = Vec::new();
        for line in include_str!("../../../fixtures/explain/asked.tsv").lines() {
            let Some((asked, expected)) = line.split_once('\t') else { panic!("{line}") };
            let asked = asked.replace("\\n", "\n").replace("\\t", "\t");
            let found = title(&asked);
            if found != expected {
                wrong.push(format!("{asked}\n    found {found}\n    not   {expected}"));
            }
        }
        assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
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
        let lacks = "Permission Violation: You need  the 'Lists -> Documents and Files' permission \
                     to access this page. Please contact your account administrator.";
        let fix = &topic(lacks).fix[0];
        assert!(fix.text.contains("Lists > Documents and Files: View"), "{fix:?}");
        assert!(fix.place.as_ref().is_some_and(|place| place.contains("Manage Roles")), "{fix:?}");
        let locked = topic("This record has been locked by a user defined workflow");
        assert!(!locked.fix.is_empty() && locked.see[0] == "record-locked-by-workflow");
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
    fn an_answer_and_its_parts_are_known() {
        for (text, kind) in [
            (r#"500 {"error":"server_error"}"#, TopicKind::TokenError),
            ("500", TopicKind::Question),
            ("expired", TopicKind::Question),
        ] {
            assert_eq!(topic(text).kind, kind, "{text}");
        }
        // Whatever it is known as, it is looked up.
        let _ = look_up("sign-in", handbook());
    }

    #[test]
    fn what_nobody_knows_brings_near_names() {
        let near = |text: &str| look_up(text, handbook()).unwrap_err().near;
        assert_eq!(near("custommer").first().map(String::as_str), Some("customer"));
        assert_eq!(near("certificate-idd").first().map(String::as_str), Some("certificate-id"));
        assert_eq!(near("token-exchange/server-eror")[0], "token-exchange/server-error");
        assert!(near("User Acces Tokens").contains(&"User Access Tokens".to_owned()));
        assert!(near("zzqx").is_empty());
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
