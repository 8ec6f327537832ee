//! Runs checks with declared needs. Knows nothing of NetSuite.

pub mod graph;
pub mod id;
pub mod runner;
pub mod verdict;

pub use crate::types::{ReasonCode, Status};
pub use graph::{Node, Work};
pub use id::{CheckId, FindingId, NodeKey, Phase, Subject};
pub use runner::{CheckResult, Event, Observer, run};
pub use verdict::{Evidence, Reason, Severity, Verdict, gravity};
