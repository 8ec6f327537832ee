//! The Login Audit Trail: the one place where NetSuite tells the reason.

use jiff::Timestamp;

macro_rules! details {
    ($($name:ident),+ $(,)?) => {
        /// A value of the Detail column. Source: OH/subsect_158324637123, OH/subsect_158711892221.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Detail { $($name),+ }

        impl Detail {
            /// The value as the audit trail shows it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),+ }
            }
        }
    };
}

details! {
    UnsupportedAlgo, TokenValidityTooBroad, SignatureValidation, MissingKeyId, MissingKey,
    TokenNotAcceptable, TokenExpired, InvalidIssuer, ScopeMismatched, InvalidScope,
    InvalidIntegration, UnknownIntegration, IntegrationBlocked, FeatureDisabled,
    AuthorizationCodeGrantRequired, EntityOrRoleDisabled, AccessTokenExpired, TokenRejected,
    InvalidRequest,
}

/// One row of the audit trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When, by the server's clock.
    pub at: Timestamp,
    /// Whether the login succeeded.
    pub success: bool,
    /// The reason; blank on success, and where NetSuite documents no code for the fault.
    pub detail: Option<Detail>,
    /// The last four characters of the Client ID, where the request named one.
    pub client_id_tail: Option<String>,
    /// The Certificate ID, where the request named one.
    pub certificate_id: Option<String>,
    /// What the emulator saw, in words; NetSuite has no such column.
    pub note: String,
}

/// The last four characters of an identifier.
#[must_use]
pub fn tail(text: &str) -> String {
    let skip = text.chars().count().saturating_sub(4);
    text.chars().skip(skip).collect()
}
