//! Making a private key and the certificate that NetSuite gets.
//!
//! In steps, so that a program can show something while an RSA key is made, and stop before
//! anything is written: [`Options::check`], [`generate_key`], [`finish`]; or all at once with
//! [`run`].

pub mod issue;
pub mod key_type;
pub mod subject;

use std::path::PathBuf;

use jiff::Timestamp;
use openssl::error::ErrorStack;
use openssl::symm::Cipher;

use super::certificate::{Certificate, Validity};
use super::key::PrivateKey;
use super::store::{self, StoreError, Stored};
pub use crate::types::KeyType;
use crate::types::{CertificateId, Secret, SecretKind};
pub use issue::{Period, issue};
pub use key_type::generate_key;
pub use subject::Subject;

/// How long a certificate is valid unless stated: two years, a day less where a leap day lies
/// between.
pub const DEFAULT_DAYS: u32 = 730;

/// What to make, and where to put it.
#[derive(Debug, Clone)]
pub struct Options {
    /// The kind of key.
    pub key_type: KeyType,
    /// How many days the certificate is valid.
    pub days: u32,
    /// Whom it names.
    pub subject: Subject,
    /// The directory of both files; made where it is missing.
    pub directory: PathBuf,
    /// File names.
    pub names: store::Names,
    /// Encrypts the private key.
    pub passphrase: Option<Secret>,
}

/// What was made: everything that there is to tell, and no secret.
#[derive(Debug, Clone)]
pub struct Generated {
    /// The ID that NetSuite will show.
    pub certificate_id: CertificateId,
    /// SHA-256 of the certificate's DER form.
    pub sha256: [u8; 32],
    /// When it is valid.
    pub validity: Validity,
    /// The subject on one line.
    pub subject: String,
    /// The serial number in hexadecimal.
    pub serial: String,
    /// The kind of key.
    pub key_type: KeyType,
    /// Whether the private key is encrypted, with [`ENCRYPTION`].
    pub encrypted: bool,
    /// The files.
    pub stored: Stored,
}

/// How an encrypted private key is encrypted.
pub const ENCRYPTION: &str =
    "PKCS#8, PBES2 with PBKDF2 (HMAC-SHA-256, 2048 rounds) and AES-256-CBC";

/// Nothing was made.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// Too many days, or none.
    #[error(
        "{days} days are not possible: NetSuite lets a certificate be valid for two calendar years at most; from today give 1 to {most} days"
    )]
    Days {
        /// As asked.
        days: u32,
        /// The most that is possible from now on.
        most: u32,
    },
    /// The clock shows a time that no certificate can state.
    #[error(
        "this machine's clock shows {now}, from which no certificate can be made; set the clock"
    )]
    Clock {
        /// What it shows.
        now: Timestamp,
    },
    /// An empty passphrase.
    #[error(
        "the passphrase is empty; give one of at least 4 characters, or leave it out to write the key unencrypted"
    )]
    EmptyPassphrase,
    /// Shorter than OpenSSL takes.
    #[error("the passphrase has {0} characters; give at least 4, better 12 or more")]
    ShortPassphrase(usize),
    /// Longer than OpenSSL takes.
    #[error("the passphrase is longer than 1023 bytes, which is the most that OpenSSL reads back")]
    LongPassphrase,
    /// OpenSSL failed.
    #[error(
        "OpenSSL could not make it, which points at its random source or at too little memory; try again"
    )]
    OpenSsl(#[from] ErrorStack),
    /// What was made could not be read back.
    #[error("what was made could not be read back, so nothing was written; please report this")]
    Unusable,
    /// Writing failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Options {
    /// Finds out what can be found out before the slow part: days, passphrase, and whether the
    /// files could be written.
    ///
    /// # Errors
    /// What is wrong with the options.
    pub fn check(&self, now: Timestamp) -> Result<(), GenerateError> {
        Period::new(now, self.days)?;
        if let Some(passphrase) = &self.passphrase {
            check_passphrase(passphrase)?;
        }
        store::check(&self.directory, &self.names)?;
        Ok(())
    }
}

/// OpenSSL's own PEM reader takes passphrases of 4 to 1023 bytes.
fn check_passphrase(passphrase: &Secret) -> Result<(), GenerateError> {
    match passphrase.len() {
        0 => Err(GenerateError::EmptyPassphrase),
        length @ 1..=3 => Err(GenerateError::ShortPassphrase(length)),
        4..=1023 => Ok(()),
        _ => Err(GenerateError::LongPassphrase),
    }
}

/// Makes the certificate for `key` and writes both.
///
/// # Errors
/// When the options cannot be met, or the files cannot be written. Then no file is left behind.
pub fn finish(
    options: &Options,
    key: &PrivateKey,
    now: Timestamp,
) -> Result<Generated, GenerateError> {
    prepare(options, key, now)?.write(options)
}

/// A pair that is made, and not on disk yet.
#[derive(Debug)]
pub struct Prepared {
    certificate: Certificate,
    validity: Validity,
    key_pem: Secret,
    certificate_pem: Vec<u8>,
}

/// Makes the certificate for `key`, and writes nothing.
///
/// # Errors
/// When the options cannot be met.
pub fn prepare(
    options: &Options,
    key: &PrivateKey,
    now: Timestamp,
) -> Result<Prepared, GenerateError> {
    let certificate = issue(key, &options.subject, Period::new(now, options.days)?)?;
    Ok(Prepared {
        validity: certificate.validity().ok_or(GenerateError::Unusable)?,
        key_pem: key_pem(key, options.passphrase.as_ref())?,
        certificate_pem: certificate_pem(&certificate)?,
        certificate,
    })
}

impl Prepared {
    /// The ID that NetSuite will show.
    #[must_use]
    pub fn certificate_id(&self) -> CertificateId {
        self.certificate.certificate_id()
    }

    /// Writes both files.
    ///
    /// # Errors
    /// When they cannot be written. Then neither is left behind.
    pub fn write(self, options: &Options) -> Result<Generated, GenerateError> {
        let Self { certificate, validity, key_pem, certificate_pem } = self;
        let stored = store::write(&options.directory, &options.names, &key_pem, &certificate_pem)?;
        Ok(Generated {
            certificate_id: certificate.certificate_id(),
            sha256: certificate.sha256(),
            validity,
            subject: certificate.subject(),
            serial: certificate.serial(),
            key_type: options.key_type,
            encrypted: options.passphrase.is_some(),
            stored,
        })
    }
}

/// The private key as PKCS#8 PEM, encrypted where there is a passphrase; see [`ENCRYPTION`].
///
/// # Errors
/// When the passphrase cannot be used or OpenSSL fails.
pub fn key_pem(key: &PrivateKey, passphrase: Option<&Secret>) -> Result<Secret, GenerateError> {
    let pem = match passphrase {
        None => key.pkey().private_key_to_pem_pkcs8()?,
        Some(passphrase) => {
            check_passphrase(passphrase)?;
            key.pkey()
                .private_key_to_pem_pkcs8_passphrase(Cipher::aes_256_cbc(), passphrase.expose())?
        }
    };
    Ok(Secret::new(SecretKind::PrivateKey, pem))
}

/// The certificate as PEM.
///
/// # Errors
/// When OpenSSL fails.
pub fn certificate_pem(certificate: &Certificate) -> Result<Vec<u8>, GenerateError> {
    Ok(certificate.x509().to_pem()?)
}

#[cfg(test)]
mod tests;
