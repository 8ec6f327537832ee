//! The fixed words of a profile.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::types::Algorithm;

/// A kind of key that NetSuite takes (OH/subsect_162755332391), under the name it has in reports and
/// in `generate --key-type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub enum KeyName {
    #[serde(rename = "rsa-3072")]
    Rsa3072,
    #[serde(rename = "rsa-4096")]
    Rsa4096,
    #[serde(rename = "ec-p256")]
    EcP256,
    #[serde(rename = "ec-p384")]
    EcP384,
    #[serde(rename = "ec-p521")]
    EcP521,
}

impl KeyName {
    /// All kinds.
    pub const ALL: [Self; 5] =
        [Self::Rsa3072, Self::Rsa4096, Self::EcP256, Self::EcP384, Self::EcP521];

    /// The name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rsa3072 => "rsa-3072",
            Self::Rsa4096 => "rsa-4096",
            Self::EcP256 => "ec-p256",
            Self::EcP384 => "ec-p384",
            Self::EcP521 => "ec-p521",
        }
    }

    /// The words for a sentence.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Rsa3072 => "RSA 3072",
            Self::Rsa4096 => "RSA 4096",
            Self::EcP256 => "EC P-256",
            Self::EcP384 => "EC P-384",
            Self::EcP521 => "EC P-521",
        }
    }

    /// Whether it is an RSA key.
    #[must_use]
    pub fn is_rsa(self) -> bool {
        matches!(self, Self::Rsa3072 | Self::Rsa4096)
    }

    /// Whether such a key can sign with `algorithm`.
    #[must_use]
    pub fn signs_with(self, algorithm: Algorithm) -> bool {
        match algorithm {
            Algorithm::Ps256 | Algorithm::Ps384 | Algorithm::Ps512 => self.is_rsa(),
            Algorithm::Es256 => self == Self::EcP256,
            Algorithm::Es384 => self == Self::EcP384,
            Algorithm::Es512 => self == Self::EcP521,
        }
    }
}

/// The form of a private key in PEM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// `PRIVATE KEY`.
    Pkcs8,
    /// `RSA PRIVATE KEY`.
    Pkcs1,
    /// `EC PRIVATE KEY`.
    Sec1,
}

impl Encoding {
    /// The word of the data files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pkcs8 => "pkcs8",
            Self::Pkcs1 => "pkcs1",
            Self::Sec1 => "sec1",
        }
    }

    /// Whether a key of that kind can have this form.
    #[must_use]
    pub fn holds(self, rsa: bool) -> bool {
        match self {
            Self::Pkcs8 => true,
            Self::Pkcs1 => rsa,
            Self::Sec1 => !rsa,
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pkcs8 => "PKCS#8 (PRIVATE KEY)",
            Self::Pkcs1 => "PKCS#1 (RSA PRIVATE KEY)",
            Self::Sec1 => "SEC 1 (EC PRIVATE KEY)",
        })
    }
}

/// Who makes the key pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyOwner {
    /// The administrator; the integration gets the private key.
    Customer,
    /// The integration; the administrator gets the certificate alone.
    Vendor,
}
