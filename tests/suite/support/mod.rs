//! What the tests share.

#[cfg(target_os = "linux")]
pub mod browser;
#[cfg(unix)]
pub mod child;
pub mod emulated;
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
#[cfg(unix)]
pub use child::{Running, Signal};
pub use emulated::Emulated;
pub use formats::{extensions, formats};
pub use program::Program;
#[cfg(target_os = "linux")]
pub use terminal::Terminal;
