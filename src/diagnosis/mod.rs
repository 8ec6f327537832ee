//! From what the checks observed to the causes behind it, ranked, each with its reasons.
//!
//! Causes are data (`checks/causes/*.toml`): what each predicts, what proves it, what rules it out
//! and how to mend it. The ranking knows none of them by name.

mod cause;
mod failures;
mod rank;
pub(crate) mod sign;

pub use cause::{Cause, Causes, Observation, Observations, Rule, Symptom, causes};
pub use failures::{Failure, Question, failures};
pub use rank::{AuditDetail, RankedCause, rank};
