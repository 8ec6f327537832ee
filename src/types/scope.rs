//! The scopes an assertion may ask for.

use super::shown::shown;
use serde::{Deserialize, Serialize};

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
#[strum(parse_err_ty = UnknownScope, parse_err_fn = unknown)]
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
    "`{}` is not a scope of this grant; use rest_webservices, restlets or suite_analytics",
    shown(.0)
)]
pub struct UnknownScope(String);

fn unknown(text: &str) -> UnknownScope {
    UnknownScope(text.to_owned())
}
