//! Identifiers as people paste them: cleaned of what copying adds, read where the value is clear, named
//! where it is another one.
//!
//! Everything that is changed on the way is a [`Cleanup`], so that nobody is told that a value is right
//! when only its fixed form is.

mod account_id;
mod opaque;
mod shape;

use std::collections::BTreeSet;

pub use account_id::{AccountIdError, HostError, ReadAccountId, read_account_id};
pub use opaque::{
    CertificateIdError, ClientIdError, ReadCertificateId, ReadClientId, read_certificate_id,
    read_client_id,
};
pub use shape::Shape;

use crate::types::shorten;

/// What was taken off or replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cleanup {
    /// White space before or after the value.
    SpacesAround,
    /// White space or line breaks within the value.
    SpacesInside,
    /// Quotes around the value.
    Quotes,
    /// A comma or semicolon after the value.
    Punctuation,
    /// A label before the value, such as `Client ID:`.
    Label,
    /// Characters that nobody sees: zero-width marks, writing direction, control characters.
    Invisible,
    /// Wide forms of letters and digits, from East Asian keyboards.
    FullWidth,
    /// Dashes in place of the hyphen, from word processors.
    Dashes,
}

impl Cleanup {
    /// What was there, for the middle of a sentence.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::SpacesAround => "white space around it",
            Self::SpacesInside => "white space within it",
            Self::Quotes => "quotes",
            Self::Punctuation => "a comma or semicolon at its end",
            Self::Label => "a label before it",
            Self::Invisible => "invisible characters",
            Self::FullWidth => "full-width letters or digits",
            Self::Dashes => "a long dash for a hyphen",
        }
    }
}

/// The cleanups as an enumeration: `quotes and invisible characters`.
#[must_use]
pub fn listed(cleanups: &BTreeSet<Cleanup>) -> String {
    let names: Vec<&str> = cleanups.iter().map(|cleanup| cleanup.name()).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// A text with what was done to it.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Cleaned {
    /// The text that is left.
    pub text: String,
    /// What was done.
    pub cleanups: BTreeSet<Cleanup>,
}

impl Cleaned {
    /// The same without any white space.
    #[must_use]
    pub fn joined(mut self) -> Self {
        if self.text.contains(char::is_whitespace) {
            self.text.retain(|c| !c.is_whitespace());
            self.cleanups.insert(Cleanup::SpacesInside);
        }
        self
    }
}

/// Cleans a text. Takes time in proportion to its length.
#[must_use]
pub fn clean(text: &str) -> Cleaned {
    let mut cleanups = BTreeSet::new();
    let visible: String = text.chars().filter_map(|c| plain(c, &mut cleanups)).collect();
    let mut rest = trimmed(&visible, &mut cleanups);
    if let Some(value) = without_label(rest) {
        cleanups.insert(Cleanup::Label);
        // The space after a label belongs to it.
        rest = trimmed(value.trim_start(), &mut cleanups);
    }
    Cleaned { text: rest.to_owned(), cleanups }
}

/// One character in its plain form; nothing for those that nobody sees.
fn plain(c: char, cleanups: &mut BTreeSet<Cleanup>) -> Option<char> {
    let (cleanup, plain) = match c {
        _ if c.is_whitespace() => return Some(c),
        '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' => (Cleanup::Invisible, None),
        _ if c.is_control() => (Cleanup::Invisible, None),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' => {
            (Cleanup::Dashes, Some('-'))
        }
        '\u{ff01}'..='\u{ff5e}' => {
            (Cleanup::FullWidth, char::from_u32(u32::from(c).saturating_sub(0xfee0)))
        }
        _ => return Some(c),
    };
    cleanups.insert(cleanup);
    plain
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '\u{ab}' | '\u{bb}' | '\u{2018}'..='\u{201f}')
}

fn is_punctuation(c: char) -> bool {
    matches!(c, ',' | ';')
}

fn trimmed<'a>(text: &'a str, cleanups: &mut BTreeSet<Cleanup>) -> &'a str {
    let start = |c: char| c.is_whitespace() || is_quote(c);
    let end = |c: char| start(c) || is_punctuation(c);
    let rest = text.trim_start_matches(start);
    let (before, _) = text.split_at(text.len() - rest.len());
    let kept = rest.trim_end_matches(end);
    let (_, after) = rest.split_at(kept.len());
    for c in before.chars().chain(after.chars()) {
        cleanups.insert(match c {
            _ if is_quote(c) => Cleanup::Quotes,
            _ if is_punctuation(c) => Cleanup::Punctuation,
            _ => Cleanup::SpacesAround,
        });
    }
    kept
}

