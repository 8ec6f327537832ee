//! Keys, certificates and signatures for clients of the emulator, made with OpenSSL alone, so that
//! scenarios can have what the product itself would refuse to make.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::asn1::Asn1Time;
use openssl::bn::{BigNum, MsbOption};
use openssl::ec::{Asn1Flag, EcGroup, EcKey};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::x509::extension::{AuthorityKeyIdentifier, BasicConstraints, SubjectKeyIdentifier};
use openssl::x509::{X509, X509NameBuilder};
use serde::Deserialize;

use crate::types::Algorithm;

/// A kind of key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyChoice {
    /// P-256: accepted, and quickly made.
    #[default]
    #[serde(rename = "ec-p256")]
    EcP256,
    /// P-384.
    #[serde(rename = "ec-p384")]
    EcP384,
    /// P-521.
    #[serde(rename = "ec-p521")]
    EcP521,
    /// The smallest RSA key that NetSuite takes.
    #[serde(rename = "rsa-3072")]
    Rsa3072,
    /// Too small for NetSuite.
    #[serde(rename = "rsa-2048")]
    Rsa2048,
}

impl KeyChoice {
    /// Makes a key.
    ///
    /// # Errors
    /// When OpenSSL cannot.
    pub fn generate(self) -> Result<PKey<Private>, ErrorStack> {
        let curve = match self {
            Self::Rsa2048 => return PKey::from_rsa(Rsa::generate(2048)?),
            Self::Rsa3072 => return PKey::from_rsa(Rsa::generate(3072)?),
            Self::EcP256 => Nid::X9_62_PRIME256V1,
            Self::EcP384 => Nid::SECP384R1,
            Self::EcP521 => Nid::SECP521R1,
        };
        let mut group = EcGroup::from_curve_name(curve)?;
        group.set_asn1_flag(Asn1Flag::NAMED_CURVE);
        PKey::from_ec_key(EcKey::generate(&group)?)
    }

    /// The algorithm that such a key signs with.
    #[must_use]
    pub fn algorithm(self) -> Algorithm {
        match self {
            Self::Rsa2048 | Self::Rsa3072 => Algorithm::Ps256,
            Self::EcP256 => Algorithm::Es256,
            Self::EcP384 => Algorithm::Es384,
            Self::EcP521 => Algorithm::Es512,
        }
    }
}

/// A self-signed certificate in the form of Oracle's openssl recipe, valid between two times given
/// in seconds since 1970, redrawn until its ID begins with a letter or a digit.
///
/// # Errors
/// When OpenSSL cannot.
pub fn certificate(
    key: &PKey<Private>,
    not_before: i64,
    not_after: i64,
) -> Result<X509, ErrorStack> {
    loop {
        let certificate = draw_certificate(key, not_before, not_after)?;
        let id = openssl::sha::sha256(&certificate.to_der()?);
        if !URL_SAFE_NO_PAD.encode(id).starts_with(['-', '_']) {
            return Ok(certificate);
        }
    }
}

fn draw_certificate(
    key: &PKey<Private>,
    not_before: i64,
    not_after: i64,
) -> Result<X509, ErrorStack> {
    let mut name = X509NameBuilder::new()?;
    name.append_entry_by_nid(Nid::COMMONNAME, "Survey integration")?;
    let name = name.build();
    let mut serial = BigNum::new()?;
    serial.rand(127, MsbOption::ONE, false)?;
    let mut builder = X509::builder()?;
    builder.set_version(2)?;
    builder.set_serial_number(&*serial.to_asn1_integer()?)?;
    builder.set_subject_name(&name)?;
    builder.set_issuer_name(&name)?;
    builder.set_pubkey(key)?;
    builder.set_not_before(&*Asn1Time::from_unix(not_before)?)?;
    builder.set_not_after(&*Asn1Time::from_unix(not_after)?)?;
    let subject_key = SubjectKeyIdentifier::new().build(&builder.x509v3_context(None, None))?;
    builder.append_extension(subject_key)?;
    let authority =
        AuthorityKeyIdentifier::new().keyid(true).build(&builder.x509v3_context(None, None))?;
    builder.append_extension(authority)?;
    builder.append_extension(BasicConstraints::new().critical().ca().build()?)?;
    builder.sign(key, MessageDigest::sha256())?;
    Ok(builder.build())
}
