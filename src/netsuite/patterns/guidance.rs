//! What the Login Audit Trail's Detail values and the token endpoint's `error` values mean.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::data;
use crate::types::{Grade, Step};

static GUIDANCE: LazyLock<Guidance> = LazyLock::new(|| Guidance {
    audit: data::read("patterns/login-audit.toml"),
    token: data::read("patterns/token-errors.toml"),
    codes: data::read("patterns/error-codes.toml"),
});

/// What the three lists say, read at the first use.
pub fn guidance() -> &'static Guidance {
    &GUIDANCE
}

/// A value of the column Detail of the Login Audit Trail.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditDetail {
    /// What it means.
    pub means: String,
    /// Whether it can come from the client credentials grant or from a call with its token.
    pub machine_to_machine: bool,
    /// How well the meaning is known.
    pub grade: Grade,
    /// Where it comes from.
    pub source: String,
    /// What to do.
    #[serde(default)]
    pub fix: Vec<Step>,
}

/// A value of the member `error` in an answer of the token endpoint.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenError {
    /// What it means.
    pub means: String,
    /// What it does not tell, where that is easily mistaken.
    pub caution: Option<String>,
    /// The HTTP statuses it was seen or documented with.
    pub statuses: Vec<u16>,
    /// How well the meaning for the client credentials grant is known.
    pub grade: Grade,
    /// Where it comes from.
    pub source: String,
    /// What to do.
    #[serde(default)]
    pub fix: Vec<Step>,
}

/// What an `o:errorCode` says by itself.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorCode {
    /// What it means, as far as the code alone tells.
    pub means: String,
    /// The HTTP statuses it was seen or documented with.
    pub statuses: Vec<u16>,
    /// The causes that may stand behind it, by id.
    pub causes: Vec<String>,
    /// How well that is known.
    pub grade: Grade,
    /// Where it comes from.
    pub source: String,
}

/// The three lists.
#[derive(Debug)]
pub struct Guidance {
    audit: BTreeMap<String, AuditDetail>,
    token: BTreeMap<String, TokenError>,
    codes: BTreeMap<String, ErrorCode>,
}

impl Guidance {
    /// All Detail values, by name.
    pub fn audit_details(&self) -> impl Iterator<Item = (&str, &AuditDetail)> {
        self.audit.iter().map(|(name, detail)| (name.as_str(), detail))
    }

    /// The Detail value, in NetSuite's spelling, and what it means. Case and the white space around
    /// it do not matter.
    #[must_use]
    pub fn audit_detail(&self, value: &str) -> Option<(&str, &AuditDetail)> {
        self.audit_details().find(|(name, _)| name.eq_ignore_ascii_case(value.trim()))
    }

    /// All `error` values, by name.
    pub fn token_errors(&self) -> impl Iterator<Item = (&str, &TokenError)> {
        self.token.iter().map(|(name, error)| (name.as_str(), error))
    }

    /// What the token endpoint's `error` value means. Case does not matter.
    #[must_use]
    pub fn token_error(&self, value: &str) -> Option<(&str, &TokenError)> {
        self.token_errors().find(|(name, _)| name.eq_ignore_ascii_case(value.trim()))
    }

    /// All values of `o:errorCode`, by name.
    pub fn error_codes(&self) -> impl Iterator<Item = (&str, &ErrorCode)> {
        self.codes.iter().map(|(name, code)| (name.as_str(), code))
    }

    /// What an `o:errorCode` means. Case does not matter.
    #[must_use]
    pub fn error_code(&self, value: &str) -> Option<(&str, &ErrorCode)> {
        self.error_codes().find(|(name, _)| name.eq_ignore_ascii_case(value.trim()))
    }
}
