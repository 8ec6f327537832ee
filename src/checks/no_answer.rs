//! What a check says of an answer that proves nothing either way. The guidance is shared by all
//! checks and stands in `checks/shared/no-answer.toml`; a card has its own only where it knows more.

use super::spec::findings;
use crate::engine::{ReasonCode, Severity, Verdict};
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
        NoAnswer::ServerFault { status, .. } => {
            let text = format!("NetSuite failed on {asked} by a fault of its own ({status}).");
            (ReasonCode::NoAnswer, SERVER_FAULT, text)
        }
        NoAnswer::Html => {
            let text = format!("An HTML page came instead of {asked}.");
            (ReasonCode::NoAnswer, HTML, text)
        }
        NoAnswer::Unexpected { status } => (ReasonCode::Ambiguous, UNEXPECTED, odd(asked, *status)),
        NoAnswer::Silent(error) => {
            let text = format!("No complete answer came to {asked}: {error}.");
            (ReasonCode::NoAnswer, NO_ANSWER, text)
        }
    };
    verdict.note(Severity::Open, finding, text).because(code)
}

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
        let all = [
            NoAnswer::Busy,
            NoAnswer::ServerFault { status: 503, said: Some("Error ID: abc".to_owned()) },
            NoAnswer::Html,
            NoAnswer::Unexpected { status: 418 },
            NoAnswer::Silent(TransportError::Reset),
        ];
        for (no_answer, finding) in all.iter().zip(FINDINGS) {
            let verdict = undecided(no_answer, "the list of customer");
            assert_eq!(verdict.status(), Status::Inconclusive, "{no_answer:?}");
            assert!(verdict.reason().is_some());
            assert!(verdict.summary().contains("the list of customer"), "{}", verdict.summary());
            assert_eq!(verdict.notes_by_gravity()[0].finding, *finding);
        }
    }
}
