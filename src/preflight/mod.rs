//! One run of the checklist, from what was given to the report where it is wanted.

pub mod attended;
pub mod desk;
pub mod exchanges;
mod known;
mod offer;
pub mod render;
pub mod session;

use crate::cli::error::CommandError;

/// The one-threaded runtime of the program.
///
/// # Errors
/// When the system gives no resources for it.
pub fn runtime() -> Result<tokio::runtime::Runtime, CommandError> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(CommandError::internal)
}
