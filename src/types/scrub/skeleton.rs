//! A text as the scrubber compares it: without white space and what else breaks a long word, without
//! regard to case and to which of the two base64 alphabets is used.

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
    pub fn of(text: &str, escapes: Escapes) -> Self {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn bare(text: &str, escapes: Escapes) -> String {
        String::from_utf8(Skeleton::of(text, escapes).bytes).unwrap()
    }

    #[test]
    fn what_is_learned_is_what_is_compared() {
        for text in ["Ab\u{a0}c\r\n\td,\u{200b}e\u{0}f\"g=", "a-b_c+d/e", "\u{e9}x\\n%41"] {
            assert_eq!(*bytes(text), Skeleton::of(text, Escapes::Kept).bytes);
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
        let skeleton = Skeleton::of(text, Escapes::Kept);
        let places = skeleton.places_of(text, 1..skeleton.bytes.len() - 1);
        let parts: Vec<_> = places.into_iter().map(|place| &text[place]).collect();
        assert_eq!(parts, ["abc", "d e", "f"]);
    }
}
