//! Templates of NetSuite's texts, and matching against them.

use std::collections::BTreeMap;

/// The longest text that is looked at, in characters; NetSuite's own are below 600.
const LONGEST: usize = 4_000;
/// The longest value that a slot inside a template takes, in characters.
const LONGEST_CAPTURE: usize = 200;

/// What the slots of a template took, by name.
pub(super) type Captures = BTreeMap<String, String>;

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
pub(super) struct Template(Vec<Piece>);

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
pub(super) struct Normal(Vec<char>);

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
