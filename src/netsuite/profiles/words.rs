//! The fixed words of a profile.

use std::fmt;

use serde::{Deserialize, Serialize};

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
