//! Values that are parsed once at the edge and right ever after.
//!
//! Nothing in here reads a file, opens a connection or knows what a check is.

pub mod account_id;
pub mod algorithm;
pub mod certificate_id;
pub mod client_id;
pub mod clock;
pub mod exchanges;
pub mod exit_code;
pub mod grade;
pub mod host_name;
pub mod http_exchange;
pub mod json;
pub mod key_der;
pub mod key_text;
pub mod key_type;
pub mod level;
pub mod method;
pub mod neutral;
pub mod plain;
pub mod record_type;
pub mod regular_file;
pub mod runner;
pub mod scope;
pub mod scrub;
pub mod secret;
pub mod shell;
pub mod shown;
pub mod step;
pub mod words;

pub use account_id::AccountId;
pub use algorithm::Algorithm;
pub use certificate_id::CertificateId;
pub use client_id::ClientId;
pub use clock::Clock;
pub use exit_code::ExitCode;
pub use grade::Grade;
pub use host_name::HostName;
pub use http_exchange::HttpExchange;
pub use key_type::KeyType;
pub use level::Level;
pub use method::Method;
pub use record_type::{RecordRequest, RecordType};
pub use scope::Scope;
pub use scrub::Scrubber;
pub use secret::{Secret, SecretKind};
pub use step::Step;
pub use words::{Rank, ReasonCode, Status};
