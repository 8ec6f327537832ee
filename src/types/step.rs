//! One step of guidance.

use serde::Deserialize;

/// One step. Text may hold `{placeholders}` that the check fills.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
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
}
