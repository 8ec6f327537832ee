//! What an integration's role needs, and what a role's exported definition says it has.
//!
//! Definitions are SDF objects of type `role` (OH/SDFxml_2121043136, OH/section_4731154857).

pub mod compare;
pub mod definition;
pub mod plan;
mod read;
pub(crate) mod sensitive;
#[cfg(test)]
mod tests;
pub mod write;

pub use compare::{Comparison, Extra, Judged, State};
pub use definition::RoleDefinition;
pub use plan::{PlannedPermission, Reason, RolePlan, Route, Strength};
pub use read::{UnreadableRole, read};
pub use sensitive::Danger;
