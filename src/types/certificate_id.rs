//! The Certificate ID that NetSuite shows on the M2M set-up page and expects as `kid`.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// A Certificate ID: 43 base64url characters, 32 bytes. May begin with `-` or `_`.
///
/// Derivation: base64url without padding of SHA-256 over the certificate's DER. Proved on the one
/// certificate that Oracle publishes together with its ID (OH/article_0209112025,
/// `auth-protocol.md` 4.6); not yet on a live account.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CertificateId(String);

impl CertificateId {
    /// Length of every Certificate ID seen.
    pub const LENGTH: usize = 43;

    /// Takes an exact value.
    ///
    /// # Errors
    /// When the text is not the unpadded base64url form of 32 bytes.
    pub fn new(text: &str) -> Result<Self, InvalidCertificateId> {
        match URL_SAFE_NO_PAD.decode(text) {
            Ok(bytes) if bytes.len() == 32 => Ok(Self(text.to_owned())),
            _ => Err(InvalidCertificateId),
        }
    }

    /// The ID that NetSuite derives from a certificate.
    #[must_use]
    pub fn of_certificate(der: &[u8]) -> Self {
        Self::of_bytes(&openssl::sha::sha256(der))
    }

    /// The ID that stands for these bytes, a certificate's SHA-256.
    #[must_use]
    pub fn of_bytes(sha256: &[u8; 32]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(sha256))
    }

    /// The text of the ID.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a command line could take it for an option, or a spreadsheet for a formula.
    #[must_use]
    pub fn starts_with_punctuation(&self) -> bool {
        self.0.starts_with(['-', '_'])
    }
}

impl std::str::FromStr for CertificateId {
    type Err = InvalidCertificateId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::new(text)
    }
}

impl fmt::Display for CertificateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for CertificateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CertificateId({})", self.0)
    }
}

/// The text is no Certificate ID.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a Certificate ID is 43 characters of A-Z, a-z, 0-9, - and _")]
pub struct InvalidCertificateId;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_ids_parse() {
        let id = CertificateId::of_certificate(b"anything");
        assert_eq!(id.as_str().len(), CertificateId::LENGTH);
        assert_eq!(CertificateId::new(id.as_str()), Ok(id));
    }

    #[test]
    fn other_shapes_are_refused() {
        for wrong in ["", "custcertificate3", &"A".repeat(42), &"A".repeat(44), &"+".repeat(43)] {
            assert_eq!(CertificateId::new(wrong), Err(InvalidCertificateId), "{wrong:?}");
        }
    }
}
