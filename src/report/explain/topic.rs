//! What `explain` knows besides checks: causes, values of the Login Audit Trail, error words and
//! codes, and what is said on the web and is not so.

use serde::Serialize;

use super::guidance;
use crate::checks;
use crate::checks::cards::{Guidance, Step};
use crate::diagnosis::{AuditDetail, Cause, Claim, Failure, causes, failures};
use crate::netsuite::patterns::{self, ErrorCodeMeaning, Pattern, TokenErrorMeaning};
use crate::report::Handbook;
use crate::report::guidance::{Form, Values};
use crate::report::v1::{Fix, Grade};

/// What kind of thing is explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TopicKind {
    /// A cause behind failures.
    Cause,
    /// A value of the column Detail of the Login Audit Trail.
    AuditDetail,
    /// The word of the token endpoint.
    TokenError,
    /// An `o:errorCode`.
    ErrorCode,
    /// Something that is said on the web and is not so.
    Claim,
    /// A known way in which a set-up breaks.
    Failure,
    /// A sentence that NetSuite answers with.
    Answer,
}

impl TopicKind {
    /// The kind in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Cause => "cause",
            Self::AuditDetail => "Login Audit Trail, column Detail",
            Self::TokenError => "error of the token endpoint",
            Self::ErrorCode => "o:errorCode",
            Self::Claim => "said on the web",
            Self::Failure => "known failure",
            Self::Answer => "said by NetSuite",
        }
    }
}

/// An explanation of something that is no check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Topic {
    /// What kind of thing it is.
    pub kind: TopicKind,
    /// Its name.
    pub id: String,
    /// What it is, in one line.
    pub title: String,
    /// Labelled paragraphs, in order.
    pub says: Vec<Paragraph>,
    /// What may stand behind it: causes with their titles.
    pub causes: Vec<Related>,
    /// How to mend it. Values of a run stand as `<name>`.
    pub fix: Vec<Fix>,
    /// Checks and causes that say more.
    pub see: Vec<String>,
    /// How well it is known.
    pub grade: Option<Grade>,
    /// Where it is known from.
    pub source: Option<String>,
    /// When it was looked up.
    pub date: Option<String>,
}

/// A labelled paragraph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Paragraph {
    /// The label.
    pub label: &'static str,
    /// The paragraph.
    pub text: String,
}

/// A cause by id and title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Related {
    /// Its id.
    pub id: String,
    /// What it is.
    pub title: String,
}

/// The topic of that name, or the claim that a question means.
#[must_use]
pub fn topic(text: &str, handbook: &Handbook) -> Option<Topic> {
    let text = text.trim();
    let lists = patterns::guidance();
    if let Some(cause) = handbook.cause(&text.to_lowercase()) {
        return Some(of_cause(cause, handbook));
    }
    // Some names differ in their case alone; the one that is written so comes first.
    if let Some((name, told)) = lists.error_code(text).filter(|(name, _)| *name == text) {
        return Some(of_code(name, told));
    }
    if let Some((name, told)) = lists.token_error(text) {
        return Some(of_token_error(name, told, handbook));
    }
    if let Some((name, told)) = lists.error_code(text) {
        return Some(of_code(name, told));
    }
    if let Ok(detail) = text.parse::<AuditDetail>() {
        let (name, told) = lists.audit_detail(detail.as_str())?;
        return Some(of_detail(name, told, handbook));
    }
    let tables = failures();
    if let Some((id, failure)) = tables.failure(text) {
        return Some(of_failure(id, failure));
    }
    if let Some(pattern) = patterns::patterns().said(text) {
        return Some(of_answer(pattern));
    }
    tables.claim(text).map(|(id, claim)| of_claim(id, claim))
}

fn of_answer(pattern: &Pattern) -> Topic {
    let mut topic = empty(TopicKind::Answer, &pattern.id, pattern.id.replace('-', " "));
    topic.says.push(said("Means", &pattern.note));
    topic.grade = Some(pattern.grade);
    topic.source = Some(pattern.source.clone());
    topic
}

/// Every name that [`topic`] knows.
#[must_use]
pub fn names() -> Vec<String> {
    let mut names: Vec<String> = checks::ALL.iter().map(|s| s.id.as_str().to_owned()).collect();
    names.extend(causes().all().iter().map(|cause| cause.id.clone()));
    let lists = patterns::guidance();
    names.extend(lists.audit_details().map(|(name, _)| name.to_owned()));
    names.extend(lists.token_errors().map(|(name, _)| name.to_owned()));
    names.extend(lists.error_codes().map(|(name, _)| name.to_owned()));
    names
}

