//! What the tests share.

pub mod program;
pub mod schema;

pub use program::Program;
