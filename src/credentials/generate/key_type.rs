//! The kinds of key that can be made.

use std::fmt;
use std::str::FromStr;

use openssl::ec::{Asn1Flag, EcGroup, EcKey};
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::rsa::Rsa;

use crate::credentials::key::{Curve, KeyKind, PrivateKey};

/// A kind of key that NetSuite accepts. Source: OH/subsect_162755332391.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum KeyType {
    /// RSA with 3072 bits.
    Rsa3072,
    /// RSA with 4096 bits, as in the recipe of NetSuite's help.
    #[default]
    Rsa4096,
    /// The curve P-256.
    EcP256,
    /// The curve P-384.
    EcP384,
    /// The curve P-521.
    EcP521,
}

impl KeyType {
    /// All kinds, in the order in which help lists them.
    pub const ALL: [Self; 5] =
        [Self::Rsa3072, Self::Rsa4096, Self::EcP256, Self::EcP384, Self::EcP521];

    /// The name on the command line and in reports.
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

    /// The kind of the key, as far as signing goes.
    #[must_use]
    pub fn kind(self) -> KeyKind {
        match self {
            Self::Rsa3072 => KeyKind::Rsa(3072),
            Self::Rsa4096 => KeyKind::Rsa(4096),
            Self::EcP256 => KeyKind::Ec(Curve::P256),
            Self::EcP384 => KeyKind::Ec(Curve::P384),
            Self::EcP521 => KeyKind::Ec(Curve::P521),
        }
    }

    /// Whether making one takes long enough for a person to notice.
    #[must_use]
    pub fn takes_a_while(self) -> bool {
        matches!(self.kind(), KeyKind::Rsa(_))
    }
}

impl fmt::Display for KeyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// There is no such kind.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("NetSuite takes rsa-3072, rsa-4096, ec-p256, ec-p384 and ec-p521")]
pub struct UnknownKeyType;

impl FromStr for KeyType {
    type Err = UnknownKeyType;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let same = |kind: &Self| kind.as_str().eq_ignore_ascii_case(text);
        Self::ALL.into_iter().find(same).ok_or(UnknownKeyType)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for key_type in KeyType::ALL {
            assert_eq!(key_type.as_str().parse(), Ok(key_type));
        }
        assert_eq!("RSA-4096".parse(), Ok(KeyType::default()));
        assert_eq!("rsa-2048".parse::<KeyType>(), Err(UnknownKeyType));
    }

    #[test]
    fn keys_are_of_the_kind_asked_for() {
        for key_type in [KeyType::EcP256, KeyType::EcP384, KeyType::EcP521] {
            assert_eq!(generate_key(key_type).unwrap().kind(), Some(key_type.kind()));
        }
    }
}
