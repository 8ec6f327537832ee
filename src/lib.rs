//! Sets up, checks and diagnoses NetSuite OAuth 2.0 machine-to-machine access.
//!
//! Modules depend in one direction, each only on those to its right:
//! `main → commands → {setup, report, emulator} → checks → {diagnosis, probes} →
//! {oauth, netsuite, credentials, data} → {engine, types}`.

mod checks;
mod commands;
mod config;
mod credentials;
mod data;
mod diagnosis;
pub mod door;
mod emulator;
mod engine;
#[cfg(test)]
mod fuzz;
mod netsuite;
mod oauth;
mod probes;
mod report;
mod setup;
mod types;
pub use commands::run;
