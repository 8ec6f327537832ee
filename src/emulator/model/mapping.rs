//! Certificate mappings: the rows of "OAuth 2.0 Client Credentials (M2M) Setup".

use jiff::Timestamp;
use serde::Deserialize;

use super::account::Account;
use super::certificate::{Certificate, CertificateError};

/// At most so many certificates of one integration record that are neither revoked nor expired.
/// Source: OH/subsect_162755332391.
pub const ACTIVE_LIMIT: usize = 5;

/// One row: a certificate for an integration, an entity and a role.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "MappingText")]
pub struct Mapping {
    /// The certificate.
    pub certificate: Certificate,
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

impl Mapping {
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

impl TryFrom<MappingText> for Mapping {
    type Error = CertificateError;

    fn try_from(text: MappingText) -> Result<Self, Self::Error> {
        let certificate = Certificate::read(text.pem.as_bytes())?;
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
    Certificate(#[from] CertificateError),
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
        let certificate = Certificate::read(certificate)?;
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
        self.certificates.push(Mapping {
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
