//! What a check says of an answer that proves nothing either way. The guidance is shared by all
//! checks and stands in `checks/shared/no-answer.toml`; a card has its own only where it knows more.

use super::session::sentence;
use super::spec::findings;
use crate::engine::{Evidence, ReasonCode, Severity, Verdict};
use crate::netsuite::symptom::Symptom;
use crate::probes::NoAnswer;

findings! {
    BUSY = "too-many-requests",
    SERVER_FAULT = "server-fault",
    HTML = "html-answer",
    UNEXPECTED = "unexpected-answer",
    NO_ANSWER = "no-answer",
}

/// The verdict that leaves it open. `asked` says what was asked for, such as `the list of customer`.
pub(super) fn undecided(no_answer: &NoAnswer, asked: &str) -> Verdict {
    noted(Verdict::pass(String::new()), no_answer, asked)
}

/// The same as a note on a verdict that says more.
pub(super) fn noted(verdict: Verdict, no_answer: &NoAnswer, asked: &str) -> Verdict {
    let (code, finding, text) = match no_answer {
        NoAnswer::Busy => {
            let text = format!("NetSuite was too busy for {asked} (429).");
            (ReasonCode::RateLimited, BUSY, text)
        }
        NoAnswer::ServerFault { status, symptom } => {
            let came = symptom.what.as_ref().map(|what| format!(", {what}")).unwrap_or_default();
            let text =
                format!("NetSuite failed on {asked} by a fault of its own ({status}{came}).");
            (ReasonCode::NoAnswer, SERVER_FAULT, text)
        }
        NoAnswer::Html { symptom } => {
            let page = symptom.what.as_deref().unwrap_or("an HTML page");
            let text = format!("{} came instead of {asked}.", sentence(page));
            (ReasonCode::NoAnswer, HTML, text)
        }
        NoAnswer::Unexpected { status, symptom } => {
            let text = match &symptom.what {
                Some(what) => format!("The answer to {asked} was {status} with {what}."),
                None => odd(asked, *status),
            };
            (ReasonCode::Ambiguous, UNEXPECTED, text)
        }
        NoAnswer::Silent(error) => {
            let text = format!("No complete answer came to {asked}: {error}.");
            (ReasonCode::NoAnswer, NO_ANSWER, text)
        }
    };
    let verdict = verdict.note(Severity::Open, finding, text).because(code);
    match no_answer.symptom() {
        Some(symptom) => formed(verdict, symptom),
        None => verdict,
    }
}

/// The form of an answer that is not the usual one, as evidence.
pub(super) fn formed(verdict: Verdict, symptom: &Symptom) -> Verdict {
    let shown = [("answer", &symptom.what), ("content_type", &symptom.content_type)];
    shown.into_iter().fold(verdict, |verdict, (key, value)| match value {
        Some(value) => verdict.evidence(Evidence::new(key, value.as_str()).source(THEIRS)),
        None => verdict,
    })
}

/// The source of what the other side says of itself: it need not be NetSuite.
const THEIRS: &str = "the answer itself";

/// The verdict on an answer with nothing in it that is documented for the request.
pub(super) fn unexpected(asked: &str, status: u16) -> Verdict {
    Verdict::inconclusive(ReasonCode::Ambiguous, UNEXPECTED, odd(asked, status))
}

fn odd(asked: &str, status: u16) -> String {
    format!("The answer to {asked} was {status} with nothing expected in it.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Status;
    use crate::netsuite::answer::TransportError;

    #[test]
    fn nothing_of_it_passes_or_fails() {
        let page = Symptom {
            what: Some("an HTML page titled \"Tea\"".to_owned()),
            content_type: Some("text/html".to_owned()),
            ..Symptom::default()
        };
        let all = [
            NoAnswer::Busy,
            NoAnswer::ServerFault { status: 503, symptom: page.clone() },
            NoAnswer::Html { symptom: page.clone() },
            NoAnswer::Unexpected { status: 418, symptom: page },
            NoAnswer::Silent(TransportError::Reset),
        ];
        for (no_answer, finding) in all.iter().zip(FINDINGS) {
            let verdict = undecided(no_answer, "the list of customer");
            assert_eq!(verdict.status(), Status::Inconclusive, "{no_answer:?}");
            assert!(verdict.reason().is_some());
            assert!(verdict.summary().contains("the list of customer"), "{}", verdict.summary());
            assert_eq!(verdict.notes_by_gravity()[0].finding, *finding);
            // What came is named, not its status alone.
            if no_answer.symptom().is_some() {
                let page = verdict.summary().to_lowercase();
                assert!(page.contains("an html page titled \"tea\""), "{page}");
                let keys: Vec<&str> = verdict.facts().iter().map(|fact| fact.key).collect();
                assert_eq!(keys, ["answer", "content_type"]);
            }
        }
    }
}
