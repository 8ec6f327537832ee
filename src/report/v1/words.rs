//! The fixed words of the report.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use crate::types::{Grade, Rank, ReasonCode, Status};

/// The outcome of the whole run.
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
    strum::IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
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
        self.into()
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
