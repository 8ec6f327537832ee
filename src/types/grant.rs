//! What the client credentials grant takes: kinds of key, signing algorithms, scopes.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::shown::shown;

/// A kind of key that NetSuite accepts, in the order in which help lists them. Source:
/// OH/subsect_162755332391.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Default,
    Deserialize,
    strum::VariantArray,
    strum::IntoStaticStr,
    strum::Display,
    strum::EnumString,
)]
#[strum(ascii_case_insensitive, parse_err_ty = UnknownKeyType, parse_err_fn = unknown_key_type)]
pub enum KeyType {
    /// RSA with 3072 bits.
    #[serde(rename = "rsa-3072")]
    #[strum(serialize = "rsa-3072")]
    Rsa3072,
    /// RSA with 4096 bits, as in the recipe of NetSuite's help.
    #[default]
    #[serde(rename = "rsa-4096")]
    #[strum(serialize = "rsa-4096")]
    Rsa4096,
    /// The curve P-256.
    #[serde(rename = "ec-p256")]
    #[strum(serialize = "ec-p256")]
    EcP256,
    /// The curve P-384.
    #[serde(rename = "ec-p384")]
    #[strum(serialize = "ec-p384")]
    EcP384,
    /// The curve P-521.
    #[serde(rename = "ec-p521")]
    #[strum(serialize = "ec-p521")]
    EcP521,
}

impl KeyType {
    /// The name on the command line, in profiles and in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
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

    /// What such a key is, as far as signing goes.
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
}

/// There is no such kind.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("NetSuite takes rsa-3072, rsa-4096, ec-p256, ec-p384 and ec-p521")]
pub struct UnknownKeyType;

fn unknown_key_type(_: &str) -> UnknownKeyType {
    UnknownKeyType
}

/// The named curves NetSuite accepts. Source: OH/subsect_162755332391.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Curve {
    P256,
    P384,
    P521,
}

impl Curve {
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

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa(bits) => write!(f, "RSA {bits}"),
            Self::Ec(curve) => write!(f, "EC {}", curve.name()),
        }
    }
}

/// A JWS algorithm accepted for the client assertion. Source: OH/section_162790605110.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    strum::VariantArray,
    strum::IntoStaticStr,
    strum::Display,
    strum::EnumString,
)]
#[strum(serialize_all = "UPPERCASE")]
#[strum(ascii_case_insensitive, parse_err_ty = UnknownAlgorithm, parse_err_fn = unknown_algorithm)]
pub enum Algorithm {
    Ps256,
    Ps384,
    Ps512,
    Es256,
    Es384,
    Es512,
}

impl Algorithm {
    /// The `alg` header value.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The text is none of the six algorithms.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "`{}` is not an algorithm NetSuite accepts; use PS256, PS384 or PS512 with an RSA key, \
     ES256, ES384 or ES512 with an EC key",
    shown(.0)
)]
pub struct UnknownAlgorithm(String);

fn unknown_algorithm(text: &str) -> UnknownAlgorithm {
    UnknownAlgorithm(text.to_owned())
}

/// A scope of the client credentials grant. Source: OH/section_162790605110.
/// (`mcp` excludes the grant: OH/section_158255317571, OH/section_157771733782.)
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::VariantArray,
    strum::IntoStaticStr,
    strum::Display,
    strum::EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[strum(parse_err_ty = UnknownScope, parse_err_fn = unknown_scope)]
pub enum Scope {
    /// RESTlets.
    Restlets,
    /// REST web services: records, SuiteQL, system.
    RestWebservices,
    /// SuiteAnalytics Connect.
    SuiteAnalytics,
}

impl Scope {
    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The text is no scope of this grant.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "`{}` is not a scope of this grant{}; use rest_webservices, restlets or suite_analytics",
    shown(.0),
    if .0.eq_ignore_ascii_case("mcp") { MCP } else { "" }
)]
pub struct UnknownScope(String);

/// Why `mcp` is none. Source: OH/section_158255317571, OH/section_157771733782.
const MCP: &str = ", but that of NetSuite's AI connector: it excludes every other scope, and its \
                   integration record must not have the machine-to-machine box ticked";

fn unknown_scope(text: &str) -> UnknownScope {
    UnknownScope(text.to_owned())
}

#[cfg(test)]
mod tests {
    use strum::VariantArray as _;

    use super::*;

    #[test]
    fn names_are_read_back() {
        for key_type in KeyType::VARIANTS.iter().copied() {
            assert_eq!(key_type.as_str().parse(), Ok(key_type));
        }
        assert_eq!("RSA-4096".parse(), Ok(KeyType::default()));
        assert_eq!("rsa-2048".parse::<KeyType>(), Err(UnknownKeyType));
    }

    #[test]
    fn each_key_signs_with_its_own_algorithms() {
        use Algorithm::*;
        let rsa = [Ps256, Ps384, Ps512];
        for (key_type, algorithms) in [
            (KeyType::Rsa3072, &rsa[..]),
            (KeyType::Rsa4096, &rsa),
            (KeyType::EcP256, &[Es256]),
            (KeyType::EcP384, &[Es384]),
            (KeyType::EcP521, &[Es512]),
        ] {
            let fits = |algorithm: &Algorithm| key_type.kind().fits(*algorithm);
            let fitting: Vec<Algorithm> =
                Algorithm::VARIANTS.iter().copied().filter(fits).collect();
            assert_eq!(fitting, algorithms, "{key_type}");
            assert_eq!(key_type.kind().to_string(), key_type.label());
            assert!(algorithms.contains(&key_type.kind().default_algorithm()));
        }
    }
}
