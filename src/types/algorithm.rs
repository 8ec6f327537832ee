//! The six signing algorithms that NetSuite accepts for the client assertion.

use super::shown::shown;

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
#[strum(ascii_case_insensitive, parse_err_ty = UnknownAlgorithm, parse_err_fn = unknown)]
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

fn unknown(text: &str) -> UnknownAlgorithm {
    UnknownAlgorithm(text.to_owned())
}
