//! Why a probe stopped, read from the answer by the error patterns.

use crate::netsuite::error::Refusal;
use crate::netsuite::http::{Answer, TransportError};
use crate::netsuite::patterns::{Meaning, patterns};

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
    /// 429.
    Busy,
    /// 5xx.
    ServerFault {
        /// NetSuite's own words, which may hold an Error ID.
        said: Option<String>,
    },
    /// A page for people.
    Html,
    /// Something else.
    Odd {
        /// HTTP status.
        status: u16,
    },
    /// No answer.
    Silent(TransportError),
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

pub(super) fn stop(answer: &Answer) -> Stop {
    match answer.status {
        429 => Stop::Busy,
        500..=599 => Stop::ServerFault { said: Refusal::of(answer).text().map(str::to_owned) },
        _ if answer.is_html() => Stop::Html,
        401 => Stop::LoginRefused,
        400 | 403 | 404 | 405 => Stop::Refused(refused(answer)),
        status => Stop::Odd { status },
    }
}

/// The first detail that a pattern knows, else the first one.
fn refused(answer: &Answer) -> Refused {
    let refusal = Refusal::of(answer);
    let details = match &refusal {
        Refusal::Service(details) => details.as_slice(),
        _ => &[],
    };
    // Without patterns nothing is known; the status and NetSuite's words remain.
    let known = patterns().ok().and_then(|patterns| {
        details.iter().find_map(|detail| {
            let decoded = patterns.decode(answer.status, detail.code.as_deref(), &detail.text);
            (decoded.meaning != Meaning::Unknown).then_some((decoded.meaning, detail))
        })
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
