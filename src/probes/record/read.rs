//! What a probe at level View can show.

use super::{Found, Stop};
use crate::netsuite::url::RecordId;

/// The outcome of a probe at level View.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum View {
    /// A row was found and read by id.
    Read {
        /// Where the row came from.
        found: Found,
        /// Which row.
        id: RecordId,
    },
    /// It ended before that.
    Stopped {
        /// At which step.
        step: Step,
        /// By what.
        stop: Stop,
    },
}

impl View {
    /// What stopped it, where it was stopped.
    #[must_use]
    pub fn stop(&self) -> Option<&Stop> {
        match self {
            Self::Stopped { stop, .. } => Some(stop),
            Self::Read { .. } => None,
        }
    }
}

/// The steps of a probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Listing one row.
    List,
    /// Asking SuiteQL for one row, where there is no list.
    Query,
    /// Reading that row by id.
    Read,
}

impl Step {
    /// What was asked, in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::List => "the list",
            Self::Query => "the query",
            Self::Read => "the first row",
        }
    }
}
