//! What `explain` tells besides whole cards: what a topic is, and how causes, findings, values of the
//! Login Audit Trail, error words and codes, and questions become one.

use serde::Serialize;

use super::guidance;
use crate::checks::cards::{Guidance, Step};
use crate::checks::looks::{Outcome, looks};
use crate::diagnosis::{Cause, Failure, Question, causes};
use crate::netsuite::patterns::{DetailMeaning, ErrorCodeMeaning, TokenErrorMeaning};
use crate::report::Handbook;
use crate::report::v1::{Fix, Grade};
use crate::report::values::{Form, Values};
use crate::types::source::readable;

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
    /// What people ask.
    Question,
    /// What a check can find.
    Finding,
    /// A record type.
    RecordType,
    /// A line of the role's permissions.
    Permission,
    /// A product that signs in to NetSuite.
    Integration,
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
            Self::Question => "question",
            Self::Finding => "finding of a check",
            Self::RecordType => "record type",
            Self::Permission => "permission of a role",
            Self::Integration => "integration",
        }
    }
}

/// An explanation of something that is no check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Topic {
    /// What kind of thing it is.
    pub kind: TopicKind,
    /// Its name, where it has one that somebody may use.
    pub id: Option<String>,
    /// What it is, in one line.
    pub title: String,
    /// Labelled paragraphs, in order.
    pub says: Vec<Paragraph>,
    /// What may stand behind it: causes with their titles.
    pub causes: Vec<Related>,
    /// How to fix it. Values of a run stand as `<name>`.
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
    /// Where in NetSuite it shows, and what is seen there.
    pub look: Option<String>,
}

impl Topic {
    /// A topic of which nothing is told yet.
    pub(super) fn new(kind: TopicKind, id: Option<&str>, title: impl Into<String>) -> Self {
        Self {
            kind,
            id: id.map(str::to_owned),
            title: title.into(),
            says: Vec::new(),
            causes: Vec::new(),
            fix: Vec::new(),
            see: Vec::new(),
            grade: None,
            source: None,
            date: None,
        }
    }

    /// The same with one more paragraph.
    pub(super) fn say(&mut self, label: &'static str, text: impl AsRef<str>) {
        self.says.push(said(label, text));
    }

    pub(super) fn known(&mut self, grade: Grade, source: &str) {
        self.grade = Some(grade);
        self.source = Some(readable(source));
    }
}

/// A finding of a check, with the causes that may stand behind it.
pub(super) fn of_finding(check: &str, finding: &str, handbook: &Handbook) -> Option<Topic> {
    let card = handbook.card(check)?;
    let guidance = handbook.guidance(check, finding)?;
    let id = format!("{check}/{finding}");
    let mut topic = Topic::new(TopicKind::Finding, Some(&id), card.title.clone());
    match &guidance.means {
        Some(means) => topic.say("Means", means),
        None => topic.say("Why", &card.why),
    }
    topic.fix = filled(&guidance.fix, handbook);
    topic.causes = behind(check, finding);
    topic.see = vec![check.to_owned()];
    Some(topic)
}

fn said(label: &'static str, text: impl AsRef<str>) -> Paragraph {
    Paragraph { label, text: Values::default().fill(text.as_ref().trim(), Form::Prose) }
}

pub(super) fn filled(steps: &[Step], handbook: &Handbook) -> Vec<Fix> {
    let guidance = Guidance { fix: steps.to_vec(), ..Guidance::default() };
    guidance::of(&guidance, handbook, &Values::default(), None)
}

