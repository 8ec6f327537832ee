//! From what the checks observed to the causes behind it, ranked, each with its reasons.
//!
//! Causes are data (`checks/causes/*.toml`): what each predicts, what proves it, what rules it out
//! and how to mend it. The ranking knows none of them by name.

mod audit;
mod catalogue;
mod cause;
mod failures;
mod observations;
mod rank;
pub(crate) mod sign;

pub use audit::AuditDetail;
pub use catalogue::{Causes, causes};
pub use cause::{Behind, Cause, Rule};
pub use failures::{Claim, Failure, failures};
pub use observations::{Entry, Observations};
pub use rank::{Ranked, rank};
