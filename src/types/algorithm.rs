//! The six signing algorithms that NetSuite accepts for the client assertion.

use super::shown::shown;
use std::fmt;
use std::str::FromStr;

use strum::VariantArray as _;

/// A JWS algorithm accepted for the client assertion. Source: OH/section_162790605110.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::VariantArray, strum::IntoStaticStr)]
#[expect(missing_docs, reason = "the names are those of RFC 7518")]
#[strum(serialize_all = "UPPERCASE")]
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

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
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

impl FromStr for Algorithm {
    type Err = UnknownAlgorithm;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::VARIANTS
            .iter()
            .copied()
            .find(|algorithm| algorithm.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| UnknownAlgorithm(text.to_owned()))
    }
}
