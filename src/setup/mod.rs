//! The walk through a set-up: a state machine apart from any front end.
//!
//! [`Walk::prompt`] says what is wanted next: an answer from the person, or a piece of [`Work`]
//! that takes files or the checklist. The front end does it and says with [`Walk::take`] what came
//! of it. The machine itself reads no file, sends nothing and knows no terminal.

mod guide;
mod paper;
mod prompt;
pub mod sheet;
mod step;
pub mod store;
mod typed;
mod walk;

pub use guide::{PageChoice, PageText, PermissionRow, guide};
pub use prompt::{AnswerForm, Ask, Copyable, FaultPage, Prompt, Remark, Response, StepPage, Work};
pub use sheet::Sheet;
pub use step::{Field, SetupStep};
pub use store::Draft;
pub use walk::{Texts, Walk};
