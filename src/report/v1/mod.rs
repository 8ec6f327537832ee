//! The report as it is written and read, version 1. Frozen: a member is never renamed, retyped or
//! removed; a reader accepts members it does not know.
//!
//! Every member is always written. What is unknown or does not apply is `null` or an empty list.

use std::fmt;

use jiff::Timestamp;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

pub use crate::types::{Grade, Rank, ReasonCode, Status};

mod options;
pub mod valid;

pub use options::RunOptions;

/// The name of this form of report.
pub const SCHEMA_NAME: &str = "netsuite-preflight/report";
/// The version of this form of report.
pub const SCHEMA_VERSION: u32 = 1;

/// What a run of the checklist found, for people, pipelines and support desks. It holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Which form of report this is.
    pub schema: SchemaRef,
    /// The program that wrote it.
    pub tool: Tool,
    /// The run that it tells of.
    pub run: Run,
    /// The machine it ran on, as far as it matters.
    pub environment: Environment,
    /// What was checked.
    pub target: Target,
    /// The result in short.
    pub summary: Summary,
    /// Every entry of the checklist, in the order of the catalogue.
    pub checks: Vec<CheckEntry>,
    /// What was taken out.
    pub redaction: Redaction,
    /// Shows whether the report was changed after it was written.
    pub integrity: Integrity,
}

impl Report {
    /// The entry of the first blocker.
    #[must_use]
    pub fn first_blocker(&self) -> Option<&CheckEntry> {
        let blocker = self.summary.first_blocker.as_ref()?;
        self.checks.iter().find(|c| c.id == blocker.id && c.subject == blocker.subject)
    }
}

/// What was taken out of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Redaction {
    /// The rule by which it was built.
    pub policy: String,
    /// How many occurrences of known secrets were replaced.
    pub scrubbed: u64,
}

/// A checksum. It shows accidents and careless edits; it is no signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Integrity {
    /// SHA-256, lower-case hex, of the RFC 8785 form of the document without the member `integrity`.
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    pub sha256: String,
}

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
    /// What was asked of it; `null` in reports of before this was noted.
    pub options: Option<RunOptions>,
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
    /// Whether recorded exchanges were served instead of NetSuite's answers.
    pub replay: Option<bool>,
}

/// The set-up that was checked. What could not be read is `null`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Target {
    /// Its name in the configuration file.
    pub name: Option<String>,
    /// The account, in the spelling with an underscore.
    pub account_id: Option<String>,
    /// What the form of the ID says: production, sandbox, release-preview, test-drive, demo, other.
    pub account_kind: Option<String>,
    /// The NetSuite hosts that belong to the run.
    pub hosts: Vec<String>,
    /// The Client ID, shortened to `abcd…wxyz`; `…` alone where nothing of it may be shown.
    pub client_id: Option<String>,
    /// The Certificate ID that the assertion names.
    pub certificate_id: Option<String>,
    /// SHA-256 of the certificate's DER, lower-case hex.
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    pub certificate_sha256: Option<String>,
    /// The public half of the key pair.
    pub public_key: Option<PublicKey>,
    /// The integration profile.
    pub profile: Option<String>,
    /// Record types and levels, in the order asked: `customer:view`.
    pub records: Vec<String>,
}

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PublicKey {
    /// `rsa`, `ec` or `other`.
    pub kind: String,
    /// The length of the modulus or of the curve's order, in bits.
    pub bits: u32,
    /// The curve, for `ec`: `P-256`, `P-384`, `P-521`.
    pub curve: Option<String>,
    /// SHA-256 of the SubjectPublicKeyInfo DER, lower-case hex: equal for a key and its certificate.
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    pub spki_sha256: String,
}

/// The result in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// The outcome of the whole run.
    pub verdict: Overall,
    /// The exit code that goes with it.
    pub exit_code: u8,
    /// How many entries had which outcome.
    pub counts: Counts,
    /// The first entry that failed, in the order of the catalogue.
    pub first_blocker: Option<FirstBlocker>,
    /// The first cause of the first blocker.
    pub cause: Option<LeadingCause>,
}

/// How many entries had which outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Counts {
    /// Proved.
    pub pass: u64,
    /// Worth a look.
    pub warn: u64,
    /// Proved wrong.
    pub fail: u64,
    /// Undecided.
    pub inconclusive: u64,
    /// Not run.
    pub skipped: u64,
}

/// The name of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FirstBlocker {
    /// The check.
    pub id: String,
    /// What it is about, where it runs once per thing.
    pub subject: Option<String>,
}

impl FirstBlocker {
    /// As `--only` takes it.
    #[must_use]
    pub fn name(&self) -> String {
        joined(&self.id, self.subject.as_deref())
    }
}

fn joined(id: &str, subject: Option<&str>) -> String {
    match subject {
        Some(subject) => format!("{id}:{subject}"),
        None => id.to_owned(),
    }
}

