//! The fixed words in which outcomes are told, the same from the engine to the report.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The outcome of one check.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
    strum::VariantArray,
    strum::IntoStaticStr,
    strum::EnumString,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
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
        self.into()
    }
}

/// Why a check was skipped or came out inconclusive.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
    strum::VariantArray,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
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

impl ReasonCode {
    /// The code as it stands in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// How a cause stands after everything that was observed.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
pub enum Rank {
    /// Evidence separates it from the others.
    Likely,
    /// Not excluded.
    Possible,
    /// Excluded.
    RuledOut,
}

#[cfg(test)]
mod tests {
    use strum::VariantArray as _;

    use super::*;

    #[test]
    fn words_are_written_as_they_are_read() {
        for status in Status::VARIANTS.iter().copied() {
            assert_eq!(serde_json::to_value(status).unwrap(), status.as_str());
            assert_eq!(status.as_str().parse(), Ok(status));
        }
        for code in ReasonCode::VARIANTS.iter().copied() {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
        assert_eq!(serde_json::to_value(Rank::RuledOut).unwrap(), "ruled_out");
    }
}
