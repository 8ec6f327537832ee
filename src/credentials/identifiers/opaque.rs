//! Reads a Client ID or Client Secret, which are both 64 hexadecimal characters, and a Certificate ID,
//! and tells the many other IDs of certificates apart.

use std::collections::BTreeSet;

use super::shape::{is_hex, thirty_two_bytes};
use super::{Cleanup, Shape, clean};
use crate::types::{CertificateId, ClientId};

/// A value of the right form.
#[derive(Clone, PartialEq, Eq)]
pub struct ReadClientId {
    /// The value, cleaned. Also used for the Client Secret while it is judged, so it is never
    /// shown by `Debug`.
    pub value: ClientId,
    /// What was taken off or replaced.
    pub cleanups: BTreeSet<Cleanup>,
    /// Whether it has capital letters, which no known value has.
    pub upper_case: bool,
}

/// The text has not the form of a Client ID. No message shows any of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClientIdError {
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
pub fn read_client_id(text: &str) -> Result<ReadClientId, ClientIdError> {
    let cleaned = clean(text);
    let shape = Shape::of(&cleaned.text);
    let cleaned = cleaned.joined();
    if cleaned.text.is_empty() {
        return Err(ClientIdError::Empty);
    }
    if let Ok(value) = ClientId::new(&cleaned.text) {
        let upper_case = cleaned.text.bytes().any(|b| b.is_ascii_uppercase());
        return Ok(ReadClientId { value, cleanups: cleaned.cleanups, upper_case });
    }
    let length = cleaned.text.chars().count();
    match shape {
        // A piece of a Client ID may be digits only, or may begin as a fingerprint has to.
        Shape::Other | Shape::Serial | Shape::Sha1 | Shape::TooLong if is_hex(&cleaned.text) => {
            Err(ClientIdError::Length(length))
        }
        Shape::Other => {
            let wrong = cleaned.text.chars().position(|c| !c.is_ascii_hexdigit());
            Err(ClientIdError::Characters { length, position: wrong.unwrap_or_default() + 1 })
        }
        shape => Err(ClientIdError::OtherValue(shape)),
    }
}

/// A Certificate ID with how it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadCertificateId {
    /// The ID.
    pub id: CertificateId,
    /// What was taken off or replaced.
    pub cleanups: BTreeSet<Cleanup>,
    /// Whether it was given in another form of base64 and had to be converted.
    pub converted: bool,
}

/// The text is no Certificate ID. No message shows any of it, for it may be a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateIdError {
    /// Nothing, or white space alone.
    #[error("there is nothing in it")]
    Empty,
    /// Another value of a known form.
    #[error("it looks like {}", .0.name())]
    OtherValue(Shape),
    /// The SHA-256 fingerprint of a certificate, and the ID which that certificate gets.
    #[error("it is the SHA-256 fingerprint of a certificate; the ID of that certificate is {0}")]
    Fingerprint(CertificateId),
    /// The right characters in the wrong number.
    #[error("it has {0} characters instead of 43")]
    Length(usize),
    /// 43 characters whose last one cannot be the end of any ID.
    #[error("it has 43 characters, but no Certificate ID ends in its last one")]
    Ending,
    /// Other characters.
    #[error(
        "it has {length} characters, and character {position} is none of A-Z, a-z, 0-9, - and _"
    )]
    Characters {
        /// How many characters there are.
        length: usize,
        /// The first wrong one, counted from 1.
        position: usize,
    },
}

/// Reads a Certificate ID with what copying adds.
///
/// # Errors
/// When it is none, saying what it is instead where that can be told.
pub fn read_certificate_id(text: &str) -> Result<ReadCertificateId, CertificateIdError> {
    let cleaned = clean(text);
    let shape = Shape::of(&cleaned.text);
    let cleaned = cleaned.joined();
    let value = cleaned.text.as_str();
    let read =
        |id, converted| Ok(ReadCertificateId { id, cleanups: cleaned.cleanups.clone(), converted });
    if value.is_empty() {
        return Err(CertificateIdError::Empty);
    }
    if let Ok(id) = CertificateId::new(value) {
        return read(id, false);
    }
    match shape {
        Shape::OtherBase64 => match thirty_two_bytes(value) {
            Some(bytes) => read(CertificateId::of_bytes(&bytes), true),
            None => Err(CertificateIdError::OtherValue(shape)),
        },
        Shape::Sha256 => match fingerprint_bytes(value) {
            Some(bytes) => Err(CertificateIdError::Fingerprint(CertificateId::of_bytes(&bytes))),
            None => Err(CertificateIdError::OtherValue(shape)),
        },
        Shape::Other => Err(malformed(value)),
        shape => Err(CertificateIdError::OtherValue(shape)),
    }
}

