//! The Certificate ID: what was given, and what it is instead.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::clean::{Blemish, clean};
use super::shape::{Shape, shape_of};
use crate::types::CertificateId;

/// A Certificate ID that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadCertificateId {
    /// The ID.
    pub id: CertificateId,
    /// What was taken off.
    pub blemishes: Vec<Blemish>,
    /// Whether `=` stood at its end.
    pub padded: bool,
    /// Whether `+` or `/` stood in place of `-` and `_`.
    pub standard_alphabet: bool,
}

/// Why a value is no Certificate ID. No variant repeats the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateIdError {
    /// Nothing.
    #[error("The Certificate ID is empty.")]
    Empty,
    /// It was never filled in.
    #[error("The Certificate ID was not filled in: the value is a placeholder.")]
    Placeholder,
    /// `custcertificate3`.
    #[error(
        "This is the script ID of a certificate in Setup > Company > Certificates, which is \
         another store."
    )]
    OtherStore,
    /// The SHA-256 fingerprint of a certificate.
    #[error(
        "This is the SHA-256 fingerprint of a certificate; the Certificate ID of that certificate \
         would be {0}."
    )]
    Sha256Fingerprint(CertificateId),
    /// 64 hexadecimal characters: a Client ID or a fingerprint.
    #[error(
        "These are 64 hexadecimal characters: a Client ID, a secret, or a SHA-256 fingerprint \
         without colons."
    )]
    Hex64(CertificateId),
    /// A SHA-1 fingerprint.
    #[error("This is the SHA-1 fingerprint of a certificate, not its Certificate ID.")]
    Sha1Fingerprint,
    /// A serial number, or an internal id.
    #[error("This looks like the serial number of a certificate or an internal ID.")]
    SerialNumber,
    /// The UUID of the integration record.
    #[error("This is an Application ID (a UUID), not a Certificate ID.")]
    ApplicationId,
    /// `c.<account>.<date>`.
    #[error("This is the ID of one of the keys with which NetSuite signs its own tokens.")]
    TokenKeyId,
    /// The value of another field.
    #[error("This looks like {0}, not like a Certificate ID.")]
    OtherValue(&'static str),
    /// The right characters, but too few or too many.
    #[error("The Certificate ID has {0} characters; every one seen so far has 43.")]
    WrongLength(usize),
    /// 43 characters, but the last one is not possible.
    #[error("The last character of the Certificate ID is not possible: part of it was changed.")]
    Impossible,
    /// Other characters.
    #[error("The value holds {0:?}; a Certificate ID has letters, digits, - and _ only.")]
    WrongCharacter(char),
}

/// Reads a value as people give it.
///
/// # Errors
/// [`CertificateIdError`]: what it is instead.
pub fn read(value: &str) -> Result<ReadCertificateId, CertificateIdError> {
    let mut cleaned = clean(value);
    cleaned.strip_label(&["certificateid", "certid", "kid"]);
    if shape_of(&cleaned.text) == Shape::Other {
        cleaned.join();
    }
    let bare = cleaned.text.trim_end_matches('=');
    let padded = bare.len() < cleaned.text.len();
    let standard_alphabet = bare.contains(['+', '/']);
    let candidate = bare.replace('+', "-").replace('/', "_");
    // A path or sentence of the right length would be changed beyond recognition.
    if let Ok(id) = CertificateId::new(&candidate) {
        return Ok(ReadCertificateId {
            id,
            blemishes: cleaned.blemishes,
            padded,
            standard_alphabet,
        });
    }
    Err(why_not(&cleaned.text, &candidate))
}

