//! The fixed words in which outcomes are told, the same from the engine to the report and the exit code.

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

/// How a command ended. The numbers are part of the contract with pipelines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExitCode {
    /// Nothing failed and nothing was inconclusive (warnings and skips allowed).
    Ok = 0,
    /// At least one check failed, or the command could not do what was asked.
    Failed = 1,
    /// Usage or configuration error: nothing was checked.
    Usage = 2,
    /// Nothing failed, but at least one check came out inconclusive.
    Inconclusive = 3,
    /// Only warnings, and `--fail-on warn` was given.
    Warned = 4,
    /// Internal error (a bug) and no report could be made.
    Internal = 101,
}

impl ExitCode {
    /// The number handed to the operating system.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The code with this number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        [Self::Ok, Self::Failed, Self::Usage, Self::Inconclusive, Self::Warned, Self::Internal]
            .into_iter()
            .find(|code| code.code() == number)
    }

    /// The worse of two, in the order 101, 1, 2, 3, 4, 0: what is proved wrong stands above what
    /// could not be checked.
    #[must_use]
    pub fn worst(self, other: Self) -> Self {
        let rank = |code: Self| match code {
            Self::Ok => 0,
            Self::Warned => 1,
            Self::Inconclusive => 2,
            Self::Usage => 3,
            Self::Failed => 4,
            Self::Internal => 5,
        };
        if rank(other) > rank(self) { other } else { self }
    }
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code.code())
    }
}

/// How well a fact about NetSuite is known; best first.
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
    strum::IntoStaticStr,
    strum::Display,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Grade {
    /// Oracle's own pages say so.
    Documented,
    /// Somebody reports having seen it.
    Observed,
    /// Concluded from other facts.
    Inferred,
}

impl Grade {
    /// The word used in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// One step. Text may hold `{placeholders}` that the check fills.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What to do.
    pub text: String,
    /// A page of the NetSuite UI, by its name in `checks/shared/pages.toml`.
    pub page: Option<String>,
    /// Where to click, for places that have no page entry.
    #[serde(rename = "where")]
    pub place: Option<String>,
    /// A command to run.
    pub command: Option<String>,
    /// A value of the run that makes the step needless where it is known.
    #[serde(rename = "unless-known")]
    pub unless_known: Option<String>,
    /// The causes that it fixes: where the run excludes them all, it is not advised.
    #[serde(default, rename = "for-causes")]
    pub for_causes: Vec<String>,
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

    #[test]
    fn failure_outranks_inconclusive_outranks_warning() {
        assert_eq!(ExitCode::Ok.worst(ExitCode::Warned), ExitCode::Warned);
        assert_eq!(ExitCode::Inconclusive.worst(ExitCode::Warned), ExitCode::Inconclusive);
        assert_eq!(ExitCode::Inconclusive.worst(ExitCode::Failed), ExitCode::Failed);
        assert_eq!(ExitCode::Failed.worst(ExitCode::Ok), ExitCode::Failed);
        assert_eq!(ExitCode::Failed.worst(ExitCode::Usage), ExitCode::Failed);
        assert_eq!(ExitCode::Inconclusive.worst(ExitCode::Usage), ExitCode::Usage);
    }
}
