//! Sets up, checks and diagnoses NetSuite OAuth 2.0 machine-to-machine access.
//!
//! Modules depend on each other in one direction only:
//! `main → commands → {setup, report, emulator} → checklist → {diagnosis, probes} →
//! {oauth, netsuite, credentials} → {data, types}`.

mod checklist;
mod commands;
mod config;
mod credentials;
mod data;
mod diagnosis;
pub mod door;
mod emulator;
#[cfg(test)]
mod fuzz;
mod netsuite;
mod oauth;
mod probes;
mod report;
mod setup;
mod types;
pub use commands::run;
