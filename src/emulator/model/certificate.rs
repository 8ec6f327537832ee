//! An uploaded certificate, read with OpenSSL alone.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::{Id, PKey, Public};
use openssl::x509::X509;
use serde::Deserialize;

use super::Account;

/// A certificate as the upload form takes it.
#[derive(Clone)]
pub struct UploadedCertificate {
    der: Vec<u8>,
    key: PKey<Public>,
    not_before: Timestamp,
    not_after: Timestamp,
}

/// Why a file is no certificate that the account takes.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// OpenSSL cannot read it.
    #[error("this is no X.509 certificate")]
    Unreadable(#[from] ErrorStack),
    /// A public key alone.
    #[error(
        "this is a bare public key; NetSuite registers certificates, so put the key into one that \
         is signed with its private half"
    )]
    PublicKey,
    /// RSA of 3072 or 4096 bits, P-256, P-384, P-521 only. Source: OH/subsect_162755332391.
    #[error("the account takes RSA keys of 3072 or 4096 bits and EC keys on P-256, P-384, P-521")]
    KeyKind,
}

/// The armour of a bare public key ends so, that of RSA as well.
const PUBLIC_KEY: &[u8] = b"PUBLIC KEY-----";

impl UploadedCertificate {
    /// Reads DER or PEM.
    ///
    /// # Errors
    /// When it is no certificate, or its key is of a kind that the upload form refuses.
    pub fn read(bytes: &[u8]) -> Result<Self, UploadError> {
        let read =
            if bytes.starts_with(b"-----") { X509::from_pem(bytes) } else { X509::from_der(bytes) };
        let bare = || bytes.windows(PUBLIC_KEY.len()).any(|part| part == PUBLIC_KEY);
        let x509 = read.map_err(|error| match bare() {
            true => UploadError::PublicKey,
            false => UploadError::Unreadable(error),
        })?;
        let key = x509.public_key()?;
        if !accepted(&key)? {
            return Err(UploadError::KeyKind);
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

    /// The certificate, DER.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        self.der.clone()
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

impl std::fmt::Debug for UploadedCertificate {
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

// Certificate mappings: the rows of "OAuth 2.0 Client Credentials (M2M) Setup".

/// At most so many certificates of one integration record that are neither revoked nor expired.
/// Source: OH/subsect_162755332391.
pub const ACTIVE_LIMIT: usize = 5;

/// One row: a certificate for an integration, an entity and a role.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "MappingText")]
pub struct CertificateMapping {
    /// The certificate.
    pub certificate: UploadedCertificate,
    /// Name of the integration record.
    pub integration: String,
    /// Name of the role.
    pub role: String,
    /// Name of the entity.
    pub entity: String,
    /// Start of its validity.
    pub valid_from: Timestamp,
    /// End of its validity, two years after its start at most.
    pub valid_until: Timestamp,
    /// Whether it was revoked.
    pub revoked: bool,
}

impl CertificateMapping {
    /// Whether an assertion signed with it may be accepted now.
    #[must_use]
    pub fn usable(&self, now: Timestamp) -> bool {
        !self.revoked && self.valid_from <= now && now < self.valid_until
    }

    /// Whether it counts towards the limit of five.
    #[must_use]
    pub fn active(&self, now: Timestamp) -> bool {
        !self.revoked && now < self.valid_until
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MappingText {
    pem: String,
    integration: String,
    role: String,
    entity: String,
    #[serde(default)]
    revoked: bool,
}

impl TryFrom<MappingText> for CertificateMapping {
    type Error = UploadError;

    fn try_from(text: MappingText) -> Result<Self, Self::Error> {
        let certificate = UploadedCertificate::read(text.pem.as_bytes())?;
        Ok(Self {
            valid_from: certificate.not_before(),
            valid_until: certificate.not_after().min(certificate.cap()),
            certificate,
            integration: text.integration,
            role: text.role,
            entity: text.entity,
            revoked: text.revoked,
        })
    }
}

/// Why the account did not take a certificate.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// The file itself.
    #[error(transparent)]
    Certificate(#[from] UploadError),
    /// Not in this account.
    #[error("the account has no {what} named `{name}`")]
    Unknown {
        /// Which kind of thing.
        what: &'static str,
        /// The name that was given.
        name: String,
    },
    /// The same certificate twice. Source: OH/section_162686838198.
    #[error("this certificate is already registered")]
    Duplicate,
    /// Five already.
    #[error("the integration record has five active certificates; revoke one first")]
    TooMany,
    /// Longer than two years, where the account refuses instead of shortening.
    #[error("the certificate is valid for more than two years")]
    TooLong,
}

impl Account {
    /// Registers a certificate (DER or PEM) for an integration, a role and an entity, as the set-up
    /// page does, and gives its Certificate ID. `refuse_long` is the reading by which a certificate
    /// beyond two years is refused and not shortened.
    ///
    /// # Errors
    /// When the certificate or the combination cannot be registered.
    pub fn register(
        &mut self,
        certificate: &[u8],
        (integration, role, entity): (&str, &str, &str),
        now: Timestamp,
        refuse_long: bool,
    ) -> Result<String, RegisterError> {
        let unknown = |what, name: &str| RegisterError::Unknown { what, name: name.to_owned() };
        if !self.integrations.contains_key(integration) {
            return Err(unknown("integration", integration));
        }
        if !self.roles.contains_key(role) {
            return Err(unknown("role", role));
        }
        if !self.entities.contains_key(entity) {
            return Err(unknown("entity", entity));
        }
        let certificate = UploadedCertificate::read(certificate)?;
        let id = certificate.id();
        if self.certificates.iter().any(|mapping| mapping.certificate.id() == id) {
            return Err(RegisterError::Duplicate);
        }
        let of_integration =
            self.certificates.iter().filter(|m| m.integration == integration && m.active(now));
        if of_integration.count() >= ACTIVE_LIMIT {
            return Err(RegisterError::TooMany);
        }
        if refuse_long && certificate.not_after() > certificate.cap() {
            return Err(RegisterError::TooLong);
        }
        self.certificates.push(CertificateMapping {
            valid_from: certificate.not_before(),
            valid_until: certificate.not_after().min(certificate.cap()),
            certificate,
            integration: integration.to_owned(),
            role: role.to_owned(),
            entity: entity.to_owned(),
            revoked: false,
        });
        Ok(id)
    }
}
