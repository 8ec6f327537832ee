//! A certificate authority and a server certificate for the NetSuite host names, made at start.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use openssl::asn1::Asn1Time;
use openssl::bn::{BigNum, MsbOption};
use openssl::ec::{Asn1Flag, EcGroup, EcKey};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{Id, PKey, Private};
use openssl::rsa::Rsa;
use openssl::ssl::{AlpnError, SslAcceptor, SslMethod, SslVersion, select_next_proto};
use openssl::x509::extension::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAlternativeName,
    SubjectKeyIdentifier,
};
use openssl::x509::{X509, X509Builder, X509Name, X509NameBuilder};
use serde::Deserialize;

use crate::types::{Algorithm, KeyType};

/// Names in the server certificate.
pub const HOST_NAMES: [&str; 6] = [
    "*.suitetalk.api.netsuite.com",
    "*.restlets.api.netsuite.com",
    "*.app.netsuite.com",
    "rest.netsuite.com",
    "system.netsuite.com",
    "localhost",
];

/// What the server certificate is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ServerCertificate {
    /// Right in every way.
    #[default]
    Normal,
    /// For a host that is not NetSuite's.
    WrongHost,
    /// Signed by a CA that nobody was given: what TLS inspection looks like.
    UnknownCa,
    /// Ended yesterday.
    Expired,
    /// Begins tomorrow.
    NotYet,
    /// Right, and behind it a server that has TLS 1.1 at most.
    OldTls,
}

/// The protocols that a server offers over TLS, as ALPN writes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocols {
    /// HTTP/2 and HTTP/1.1.
    Both,
    /// HTTP/1.1 alone.
    Http1,
}

impl Protocols {
    fn alpn(self) -> &'static [u8] {
        match self {
            Self::Both => b"\x02h2\x08http/1.1",
            Self::Http1 => b"\x08http/1.1",
        }
    }
}

/// The acceptor, and the CA that clients are to trust.
pub struct Tls {
    /// Accepts connections.
    pub acceptor: SslAcceptor,
    /// The CA certificate as PEM.
    pub ca_pem: Vec<u8>,
}

const DAY: i64 = 86_400;

/// Makes a fresh CA and server certificate. TLS clients judge validity by their own clock, so `now`
/// is the machine's time even where the account's clock is another.
///
/// # Errors
/// When OpenSSL cannot.
pub fn make(
    kind: ServerCertificate,
    protocols: Protocols,
    now: Timestamp,
) -> Result<Tls, ErrorStack> {
    let now = now.as_second();
    let trusted = Authority::new("Emulated NetSuite CA", now)?;
    let inspecting = Authority::new("Inspecting Proxy CA", now)?;
    let signer = if kind == ServerCertificate::UnknownCa { &inspecting } else { &trusted };
    let key = KeyChoice::EcP256.generate()?;
    let leaf = signer.leaf(&key, kind, now)?;
    let mut builder = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls_server())?;
    builder.set_private_key(&key)?;
    builder.set_certificate(&leaf)?;
    builder.add_extra_chain_cert(signer.certificate.clone())?;
    if kind == ServerCertificate::OldTls {
        builder.set_min_proto_version(None)?;
        builder.set_max_proto_version(Some(SslVersion::TLS1_1))?;
    }
    builder.set_alpn_select_callback(move |_, client| {
        select_next_proto(protocols.alpn(), client).ok_or(AlpnError::NOACK)
    });
    Ok(Tls { acceptor: builder.build(), ca_pem: trusted.certificate.to_pem()? })
}

struct Authority {
    key: PKey<Private>,
    certificate: X509,
}

impl Authority {
    fn new(name: &str, now: i64) -> Result<Self, ErrorStack> {
        let key = KeyChoice::EcP256.generate()?;
        let name = common_name(name)?;
        let mut builder = start(&name, &name, &key, (now - DAY, now + 30 * DAY))?;
        builder.append_extension(BasicConstraints::new().critical().ca().build()?)?;
        builder.append_extension(KeyUsage::new().critical().key_cert_sign().crl_sign().build()?)?;
        let id = SubjectKeyIdentifier::new().build(&builder.x509v3_context(None, None))?;
        builder.append_extension(id)?;
        builder.sign(&key, MessageDigest::sha256())?;
        Ok(Self { key, certificate: builder.build() })
    }

