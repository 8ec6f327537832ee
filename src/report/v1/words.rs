//! The fixed words of the report.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::checklist::cards;
use crate::checklist::engine;
use crate::diagnosis;

/// The outcome of one check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Proved.
    Pass,
    /// Works, but somebody should look.
    Warn,
    /// Proved wrong.
    Fail,
    /// It ran, and the answer does not decide it.
    Inconclusive,
    /// Did not run.
    Skipped,
}

impl Status {
    /// The word as it stands in the report.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Fail => "fail",
            Self::Inconclusive => "inconclusive",
            Self::Skipped => "skipped",
        }
    }
}

impl From<engine::Status> for Status {
    fn from(status: engine::Status) -> Self {
        match status {
            engine::Status::Pass => Self::Pass,
            engine::Status::Warn => Self::Warn,
            engine::Status::Fail => Self::Fail,
            engine::Status::Inconclusive => Self::Inconclusive,
            engine::Status::Skipped => Self::Skipped,
        }
    }
}

/// The outcome of the whole run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Overall {
    /// Nothing failed, nothing was inconclusive, nothing warned.
    Pass,
    /// Nothing failed and nothing was inconclusive, but something warned.
    Warn,
    /// Something failed.
    Fail,
    /// Nothing failed, but something was inconclusive.
    Inconclusive,
}

impl Overall {
    /// The word as it stands in the report.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Fail => "fail",
            Self::Inconclusive => "inconclusive",
        }
    }
}

/// Why a check was skipped or came out inconclusive.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum ReasonCode {
    /// It makes no sense for this target.
    NotApplicable,
    /// What it looks at was not given.
    NotProvided,
    /// Another check failed that this one needs.
    Blocked,
    /// Skipped by name.
    Disabled,
    /// The run uses no network.
    Offline,
    /// Proving it would need a probe that was not asked for, or that is never sent.
    NotProbed,
    /// The role may not read it, and need not.
    NotPermitted,
    /// NetSuite asked to slow down.
    RateLimited,
    /// The list was empty.
    Empty,
    /// The answer fits several explanations.
    Ambiguous,
    /// No usable answer came.
    NoAnswer,
    /// The check itself broke.
    Internal,
}

impl From<engine::ReasonCode> for ReasonCode {
    fn from(code: engine::ReasonCode) -> Self {
        match code {
            engine::ReasonCode::NotApplicable => Self::NotApplicable,
            engine::ReasonCode::NotProvided => Self::NotProvided,
            engine::ReasonCode::Blocked => Self::Blocked,
            engine::ReasonCode::Disabled => Self::Disabled,
            engine::ReasonCode::Offline => Self::Offline,
            engine::ReasonCode::NotProbed => Self::NotProbed,
            engine::ReasonCode::NotPermitted => Self::NotPermitted,
            engine::ReasonCode::RateLimited => Self::RateLimited,
            engine::ReasonCode::Empty => Self::Empty,
            engine::ReasonCode::Ambiguous => Self::Ambiguous,
            engine::ReasonCode::NoAnswer => Self::NoAnswer,
            engine::ReasonCode::Internal => Self::Internal,
        }
    }
}

/// How a cause stands after everything that was observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rank {
    /// Evidence separates it from the others.
    Likely,
    /// Not excluded.
    Possible,
    /// Excluded.
    RuledOut,
}

impl From<diagnosis::Rank> for Rank {
    fn from(rank: diagnosis::Rank) -> Self {
        match rank {
            diagnosis::Rank::Likely => Self::Likely,
            diagnosis::Rank::Possible => Self::Possible,
            diagnosis::Rank::RuledOut => Self::RuledOut,
        }
    }
}

/// How well a fact about NetSuite is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Grade {
    /// Oracle's own pages say so.
    Documented,
    /// Somebody reports having seen it.
    Observed,
    /// Concluded from other facts.
    Inferred,
}

impl From<cards::Grade> for Grade {
    fn from(grade: cards::Grade) -> Self {
        match grade {
            cards::Grade::Documented => Self::Documented,
            cards::Grade::Observed => Self::Observed,
            cards::Grade::Inferred => Self::Inferred,
        }
    }
}

/// How the run was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Without a network.
    Offline,
    /// Against a NetSuite account.
    Online,
    /// Against the embedded emulator.
    Demo,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_engine() {
        for code in engine::ReasonCode::ALL {
            let word = serde_json::to_value(ReasonCode::from(code)).unwrap();
            assert_eq!(word, code.as_str());
        }
        for status in
            [Status::Pass, Status::Warn, Status::Fail, Status::Inconclusive, Status::Skipped]
        {
            assert_eq!(serde_json::to_value(status).unwrap(), status.as_str());
        }
        assert_eq!(serde_json::to_value(Rank::RuledOut).unwrap(), "ruled_out");
    }
}
