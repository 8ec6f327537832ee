//! What the tests share.

pub mod program;

pub use program::{Finished, Program};