fn why_not(text: &str, candidate: &str) -> CertificateIdError {
    match shape_of(text) {
        Shape::Empty => CertificateIdError::Empty,
        Shape::Placeholder => CertificateIdError::Placeholder,
        Shape::CustCertificate => CertificateIdError::OtherStore,
        Shape::Uuid => CertificateIdError::ApplicationId,
        Shape::TokenKeyId => CertificateIdError::TokenKeyId,
        Shape::Hex64 => {
            of_hex(text).map_or(CertificateIdError::Impossible, CertificateIdError::Hex64)
        }
        Shape::ColonHex(32) => of_hex(text)
            .map_or(CertificateIdError::Impossible, CertificateIdError::Sha256Fingerprint),
        Shape::ColonHex(20) | Shape::Hex(40) => CertificateIdError::Sha1Fingerprint,
        Shape::ColonHex(_) | Shape::Hex(_) | Shape::Digits => CertificateIdError::SerialNumber,
        Shape::Email => CertificateIdError::OtherValue("a mail address"),
        Shape::Url => CertificateIdError::OtherValue("an address"),
        Shape::Pem => CertificateIdError::OtherValue("a key or certificate"),
        Shape::Jwt => CertificateIdError::OtherValue("a token"),
        Shape::FileName => CertificateIdError::OtherValue("the name of a file"),
        Shape::CertificateId | Shape::Other => of_characters(candidate),
    }
}

fn of_characters(candidate: &str) -> CertificateIdError {
    let wrong = |c: &char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_');
    match candidate.chars().find(wrong) {
        Some(c) => CertificateIdError::WrongCharacter(c),
        None if candidate.len() == CertificateId::LENGTH => CertificateIdError::Impossible,
        None => CertificateIdError::WrongLength(candidate.len()),
    }
}

/// The ID of the certificate whose SHA-256 fingerprint this is.
fn of_hex(text: &str) -> Option<CertificateId> {
    let digits: String = text.chars().filter(|c| *c != ':').collect();
    let number = openssl::bn::BigNum::from_hex_str(&digits).ok()?;
    let bytes = number.to_vec_padded(32).ok()?;
    CertificateId::new(&URL_SAFE_NO_PAD.encode(bytes)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "NPMnRyPg-WDWhPiAbisjKiH0fqnBpjOZ367wDTe0pqA";

    #[test]
    fn values_are_read_or_named() {
        for value in [
            GOOD.to_owned(),
            format!(" {GOOD}\n"),
            format!("{GOOD}="),
            format!("kid: {GOOD}"),
            GOOD.replace('-', "+"),
            format!("{}\n{}", &GOOD[..20], &GOOD[20..]),
        ] {
            assert_eq!(read(&value).unwrap().id.as_str(), GOOD, "{value:?}");
        }
        for (value, error) in [
            ("", CertificateIdError::Empty),
            ("custcertificate3", CertificateIdError::OtherStore),
            ("1C61CD58-044D-497A-AA29-7A3E9A9BB924", CertificateIdError::ApplicationId),
            ("c.1234567.2024-05-06_01-02", CertificateIdError::TokenKeyId),
            ("da39a3ee5e6b4b0d3255bfef95601890afd80709", CertificateIdError::Sha1Fingerprint),
            ("00:9f:aa:10:bc", CertificateIdError::SerialNumber),
            ("12", CertificateIdError::SerialNumber),
            ("public.pem", CertificateIdError::OtherValue("the name of a file")),
            (&GOOD[1..], CertificateIdError::WrongLength(42)),
            (&GOOD.replace("pqA", "pqB"), CertificateIdError::Impossible),
            ("abc!def", CertificateIdError::WrongCharacter('!')),
        ] {
            assert_eq!(read(value).unwrap_err(), error, "{value}");
        }
    }

    #[test]
    fn a_fingerprint_tells_the_id() {
        let hex = "34f3274723e0f960d684f8806e2b232a21f47ea9c1a63399dfaef00d37b4a6a0";
        let id = CertificateId::new(GOOD).unwrap();
        assert_eq!(read(hex).unwrap_err(), CertificateIdError::Hex64(id.clone()));
        let pairs: Vec<&str> = (0..64).step_by(2).map(|at| &hex[at..at + 2]).collect();
        let colons = pairs.join(":").to_uppercase();
        assert_eq!(read(&colons).unwrap_err(), CertificateIdError::Sha256Fingerprint(id));
    }
}
