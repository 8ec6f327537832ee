//! What files and variables make of a passphrase: the encoding of an editor, quotation marks, blanks,
//! a name before it, a second line.

use std::fmt;

use zeroize::Zeroizing;

use super::private_key::trim_passphrase;
use crate::types::{Secret, SecretKind};

/// Something about a passphrase that hardly anybody means to be part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassphraseFlaw {
    /// Two bytes per character.
    Utf16,
    /// EF BB BF at the start.
    ByteOrderMark,
    /// Bytes that are no UTF-8.
    NotUtf8,
    /// More than one line.
    SecondLine,
    /// No-break and other typographic spaces.
    NoBreakSpaces,
    /// Characters that nobody sees, zero bytes among them.
    InvisibleCharacters,
    /// White space before or after it.
    Blanks,
    /// `PASSPHRASE=` or OpenSSL's `pass:`.
    Name,
    /// Quotation marks around it.
    Quotes,
}

impl PassphraseFlaw {
    /// What it is, for the middle of a sentence.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf16 => "the encoding UTF-16 (two bytes per character)",
            Self::ByteOrderMark => "the byte order mark before it",
            Self::NotUtf8 => "the encoding of an old code page",
            Self::SecondLine => "the further line breaks or lines",
            Self::NoBreakSpaces => "the no-break spaces",
            Self::InvisibleCharacters => "the invisible characters",
            Self::Blanks => "the blanks before or after it",
            Self::Name => "the name before it",
            Self::Quotes => "the quotation marks around it",
        }
    }
}

/// Several flaws in a row, for the middle of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassphraseFlaws(pub Vec<PassphraseFlaw>);

impl fmt::Display for PassphraseFlaws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.0.iter().map(|flaw| flaw.name()).collect();
        match names.as_slice() {
            [before @ .., last] if !before.is_empty() => {
                write!(f, "{} and {last}", before.join(", "))
            }
            all => f.write_str(&all.concat()),
        }
    }
}

/// What can be said of a passphrase that does not open what it should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PassphraseJudgement {
    /// Nothing is in it.
    Empty,
    /// Without these it opens.
    OpensWithout(PassphraseFlaws),
    /// These were seen, but it does not open without them either.
    Odd(PassphraseFlaws),
    /// Nothing is to be seen.
    Plain,
}

/// Looks for what was added to a passphrase that did not open something, and tries it without.
pub fn judge(given: &[u8], mut opens: impl FnMut(&[u8]) -> bool) -> PassphraseJudgement {
    if trim_passphrase(given).is_empty() {
        return PassphraseJudgement::Empty;
    }
    let mut seen = Vec::new();
    for (flaws, text) in cleaned(given) {
        if opens(text.as_bytes()) {
            return PassphraseJudgement::OpensWithout(PassphraseFlaws(flaws));
        }
        seen = flaws;
    }
    match seen.is_empty() {
        true => PassphraseJudgement::Plain,
        false => PassphraseJudgement::Odd(PassphraseFlaws(seen)),
    }
}

/// A passphrase that no key should be encrypted with.
#[derive(Debug, thiserror::Error)]
#[error(
    "the passphrase holds {0}; whatever reads it in another way does not open the key with it. \
     Write the passphrase alone, on one line, as plain text"
)]
pub struct UnfitPassphrase(PassphraseFlaws);

/// The passphrase for a key that is to be encrypted, as read from a file or variable.
///
/// # Errors
/// When it holds what hardly anybody means to be part of it.
pub fn for_new_key(given: &[u8]) -> Result<Secret, UnfitPassphrase> {
    match cleaned(given).pop() {
        Some((flaws, _)) => Err(UnfitPassphrase(PassphraseFlaws(flaws))),
        None => Ok(Secret::new(SecretKind::Passphrase, trim_passphrase(given))),
    }
}

/// A flaw, and what takes it away.
type Way = (PassphraseFlaw, fn(&str) -> String);
type Cleaned = (Vec<PassphraseFlaw>, Zeroizing<String>);