fn malformed(value: &str) -> CertificateIdError {
    let length = value.chars().count();
    let wrong = value.chars().position(|c| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_'));
    match wrong {
        Some(at) => CertificateIdError::Characters { length, position: at + 1 },
        None if length == CertificateId::LENGTH => CertificateIdError::Ending,
        None => CertificateIdError::Length(length),
    }
}

/// The bytes of a SHA-256 fingerprint, with colons or without.
fn fingerprint_bytes(text: &str) -> Option<[u8; 32]> {
    let digits: String = text.chars().filter(|c| *c != ':').collect();
    if digits.len() != 64 || !is_hex(&digits) {
        return None;
    }
    let byte = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..64).step_by(2).map(byte).collect();
    bytes?.try_into().ok()
}

#[cfg(test)]
mod tests {
    mod client_id {
        use super::super::*;

        const ID: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

        fn read(text: &str) -> (Vec<Cleanup>, bool) {
            let read = read_client_id(text).unwrap();
            assert!(read.value.as_str().eq_ignore_ascii_case(ID));
            (read.cleanups.into_iter().collect(), read.upper_case)
        }

        #[test]
        fn what_is_clear_is_read() {
            assert_eq!(read(ID), (vec![], false));
            assert_eq!(read(&ID.to_uppercase()), (vec![], true));
            assert_eq!(read(&format!(" {ID}\n")), (vec![Cleanup::SpacesAround], false));
            let (head, tail) = ID.split_at(30);
            assert_eq!(read(&format!("{head}\n{tail}")), (vec![Cleanup::SpacesInside], false));
            assert_eq!(read(&format!("{head}\u{200b}{tail}")), (vec![Cleanup::Invisible], false));
        }

        #[test]
        fn what_is_not_is_named() {
            for (text, error) in [
                ("", ClientIdError::Empty),
                ("\u{200b} ", ClientIdError::Empty),
                (&ID[1..], ClientIdError::Length(63)),
                (&format!("{ID}0"), ClientIdError::Length(65)),
                (&"a".repeat(1_000_000), ClientIdError::Length(1_000_000)),
                ("1234567890123", ClientIdError::Length(13)),
                (&ID.replacen('f', "g", 1), ClientIdError::Characters { length: 64, position: 16 }),
                ("custcertificate1", ClientIdError::OtherValue(Shape::CustCertificate)),
                ("1234567_SB1", ClientIdError::OtherValue(Shape::AccountId)),
                ("1C61CD58-044D-497A-AA29-7A3E9A9BB924", ClientIdError::OtherValue(Shape::Uuid)),
                ("-----BEGIN PRIVATE KEY-----", ClientIdError::OtherValue(Shape::KeyMaterial)),
                (&"z".repeat(1_000_000), ClientIdError::OtherValue(Shape::TooLong)),
            ] {
                assert_eq!(read_client_id(text).err(), Some(error), "{:.80}", text);
            }
        }
    }

    mod certificate_id {
        use super::super::*;
        use CertificateIdError as E;

        /// The one that Oracle publishes with its certificate (OH/article_0209112025).
        const ID: &str = "NPMnRyPg-WDWhPiAbisjKiH0fqnBpjOZ367wDTe0pqA";

        #[test]
        fn what_is_clear_is_read() {
            let read = |text: &str| {
                let read = read_certificate_id(text).unwrap();
                assert_eq!(read.id.as_str(), ID, "{text:?}");
                (read.cleanups.into_iter().collect::<Vec<_>>(), read.converted)
            };
            assert_eq!(read(ID), (vec![], false));
            assert_eq!(
                read(&format!("\"{ID}\"\r\n")),
                (vec![Cleanup::SpacesAround, Cleanup::Quotes], false)
            );
            assert_eq!(
                read(&ID.replacen("PMn", "PM\n n", 1)),
                (vec![Cleanup::SpacesInside], false)
            );
            assert_eq!(read(&ID.replace('-', "\u{2013}")), (vec![Cleanup::Dashes], false));
            assert_eq!(read(&ID.replace('-', "+")), (vec![], true));
            assert_eq!(read(&format!("{ID}=")), (vec![], true));
        }

        #[test]
        fn what_is_not_is_named() {
            let hex = "0123456789abcdef".repeat(4);
            for (text, error) in [
                ("", E::Empty),
                (&ID[1..], E::Length(42)),
                (&format!("{ID}A"), E::Length(44)),
                (&format!("{}B", &ID[..42]), E::Ending),
                (&ID.replacen('M', "*", 1), E::Characters { length: 43, position: 3 }),
                (&hex, E::OtherValue(Shape::Hex64)),
                ("custcertificate3", E::OtherValue(Shape::CustCertificate)),
                ("Survey sync certificate", E::OtherValue(Shape::Words)),
                (&"A".repeat(1_000_000), E::OtherValue(Shape::TooLong)),
            ] {
                assert_eq!(read_certificate_id(text), Err(error), "{:.80}", text);
            }
        }

        #[test]
        fn a_fingerprint_gives_the_id() {
            let bytes = thirty_two_bytes(ID).unwrap();
            let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
            let expected = E::Fingerprint(CertificateId::new(ID).unwrap());
            for text in [pairs.join(":"), format!("SHA256 Fingerprint={}", pairs.join(":"))] {
                assert_eq!(read_certificate_id(&text), Err(expected.clone()), "{text}");
            }
        }
    }
}