/// Causes by id, in the order in which the diagnosis ranks what nothing tells apart.
fn related(ids: impl IntoIterator<Item = impl AsRef<str>>, checks: &[&str]) -> Vec<Related> {
    let mut found: Vec<&Cause> =
        ids.into_iter().filter_map(|id| causes().find(id.as_ref())).collect();
    let often = |cause: &&Cause| {
        let of_check = cause.behind.iter().filter(|b| checks.contains(&b.check.as_str()));
        of_check.filter_map(|behind| behind.often).max().unwrap_or(cause.often)
    };
    found.sort_by_key(|cause| std::cmp::Reverse(often(cause)));
    let one = |cause: &Cause| Related {
        id: cause.id.clone(),
        title: cause.title.clone(),
        look: look(&cause.id),
    };
    found.into_iter().map(one).collect()
}

/// What shows it on which page.
fn look(cause: &str) -> Option<String> {
    looks().iter().find_map(|look| {
        let settles = |outcome: &&Outcome| outcome.causes.iter().any(|one| one == cause);
        let outcome = look.outcomes.iter().find(settles)?;
        let text = format!("{}: {}.", look.name, outcome.sees);
        Some(Values::default().fill(&text, Form::Prose))
    })
}

pub(super) fn of_cause(cause: &Cause, handbook: &Handbook) -> Topic {
    let mut topic = Topic::new(TopicKind::Cause, Some(&cause.id), cause.title.clone());
    topic.say("Means", &cause.means);
    if let Some(pattern) = &cause.pattern {
        topic.say("When", pattern);
    }
    let mut shows: Vec<String> = Vec::new();
    for behind in &cause.behind {
        let told = match behind.answers.as_slice() {
            [] => behind.check.clone(),
            answers => format!("{} ({})", behind.check, answers.join(", ")),
        };
        shows.push(told);
    }
    topic.say("Shows", shows.join("; "));
    let seen = cause.behind.iter().flat_map(|behind| &behind.seen);
    let seen: Vec<String> =
        seen.map(|seen| format!("{} ({})", seen.because, readable(&seen.source))).collect();
    if !seen.is_empty() {
        topic.say("Seen", seen.join(" "));
    }
    if !cause.audit.is_empty() {
        topic.say("Detail", cause.audit.join(", "));
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
            topic.say(label, told.join(" Or: "));
        }
    }
    let steps: Vec<Step> = cause.fix.iter().map(|remedy| remedy.step.clone()).collect();
    topic.fix = filled(&steps, handbook);
    topic.see = cause.behind.iter().map(|behind| behind.check.clone()).collect();
    topic.see.dedup();
    topic.known(cause.grade, &cause.source);
    topic.date = Some(cause.date.clone());
    topic
}

pub(super) fn of_detail(name: &str, told: &DetailMeaning, handbook: &Handbook) -> Topic {
    let title = "What the Login Audit Trail shows for a failed sign-in";
    let mut topic = Topic::new(TopicKind::AuditDetail, Some(name), title);
    topic.say("Means", &told.means);
    if told.machine_to_machine {
        let leaving: Vec<&Cause> = causes().leaving(name).collect();
        // The row is of a sign-in: a cause that shows only after a good one comes where there is
        // no other.
        let at_sign_in =
            |cause: &&Cause| cause.behind.iter().any(|behind| behind.check == "token-exchange");
        let own: Vec<&Cause> = leaving.iter().copied().filter(at_sign_in).collect();
        let told = if own.is_empty() { leaving } else { own };
        topic.causes = related(told.iter().map(|cause| &cause.id), &["token-exchange"]);
        let next = format!(
            "Your check command with --audit-detail {name} holds it against everything else."
        );
        topic.say("Next", next);
    }
    topic.fix = filled(&told.fix, handbook);
    topic.see = vec!["token-exchange".to_owned()];
    topic.known(told.grade, &told.source);
    topic
}

pub(super) fn of_token_error(name: &str, told: &TokenErrorMeaning, handbook: &Handbook) -> Topic {
    let title = "What the token endpoint answers";
    let mut topic = Topic::new(TopicKind::TokenError, Some(name), title);
    topic.say("Means", &told.means);
    if let Some(caution) = &told.caution {
        topic.say("Caution", caution);
    }
    topic.says.push(statuses(&told.statuses));
    let finding = name.replace('_', "-");
    topic.causes = behind("token-exchange", &finding);
    topic.fix = filled(&told.fix, handbook);
    topic.see = vec!["token-exchange".to_owned()];
    topic.known(told.grade, &told.source);
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
    related(causes().all().iter().filter(gives).map(|cause| &cause.id), &[check])
}

