//! What the tests share.

#[cfg(target_os = "linux")]
pub mod browser;
pub mod child;
pub mod emulated;
pub mod files;
pub mod formats;
pub mod pieces;
pub mod program;
pub mod schema;
#[cfg(target_os = "linux")]
pub mod served;
#[cfg(target_os = "linux")]
pub mod terminal;
pub mod varying;

#[cfg(target_os = "linux")]
pub use browser::Browser;
pub use child::Running;
#[cfg(unix)]
pub use child::Signal;
pub use emulated::Emulated;
pub use formats::{extensions, formats};
pub use program::Program;
#[cfg(target_os = "linux")]
pub use terminal::Terminal;
