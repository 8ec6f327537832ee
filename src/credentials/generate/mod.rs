//! Making a private key and the certificate that NetSuite gets.
//!
//! In steps, so that a program can show something while an RSA key is made, and stop before
//! anything is written: [`GenerateOptions::check`], [`generate_key`], [`finish`].

pub mod subject;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp, ToSpan as _};
use openssl::asn1::{Asn1Integer, Asn1Time};
use openssl::bn::{BigNum, MsbOption};
use openssl::ec::{Asn1Flag, EcGroup, EcKey};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::rsa::Rsa;
use openssl::symm::Cipher;
use openssl::x509::extension::{AuthorityKeyIdentifier, BasicConstraints, SubjectKeyIdentifier};
use openssl::x509::{X509, X509Builder};

pub use crate::types::KeyType;
pub use subject::SubjectName;

use super::certificate::validity::most_days;
use super::certificate::{Certificate, Validity};
use super::private_key::{PrivateKey, strict};
use super::store::{self, StoreError, StoredPair};
use crate::types::{CertificateId, Curve, KeyKind, Secret, SecretKind};

/// How long a certificate is valid unless stated: two years, a day less where a leap day lies
/// between.
pub const DEFAULT_DAYS: u32 = 730;

/// What to make, and where to put it.
#[derive(Debug, Clone)]
pub struct GenerateOptions {
    /// The kind of key.
    pub key_type: KeyType,
    /// How many days the certificate is valid.
    pub days: u32,
    /// Whom it names.
    pub subject: SubjectName,
    /// The directory of both files; made where it is missing.
    pub directory: PathBuf,
    /// File names.
    pub names: store::FileNames,
    /// Encrypts the private key.
    pub passphrase: Option<Secret>,
}

/// What was made: everything that there is to tell, and no secret.
#[derive(Debug, Clone)]
pub struct GeneratedPair {
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
    pub stored: StoredPair,
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
    /// A zero byte, at which OpenSSL ends a passphrase.
    #[error("the passphrase holds a zero byte; write it as plain text, one byte per character")]
    ZeroByte,
    /// OpenSSL failed.
    #[error(
        "OpenSSL could not make it, which points at its random source or at too little memory; try again"
    )]
    OpenSsl(#[from] ErrorStack),
    /// What was made could not be read back.
    #[error("what was made could not be read back, so no file is left of it; please report this")]
    Unusable,
    /// Writing failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl GenerateOptions {
    /// Finds out what can be found out before the slow part: days, passphrase, and whether the
    /// files could be written.
    ///
    /// # Errors
    /// What is wrong with the options.
    pub fn check(&self, now: Timestamp) -> Result<(), GenerateError> {
        validity_from(now, self.days)?;
        if let Some(passphrase) = &self.passphrase {
            check_passphrase(passphrase)?;
        }
        store::check(&self.directory, &self.names)?;
        Ok(())
    }
}

/// OpenSSL's own PEM reader takes passphrases of 4 to 1023 bytes.
fn check_passphrase(passphrase: &Secret) -> Result<(), GenerateError> {
    if passphrase.expose().contains(&0) {
        return Err(GenerateError::ZeroByte);
    }
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
    options: &GenerateOptions,
    key: &PrivateKey,
    now: Timestamp,
) -> Result<GeneratedPair, GenerateError> {
    prepare(options, key, now)?.write(options)
}

/// A pair that is made, and not on disk yet.
#[derive(Debug)]
pub struct PreparedPair {
    key: PrivateKey,
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
    options: &GenerateOptions,
    key: &PrivateKey,
    now: Timestamp,
) -> Result<PreparedPair, GenerateError> {
    let certificate = issue(key, &options.subject, validity_from(now, options.days)?)?;
    Ok(PreparedPair {
        key: key.clone(),
        validity: certificate.validity().ok_or(GenerateError::Unusable)?,
        key_pem: key_pem(key, options.passphrase.as_ref())?,
        certificate_pem: certificate_pem(&certificate)?,
        certificate,
    })
}

impl PreparedPair {
    /// The ID that NetSuite will show.
    #[must_use]
    pub fn certificate_id(&self) -> CertificateId {
        self.certificate.certificate_id()
    }