fn empty(kind: TopicKind, id: &str, title: String) -> Topic {
    Topic {
        kind,
        id: id.to_owned(),
        title,
        says: Vec::new(),
        causes: Vec::new(),
        fix: Vec::new(),
        see: Vec::new(),
        grade: None,
        source: None,
        date: None,
    }
}

fn said(label: &'static str, text: impl AsRef<str>) -> Paragraph {
    Paragraph { label, text: Values::default().fill(text.as_ref().trim(), Form::Prose) }
}

fn filled(steps: &[Step], handbook: &Handbook) -> Vec<Fix> {
    let guidance = Guidance { means: None, fix: steps.to_vec() };
    guidance::of(&guidance, handbook, &Values::default(), None)
}

fn related(ids: impl IntoIterator<Item = impl AsRef<str>>) -> Vec<Related> {
    let found = ids.into_iter().filter_map(|id| causes().find(id.as_ref()));
    found.map(|cause| Related { id: cause.id.clone(), title: cause.title.clone() }).collect()
}

fn of_cause(cause: &Cause, handbook: &Handbook) -> Topic {
    let mut topic = empty(TopicKind::Cause, &cause.id, cause.title.clone());
    topic.says.push(said("Means", &cause.means));
    if let Some(pattern) = &cause.pattern {
        topic.says.push(said("When", pattern));
    }
    let mut shows: Vec<String> = Vec::new();
    for behind in &cause.behind {
        let told = match behind.answers.as_slice() {
            [] => behind.check.clone(),
            answers => format!("{} ({})", behind.check, answers.join(", ")),
        };
        shows.push(told);
    }
    topic.says.push(said("Shows", shows.join("; ")));
    let seen = cause.behind.iter().flat_map(|behind| &behind.seen);
    let seen: Vec<String> =
        seen.map(|seen| format!("{} ({})", seen.because, seen.source)).collect();
    if !seen.is_empty() {
        topic.says.push(said("Seen", seen.join(" ")));
    }
    if !cause.audit.is_empty() {
        topic.says.push(said("Detail", cause.audit.join(", ")));
    }
    let reasons = |rules: &[crate::diagnosis::Rule]| -> Vec<String> {
        let mut told: Vec<String> = Vec::new();
        for rule in rules {
            if !told.contains(&rule.because) {
                told.push(rule.because.clone());
            }
        }
        told
    };
    let mut proofs = reasons(&cause.likely);
    proofs.extend(cause.behind.iter().filter_map(|behind| behind.proof.clone()));
    for (label, told) in [("Proved", proofs), ("Not if", reasons(&cause.ruled_out))] {
        if !told.is_empty() {
            topic.says.push(said(label, told.join(" Or: ")));
        }
    }
    let steps: Vec<Step> = cause.fix.iter().map(|remedy| remedy.step.clone()).collect();
    topic.fix = filled(&steps, handbook);
    topic.see = cause.behind.iter().map(|behind| behind.check.clone()).collect();
    topic.see.dedup();
    topic.grade = Some(cause.grade);
    topic.source = Some(cause.source.clone());
    topic.date = Some(cause.date.clone());
    topic
}

fn of_detail(name: &str, told: &patterns::DetailMeaning, handbook: &Handbook) -> Topic {
    let title = "What the Login Audit Trail shows for a failed sign-in".to_owned();
    let mut topic = empty(TopicKind::AuditDetail, name, title);
    topic.says.push(said("Means", &told.means));
    if told.machine_to_machine {
        topic.causes = related(causes().leaving(name).map(|cause| &cause.id));
        let next = format!(
            "`netsuite-preflight check ... --audit-detail {name}` holds it against everything else."
        );
        topic.says.push(said("Next", next));
    }
    topic.fix = filled(&told.fix, handbook);
    topic.see = vec!["token-exchange".to_owned()];
    topic.grade = Some(told.grade);
    topic.source = Some(told.source.clone());
    topic
}

fn of_token_error(name: &str, told: &TokenErrorMeaning, handbook: &Handbook) -> Topic {
    let title = "What the token endpoint answers".to_owned();
    let mut topic = empty(TopicKind::TokenError, name, title);
    topic.says.push(said("Means", &told.means));
    if let Some(caution) = &told.caution {
        topic.says.push(said("Caution", caution));
    }
    topic.says.push(statuses(&told.statuses));
    let finding = name.replace('_', "-");
    topic.causes = behind("token-exchange", &finding);
    topic.fix = filled(&told.fix, handbook);
    topic.see = vec!["token-exchange".to_owned()];
    topic.grade = Some(told.grade);
    topic.source = Some(told.source.clone());
    topic
}

