//! The report: frozen types, what builds them, and one renderer per format.

pub mod builder;
pub mod handbook;
pub mod integrity;
pub mod json;
pub mod meta;
pub mod placeholders;
pub mod redact;
#[cfg(test)]
mod samples;
pub mod steps;
pub mod text;
pub mod v1;

pub use builder::build;
pub use handbook::Handbook;
pub use meta::{ExitPolicy, RunMeta, TargetFacts};
pub use v1::Report;