    /// Writes both files, and reads them back, the key with its very passphrase.
    ///
    /// # Errors
    /// When they cannot be written or not be read back. Then neither is left behind.
    pub fn write(self, options: &GenerateOptions) -> Result<GeneratedPair, GenerateError> {
        let Self { key, certificate, validity, key_pem, certificate_pem } = self;
        let stored = store::write(&options.directory, &options.names, &key_pem, &certificate_pem)?;
        let passphrase = options.passphrase.as_ref().map(Secret::expose);
        if strict::openssl_reads(&store::read_back(&stored.key_path), passphrase, &key)
            != Some(true)
            || *store::read_back(&stored.certificate_path) != certificate_pem
        {
            // Their own errors leave nothing more to do.
            let _ = std::fs::remove_file(&stored.key_path);
            let _ = std::fs::remove_file(&stored.certificate_path);
            return Err(GenerateError::Unusable);
        }
        Ok(GeneratedPair {
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

/// Makes a private key. RSA takes up to some seconds and cannot be stopped: run it on a thread of
/// its own where a person may change their mind. Nothing is written anywhere.
///
/// # Errors
/// When OpenSSL cannot make a key, as with a random source that fails.
pub fn generate_key(key_type: KeyType) -> Result<PrivateKey, ErrorStack> {
    let pkey = match key_type.kind() {
        KeyKind::Rsa(bits) => PKey::from_rsa(Rsa::generate(bits)?)?,
        KeyKind::Ec(curve) => {
            let mut group = EcGroup::from_curve_name(match curve {
                Curve::P256 => Nid::X9_62_PRIME256V1,
                Curve::P384 => Nid::SECP384R1,
                Curve::P521 => Nid::SECP521R1,
            })?;
            // NetSuite asks for the curve by name, not by its numbers (`ec_param_enc:named_curve`).
            group.set_asn1_flag(Asn1Flag::NAMED_CURVE);
            PKey::from_ec_key(EcKey::generate(&group)?)?
        }
    };
    Ok(PrivateKey::new(pkey))
}

/// How far the beginning lies before the making, so that a clock that is a little behind does not
/// take the certificate for one of the future.
pub const BACK_DATED: SignedDuration = SignedDuration::from_mins(5);

/// Length of the serial number.
const SERIAL_BITS: i32 = 128;

/// How often a certificate is made anew because its ID begins with `-` or `_`. One in 32 does, so
/// that this many in a row mean a random source that is not random.
const MOST_DRAWS: usize = 64;

/// `days` days, beginning five minutes before `now`.
///
/// # Errors
/// When `days` is zero or goes beyond two calendar years from the beginning: NetSuite shortens
/// such a certificate (OH/section_162686838198).
pub fn validity_from(now: Timestamp, days: u32) -> Result<Validity, GenerateError> {
    let unusable = || GenerateError::Clock { now };
    let now_seconds = Timestamp::from_second(now.as_second()).map_err(|_| unusable())?;
    let not_before = now_seconds.checked_sub(BACK_DATED).map_err(|_| unusable())?;
    let most = most_days(not_before);
    if days == 0 || days > most {
        return Err(GenerateError::Days { days, most });
    }
    let hours = (i64::from(days) * 24).hours();
    let not_after = not_before.checked_add(hours).map_err(|_| unusable())?;
    Ok(Validity { not_before, not_after })
}

/// Makes a self-signed certificate for `key`.
///
/// It has the form of the openssl recipe in NetSuite's help (`auth-protocol.md` 4.3): X.509 v3
/// with subject key identifier, authority key identifier and critical `CA:TRUE`, and nothing else.
/// One thing differs: the recipe signs an RSA certificate with PSS padding, here it is PKCS#1 v1.5
/// with SHA-256. Both are reported to work, and the signature that NetSuite verifies is that of
/// the assertion, not that of the certificate.
///
/// The serial number is drawn again until the Certificate ID begins with a letter or a digit, so
/// that no command line takes it for an option (`auth-protocol.md` 4.7).
///
/// # Errors
/// When OpenSSL cannot make the certificate.
pub fn issue(
    key: &PrivateKey,
    subject: &SubjectName,
    validity: Validity,
) -> Result<Certificate, GenerateError> {
    for _ in 0..MOST_DRAWS {
        let x509 = build(key, subject, validity)?;
        let certificate =
            Certificate::from_der(&x509.to_der()?).map_err(|_| GenerateError::Unusable)?;
        if !certificate.certificate_id().starts_with_punctuation() {
            return Ok(certificate);
        }
    }
    Err(GenerateError::Unusable)
}

fn build(key: &PrivateKey, subject: &SubjectName, validity: Validity) -> Result<X509, ErrorStack> {
    let name = subject.to_x509_name()?;
    let mut builder = X509Builder::new()?;
    // Counted from zero: this is version 3.
    builder.set_version(2)?;
    let serial = serial()?;
    builder.set_serial_number(&serial)?;
    builder.set_subject_name(&name)?;
    builder.set_issuer_name(&name)?;
    let not_before = Asn1Time::from_unix(validity.not_before.as_second())?;
    let not_after = Asn1Time::from_unix(validity.not_after.as_second())?;
    builder.set_not_before(&not_before)?;
    builder.set_not_after(&not_after)?;
    builder.set_pubkey(key.pkey())?;
    let own_id = SubjectKeyIdentifier::new().build(&builder.x509v3_context(None, None))?;
    builder.append_extension(own_id)?;
    let signer_id =
        AuthorityKeyIdentifier::new().keyid(true).build(&builder.x509v3_context(None, None))?;
    builder.append_extension(signer_id)?;
    builder.append_extension(BasicConstraints::new().critical().ca().build()?)?;
    builder.sign(key.pkey(), MessageDigest::sha256())?;
    Ok(builder.build())
}

/// A random positive serial number.
fn serial() -> Result<Asn1Integer, ErrorStack> {
    let mut number = BigNum::new()?;
    while number.num_bits() == 0 {
        number.rand(SERIAL_BITS, MsbOption::MAYBE_ZERO, false)?;
    }
    number.to_asn1_integer()
}
