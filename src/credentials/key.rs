//! A private key that can sign, and what kind it is.

use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::{Id, PKey, Private, Public};

use crate::types::Algorithm;

/// The named curves NetSuite accepts. Source: OH/subsect_162755332391.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Curve {
    P256,
    P384,
    P521,
}

impl Curve {
    /// The curve of an OpenSSL name id.
    #[must_use]
    pub fn from_nid(nid: Nid) -> Option<Self> {
        match nid {
            Nid::X9_62_PRIME256V1 => Some(Self::P256),
            Nid::SECP384R1 => Some(Self::P384),
            Nid::SECP521R1 => Some(Self::P521),
            _ => None,
        }
    }

    /// The name used in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
        }
    }
}

/// The kind of a key, as far as signing goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// RSA with the length of its modulus in bits.
    Rsa(u32),
    /// An elliptic curve key on a curve that JOSE knows.
    Ec(Curve),
}

impl KeyKind {
    /// The algorithm to sign with unless another is asked for.
    #[must_use]
    pub fn default_algorithm(self) -> Algorithm {
        match self {
            Self::Rsa(_) => Algorithm::Ps256,
            Self::Ec(Curve::P256) => Algorithm::Es256,
            Self::Ec(Curve::P384) => Algorithm::Es384,
            Self::Ec(Curve::P521) => Algorithm::Es512,
        }
    }

    /// Whether a key of this kind can sign with `algorithm`.
    #[must_use]
    pub fn fits(self, algorithm: Algorithm) -> bool {
        match algorithm {
            Algorithm::Ps256 | Algorithm::Ps384 | Algorithm::Ps512 => matches!(self, Self::Rsa(_)),
            _ => self.default_algorithm() == algorithm,
        }
    }
}

impl std::fmt::Display for KeyKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Rsa(bits) => write!(f, "RSA {bits}"),
            Self::Ec(curve) => write!(f, "EC {}", curve.name()),
        }
    }
}

/// The kind of any key, private or public, where JOSE has an algorithm for it.
#[must_use]
pub fn kind_of<T: openssl::pkey::HasPublic>(key: &PKey<T>) -> Option<KeyKind> {
    match key.id() {
        Id::RSA => Some(KeyKind::Rsa(key.bits())),
        Id::EC => {
            let nid = key.ec_key().ok()?.group().curve_name()?;
            Curve::from_nid(nid).map(KeyKind::Ec)
        }
        _ => None,
    }
}

/// A private key that was read. Its strength is judged elsewhere.
#[derive(Clone)]
pub struct PrivateKey {
    pkey: PKey<Private>,
}

impl PrivateKey {
    /// Wraps a key.
    #[must_use]
    pub fn new(pkey: PKey<Private>) -> Self {
        Self { pkey }
    }

    /// The OpenSSL key, for signing.
    #[must_use]
    pub fn pkey(&self) -> &PKey<Private> {
        &self.pkey
    }

    /// Its kind, where JOSE has an algorithm for it.
    #[must_use]
    pub fn kind(&self) -> Option<KeyKind> {
        kind_of(&self.pkey)
    }

    /// The public half as SubjectPublicKeyInfo DER.
    ///
    /// # Errors
    /// When OpenSSL cannot encode the key.
    pub fn public_der(&self) -> Result<Vec<u8>, ErrorStack> {
        self.pkey.public_key_to_der()
    }

    /// The public half.
    ///
    /// # Errors
    /// When OpenSSL cannot encode or read back the key.
    pub fn public_key(&self) -> Result<PKey<Public>, ErrorStack> {
        PKey::public_key_from_der(&self.public_der()?)
    }
}

impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PrivateKey(hidden)")
    }
}
