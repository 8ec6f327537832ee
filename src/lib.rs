//! Sets up, checks and diagnoses NetSuite OAuth 2.0 machine-to-machine access.
//!
//! Modules depend in one direction, each only on those to its right:
//! `main → commands → {web → setup, rotation, fleet, emulator} → preflight → {cli, terminal} → report →
//! checks → {diagnosis, probes} → {oauth, netsuite, credentials, data} → {engine, types}`.

mod checks;
mod cli;
mod commands;
mod config;
mod credentials;
mod data;
mod diagnosis;
pub mod door;
mod emulator;
mod engine;
mod fleet;
#[cfg(test)]
mod fuzz;
mod netsuite;
mod oauth;
mod preflight;
mod probes;
mod report;
mod rotation;
mod setup;
mod sign_in;
mod terminal;
mod types;
mod web;
pub use commands::run;
