//! What the tests share.

pub mod emulated;
pub mod program;
pub mod schema;

pub use emulated::Emulated;
pub use program::Program;
