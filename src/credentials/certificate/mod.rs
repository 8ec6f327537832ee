//! X.509 certificates: reading, taking apart, judging.

mod outline;
#[cfg(test)]
pub mod samples;
pub mod signature;
pub mod source;
pub mod validity;

use std::fmt::Write as _;

use jiff::Timestamp;
use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::error::ErrorStack;
use openssl::pkey::{PKey, Public};
use openssl::x509::{X509, X509NameRef};

use crate::types::{CertificateId, KeyKind};
pub use outline::Oddity;
use outline::{oddities, outline};
pub use signature::{SelfSignature, SignatureAlgorithm};
pub use validity::Validity;

use super::der::{self, OuterLength};
use super::input::LIMIT;
use super::private_key::{PrivateKey, kind_of};

/// A certificate that OpenSSL can read. What is unusual about it is told by [`Oddity`].
#[derive(Clone)]
pub struct Certificate {
    der: Vec<u8>,
    x509: X509,
    oddities: Vec<Oddity>,
}

/// The bytes are no certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// Nothing there.
    #[error("it holds no bytes")]
    Empty,
    /// More than [`LIMIT`].
    #[error("it is larger than 1 MiB, and a certificate has a few kilobytes")]
    TooLarge,
    /// The first byte is not that of a SEQUENCE.
    #[error("its first byte is 0x{0:02x}, and a certificate in DER form begins with 0x30")]
    NotDer(u8),
    /// The length in the first bytes is more than there is.
    #[error("it is cut off: its beginning announces {announced} bytes, and {found} are there")]
    CutOff {
        /// What the first bytes say.
        announced: usize,
        /// What there is.
        found: usize,
    },
    /// Some other structure.
    #[error("it is a DER structure, but not that of an X.509 certificate")]
    NotACertificate,
    /// Laid out like a certificate, and not readable in a part.
    #[error("it is laid out like a certificate, but {0}")]
    Damaged(&'static str),
}

impl Certificate {
    /// Reads a certificate in DER form. What follows it is reported, not refused.
    ///
    /// # Errors
    /// When OpenSSL finds no certificate in the bytes.
    pub fn from_der(bytes: &[u8]) -> Result<Self, CertificateError> {
        if bytes.len() > LIMIT {
            return Err(CertificateError::TooLarge);
        }
        match bytes.first() {
            None => return Err(CertificateError::Empty),
            Some(0x30) => {}
            Some(other) => return Err(CertificateError::NotDer(*other)),
        }
        let outline = outline(bytes);
        let x509 = X509::from_der(bytes).map_err(|error| explain(bytes, &error))?;
        // Without an outline the encoding is unusual; then OpenSSL's own form counts.
        let der = match &outline {
            Some(outline) => outline.whole.to_vec(),
            None => x509.to_der().map_err(|_| CertificateError::NotACertificate)?,
        };
        let oddities = oddities(bytes, outline.as_ref(), &x509);
        Ok(Self { der, x509, oddities })
    }

    /// The certificate in DER form, without anything that followed it.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The certificate as PEM, in the exact form that every program reads.
    ///
    /// # Errors
    /// When OpenSSL cannot write it.
    pub fn to_pem(&self) -> Result<String, ErrorStack> {
        Ok(String::from_utf8_lossy(&self.x509.to_pem()?).into_owned())
    }

    /// OpenSSL's view of it.
    #[must_use]
    pub fn x509(&self) -> &X509 {
        &self.x509
    }

    /// The ID that NetSuite derives from it; see [`CertificateId`] for how well that is known.
    #[must_use]
    pub fn certificate_id(&self) -> CertificateId {
        CertificateId::of_certificate(&self.der)
    }

