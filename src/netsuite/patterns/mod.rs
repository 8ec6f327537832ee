//! What NetSuite's error answers mean. The data stands in `checks/patterns/*.toml`.

mod guidance;
mod meaning;
mod template;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

pub use guidance::{AuditDetail, ErrorCode, TokenError, guidance};
pub use meaning::{Meaning, QuotedPermission};

use crate::data;
use crate::types::Grade;
use meaning::MeaningId;
use template::{Normal, Template};

const FILES: [&str; 4] = [
    "patterns/permission.toml",
    "patterns/record.toml",
    "patterns/query.toml",
    "patterns/service.toml",
];

static PATTERNS: LazyLock<Patterns> = LazyLock::new(Patterns::read);

/// The patterns, read at the first use.
pub fn patterns() -> &'static Patterns {
    &PATTERNS
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
    fn read() -> Self {
        let mut all = Self(Vec::new());
        for file in FILES {
            data::read_as(file, |rows| all.add(rows));
        }
        all
    }

    fn add(&mut self, rows: BTreeMap<String, RawPattern>) -> Result<(), String> {
        for (id, raw) in rows {
            let condition = match (raw.text, raw.code, raw.status) {
                (Some(text), None, None) => Template::parse(&text).map(Condition::Text),
                (None, Some(code), None) => Ok(Condition::Code(code)),
                (None, None, Some(status)) => Ok(Condition::Status(status)),
                _ => Err("exactly one of text, code and status".to_owned()),
            };
            let condition = condition.map_err(|what| format!("{id}: {what}"))?;
            if self.0.iter().any(|other| other.id == id) {
                return Err(format!("{id} stands twice"));
            }
            self.0.push(Pattern {
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
        Ok(())
    }

    /// All patterns, file by file.
    #[must_use]
    #[cfg(test)]
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

    /// The pattern of a sentence that NetSuite answers with.
    #[must_use]
    pub fn said(&self, sentence: &str) -> Option<&Pattern> {
        self.by_text(sentence)?.pattern
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
