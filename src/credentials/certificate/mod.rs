//! X.509 certificates: reading, taking apart, judging.

pub mod name;
pub mod oddity;
pub mod outline;
pub mod signature;
pub mod source;
pub mod validity;

use jiff::Timestamp;
use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::error::ErrorStack;
use openssl::pkey::{PKey, Public};
use openssl::x509::X509;

use super::input::LIMIT;
use super::key::{KeyKind, kind_of};
use crate::types::CertificateId;
pub use oddity::Oddity;
pub use signature::{SelfSignature, SignatureAlgorithm};
pub use validity::Validity;

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
        let outline = outline::outline(bytes);
        let x509 = X509::from_der(bytes).map_err(|error| explain(bytes, &error))?;
        // Without an outline the encoding is unusual; then OpenSSL's own form counts.
        let der = match &outline {
            Some(outline) => outline.whole.to_vec(),
            None => x509.to_der().map_err(|_| CertificateError::NotACertificate)?,
        };
        let oddities = oddity::find(bytes, outline.as_ref(), &x509);
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
        name::one_line(self.x509.subject_name())
    }

    /// The issuer on one line, safe to show.
    #[must_use]
    pub fn issuer(&self) -> String {
        name::one_line(self.x509.issuer_name())
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

    /// The kind of its public key, where JOSE has an algorithm for it.
    #[must_use]
    pub fn key_kind(&self) -> Option<KeyKind> {
        self.public_key().ok().as_ref().and_then(kind_of)
    }

    /// What it was signed with.
    #[must_use]
    pub fn signature_algorithm(&self) -> SignatureAlgorithm {
        let identifier = outline::outline(&self.der).map(|outline| outline.outer_identifier);
        SignatureAlgorithm::read(&self.x509, identifier)
    }

    /// Whether it names itself as its issuer.
    #[must_use]
    pub fn names_itself(&self) -> bool {
        match outline::outline(&self.der) {
            Some(outline) => outline.subject == outline.issuer,
            None => self.subject() == self.issuer(),
        }
    }

    /// Whether it carries its own signature.
    #[must_use]
    pub fn self_signature(&self) -> SelfSignature {
        SelfSignature::of(&self.x509, self.names_itself())
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
    if let Some(announced) = announced_length(bytes)
        && announced > bytes.len()
    {
        return CertificateError::CutOff { announced, found: bytes.len() };
    }
    if outline::outline(bytes).is_none() {
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

/// The length that the first bytes of a DER structure announce, header included.
fn announced_length(bytes: &[u8]) -> Option<usize> {
    let first = *bytes.get(1)?;
    if first < 0x80 {
        return Some(usize::from(first) + 2);
    }
    let count = usize::from(first & 0x7f);
    if count == 0 || count > 4 {
        return None;
    }
    let length =
        bytes.get(2..2 + count)?.iter().fold(0_usize, |sum, byte| (sum << 8) | usize::from(*byte));
    length.checked_add(2 + count)
}

#[cfg(test)]
pub mod samples;
#[cfg(test)]
mod tests;