    /// SHA-256 of the DER form.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        openssl::sha::sha256(&self.der)
    }

    /// The subject on one line, safe to show.
    #[must_use]
    pub fn subject(&self) -> String {
        one_line(self.x509.subject_name())
    }

    /// The issuer on one line, safe to show.
    #[must_use]
    pub fn issuer(&self) -> String {
        one_line(self.x509.issuer_name())
    }

    /// The serial number in hexadecimal, upper case, with a minus sign where it is negative.
    #[must_use]
    pub fn serial(&self) -> String {
        let number = self.x509.serial_number().to_bn();
        let text = number.and_then(|number| Ok(number.to_hex_str()?.to_string()));
        text.unwrap_or_else(|_| "unreadable".to_owned())
    }

    /// The version as people count it: 3 for today's certificates.
    #[must_use]
    pub fn version(&self) -> i64 {
        i64::from(self.x509.version()) + 1
    }

    /// When it is valid; `None` where one of the dates is no date.
    #[must_use]
    pub fn validity(&self) -> Option<Validity> {
        Some(Validity {
            not_before: timestamp(self.x509.not_before())?,
            not_after: timestamp(self.x509.not_after())?,
        })
    }

    /// Its public key.
    ///
    /// # Errors
    /// When OpenSSL cannot read the key.
    pub fn public_key(&self) -> Result<PKey<Public>, ErrorStack> {
        self.x509.public_key()
    }

    /// Whether it holds the public half of this key. Compared by OpenSSL, not by fingerprint: one key
    /// can be written in more than one way.
    #[must_use]
    pub fn belongs_to(&self, key: &PrivateKey) -> bool {
        self.public_key().is_ok_and(|public| key.pkey().public_eq(&public))
    }

    /// The kind of its public key, where JOSE has an algorithm for it.
    #[must_use]
    pub fn key_kind(&self) -> Option<KeyKind> {
        self.public_key().ok().as_ref().and_then(kind_of)
    }

    /// What it was signed with.
    #[must_use]
    pub fn signature_algorithm(&self) -> SignatureAlgorithm {
        let identifier = outline(&self.der).map(|outline| outline.outer_identifier);
        SignatureAlgorithm::from_x509(&self.x509, identifier)
    }

    /// Whether it names itself as its issuer.
    #[must_use]
    pub fn names_itself(&self) -> bool {
        match outline(&self.der) {
            Some(outline) => outline.subject == outline.issuer,
            None => self.subject() == self.issuer(),
        }
    }

    /// Whether it carries its own signature.
    #[must_use]
    pub fn self_signature(&self) -> SelfSignature {
        SelfSignature::verify(&self.x509, self.names_itself())
    }

    /// What is unusual about it.
    #[must_use]
    pub fn oddities(&self) -> &[Oddity] {
        &self.oddities
    }
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Certificate({})", self.certificate_id())
    }
}

/// Bytes as colon-separated pairs of upper-case hexadecimal digits, the way tools show
/// fingerprints.
#[must_use]
pub fn colon_hex(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    pairs.join(":")
}

/// A date of a certificate. One beyond what can be counted stands for the end of time.
fn timestamp(time: &Asn1TimeRef) -> Option<Timestamp> {
    let since_epoch = Asn1Time::from_unix(0).ok()?.diff(time).ok()?;
    let seconds = i64::from(since_epoch.days) * 86_400 + i64::from(since_epoch.secs);
    let latest = Timestamp::MAX.as_second();
    Timestamp::from_second(seconds.clamp(Timestamp::MIN.as_second(), latest)).ok()
}

/// What OpenSSL's refusal means in plain words.
fn explain(bytes: &[u8], error: &ErrorStack) -> CertificateError {
    if let OuterLength::Shorter(announced) = der::outer(bytes) {
        return CertificateError::CutOff { announced, found: bytes.len() };
    }
    if outline(bytes).is_none() {
        return CertificateError::NotACertificate;
    }
    let reasons: Vec<&str> =
        error.errors().iter().filter_map(openssl::error::Error::reason).collect();
    let has = |word: &str| reasons.iter().any(|reason| reason.contains(word));
    CertificateError::Damaged(if has("too long") || has("too small") || has("not enough data") {
        "one of its parts has a wrong length"
    } else if has("wrong tag") || has("unexpected") || has("missing") {
        "one of its parts is not of the type that belongs there"
    } else if has("integer") || has("padding") {
        "one of its numbers is written wrongly"
    } else {
        "one of its parts is damaged"
    })
}

/// A name is shown up to this many characters.
const LONGEST_NAME: usize = 300;

/// A name on one line, such as `CN=NetSuite, O=Example`. Control characters are shown as escapes,
/// because the text goes to terminals and the certificate is anybody's.
#[must_use]
pub fn one_line(name: &X509NameRef) -> String {
    let mut line = String::new();
    for entry in name.entries() {
        if !line.is_empty() {
            line.push_str(", ");
        }
        let object = entry.object();
        match object.nid().short_name() {
            Ok(short) if object.nid() != openssl::nid::Nid::UNDEF => line.push_str(short),
            _ => line.push_str(&object.to_string()),
        }
        line.push('=');
        line.push_str(&decode_text(entry.data().as_slice()));
    }
    if line.is_empty() {
        return "(empty)".to_owned();
    }
    printable(&line)
}

