//! Methods of HTTP requests.

use serde::{Deserialize, Serialize};

/// A method that this program or a client of the emulator may send.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::VariantArray,
    strum::Display,
    strum::EnumString,
)]
#[serde(rename_all = "UPPERCASE")]
#[strum(serialize_all = "UPPERCASE")]
#[strum(parse_err_ty = UnknownMethod, parse_err_fn = unknown)]
pub enum Method {
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
    Options,
}

impl Method {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The text is no method.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a method is one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")]
pub struct UnknownMethod;

fn unknown(_: &str) -> UnknownMethod {
    UnknownMethod
}

#[cfg(test)]
mod tests {
    use strum::VariantArray as _;

    use super::*;

    #[test]
    fn methods_are_upper_case_words() {
        for method in Method::VARIANTS.iter().copied() {
            assert_eq!(method.as_str().parse(), Ok(method));
            assert_eq!(serde_json::to_value(method).unwrap(), method.as_str());
        }
        for wrong in ["get", "GET ", "", "GET\n"] {
            assert_eq!(wrong.parse::<Method>(), Err(UnknownMethod));
        }
    }
}
