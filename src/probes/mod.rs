//! Questions put to NetSuite, and what the answers mean. Verdicts are made elsewhere.

pub mod certificates;
pub mod directory;
pub mod form;
pub mod inside;
pub mod query;
pub mod reach;
pub mod record;
pub mod service;

use crate::netsuite::answer::{Answer, TransportError};
use crate::netsuite::symptom::Symptom;

// Answers that prove nothing either way, read once for all who ask.

/// A request that brought nothing to judge by. Whatever was asked, it stays open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoAnswer {
    /// 429: the account's limit of requests at once is used up.
    Busy,
    /// 5xx.
    ServerFault {
        /// HTTP status.
        status: u16,
        /// What the answer says of itself; its words may hold an Error ID.
        symptom: Symptom,
    },
    /// An HTML page, whatever its status: maintenance, or somebody on the way.
    Html {
        /// What the answer says of itself.
        symptom: Symptom,
    },
    /// Nothing that is documented for the request.
    Unexpected {
        /// HTTP status.
        status: u16,
        /// What the answer says of itself.
        symptom: Symptom,
    },
    /// No complete answer.
    Silent(TransportError),
}

impl NoAnswer {
    /// Whether an answer is none, whatever was asked.
    #[must_use]
    pub fn of(answer: &Answer) -> Option<Self> {
        match answer.status {
            429 => Some(Self::Busy),
            status @ 500..=599 => Some(Self::ServerFault { status, symptom: answer.symptom() }),
            _ if answer.is_html() => Some(Self::Html { symptom: answer.symptom() }),
            _ => None,
        }
    }

    /// What an answer is that nothing documented for the request was found in.
    #[must_use]
    pub fn unexpected(answer: &Answer) -> Self {
        let status = answer.status;
        Self::of(answer).unwrap_or_else(|| Self::Unexpected { status, symptom: answer.symptom() })
    }

    /// What the answer says of itself.
    #[must_use]
    pub fn symptom(&self) -> Option<&Symptom> {
        match self {
            Self::ServerFault { symptom, .. }
            | Self::Html { symptom }
            | Self::Unexpected { symptom, .. } => Some(symptom),
            Self::Busy | Self::Silent(_) => None,
        }
    }

    /// The words in the answer.
    #[must_use]
    pub fn said(&self) -> Option<&str> {
        self.symptom()?.said.as_deref()
    }
}

impl From<TransportError> for NoAnswer {
    fn from(error: TransportError) -> Self {
        Self::Silent(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netsuite::answer::sample;

    #[test]
    fn what_proves_nothing_is_told_from_what_is_left_to_judge() {
        for (status, kind, body, expected) in [
            (429, "application/json", "{}", "busy"),
            (500, "text/html", "<html>", "fault"),
            (503, "application/json", "", "fault"),
            (200, "text/html", "x", "page"),
            (403, "application/json", "<!DOCTYPE html>", "page"),
            (403, "application/json", "{}", "left"),
            (200, "application/json", "[]", "left"),
        ] {
            let found = match NoAnswer::of(&sample(status, kind, body)) {
                Some(NoAnswer::Busy) => "busy",
                Some(NoAnswer::ServerFault { status: own, .. }) if own == status => "fault",
                Some(NoAnswer::Html { .. }) => "page",
                None => "left",
                other => panic!("{other:?}"),
            };
            assert_eq!(found, expected, "{status} {body}");
        }
        let odd = NoAnswer::unexpected(&sample(418, "text/plain", "Short and stout."));
        assert!(matches!(odd, NoAnswer::Unexpected { status: 418, .. }));
        assert_eq!(odd.said(), Some("Short and stout."));
    }

    #[test]
    fn the_words_of_a_fault_are_kept() {
        let body = r#"{"o:errorDetails":[{"detail":"Error ID: abc","o:errorCode":"X"}]}"#;
        let fault = NoAnswer::of(&sample(500, "application/json", body)).unwrap();
        assert_eq!(fault.said(), Some("Error ID: abc"));
        assert_eq!(NoAnswer::Busy.said(), None);
    }
}
