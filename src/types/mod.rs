//! Values that are parsed once at the edge and right ever after.

pub mod exchanges;
mod grant;
mod identifiers;
pub mod json;
pub mod key_text;
pub mod near;
pub mod plain;
mod record_type;
pub mod regular_file;
pub mod scrub;
pub mod shell;
pub mod shown;
pub mod source;
mod words;

use std::sync::Arc;

use jiff::Timestamp;

pub use exchanges::{HttpExchange, Method};
pub use grant::{Algorithm, Curve, KeyKind, KeyType, Scope};
pub use identifiers::{
    AccountId, AccountKind, CertificateId, ClientId, HostName, Service, hex, is_shortened, shorten,
};
pub use record_type::{Level, RecordRequest, RecordType, UnknownLevel};
pub use scrub::{Scrubber, Secret, SecretKind};
pub use words::{ExitCode, Grade, Rank, ReasonCode, Status, Step};

/// A source of the current time.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The clock of this machine.
    #[must_use]
    pub fn system() -> Self {
        Self(Arc::new(Timestamp::now))
    }

    /// A clock that always shows `at`.
    #[must_use]
    pub fn fixed(at: Timestamp) -> Self {
        Self(Arc::new(move || at))
    }

    /// A clock that shows what `read` gives.
    #[cfg(test)]
    pub fn reading(read: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }

    /// The current time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}
