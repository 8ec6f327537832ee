//! The walk through a set-up: a state machine apart from any front end.
//!
//! [`Walk::prompt`] says what is wanted next: an answer from the person, or a piece of [`Work`]
//! that takes files or the checklist. The front end does it and says with [`Walk::take`] what came
//! of it. The machine itself reads no file and sends nothing.

pub(crate) mod draft;
mod forms;
mod guide;
mod permissions;
mod prompt;
mod step;
pub mod store;
mod walk;

pub use draft::Draft;
pub use forms::Sheet;
pub use guide::guide;
pub use permissions::PermissionRow;
pub use prompt::{Ask, Event, Finding, Kind, Page, Prompt, Work};
pub use step::{Field, Step};
pub use walk::{Texts, Walk};