fn statuses(all: &[u16]) -> Paragraph {
    let all: Vec<String> = all.iter().map(u16::to_string).collect();
    match all.as_slice() {
        [] => said("Status", "not named by the source"),
        all => said("Status", format!("HTTP {}", all.join(" or "))),
    }
}

pub(super) fn of_code(name: &str, told: &ErrorCodeMeaning) -> Topic {
    let title = "What REST web services and RESTlets answer";
    let mut topic = Topic::new(TopicKind::ErrorCode, Some(name), title);
    topic.say("Means", &told.means);
    topic.says.push(statuses(&told.statuses));
    topic.causes = related(&told.causes, &["rest-service", "record-access"]);
    topic.see = ["rest-service", "record-access"].map(str::to_owned).to_vec();
    topic.known(told.grade, &told.source);
    topic
}

pub(super) fn of_failure(failure: &Failure) -> Topic {
    let mut topic = Topic::new(TopicKind::Failure, None, failure.fault.clone());
    if !failure.checks.is_empty() {
        topic.say("Found", format!("by {}", failure.checks.join(", ")));
    }
    for (label, text) in [("Look at", &failure.look), ("Beyond", &failure.out)] {
        if let Some(text) = text {
            topic.say(label, text);
        }
    }
    topic.causes = related(&failure.causes, &[]);
    topic.see = failure.checks.iter().filter_map(|c| c.split('/').next()).map(Into::into).collect();
    topic.see.dedup();
    topic
}

pub(super) fn of_question(question: &Question, handbook: &Handbook) -> Topic {
    let kind = if question.claim.is_some() { TopicKind::Claim } else { TopicKind::Question };
    let mut topic = Topic::new(kind, None, question.question.clone());
    let label = if question.claim.is_some() { "In fact" } else { "Answer" };
    topic.say(label, &question.truth);
    if let Some(claim) = &question.claim {
        topic.say("Said", claim);
    }
    topic.fix = filled(&question.fix, handbook);
    topic.see.clone_from(&question.see);
    topic.known(question.grade, &question.source);
    topic.date = Some(question.date.clone());
    topic
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netsuite::patterns::guidance;
    use crate::report::handbook;

    #[test]
    fn an_error_word_lists_the_causes_most_often_met_first() {
        let (name, told) = guidance().token_error("server_error").unwrap();
        let causes = of_token_error(name, told, handbook()).causes;
        assert!(causes.len() > 10);
        assert_eq!(causes[0].id, "certificate-id-wrong");
        let (name, told) = guidance().audit_detail("MissingKey").unwrap();
        assert!(!of_detail(name, told, handbook()).causes.is_empty());
        let (name, told) = guidance().audit_detail("EntityOrRoleDisabled").unwrap();
        let causes = of_detail(name, told, handbook()).causes;
        let ids: Vec<&str> = causes.iter().map(|cause| cause.id.as_str()).collect();
        assert_eq!(
            ids,
            ["entity-or-role-inactive", "role-not-assigned", "login-permission-missing"]
        );
    }

    #[test]
    fn a_finding_has_the_guidance_of_its_card_and_its_causes() {
        let topic = of_finding("token-exchange", "server-error", handbook()).unwrap();
        assert!(!topic.fix.is_empty() && topic.causes.len() > 10);
        assert!(of_finding("token-exchange", "deadline", handbook()).is_some());
        for (check, finding) in [("token-exchange", "none"), ("none", "server-error")] {
            assert!(of_finding(check, finding, handbook()).is_none());
        }
    }
}