    fn leaf(
        &self,
        key: &PKey<Private>,
        kind: ServerCertificate,
        now: i64,
    ) -> Result<X509, ErrorStack> {
        let validity = match kind {
            ServerCertificate::Expired => (now - 30 * DAY, now - DAY),
            ServerCertificate::NotYet => (now + DAY, now + 30 * DAY),
            _ => (now - DAY, now + 30 * DAY),
        };
        let issuer = self.certificate.subject_name().to_owned()?;
        let mut builder = start(&common_name("emulated NetSuite")?, &issuer, key, validity)?;
        let mut names = SubjectAlternativeName::new();
        if kind == ServerCertificate::WrongHost {
            names.dns("captive-portal.example");
        } else {
            for name in HOST_NAMES {
                names.dns(name);
            }
            names.ip("127.0.0.1");
        }
        let names = names.build(&builder.x509v3_context(Some(&self.certificate), None))?;
        builder.append_extension(names)?;
        builder.append_extension(BasicConstraints::new().critical().build()?)?;
        builder.append_extension(KeyUsage::new().critical().digital_signature().build()?)?;
        builder.append_extension(ExtendedKeyUsage::new().server_auth().build()?)?;
        let authority = AuthorityKeyIdentifier::new()
            .keyid(true)
            .build(&builder.x509v3_context(Some(&self.certificate), None))?;
        builder.append_extension(authority)?;
        builder.sign(&self.key, MessageDigest::sha256())?;
        Ok(builder.build())
    }
}

fn common_name(name: &str) -> Result<X509Name, ErrorStack> {
    let mut builder = X509NameBuilder::new()?;
    builder.append_entry_by_nid(Nid::COMMONNAME, name)?;
    Ok(builder.build())
}

fn start(
    subject: &X509Name,
    issuer: &X509Name,
    key: &PKey<Private>,
    (not_before, not_after): (i64, i64),
) -> Result<X509Builder, ErrorStack> {
    let mut serial = BigNum::new()?;
    serial.rand(127, MsbOption::ONE, false)?;
    let mut builder = X509::builder()?;
    builder.set_version(2)?;
    builder.set_serial_number(&*serial.to_asn1_integer()?)?;
    builder.set_subject_name(subject)?;
    builder.set_issuer_name(issuer)?;
    builder.set_pubkey(key)?;
    builder.set_not_before(&*Asn1Time::from_unix(not_before)?)?;
    builder.set_not_after(&*Asn1Time::from_unix(not_after)?)?;
    Ok(builder)
}

// Keys, certificates and signatures for clients of the emulator, made with OpenSSL alone, so that
// scenarios can have what the product itself would refuse to make.

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
    /// The largest RSA key that NetSuite takes.
    #[serde(rename = "rsa-4096")]
    Rsa4096,
    /// Too small for NetSuite.
    #[serde(rename = "rsa-2048")]
    Rsa2048,
}

impl From<KeyType> for KeyChoice {
    fn from(kind: KeyType) -> Self {
        match kind {
            KeyType::Rsa3072 => Self::Rsa3072,
            KeyType::Rsa4096 => Self::Rsa4096,
            KeyType::EcP256 => Self::EcP256,
            KeyType::EcP384 => Self::EcP384,
            KeyType::EcP521 => Self::EcP521,
        }
    }
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
            Self::Rsa4096 => return PKey::from_rsa(Rsa::generate(4096)?),
            Self::EcP256 => Nid::X9_62_PRIME256V1,
            Self::EcP384 => Nid::SECP384R1,
            Self::EcP521 => Nid::SECP521R1,
        };
        let mut group = EcGroup::from_curve_name(curve)?;
        group.set_asn1_flag(Asn1Flag::NAMED_CURVE);
        PKey::from_ec_key(EcKey::generate(&group)?)
    }

    /// Whether a key is of this kind.
    #[must_use]
    pub fn fits(self, key: &PKey<Private>) -> bool {
        let bits = match self {
            Self::Rsa2048 => 2048,
            Self::Rsa3072 => 3072,
            Self::Rsa4096 => 4096,
            Self::EcP256 => 256,
            Self::EcP384 => 384,
            Self::EcP521 => 521,
        };
        let rsa = matches!(self, Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096);
        key.bits() == bits && (key.id() == Id::RSA) == rsa
    }

    /// The algorithm that such a key signs with.
    #[must_use]
    pub fn algorithm(self) -> Algorithm {
        match self {
            Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096 => Algorithm::Ps256,
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
