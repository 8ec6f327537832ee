//! What the project's own tests and benchmarks use from outside; no promise to anyone else.

pub use crate::checks::ALL;
pub use crate::checks::context::{Context, Inputs};
pub use crate::checks::{ids, plan};
pub use crate::commands::cli::Cli;
pub use crate::commands::stage::{Changes, HEALTHY, Stage};
pub use crate::credentials::PrivateKey;
pub use crate::credentials::generate::{KeyType, generate_key};
pub use crate::credentials::input::{Given, Origin, read_file};
pub use crate::emulator::faults::FaultRule;
pub use crate::emulator::log::LoggedRequest;
pub use crate::emulator::model::Account;
pub use crate::emulator::scenario::{
    self, ClientInputs, Expect, ExpectInside, ExpectedStatus, Prepared, Scenario,
};
pub use crate::emulator::server::{Decision, VisitEnd, Visitor};
pub use crate::emulator::tls::{self, Protocols, ServerCertificate, Tls};
pub use crate::emulator::{Emulator, SWITCHES, ThreadedEmulator};
pub use crate::engine::run as run_checks;
pub use crate::engine::{CheckId, CheckResult, ReasonCode, Status};
pub use crate::netsuite::http::options::Sleep;
pub use crate::netsuite::http::{Client, HttpOptions};
pub use crate::netsuite::url::{AccountUrl, TokenUrl};
pub use crate::oauth::assertion::AssertionDraft;
pub use crate::oauth::exchange::{TokenOutcome, exchange};
pub use crate::report::set::ReportSet;
pub use crate::report::{Format, Report, integrity};
pub use crate::types::exchanges::{Digest, Exchanges};
pub use crate::types::plain;
pub use crate::types::{
    AccountId, CertificateId, ClientId, Clock, RecordType, Scope, Scrubber, Secret, SecretKind,
};
