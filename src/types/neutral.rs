//! Text without anything that a terminal would obey.

use std::borrow::Cow;

/// What stands where a character was that a terminal would obey.
pub const REPLACEMENT: char = '\u{fffd}';

/// Replaces what a terminal would obey rather than show: control characters, hence every escape
/// sequence, the marks that reverse or hide the direction of writing, and what takes no room.
/// Line breaks and tabs become spaces.
///
/// Replaces and never removes: two harmless halves must not close up into something else.
#[must_use]
pub fn neutral(text: &str) -> Cow<'_, str> {
    if !text.chars().any(suspect) {
        return Cow::Borrowed(text);
    }
    let text = text.replace("\r\n", " ");
    let mut before = None;
    let mut rest = text.chars().peekable();
    let mut out = String::with_capacity(text.len());
    while let Some(c) = rest.next() {
        let joined = is_joiner(c) && joins(before) && joins(rest.peek().copied());
        out.push(if suspect(c) && !joined { substitute(c) } else { c });
        before = Some(c);
    }
    Cow::Owned(out)
}

/// A character that is never shown as it is.
#[must_use]
pub fn obeyed(c: char) -> bool {
    suspect(c) && !is_joiner(c)
}

fn suspect(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}' | '\u{2029}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Emoji and several scripts are written with these, between characters of their own.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

fn joins(neighbour: Option<char>) -> bool {
    neighbour.is_some_and(|c| !c.is_ascii() && !suspect(c))
}

fn substitute(c: char) -> char {
    match c {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => ' ',
        _ => REPLACEMENT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_finds_nothing_to_obey() {
        let hostile = "a\u{1b}[31mred\u{9b}2J\u{202e}b\u{2066}\r\nnext\tone\u{0}\u{7f}\u{200b}\
                       \u{2060}\u{200e}\u{ad}\u{e0041}pay\u{200d}pal";
        let shown = neutral(hostile);
        assert!(!shown.chars().any(suspect), "{shown:?}");
        assert!(shown.contains("[31mred"), "nothing visible is lost");
        assert_eq!(neutral("one\r\ntwo\nthree\u{2028}four"), "one two three four");
    }

    #[test]
    fn harmless_text_is_left_alone() {
        for text in ["", "plain", "naïve — 名前 👩‍💻", "می\u{200c}خواهم"] {
            assert_eq!(neutral(text), text);
        }
    }
}
