//! From what the checks observed to the causes behind it, ranked, each with its reasons.
//!
//! Causes are data (`checks/causes/*.toml`): what each predicts, what proves it, what rules it out
//! and how to fix it. The ranking knows none of them by name.

mod audit;
mod cause;
mod failures;
pub(crate) mod form;
#[cfg(test)]
mod invariants;
mod observation;
mod rank;
pub(crate) mod sign;

pub use audit::AuditDetail;
pub use cause::{Cause, Rule, Symptom, causes};
pub use failures::{Failure, Question, failures};
pub use form::WireAnswer;
pub use observation::{Observation, Observations};
pub use rank::{Diagnosed, RankedCause, rank};
