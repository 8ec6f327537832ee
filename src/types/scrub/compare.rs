//! How the scrubber compares: texts without white space and what else breaks a long word, without
//! regard to case and to which of the two base64 alphabets is used; and long pieces of secrets, found
//! without keeping the secrets: every short stretch of them is known by a number, and a text is read
//! once whatever the number of secrets.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use zeroize::Zeroizing;

/// How the escapes of a text are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escapes {
    /// As they are written.
    Kept,
    /// As what they stand for: `\n`, `\u0041`, `%41`, `&#65;`.
    Resolved,
}

/// What is left of a text, byte for byte with the place that it comes from.
#[derive(Default)]
pub(super) struct Skeleton {
    pub bytes: Vec<u8>,
    places: Vec<Range<usize>>,
}

impl Skeleton {
    pub fn new(text: &str, escapes: Escapes) -> Self {
        let mut skeleton = Self::default();
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let escape = (escapes == Escapes::Resolved).then(|| resolved(rest)).flatten();
            let (what, length) = escape.unwrap_or_else(|| {
                let c = rest.chars().next().unwrap_or_default();
                (Stood::For(c), c.len_utf8())
            });
            let place = at..at + length;
            match what {
                Stood::For(c) if c.is_ascii() => {
                    if let Some(byte) = kept(c) {
                        skeleton.push(byte, &place);
                    }
                }
                Stood::For(c) if kept_bytes(c) == 0 => {}
                Stood::For(c) => {
                    c.encode_utf8(&mut [0; 4]).bytes().for_each(|b| skeleton.push(b, &place));
                }
                Stood::ForByte(byte) => skeleton.push(byte, &place),
            }
            at += length;
        }
        skeleton
    }

    fn push(&mut self, byte: u8, place: &Range<usize>) {
        self.bytes.push(byte);
        self.places.push(place.clone());
    }

    /// The places in the text of one stretch. It is broken where punctuation stands in it that may
    /// hold the text together, such as the quotation marks of JSON.
    pub fn places_of(&self, text: &str, stretch: Range<usize>) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        for place in self.places.get(stretch).unwrap_or_default() {
            let gap = |last: &Range<usize>| text.get(last.end..place.start).unwrap_or_default();
            match found.last_mut() {
                Some(last) if !gap(last).contains(HOLDS) => last.end = last.end.max(place.end),
                _ => found.push(place.clone()),
            }
        }
        for place in &mut found {
            // Half an escape would damage the text around it.
            let before = text.get(..place.start).unwrap_or_default();
            place.start = before.trim_end_matches('\\').len();
        }
        found
    }
}

/// Punctuation that is left out of the comparison and stays in the text.
pub(super) const HOLDS: [char; 8] = ['"', '\'', '`', '<', '>', ',', ';', '|'];

/// The same without places, for a secret that is learned.
pub(super) fn bytes(text: &str) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    for c in text.chars() {
        match c {
            _ if c.is_ascii() => bytes.extend(kept(c)),
            _ if kept_bytes(c) == 0 => {}
            _ => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    bytes
}

/// How many bytes of a character are compared.
pub(super) fn kept_bytes(c: char) -> usize {
    match c {
        _ if c.is_ascii() => usize::from(kept(c).is_some()),
        _ if c.is_whitespace() || invisible(c) => 0,
        _ => c.len_utf8(),
    }
}

fn kept(c: char) -> Option<u8> {
    let byte = u8::try_from(c).ok()?;
    match byte {
        _ if c.is_whitespace() || c.is_control() || HOLDS.contains(&c) => None,
        b'\\' | b'=' => None,
        b'-' => Some(b'+'),
        b'_' => Some(b'/'),
        _ => Some(byte.to_ascii_lowercase()),
    }
}

/// Characters without width: soft hyphen, joiners, marks of direction, byte order mark.
fn invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fffd}')
}

enum Stood {
    For(char),
    ForByte(u8),
}

