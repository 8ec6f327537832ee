//! The one key or certificate of a file, and its clean form: PEM with plain line breaks and 64
//! characters a line.

use std::path::Path;

use openssl::error::ErrorStack;
use openssl::x509::X509;

use super::certificate::source::{self, CertificateFile, NoCertificate, find};
use super::generate::{GenerateError, key_pem};
use super::input::{Material, Origin};
use super::passphrase::{self, PassphraseJudgement};
use super::pem::{self, GivenThing, Reading};
use super::private_key::{LoadError, Loaded, PassphraseUse, load, strict, trim_passphrase};
use super::store::{self, CERTIFICATE_MODE, KEY_MODE, StoreError};
use super::{Certificate, PrivateKey};
use crate::types::{CertificateId, Secret, SecretKind};

/// What is to be taken out of a file.
#[derive(Debug, Clone, Copy)]
pub enum Wanted<'a> {
    /// The key it holds, or else the certificate.
    Either,
    /// The key that belongs to one of these certificates.
    KeyOf(&'a [Certificate]),
    /// The certificate that belongs to one of the keys of this file.
    CertificateOf(&'a Material),
    /// The certificate with this ID.
    CertificateNamed(&'a CertificateId),
}

/// How the key is to be encrypted.
#[derive(Debug, Clone)]
pub enum KeyEncryption {
    /// As it was: with the passphrase that opened it, or not at all.
    AsItWas,
    /// With this passphrase.
    With(Secret),
    /// Not at all.
    Without,
}

/// What was taken out of a file, in its clean form.
#[derive(Debug)]
pub enum Clean {
    /// A private key.
    Key {
        /// The key.
        key: PrivateKey,
        /// The form in which it was.
        form: GivenThing,
        /// PKCS#8 in PEM.
        pem: Secret,
        /// What it is encrypted with.
        passphrase: Option<Secret>,
    },
    /// A certificate.
    Certificate {
        /// The certificate.
        certificate: Box<Certificate>,
        /// How many others it was chosen from, where nothing said which one is meant.
        others: usize,
        /// PEM.
        pem: Vec<u8>,
    },
}

/// Nothing is taken out of the file, and which of the files that were named is why.
#[derive(Debug, thiserror::Error)]
#[error("{origin}: {why}")]
pub struct Refused {
    /// Where the file came from.
    pub origin: Origin,
    /// What is wrong with it.
    pub why: NotClean,
}

/// Nothing can be taken out of the file, or not this.
#[derive(Debug, thiserror::Error)]
pub enum NotClean {
    /// No key.
    #[error("{0}")]
    NoKey(LoadError),
    /// The passphrase is empty.
    #[error("the private key is encrypted, and the passphrase that was given is empty")]
    PassphraseEmpty,
    /// The passphrase is not what it was.
    #[error("the passphrase as given does not open it; it does without {0}")]
    PassphraseAltered(passphrase::PassphraseFlaws),
    /// No certificate.
    #[error("there is no certificate in it that can be read ({0})")]
    NoCertificate(String),
    /// A bundle needs a passphrase, and none was given.
    #[error("it is encrypted, and no passphrase was given")]
    PassphraseMissing,
    /// Several keys, and nothing says which.
    #[error(
        "it holds several private keys; name the certificate of the one that is meant with \
         --certificate"
    )]
    SeveralKeys,
    /// None of the keys belongs to the certificate.
    #[error("no private key in it belongs to the certificate given with --certificate")]
    NoKeyFits,
    /// None of the certificates belongs to the key.
    #[error("no certificate in it belongs to the private key given with --private-key")]
    NoCertificateFits,
    /// None of the certificates has the ID.
    #[error("no certificate in it has the Certificate ID given with --certificate-id")]
    NoCertificateNamed,
    /// It cannot be written in the new form.
    #[error(transparent)]
    Encryption(#[from] GenerateError),
    /// OpenSSL failed.
    #[error("OpenSSL could not write it, which points at too little memory; try again")]
    OpenSsl(#[from] ErrorStack),
}

/// Takes the one key or certificate out of a file.
///
/// # Errors
/// Why there is none, or not only one.
pub fn clean(
    material: &Material,
    given: Option<&[u8]>,
    wanted: Wanted<'_>,
    encryption: &KeyEncryption,
) -> Result<Clean, Refused> {
    let reading = pem::read_material(material);
    let own = |why| Refused { origin: material.origin.clone(), why };
    let first = || first_certificate(material, given).map_err(own);
    let certificates = match wanted {
        Wanted::CertificateOf(key) => return certificate_of(material, given, key),
        Wanted::CertificateNamed(id) => return named(material, given, id).map_err(own),
        Wanted::Either if !holds_key(&reading) => return first(),
        Wanted::Either => None,
        Wanted::KeyOf(certificates) => Some(certificates),
    };
    match private_key(&reading, given, certificates, encryption) {
        // A bundle may be one of certificates alone.
        Err(NotClean::NoKey(LoadError::BundleWithoutKey)) if certificates.is_none() => first(),
        other => other.map_err(own),
    }
}

/// The certificates of a file; where an ID is given, the one that has it alone.
///
/// # Errors
/// Why there is none.
pub fn certificates(
    material: &Material,
    given: Option<&[u8]>,
    id: Option<&CertificateId>,
) -> Result<Vec<Certificate>, Refused> {
    let refused = |why| Refused { origin: material.origin.clone(), why };
    let found = found(material, given).map_err(refused)?;
    let asked = |one: &&Certificate| id.is_none_or(|id| one.certificate_id() == *id);
    let all: Vec<Certificate> = found.all().into_iter().filter(asked).cloned().collect();
    if all.is_empty() { Err(refused(NotClean::NoCertificateNamed)) } else { Ok(all) }
}

/// A file that says it is something else than a certificate is taken for a key.
fn holds_key(reading: &Reading) -> bool {
    let key = |thing: GivenThing| thing.is_private_key() || thing == GivenThing::Pkcs12;
    let certificate = |thing: GivenThing| thing.is_certificate() || thing == GivenThing::Pkcs7;
    reading.blocks_where(key).next().is_some() || reading.blocks_where(certificate).next().is_none()
}

fn private_key(
    reading: &Reading,
    given: Option<&[u8]>,
    certificates: Option<&[Certificate]>,
    encryption: &KeyEncryption,
) -> Result<Clean, NotClean> {
    let passphrase = given.map(trim_passphrase);
    let fits = |key: &PrivateKey| certificates.into_iter().flatten().any(|c| c.belongs_to(key));
    let loaded = load(reading, passphrase, |key| certificates.is_none() || fits(key))
        .map_err(|error| explained(reading, error, given))?;
    match certificates {
        Some(_) if !fits(&loaded.key) => return Err(NotClean::NoKeyFits),
        None if loaded.keys > 1 && !alone(reading, passphrase, &loaded) => {
            return Err(NotClean::SeveralKeys);
        }
        _ => {}
    }
    let passphrase = match encryption {
        KeyEncryption::AsItWas if loaded.passphrase == PassphraseUse::Used => {
            passphrase.map(|text| Secret::new(SecretKind::Passphrase, text))
        }
        KeyEncryption::With(passphrase) => Some(passphrase.clone()),
        KeyEncryption::AsItWas | KeyEncryption::Without => None,
    };
    let pem = key_pem(&loaded.key, passphrase.as_ref())?;
    Ok(Clean::Key { form: loaded.form, key: loaded.key, pem, passphrase })
}

/// Whether there is no other key beside this one.
fn alone(reading: &Reading, passphrase: Option<&[u8]>, first: &Loaded) -> bool {
    let other = |key: &PrivateKey| !key.pkey().public_eq(first.key.pkey());
    load(reading, passphrase, other).is_ok_and(|loaded| !other(&loaded.key))
}

/// What a passphrase that does not open the key may have caught on its way.
fn explained(reading: &Reading, error: LoadError, given: Option<&[u8]>) -> NotClean {
    let judged = given
        .filter(|_| error.is_wrong_passphrase())
        .map(|given| passphrase::judge(given, |text| load(reading, Some(text), |_| true).is_ok()));
    match (judged, error) {
        (Some(PassphraseJudgement::Empty), _) => NotClean::PassphraseEmpty,
        (Some(PassphraseJudgement::OpensWithout(flaws)), _) => NotClean::PassphraseAltered(flaws),
        (_, LoadError::PassphraseMissing(_)) => NotClean::PassphraseMissing,
        (_, error) => NotClean::NoKey(error),
    }
}

fn found(material: &Material, given: Option<&[u8]>) -> Result<CertificateFile, NotClean> {
    find(material, given.map(trim_passphrase), source::Wanted::default()).map_err(no_certificate)
}

fn first_certificate(material: &Material, given: Option<&[u8]>) -> Result<Clean, NotClean> {
    let found = found(material, given)?;
    written(found.leaf(), found.others.len())
}

fn named(material: &Material, given: Option<&[u8]>, id: &CertificateId) -> Result<Clean, NotClean> {
    let found = found(material, given)?;
    let mut all = found.all().into_iter();
    let named = all.find(|certificate| certificate.certificate_id() == *id);
    written(named.ok_or(NotClean::NoCertificateNamed)?, 0)
}

fn certificate_of(
    material: &Material,
    given: Option<&[u8]>,
    key: &Material,
) -> Result<Clean, Refused> {
    let own = |why| Refused { origin: material.origin.clone(), why };
    let found = found(material, given).map_err(own)?;
    // A file that names itself asks for its certificate, whatever key lies beside it.
    let itself = key.bytes.expose() == material.bytes.expose();
    match fitting(&found, key, given) {
        Ok(Some(certificate)) => written(&certificate, 0).map_err(own),
        Ok(None) if !itself => Err(own(NotClean::NoCertificateFits)),
        Err(why) if !itself => Err(Refused { origin: key.origin.clone(), why }),
        Ok(None) | Err(_) => written(found.leaf(), found.others.len()).map_err(own),
    }
}

fn written(certificate: &Certificate, others: usize) -> Result<Clean, NotClean> {
    let pem = certificate.to_pem()?.into_bytes();
    Ok(Clean::Certificate { certificate: Box::new(certificate.clone()), pem, others })
}

/// The certificate that belongs to one of the keys; the one that is valid longest, where a key has
/// several.
fn fitting(
    found: &CertificateFile,
    key: &Material,
    given: Option<&[u8]>,
) -> Result<Option<Certificate>, NotClean> {
    let reading = pem::read_material(key);
    let all = found.all();
    let fits = |key: &PrivateKey| all.iter().any(|certificate| certificate.belongs_to(key));
    let loaded = load(&reading, given.map(trim_passphrase), fits)
        .map_err(|error| explained(&reading, error, given))?;
    let fitting = all.into_iter().filter(|certificate| certificate.belongs_to(&loaded.key));
    let longest = fitting.max_by_key(|certificate| certificate.validity().map(|v| v.not_after));
    Ok(longest.cloned())
}

fn no_certificate(refusal: NoCertificate) -> NotClean {
    match refusal {
        NoCertificate::Bundle(LoadError::PassphraseMissing(_)) => NotClean::PassphraseMissing,
        NoCertificate::Bundle(error) => NotClean::NoKey(error),
        NoCertificate::Damaged(damage) => NotClean::NoCertificate(damage.to_string()),
        NoCertificate::Unreadable(error) => NotClean::NoCertificate(error.to_string()),
        NoCertificate::Pkcs7Empty | NoCertificate::Pkcs12Empty => {
            NotClean::NoCertificate("the bundle holds none".to_owned())
        }
        NoCertificate::Other(thing) => NotClean::NoCertificate(format!("it is {}", thing.name())),
    }
}

/// The file could not be written, or not rightly.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// It cannot be written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was written is not what was read. It is removed again.
    #[error("what was written could not be read back, so it was removed again; please report this")]
    ReadBack,
}

/// Writes the clean form as a new file, reads it back and compares it.
///
/// # Errors
/// When the name is taken or the system refuses. Then no file is left behind.
pub fn write(clean: &Clean, path: &Path) -> Result<Option<u32>, WriteError> {
    let (bytes, mode) = match clean {
        Clean::Key { pem, .. } => (pem.expose(), KEY_MODE),
        Clean::Certificate { pem, .. } => (pem.as_slice(), CERTIFICATE_MODE),
    };
    let mode = store::write_new(path, bytes, mode)?;
    if reads_back(clean, &store::read_back(path)) {
        return Ok(mode);
    }
    // Its own error leaves nothing more to do.
    let _ = std::fs::remove_file(path);
    Err(WriteError::ReadBack)
}

fn reads_back(clean: &Clean, read: &[u8]) -> bool {
    match clean {
        Clean::Key { key, passphrase, .. } => {
            let passphrase = passphrase.as_ref().map(Secret::expose);
            strict::openssl_reads(read, passphrase, key) == Some(true)
        }
        Clean::Certificate { certificate, .. } => X509::from_pem(read)
            .and_then(|x509| x509.to_der())
            .is_ok_and(|der| der == certificate.der()),
    }
}
