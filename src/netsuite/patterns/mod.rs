//! What NetSuite's error answers mean. The data stands in `checks/patterns/*.toml`.

mod guidance;
mod meaning;
mod template;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

pub use guidance::{AuditDetail, ErrorCode, Guidance, TokenError, guidance};
pub use meaning::{Meaning, QuotedPermission};

use crate::types::Grade;
use meaning::MeaningId;
use template::{Normal, Template};

const FILES: [(&str, &str); 4] = [
    ("permission.toml", include_str!("../../../checks/patterns/permission.toml")),
    ("record.toml", include_str!("../../../checks/patterns/record.toml")),
    ("query.toml", include_str!("../../../checks/patterns/query.toml")),
    ("service.toml", include_str!("../../../checks/patterns/service.toml")),
];

static PATTERNS: LazyLock<Result<Patterns, BadPatterns>> = LazyLock::new(Patterns::read);

/// The patterns, read at the first use.
///
/// # Errors
/// When their files are wrong, which only a wrong build can cause: an internal error.
pub fn patterns() -> Result<&'static Patterns, BadPatterns> {
    PATTERNS.as_ref().map_err(Clone::clone)
}

/// A file of patterns is not what it must be. Only a wrong build can cause it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the error patterns cannot be read: {file}: {what}")]
pub struct BadPatterns {
    file: String,
    what: String,
}

impl BadPatterns {
    fn new(file: &str, what: impl ToString) -> Self {
        Self { file: file.to_owned(), what: what.to_string() }
    }
}

/// What makes an answer fit a pattern. Texts are tried before codes, codes before statuses.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Condition {
    Text(Template),
    Code(String),
    Status(u16),
}

/// One pattern.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// Its id in the data file.
    pub id: String,
    /// What it says about the answer, in plain words.
    pub note: String,
    /// How well it is known.
    pub grade: Grade,
    /// Where it comes from.
    pub source: String,
    meaning: MeaningId,
    condition: Condition,
    #[cfg(test)]
    example: Example,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPattern {
    meaning: MeaningId,
    text: Option<String>,
    code: Option<String>,
    status: Option<u16>,
    note: String,
    grade: Grade,
    source: String,
    #[cfg_attr(not(test), expect(dead_code, reason = "examples are for the tests"))]
    example: Example,
}

/// An answer that the pattern claims.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(test), expect(dead_code, reason = "examples are for the tests"))]
struct Example {
    status: u16,
    code: Option<String>,
    #[serde(default)]
    detail: String,
}

/// What an answer means, and the pattern that says so.
#[derive(Debug, Clone)]
pub struct Decoded<'a> {
    /// The meaning; `Unknown` where no pattern fits.
    pub meaning: Meaning,
    /// The pattern, with its grade and source.
    pub pattern: Option<&'a Pattern>,
}

/// All patterns.
#[derive(Debug)]
pub struct Patterns(Vec<Pattern>);

impl Patterns {
    fn read() -> Result<Self, BadPatterns> {
        let mut all: Vec<Pattern> = Vec::new();
        for (file, text) in FILES {
            let rows: BTreeMap<String, RawPattern> =
                toml::from_str(text).map_err(|error| BadPatterns::new(file, error))?;
            for (id, raw) in rows {
                let condition = match (raw.text, raw.code, raw.status) {
                    (Some(text), None, None) => Template::parse(&text).map(Condition::Text),
                    (None, Some(code), None) => Ok(Condition::Code(code)),
                    (None, None, Some(status)) => Ok(Condition::Status(status)),
                    _ => Err("exactly one of text, code and status".to_owned()),
                };
                let condition = condition
                    .map_err(|what| BadPatterns::new(file, format_args!("{id}: {what}")))?;
                if all.iter().any(|other| other.id == id) {
                    return Err(BadPatterns::new(file, format_args!("{id} stands twice")));
                }
                all.push(Pattern {
                    id,
                    note: raw.note,
                    grade: raw.grade,
                    source: raw.source,
                    meaning: raw.meaning,
                    condition,
                    #[cfg(test)]
                    example: raw.example,
                });
            }
        }
        Ok(Self(all))
    }

    /// All patterns, file by file.
    #[must_use]
    pub fn all(&self) -> &[Pattern] {
        &self.0
    }

    /// What one error answer means: its HTTP status, `o:errorCode` and `detail`. An answer with
    /// several details is decoded detail by detail.
    #[must_use]
    pub fn decode(&self, status: u16, error_code: Option<&str>, detail: &str) -> Decoded<'_> {
        let unknown = Decoded { meaning: Meaning::Unknown, pattern: None };
        self.by_text(detail)
            .or_else(|| {
                let code = error_code?.trim();
                self.plain(|condition| {
                    matches!(condition, Condition::Code(known) if known.eq_ignore_ascii_case(code))
                })
            })
            .or_else(|| self.plain(|condition| *condition == Condition::Status(status)))
            .unwrap_or(unknown)
    }

    /// The weightiest template that fits.
    fn by_text(&self, detail: &str) -> Option<Decoded<'_>> {
        let text = Normal::new(detail);
        let fitting = self.0.iter().filter_map(|pattern| {
            let Condition::Text(template) = &pattern.condition else { return None };
            let meaning = Meaning::fill(pattern.meaning, template.find(&text)?)?;
            Some((template.weight(), Decoded { meaning, pattern: Some(pattern) }))
        });
        fitting.max_by_key(|(weight, _)| *weight).map(|(_, decoded)| decoded)
    }

    fn plain(&self, fits: impl Fn(&Condition) -> bool) -> Option<Decoded<'_>> {
        let pattern = self.0.iter().find(|pattern| fits(&pattern.condition))?;
        let meaning = Meaning::fill(pattern.meaning, BTreeMap::new())?;
        Some(Decoded { meaning, pattern: Some(pattern) })
    }
}
