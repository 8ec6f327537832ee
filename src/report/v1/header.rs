//! What wrote the report, when and where.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::time::UtcTime;
use super::words::Mode;

/// The name and version of a form of document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SchemaRef {
    /// `netsuite-preflight/report`.
    pub name: String,
    /// `1`.
    pub version: u32,
}

/// The program that wrote the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The commit it was built from, where the build said so.
    pub git_commit: Option<String>,
    /// What it was built for: architecture and operating system.
    pub platform: String,
    /// The version of OpenSSL it uses, in OpenSSL's own words.
    pub openssl: String,
}

/// The run that the report tells of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Run {
    /// 128 random bits, lower-case hex.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub id: String,
    /// When it began.
    pub started_at: UtcTime,
    /// When it ended.
    pub finished_at: UtcTime,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// How it was made.
    pub mode: Mode,
}

/// The machine, as far as it matters to the checks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Environment {
    /// Operating system.
    pub os: String,
    /// Processor architecture.
    pub arch: String,
    /// The proxy that was used, without credentials.
    pub proxy: Option<String>,
    /// Whether an extra CA was trusted.
    pub extra_ca: bool,
    /// The address that was dialled in place of every NetSuite host.
    pub connect_to: Option<String>,
}
