//! Which characters a terminal, a shell or a pipeline would obey rather than show. What comes from
//! elsewhere is held against this where it is read, and made harmless where it is shown all the same.

use std::borrow::Cow;

/// Whether a text is one line that is shown as it is.
#[must_use]
pub fn is_plain(text: &str) -> bool {
    !text.contains(obeyed)
}

/// The name of a member or key, fit for a message: whatever somebody wrote where a name belongs.
#[must_use]
pub fn name(text: &str) -> &str {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.');
    if (1..=40).contains(&text.len()) && text.chars().all(fits) {
        text
    } else {
        "(a name that is not shown)"
    }
}

/// Where a table of a TOML file, or one below it, has a key or text with a character that is
/// obeyed. Several lines are never needed there either.
#[must_use]
pub fn offending(table: &toml::Table) -> Option<String> {
    table.iter().find_map(|(key, value)| {
        if !is_plain(key) {
            return Some("a key".to_owned());
        }
        let rest = in_value(value)?;
        Some(format!("{}{rest}", name(key)))
    })
}

fn in_value(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => (!is_plain(text)).then(String::new),
        toml::Value::Array(items) => items.iter().find_map(in_value),
        toml::Value::Table(table) => offending(table).map(|rest| format!(".{rest}")),
        _ => None,
    }
}

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
    fn everything_that_is_obeyed_is_found() {
        for c in ['\0', '\n', '\r', '\t', '\u{1b}', '\u{7f}', '\u{85}', '\u{9b}', '\u{2028}'] {
            assert!(!is_plain(&format!("a{c}b")), "{c:?}");
        }
        for c in ['\u{202e}', '\u{2066}', '\u{200f}', '\u{61c}', '\u{feff}'] {
            assert!(!is_plain(&format!("a{c}b")), "{c:?}");
        }
        assert!(is_plain("naïve — 名前 👩‍💻"));
    }

    #[test]
    fn the_place_in_a_table_is_named_and_nothing_of_it_quoted() {
        let place = |text: &str| offending(&toml::from_str(text).unwrap());
        assert_eq!(place("a = 'b'\n[c]\nd = ['e', 1]"), None);
        assert_eq!(place("[c.d]\ne = ['f', \"\\u001bg\"]").as_deref(), Some("c.d.e"));
        assert_eq!(place("[\"\\u202ec\"]\n").as_deref(), Some("a key"));
        assert_eq!(place("a = \"b\\nc\"").as_deref(), Some("a"));
        let hidden = place("[\"a b c\"]\nd = \"\\u009b\"").unwrap();
        assert_eq!(hidden, "(a name that is not shown).d");
    }

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
