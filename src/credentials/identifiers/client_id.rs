//! The Client ID: what was given, and what it is instead.

use super::clean::{Blemish, clean};
use super::shape::{Shape, shape_of};
use crate::types::ClientId;

/// A Client ID that was read.
#[derive(Debug, Clone)]
pub struct ReadClientId {
    /// The ID.
    pub id: ClientId,
    /// What was taken off.
    pub blemishes: Vec<Blemish>,
    /// Whether it has capital letters, which no Client ID seen so far has.
    pub upper_case: bool,
}

/// Why a value is no Client ID. No variant repeats the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClientIdError {
    /// Nothing.
    #[error("The Client ID is empty.")]
    Empty,
    /// It was never filled in.
    #[error("The Client ID was not filled in: the value is a placeholder.")]
    Placeholder,
    /// The UUID of the integration record.
    #[error("This is an Application ID (a UUID), not the Client ID of the integration record.")]
    ApplicationId,
    /// The Certificate ID, or a certificate's script ID.
    #[error("This looks like a Certificate ID, not like a Client ID.")]
    CertificateId,
    /// The value of another field.
    #[error("This looks like {0}, not like a Client ID.")]
    OtherValue(&'static str),
    /// Hexadecimal, but too short or too long.
    #[error("The Client ID has {0} characters; every one seen so far has 64.")]
    WrongLength(usize),
    /// Other characters than hexadecimal ones.
    #[error(
        "The Client ID has {length} characters, {wrong} of them other than 0-9 and a-f; it should \
         be 64 of those."
    )]
    WrongCharacters {
        /// How many characters there are.
        length: usize,
        /// How many of them are not hexadecimal.
        wrong: usize,
    },
}

/// Reads a value as people give it.
///
/// # Errors
/// [`ClientIdError`]: what it is instead.
pub fn read(value: &str) -> Result<ReadClientId, ClientIdError> {
    let mut cleaned = clean(value);
    cleaned.strip_label(&["consumerkey/clientid", "clientid", "consumerkey"]);
    // A placeholder or prose keeps its spaces: joined it would look like something else.
    let before = shape_of(&cleaned.text);
    if before == Shape::Other {
        cleaned.join();
    }
    let text = &cleaned.text;
    if let Ok(id) = ClientId::new(text) {
        let upper_case = text.bytes().any(|b| b.is_ascii_uppercase());
        return Ok(ReadClientId { id, blemishes: cleaned.blemishes, upper_case });
    }
    let length = text.chars().count();
    Err(match shape_of(text) {
        Shape::Empty => ClientIdError::Empty,
        Shape::Placeholder => ClientIdError::Placeholder,
        Shape::Uuid => ClientIdError::ApplicationId,
        Shape::CertificateId | Shape::CustCertificate => ClientIdError::CertificateId,
        Shape::ColonHex(_) => ClientIdError::OtherValue("a fingerprint or serial number"),
        Shape::TokenKeyId => {
            ClientIdError::OtherValue("the ID of one of NetSuite's own token keys")
        }
        Shape::Email => ClientIdError::OtherValue("a mail address"),
        Shape::Url => ClientIdError::OtherValue("an address"),
        Shape::Pem => ClientIdError::OtherValue("a key or certificate"),
        Shape::Jwt => ClientIdError::OtherValue("a token"),
        Shape::FileName => ClientIdError::OtherValue("the name of a file"),
        Shape::Digits => ClientIdError::OtherValue("an account ID or internal ID"),
        _ => match text.chars().filter(|c| !c.is_ascii_hexdigit()).count() {
            0 => ClientIdError::WrongLength(length),
            wrong => ClientIdError::WrongCharacters { length, wrong },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_or_named() {
        let good = "0123456789abcdef".repeat(4);
        let (left, right) = good.split_at(30);
        for value in [
            good.clone(),
            format!(" {good}\n"),
            format!("\"{good}\""),
            format!("Client ID: {good}"),
            format!("CONSUMER KEY / CLIENT ID {good}"),
            format!("{left}\n{right}"),
            format!("{left}\u{200b}{right}"),
        ] {
            assert_eq!(read(&value).unwrap().id.as_str(), good, "{value:?}");
        }
        assert!(read(&good.to_uppercase()).unwrap().upper_case);
        for (value, error) in [
            ("", ClientIdError::Empty),
            ("<client-id>", ClientIdError::Placeholder),
            ("1C61CD58-044D-497A-AA29-7A3E9A9BB924", ClientIdError::ApplicationId),
            ("NPMnRyPg-WDWhPiAbisjKiH0fqnBpjOZ367wDTe0pqA", ClientIdError::CertificateId),
            ("custcertificate1", ClientIdError::CertificateId),
            (&good[1..], ClientIdError::WrongLength(63)),
            (&format!("{good}0"), ClientIdError::WrongLength(65)),
            (&good.replacen('a', "o", 1), ClientIdError::WrongCharacters { length: 64, wrong: 1 }),
            ("1234567", ClientIdError::OtherValue("an account ID or internal ID")),
            ("me@example.com", ClientIdError::OtherValue("a mail address")),
        ] {
            assert_eq!(read(value).unwrap_err(), error, "{value}");
        }
    }
}
