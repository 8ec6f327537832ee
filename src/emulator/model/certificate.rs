//! An uploaded certificate, read with OpenSSL alone.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{Timestamp, ToSpan as _, tz::TimeZone};
use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::{Id, PKey, Public};
use openssl::x509::X509;

/// A certificate as the upload form takes it.
#[derive(Clone)]
pub struct Certificate {
    der: Vec<u8>,
    key: PKey<Public>,
    not_before: Timestamp,
    not_after: Timestamp,
}

/// Why a file is no certificate that the account takes.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// OpenSSL cannot read it.
    #[error("this is no X.509 certificate")]
    Unreadable(#[from] ErrorStack),
    /// RSA of 3072 or 4096 bits, P-256, P-384, P-521 only. Source: OH/subsect_162755332391.
    #[error("the account takes RSA keys of 3072 or 4096 bits and EC keys on P-256, P-384, P-521")]
    KeyKind,
}

impl Certificate {
    /// Reads DER or PEM.
    ///
    /// # Errors
    /// When it is no certificate, or its key is of a kind that the upload form refuses.
    pub fn read(bytes: &[u8]) -> Result<Self, CertificateError> {
        let x509 = if bytes.starts_with(b"-----") {
            X509::from_pem(bytes)?
        } else {
            X509::from_der(bytes)?
        };
        let key = x509.public_key()?;
        if !accepted(&key)? {
            return Err(CertificateError::KeyKind);
        }
        Ok(Self {
            der: x509.to_der()?,
            key,
            not_before: timestamp(x509.not_before())?,
            not_after: timestamp(x509.not_after())?,
        })
    }

    /// base64url without padding of SHA-256 over the DER. Source: `auth-protocol.md` 4.6.
    #[must_use]
    pub fn id(&self) -> String {
        URL_SAFE_NO_PAD.encode(openssl::sha::sha256(&self.der))
    }

    /// The public key.
    #[must_use]
    pub fn key(&self) -> &PKey<Public> {
        &self.key
    }

    /// `RSA` or `EC`, as the rotation endpoint writes it.
    #[must_use]
    pub fn algorithm(&self) -> &'static str {
        if self.key.id() == Id::RSA { "RSA" } else { "EC" }
    }

    /// Start of its validity.
    #[must_use]
    pub fn not_before(&self) -> Timestamp {
        self.not_before
    }

    /// End of its own validity.
    #[must_use]
    pub fn not_after(&self) -> Timestamp {
        self.not_after
    }

    /// Two calendar years from the start of its validity, where the account cuts it off.
    /// Source: OH/subsect_162755332391; from which day the two years count is not published.
    #[must_use]
    pub fn cap(&self) -> Timestamp {
        self.not_before
            .to_zoned_datetime(TimeZone::UTC)
            .checked_add(2.years())
            .map_or(Timestamp::MAX, |end| end.timestamp())
    }
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Certificate({})", self.id())
    }
}

fn accepted(key: &PKey<Public>) -> Result<bool, ErrorStack> {
    Ok(match key.id() {
        Id::RSA => matches!(key.bits(), 3072 | 4096),
        Id::EC => matches!(
            key.ec_key()?.group().curve_name(),
            Some(Nid::X9_62_PRIME256V1 | Nid::SECP384R1 | Nid::SECP521R1)
        ),
        _ => false,
    })
}

fn timestamp(time: &Asn1TimeRef) -> Result<Timestamp, ErrorStack> {
    let since = Asn1Time::from_unix(0)?.diff(time)?;
    let seconds = i64::from(since.days) * 86_400 + i64::from(since.secs);
    Ok(Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX))
}
