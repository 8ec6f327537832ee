//! Takes off what clings to a pasted value.

use std::fmt;

/// Nothing that identifies anything is longer; the rest is not looked at.
pub const LONGEST: usize = 4096;

/// What clung to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Blemish {
    /// Spaces, tabs or line breaks around it.
    Spaces,
    /// Quotation marks around it.
    Quotes,
    /// Characters nobody sees.
    Invisible,
    /// Full-width letters, digits or signs of East Asian keyboards.
    FullWidth,
    /// Typographic dashes in place of hyphens.
    Dashes,
    /// White space in the middle.
    InnerSpaces,
    /// The name of the field in front of it.
    Label,
}

impl Blemish {
    /// Stable name; the guidance in the cards stands under it.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Spaces => "surrounding-spaces",
            Self::Quotes => "quotes",
            Self::Invisible => "invisible-characters",
            Self::FullWidth => "full-width-characters",
            Self::Dashes => "typographic-dashes",
            Self::InnerSpaces => "inner-spaces",
            Self::Label => "label",
        }
    }
}

impl fmt::Display for Blemish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Spaces => "There are spaces or line breaks around the value.",
            Self::Quotes => "There are quotation marks around the value.",
            Self::Invisible => "There are invisible characters in the value.",
            Self::FullWidth => "Some characters of the value are full-width forms.",
            Self::Dashes => "A hyphen of the value became a typographic dash.",
            Self::InnerSpaces => "There is white space in the middle of the value.",
            Self::Label => "The name of the field stands in front of the value.",
        })
    }
}

/// A value without what clung to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cleaned {
    /// The value.
    pub text: String,
    /// What was taken off, in the order of [`Blemish`].
    pub blemishes: Vec<Blemish>,
}

impl Cleaned {
    /// Notes one more blemish.
    pub fn note(&mut self, blemish: Blemish) {
        if !self.blemishes.contains(&blemish) {
            self.blemishes.push(blemish);
            self.blemishes.sort_unstable();
        }
    }

    /// Takes white space out of the middle.
    pub fn join(&mut self) {
        if self.text.contains(char::is_whitespace) {
            self.text.retain(|c| !c.is_whitespace());
            self.note(Blemish::InnerSpaces);
        }
    }

    /// Takes the name of the field off, where one of `labels` stands in front with a colon, an
    /// equals sign or a space. Case, spaces, hyphens and underscores in the name do not matter.
    pub fn strip_label(&mut self, labels: &[&str]) {
        let Some(rest) = labels.iter().find_map(|label| after_label(&self.text, label)) else {
            return;
        };
        self.text = rest.trim_matches(is_edge).to_owned();
        self.note(Blemish::Label);
    }
}

fn after_label<'a>(text: &'a str, label: &str) -> Option<&'a str> {
    let mut rest = text;
    for wanted in label.chars() {
        rest = rest.trim_start_matches([' ', '_', '-']);
        let first = rest.chars().next().filter(|c| c.eq_ignore_ascii_case(&wanted))?;
        rest = rest.get(first.len_utf8()..)?;
    }
    let value = rest.trim_start_matches([' ', '\t', ':', '=', '#', '"', '\'']);
    (value.len() < rest.len() && !value.is_empty()).then_some(value)
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '\u{b4}' | '\u{ab}' | '\u{bb}' | '\u{2018}'..='\u{201f}')
}

fn is_edge(c: char) -> bool {
    c.is_whitespace() || is_quote(c)
}

fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}'
    ) || (c.is_control() && !c.is_whitespace())
}

fn is_dash(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}')
}

/// The value with everything taken off that cannot belong to an identifier.
#[must_use]
pub fn clean(value: &str) -> Cleaned {
    let value = value.get(..value.floor_char_boundary(LONGEST)).unwrap_or_default();
    let mut cleaned = Cleaned { text: String::with_capacity(value.len()), blemishes: Vec::new() };
    for c in value.chars() {
        match c {
            _ if is_invisible(c) => cleaned.note(Blemish::Invisible),
            _ if is_dash(c) => {
                cleaned.note(Blemish::Dashes);
                cleaned.text.push('-');
            }
            // The full-width forms stand at a fixed distance from ASCII.
            '\u{ff01}'..='\u{ff5e}' => {
                cleaned.note(Blemish::FullWidth);
                let plain = char::from_u32(u32::from(c) - 0xfee0);
                cleaned.text.push(plain.unwrap_or(c));
            }
            _ => cleaned.text.push(c),
        }
    }
    let outer = cleaned.text.trim();
    let inner = outer.trim_matches(is_edge);
    let (spaced, quoted) = (outer.len() < cleaned.text.len(), inner.len() < outer.len());
    cleaned.text = inner.to_owned();
    if spaced {
        cleaned.note(Blemish::Spaces);
    }
    if quoted {
        cleaned.note(Blemish::Quotes);
    }
    cleaned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_clings_is_taken_off_and_named() {
        for (value, text, blemishes) in [
            ("1234567", "1234567", &[][..]),
            (" 1234567\r\n", "1234567", &[Blemish::Spaces]),
            ("\u{a0}1234567", "1234567", &[Blemish::Spaces]),
            ("\"1234567\"", "1234567", &[Blemish::Quotes]),
            ("“1234567” ", "1234567", &[Blemish::Spaces, Blemish::Quotes]),
            ("12\u{200b}34567\u{feff}", "1234567", &[Blemish::Invisible]),
            ("１２３", "123", &[Blemish::FullWidth]),
            ("1234567–sb1", "1234567-sb1", &[Blemish::Dashes]),
        ] {
            let cleaned = clean(value);
            assert_eq!((cleaned.text.as_str(), cleaned.blemishes.as_slice()), (text, blemishes));
        }
    }

    #[test]
    fn a_field_name_in_front_is_taken_off() {
        let mut cleaned = clean("Client ID: abc");
        cleaned.strip_label(&["clientid"]);
        assert_eq!((cleaned.text.as_str(), cleaned.blemishes), ("abc", vec![Blemish::Label]));
        let mut other = clean("clientidabc");
        other.strip_label(&["clientid"]);
        assert_eq!(other.text, "clientidabc");
    }

    #[test]
    fn a_long_value_is_cut() {
        assert_eq!(clean(&"é".repeat(1_000_000)).text.len(), LONGEST);
    }
}