/// The causes that a finding of a check can have, in the order in which nothing tells them apart.
fn behind(check: &str, finding: &str) -> Vec<Related> {
    let gives = |cause: &&Cause| {
        let fits = |b: &crate::diagnosis::Symptom| {
            b.check == check && b.answers.iter().any(|answer| answer == finding)
        };
        cause.behind.iter().any(fits)
    };
    let mut found: Vec<&Cause> = causes().all().iter().filter(gives).collect();
    found.sort_by_key(|cause| std::cmp::Reverse(cause.often));
    related(found.iter().map(|cause| &cause.id))
}

fn statuses(all: &[u16]) -> Paragraph {
    let all: Vec<String> = all.iter().map(u16::to_string).collect();
    match all.as_slice() {
        [] => said("Status", "not named by the source"),
        all => said("Status", format!("HTTP {}", all.join(" or "))),
    }
}

fn of_code(name: &str, told: &ErrorCodeMeaning) -> Topic {
    let title = "What REST web services and RESTlets answer".to_owned();
    let mut topic = empty(TopicKind::ErrorCode, name, title);
    topic.says.push(said("Means", &told.means));
    topic.says.push(statuses(&told.statuses));
    topic.causes = related(&told.causes);
    topic.see = ["rest-service", "record-access"].map(str::to_owned).to_vec();
    topic.grade = Some(told.grade);
    topic.source = Some(told.source.clone());
    topic
}

fn of_failure(id: &str, failure: &Failure) -> Topic {
    let mut topic = empty(TopicKind::Failure, id, failure.fault.clone());
    if !failure.checks.is_empty() {
        topic.says.push(said("Found by", failure.checks.join(", ")));
    }
    for (label, text) in [("Look at", &failure.look), ("Beyond", &failure.out)] {
        if let Some(text) = text {
            topic.says.push(said(label, text));
        }
    }
    topic.causes = related(&failure.causes);
    topic.see = failure.checks.iter().filter_map(|c| c.split('/').next()).map(Into::into).collect();
    topic.see.dedup();
    topic
}

fn of_claim(id: &str, claim: &Claim) -> Topic {
    let mut topic = empty(TopicKind::Claim, id, claim.question.clone());
    topic.says.push(said("Paragraph", &claim.claim));
    topic.says.push(said("In fact", &claim.truth));
    topic.see.clone_from(&claim.see);
    topic.grade = Some(claim.grade);
    topic.source = Some(claim.source.clone());
    topic.date = Some(claim.date.clone());
    topic
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::handbook;

    fn explained(text: &str) -> Topic {
        topic(text, handbook()).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn a_sentence_of_netsuite_is_explained_with_grade_and_source() {
        let sentence = "Search error occurred: Record 'subsidiary' was not found.";
        let topic = explained(sentence);
        assert_eq!((topic.kind, topic.id.as_str()), (TopicKind::Answer, "table-not-found"));
        assert!(topic.says[0].text.contains("feature is off"), "{topic:?}");
        assert!(topic.grade.is_some() && topic.source.is_some());
    }

    #[test]
    fn every_name_is_explained_in_full() {
        let handbook = handbook();
        let checks: Vec<&str> = checks::ALL.iter().map(|spec| spec.id.as_str()).collect();
        let names = names();
        assert!(names.len() > 120, "{}", names.len());
        for name in names.iter().filter(|name| !checks.contains(&name.as_str())) {
            let topic = topic(name, handbook).unwrap_or_else(|| panic!("{name}"));
            assert_eq!(topic.id, *name);
            assert!(!topic.says.is_empty() && topic.source.is_some(), "{name}");
        }
        for (id, _) in failures().failures().chain([]) {
            assert_eq!(explained(id).kind, TopicKind::Failure, "{id}");
        }
    }

    #[test]
    fn each_kind_by_any_spelling() {
        for (text, kind, id) in [
            ("certificate-revoked", TopicKind::Cause, "certificate-revoked"),
            ("missingkey", TopicKind::AuditDetail, "MissingKey"),
            ("SERVER_ERROR", TopicKind::TokenError, "server_error"),
            ("invalid_login", TopicKind::ErrorCode, "INVALID_LOGIN"),
            ("k17", TopicKind::Failure, "K17"),
            ("does the Certificate have to be PSS-signed?", TopicKind::Claim, "X12"),
        ] {
            let topic = explained(text);
            assert_eq!((topic.kind, topic.id.as_str()), (kind, id));
        }
        assert!(topic("nothing of the kind", handbook()).is_none());
    }

    #[test]
    fn an_error_word_lists_the_causes_most_often_met_first() {
        let causes = explained("server_error").causes;
        assert!(causes.len() > 10);
        assert_eq!(causes[0].id, "certificate-id-wrong");
        assert!(!explained("MissingKey").causes.is_empty());
    }
}
