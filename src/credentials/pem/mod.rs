//! Reads PEM and DER as people really have them: damaged, escaped, wrapped, or something else.
//!
//! [`read`] never fails, never asks for a passphrase and takes time in proportion to its input.
//! What it says is only what was there; whether a key or certificate can be used is for the
//! caller. A repair is used only when its result is a complete DER structure.

mod armour;
mod block;
mod body;
mod classify;
mod decode;
mod reader;
mod repair;
mod text;
mod thing;
mod tracked;
mod unescape;
mod walker;

pub use block::{Block, Damage};
pub use classify::classify_der;
pub use reader::{Reading, read, read_material};
pub use repair::{Place, Repair, RepairKind};
pub use thing::GivenThing;

#[cfg(test)]
mod tests;
