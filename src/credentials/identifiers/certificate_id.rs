//! Reads a Certificate ID, and tells the many other IDs of certificates apart.

use std::collections::BTreeSet;

use super::clean::{Repair, clean};
use super::shape::{Shape, is_hex, thirty_two_bytes};
use crate::types::CertificateId;

/// A Certificate ID with how it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadCertificateId {
    /// The ID.
    pub id: CertificateId,
    /// What was taken off or replaced.
    pub repairs: BTreeSet<Repair>,
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
        |id, converted| Ok(ReadCertificateId { id, repairs: cleaned.repairs.clone(), converted });
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
    use super::*;
    use CertificateIdError as E;

    /// The one that Oracle publishes with its certificate (OH/article_0209112025).
    const ID: &str = "NPMnRyPg-WDWhPiAbisjKiH0fqnBpjOZ367wDTe0pqA";

    #[test]
    fn what_is_clear_is_read() {
        let read = |text: &str| {
            let read = read_certificate_id(text).unwrap();
            assert_eq!(read.id.as_str(), ID, "{text:?}");
            (read.repairs.into_iter().collect::<Vec<_>>(), read.converted)
        };
        assert_eq!(read(ID), (vec![], false));
        assert_eq!(
            read(&format!("\"{ID}\"\r\n")),
            (vec![Repair::SpacesAround, Repair::Quotes], false)
        );
        assert_eq!(read(&ID.replacen("PMn", "PM\n n", 1)), (vec![Repair::SpacesInside], false));
        assert_eq!(read(&ID.replace('-', "\u{2013}")), (vec![Repair::Dashes], false));
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
