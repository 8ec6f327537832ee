//! The report: frozen types, what builds them, and one renderer per format.

pub(crate) mod advice;
pub mod annotate;
pub mod builder;
mod command_line;
mod details;
pub mod diff;
pub mod explain;
pub mod format;
pub mod guidance;
pub mod html;
pub mod human;
pub mod integrity;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod meta;
pub mod openmetrics;
pub mod page;
pub mod progress;
pub mod reader;
pub mod redact;
#[cfg(test)]
pub(crate) mod samples;
mod secrets;
pub mod set;
pub mod short;
pub mod stored;
mod system;
pub mod text;
pub mod v1;
pub mod values;
pub mod verify;
pub mod words;

pub use builder::build;
pub use format::Format;
pub use guidance::{Handbook, handbook};
pub use meta::{ExitPolicy, RunMeta, TargetFacts};
pub use reader::{Extent, Reader};
pub use text::Style;
pub use v1::Report;
