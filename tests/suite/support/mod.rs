//! What the tests share.

pub mod emulated;
pub mod program;
pub mod schema;
#[cfg(target_os = "linux")]
pub mod terminal;
pub mod varying;

pub use emulated::Emulated;
pub use program::Program;
#[cfg(target_os = "linux")]
pub use terminal::Terminal;