/// The name of a cause and how it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LeadingCause {
    /// The cause.
    pub id: String,
    /// How it stands.
    pub rank: Rank,
}

/// One entry of the checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CheckEntry {
    /// The check.
    pub id: String,
    /// What it is about, where it runs once per thing: `customer:view`.
    pub subject: Option<String>,
    /// What holds when it passes.
    pub title: String,
    /// The group it belongs to.
    pub phase: String,
    /// Its outcome.
    pub status: Status,
    /// Why it was skipped or came out inconclusive.
    pub reason: Option<ReasonEntry>,
    /// What was seen.
    pub summary: String,
    /// The facts behind it. The key `finding` names a finding of the check, the
    /// gravest first; the key `meaning` says what the finding before it means.
    pub evidence: Vec<EvidenceEntry>,
    /// What may be behind a failure, best first.
    pub causes: Vec<Cause>,
    /// How to fix it, step by step.
    pub fix: Vec<Fix>,
    /// The HTTP exchanges behind it.
    pub http: Vec<HttpEntry>,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// Where its documentation stands, relative to the project.
    pub docs: String,
}

impl CheckEntry {
    /// As `--only` takes it.
    #[must_use]
    pub fn name(&self) -> String {
        joined(&self.id, self.subject.as_deref())
    }

    /// The best of the causes that are left.
    #[must_use]
    pub fn leading_cause(&self) -> Option<&Cause> {
        self.causes.iter().find(|cause| cause.rank != Rank::RuledOut)
    }
}

/// Why a check was skipped or came out inconclusive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReasonEntry {
    /// Which reason.
    pub code: ReasonCode,
    /// The entries that block this one: `token-exchange`, `record-access:customer:view`.
    pub blocked_by: Vec<String>,
    /// A sentence, where the code alone does not say enough.
    pub detail: Option<String>,
}

/// A fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EvidenceEntry {
    /// snake_case name of the fact.
    pub key: String,
    /// What was seen.
    pub value: String,
    /// What was expected.
    pub expected: Option<String>,
    /// Where it was seen, or how it was derived.
    pub source: Option<String>,
}

/// Something that may be behind a failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Cause {
    /// Its id.
    pub id: String,
    /// What it is.
    pub title: String,
    /// How it stands after everything that was observed.
    pub rank: Rank,
    /// How well it is known that NetSuite behaves so.
    pub grade: Grade,
    /// The evidence that put it there.
    pub because: Vec<String>,
    /// How to fix it.
    pub fix: Vec<Fix>,
}

/// One step of fixing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Fix {
    /// What to do.
    pub text: String,
    /// Where to click.
    #[serde(rename = "where")]
    pub place: Option<String>,
    /// The page itself, in this account.
    pub url: Option<String>,
    /// What to run.
    pub command: Option<String>,
}

/// One HTTP exchange. Never a body, never a header dump.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HttpEntry {
    /// Request method.
    pub method: String,
    /// The URL, with every Client ID shortened.
    pub url: String,
    /// HTTP status, where an answer came.
    pub status: Option<u16>,
    /// `o:errorCode` of the record service or `error` of the token endpoint.
    pub error_code: Option<String>,
    /// The `Date` header as sent.
    pub server_date: Option<String>,
    /// NetSuite's `X-N-OperationId`, by which its support finds the request.
    #[serde(default)]
    pub operation_id: Option<String>,
    /// From sending to the last byte, in milliseconds.
    pub duration_ms: u64,
}

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
pub enum Mode {
    /// Without a network.
    Offline,
    /// Against a NetSuite account.
    Online,
    /// Against the embedded emulator.
    Demo,
}

impl Mode {
    /// The word as it stands in the report.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A time in RFC 3339, UTC, to the millisecond: `2026-01-31T09:30:00.000Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct UtcTime(Timestamp);

impl UtcTime {
    /// The point in time.
    #[must_use]
    pub fn timestamp(self) -> Timestamp {
        self.0
    }
}

impl From<Timestamp> for UtcTime {
    fn from(at: Timestamp) -> Self {
        // What is not written must not differ either, or a report would change by being read.
        Self(Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at))
    }
}

impl fmt::Display for UtcTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.0)
    }
}

impl Serialize for UtcTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for UtcTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse::<Timestamp>().map(Self::from).map_err(de::Error::custom)
    }
}

impl JsonSchema for UtcTime {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "UtcTime".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A time in RFC 3339, UTC, to the millisecond.",
            "type": "string",
            "format": "date-time",
            "pattern": "Z$",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_and_utc() {
        let at: Timestamp = "2026-01-31T10:30:00.1234567+01:00".parse().unwrap();
        let written = serde_json::to_string(&UtcTime::from(at)).unwrap();
        assert_eq!(written, "\"2026-01-31T09:30:00.123Z\"");
        let read: UtcTime = serde_json::from_str(&written).unwrap();
        assert_eq!(read, UtcTime::from(at));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        assert!(serde_json::from_str::<UtcTime>("\"yesterday\"").is_err());
    }
}
