//! What was asked of the emulator. Tests read it to prove that it was hit, and that nothing was
//! sent that could change data. Headers and bodies are never kept.

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

/// What a request did to the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing.
    None,
    /// It opened a form: a method that writes elsewhere, and does not here.
    Form,
    /// It changed data.
    Changed,
}

/// One request and what it got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedRequest {
    /// Request method.
    pub method: String,
    /// Host name, without port.
    pub host: String,
    /// Path and query, whole. The query of a token request is left out.
    pub path: String,
    /// Status of the answer; nothing where the connection was cut instead.
    pub status: Option<u16>,
    /// Whether such a request can change data in some account or release.
    pub could_write: bool,
    /// Whether it asked for a form, with nothing in it but a property to be refused, and with the
    /// header that has it refused.
    pub guarded_form: bool,
    /// Whether it changed data in this one.
    pub changed: bool,
    /// Whether it came over HTTP/2.
    pub http2: bool,
}

/// The requests so far, in the order in which they were answered.
#[derive(Debug, Default)]
pub struct RequestLog {
    entries: Mutex<Vec<LoggedRequest>>,
    in_flight: Mutex<Vec<usize>>,
}

impl RequestLog {
    /// Adds a request.
    pub fn add(&self, entry: LoggedRequest) {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
    }

    /// Takes note of how many requests that count against the concurrency limit are in flight.
    pub(super) fn note_in_flight(&self, count: usize) {
        self.in_flight.lock().unwrap_or_else(PoisonError::into_inner).push(count);
    }

    /// How many of them were in flight each time one more came, itself included, in order.
    #[must_use]
    pub fn in_flight(&self) -> Vec<usize> {
        self.in_flight.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// All requests so far.
    #[must_use]
    pub fn entries(&self) -> Vec<LoggedRequest> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The requests that could have changed data.
    #[must_use]
    pub fn writes(&self) -> Vec<LoggedRequest> {
        self.entries().into_iter().filter(|entry| entry.could_write).collect()
    }

    /// All requests as `METHOD path`, without the query.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let line = |entry: LoggedRequest| {
            let path = entry.path.split('?').next().unwrap_or_default();
            format!("{} {path}", entry.method)
        };
        self.entries().into_iter().map(line).collect()
    }

    /// How many requests went to a path that contains `part`.
    #[must_use]
    pub fn hits(&self, part: &str) -> usize {
        self.entries().iter().filter(|entry| entry.path.contains(part)).count()
    }
}

// The Login Audit Trail: the one place where NetSuite tells the reason.

macro_rules! details {
    ($($name:ident),+ $(,)?) => {
        /// A value of the Detail column. Source: OH/subsect_158324637123, OH/subsect_158711892221.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum LoginAuditDetail { $($name),+ }

        impl LoginAuditDetail {
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
    InvalidRequest, InvalidState, InvalidRedirectURI, UnsupportedResponseType,
    AuthorizationExplicitlyDenied, ClientAuthenticationFailed, InvalidGrantType, InvalidGrant,
    ClientIdMismatch, InvalidRefreshToken,
}

/// One row of the audit trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When, by the server's clock.
    pub at: Timestamp,
    /// Whether the login succeeded.
    pub success: bool,
    /// The reason; blank on success, and where NetSuite documents no code for the fault.
    pub detail: Option<LoginAuditDetail>,
    /// The last four characters of the Client ID, where the request named one.
    pub client_id_tail: Option<String>,
    /// The Certificate ID, where the request named one.
    pub certificate_id: Option<String>,
    /// Who and where from, as the columns of the trail have it.
    pub columns: AuditColumns,
    /// What the emulator saw, in words; NetSuite has no such column.
    pub note: String,
}

/// What the trail shows of a login beside its status and Detail. What is not known is blank.
/// Source of the columns: `facts-2026-11.md` section 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditColumns {
    /// Name of the integration record.
    pub application: Option<String>,
    /// Internal ID of the entity.
    pub user: Option<i64>,
    /// Its address.
    pub email: Option<String>,
    /// Internal ID of the role.
    pub role: Option<i64>,
    /// Path of the request.
    pub request_uri: String,
    /// The client's own name for itself.
    pub user_agent: Option<String>,
}

/// The last four characters of an identifier.
#[must_use]
pub fn tail(text: &str) -> String {
    let skip = text.chars().count().saturating_sub(4);
    text.chars().skip(skip).collect()
}