/// What the escape at the beginning of `text` stands for, and its length.
fn resolved(text: &str) -> Option<(Stood, usize)> {
    let number = |digits: Option<&str>| u32::from_str_radix(digits?, 16).ok();
    let of = |code: Option<u32>| code.and_then(char::from_u32).unwrap_or(' ');
    if text.starts_with('\\') {
        let tail = text.trim_start_matches('\\');
        let skipped = text.len() - tail.len();
        return match tail.bytes().next()? {
            b'n' | b'r' | b't' | b'f' | b'b' | b'v' => Some((Stood::For(' '), skipped + 1)),
            b'u' => number(tail.get(1..5)).map(|code| (Stood::For(of(Some(code))), skipped + 5)),
            b'x' => number(tail.get(1..3)).map(|code| (Stood::For(of(Some(code))), skipped + 3)),
            _ => None,
        };
    }
    if let Some(mut tail) = text.strip_prefix('%') {
        // A percent sign may itself be written as %25, any number of times.
        while let Some(inner) = tail.strip_prefix("25") {
            tail = inner;
        }
        let length = text.len() - tail.len();
        let byte = u8::try_from(number(tail.get(..2))?).ok()?;
        let stood = if byte.is_ascii() { Stood::For(byte.into()) } else { Stood::ForByte(byte) };
        return Some((stood, length + 2));
    }
    let tail = text.strip_prefix("&#")?;
    let digits = tail.get(..tail.find(';').filter(|end| *end <= 8)?)?;
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(hex) => number(Some(hex))?,
        None => digits.parse().ok()?,
    };
    Some((Stood::For(of(Some(code))), digits.len() + 3))
}

/// Length of the stretches.
pub(super) const STRETCH: usize = 12;

const BASE: u64 = 0x9E37_79B9_7F4A_7C15;
/// `BASE` to the power of [`STRETCH`].
const LEAVING: u64 = BASE.wrapping_pow(12);
/// Bits of the table that answers for nearly every stretch of an ordinary text.
const TABLE: usize = 1 << 20;

/// Stretches of secrets, each with the shortest length that counts as a piece.
#[derive(Default)]
pub(super) struct Pieces {
    least: HashMap<u64, u8>,
    table: Vec<u64>,
    public: HashSet<u64>,
}

/// A stretch of a text that is like a piece of a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SecretPiece {
    pub range: Range<usize>,
    /// Whether all of it may stand in a certificate as well.
    pub public: bool,
    least: u8,
}

impl Pieces {
    /// Takes every stretch of `skeleton`; from `least` bytes on, what is like it is a piece.
    pub fn add(&mut self, skeleton: &[u8], least: usize) {
        if self.table.is_empty() {
            self.table = vec![0; TABLE / 64];
        }
        let least = u8::try_from(least).unwrap_or(u8::MAX);
        self.least.reserve(skeleton.len());
        for number in numbers(skeleton) {
            let known = self.least.entry(number).or_insert(least);
            *known = least.min(*known);
            let (word, bit) = slot(number);
            if let Some(word) = self.table.get_mut(word) {
                *word |= bit;
            }
        }
    }

    /// Takes what of a secret is public where a certificate stands.
    pub fn add_public(&mut self, skeleton: &[u8]) {
        self.public.extend(numbers(skeleton));
    }

    /// Where pieces of secrets stand.
    pub fn find(&self, skeleton: &[u8]) -> Vec<SecretPiece> {
        let mut found: Vec<SecretPiece> = Vec::new();
        let mut last_was_one = false;
        for (at, number) in numbers(skeleton).enumerate() {
            let least = self.least_of(number);
            let public = least.is_some() && self.public.contains(&number);
            match (least, found.last_mut().filter(|_| last_was_one)) {
                (Some(least), Some(piece)) => {
                    piece.range.end = at + STRETCH;
                    piece.least = least.min(piece.least);
                    piece.public &= public;
                }
                (Some(least), None) => {
                    found.push(SecretPiece { range: at..at + STRETCH, public, least });
                }
                (None, _) => {}
            }
            last_was_one = least.is_some();
        }
        found.retain(|piece| piece.range.len() >= usize::from(piece.least));
        found
    }

