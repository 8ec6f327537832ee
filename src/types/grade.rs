//! How well a fact about NetSuite is known.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
