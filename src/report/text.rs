//! Text that came from elsewhere, made fit to be shown.

use std::borrow::Cow;

use crate::types::plain::obeyed;

/// The most characters that one text of a report has.
pub const LONGEST: usize = 2_000;

/// The most characters of a value that goes into a command, such as a certificate in base64.
pub const LONGEST_VALUE: usize = 8_000;

/// What stands where a character was that a terminal would obey.
const NEUTRAL: char = '\u{fffd}';

/// Replaces what a terminal would obey rather than show: control characters, hence every escape
/// sequence, and the marks that reverse or hide the direction of writing. Line breaks and tabs
/// become spaces.
///
/// Replaces and never removes: two harmless halves must not close up into something else.
#[must_use]
pub fn neutral(text: &str) -> Cow<'_, str> {
    if !text.contains(obeyed) {
        return Cow::Borrowed(text);
    }
    let shown = text.replace("\r\n", " ");
    Cow::Owned(shown.chars().map(|c| if obeyed(c) { substitute(c) } else { c }).collect())
}

fn substitute(c: char) -> char {
    match c {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => ' ',
        _ => NEUTRAL,
    }
}

/// At most `most` characters of a text; what is cut off is counted.
#[must_use]
pub fn bounded(text: &str, most: usize) -> Cow<'_, str> {
    let Some((end, _)) = text.char_indices().nth(most) else {
        return Cow::Borrowed(text);
    };
    let kept = text.get(..end).unwrap_or_default();
    let cut = text.chars().count().saturating_sub(most);
    Cow::Owned(format!("{kept}… ({cut} more characters)"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_finds_nothing_to_obey() {
        let hostile = "a\u{1b}[31mred\u{9b}2J\u{202e}b\u{2066}\r\nnext\tone\u{0}\u{7f}";
        let shown = neutral(hostile);
        assert!(!shown.contains(obeyed), "{shown:?}");
        assert!(shown.contains("[31mred"), "nothing visible is lost");
        assert_eq!(neutral("one\r\ntwo\nthree"), "one two three");
    }

    #[test]
    fn harmless_text_is_left_alone() {
        for text in ["", "plain", "naïve — 名前 👩‍💻"] {
            assert!(matches!(neutral(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        assert_eq!(bounded("äöü", 3), "äöü");
        assert_eq!(bounded("äöüß", 3), "äöü… (1 more characters)");
        assert!(bounded(&"x".repeat(100_000), LONGEST).chars().count() < LONGEST + 40);
    }
}
