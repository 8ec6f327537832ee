//! Questions put to NetSuite, and what the answers mean. Verdicts are made elsewhere.

pub mod certificates;
pub mod directory;
pub mod form;
pub mod query;
pub mod reach;
pub mod record;
pub mod service;

use crate::netsuite::answer::{Answer, TransportError};

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
        /// NetSuite's own words, which may hold an Error ID.
        said: Option<String>,
    },
    /// An HTML page, whatever its status: maintenance, or somebody on the way.
    Html,
    /// Nothing that is documented for the request.
    Unexpected {
        /// HTTP status.
        status: u16,
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
            status @ 500..=599 => Some(Self::ServerFault { status, said: answer.error_text() }),
            _ if answer.is_html() => Some(Self::Html),
            _ => None,
        }
    }

    /// What an answer is that nothing documented for the request was found in.
    #[must_use]
    pub fn unexpected(answer: &Answer) -> Self {
        let status = answer.status;
        Self::of(answer).unwrap_or(Self::Unexpected { status })
    }

    /// NetSuite's own words.
    #[must_use]
    pub fn said(&self) -> Option<&str> {
        match self {
            Self::ServerFault { said, .. } => said.as_deref(),
            _ => None,
        }
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
        let fault = |status| Some(NoAnswer::ServerFault { status, said: None });
        for (status, kind, body, expected) in [
            (429, "application/json", "{}", Some(NoAnswer::Busy)),
            (500, "text/html", "<html>", fault(500)),
            (503, "application/json", "", fault(503)),
            (200, "text/html", "x", Some(NoAnswer::Html)),
            (403, "application/json", "<!DOCTYPE html>", Some(NoAnswer::Html)),
            (403, "application/json", "{}", None),
            (200, "application/json", "[]", None),
        ] {
            assert_eq!(NoAnswer::of(&sample(status, kind, body)), expected, "{status} {body}");
        }
        let odd = sample(418, "text/plain", "x");
        assert_eq!(NoAnswer::unexpected(&odd), NoAnswer::Unexpected { status: 418 });
    }

    #[test]
    fn the_words_of_a_fault_are_kept() {
        let body = r#"{"o:errorDetails":[{"detail":"Error ID: abc","o:errorCode":"X"}]}"#;
        let fault = NoAnswer::of(&sample(500, "application/json", body)).unwrap();
        assert_eq!(fault.said(), Some("Error ID: abc"));
        assert_eq!(NoAnswer::Busy.said(), None);
    }
}
