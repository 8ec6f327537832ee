//! Sets up, checks and diagnoses NetSuite OAuth 2.0 machine-to-machine access.
//!
//! Modules depend on each other in one direction only:
//! `main → commands → {setup, report, emulator} → checklist → {diagnosis, probes} →
//! {oauth, netsuite, credentials} → {data, types}`.

pub mod checklist;
pub mod commands;
pub mod config;
pub mod credentials;
mod data;
pub mod diagnosis;
pub mod emulator;
#[cfg(test)]
mod fuzz;
pub mod netsuite;
pub mod oauth;
pub mod probes;
pub mod report;
pub mod setup;
pub mod types;