/// The passphrase with one flaw after the other taken away, and which were. Nothing where there is
/// none.
fn cleaned(given: &[u8]) -> Vec<Cleaned> {
    let given = trim_passphrase(given);
    let mut steps: Vec<Cleaned> = Vec::new();
    let (decoded, flaw) = decoded(given);
    let mut text = Zeroizing::new(decoded);
    let mut flaws: Vec<PassphraseFlaw> = flaw.into_iter().collect();
    if !flaws.is_empty() {
        // What a line break in one encoding was is one in the other.
        text = Zeroizing::new(without_line_break(&text).to_owned());
        steps.push((flaws.clone(), text.clone()));
    }
    // Blanks alone are no passphrase that anybody chose.
    if !text.is_empty() && text.trim().is_empty() {
        steps.push((vec![PassphraseFlaw::Blanks], text.clone()));
    }
    let ways: [Way; 7] = [
        (PassphraseFlaw::InvisibleCharacters, without_invisible),
        (PassphraseFlaw::SecondLine, first_line),
        (PassphraseFlaw::NoBreakSpaces, with_plain_spaces),
        (PassphraseFlaw::Blanks, trimmed),
        (PassphraseFlaw::Name, without_name),
        (PassphraseFlaw::Quotes, without_quotes),
        (PassphraseFlaw::Blanks, trimmed),
    ];
    for (flaw, clean) in ways {
        let cleaner = Zeroizing::new(clean(&text));
        if *cleaner == *text || cleaner.is_empty() {
            continue;
        }
        if !flaws.contains(&flaw) {
            flaws.push(flaw);
        }
        text = cleaner;
        // No-break spaces at the ends go with them, as nobody sees the difference.
        if flaw == PassphraseFlaw::NoBreakSpaces && text.trim() != text.as_str() {
            steps.push((flaws.clone(), text.clone()));
            text = Zeroizing::new(trimmed(&text));
        }
        steps.push((flaws.clone(), text.clone()));
    }
    steps
}