/// The text of a directory string. OpenSSL does not say which of the string types it is; two-byte
/// text begins with a zero byte for every name in a Latin script.
fn decode_text(bytes: &[u8]) -> String {
    if bytes.len() >= 2 && bytes.len().is_multiple_of(2) && bytes.first() == Some(&0) {
        let units: Vec<u16> = bytes
            .chunks_exact(2)
            .filter_map(|pair| <[u8; 2]>::try_from(pair).ok().map(u16::from_be_bytes))
            .collect();
        return String::from_utf16_lossy(&units);
    }
    String::from_utf8_lossy(bytes).into_owned()
}

/// Text without control characters and without characters that reorder what stands around them.
#[must_use]
pub fn printable(text: &str) -> String {
    let mut clean = String::new();
    for character in text.chars().take(LONGEST_NAME) {
        let reorders = matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if character.is_control() || reorders {
            let _ = write!(clean, "\\u{{{:x}}}", u32::from(character));
        } else {
            clean.push(character);
        }
    }
    if text.chars().nth(LONGEST_NAME).is_some() {
        clean.push('…');
    }
    clean
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::credentials::generate::{KeyType, SubjectName, generate_key, issue, validity_from};

    #[test]
    fn control_characters_cannot_reach_a_terminal() {
        assert_eq!(printable("a\u{1b}[2J\u{202e}b"), "a\\u{1b}[2J\\u{202e}b");
        assert_eq!(printable(&"x".repeat(400)).chars().count(), LONGEST_NAME + 1);
    }

    #[test]
    fn two_byte_text_is_read() {
        assert_eq!(decode_text(b"\0A\0B"), "AB");
        assert_eq!(decode_text("Zoë".as_bytes()), "Zoë");
    }

    fn sample() -> Certificate {
        let key = generate_key(KeyType::EcP256).unwrap();
        let period = validity_from("2026-01-01T00:00:00Z".parse().unwrap(), 365).unwrap();
        issue(&key, &SubjectName::default(), period).unwrap()
    }

    #[test]
    fn what_is_no_certificate_is_told_in_plain_words() {
        let der = sample().der().to_vec();
        let cut = der[..der.len() - 10].to_vec();
        let announced = der.len();
        for (bytes, error) in [
            (vec![], CertificateError::Empty),
            (b"-----BEGIN".to_vec(), CertificateError::NotDer(b'-')),
            (vec![0x30; LIMIT + 1], CertificateError::TooLarge),
            (cut, CertificateError::CutOff { announced, found: announced - 10 }),
            (b"\x30\x03\x02\x01\x01".to_vec(), CertificateError::NotACertificate),
        ] {
            assert_eq!(Certificate::from_der(&bytes).unwrap_err(), error);
        }
    }

    #[test]
    fn what_follows_a_certificate_does_not_change_its_id() {
        let certificate = sample();
        let longer = [certificate.der(), b"tail"].concat();
        let read = Certificate::from_der(&longer).unwrap();
        assert_eq!(read.certificate_id(), certificate.certificate_id());
        assert_eq!(read.oddities(), [Oddity::TrailingData(4)]);
    }

    /// Asks everything that a certificate can be asked.
    fn ask_everything(certificate: &Certificate) {
        let _ = (
            certificate.subject(),
            certificate.issuer(),
            certificate.serial(),
            certificate.version(),
            certificate.validity().map(|validity| (validity.effective_end(), validity.days())),
            certificate.key_kind(),
            certificate.signature_algorithm().to_string(),
            certificate.self_signature(),
            certificate.oddities().len(),
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
            let _ = Certificate::from_der(&bytes);
            let _ = Certificate::from_der(&[&[0x30, 0x82], bytes.as_slice()].concat());
        }
    }

    #[test]
    fn a_certificate_with_any_one_byte_changed_is_read_or_refused() {
        let der = sample().der().to_vec();
        for position in 0..der.len() {
            for change in [0x01, 0x80, 0xff] {
                let mut changed = der.clone();
                changed[position] ^= change;
                if let Ok(certificate) = Certificate::from_der(&changed) {
                    ask_everything(&certificate);
                }
            }
        }
    }
}
