//! The walk through a set-up: a state machine apart from any front end.
//!
//! [`Walk::prompt`] says what is wanted next: an answer from the person, or a piece of [`Work`]
//! that takes files or the checklist. The front end does it and says with [`Walk::take`] what came
//! of it. The machine itself reads no file and sends nothing.

mod guide;
mod prompt;
mod step;
pub mod store;
mod walk;

pub use guide::{PermissionRow, Sheet, guide};
pub use prompt::{AnswerForm, Ask, Prompt, Remark, Response, StepPage, Work};
pub use step::{Field, SetupStep};
pub use store::Draft;
pub use walk::{Texts, Walk};