    fn least_of(&self, number: u64) -> Option<u8> {
        let (word, bit) = slot(number);
        let may = self.table.get(word).is_some_and(|word| word & bit != 0);
        if may { self.least.get(&number).copied() } else { None }
    }
}

fn slot(number: u64) -> (usize, u64) {
    let at = usize::try_from(number >> 44).unwrap_or_default();
    (at / 64, 1 << (at % 64))
}

/// The numbers of all stretches, from the first on.
fn numbers(bytes: &[u8]) -> impl Iterator<Item = u64> {
    let mut sum: u64 = 0;
    let leaving = std::iter::repeat_n(None, STRETCH).chain(bytes.iter().map(Some));
    bytes
        .iter()
        .zip(leaving)
        .map(move |(coming, leaving)| {
            let leaving = leaving.map_or(0, |byte| u64::from(*byte) + 1);
            sum = sum
                .wrapping_mul(BASE)
                .wrapping_add(u64::from(*coming) + 1)
                .wrapping_sub(leaving.wrapping_mul(LEAVING));
            sum.wrapping_mul(BASE | 1)
        })
        .skip(STRETCH - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bare(text: &str, escapes: Escapes) -> String {
        String::from_utf8(Skeleton::new(text, escapes).bytes).unwrap()
    }

    #[test]
    fn what_is_learned_is_what_is_compared() {
        for text in ["Ab\u{a0}c\r\n\td,\u{200b}e\u{0}f\"g=", "a-b_c+d/e", "\u{e9}x\\n%41"] {
            assert_eq!(*bytes(text), Skeleton::new(text, Escapes::Kept).bytes);
        }
    }

    #[test]
    fn what_breaks_a_word_is_left_out() {
        assert_eq!(bare("Ab\u{a0}c\r\n\td,\u{200b}e\u{0}f\"g=", Escapes::Kept), "abcdefg");
        assert_eq!(bare("a-b_c+d/e", Escapes::Kept), "a+b/c+d/e");
    }

    #[test]
    fn escapes_are_what_they_stand_for() {
        let text = r"a\nb\\r\\\tc\u0044\x45%46%2547%252548&#73;&#x4a;%zz\q%";
        assert_eq!(bare(text, Escapes::Resolved), "abcdefghij%zzq%");
        assert_eq!(bare("%C3%A9\u{e9}", Escapes::Resolved), "\u{e9}\u{e9}");
    }

    #[test]
    fn quotation_marks_stay() {
        let text = r#"["abc","d e\"f"]"#;
        let skeleton = Skeleton::new(text, Escapes::Kept);
        let places = skeleton.places_of(text, 1..skeleton.bytes.len() - 1);
        let parts: Vec<_> = places.into_iter().map(|place| &text[place]).collect();
        assert_eq!(parts, ["abc", "d e", "f"]);
    }

    #[test]
    fn a_piece_is_found_from_its_shortest_length_on() {
        let secret: Vec<u8> =
            (0..100_u32).map(|n| b'a' + u8::try_from(n * n % 23).unwrap()).collect();
        let mut pieces = Pieces::default();
        pieces.add(&secret, 24);
        for at in 0..76 {
            let text = [b"XYZ", &secret[at..at + 24], b"XYZ"].concat();
            let found = pieces.find(&text);
            assert!(
                found.iter().any(|piece| piece.range.start <= 3 && piece.range.end >= 27),
                "{at}"
            );
        }
        assert!(pieces.find(b"nothing of it, nothing of it, nothing of it").is_empty());
        assert!(pieces.find(&secret[..11]).is_empty());
    }
}
