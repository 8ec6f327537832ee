//! What NetSuite's error answers mean. The data stands in `checks/patterns/*.toml`.

mod meaning;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use meaning::MeaningId;
pub use meaning::{
    DetailMeaning, ErrorCodeMeaning, Meaning, QuotedPermission, TokenErrorMeaning, guidance,
};
use serde::Deserialize;

use crate::data;
use crate::types::Grade;

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

    /// What a sentence that NetSuite answers with means, and its pattern.
    #[must_use]
    pub fn said(&self, sentence: &str) -> Option<(Meaning, &Pattern)> {
        let Decoded { meaning, pattern } = self.by_text(sentence)?;
        Some((meaning, pattern?))
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

// Templates of NetSuite's texts, and matching against them.

/// The longest text that is looked at, in characters; NetSuite's own are below 600.
const LONGEST: usize = 4_000;
/// The longest value that a slot inside a template takes, in characters.
const LONGEST_CAPTURE: usize = 200;

/// What the slots of a template took, by name.
type Captures = BTreeMap<String, String>;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// A letter, lower case.
    Letter(char),
    /// White space of any length.
    Space,
    /// Two or more white-space characters.
    WideSpace,
    /// A slot.
    Slot(String),
}

/// A template: literal text with `{slots}`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Template(Vec<Piece>);

impl Template {
    /// Reads a template.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = text.chars().peekable();
        while let Some(c) = rest.next() {
            match c {
                '{' => {
                    let name: String = rest.by_ref().take_while(|c| *c != '}').collect();
                    if name.is_empty() || matches!(pieces.last(), Some(Piece::Slot(_))) {
                        return Err(format!("a slot without a name or a neighbour in `{text}`"));
                    }
                    pieces.push(Piece::Slot(name));
                }
                ' ' if rest.next_if_eq(&' ').is_some() => pieces.push(Piece::WideSpace),
                ' ' => pieces.push(Piece::Space),
                c => pieces.push(Piece::Letter(c.to_ascii_lowercase())),
            }
        }
        match pieces.first() {
            Some(Piece::Letter(_)) => Ok(Self(pieces)),
            _ => Err(format!("a template begins with a letter: `{text}`")),
        }
    }

    /// How much the template says: of two that fit, the one that says more is right.
    pub fn weight(&self) -> usize {
        let weigh = |piece: &Piece| match piece {
            Piece::Letter(_) | Piece::Space => 1,
            Piece::WideSpace => 2,
            Piece::Slot(_) => 0,
        };
        self.0.iter().map(weigh).sum()
    }

    /// The shortest stretch of the text that fits, by what its slots took.
    pub fn find(&self, text: &Normal) -> Option<Captures> {
        let fits = |start| fit(&self.0, text.0.get(start..)?);
        (0..text.0.len()).filter_map(fits).min_by_key(|(length, _)| *length).map(|(_, got)| got)
    }
}

/// The length of the stretch at the beginning of `text` that fits, and what the slots took.
fn fit(pieces: &[Piece], text: &[char]) -> Option<(usize, Captures)> {
    let Some((piece, rest)) = pieces.split_first() else {
        return Some((0, Captures::new()));
    };
    let taken = match piece {
        Piece::Letter(letter) => {
            usize::from(text.first().is_some_and(|c| c.eq_ignore_ascii_case(letter)))
        }
        Piece::Space => spaces(text),
        Piece::WideSpace => Some(spaces(text)).filter(|run| *run > 1)?,
        Piece::Slot(name) => return fit_slot(name, rest, text),
    };
    if taken == 0 {
        return None;
    }
    let (length, got) = fit(rest, text.get(taken..)?)?;
    Some((taken + length, got))
}

/// A slot takes as little as it can; the last one of a template takes the rest of the line.
fn fit_slot(name: &str, rest: &[Piece], text: &[char]) -> Option<(usize, Captures)> {
    if rest.is_empty() {
        let end = text.iter().position(|c| *c == '\n').unwrap_or(text.len());
        let value = tidy(text.get(..end)?);
        let value = value.strip_suffix('.').unwrap_or(&value).to_owned();
        return (!value.is_empty()).then(|| (end, Captures::from([(name.to_owned(), value)])));
    }
    (1..=text.len().min(LONGEST_CAPTURE)).find_map(|end| {
        let (length, mut got) = fit(rest, text.get(end..)?)?;
        let value = Some(tidy(text.get(..end)?)).filter(|value| !value.is_empty())?;
        got.insert(name.to_owned(), value);
        Some((end + length, got))
    })
}

fn spaces(text: &[char]) -> usize {
    text.iter().take_while(|c| c.is_whitespace()).count()
}

/// Single spaces, none at the ends.
fn tidy(text: &[char]) -> String {
    text.iter().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text of NetSuite's with HTML entities and typographic quotation marks made plain. White space
/// is kept as it came: how much there is carries meaning.
#[derive(Debug)]
struct Normal(Vec<char>);

impl Normal {
    pub fn new(text: &str) -> Self {
        let mut plain = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next()
            && plain.len() < LONGEST
        {
            if let Some((entity, length)) = entity(rest) {
                plain.push(entity);
                rest = rest.get(length..).unwrap_or_default();
            } else {
                plain.push(match c {
                    '\u{2018}' | '\u{2019}' => '\'',
                    '\u{201c}' | '\u{201d}' => '"',
                    other => other,
                });
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
            }
        }
        Self(plain)
    }
}

/// A text with its entities made plain.
pub(super) fn plain_text(text: &str) -> String {
    Normal::new(text).0.into_iter().collect()
}

/// The character that the entity at the beginning of the text stands for, and the entity's length.
fn entity(text: &str) -> Option<(char, usize)> {
    let body = text.strip_prefix('&')?;
    let (name, _) = body.split_once(';').filter(|(name, _)| name.len() <= 8)?;
    let character = match name.to_ascii_lowercase().as_str() {
        "gt" => '>',
        "lt" => '<',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        numeric => {
            let digits = numeric.strip_prefix('#')?;
            let code = match digits.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => digits.parse(),
            };
            char::from_u32(code.ok()?)?
        }
    };
    Some((character, name.len() + 2))
}
