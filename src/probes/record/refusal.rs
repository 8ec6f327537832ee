//! Why a probe stopped, read from the answer by the error patterns.

use crate::netsuite::error::Refusal;
use crate::netsuite::http::{Answer, TransportError};
use crate::netsuite::patterns::{Meaning, patterns};
use crate::probes::no_answer::NoAnswer;

/// What stopped a probe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// The list is empty for this role.
    Empty,
    /// The type offers no list, and no table is known to ask instead.
    NoList,
    /// NetSuite refused.
    Refused(Refused),
    /// 401.
    LoginRefused,
    /// What came decides nothing.
    NoAnswer(NoAnswer),
}

impl From<NoAnswer> for Stop {
    fn from(no_answer: NoAnswer) -> Self {
        Self::NoAnswer(no_answer)
    }
}

impl From<TransportError> for Stop {
    fn from(error: TransportError) -> Self {
        Self::NoAnswer(NoAnswer::Silent(error))
    }
}

impl Stop {
    /// What a complete answer means that nothing documented for the request was found in.
    pub(in crate::probes) fn unexpected(answer: &Answer) -> Self {
        Self::NoAnswer(NoAnswer::unexpected(answer))
    }

    /// NetSuite's own words and `o:errorCode`, where it gave any.
    #[must_use]
    pub fn said(&self) -> (Option<&str>, Option<&str>) {
        match self {
            Self::Refused(refused) => (refused.said.as_deref(), refused.code.as_deref()),
            Self::NoAnswer(no_answer) => (no_answer.said(), None),
            _ => (None, None),
        }
    }
}

/// A refusal in the record service's envelope, or in none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// HTTP status.
    pub status: u16,
    /// What the patterns make of it.
    pub meaning: Meaning,
    /// NetSuite's own words.
    pub said: Option<String>,
    /// `o:errorCode`.
    pub code: Option<String>,
}

pub(in crate::probes) fn stop(answer: &Answer) -> Stop {
    if let Some(no_answer) = NoAnswer::of(answer) {
        return Stop::NoAnswer(no_answer);
    }
    match answer.status {
        401 => Stop::LoginRefused,
        400 | 403 | 404 | 405 => Stop::Refused(refused(answer)),
        _ => Stop::NoAnswer(NoAnswer::unexpected(answer)),
    }
}

/// The first detail that a pattern knows, else the first one.
fn refused(answer: &Answer) -> Refused {
    let refusal = Refusal::of(answer);
    let details = match &refusal {
        Refusal::Service(details) => details.as_slice(),
        _ => &[],
    };
    let known = details.iter().find_map(|detail| {
        let decoded = patterns().decode(answer.status, detail.code.as_deref(), &detail.text);
        (decoded.meaning != Meaning::Unknown).then_some((decoded.meaning, detail))
    });
    let (meaning, detail) = match known {
        Some((meaning, detail)) => (meaning, Some(detail)),
        None => (Meaning::Unknown, details.first()),
    };
    Refused {
        status: answer.status,
        meaning,
        said: detail.map(|detail| detail.text.clone()).filter(|text| !text.is_empty()),
        code: detail.and_then(|detail| detail.code.clone()),
    }
}