/// The bytes as text, and which encoding it is if not plain UTF-8.
fn decoded(given: &[u8]) -> (String, Option<PassphraseFlaw>) {
    let units = |bytes: &[u8], little: bool| -> String {
        let pairs = bytes.chunks_exact(2).map(|pair| match pair {
            [a, b] if little => u16::from_le_bytes([*a, *b]),
            [a, b] => u16::from_be_bytes([*a, *b]),
            _ => 0,
        });
        char::decode_utf16(pairs).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    // The line feed of the last line may have been taken for the end of a file of single bytes.
    let padded = |bytes: &[u8]| [bytes, &[0][..]].concat();
    let zeros = |from: usize| {
        let halves = given.iter().skip(from).step_by(2);
        given.len() > 3 && halves.clone().count() > 1 && halves.into_iter().all(|byte| *byte == 0)
    };
    match given {
        [0xff, 0xfe, rest @ ..] => (units(&padded(rest), true), Some(PassphraseFlaw::Utf16)),
        [0xfe, 0xff, rest @ ..] => (units(rest, false), Some(PassphraseFlaw::Utf16)),
        _ if zeros(1) => (units(&padded(given), true), Some(PassphraseFlaw::Utf16)),
        _ if zeros(0) => (units(given, false), Some(PassphraseFlaw::Utf16)),
        [0xef, 0xbb, 0xbf, rest @ ..] => {
            (String::from_utf8_lossy(rest).into_owned(), Some(PassphraseFlaw::ByteOrderMark))
        }
        _ => match std::str::from_utf8(given) {
            Ok(text) => (text.to_owned(), None),
            // Latin-1, with which the code pages of the West agree where it matters.
            Err(_) => {
                let text = given.iter().map(|byte| char::from(*byte)).collect();
                (text, Some(PassphraseFlaw::NotUtf8))
            }
        },
    }
}

fn without_line_break(text: &str) -> &str {
    let text = text.trim_end_matches('\0');
    text.strip_suffix("\r\n").or_else(|| text.strip_suffix(['\n', '\r'])).unwrap_or(text)
}

fn without_invisible(text: &str) -> String {
    let unseen = |c: char| {
        matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
            || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}')
            || (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
    };
    text.chars().filter(|c| !unseen(*c)).collect()
}

fn first_line(text: &str) -> String {
    let line = text.split(['\n', '\r']).find(|line| !line.trim().is_empty());
    line.unwrap_or(text).to_owned()
}

fn with_plain_spaces(text: &str) -> String {
    let plain = |c: char| if c.is_whitespace() && !c.is_ascii() { ' ' } else { c };
    text.chars().map(plain).collect()
}

fn trimmed(text: &str) -> String {
    text.trim().to_owned()
}

/// `PASSPHRASE=`, `export KEY_PASS=`, `pass:`: a name that says what it is, or one of capitals.
fn without_name(text: &str) -> String {
    let bare = text.strip_prefix("export ").unwrap_or(text).trim_start();
    let Some((name, value)) = bare.split_once(['=', ':']) else { return text.to_owned() };
    let name = name.trim_end();
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
    let lower = name.to_ascii_lowercase();
    let says_so = ["pass", "pwd", "secret"].iter().any(|word| lower.contains(word));
    let constant = name.len() >= 4
        && name.contains('_')
        && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    if plain && (says_so || constant) { value.trim().to_owned() } else { text.to_owned() }
}

fn without_quotes(text: &str) -> String {
    const PAIRS: [(char, char); 7] = [
        ('"', '"'),
        ('\'', '\''),
        ('`', '`'),
        ('\u{201c}', '\u{201d}'),
        ('\u{201e}', '\u{201c}'),
        ('\u{2018}', '\u{2019}'),
        ('\u{ab}', '\u{bb}'),
    ];
    let inner = PAIRS.iter().find_map(|(left, right)| {
        text.strip_prefix(*left)?.strip_suffix(*right).filter(|inner| !inner.is_empty())
    });
    inner.unwrap_or(text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::PassphraseFlaw as F;
    use super::*;

    const RIGHT: &str = "Winter-2031y";

    fn utf16(text: &str, little: bool) -> Vec<u8> {
        let bytes = |unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() };
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn each_flaw_is_named_and_taken_away() {
        for (given, flaws) in [
            (utf16("\u{feff}Winter-2031y\r\n", true), vec![F::Utf16]),
            (utf16("\u{feff}Winter-2031y", false), vec![F::Utf16]),
            (utf16("Winter-2031y\n", true), vec![F::Utf16]),
            (utf16("Winter-2031y\n", false), vec![F::Utf16]),
            ("\u{feff}Winter-2031y\n".into(), vec![F::ByteOrderMark]),
            ("Winter-2031y\n\n".into(), vec![F::SecondLine]),
            ("\nWinter-2031y\n".into(), vec![F::SecondLine]),
            ("Winter-2031y\nnote".into(), vec![F::SecondLine]),
            ("Winter-2031y \n".into(), vec![F::Blanks]),
            ("\tWinter-2031y".into(), vec![F::Blanks]),
            ("\u{a0}Winter-2031y".into(), vec![F::NoBreakSpaces]),
            ("Win\u{200b}ter-2031y".into(), vec![F::InvisibleCharacters]),
            ("Winter\0-2031y".into(), vec![F::InvisibleCharacters]),
            ("'Winter-2031y'\n".into(), vec![F::Quotes]),
            ("\u{201c}Winter-2031y\u{201d}".into(), vec![F::Quotes]),
            ("pass:Winter-2031y\n".into(), vec![F::Name]),
            ("NETSUITE_KEY=Winter-2031y\n".into(), vec![F::Name]),
            ("export PASSPHRASE=\"Winter-2031y\"\n".into(), vec![F::Name, F::Quotes]),
            ("\u{feff}Winter-2031y \r\n".into(), vec![F::ByteOrderMark, F::Blanks]),
        ] {
            let shown = String::from_utf8_lossy(&given).into_owned();
            let judged = judge(&given, |text| text == RIGHT.as_bytes());
            assert_eq!(
                judged,
                PassphraseJudgement::OpensWithout(PassphraseFlaws(flaws)),
                "{shown:?}"
            );
            assert!(for_new_key(&given).is_err(), "{shown:?}");
        }
    }

    #[test]
    fn what_belongs_to_it_is_left() {
        for given in ["Winter-2031y\n", "a b", "x=1:2", "ab:cd", "'tis", "größe\r\n", "C=O_2"] {
            assert_eq!(judge(given.as_bytes(), |_| true), PassphraseJudgement::Plain, "{given}");
            assert!(for_new_key(given.as_bytes()).is_ok(), "{given}");
        }
        assert!(for_new_key(b"     \n").is_err() && for_new_key("\u{feff}".as_bytes()).is_err());
        assert_eq!(judge(b"\r\n", |_| true), PassphraseJudgement::Empty);
        let odd = judge(b"\"wrong\"", |_| false);
        assert_eq!(odd, PassphraseJudgement::Odd(PassphraseFlaws(vec![F::Quotes])));
    }

    #[test]
    fn flaws_are_told_without_the_passphrase() {
        let error = for_new_key(b" 'Winter-2031y' ").unwrap_err().to_string();
        assert!(error.contains("blanks") && error.contains("and the quotation marks"), "{error}");
        assert!(!error.contains("Winter"), "{error}");
    }

    mod arbitrary {
        use proptest::prelude::*;

        use super::super::*;

        proptest! {
            #[test]
            fn bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
                let mut tried = 0;
                let _ = judge(&bytes, |_| { tried += 1; false });
                prop_assert!(tried <= 9);
                let _ = for_new_key(&bytes);
            }
        }
    }
}