/// Labels as forms, JSON and environment files write them, letters only.
const LABELS: &[&str] = &[
    "account",
    "accountid",
    "netsuiteaccountid",
    "clientid",
    "netsuiteclientid",
    "consumerkey",
    "consumerkeyclientid",
    "clientsecret",
    "netsuiteclientsecret",
    "consumersecret",
    "consumersecretclientsecret",
    "certificateid",
    "netsuitecertificateid",
    "shafingerprint",
    "kid",
    "iss",
];

fn without_label(text: &str) -> Option<&str> {
    let (label, value) = text.split_once([':', '='])?;
    if label.len() > 64 || value.trim().is_empty() {
        return None;
    }
    let letters: String =
        label.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect();
    LABELS.contains(&letters.as_str()).then_some(value)
}

/// What shortening leaves of a value of this length or more tells little of it.
const LONG_ENOUGH: usize = 36;

/// Whether two values are the same but for what copying adds and for capital letters. Two empty
/// values are not the same.
#[must_use]
pub fn same_value(one: &str, other: &str) -> bool {
    let (one, other) = (clean(one).joined().text, clean(other).joined().text);
    !one.is_empty() && one.eq_ignore_ascii_case(&other)
}

/// A Client ID as given, for reports: `abcd…wxyz`. Masked wholly where it is short, because then it
/// is something else, and where it equals the secret.
#[must_use]
pub fn client_id_for_report(client_id: &str, secret: Option<&[u8]>) -> Option<String> {
    let value = clean(client_id).joined().text;
    let same = secret
        .and_then(|secret| std::str::from_utf8(secret).ok())
        .is_some_and(|secret| same_value(&value, secret));
    if value.is_empty() {
        None
    } else if same || value.chars().count() < LONG_ENOUGH {
        Some("…".to_owned())
    } else {
        Some(shorten(&value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_copying_adds_is_taken_off_and_named() {
        use Cleanup::*;
        for (given, text, cleanups) in [
            ("abc", "abc", &[][..]),
            ("  abc\n", "abc", &[SpacesAround]),
            ("\u{a0}abc\u{3000}", "abc", &[SpacesAround]),
            ("\"abc\",", "abc", &[Quotes, Punctuation]),
            ("“abc”", "abc", &[Quotes]),
            ("' abc '", "abc", &[SpacesAround, Quotes]),
            ("\u{feff}a\u{200b}bc\u{202e}", "abc", &[Invisible]),
            ("a\u{0}b\u{1b}c", "abc", &[Invisible]),
            ("１２３＿ＳＢ１", "123_SB1", &[FullWidth]),
            ("1–sb1", "1-sb1", &[Dashes]),
            ("Account ID: 123", "123", &[Label]),
            ("NETSUITE_CLIENT_ID=\"abc\"", "abc", &[Quotes, Label]),
            ("\"kid\": \"abc\",", "abc", &[Quotes, Punctuation, Label]),
            ("https://x", "https://x", &[]),
            ("abc=", "abc=", &[]),
            ("", "", &[]),
            (" \n", "", &[SpacesAround]),
        ] {
            let cleaned = clean(given);
            assert_eq!(cleaned.text, text, "{given:?}");
            assert_eq!(cleaned.cleanups, cleanups.iter().copied().collect(), "{given:?}");
        }
    }

    #[test]
    fn white_space_within_is_taken_out_on_demand() {
        let cleaned = clean("ab\r\ncd");
        assert_eq!(cleaned.text, "ab\r\ncd");
        let joined = cleaned.joined();
        assert_eq!(joined.text, "abcd");
        assert_eq!(listed(&joined.cleanups), "white space within it");
    }

    #[test]
    fn a_client_id_that_is_the_secret_is_masked_however_it_was_copied() {
        let id = "0123456789abcdef".repeat(4);
        assert_eq!(client_id_for_report(&id, None).unwrap(), "0123…cdef");
        assert_eq!(client_id_for_report(&format!(" {id}"), Some(b"other")).unwrap(), "0123…cdef");
        for secret in [id.clone(), format!("{id}\n"), format!("\"{id}\""), id.to_uppercase()] {
            assert_eq!(
                client_id_for_report(&id, Some(secret.as_bytes())).unwrap(),
                "…",
                "{secret:?}"
            );
        }
        assert_eq!(client_id_for_report("a short password", None).unwrap(), "…");
        assert_eq!(client_id_for_report(" ", Some(b" ")), None);
    }
}
