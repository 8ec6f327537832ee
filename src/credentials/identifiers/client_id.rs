//! Reads a Client ID or Client Secret: both are 64 hexadecimal characters.

use std::collections::BTreeSet;

use super::clean::{Repair, clean};
use super::shape::{Shape, is_hex};
use crate::types::ClientId;

/// A value of the right form.
#[derive(Clone, PartialEq, Eq)]
pub struct ReadToken {
    /// The value, cleaned. Also used for the Client Secret while it is judged, so it is never
    /// shown by `Debug`.
    pub value: ClientId,
    /// What was taken off or replaced.
    pub repairs: BTreeSet<Repair>,
    /// Whether it has capital letters, which no known value has.
    pub upper_case: bool,
}

/// The text has not the form of a Client ID. No message shows any of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Nothing, or white space alone.
    #[error("there is nothing in it")]
    Empty,
    /// Another value of a known form.
    #[error("it looks like {}", .0.name())]
    OtherValue(Shape),
    /// Hexadecimal, of another length.
    #[error("it has {0} characters instead of 64")]
    Length(usize),
    /// Other characters.
    #[error("it has {length} characters, and character {position} is none of 0-9 and a-f")]
    Characters {
        /// How many characters there are.
        length: usize,
        /// The first wrong one, counted from 1.
        position: usize,
    },
}

/// Reads a value of 64 hexadecimal characters with what copying adds.
///
/// # Errors
/// When it has another form, saying what it is instead where that can be told.
pub fn read_token(text: &str) -> Result<ReadToken, TokenError> {
    let cleaned = clean(text);
    let shape = Shape::of(&cleaned.text);
    let cleaned = cleaned.joined();
    if cleaned.text.is_empty() {
        return Err(TokenError::Empty);
    }
    if let Ok(value) = ClientId::new(&cleaned.text) {
        let upper_case = cleaned.text.bytes().any(|b| b.is_ascii_uppercase());
        return Ok(ReadToken { value, repairs: cleaned.repairs, upper_case });
    }
    let length = cleaned.text.chars().count();
    match shape {
        // A piece of a Client ID may be digits only, or may begin as a fingerprint has to.
        Shape::Other | Shape::Serial | Shape::Sha1 | Shape::TooLong if is_hex(&cleaned.text) => {
            Err(TokenError::Length(length))
        }
        Shape::Other => {
            let wrong = cleaned.text.chars().position(|c| !c.is_ascii_hexdigit());
            Err(TokenError::Characters { length, position: wrong.unwrap_or_default() + 1 })
        }
        shape => Err(TokenError::OtherValue(shape)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    fn read(text: &str) -> (Vec<Repair>, bool) {
        let read = read_token(text).unwrap();
        assert!(read.value.as_str().eq_ignore_ascii_case(ID));
        (read.repairs.into_iter().collect(), read.upper_case)
    }

    #[test]
    fn what_is_clear_is_read() {
        assert_eq!(read(ID), (vec![], false));
        assert_eq!(read(&ID.to_uppercase()), (vec![], true));
        assert_eq!(read(&format!(" {ID}\n")), (vec![Repair::SpacesAround], false));
        let (head, tail) = ID.split_at(30);
        assert_eq!(read(&format!("{head}\n{tail}")), (vec![Repair::SpacesInside], false));
        assert_eq!(read(&format!("{head}\u{200b}{tail}")), (vec![Repair::Invisible], false));
    }

    #[test]
    fn what_is_not_is_named() {
        for (text, error) in [
            ("", TokenError::Empty),
            ("\u{200b} ", TokenError::Empty),
            (&ID[1..], TokenError::Length(63)),
            (&format!("{ID}0"), TokenError::Length(65)),
            (&"a".repeat(1_000_000), TokenError::Length(1_000_000)),
            ("1234567890123", TokenError::Length(13)),
            (&ID.replacen('f', "g", 1), TokenError::Characters { length: 64, position: 16 }),
            ("custcertificate1", TokenError::OtherValue(Shape::CustCertificate)),
            ("1234567_SB1", TokenError::OtherValue(Shape::AccountId)),
            ("1C61CD58-044D-497A-AA29-7A3E9A9BB924", TokenError::OtherValue(Shape::Uuid)),
            ("-----BEGIN PRIVATE KEY-----", TokenError::OtherValue(Shape::KeyMaterial)),
            (&"z".repeat(1_000_000), TokenError::OtherValue(Shape::TooLong)),
        ] {
            assert_eq!(read_token(text).err(), Some(error), "{:.80}", text);
        }
    }
}
